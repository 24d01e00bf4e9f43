"""Slopes that differ between datasets: their mean, and where another one would lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from planted import SLOPE
from wagidx.analysis.heterogeneity import heterogeneity
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Rows

from simulation.design import Design, Outcome, held

UNEQUAL = (10, 10, 10, 20, 30, 37, 40, 45, 47, 100, 100, 101, 102, 102, 196, 200, 397, 1000)
"""Rows of 18 datasets, from few classes to a thousand."""


def spread(sizes: Sequence[int], apart: float, seed: int) -> Mapping[str, Outcome]:
    """The summary of datasets of given sizes whose slopes have a standard deviation of `apart`."""
    rng = np.random.default_rng([seed, len(sizes), sizes[0]])
    dataset = np.repeat(np.arange(len(sizes)), sizes)
    slope = rng.normal(SLOPE, apart, len(sizes))
    log = rng.uniform(0, 5, len(dataset))
    level = rng.normal(40, 10, len(sizes))
    score = level[dataset] + slope[dataset] * log + rng.normal(0, 10, len(dataset))
    found = heterogeneity(Rows.of(10**log, score, dataset=np.char.mod("%02d", dataset)))
    within = clustered(least_squares(log, score, group=dataset), dataset).pair
    return {
        **({} if within is None else {"within slope, dataset": held(within, SLOPE)}),
        "slope of one dataset": held(found.datasets[0].slope_ci95, float(slope[0])),
        "mean slope": held(found.mean_ci95, SLOPE),
        "slope of another dataset": held(found.prediction95, float(rng.normal(SLOPE, apart))),
    }


_ALIKE = {
    "slope of another dataset": "a variance between datasets cannot be estimated below 0: too wide"
}
_FEW_ROWS = {
    "mean slope": "treats standard errors with 6 degrees of freedom as known",
    "slope of another dataset": "treats standard errors with 6 degrees of freedom as known",
}

DESIGNS = [
    Design(
        "datasets alike",
        "20 datasets of 18 rows, one slope (I2 = 0)",
        partial(spread, (18,) * 20, 0.0),
        unclaimed=_ALIKE,
    ),
    Design(
        "datasets a little apart",
        "the same, slopes with a standard deviation of 1 (I2 near .3)",
        partial(spread, (18,) * 20, 1.0),
    ),
    Design(
        "datasets apart",
        "the same, slopes with a standard deviation of 3 (I2 near .8)",
        partial(spread, (18,) * 20, 3.0),
    ),
    Design(
        "datasets unequal",
        "18 datasets of 10 to 1,000 rows, slopes with a standard deviation of 1",
        partial(spread, UNEQUAL, 1.0),
    ),
    Design(
        "five datasets",
        "5 datasets of 40 rows, slopes with a standard deviation of 3",
        partial(spread, (40,) * 5, 3.0),
    ),
    Design(
        "datasets of few rows",
        "20 datasets of 8 rows, slopes with a standard deviation of 1",
        partial(spread, (8,) * 20, 1.0),
        unclaimed=_FEW_ROWS,
    ),
]
