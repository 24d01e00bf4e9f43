"""The slope under other draws of concept names.

A concept that stands in several datasets brings one frequency to all its rows, so names, not rows,
are drawn with replacement, and a drawn name brings all its rows. What that needs of a regression is
sums of products by name; a draw is then a weighted sum of them, and 2,000 draws are one matrix
product a dataset.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from wagidx.analysis.distributions import normal_cdf, t_point
from wagidx.analysis.regression import Interval
from wagidx.analysis.rows import Floats, Integers

__all__ = ["concept_interval", "drawn_names", "slope_draws"]

_AT_ONCE = 100
"""Draws held in memory together."""

_KEPT = 1 << 23
"""Names of all draws together up to which draws are kept for the next panel."""


def slope_draws(
    x: Floats,
    y: Floats,
    name: Integers,
    *,
    group: Integers | None = None,
    beside: Floats | None = None,
    names: int | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> Floats:
    """Slopes of resampled names.

    Parameters
    ----------
    x, y, group, beside
        As `wagidx.analysis.regression.least_squares` takes them.
    name : numpy.ndarray of int64, shape (n,)
        Number of each row's concept name, from 0.
    names : int, optional
        How many names are drawn from, where some of them have no row here: two tables whose names
        are numbered alike then see the same draws.
    draws, seed : int
        How many, and where numpy's generator starts.

    Returns
    -------
    numpy.ndarray of float64, shape (draws,)
        NaN where a draw holds too little for a slope. O(draws * n).
    """
    y = y - y[0]  # a constant says nothing of a slope, and costs digits
    columns = [x, y] if beside is None else [x, beside, y]
    group = np.zeros(len(x), np.int64) if group is None else group
    names = int(name.max()) + 1 if names is None else names
    parts = [_by_name(name[group == g], [c[group == g] for c in columns]) for g in np.unique(group)]
    found = []
    for drawn in _blocks(seed, draws, names):
        cross = sum(
            _centred((drawn if len(place) == names else drawn[:, place]) @ part, len(columns))
            for place, part in parts
        )
        found.append(_slopes(np.asarray(cross)))
    return np.concatenate(found)


def _blocks(seed: int, draws: int, names: int) -> Iterator[Floats]:
    """Draws of names, some at a time; those of the panels of one study are drawn once."""
    if draws * names <= _KEPT:
        drawn = _kept(seed, draws, names)
        for start in range(0, draws, _AT_ONCE):
            yield drawn[start : start + _AT_ONCE].astype(np.float64)
    else:
        yield from _drawn(seed, draws, names)


@lru_cache(maxsize=4)
def _kept(seed: int, draws: int, names: int) -> NDArray[np.uint16]:
    return np.concatenate([block.astype(np.uint16) for block in _drawn(seed, draws, names)])


def _drawn(seed: int, draws: int, names: int) -> Iterator[Floats]:
    generator = np.random.default_rng(seed)
    for start in range(0, draws, _AT_ONCE):
        yield drawn_names(generator, min(_AT_ONCE, draws - start), names)


def drawn_names(generator: np.random.Generator, draws: int, names: int) -> Floats:
    """How often each draw of as many names has each; shape (draws, names).

    Counting drawn numbers takes a tenth of the time of a multinomial's binomial for every name.
    """
    chosen = generator.integers(names, size=(draws, names))
    place = chosen + names * np.arange(draws)[:, None]
    counted = np.bincount(place.ravel(), minlength=draws * names)
    return counted.reshape(draws, names).astype(np.float64)


def _by_name(name: Integers, columns: list[Floats]) -> tuple[Integers, Floats]:
    """The names that have rows, ascending, and the sums of `_products` over the rows of each."""
    place, row = np.unique(name, return_inverse=True)
    sums = [np.bincount(row, product) for product in _products(columns).T]
    return place, np.column_stack(sums)


def _products(columns: list[Floats]) -> Floats:
    """For each row: 1, the columns, and their products two by two."""
    pairs = [a * b for a, b in combinations_with_replacement(columns, 2)]
    return np.column_stack([np.ones(len(columns[0])), *columns, *pairs])


def _centred(sums: Floats, k: int) -> Floats:
    """Cross products about the means, shape (draws, k, k), from sums of `_products`."""
    total, first, second = sums[:, :1], sums[:, 1 : k + 1], sums[:, k + 1 :]
    cross = np.empty((len(sums), k, k))
    for place, (i, j) in enumerate(combinations_with_replacement(range(k), 2)):
        about = second[:, place] - first[:, i] * first[:, j] / np.maximum(total[:, 0], 1.0)
        cross[:, i, j] = cross[:, j, i] = about
    return cross


def _slopes(cross: Floats) -> Floats:
    """First coefficient of the last column on the others, by solving the normal equations."""
    if cross.shape[1] == 2:
        across, along = cross[:, 0, 1], cross[:, 0, 0]
    else:
        along = cross[:, 0, 0] * cross[:, 1, 1] - cross[:, 0, 1] ** 2
        across = cross[:, 0, 2] * cross[:, 1, 1] - cross[:, 1, 2] * cross[:, 0, 1]
    enough = along > 1e-12
    return np.where(enough, across / np.where(enough, along, 1.0), np.nan)


def concept_interval(drawn: Floats, names: int) -> Interval:
    """The middle of resampled slopes: Hesterberg's (2015) expanded percentiles.

    Resamples of few names spread too little, by a factor of sqrt((names - 1) / names) and by what
    Student's t has over the normal distribution; so a little more than the middle 95 % is taken.
    """
    kept = drawn[np.isfinite(drawn)]
    if len(kept) < 0.99 * len(drawn) or len(kept) < 2 or names < 2:
        return Interval.refused("too few names: resampled slopes are not defined")
    reach = t_point(0.975, names - 1) * np.sqrt(names / (names - 1))
    tail = normal_cdf(-reach)
    low, high = np.quantile(kept, [tail, 1 - tail], method="weibull")
    return Interval(float(low), float(high), float(kept.std(ddof=1)))
