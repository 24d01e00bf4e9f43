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

_CELLS_AT_ONCE = 1 << 18
"""Numbers of resampled names held together, which the second-level cache nearly does."""

_CROWDED = 10
"""Names a value from which on drawing how often each value comes is quicker than drawing names."""


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
    n, values = int(times.sum()), len(times)
    if n > _CROWDED * values:
        some = max(_CELLS_AT_ONCE // values, 1)
        for start in range(0, draws, some):
            yield generator.multinomial(n, times / n, size=min(some, draws - start))
        return
    of_name = np.repeat(np.arange(values), times)
    some = max(_CELLS_AT_ONCE // n, 1)
    for start in range(0, draws, some):
        size = min(some, draws - start)
        chosen = of_name[generator.integers(n, size=(size, n))]
        place = (chosen + values * np.arange(size)[:, None]).ravel()
        yield np.bincount(place, minlength=size * values).reshape(size, values)
