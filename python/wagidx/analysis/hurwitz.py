"""Hurwitz's zeta function, the tail sums of a discrete power law, fast enough for refits.

``zeta(alpha, q) = q ** -alpha + (q + 1) ** -alpha + ...``. Finding an `xmin` asks for some hundred
thousand of these, one for each distinct count and candidate, and a p value asks for it again for
every made list.
"""

from __future__ import annotations

import numpy as np

from wagidx._optional import require
from wagidx.analysis.rows import Floats

__all__ = ["scaled_tails", "scaled_tails_of_laws"]

_FAR = 100.0
"""From here on five terms of the series are exact to 1e-13 for exponents up to 20."""


def scaled_tails(alpha: float, values: Floats, powers: Floats) -> Floats:
    """``zeta(alpha, values) * powers / values ** -alpha``: the sums in the unit of `powers`.

    The series of Euler and Maclaurin (Abramowitz & Stegun 23.1.30) needs a power, which the caller
    has, and a few products; a third of the time of `scipy.special.zeta`, which stands in for the
    values it does not serve.

    Parameters
    ----------
    alpha : float
        Above 1.
    values : numpy.ndarray of float64, shape (m,)
        Ascending, at least 1.
    powers : numpy.ndarray of float64, shape (m,)
        ``(values / scale) ** -alpha`` for any scale, which keeps steep laws in range.
    """
    near = int(np.searchsorted(values, _FAR))
    found = np.empty(len(values))
    found[near:] = _series(alpha, values[near:])
    zeta = require("scipy.special", extra="fit").zeta
    found[:near] = zeta(alpha, values[:near]) * values[:near] ** alpha
    return found * powers


def scaled_tails_of_laws(alphas: Floats, values: Floats, powers: Floats) -> Floats:
    """The same of several laws at once, in any order: `alphas` (s, 1), the others (s, k)."""
    near = values < _FAR
    found = _series(alphas, values)
    own = np.broadcast_to(alphas, values.shape)[near]
    zeta = require("scipy.special", extra="fit").zeta
    found[near] = zeta(own, values[near]) * values[near] ** own
    return np.asarray(found * powers, np.float64)


def _series(alpha: float | Floats, q: Floats) -> Floats:
    """``zeta(alpha, q) * q ** alpha``."""
    inverse = 1 / q
    square = inverse * inverse
    total, term, rising = q / (alpha - 1) + 0.5, inverse, alpha
    for k, bernoulli in enumerate(_BERNOULLI, start=1):
        total += bernoulli * rising * term
        rising = rising * ((alpha + 2 * k - 1) * (alpha + 2 * k))
        term = term * square
    return total


_BERNOULLI = (1 / 12, -1 / 720, 1 / 30_240, -1 / 1_209_600, 1 / 47_900_160)
"""Bernoulli numbers B2, B4, ... over the factorials of their places."""
