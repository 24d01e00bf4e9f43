"""Agreement of two corpora: correlation of concept frequencies.

Intervals resample names with replacement, and say what other names of the same kind would have
given, not what other captions would have. Spearman's is the middle 95 % of what comes out (Efron's
percentiles), which is rather too wide for some ten names; Pearson's, whose resamples are skewed
near 1, is `studentised` on Fisher's scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wagidx.analysis.rows import Floats, Integers
from wagidx.analysis.studentised import RARE, middle, studentised
from wagidx.analysis.tally import drawn

__all__ = ["FEWEST", "Agreement", "Correlation", "agreement"]

FEWEST = 3
"""Names a correlation needs: through two, every line is exact."""


@dataclass(frozen=True)
class Correlation:
    """Agreement over a set of names; a value is None where counts of a side are all alike.

    Attributes
    ----------
    n : int
        Names.
    spearman, pearson_log1p : float or None
        Of ranks, ties at their mean; and of the logarithms of count + 1.
    spearman_ci95, pearson_log1p_ci95 : tuple of float or None
        Of resampled names; None where a resample in a hundred has no correlation.
    """

    n: int
    spearman: float | None
    spearman_ci95: tuple[float, float] | None
    pearson_log1p: float | None
    pearson_log1p_ci95: tuple[float, float] | None


@dataclass(frozen=True)
class Agreement:
    """Agreement of two lists of counts.

    Attributes
    ----------
    all : Correlation
        Over all names.
    nonzero_in_both : Correlation
        Over the names that both hold: names that neither holds agree without saying anything.
    n_zero_in_both : int
        Names that neither holds.
    """

    all: Correlation
    nonzero_in_both: Correlation
    n_zero_in_both: int


def agreement(a: ArrayLike, b: ArrayLike, *, draws: int = 1000, seed: int = 0) -> Agreement:
    """Correlate two lists of counts of the same names, in the same order.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Counts, not below 0.
    draws, seed : int
        How many resamples, and where numpy's generator starts.

    Returns
    -------
    Agreement
        O(draws * m) for m distinct pairs of counts; the order of the names changes nothing.
    """
    pairs = np.column_stack([np.asarray(a, np.float64), np.asarray(b, np.float64)])
    distinct, times = np.unique(pairs, axis=0, return_counts=True)
    both = (distinct > 0).all(axis=1)
    neither = (distinct == 0).all(axis=1)
    return Agreement(
        all=_correlation(distinct, times, draws, seed),
        nonzero_in_both=_correlation(distinct[both], times[both], draws, seed),
        n_zero_in_both=int(times[neither].sum()),
    )


def _correlation(pairs: Floats, times: Integers, draws: int, seed: int) -> Correlation:
    n = int(times.sum())
    if n < FEWEST or (pairs.min(axis=0) == pairs.max(axis=0)).any():
        return Correlation(n, None, None, None, None)
    sides = [_Side(side) for side in pairs.T]
    logs = np.log1p(pairs)
    logs -= np.average(logs, axis=0, weights=times)  # so that sums of squares keep their digits
    spearman, pearson = [], []
    for block in (times[None, :], *drawn(times, draws, np.random.default_rng(seed))):
        spearman.append(_spearman(sides, block))
        pearson.append(_pearson(logs, block))
    ranks, (raw, error) = np.concatenate(spearman), np.concatenate(pearson, axis=1)
    return Correlation(
        n, float(ranks[0]), middle(ranks[1:]), float(raw[0]), _fisher_interval(raw, error)
    )


def _fisher_interval(r: Floats, error: Floats) -> tuple[float, float] | None:
    """Of the first of the correlations, from the others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z, spread = np.arctanh(r), error / (1 - r**2)
    exact = np.isinf(z)  # two or three distinct pairs on a line
    if exact[0] or exact.mean() > RARE:
        return middle(r[1:])
    spread[exact] = np.where(z[exact] == z[0], 0.0, 1.0)
    pair = studentised(float(z[0]), float(spread[0]), z[1:], spread[1:])
    return pair and (float(np.tanh(pair[0])), float(np.tanh(pair[1])))


class _Side:
    """One count of each pair, by its place among the distinct counts of that side."""

    def __init__(self, values: Floats) -> None:
        self.place = np.unique(values, return_inverse=True)[1]
        self.order = np.argsort(self.place, kind="stable")
        self.starts = np.searchsorted(self.place[self.order], np.arange(self.place.max() + 1))

    def ranks(self, times: Integers) -> tuple[Floats, Floats]:
        """Ranks of each pair less their mean, ties at theirs, and the sum of their squares."""
        tied = np.add.reduceat(times[:, self.order], self.starts, axis=1).astype(np.float64)
        rank = tied.cumsum(axis=1) - tied / 2 - float(times[0].sum()) / 2
        return rank[:, self.place], np.einsum("ij,ij,ij->i", tied, rank, rank)


def _spearman(sides: list[_Side], times: Integers) -> Floats:
    """Pearson's correlation of ranks, for each row of `times`."""
    (x, own), (y, other) = (side.ranks(times) for side in sides)
    return _quotient(np.einsum("ij,ij,ij->i", times.astype(np.float64), x, y), own, other)


def _pearson(pairs: Floats, times: Integers) -> Floats:
    """Correlation with each pair as often as `times` says, and its standard error, by its rows.

    Shape (2, draws). The error is that of the mean of what each pair adds to the correlation
    (Davison & Hinkley 1997, example 2.18).
    """
    share = times / times[0].sum()
    x, y = (side - (share @ side)[:, None] for side in pairs.T)
    own, other = np.einsum("ij,ij,ij->i", share, x, x), np.einsum("ij,ij,ij->i", share, y, y)
    r = _quotient(np.einsum("ij,ij,ij->i", share, x, y), own, other)
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = x / np.sqrt(own)[:, None], y / np.sqrt(other)[:, None]
        adds = x * y - r[:, None] / 2 * (x**2 + y**2)
        return np.stack([r, np.sqrt(np.einsum("ij,ij->i", share, adds**2) / times[0].sum())])


def _quotient(across: Floats, own: Floats, other: Floats) -> Floats:
    """A correlation of sums of products, NaN where a side does not vary."""
    varies = (own > 1e-9) & (other > 1e-9)
    product = np.where(varies, own * other, np.nan)
    return np.asarray(np.clip(across / np.sqrt(product), -1.0, 1.0))
