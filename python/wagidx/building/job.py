"""Sources into runs: probe, plan, read unit after unit on threads, keep what is finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from wagidx import _native
from wagidx.analyzers import Analyzer
from wagidx.building.part import Part
from wagidx.building.source_table import MEMORY
from wagidx.building.unit_reader import UnitReader
from wagidx.building.units import Extent, Unit, UnitPart, parts_of, plan_units
from wagidx.building.workers import run_tasks
from wagidx.durable import check_space
from wagidx.exceptions import SourceError
from wagidx.memory import Budget, returned_to_system
from wagidx.progress import Progress, Report
from wagidx.sources import Columns, Source
from wagidx.storage import shown

__all__ = ["Job", "Watch"]

Record = dict[str, Any]

_LEAST_BYTES_A_ROW = 8
"""Of runs and the index together; LAION-like captions take four times as much."""


class Watch:
    """Runs tasks and says how far they are; what every long command has.

    Parameters
    ----------
    budget : Budget
        Threads and memory for the tasks.
    report : callable or None
        Called with a `Progress`.
    cancel : Cancel, optional
        Set when a task fails or the caller is interrupted.
    """

    def __init__(
        self, budget: Budget, report: Report | None, cancel: _native.Cancel | None = None
    ) -> None:
        self.budget = budget
        self.cancel = cancel or _native.Cancel()
        self.began = time.monotonic()
        self.rows = 0
        self.total: int | None = None
        self._report = report

    def run(self, phase: str, tasks: Sequence[Callable[[], None]], threads: int) -> None:
        """Run tasks on threads; see `run_tasks`."""
        run_tasks(tasks, threads, self.cancel, partial(self.tick, phase))

    def tick(self, phase: str) -> None:
        """Say how far it is."""
        if self._report is not None:
            seconds = time.monotonic() - self.began
            self._report(Progress(phase, self.rows, self.total, seconds))

    def saw(self, rows: int) -> None:
        """Count rows that were read."""
        self.rows += rows


class Job:
    """Sources on their way into runs.

    Parameters
    ----------
    sources : list of Source
        In the order of their rows.
    options : dict
        What changes answers, as the manifest keeps it.
    analyzer : Analyzer
        Reads the captions.
    watch : Watch
        Runs the reading.
    skip_unreadable : bool
        Whether sources that cannot be read are left out.

    Attributes
    ----------
    fingerprints : list of str or None
        What each source was before it was read; None where that could not be told.
    left_out : dict of int to str
        Sources that could not be read, by number, and why.
    """

    def __init__(
        self,
        sources: list[Source],
        options: dict[str, Any],
        analyzer: Analyzer,
        watch: Watch,
        *,
        skip_unreadable: bool,
    ) -> None:
        self.sources = sources
        self.options = options
        self.analyzer = analyzer
        self.watch = watch
        self.skip_unreadable = skip_unreadable
        self.in_files = all(source.format != MEMORY for source in sources)
        self.fingerprints: list[str | None] = []
        self.left_out: dict[int, str] = {}
        self._probed: dict[int, _Probed] = {}
        self._probe()

    def _probe(self) -> None:
        """Look at every source; when none can be read, say so before anything is written."""
        for number, source in enumerate(self.sources):
            try:
                self._probed[number] = _Probed.of(number, source)
                self.fingerprints.append(source.fingerprint() if self.in_files else "")
            except (SourceError, OSError) as error:
                self.fingerprints.append(None)
                self.left_out[number] = str(error)
        if len(self.left_out) == len(self.sources):
            raise SourceError("; ".join(sorted(self.left_out.values())))

    def plan(self) -> dict[str, Any]:
        """What decides the result, but for the content of the sources."""
        return {
            "options": self.options,
            "query_data": _native.query_data_hash(),
            "sources": [source.name for source in self.sources],
        }

    def columns(self) -> list[str]:
        """For each distinct choice of columns, a line that says it."""
        lines: dict[str, None] = {}
        for number, probed in self._probed.items():
            if number in self.left_out:
                continue
            columns = asdict(probed.columns).items()
            chosen = ", ".join(f"{role} {name}" for role, name in columns if name is not None)
            lines[f"{self.sources[number].format}: {chosen or 'captions'}"] = None
        return list(lines)

    def rows(self) -> int | None:
        """All rows, where the sources tell."""
        counts = [self.sources[extent.source].rows() for extent in self._extents()]
        return None if None in counts else sum(count or 0 for count in counts)

    def _extents(self) -> list[Extent]:
        readable = (n for n, known in enumerate(self.fingerprints) if known is not None)
        return [self._probed[number].extent for number in readable]

    def read(self, part: Part) -> list[Record]:
        """Read every unit that no earlier run finished.

        Returns
        -------
        list of dict
            Records of all units, in the order of their rows.

        Raises
        ------
        SourceError
            A source could not be read, after all others were; or one has changed since an earlier
            run read it.
        """
        extents = self._extents()
        records = self._finished(part, extents)
        units = plan_units(extents, {p for record in records.values() for p in _parts(record)})
        self.watch.rows = sum(sum(record["rows"]) for record in records.values())
        self.watch.total = self.rows()
        self._check_space(part)
        failures = [] if self.skip_unreadable else list(self.left_out.values())

        def read(unit: Unit) -> None:
            watch = self.watch
            reader = UnitReader(
                self.sources,
                self.fingerprints,
                self.options,
                self.analyzer,
                watch.budget.run_bytes,
                watch.cancel,
                watch.saw,
            )
            try:
                record = reader.read(unit, part.folder, skip_unreadable=self.skip_unreadable)
            except SourceError as error:
                failures.append(str(error))
                return
            part.record(unit, record)
            records[unit.name] = record

        tasks = [partial(read, unit) for unit in units]
        with returned_to_system():
            self.watch.run("read", tasks, self.watch.budget.threads)
        if failures:
            raise SourceError(_failed(failures))
        return self._without_left_out([records[name] for name in sorted(records)])

    def _check_space(self, part: Part) -> None:
        """Refuse to begin where the disk cannot hold the rows that are still to be read."""
        if self.watch.total is not None and not self.options.get("filters"):
            left = self.watch.total - self.watch.rows
            check_space(part.folder, left * _LEAST_BYTES_A_ROW)

    def _finished(self, part: Part, extents: Iterable[Extent]) -> dict[str, Record]:
        """Units that an earlier run finished and that still hold, by name."""
        order = {p: place for place, p in enumerate(p for e in extents for p in parts_of(e))}
        found: dict[str, Record] = {}
        next_place = 0
        for name, record in part.records():
            if self._waits(record):
                found[name] = record
                continue
            places = [order.get(one, -1) for one in _parts(record)] or [-1]
            consecutive = places == list(range(places[0], places[0] + len(places)))
            if consecutive and places[0] >= next_place and not record["skipped"]:
                next_place = places[-1] + 1
                found[name] = record
            else:
                part.forget(name)
        return found

    def _waits(self, record: Record) -> bool:
        """Whether a unit holds a source that cannot be read now, so that nothing can be told of it.

        Raises
        ------
        SourceError
            A source is another than it was.
        """
        waits = False
        for (number, *_), before in zip(record["parts"], record["fingerprints"]):
            now = self.fingerprints[number]
            if now is None:
                waits = not self.skip_unreadable
            elif now != before:
                raise SourceError(
                    f"{shown(self.sources[number].name)}: has changed since an unfinished run read "
                    "it; start over with --fresh"
                )
        return waits

    def _without_left_out(self, records: list[Record]) -> list[Record]:
        """Leave out the ranges of a large file of which another range cannot be read."""
        for record in records:
            self.left_out.update(record["skipped"])

        def whole(record: Record) -> bool:
            return all(number not in self.left_out for number, *_ in record["parts"])

        kept = [record for record in records if record["parts"] and whole(record)]
        if not kept:
            raise SourceError("; ".join(sorted(self.left_out.values())))
        return kept

    def lines(self, records: list[Record]) -> list[dict[str, Any]]:
        """The sources as the table of an index keeps them."""
        rows = dict.fromkeys(range(len(self.sources)), 0)
        for record in records:
            for (number, *_), count in zip(record["parts"], record["rows"]):
                rows[number] += count
        return [self._line(number, count) for number, count in rows.items()]

    def _line(self, number: int, rows: int) -> dict[str, Any]:
        source, reason = self.sources[number], self.left_out.get(number)
        read = reason is None
        return {
            "name": source.name,
            "format": source.format,
            "rows": rows,
            "bytes": self._probed[number].size if read else None,
            "fingerprint": self.fingerprints[number] if read else "",
            **asdict(self._probed[number].columns if read else Columns()),
            "skipped": reason,
        }


@dataclass(frozen=True)
class _Probed:
    """What a source was before it was read; by the time that is written down it may be gone."""

    columns: Columns
    size: int | None
    extent: Extent

    @staticmethod
    def of(number: int, source: Source) -> _Probed:
        columns, size = source.columns(), source.size()
        rows = source.rows() if source.format == "parquet" else None
        return _Probed(columns, size, Extent(number, rows, size or 0))


def _parts(record: Record) -> list[UnitPart]:
    return [UnitPart(*part) for part in record["parts"]]


def _failed(failures: list[str]) -> str:
    return (
        f"{len(failures)} source(s) could not be read, the others are kept for the next run of the "
        f"same command: {'; '.join(sorted(failures))}"
    )
