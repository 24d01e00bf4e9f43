"""The permutation null of the binned r: no dependence on frequency within a dataset.

Easy datasets contain frequent concepts. Scores permuted *within* each dataset keep that but lose
every association between a concept's frequency and its score; the r that remains is what the binned
procedure gives for the choice of datasets alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wagidx.analysis.binned import CLASSIFICATION, Recipe, bin_means, binned_fit
from wagidx.analysis.rows import Floats, Integers, Rows, codes

__all__ = ["PermutationNull", "benjamini_hochberg", "benjamini_yekutieli", "permutation_null"]

_KEPT = 1 << 23
"""Rows of all shuffles together up to which their orders are kept for the next panel."""


@dataclass(frozen=True)
class PermutationNull:
    """The binned r of permuted scores.

    Attributes
    ----------
    pearson_r : float
        Of the original scores.
    pearson_r_within : float
        After subtracting each dataset's mean score.
    mean : float
        Mean r of the permutations.
    range95 : tuple of float
        Their middle 95 %.
    p : float
        One-sided: share of permutations that reach `pearson_r`, counting the data as one; for
        scores where lower is better, that are as low.
    shuffles, seed : int
        Number of permutations, and the random seed.
    """

    pearson_r: float
    pearson_r_within: float
    mean: float
    range95: tuple[float, float]
    p: float
    shuffles: int
    seed: int


def permutation_null(
    rows: Rows,
    recipe: Recipe = CLASSIFICATION,
    *,
    shuffles: int = 1000,
    seed: int = 0,
    lower_is_better: bool = False,
) -> PermutationNull:
    """Permute scores within datasets and bin them again.

    Parameters
    ----------
    rows : Rows
        Counts, scores and datasets.
    recipe : Recipe
        Bins and slice.
    shuffles, seed : int
        Number of permutations, and the seed of numpy's generator.
    lower_is_better : bool
        Whether `p` counts an r as low, instead of as high.

    Returns
    -------
    PermutationNull
        NaN where r itself is not defined. O(shuffles * n log n).
    """
    dataset = codes(rows.dataset)
    actual = binned_fit(rows.count, rows.score, recipe).pearson_r
    about = rows.score - rows.score[0]
    means = np.bincount(dataset, about) / np.bincount(dataset)
    within = binned_fit(rows.count, about - means[dataset], recipe).pearson_r
    drawn = shuffled_r(rows, recipe, shuffles, seed)
    known = drawn[np.isfinite(drawn)]
    if not len(known) or not np.isfinite(actual):
        nan = float("nan")
        return PermutationNull(actual, within, nan, (nan, nan), nan, shuffles, seed)
    side = -1 if lower_is_better else 1
    reached = int((side * known >= side * actual - 1e-12).sum()) + len(drawn) - len(known)
    low, high = np.quantile(known, [0.025, 0.975])
    return PermutationNull(
        pearson_r=actual,
        pearson_r_within=within,
        mean=float(known.mean()),
        range95=(float(low), float(high)),
        p=(1 + reached) / (1 + shuffles),
        shuffles=shuffles,
        seed=seed,
    )


def shuffled_r(rows: Rows, recipe: Recipe, shuffles: int, seed: int) -> Floats:
    """Binned r of each shuffle; the bins stay, for the counts do."""
    dataset = codes(rows.dataset)
    by_dataset = np.argsort(dataset, kind="stable")
    log_count = np.log(np.maximum(rows.count, 1.0))
    bins = bin_means(log_count, rows.score, recipe.n_bins)
    place = np.clip(np.digitize(log_count, bins.edge, right=True), 0, recipe.n_bins - 1)
    place = place[by_dataset]
    means, about = np.empty((shuffles, recipe.n_bins)), rows.score - rows.score[0]
    for i, order in enumerate(_orders(dataset, shuffles, seed)):
        means[i] = np.bincount(place, about[order], recipe.n_bins)
    means = means / np.maximum(bins.count, 1) + np.where(bins.count > 0, rows.score[0], 0.0)
    x, y = bins.edge[recipe.slice], means[:, recipe.slice]
    if not len(x):
        return np.full(shuffles, np.nan)
    x, y = x - x.mean(), y - y.mean(axis=1, keepdims=True)
    size = np.sqrt((x @ x) * (y**2).sum(axis=1))
    return np.where(size > 0, (y @ x) / np.where(size > 0, size, 1.0), np.nan)


def _orders(dataset: Integers, shuffles: int, seed: int) -> Iterable[NDArray[np.integer[Any]]]:
    """Rows by dataset, in an order of chance within each; those of one study are made once."""
    if shuffles * len(dataset) <= _KEPT and len(dataset) <= np.iinfo(np.uint16).max:
        return _kept(dataset.tobytes(), shuffles, seed)
    return _drawn(dataset, shuffles, seed)


@lru_cache(maxsize=4)
def _kept(dataset: bytes, shuffles: int, seed: int) -> NDArray[np.uint16]:
    drawn = _drawn(np.frombuffer(dataset, np.int64), shuffles, seed)
    return np.array([order.astype(np.uint16) for order in drawn])


def _drawn(dataset: Integers, shuffles: int, seed: int) -> Iterator[NDArray[np.intp]]:
    generator = np.random.default_rng(seed)
    for _ in range(shuffles):
        yield np.argsort(dataset + generator.random(len(dataset)))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """p values adjusted for the false discovery rate of independent tests (1995)."""
    return _adjusted(p, "bh")


def benjamini_yekutieli(p: ArrayLike) -> Floats:
    """p values adjusted for the false discovery rate under any dependence (2001)."""
    return _adjusted(p, "by")


def _adjusted(p: ArrayLike, method: str) -> Floats:
    """Step-up: each p times the tests over its rank, and no larger than the next larger p's."""
    given = np.asarray(p, np.float64)
    size = len(given)
    order, rank = np.argsort(given), np.arange(1, size + 1)
    factor = size / rank * (np.sum(1 / rank) if method == "by" else 1.0)
    stepped = np.minimum.accumulate((given[order] * factor)[::-1])[::-1]
    adjusted = np.empty(size)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
