"""The studentised bootstrap: how far resampled values are from the one at hand, in standard errors.

Resamples that come out too small often have too small an error as well, so the middle of their
values is too narrow on one side. Measured in errors of their own they are alike whatever the truth
is, and the interval that follows is nearer to its 95 % (Davison & Hinkley 1997, section 5.2).

Not so beside a bound, such as a share of all: resamples at the bound have no error, those next to
it hardly one, and distances in errors are anything. There the middle of the values is the interval.
"""

from __future__ import annotations

import numpy as np

from wagidx.analysis.rows import Floats

__all__ = ["RARE", "middle", "studentised"]

RARE = 1e-3
"""Share of the resamples that may stand at a bound."""

_FAR = 1e9
"""Stands for a distance from a resample that has no error, and so no doubt about its value."""


def studentised(
    value: float, error: float, values: Floats, errors: Floats
) -> tuple[float, float] | None:
    """95 % interval of a value from resamples of it.

    Parameters
    ----------
    value, error : float
        At hand, and its standard error.
    values, errors : numpy.ndarray of float64, shape (draws,)
        Of resamples; NaN where they are not defined.

    Returns
    -------
    tuple of float or None
        The `middle` of the values where the value at hand, or more than a `RARE` few, has no error.
        None where over 1 % of the resamples are not defined.
    """
    if not error > 0 or np.mean(errors == 0) > RARE:
        return middle(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        far = np.where(values == value, 0.0, (values - value) / errors)
    kept = np.clip(far[~np.isnan(far)], -_FAR, _FAR)
    if not len(kept) or len(kept) < 0.99 * len(far):
        return None
    low, high = np.quantile(kept, [0.025, 0.975], method="weibull")
    return value - float(high) * error, value - float(low) * error


def middle(drawn: Floats) -> tuple[float, float] | None:
    """The middle 95 % of resampled values, or None where over 1 % of them are not defined.

    B values cut the line into B + 1 parts that are equally likely to hold another value, so ends
    are counted in parts: otherwise the interval of 200 values would hold 94 % (Davison & Hinkley
    1997, section 2.4).
    """
    kept = drawn[np.isfinite(drawn)]
    if not len(kept) or len(kept) < 0.99 * len(drawn):
        return None
    low, high = np.quantile(kept, [0.025, 0.975], method="weibull")
    return float(low), float(high)
