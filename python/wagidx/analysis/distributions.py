"""Tail points, probabilities, and the interval of a share; most from `scipy.special`.

`scipy.stats` has them all too, and takes longer to import than most fits take to compute: 0.8 s
against 0.2 s, and several times that where Python may not keep compiled files.
"""

from __future__ import annotations

import math

import numpy as np

from wagidx._optional import require

__all__ = ["NORMAL_975", "correlation_p", "normal_cdf", "share_interval", "t_point"]

NORMAL_975 = 1.959963984540054
"""Where the normal distribution has 97.5 % of its mass below."""


def t_point(share: float, df: float) -> float:
    """Where Student's t with `df` degrees of freedom has `share` of its mass, half or more, below.

    By way of the beta distribution of ``t² / (df + t²)``, and of its complement: the inverse of t
    itself is right to 9 digits only in scipy 1.12, the oldest there may be.
    """
    inverse = require("scipy.special", extra="fit").betaincinv
    squared, rest = inverse(0.5, df / 2, 2 * share - 1), inverse(df / 2, 0.5, 2 * (1 - share))
    return float(np.sqrt(df * squared / rest))


def normal_cdf(z: float) -> float:
    """Mass of the normal distribution below z."""
    return float(require("scipy.special", extra="fit").ndtr(z))


def correlation_p(r: float, n: int) -> float:
    """Two-sided p of Pearson's r of n independent points; 1 for two points.

    Without correlation ``(1 + r) / 2`` is Beta(n / 2 - 1, n / 2 - 1), exactly.
    """
    if n < 3:
        return 1.0
    half = n / 2 - 1
    below = require("scipy.special", extra="fit").betainc(half, half, (1 - min(abs(r), 1.0)) / 2)
    return float(np.minimum(2 * below, 1.0))


def share_interval(part: int, n: int, of: int | None = None) -> tuple[float, float]:
    """Wilson's (1927) 95 % interval of a share, which at 0 and at 1 still has a width.

    Parameters
    ----------
    part, n : int
        How many of how many.
    of : int, optional
        At least `n`: what they were drawn from without putting any back. They then say as much as
        ``n (of - 1) / (of - n)`` that were put back (Cochran 1977, section 2.6).
    """
    share, spread = part / n, NORMAL_975**2 / n
    if of is not None:
        spread *= (of - n) / max(of - 1, 1)
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    # none and all are ends, and not what rounding leaves of them
    low = max(centre - half, 0.0) if part > 0 else 0.0
    return low, min(centre + half, 1.0) if part < n else 1.0
