"""Units of work: what one thread reads in one go, and what a resumed build need not read again.

A unit is a range of rows of one large Parquet file, or consecutive small files. Units are cut from
what listing and footers say, never from the number of threads, so the same sources always give the
same units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wagidx.sources import Source

__all__ = ["Unit", "UnitPart", "plan_units"]

UNIT_ROWS = 1 << 20
"""Rows of a range of a large Parquet file; also what a run holds."""

UNIT_BYTES = 64 << 20
"""Listed bytes after which a unit of small files is full."""


@dataclass(frozen=True)
class UnitPart:
    """Rows ``[start, stop)`` of the source with this number; all rows behind `start` for None."""

    source: int
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True)
class Unit:
    """Parts read one after the other by one thread."""

    number: int
    parts: tuple[UnitPart, ...]

    @property
    def name(self) -> str:
        """Stem of the unit's files in the working folder."""
        return f"unit-{self.number:06d}"


def plan_units(sources: Sequence[Source]) -> list[Unit]:
    """Cut sources into units, in the order of their rows."""
    return [Unit(number, tuple(parts)) for number, parts in enumerate(_groups(sources))]


def _groups(sources: Sequence[Source]) -> Iterator[list[UnitPart]]:
    group: list[UnitPart] = []
    held = 0
    for number, source in enumerate(sources):
        rows = source.rows() if source.format == "parquet" else None
        if rows is not None and rows > UNIT_ROWS:
            if group:
                yield group
            group, held = [], 0
            for start in range(0, rows, UNIT_ROWS):
                yield [UnitPart(number, start, min(start + UNIT_ROWS, rows))]
            continue
        group.append(UnitPart(number))
        held += source.size() or 0
        if held >= UNIT_BYTES:
            yield group
            group, held = [], 0
    if group:
        yield group
