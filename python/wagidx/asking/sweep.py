"""One pass over all rows of an index for a whole list of concepts, a piece of the rows at a time.

Between two pieces the pass reports how far it is, and Ctrl-C is heard.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wagidx import _native
from wagidx.asking.concepts import ConceptList
from wagidx.progress import Progress, Report, reporting
from wagidx.threads import thread_count

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Sweep"]

_PIECE = 1 << 21
"""Rows between two reports: well under a second."""


@dataclass(frozen=True)
class Sweep:
    """Concepts, and how they are asked.

    Attributes
    ----------
    native : _native.Index
        The index.
    concepts : ConceptList
        Names and expressions.
    pos, missing
        As for `Index.count`.
    threads : int or None
        Defaults to the CPUs this process may use.
    progress : callable, bool or None
        As for `wagidx.build`.
    """

    native: _native.Index
    concepts: ConceptList
    pos: str | None = None
    missing: str = "zero"
    threads: int | None = None
    progress: Report | bool | None = None

    def pairs(
        self,
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint64]]:
        """Numbers of every two concepts that share rows, the lower first, and how many they share;
        a concept with itself is its count."""
        native, threads = self._planned()
        for start, stop in self._pieces("pairs"):
            native.count_joint(start, stop, threads)
        return native.joint()

    def drawn(self, cap: int, seed: int) -> Iterator[npt.NDArray[np.uint64]]:
        """Ids that a draw keeps, ascending, an array a piece; see `wagidx.balance`."""
        if not 1 <= cap < 1 << 64:
            raise ValueError(f"cap={cap}: must be at least 1")
        if not 0 <= seed < 1 << 64:
            raise ValueError(f"seed={seed}: must be at least 0 and below 2**64")
        native, threads = self._planned()
        counts = native.counts(threads).tolist()
        draws = native.draws(self.concepts.names, counts, cap, seed)
        for start, stop in self._pieces("draw"):
            yield native.drawn(draws, start, stop, threads)

    def _planned(self) -> tuple[_native.Sweep, int]:
        asked = self.concepts.expressions
        native = _native.Sweep(self.native, asked, self.pos, self.missing)
        return native, thread_count(self.threads)

    def _pieces(self, phase: str) -> Iterator[tuple[int, int]]:
        rows, began = len(self.native), time.monotonic()
        with reporting(self.progress) as report:
            for start in range(0, rows, _PIECE):
                stop = min(start + _PIECE, rows)
                yield start, stop
                if report is not None:
                    report(Progress(phase, stop, rows, time.monotonic() - began))
