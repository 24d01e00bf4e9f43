"""Differences of slopes: two models on one corpus, one model on two corpora, and of logits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from wagidx.analysis.learning import learning_pair
from wagidx.analysis.paired import logits, paired_slope_draws
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Floats, Integers, Rows

from simulation.design import Design, Outcome, held

DRAWS = 999
DATASETS = 20
NAMES = 90
"""Each in four datasets."""

SLOPES = (4.0, 3.0)


def _names(rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Names and datasets of 360 rows."""
    n = 4 * NAMES
    return rng.permutation(np.arange(n) % NAMES), np.arange(n) % DATASETS


def two_models(seed: int) -> Mapping[str, Outcome]:
    """Two models on the same concepts: what a concept does to both cancels."""
    rng = np.random.default_rng([seed, 4])
    name, dataset = _names(rng)
    log, luck = rng.uniform(0, 5, NAMES)[name], rng.normal(0, 8, NAMES)[name]
    scores = np.column_stack(
        [
            40 + s * log + luck + rng.normal(0, 3, NAMES)[name] + rng.normal(0, 4, len(log))
            for s in SLOPES
        ]
    )
    drawn = paired_slope_draws(log, scores, name, group=dataset, draws=DRAWS)
    found = concept_interval(drawn[:, 0] - drawn[:, 1], NAMES).pair
    return {"difference of two models, by names": held(found, SLOPES[0] - SLOPES[1])}


def two_models_apart(seed: int) -> Mapping[str, Outcome]:
    """Two models whose slopes differ by another amount in each dataset."""
    rng = np.random.default_rng([seed, 5])
    n = 360
    dataset, log = np.arange(n) % DATASETS, rng.uniform(0, 5, n)
    apart = SLOPES[0] - SLOPES[1] + rng.normal(0, 2, DATASETS)[dataset]
    line = least_squares(log, apart * log + rng.normal(0, 6, n), group=dataset)
    pair = clustered(line, dataset).pair
    return {"difference of two models, by datasets": held(pair, SLOPES[0] - SLOPES[1])}


def two_corpora(seed: int) -> Mapping[str, Outcome]:
    """The same concepts under two corpora's counts, a model trained on each."""
    rng = np.random.default_rng([seed, 6])
    name, dataset = _names(rng)
    luck, common = rng.normal(0, 8, NAMES)[name], rng.uniform(0, 4, NAMES)
    drawn = []
    for slope in SLOPES:
        log = (common + rng.uniform(0, 1, NAMES))[name]
        score = 40 + slope * log + luck + rng.normal(0, 4, len(name))
        drawn.append(slope_draws(log, score, name, group=dataset, draws=DRAWS))
    found = concept_interval(drawn[0] - drawn[1], NAMES).pair
    return {"difference of two corpora, by names": held(found, SLOPES[0] - SLOPES[1])}


def _share(log: Floats, rng: np.random.Generator) -> Floats:
    """Scores in percent whose logits are a line with errors."""
    return np.asarray(100 / (1 + np.exp(1 - 0.6 * log + rng.normal(0, 0.7, log.shape))))


@cache
def _logit_slope() -> float:
    """The slope of logits, half a point beside 0 and 1, in a population of a million."""
    rng = np.random.default_rng(7)
    log = rng.uniform(0, 5, 1_000_000)
    return least_squares(log, logits(_share(log, rng), 100)).slope


def one_of_logits(seed: int) -> Mapping[str, Outcome]:
    """The slope of logits of one model."""
    rng = np.random.default_rng([seed, 8])
    log = rng.uniform(0, 5, 360)
    score = logits(_share(log, rng), 100)
    name, dataset = np.arange(360), np.arange(360) % DATASETS
    drawn = paired_slope_draws(log, score[:, None], name, group=dataset, draws=DRAWS)
    return {
        "slope of logits, by names": held(concept_interval(drawn[:, 0], 360).pair, _logit_slope())
    }


def drifts(seed: int) -> Mapping[str, Outcome]:
    """What is left in frequency of two models of which each obeys both toy models of learning."""
    rng = np.random.default_rng([seed, 9])
    n = 360
    dataset, log = np.arange(n) % DATASETS, rng.uniform(0, 5, n)
    error = 30 + rng.normal(0, 8, DATASETS)[dataset] + rng.normal(0, 4, n)
    other = error + rng.normal(0, 3, n)
    kept = np.clip(np.column_stack([error, other]), 1, 99)
    rows = Rows.of(10**log, 100 - kept[:, 0], dataset=dataset)
    found = learning_pair(rows, rows.scored(100 - kept[:, 1]))
    return {
        "drift from the thresholds": held(found.thresholds.ci95, 0.0),
        "drift from the power law": held(found.power_law.ci95, 0.0),
    }


DESIGNS = [
    Design("two models", "90 names, each in four of 20 datasets, scored by two models", two_models),
    Design(
        "two models apart",
        "360 rows in 20 datasets, in each of which two slopes differ by a different amount",
        two_models_apart,
    ),
    Design("two corpora", "90 names, each in four of 20 datasets, under two counts", two_corpora),
    Design("logits", "360 rows in 20 datasets, a line in logits with errors", one_of_logits),
    Design("drifts", "360 rows in 20 datasets, two models with constant error", drifts),
]
