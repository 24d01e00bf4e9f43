"""Measures of counts: names are drawn from a population, whose own measures are the truth."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

import numpy as np
from wagidx.analysis.agreement import agreement
from wagidx.analysis.distributions import share_interval
from wagidx.analysis.rows import Floats
from wagidx.analysis.tally import Tally
from wagidx.analysis.unequal import below_largest, measures
from wagidx.rules.kept_case import Kept

from simulation.design import Design, Outcome, held

DRAWS = 399
TOP = (0.01, 0.05, 0.1, 0.2, 0.5)
BELOW = (1, 2, 3, 4)
POPULATION = 400_000


@cache
def _population(kind: str) -> Floats:
    """Counts of all names."""
    rng = np.random.default_rng(10)
    if kind == "web":  # zeros, and a bell over seven decades with an end, as a web corpus has
        held_at_all = rng.random(POPULATION) > 0.2
        return np.asarray(np.floor(10 ** (7 * rng.beta(2, 2, POPULATION))) * held_at_all)
    if kind == "lognormal":
        return np.asarray(np.floor(np.exp(rng.normal(4, 1, POPULATION))))
    return np.asarray(np.floor(10 * rng.random(POPULATION) ** (-1 / 1.2)))  # a power law of 2.2


@cache
def _truth(kind: str) -> list[float]:
    gini, top = measures(Tally.of(_population(kind)), top=TOP, draws=1, seed=0)
    return [float(one.value or 0) for one in (gini, *top)]


def unequal(kind: str, n: int, seed: int) -> Mapping[str, Outcome]:
    """Gini, top shares, the zero share, and shares below a part of the largest count."""
    population = _population(kind)
    counts = np.random.default_rng([seed, 11]).choice(population, n)
    tally = Tally.of(counts)
    gini, top = measures(tally, top=TOP, draws=DRAWS, seed=seed)
    names = ["Gini", *(f"share of the top {share:.0%}" for share in TOP)]
    found = {
        name: held(one.ci95, truth) for name, one, truth in zip(names, (gini, *top), _truth(kind))
    }
    if kind == "web":
        zeros = share_interval(int((counts == 0).sum()), n)
        found["zero share"] = held(zeros, float((population == 0).mean()))
        for k in BELOW:
            below = float((population / counts.max() < 10.0**-k).mean())
            found[f"share below 10^-{k} of the largest"] = held(below_largest(tally, k).ci95, below)
    return found


@cache
def _corpora(alike: float) -> Floats:
    """Counts of all names in two corpora whose logarithms are correlated, many of them 0."""
    normal = np.random.default_rng(12).normal(size=(POPULATION, 2))
    normal[:, 1] = alike * normal[:, 0] + np.sqrt(1 - alike**2) * normal[:, 1]
    return np.asarray(np.floor(10 ** (1.5 + 1.5 * normal)))


@cache
def _correlations(alike: float) -> dict[str, float]:
    return {name: value for name, (value, _) in _correlated(_corpora(alike), 1, 0).items()}


Told = tuple[float, "tuple[float, float] | None"]


def _correlated(pairs: Floats, draws: int, seed: int) -> dict[str, Told]:
    found = agreement(pairs[:, 0], pairs[:, 1], draws=draws, seed=seed)
    told = {}
    for where, one in (("all names", found.all), ("names of both", found.nonzero_in_both)):
        told[f"Spearman, {where}"] = (one.spearman or 0.0, one.spearman_ci95)
        told[f"Pearson, {where}"] = (one.pearson_log1p or 0.0, one.pearson_log1p_ci95)
    return told


def correlated(n: int, alike: float, seed: int) -> Mapping[str, Outcome]:
    """Correlations of two corpora over all names, and over those that both hold."""
    pairs = np.random.default_rng([seed, 13]).choice(_corpora(alike), n)
    truth = _correlations(alike)
    return {
        name: held(pair, truth[name]) for name, (_, pair) in _correlated(pairs, DRAWS, seed).items()
    }


def read_again(seed: int) -> Mapping[str, Outcome]:
    """How many of 4,000 captions hold a word within reach, of which some are read again."""
    rng = np.random.default_rng([seed, 14])
    found = {}
    for read in (200, 2000, 3600):
        for share in (0.5, 0.9):
            there = round(4000 * share)
            hits = int(rng.hypergeometric(there, 4000 - there, read))
            _, low, high = Kept(4000, read, hits).estimate()
            found[f"{read:,} read, {share:.0%} hold it"] = held((low, high), there)
    return found


_TIES = "names resampled twice are tied, so ranks of few names vary too much: too wide"
_ENDLESS = "the variance of the counts is infinite: no bootstrap over names is valid"

DESIGNS = [
    Design(
        "counts, web",
        "1,000 names, 20 % of them zeros, bounded counts over seven decades",
        partial(unequal, "web", 1000),
    ),
    Design(
        "counts, lognormal",
        "500 names whose logarithms have a standard deviation of 1",
        partial(unequal, "lognormal", 500),
        unclaimed={
            "share of the top 1%": "depends on five names",
        },
    ),
    Design(
        "counts, power law",
        "1,000 names from a power law with exponent 2.2",
        partial(unequal, "zipf", 1000),
        unclaimed={
            name: _ENDLESS for name in ["Gini", *(f"share of the top {share:.0%}" for share in TOP)]
        },
    ),
    Design(
        "two lists",
        "400 names with zeros, logarithms correlated by .6",
        partial(correlated, 400, 0.6),
    ),
    Design(
        "two lists alike",
        "400 names with zeros, logarithms correlated by .95",
        partial(correlated, 400, 0.95),
    ),
    Design(
        "two short lists alike",
        "30 names with zeros, logarithms correlated by .95",
        partial(correlated, 30, 0.95),
        unclaimed={f"Spearman, {where}": _TIES for where in ("all names", "names of both")},
    ),
    Design(
        "captions read again",
        "a sample of 4,000 captions is read",
        read_again,
    ),
]
