"""Reads one unit of work on one thread: batches of its sources into a native run builder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.exceptions import SourceError
from wagidx.sources import Source
from wagidx.stored import CaptionWriter
from wagidx.units import Unit, UnitPart

__all__ = ["UnitReader"]


class UnitReader:
    """Reads units.

    Parameters
    ----------
    sources : list of Source
        All sources of the build.
    readable : list of int
        Numbers of those that units count: part n of a unit means ``sources[readable[n]]``.
    options : dict
        ``analyzer`` and ``store_captions`` are used here.
    cancel : Cancel
        Stops the reading from another thread.
    saw : callable
        Told the number of rows of each batch.
    """

    def __init__(
        self,
        sources: list[Source],
        readable: list[int],
        options: dict[str, Any],
        cancel: _native.Cancel,
        saw: Callable[[int], None],
    ) -> None:
        self._sources = sources
        self._readable = readable
        self._options = options
        self._cancel = cancel
        self._saw = saw

    def read(self, unit: Unit, folder: Path, *, skip_unreadable: bool) -> dict[str, Any]:
        """Read `unit` into runs in `folder`.

        Returns
        -------
        dict
            The unit's record: ``runs``, ``stats``, ``sources`` (number and rows of each),
            ``stored`` (the file of kept captions, or None), ``skipped``.

        Raises
        ------
        SourceError
            A source cannot be read, and `skip_unreadable` is false.
        """
        parts = list(unit.parts)
        skipped: list[str] = []
        while True:
            try:
                return self._read_parts(unit, parts, folder) | {"skipped": skipped}
            except _PartError as failure:
                if not skip_unreadable:
                    raise SourceError(str(failure.error)) from failure.error
                # What the source gave before it failed is in the builder: the unit begins anew.
                skipped.append(str(failure.error))
                parts.remove(failure.part)

    def _read_parts(self, unit: Unit, parts: list[UnitPart], folder: Path) -> dict[str, Any]:
        builder = _native.UnitBuilder(
            str(folder), unit.name, self._options["analyzer"], self._cancel
        )
        writer = CaptionWriter(folder, unit) if self._options["store_captions"] else None
        try:
            rows = [self._read_part(part, builder, writer) for part in parts]
            stored = writer.finish() if writer is not None else None
        except BaseException:
            if writer is not None:
                writer.abandon()
            raise
        runs, stats = builder.finish()
        return {
            "runs": [{"file": os.path.basename(path), "rows": count} for path, count in runs],
            "stats": json.loads(stats),
            "sources": [[self._readable[p.source], n] for p, n in zip(parts, rows)],
            "stored": stored,
        }

    def _read_part(
        self, part: UnitPart, builder: _native.UnitBuilder, writer: CaptionWriter | None
    ) -> int:
        source = self._sources[self._readable[part.source]]
        rows = 0
        try:
            keep = writer is not None
            for batch in source.batches(start=part.start, stop=part.stop, keys=keep, urls=keep):
                builder.push(batch.captions, batch.status)
                if writer is not None:
                    writer.write(batch)
                rows += len(batch)
                self._saw(len(batch))
        except (SourceError, OSError) as error:
            raise _PartError(part, error) from error
        return rows


class _PartError(Exception):
    """A part of a unit that cannot be read."""

    def __init__(self, part: UnitPart, error: Exception) -> None:
        super().__init__(str(error))
        self.part = part
        self.error = error
