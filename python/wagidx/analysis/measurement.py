"""What a slope would be were its frequency measured without error, and what error would explain.

A count with errors makes its own slope too flat, and lends what it lost to any other frequency that
is related to the true one: noise in one count alone makes a second one look needed. How noisy a
count is cannot be told from the counts, so the answer is a curve over *reliability*, the share of
the variance of log10 of the count, within datasets and among counts above 0, that is not error.

* `slope`, `further`: the error's expected part is taken out of the cross products (Fuller 1987).
* `simex_slope`, `simex_further`: more error is added by simulation, in steps, and the coefficients'
  path is followed back to no error at all (Cook & Stefanski 1994). Of least squares that path is
  known: one over the slope is a line in the error added, and every other coefficient is a line in
  the slope. A parabola, the usual choice, falls short by a tenth at reliability .8 and by nearly a
  half at .5 where a second frequency is correlated by .7.

Error sits in the first frequency alone and not in its zeros; the other columns are taken as exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wagidx._optional import require
from wagidx.analysis.nested import varying
from wagidx.analysis.regression import FEWEST_CLUSTERS, t_interval
from wagidx.analysis.rows import Floats, Integers, Pair
from wagidx.exceptions import FitError

__all__ = ["LEVELS", "AtReliability", "ErrorsInFrequency", "Explained", "errors_in_frequency"]

LEVELS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Reliabilities at which coefficients are told."""

