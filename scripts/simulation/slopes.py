"""Slopes of tables whose assumptions break one at a time, by every interval there is for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from planted import SLOPE, table
from wagidx.analysis.concept import concept_fit
from wagidx.analysis.regression import clustered, hc3, iid, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Rows, codes
from wagidx.analysis.zeros import axis

from simulation.design import Design, Outcome, held

DRAWS = 1000


def slopes(design: str, seed: int) -> Mapping[str, Outcome]:
    """Every interval of the slope of all rows and of the slope within datasets."""
    rows = table(design, seed)
    dataset, names = codes(rows.dataset), codes(rows.concept)
    placed = axis(rows.count, "indicator")
    found = {}
    for place, group in (("pooled", None), ("within", dataset)):
        line = least_squares(placed.x, rows.score, group=group, beside=placed.zero)
        drawn = slope_draws(
            placed.x, rows.score, names, group=group, beside=placed.zero, draws=DRAWS
        )
        for name, interval in {
            "iid": iid(line),
            "hc3": hc3(line),
            "concept": concept_interval(drawn, int(names.max()) + 1),
            "dataset": clustered(line, dataset),
        }.items():
            found[f"{place} slope, {name}"] = held(interval.pair, SLOPE)
    return found


def weighted(seed: int) -> Mapping[str, Outcome]:
    """Slopes weighted by test samples, of shares that were measured on 10 to 1,000 of them."""
    rng = np.random.default_rng([seed, 1])
    n, datasets = 360, 20
    log = rng.uniform(0, 5, n)
    samples = np.floor(10 ** rng.uniform(1, 3, n))
    share = np.clip(0.4 + SLOPE / 100 * log + rng.normal(0, 0.06, n), 0, 1)
    score = 100 * rng.binomial(samples.astype(np.int64), share) / samples
    rows = Rows.of(10**log, score, dataset=np.arange(n) % datasets, samples=samples)
    found = concept_fit(rows, draws=0).weighted
    if found is None:
        return {}
    return {
        "pooled slope, weighted iid": held(found.slope_ci95, SLOPE),
        "within slope, weighted dataset": held(found.within.slope_ci95, SLOPE),
    }


def _all_but(*claimed: str, why: str) -> Mapping[str, str]:
    intervals = ("iid", "hc3", "concept", "dataset")
    named = {f"{place} slope, {one}" for place in ("pooled", "within") for one in intervals}
    return {name: why for name in sorted(named - set(claimed))}


_IID_UNEQUAL = "assumes homoskedastic errors"

DESIGNS = [
    Design(
        "gaussian",
        "360 rows in 20 datasets, independent, homoskedastic errors",
        partial(slopes, "gaussian"),
    ),
    Design(
        "binomial",
        "the same, scores are shares of 50 test samples: errors shrink towards 0 and 100",
        partial(slopes, "binomial"),
        unclaimed={"pooled slope, iid": _IID_UNEQUAL, "within slope, iid": _IID_UNEQUAL},
    ),
    Design(
        "names",
        "each name is in four datasets, which share its frequency and its error",
        partial(slopes, "names"),
        unclaimed=_all_but(
            "pooled slope, concept",
            "within slope, concept",
            why="assumes that rows of a name are independent",
        ),
    ),
    Design(
        "datasets",
        "datasets of more frequent concepts are easier: their means grow with frequency",
        partial(slopes, "datasets"),
        unclaimed={
            f"pooled slope, {one}": "the slope over all rows also reflects the dataset means"
            for one in ("iid", "hc3", "concept", "dataset")
        },
    ),
    Design(
        "slopes",
        "each dataset has its own slope, with a standard deviation of 3 about the mean",
        partial(slopes, "slopes"),
        unclaimed=_all_but(
            "pooled slope, dataset",
            "within slope, dataset",
            why="assumes one slope for all datasets",
        ),
    ),
    Design(
        "zeros",
        "45 % of the concepts occur nowhere and score what they like; they get an intercept",
        partial(slopes, "zeros"),
    ),
    Design(
        "samples",
        "scores are shares of 10 to 1,000 test samples, rows weighted by inverse variance",
        weighted,
    ),
]
