"""Counts as distinct values and how many names have each.

Millions of names share some thousands of counts, so what is asked of a long tail, and of resamples
of its names, is asked of the values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wagidx.analysis.rows import Floats, Integers

__all__ = ["Tally", "drawn"]

_CELLS_AT_ONCE = 1 << 20
"""Numbers of resampled names held in memory together."""


@dataclass(frozen=True)
class Tally:
    """Distinct counts.

    Attributes
    ----------
    values : numpy.ndarray of float64, shape (m,)
        Ascending.
    times : numpy.ndarray of int64, shape (m,)
        Names that have each, at least 1.
    """

    values: Floats
    times: Integers

    @classmethod
    def of(cls, counts: ArrayLike) -> Tally:
        """The tally of counts; O(n log n)."""
        values, times = np.unique(np.asarray(counts, np.float64), return_counts=True)
        return cls(values, times.astype(np.int64))

    @property
    def n(self) -> int:
        """Names."""
        return int(self.times.sum())

    def above(self, least: float) -> Tally:
        """The part of at least a value."""
        start = int(np.searchsorted(self.values, least))
        return Tally(self.values[start:], self.times[start:])


def drawn(times: Integers, draws: int, generator: np.random.Generator) -> Iterator[Integers]:
    """As many names drawn with replacement, `draws` times.

    Yields
    ------
    numpy.ndarray of int64, shape (some, m)
        How often each draw has each value; all draws together are `draws` rows.
    """
    n = int(times.sum())
    some = max(_CELLS_AT_ONCE // len(times), 1)
    for start in range(0, draws, some):
        yield generator.multinomial(n, times / n, size=min(some, draws - start))
