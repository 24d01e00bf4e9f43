"""Build an index: sources -> units on threads -> runs -> one merge -> the index appears."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.exceptions import SourceError
from wagidx.part import Part
from wagidx.progress import Progress, Report, reporting
from wagidx.source_table import write_sources
from wagidx.sources import Source, from_python, open_sources
from wagidx.threads import available_cpus
from wagidx.unit_reader import UnitReader
from wagidx.units import Unit, plan_units

__all__ = ["BuildPlan", "BuildStats", "build", "plan_build"]

_POLL_SECONDS = 0.1
_MAX_SEGMENT_ROWS = 2**32 - 1
# What a million LAION-like captions took on one thread; `make bench` measures them anew.
_BYTES_A_CAPTION = 20
_CAPTIONS_A_CPU_SECOND = 400_000


@dataclass(frozen=True)
class BuildStats:
    """What a build saw and made. ``rows = captions + nulls + malformed + filtered``.

    Attributes
    ----------
    rows, captions, nulls, empty, filtered, malformed : int
        Rows by kind; `empty` counts captions that are the empty text.
    invalid_utf8 : int
        Captions with bytes that are no UTF-8, read with U+FFFD in their place.
    truncated_keys : int
        Keys cut to 255 bytes.
    tokens, terms, postings : int
        Tokens (white space apart), distinct terms, and (term, row) pairs.
    bytes : int
        Size of the index.
    seconds : float
        Wall-clock time.
    peak_rss_bytes : int
        Largest resident memory of this process so far.
    columns : list of str
        For each choice of columns, a line that says it.
    skipped : list of str
        Sources left out because they could not be read.
    """

    rows: int
    captions: int
    nulls: int
    empty: int
    filtered: int
    malformed: int
    invalid_utf8: int
    truncated_keys: int
    tokens: int
    terms: int
    postings: int
    bytes: int
    seconds: float
    peak_rss_bytes: int
    columns: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return asdict(self)


@dataclass(frozen=True)
class BuildPlan:
    """What a build would do, found out without reading captions.

    Attributes
    ----------
    files : list of dict
        For each source: path, format, caption, key, url, rows (None if unknown), bytes.
    rows : int or None
        All rows, where every source tells.
    expected_bytes : int or None
        Expected size of the index.
    minutes : float or None
        Expected CPU minutes.
    """

    files: list[dict[str, Any]]
    rows: int | None
    expected_bytes: int | None
    minutes: float | None

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return asdict(self)


def plan_build(
    sources: Any,
    *,
    caption_column: str | None = None,
    key_column: str | None = None,
    format: str = "auto",
    filters: Sequence[str] = (),
) -> BuildPlan:
    """Say what `build` would read, without reading captions. Parameters as there."""
    opened = _open(sources, None, caption_column, key_column, format, filters)
    files = [_describe(source) for source in opened]
    counts = [file["rows"] for file in files]
    rows = None if None in counts else sum(counts)
    return BuildPlan(
        files=files,
        rows=rows,
        expected_bytes=None if rows is None else rows * _BYTES_A_CAPTION,
        minutes=None if rows is None else rows / _CAPTIONS_A_CPU_SECOND / 60,
    )


def build(
    sources: Any = None,
    output: str | os.PathLike[str] | None = None,
    *,
    captions: Any = None,
    caption_column: str | None = None,
    key_column: str | None = None,
    format: str = "auto",
    analyzer: str = "lemma",
    filters: Sequence[str] = (),
    threads: int | None = None,
    store_captions: bool = False,
    skip_unreadable: bool = False,
    resume: bool | None = None,
    progress: Report | bool | None = None,
) -> BuildStats:
    """Build the index `output` over captions.

    Parameters
    ----------
    sources : path, sequence of paths, or Arrow data
        Files, folders, globs and fsspec URLs; or an object with ``__arrow_c_stream__``, or an
        iterable of record batches.
    output : path
        A folder that must not exist yet.
    captions : iterable of str or None, optional
        Captions themselves, instead of `sources`; None is a NULL caption. Ids follow their order.
    caption_column, key_column : str, optional
        Columns by name; otherwise by convention (TEXT, text, caption, ...).
    format : str
        ``"auto"``, parquet, csv, tsv, jsonl, webdataset or text.
    analyzer : str
        ``"lemma"`` (plurals meet singulars) or ``"surface"``.
    filters : sequence of str
        Conditions such as ``"LANGUAGE=en"``; a row must pass all.
    threads : int, optional
        Defaults to the CPUs this process may use.
    store_captions : bool
        Keep text, key and url in the index, so that `Index.captions` needs no sources.
    skip_unreadable : bool
        Publish without the sources that cannot be read.
    resume : bool, optional
        None resumes an unfinished build of the same sources and options; True also takes a finished
        index as done; False starts anew and replaces an index once the new one is complete.
    progress : callable, bool or None
        A callable is called with a `Progress` about ten times a second. None shows a bar in a
        notebook (with the extra ``notebook``) and nothing elsewhere, True a bar anywhere, False
        none.

    Returns
    -------
    BuildStats

    Raises
    ------
    FileExistsError
        There is an index at `output`.
    SourceError
        Sources that cannot be read; the others' units are kept for a resumed build.
    """
    if output is None:
        raise TypeError("build() needs the output path")
    target = Path(output)
    if target.exists() and resume is not False:
        if resume:
            return _finished_stats(target)
        raise FileExistsError(
            f"{target}: exists; choose another name, or replace it with --fresh (resume=False)"
        )
    opened = _open(sources, captions, caption_column, key_column, format, filters)
    options = {
        "analyzer": analyzer,
        "caption_column": caption_column,
        "filters": list(filters),
        "format": format,
        "key_column": key_column,
        "store_captions": store_captions,
    }
    with reporting(progress) as report:
        job = _Job(opened, options, threads or available_cpus(), skip_unreadable, report)
        return job.run(target, resume)


def _open(
    sources: Any,
    captions: Any,
    caption_column: str | None,
    key_column: str | None,
    format: str,
    filters: Sequence[str],
) -> list[Source]:
    if (sources is None) == (captions is None):
        raise TypeError("build() needs either sources or captions")
    paths = sources
    if isinstance(sources, str | bytes | os.PathLike):
        paths = [sources]
    if isinstance(paths, list | tuple) and all(
        isinstance(p, str | bytes | os.PathLike) for p in paths
    ):
        return open_sources(
            paths,
            format=format,
            caption_column=caption_column,
            key_column=key_column,
            filters=filters,
        )
    data = captions if sources is None else sources
    return [
        from_python(data, caption_column=caption_column, key_column=key_column, filters=filters)
    ]


def _describe(source: Source) -> dict[str, Any]:
    columns = source.columns()
    return {
        "path": source.name,
        "format": source.format,
        "caption": columns.caption,
        "key": columns.key,
        "url": columns.url,
        "rows": source.rows(),
        "bytes": source.size(),
    }


class _Job:
    """One build: reads units on threads, merges their runs, publishes."""

    def __init__(
        self,
        sources: list[Source],
        options: dict[str, Any],
        threads: int,
        skip_unreadable: bool,
        report: Report | None,
    ) -> None:
        self.sources = sources
        self.options = options
        self.threads = threads
        self.skip_unreadable = skip_unreadable
        self.report = report
        self.cancel = _native.Cancel()
        self.began = time.monotonic()
        self.rows_read = 0
        self.total: int | None = None
        self.in_files = all(source.format != "arrow" for source in sources)

    def run(self, target: Path, resume: bool | None) -> BuildStats:
        fingerprints, skipped = self._probe()
        plan = {
            "options": self.options,
            "query_data": _native.query_data_hash(),
            "sources": [[source.name, fingerprints[i]] for i, source in enumerate(self.sources)],
        }
        fresh = resume is False
        with Part(target, plan, resumable=self.in_files, fresh=fresh) as part:
            records = self._read_units(part, fingerprints)
            skipped += [line for record in records for line in record["skipped"]]
            manifest = self._write(part, records, fingerprints)
            keep = {info["file"] for info in manifest["segments"] + manifest["files"]}
            part.publish(keep | {"manifest.json"}, replace=fresh)
        return _stats(target, manifest, self.began, self._columns(), skipped)

    def _probe(self) -> tuple[list[str | None], list[str]]:
        """Fingerprints of the sources, None where one cannot be read, and a line for each of these.

        What cannot even be opened is told before anything is read.
        """
        fingerprints: list[str | None] = []
        failures = []
        for source in self.sources:
            try:
                source.columns()
                fingerprints.append(source.fingerprint() if self.in_files else "")
            except (SourceError, OSError) as error:
                if not self.skip_unreadable:
                    raise
                fingerprints.append(None)
                failures.append(str(error))
        if failures and not any(fingerprints):
            raise SourceError(failures[0])
        return fingerprints, failures

    def _columns(self) -> list[str]:
        """For each distinct choice of columns, a line that says it."""
        lines: dict[str, None] = {}
        for source in self.sources:
            try:
                columns = source.columns()
            except (SourceError, OSError):
                continue
            chosen = ", ".join(
                f"{role} {name}" for role, name in asdict(columns).items() if name is not None
            )
            lines[f"{source.format}: {chosen or 'captions'}"] = None
        return list(lines)

    def _read_units(self, part: Part, fingerprints: list[str | None]) -> list[dict[str, Any]]:
        """Read every unit that no earlier build finished; their records in the order of rows."""
        units = plan_units(
            [source for source, known in zip(self.sources, fingerprints) if known is not None]
        )
        readable = [i for i, known in enumerate(fingerprints) if known is not None]
        records = {unit.number: part.finished(unit) for unit in units}
        self.rows_read = sum(r["stats"]["rows"] for r in records.values() if r is not None)
        self._count_total(readable)
        failures: list[str] = []

        def read(unit: Unit) -> None:
            try:
                reader = UnitReader(self.sources, readable, self.options, self.cancel, self._saw)
                record = reader.read(unit, part.folder, skip_unreadable=self.skip_unreadable)
            except SourceError as error:
                failures.append(str(error))
                return
            part.record(unit, record)
            records[unit.number] = record

        missing = [unit for unit in units if records[unit.number] is None]
        self._run("read", [partial(read, unit) for unit in missing], self.threads)
        if failures:
            raise SourceError(
                f"{len(failures)} source(s) could not be read, the others are kept for the next "
                f"run of this build: {'; '.join(sorted(failures))}"
            )
        return [record for record in records.values() if record is not None]

    def _count_total(self, readable: list[int]) -> None:
        counts = [self.sources[i].rows() for i in readable]
        self.total = None if None in counts else sum(count or 0 for count in counts)

    def _saw(self, rows: int) -> None:
        self.rows_read += rows

    def _run(self, phase: str, tasks: list[Callable[[], None]], threads: int) -> None:
        """Run tasks on threads while this one watches for Ctrl-C and reports."""
        with ThreadPoolExecutor(max(1, threads)) as pool:
            waiting: set[Future[None]] = {pool.submit(task) for task in tasks}
            try:
                while waiting:
                    done, waiting = wait(waiting, _POLL_SECONDS, FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    self._report(phase)
            except BaseException:
                self.cancel.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _report(self, phase: str) -> None:
        if self.report is not None:
            seconds = time.monotonic() - self.began
            self.report(Progress(phase, self.rows_read, self.total, seconds))

    def _write(
        self, part: Part, records: list[dict[str, Any]], fingerprints: list[str | None]
    ) -> dict[str, Any]:
        """Merge the runs, write the sources table, and publish the manifest in the part folder."""
        segments: list[dict[str, Any]] = []

        def merge() -> None:
            for number, runs in enumerate(_segment_groups(records), start=1):
                out = part.folder / f"segment-{number:06d}.wag"
                out.unlink(missing_ok=True)
                paths = [str(part.folder / run) for run in runs]
                merged = _native.merge_runs(paths, str(out), self.threads, self.cancel)
                segments.append(json.loads(merged))

        self._run("merge", [merge], 1)
        rows: dict[int, int] = {}
        for record in records:
            for source, count in record["sources"]:
                rows[source] = rows.get(source, 0) + count
        files = [write_sources(part.folder, self.sources, fingerprints, rows)]
        files += [record["stored"] for record in records if record["stored"]]
        manifest = {
            "version": 1,
            "library": _native.__version__,
            "analyzer": {
                "tier": self.options["analyzer"],
                "query_data": _native.query_data_hash(),
                "readings": False,
            },
            "stats": _total([record["stats"] for record in records]),
            "segments": segments,
            "files": files,
            "options": self.options,
            "checksum": "",
        }
        sealed = _native.publish_manifest(str(part.folder), json.dumps(manifest))
        result: dict[str, Any] = json.loads(sealed)
        return result


def _segment_groups(records: list[dict[str, Any]]) -> list[list[str]]:
    """Runs of each segment: as many as its rows allow; no rows at all make one empty one."""
    groups: list[list[str]] = [[]]
    held = 0
    for run in (run for record in records for run in record["runs"]):
        if held + run["rows"] > _MAX_SEGMENT_ROWS:
            groups.append([])
            held = 0
        groups[-1].append(run["file"])
        held += run["rows"]
    return groups


_FIGURES = (
    "rows",
    "captions",
    "nulls",
    "empty",
    "filtered",
    "malformed",
    "invalid_utf8",
    "truncated_keys",
    "tokens",
)


def _total(parts: list[dict[str, int]]) -> dict[str, int]:
    return {figure: sum(part[figure] for part in parts) for figure in _FIGURES}


def _finished_stats(target: Path) -> BuildStats:
    """The statistics of an index that is there already."""
    index = _native.Index(str(target))
    return _stats(target, json.loads(index.manifest()), time.monotonic(), [], [])


def _stats(
    target: Path, manifest: dict[str, Any], began: float, columns: list[str], skipped: list[str]
) -> BuildStats:
    return BuildStats(
        **manifest["stats"],
        terms=sum(segment["terms"] for segment in manifest["segments"]),
        postings=sum(segment["postings"] for segment in manifest["segments"]),
        bytes=sum(path.stat().st_size for path in target.iterdir()),
        seconds=round(time.monotonic() - began, 3),
        peak_rss_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        columns=columns,
        skipped=skipped,
    )
