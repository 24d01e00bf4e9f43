"""Reads one unit of work on one thread: batches of its sources into a native run builder."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.analyzers import Analyzer
from wagidx.building.stored import StoredWriter, stored_role
from wagidx.building.units import Unit, UnitPart
from wagidx.exceptions import SourceError
from wagidx.memory import give_back
from wagidx.printable import printable
from wagidx.sources import Source, SourceBatch

__all__ = ["UnitReader"]

_LOG = logging.getLogger("wagidx")
_TOO_LONG = "%s: row %d is malformed: its caption is longer than 16 MiB"


class UnitReader:
    """Reads units.

    Parameters
    ----------
    sources : sequence of Source
        All sources, by their number.
    fingerprints : sequence of str or None
        What each source was before reading began; the empty text where it has no fingerprint.
    options : dict
        ``case``, ``cjk_bigrams``, ``positions``, ``store_captions`` and ``store_keys`` are used
        here.
    analyzer : Analyzer
        Reads the captions.
    run_bytes : int
        Memory of a run.
    cancel : Cancel
        Stops the reading from another thread.
    saw : callable
        Told the number of rows of each batch.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        fingerprints: Sequence[str | None],
        options: dict[str, Any],
        analyzer: Analyzer,
        run_bytes: int,
        cancel: _native.Cancel,
        saw: Callable[[int], None],
    ) -> None:
        self._sources = sources
        self._fingerprints = fingerprints
        self._options = options
        self._analyzer = analyzer
        self._native_analyzer = _native.Analyzer(
            analyzer.tier,
            case=options["case"],
            cjk_bigrams=options["cjk_bigrams"],
            tagger=analyzer.tagger,
        )
        self._run_bytes = run_bytes
        self._cancel = cancel
        self._saw = saw

    def read(self, unit: Unit, folder: Path, *, skip_unreadable: bool) -> dict[str, Any]:
        """Read `unit` into runs in `folder`.

        Returns
        -------
        dict
            The unit's record: ``runs``, ``stats``, ``stored`` (the file of kept captions, or None),
            ``parts`` with their ``rows`` and ``fingerprints``, and ``skipped``: pairs of a source's
            number and the reason why it is not among the parts.

        Raises
        ------
        SourceError
            A source cannot be read, and `skip_unreadable` is false.
        OSError
            The runs cannot be written.
        """
        parts = list(unit.parts)
        skipped: list[tuple[int, str]] = []
        while True:
            try:
                return self._read_parts(unit, parts, folder) | {"skipped": skipped}
            except _PartError as failure:
                if not skip_unreadable:
                    raise SourceError(str(failure.error)) from failure.error
                # What the source gave before it failed is in the builder: the unit begins anew.
                skipped.append((failure.part.source, str(failure.error)))
                parts.remove(failure.part)

    def _read_parts(self, unit: Unit, parts: list[UnitPart], folder: Path) -> dict[str, Any]:
        options = self._options
        builder = _native.UnitBuilder(
            str(folder),
            unit.name,
            self._native_analyzer,
            options["positions"],
            self._run_bytes,
            self._cancel,
        )
        role = stored_role(options)
        writer = StoredWriter(folder, unit, role) if role is not None else None
        try:
            rows = [self._read_part(part, builder, writer) for part in parts]
            stored = writer.finish() if writer is not None else None
        except BaseException:
            if writer is not None:
                writer.abandon()
            raise
        runs, stats = builder.finish()
        return {
            "runs": [
                {"file": os.path.basename(path), "rows": count, "size": os.path.getsize(path)}
                for path, count in runs
            ],
            "stats": json.loads(stats),
            "parts": [[part.source, part.start, part.stop] for part in parts],
            "rows": rows,
            "fingerprints": [self._fingerprints[part.source] for part in parts],
            "stored": stored,
        }

    def _read_part(
        self, part: UnitPart, builder: _native.UnitBuilder, writer: StoredWriter | None
    ) -> int:
        rows = 0
        name = printable(self._sources[part.source].name)
        with closing(self._batches(part, keep=writer is not None)) as batches:
            for batch in batches:
                give_back(batch.captions)
                nouns = self._analyzer.nouns(batch.captions, batch.status)
                for row in builder.push(batch.captions, batch.status, nouns):
                    _LOG.warning(_TOO_LONG, name, part.start + rows + row)
                if writer is not None:
                    writer.write(batch)
                rows += len(batch)
                self._saw(len(batch))
        return rows

    def _batches(self, part: UnitPart, *, keep: bool) -> Generator[SourceBatch, None, None]:
        """The batches of a part. What fails in here is the source's fault, and nothing else is."""
        source = self._sources[part.source]
        try:
            yield from source.batches(start=part.start, stop=part.stop, keys=keep, urls=keep)
            before = self._fingerprints[part.source]
            if before and source.fingerprint() != before:
                raise SourceError(f"{printable(source.name)}: changed while it was read")
        except (SourceError, OSError) as error:
            raise _PartError(part, error) from error


class _PartError(Exception):
    """A part of a unit that cannot be read."""

    def __init__(self, part: UnitPart, error: Exception) -> None:
        super().__init__(str(error))
        self.part = part
        self.error = error
