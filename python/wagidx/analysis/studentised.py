"""The studentised bootstrap: how far resampled values are from the one at hand, in standard errors.

Resamples that come out too small often have too small an error as well, so the middle of their
values is too narrow on one side. Measured in errors of their own they are alike whatever the truth
is, and the interval that follows is nearer to its 95 % (Davison & Hinkley 1997, section 5.2).
"""

from __future__ import annotations

import numpy as np

from wagidx.analysis.rows import Floats

__all__ = ["studentised"]

_FAR = 1e9
"""Stands for a distance from a resample that has no error, and so no doubt about its value."""


def studentised(
    value: float, error: float, values: Floats, errors: Floats
) -> tuple[float, float] | None:
    """95 % interval of a value from resamples of it.

    Parameters
    ----------
    value, error : float
        At hand, and its standard error; with no error there is no doubt.
    values, errors : numpy.ndarray of float64, shape (draws,)
        Of resamples; NaN where they are not defined.

    Returns
    -------
    tuple of float or None
        None where over 1 % of the resamples are not defined.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        far = np.where(values == value, 0.0, (values - value) / errors)
    kept = np.clip(far[~np.isnan(far)], -_FAR, _FAR)
    if not len(kept) or len(kept) < 0.99 * len(far):
        return None
    if not error > 0:
        return value, value
    low, high = np.quantile(kept, [0.025, 0.975], method="weibull")
    return value - float(high) * error, value - float(low) * error
