"""A slope for each dataset, and their random-effects summary.

The datasets' true slopes are modelled as draws from one distribution with variance tau2
(DerSimonian & Laird 1986); the interval of its mean is Hartung and Knapp's (2001), and where the
slope of another dataset would lie is told by `another_dataset`.

Standard errors of the slopes are taken as known. Of datasets of some ten rows they are not, and the
interval of the mean is then a little too narrow: docs/coverage.md has the figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wagidx.analysis.another_dataset import another_interval
from wagidx.analysis.regression import iid, least_squares, t_interval
from wagidx.analysis.rows import Floats, Rows
from wagidx.analysis.zeros import axis
from wagidx.exceptions import FitError

__all__ = ["DatasetSlope", "Heterogeneity", "heterogeneity", "random_effects"]

FEWEST_ROWS = 5
"""A dataset with fewer rows gets no slope of its own."""


@dataclass(frozen=True)
class DatasetSlope:
    """Least squares on the rows of one dataset; the interval is `iid`."""

    dataset: str
    n: int
    slope_per_decade: float | None
    slope_ci95: tuple[float, float] | None
    se: float | None
    note: str | None = None


@dataclass(frozen=True)
class Heterogeneity:
    """The random-effects summary of the datasets' slopes.

    Attributes
    ----------
    datasets : list of DatasetSlope
        In alphabetical order; those without a slope have a note.
    k : int
        Datasets with a slope.
    mean, mean_ci95
        Of the distribution of slopes; None under 2 datasets.
    tau2 : float or None
        Variance of the true slopes between datasets, in (score per decade)^2.
    i2 : float or None
        Share of the slopes' variance not explained by sampling error, 0 to 1.
    prediction95 : tuple of float or None
        Prediction interval for another dataset's slope; None with fewer than 3 datasets.
    """

    datasets: list[DatasetSlope]
    k: int
    mean: float | None
    mean_ci95: tuple[float, float] | None
    tau2: float | None
    i2: float | None
    prediction95: tuple[float, float] | None


def heterogeneity(rows: Rows, rule: str = "floor") -> Heterogeneity:
    """Slopes of `rows` by dataset, and their summary. O(n)."""
    slopes = [_slope(name, rows.where(rows.dataset == name), rule) for name in rows.datasets]
    known = [s for s in slopes if s.slope_per_decade is not None and s.se]
    value = np.array([s.slope_per_decade for s in known], np.float64)
    error = np.array([s.se for s in known], np.float64)
    mean, tau2, i2, interval, further = random_effects(value, error)
    return Heterogeneity(slopes, len(known), mean, interval, tau2, i2, further)


def _slope(name: str, rows: Rows, rule: str) -> DatasetSlope:
    placed = axis(rows.count, rule)
    if placed.keep.sum() < FEWEST_ROWS:
        note = f"fewer than {FEWEST_ROWS} rows"
        return DatasetSlope(name, int(placed.keep.sum()), None, None, None, note)
    try:
        line = least_squares(placed.x, rows.score[placed.keep], beside=placed.zero)
    except FitError as error:
        return DatasetSlope(name, len(placed.x), None, None, None, str(error))
    interval = iid(line)
    return DatasetSlope(name, len(placed.x), line.slope, interval.pair, interval.se)


Summary = tuple[
    "float | None",
    "float | None",
    "float | None",
    "tuple[float, float] | None",
    "tuple[float, float] | None",
]


def random_effects(value: Floats, error: Floats) -> Summary:
    """DerSimonian and Laird's summary, and where another value would lie.

    Parameters
    ----------
    value, error : numpy.ndarray of float64, shape (k,)
        Estimates and their standard errors, above 0.

    Returns
    -------
    tuple
        Mean, tau2, I2, Hartung-Knapp 95 % interval of the mean, 95 % prediction interval; None
        where k is too small.
    """
    k = len(value)
    if k < 2:
        return (float(value[0]) if k else None), None, None, None, None
    weight = 1 / error**2
    fixed = (weight @ value) / weight.sum()
    q = float(weight @ (value - fixed) ** 2)
    tau2 = max(0.0, (q - (k - 1)) / float(weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (error**2 + tau2)
    mean = float(weight @ value / weight.sum())
    spread = float(weight @ (value - mean) ** 2 / (k - 1) / weight.sum())
    i2 = max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0
    further = another_interval(value, error) if k > 2 else None
    return mean, tau2, i2, t_interval(mean, spread**0.5, k - 1).pair, further