STEPS = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Error variances that SIMEX adds, in parts of the one that is assumed."""

SIGNIFICANT = 0.05
_FINE = np.arange(100, 49, -1) / 100


@dataclass(frozen=True)
class AtReliability:
    """Coefficients under one assumed reliability.

    Attributes
    ----------
    reliability : float
        1 is no error.
    slope, further : float or None
        Of the frequency measured with error, and of the first further term; None where the error
        assumed is as large as what the other columns leave of the frequency, or where there is no
        further term.
    simex_slope, simex_further : float or None
        The same by SIMEX.
    slope_ci95, further_ci95 : tuple of float or None
        Of `slope` and `further`, by leaving out one dataset after the other; None for few of them.
    p : float or None
        All further terms are 0; by leaving out one dataset after the other.
    """

    reliability: float
    slope: float | None
    further: float | None
    simex_slope: float | None
    simex_further: float | None
    slope_ci95: Pair | None
    further_ci95: Pair | None
    p: float | None


@dataclass(frozen=True)
class Explained:
    """Which error would explain what the further terms add; None where none from .5 to 1 does.

    Attributes
    ----------
    no_longer_significant : float or None
        Highest reliability with p of at least .05; 1 where that needs no error.
    no_longer_same_sign : float or None
        Highest reliability at which the slope of the first further term has changed sign.
    lowest_defined : float
        Below it the model cannot tell the terms apart.
    """

    no_longer_significant: float | None
    no_longer_same_sign: float | None
    lowest_defined: float


@dataclass(frozen=True)
class ErrorsInFrequency:
    """Coefficients at every reliability of `LEVELS`, and what error would explain."""

    levels: list[AtReliability]
    explained: Explained | None


@dataclass(frozen=True)
class _Products:
    """What the estimates need of the rows: cross products by dataset, means taken out.

    Attributes
    ----------
    cross : numpy.ndarray of float64, shape (k, p + 1, p + 1)
        Of the noisy frequency, the other columns, and the score.
    exposed : numpy.ndarray of float64, shape (k,)
        Expected square sum of errors of variance 1.
    variance : float
        Of the noisy frequency, within datasets and among counts above 0.
    """

    cross: Floats
    exposed: Floats
    variance: float

    def solved(self, error: float) -> Floats | None:
        """Coefficients with an error variance taken out; None where too little is left."""
        total, exposed = self.cross.sum(axis=0), self.exposed.sum()
        found = _solved(total[None], np.array([error * exposed]))
        return None if found is None else found[0]

    def left_out(self, error: float) -> Floats | None:
        """The same without each dataset in turn; shape (k, p)."""
        total, exposed = self.cross.sum(axis=0), self.exposed.sum()
        return _solved(total - self.cross, error * (exposed - self.exposed))


def _solved(cross: Floats, taken: Floats) -> Floats | None:
    """Coefficients from each of k cross products, `taken` from the first square sum of each."""
    left = cross[:, :-1, :-1].copy()
    scale = np.sqrt(np.einsum("kii->ki", left))
    left[:, 0, 0] -= taken
    if not scale.all():
        return None
    if np.linalg.eigvalsh(left / (scale[:, :, None] * scale[:, None, :])).min() < 1e-6:
        return None
    return np.asarray(np.linalg.solve(left, cross[:, :-1, -1:])[:, :, 0], np.float64)


def errors_in_frequency(
    count: Floats,
    score: Floats,
    *,
    group: Integers,
    beside: Floats | None = None,
    further: Floats | None = None,
    df: float | None = None,
    draws: int = 100,
    seed: int = 0,
) -> ErrorsInFrequency:
    """Coefficients of ``score ~ dataset + log10 count + [count = 0] + ...`` by reliability.

    Parameters
    ----------
    count, score : numpy.ndarray of float64, shape (n,)
        The frequency that holds errors, and the score.
    group : numpy.ndarray of int64, shape (n,)
        The dataset of each row, numbered from 0.
    beside, further : numpy.ndarray of float64, shape (n, p) and (n, q), optional
        Columns without error; `further` are those whose part may be due to the error.
    df : float, optional
        Degrees of freedom of the covariance between datasets, such as those of the clustered
        interval or test without errors; one less than there are datasets by default.
    draws, seed : int
        Simulations a step of SIMEX, and where numpy's generator starts.

    Raises
    ------
    FitError
        The frequency does not vary within datasets.
    """
    noisy = count > 0
    x = np.log10(np.maximum(count, 1.0))
    more = np.empty((len(x), 0)) if further is None else varying(further, group)
    rest = [more, varying((count <= 0).astype(np.float64)[:, None], group)]
    if beside is not None:
        rest.append(varying(beside, group))
    columns = np.column_stack([x, *rest, score])
    products = _products(columns, noisy, group)
    if products.solved(0.0) is None:
        raise FitError("the frequency does not vary within datasets given the other terms")
    q = more.shape[1]
    df = len(products.exposed) - 1 if df is None else df
    simulated = _simex(columns, products, noisy, group, draws, seed)
    levels = [
        _merged(_corrected(products, reliability, q, df), by_simulation, q)
        for reliability, by_simulation in zip(LEVELS, simulated)
    ]
    return ErrorsInFrequency(levels, _explained(products, q, df) if q else None)


def _products(columns: Floats, noisy: NDArray[np.bool_], group: Integers) -> _Products:
    cross, exposed, square, free = [], [], 0.0, 0
    for number in range(int(group.max()) + 1):
        inside = group == number
        own = columns[inside] - columns[inside].mean(axis=0)
        held = columns[inside & noisy, 0]
        cross.append(own.T @ own)
        exposed.append(len(held) * (1 - 1 / inside.sum()))
        square += float(((held - held.mean()) ** 2).sum()) if len(held) else 0.0
        free += max(len(held) - 1, 0)
    return _Products(np.array(cross), np.array(exposed), square / max(free, 1))


def _corrected(products: _Products, reliability: float, q: int, df: float) -> AtReliability:
    error = (1 - reliability) * products.variance
    found = products.solved(error)
    if found is None:
        return AtReliability(reliability, None, None, None, None, None, None, None)
    spread = _jackknife(products, error)
    slope = AtReliability(reliability, float(found[0]), None, None, None, None, None, None)
    if spread is not None:
        slope = replace(slope, slope_ci95=_interval(found, spread, 0, df))
    if not q:
        return slope
    both = replace(slope, further=float(found[1]))
    if spread is None:
        return both
    p = _hotelling(found[1 : q + 1], spread[1 : q + 1, 1 : q + 1], df)
    return replace(both, further_ci95=_interval(found, spread, 1, df), p=p)


def _interval(value: Floats, spread: Floats, place: int, df: float) -> Pair | None:
    return t_interval(float(value[place]), float(np.sqrt(spread[place, place])), df).pair


def _jackknife(products: _Products, error: float) -> Floats | None:
    """Covariance of the coefficients from leaving out one dataset after the other.

    None for too few datasets, or where the terms cannot be told apart without one of them.
    """
    k = len(products.exposed)
    left = products.left_out(error) if k >= FEWEST_CLUSTERS else None
    if left is None:
        return None
    about = left - left.mean(axis=0)
    return np.asarray((k - 1) / k * about.T @ about, np.float64)


def _hotelling(value: Floats, spread: Floats, df: float) -> float | None:
    """p that all values are 0 where their covariance has `df` degrees of freedom."""
    q = len(value)
    left = df - q + 1
    if not left > 0:
        return None
    f = left / (df * q) * float(value @ np.linalg.pinv(spread) @ value)
    return float(require("scipy.stats", extra="fit").f.sf(f, q, left))


def _explained(products: _Products, q: int, df: float) -> Explained:
    fine = [_corrected(products, float(reliability), q, df) for reliability in _FINE]
    defined = [one for one in fine if one.slope is not None]
    first = defined[0].further or 0.0
    quiet = (one.reliability for one in defined if one.p is not None and one.p >= SIGNIFICANT)
    turned = (one.reliability for one in defined if (one.further or 0.0) * first < 0)
    return Explained(next(quiet, None), next(turned, None), defined[-1].reliability)


def _merged(exact: AtReliability, simulated: Floats | None, q: int) -> AtReliability:
    if exact.slope is None or simulated is None:
        return exact
    further = float(simulated[1]) if q else None
    return replace(exact, simex_slope=float(simulated[0]), simex_further=further)


def _simex(
    columns: Floats,
    products: _Products,
    noisy: NDArray[np.bool_],
    group: Integers,
    draws: int,
    seed: int,
) -> list[Floats | None]:
    """Coefficients for each of `LEVELS`; shape (p,) each, None as `_extrapolated`.

    Errors of variance 1 are drawn once: what they do to the cross products is linear in their size
    and in its square. Each is used with both signs, so that none is related to a column on average:
    that alone takes away most of what few draws leave to chance.
    """
    half = np.random.default_rng(seed).standard_normal((-(-draws // 2), len(columns))) * noisy
    unit = np.concatenate([half, -half])
    members = (group[:, None] == np.arange(group.max() + 1)).astype(np.float64)
    sums = unit @ members
    size = members.sum(axis=0)
    about = columns - (members.T @ columns / size[:, None])[group]
    across = unit @ about
    square = (unit**2).sum(axis=1) - (sums**2 / size).sum(axis=1)
    total = products.cross.sum(axis=0)
    return [
        _extrapolated(total, across, square, (1 - reliability) * products.variance)
        for reliability in LEVELS
    ]


def _extrapolated(total: Floats, across: Floats, square: Floats, error: float) -> Floats | None:
    """Where the path leads; None where it has no end: the error is all that is left."""
    path = _path(total, across, square, error)
    slopes = path[:, 0]
    if not error:
        return np.asarray(path[0], np.float64)
    if (slopes[1:] * slopes[0] <= 0).any():
        return None
    line = np.polynomial.polynomial.polyfit
    constant, gradient = line(np.array(STEPS), 1 / slopes, 1)
    if (constant - gradient) * constant <= 0:
        return None
    slope = 1 / (constant - gradient)
    others, by_slope = line(slopes, path[:, 1:], 1)
    return np.asarray([slope, *(others + by_slope * slope)], np.float64)


def _path(total: Floats, across: Floats, square: Floats, error: float) -> Floats:
    """Mean coefficients at each of `STEPS`; shape (steps, p)."""
    means = []
    for step in STEPS:
        size = np.sqrt(step * error)
        cross = np.repeat(total[None], len(square), axis=0)
        cross[:, 0, :] += size * across
        cross[:, :, 0] += size * across
        cross[:, 0, 0] += size**2 * square
        solved = np.linalg.solve(cross[:, :-1, :-1], cross[:, :-1, -1:])
        means.append(solved[:, :, 0].mean(axis=0))
    return np.array(means)
