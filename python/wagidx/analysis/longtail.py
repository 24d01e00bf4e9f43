"""How unequal concept frequencies are: shares, Gini, and how much the top of the list holds.

All of it describes the counts given and no others. A list of concepts that somebody chose is not a
sample of a vocabulary, so nothing here is an estimate of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wagidx.exceptions import FitError

__all__ = ["LongTail", "gini", "long_tail", "top_mass"]

DECADES = 9
"""``frac_le`` covers 10^0 to 10^8, more than any count of a web corpus' concept."""

FRACTIONS = 4
"""``frac_below_max`` covers 10^-1 to 10^-4."""


@dataclass(frozen=True)
class LongTail:
    """Description of a set of counts, zeros among them.

    Attributes
    ----------
    n : int
        Concepts.
    zero_share : float
        Share of the concepts that occur nowhere.
    max, sum : int
        Largest count, and all counts together.
    median : float
        Middle count.
    gini : float
        0 where all counts are equal, near 1 where one concept holds all; NaN where all are 0.
    top1pct_mass, top10pct_mass : float
        Share of the sum that the most frequent 1 % and 10 % of the concepts hold; NaN likewise.
    frac_le : dict
        For each k from 0 to 8 the share of concepts with a count of at most 10^k.
    frac_below_max : dict
        For each k from 1 to 4 the share of concepts with a count below 10^-k of the largest; NaN
        likewise.
    """

    n: int
    zero_share: float
    max: int
    median: float
    sum: int
    gini: float
    top1pct_mass: float
    top10pct_mass: float
    frac_le: dict[int, float]
    frac_below_max: dict[int, float]


def long_tail(counts: ArrayLike) -> LongTail:
    """Describe a set of counts; O(n log n).

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        Frequencies, zeros included.

    Raises
    ------
    FitError
        No count.
    """
    values = np.asarray(counts, np.float64)
    if not len(values):
        raise FitError("a long tail needs at least one count")
    most = values.max()
    relative = values / most if most else np.full(len(values), np.nan)
    return LongTail(
        n=len(values),
        zero_share=float((values == 0).mean()),
        max=int(most),
        median=float(np.median(values)),
        sum=int(values.sum()),
        gini=gini(values),
        top1pct_mass=top_mass(values, 0.01),
        top10pct_mass=top_mass(values, 0.10),
        frac_le={k: float((values <= 10.0**k).mean()) for k in range(DECADES)},
        frac_below_max={
            k: float((relative < 10.0**-k).mean()) if most else float("nan")
            for k in range(1, FRACTIONS + 1)
        },
    )


def gini(counts: ArrayLike) -> float:
    """Gini coefficient: ``sum (2i - n - 1) v_i / (n sum v)``, v ascending; NaN where all are 0."""
    values = np.sort(np.asarray(counts, np.float64))
    n, total = len(values), values.sum()
    if not total:
        return float("nan")
    return float(((2 * np.arange(1, n + 1) - n - 1) * values).sum() / (n * total))


def top_mass(counts: ArrayLike, share: float) -> float:
    """Share of all occurrences that the most frequent `share` of the concepts holds.

    The number of those concepts is ``round(share * n)``, a half going to the even number.
    """
    values = np.sort(np.asarray(counts, np.float64))[::-1]
    total = values.sum()
    return float(values[: round(share * len(values))].sum() / total) if total else float("nan")
