"""How alike two corpora are in what they hold often: correlation of frequencies by concept.

Intervals resample names with replacement and take the middle 95 % of what comes out (Efron's
percentiles). They say what other names of the same kind would have given, not what other captions
would have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wagidx.analysis.rows import Floats, Integers
from wagidx.analysis.tally import drawn

__all__ = ["FEWEST", "Agreement", "Correlation", "agreement", "middle"]

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
    places = [np.unique(side, return_inverse=True)[1] for side in pairs.T]
    x, y = np.log1p(pairs).T
    spearman = [_spearman(places, times[None, :])]
    pearson = [_pearson(x, y, times[None, :])]
    for block in drawn(times, draws, np.random.default_rng(seed)):
        spearman.append(_spearman(places, block))
        pearson.append(_pearson(x, y, block))
    ranks, logs = np.concatenate(spearman), np.concatenate(pearson)
    return Correlation(n, float(ranks[0]), middle(ranks[1:]), float(logs[0]), middle(logs[1:]))


def middle(drawn: Floats) -> tuple[float, float] | None:
    """The middle 95 % of resampled values, or None where over 1 % of them are not defined."""
    kept = drawn[np.isfinite(drawn)]
    if not len(kept) or len(kept) < 0.99 * len(drawn):
        return None
    low, high = np.quantile(kept, [0.025, 0.975])
    return float(low), float(high)


def _spearman(places: list[Integers], times: Integers) -> Floats:
    """Pearson's correlation of ranks, for each row of `times`."""
    return _pearson(_ranks(places[0], times), _ranks(places[1], times), times)


def _ranks(place: Integers, times: Integers) -> Floats:
    """The mean rank of each pair's value among all names; shape as `times`."""
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(place.max() + 1))
    tied = np.add.reduceat(times[:, order], starts, axis=1)
    return np.asarray((tied.cumsum(axis=1) - (tied - 1) / 2)[:, place])


def _pearson(x: Floats, y: Floats, times: Integers) -> Floats:
    """Correlation with each pair as often as `times` says, for each of its rows."""
    n = times.sum(axis=1, keepdims=True)
    x = x - (x * times).sum(axis=1, keepdims=True) / n
    y = y - (y * times).sum(axis=1, keepdims=True) / n
    across, own, other = (times * x * y).sum(1), (times * x * x).sum(1), (times * y * y).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.clip(across / np.sqrt(own * other), -1.0, 1.0))
