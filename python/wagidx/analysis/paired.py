"""Slopes of several scores on one frequency, and their differences, under the same drawn names.

Two models that were trained on one corpus share every frequency and every concept. The difference
of their slopes is then known far better than either slope: what a concept does to both cancels.
"""

from __future__ import annotations

import numpy as np

from wagidx.analysis.resampling import drawn_names
from wagidx.analysis.rows import Floats, Integers

__all__ = ["logits", "paired_slope_draws"]

_AT_ONCE = 100
"""Draws held in memory together."""


def paired_slope_draws(
    x: Floats,
    scores: Floats,
    name: Integers,
    *,
    group: Integers,
    draws: int = 2000,
    seed: int = 0,
) -> Floats:
    """Slopes within groups of resampled names, for every column of scores.

    Parameters
    ----------
    x : numpy.ndarray of float64, shape (n,)
        ``log10(max(count, 1))``.
    scores : numpy.ndarray of float64, shape (n, k)
        One column for each model.
    name, group : numpy.ndarray of int64, shape (n,)
        Numbers of the names that are drawn, and of the groups that have intercepts, from 0.
    draws, seed : int
        As `wagidx.analysis.resampling.slope_draws`, whose draws these are.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, k)
        NaN where a draw holds too little for a slope. O(draws * n * k).
    """
    y, k = scores - scores.mean(axis=0), scores.shape[1]
    products = np.column_stack([np.ones(len(x)), x, x * x, y, x[:, None] * y])
    parts = [(name[group == g], products[group == g]) for g in np.unique(group)]
    generator, names = np.random.default_rng(seed), int(name.max()) + 1
    found = []
    for start in range(0, draws, _AT_ONCE):
        size = min(_AT_ONCE, draws - start)
        drawn = drawn_names(generator, size, names)
        along, across = np.zeros(size), np.zeros((size, k))
        for place, part in parts:
            sums = drawn[:, place] @ part
            share = sums[:, 1] / np.maximum(sums[:, 0], 1.0)
            along += sums[:, 2] - share * sums[:, 1]
            across += sums[:, 3 + k :] - share[:, None] * sums[:, 3 : 3 + k]
        held = np.where(along > 1e-12, along, np.nan)
        found.append(across / held[:, None])
    return np.concatenate(found)


def logits(score: Floats, scale: float, beside: float = 0.005) -> Floats:
    """``log((s + e) / (1 - s + e))`` of shares s = score / scale, so that 0 and 1 stay finite.

    Parameters
    ----------
    score : numpy.ndarray of float64
        From 0 to `scale`.
    scale : float
        What a perfect score is: 1 or 100.
    beside : float
        e; by default half a point in a hundred.
    """
    share = score / scale
    return np.asarray(np.log((share + beside) / (1 - share + beside)), np.float64)
