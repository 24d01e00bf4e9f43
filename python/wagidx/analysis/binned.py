"""The binned procedure of arXiv 2404.04125, exactly as its figures were made.

The study does not fit its rows. It cuts the range of ln(frequency) into bins of equal width, takes
the mean score of each, drops some bins at either end, and correlates what is left:

1. ``x = ln(max(count, 1))``;
2. ``edges = linspace(min x, max x, n_bins)``, which makes ``n_bins - 1`` intervals and, because a
   value on an edge belongs to the bin on its left, one more bin for the smallest x alone;
3. a bin's score is the unweighted mean of its rows, *0 where it has none*, and its place is its
   right edge;
4. Pearson's r of place and mean over a slice of the bins, with the t test that counts every bin as
   one observation; the line is least squares of the same points on log10 of the edge.

A correlation of 4 to 10 means over a slice chosen by hand is high for many reasons, of which a
log-linear law is only one; `wagidx.analysis.permutation` measures how high it is without any. This
module only reproduces it, with every choice a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wagidx.analysis.distributions import correlation_p
from wagidx.analysis.rows import Floats
from wagidx.exceptions import FitError

__all__ = [
    "CLASSIFICATION",
    "RETRIEVAL",
    "BinnedFit",
    "Bins",
    "Recipe",
    "bin_means",
    "binned_fit",
    "correlation",
]


@dataclass(frozen=True)
class Recipe:
    """The choices of the procedure.

    Attributes
    ----------
    n_bins : int
        Number of edges, and of bins: the first bin holds the smallest x alone.
    start, stop : int or None
        The slice of bins used for r and the line: ``bins[start:stop]``.
    """

    n_bins: int = 12
    start: int | None = 1
    stop: int | None = -1

    def __post_init__(self) -> None:
        if self.n_bins < 2:
            raise FitError(f"{self.n_bins} bins: the binned procedure needs at least 2")

    @property
    def slice(self) -> slice:
        """The slice, to index with."""
        return slice(self.start, self.stop)


CLASSIFICATION = Recipe(12, 1, -1)
"""Zero-shot classification: 12 bins, the first and the last dropped."""

RETRIEVAL = Recipe(7, -4, None)
"""Retrieval and text-to-image generation: 7 bins, of which the last 4."""


@dataclass(frozen=True)
class Bins:
    """Rows gathered by frequency; all arrays have shape ``(n_bins,)``.

    Attributes
    ----------
    edge : numpy.ndarray of float64
        Right edge of each bin in ln(count).
    mean : numpy.ndarray of float64
        Mean score, 0 for an empty bin.
    std : numpy.ndarray of float64
        Standard deviation with divisor n, 0 for an empty bin.
    count : numpy.ndarray of int64
        Rows in each bin.
    """

    edge: Floats
    mean: Floats
    std: Floats
    count: NDArray[np.int64]

    @property
    def right_edge(self) -> Floats:
        """Right edges as frequencies: ``exp(edge)``."""
        return np.exp(self.edge)


@dataclass(frozen=True)
class BinnedFit:
    """The results of the procedure; undefined numbers are NaN.

    Attributes
    ----------
    recipe : Recipe
        The choices made.
    bins : Bins
        All bins, including those outside the slice.
    n_rows : int
        Rows given.
    n_points : int
        Bins in the slice: the points of r and of the line.
    n_empty : int
        Empty bins of the slice, which count as a mean of 0.
    rows_in_slice : int
        Rows in the slice's bins.
    pearson_r, pearson_p : float
        Over the slice; p is two-sided and treats each bin as an observation.
    pearson_r_all_bins : float
        Over every bin.
    pearson_r_filled : float
        Over the non-empty bins of the slice.
    slope_per_decade : float
        Units of score per tenfold frequency, over the slice.
    intercept : float
        Units of score at frequency 1.
    """

    recipe: Recipe
    bins: Bins
    n_rows: int
    n_points: int
    n_empty: int
    rows_in_slice: int
    pearson_r: float
    pearson_p: float
    pearson_r_all_bins: float
    pearson_r_filled: float
    slope_per_decade: float
    intercept: float


def bin_means(log_count: ArrayLike, score: ArrayLike, n_bins: int) -> Bins:
    """Gather rows into bins of equal width in ln(count).

    Parameters
    ----------
    log_count : array_like of float, shape (n,)
        ``ln(max(count, 1))``; need not be sorted.
    score : array_like of float, shape (n,)
        In any unit.
    n_bins : int
        Number of edges, and of bins.

    Returns
    -------
    Bins
        O(n log n_bins).

    Raises
    ------
    FitError
        No row, or unequal lengths.
    """
    x, y = np.asarray(log_count, np.float64), np.asarray(score, np.float64)
    if x.shape != y.shape or x.ndim != 1 or not len(x):
        raise FitError(f"binning needs as many scores as counts, and one at least: {x.shape}")
    edges = np.linspace(x.min(), x.max(), n_bins)
    # `right` puts a value on an edge into the bin on its left, so x.min() has bin 0 to itself; the
    # clip only catches a maximum that linspace rounded down.
    place = np.clip(np.digitize(x, edges, right=True), 0, n_bins - 1)
    count = np.bincount(place, minlength=n_bins)
    rows = np.maximum(count, 1)
    # About the first score: bins of scores all alike then have means alike to the last digit.
    mean = np.where(count > 0, y[0] + np.bincount(place, y - y[0], n_bins) / rows, 0.0)
    spread = np.bincount(place, (y - mean[place]) ** 2, n_bins) / rows
    return Bins(edges, mean, np.sqrt(spread), count)


def binned_fit(counts: ArrayLike, score: ArrayLike, recipe: Recipe = CLASSIFICATION) -> BinnedFit:
    """The study's correlation and line of binned means.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Frequency of each row's concept; 0 counts as 1.
    score : array_like of float, shape (n,)
        Performance of each row, in any unit.
    recipe : Recipe
        Bins and slice; `CLASSIFICATION` by default.

    Returns
    -------
    BinnedFit
        Where the slice holds fewer than 2 points, or all alike, r, p and the line are NaN.

    Raises
    ------
    FitError
        No row, or unequal lengths.
    """
    log_count = np.log(np.maximum(np.asarray(counts, np.float64), 1.0))
    bins = bin_means(log_count, score, recipe.n_bins)
    edge, mean = bins.edge[recipe.slice], bins.mean[recipe.slice]
    rows = bins.count[recipe.slice]
    r, p = correlation(edge, mean)
    slope, intercept = _line(edge / np.log(10.0), mean)
    return BinnedFit(
        recipe=recipe,
        bins=bins,
        n_rows=len(log_count),
        n_points=len(edge),
        n_empty=int((rows == 0).sum()),
        rows_in_slice=int(rows.sum()),
        pearson_r=r,
        pearson_p=p,
        pearson_r_all_bins=correlation(bins.edge, bins.mean)[0],
        pearson_r_filled=correlation(edge[rows > 0], mean[rows > 0])[0],
        slope_per_decade=slope,
        intercept=intercept,
    )


def correlation(x: Floats, y: Floats) -> tuple[float, float]:
    """Pearson's r and its two-sided p, NaN where x or y is constant or too short.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        Points.

    Returns
    -------
    tuple of float
        r and p; with two points p is 1, for any two lie on a line.
    """
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan"), float("nan")
    across, along = x - x.mean(), y - y.mean()
    # Each is made a unit vector by itself: the product of two lengths may not fit into a float.
    r = float((across / np.linalg.norm(across)) @ (along / np.linalg.norm(along)))
    r = min(max(r, -1.0), 1.0)
    return r, correlation_p(r, len(x))


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Least squares of y on x: slope and intercept."""
    if len(x) < 2 or np.ptp(x) == 0:
        return float("nan"), float("nan")
    centred = x - x.mean()
    slope = float(centred @ (y - y.mean()) / (centred @ centred))
    return slope, float(y.mean() - slope * x.mean())
