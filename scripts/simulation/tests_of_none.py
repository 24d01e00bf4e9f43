"""How often tests find something where there is nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from wagidx.analysis.binned import CLASSIFICATION
from wagidx.analysis.nested import log_terms, nested
from wagidx.analysis.permutation import permutation_null
from wagidx.analysis.rows import Floats, Rows

from simulation.design import Design, Outcome, held

DATASETS = 20
SHUFFLES = 199


def permutation(seed: int) -> Mapping[str, Outcome]:
    """Easy datasets hold frequent concepts; within a dataset frequency says nothing."""
    rng = np.random.default_rng([seed, 18])
    n = 360
    dataset = np.arange(n) % DATASETS
    log = rng.uniform(0, 3, n) + 3 * dataset / DATASETS
    score = 40 + 30 * dataset / DATASETS + rng.normal(0, 10, n)
    rows = Rows.of(10**log, score, dataset=dataset)
    p = permutation_null(rows, CLASSIFICATION, shuffles=SHUFFLES, seed=seed).p
    return {"p of scores shuffled within datasets": float(p <= 0.05)}


def _two_counts(seed: int) -> tuple[NDArray[np.str_], Floats, Floats, Floats]:
    """Scores that depend on one frequency, by another amount in each dataset, and a second one
    that is related to the first and is nothing beside it."""
    rng = np.random.default_rng([seed, 19])
    n = 600
    dataset = np.arange(n) % DATASETS
    log = rng.uniform(0, 5, n)
    other = np.floor(10 ** np.maximum(0.6 * log + rng.normal(0, 1, n), 0))
    other[rng.random(n) < 0.2] = 0
    drift = rng.normal(0, 2, (2, DATASETS))
    x, zero = log_terms(other).T
    score = 40 + 4 * log + drift[0][dataset] * x + drift[1][dataset] * zero + rng.normal(0, 8, n)
    return dataset.astype(np.str_), np.floor(10**log), other, score


def further(seed: int) -> Mapping[str, Outcome]:
    """The clustered test that both terms of a second frequency are 0, and its slope's interval."""
    dataset, first, other, score = _two_counts(seed)
    names = np.arange(len(score)).astype(np.str_)
    told = nested(score, log_terms(first), log_terms(other), dataset=dataset, concept=names)
    p = told.wald.p
    return {
        "slope of a second frequency": held(told.slope_ci95, 0.0),
        "a second frequency adds nothing": None if p is None else float(p < 0.05),
    }


DESIGNS = [
    Design(
        "nothing within datasets",
        f"easy datasets contain frequent concepts, nothing else; {SHUFFLES} permutations",
        permutation,
        asks={"p of scores shuffled within datasets": "rejects"},
    ),
    Design(
        "second frequency",
        "600 rows in 20 datasets, whose slopes on a second frequency vary around 0",
        further,
        asks={"a second frequency adds nothing": "rejects"},
    ),
]
