"""Units of work: what one thread reads in one go, and what a resumed build need not read again.

A unit is a range of rows of one large Parquet file, or consecutive small files. Units are cut from
what listing and footers say, never from the number of threads, so the same sources always give the
same units.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Extent", "Unit", "UnitPart", "parts_of", "plan_units"]

UNIT_ROWS = 1 << 20
"""Rows of a range of a large Parquet file; also what a run holds."""

UNIT_BYTES = 64 << 20
"""Listed bytes after which a unit of small files is full."""


@dataclass(frozen=True)
class Extent:
    """What is known of a source without reading it.

    Attributes
    ----------
    source : int
        Its number.
    rows : int or None
        Rows of a Parquet file; None for any other, whatever it tells.
    bytes : int
        Size in storage; 0 where nobody knows.
    """

    source: int
    rows: int | None
    bytes: int


@dataclass(frozen=True)
class UnitPart:
    """Rows ``[start, stop)`` of the source with this number; all rows behind `start` for None."""

    source: int
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True)
class Unit:
    """Parts read one after the other by one thread."""

    parts: tuple[UnitPart, ...]

    @property
    def name(self) -> str:
        """Stem of the unit's files in the working folder; names sort as rows do."""
        first = self.parts[0]
        return f"unit-{first.source:06d}-{first.start:012d}"


def parts_of(extent: Extent) -> list[UnitPart]:
    """The source whole, or in ranges where it is a large Parquet file."""
    if extent.rows is None or extent.rows <= UNIT_ROWS:
        return [UnitPart(extent.source)]
    starts = range(0, extent.rows, UNIT_ROWS)
    return [UnitPart(extent.source, at, min(at + UNIT_ROWS, extent.rows)) for at in starts]


def plan_units(extents: Iterable[Extent], done: Collection[UnitPart] = frozenset()) -> list[Unit]:
    """Cut sources into units in the order of their rows, around the parts that are `done`."""
    return [Unit(tuple(parts)) for parts in _groups(extents, done)]


def _groups(extents: Iterable[Extent], done: Collection[UnitPart]) -> Iterator[list[UnitPart]]:
    group: list[UnitPart] = []
    held = 0
    for extent in extents:
        for part in parts_of(extent):
            apart = part.stop is not None or part in done
            if not apart:
                group.append(part)
                held += extent.bytes
            if group and (apart or held >= UNIT_BYTES):
                yield group
                group, held = [], 0
            if apart and part not in done:
                yield [part]
    if group:
        yield group
