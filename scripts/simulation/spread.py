"""Slopes that differ between data sets: their mean, and where another one would lie."""

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
"""Rows of 18 data sets, from few classes to a thousand."""


def spread(sizes: Sequence[int], apart: float, seed: int) -> Mapping[str, Outcome]:
    """The summary of data sets of given sizes whose slopes have a standard deviation of `apart`."""
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
        "slope of one data set": held(found.datasets[0].slope_ci95, float(slope[0])),
        "mean slope": held(found.mean_ci95, SLOPE),
        "slope of another data set": held(found.prediction95, float(rng.normal(SLOPE, apart))),
    }


_ALIKE = {
    "slope of another data set": "a variance between data sets cannot come out below 0: too wide"
}
_FEW_ROWS = {
    "mean slope": "takes standard errors of 6 degrees of freedom for known",
    "slope of another data set": "takes standard errors of 6 degrees of freedom for known",
}

DESIGNS = [
    Design(
        "data sets alike",
        "20 data sets of 18 rows, one slope (I2 = 0)",
        partial(spread, (18,) * 20, 0.0),
        unclaimed=_ALIKE,
    ),
    Design(
        "data sets a little apart",
        "the same, slopes with a standard deviation of 1 (I2 near .3)",
        partial(spread, (18,) * 20, 1.0),
    ),
    Design(
        "data sets apart",
        "the same, slopes with a standard deviation of 3 (I2 near .8)",
        partial(spread, (18,) * 20, 3.0),
    ),
    Design(
        "data sets unequal",
        "18 data sets of 10 to 1,000 rows, slopes with a standard deviation of 1",
        partial(spread, UNEQUAL, 1.0),
    ),
    Design(
        "five data sets",
        "5 data sets of 40 rows, slopes with a standard deviation of 3",
        partial(spread, (40,) * 5, 3.0),
    ),
    Design(
        "data sets of few rows",
        "20 data sets of 8 rows, slopes with a standard deviation of 1",
        partial(spread, (8,) * 20, 1.0),
        unclaimed=_FEW_ROWS,
    ),
]
