"""Where the slope of another dataset would lie, whatever the variance between datasets is.

That variance, tau2, is hardly known from a dozen datasets, and an interval that takes its estimate
for the truth is too narrow where it came out as 0 (Partlett & Riley 2017). So every tau2 that the
datasets agree with has its say, as Nagashima, Noma and Furukawa (2019) propose: at the true tau2,
``Q(tau2) = sum (value - mean)^2 / (error^2 + tau2)`` is chi-square with k - 1 degrees of freedom,
and Q falls in tau2, so each quantile of chi-square gives one tau2 (Viechtbauer 2007). Given tau2,
another slope is normal about the mean with the variance of both; the interval is the middle 95 % of
the mixture. It is summed over quantiles, so that the same slopes give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wagidx._optional import require
from wagidx.analysis.rows import Floats

__all__ = ["another_interval"]

_QUANTILES = 200
_HALVINGS = 60


def another_interval(value: Floats, error: Floats) -> tuple[float, float]:
    """95 % prediction interval of a further true value.

    Parameters
    ----------
    value, error : numpy.ndarray of float64, shape (k,)
        At least 3 estimates, and their standard errors, above 0 and taken as known.

    Returns
    -------
    tuple of float
        Too wide where all true values are the same, for tau2 cannot be below 0. O(k).
    """
    special = require("scipy.special", extra="fit")
    shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    tau2 = _variances(value, error, special.chdtri(len(value) - 1, shares))
    mean, precision, _ = _at(tau2, value, error)
    spread = np.sqrt(tau2 + 1 / precision)

    def above(place: Floats) -> Floats:
        """Share of the mixture above each place."""
        return np.asarray(special.ndtr((mean - place[:, None]) / spread).mean(axis=1))

    ends = np.full(2, (mean - 40 * spread).min()), np.full(2, (mean + 40 * spread).max())
    low, high = _crossing(above, np.array([0.975, 0.025]), *ends)
    return float(low), float(high)


def _at(tau2: Floats, value: Floats, error: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, its precision and Q at each tau2; shape (m,) each."""
    weight = 1 / (error**2 + tau2[:, None])
    precision = weight.sum(axis=1)
    mean = weight @ value / precision
    return mean, precision, (weight * (value - mean[:, None]) ** 2).sum(axis=1)


def _variances(value: Floats, error: Floats, wanted: Floats) -> Floats:
    """The tau2 at which Q is as wanted, and 0 where Q is smaller even there."""

    def q(tau2: Floats) -> Floats:
        return _at(tau2, value, error)[2]

    most = np.full(len(wanted), float(((value - value.mean()) ** 2).sum()))
    most /= wanted  # Q is below the sum of squares over tau2
    return _crossing(q, wanted, np.zeros(len(wanted)), most)


def _crossing(
    falling: Callable[[Floats], Floats], wanted: Floats, low: Floats, high: Floats
) -> Floats:
    """Where a falling function is as wanted, between two ends, by halving."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        before = falling(middle) > wanted
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.asarray(high, np.float64)
