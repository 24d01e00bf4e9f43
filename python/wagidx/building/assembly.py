"""Runs, captions and sources -> the files of an index, and the manifest that names them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.analyzers import tier_of
from wagidx.building.job import Job, Watch
from wagidx.building.part import Part
from wagidx.building.source_table import table_name, unit_rows, write_sources
from wagidx.building.stored import pack_stored, stored_role

__all__ = ["assemble", "manifest_text", "merge_segments", "total_stats"]

_MAX_SEGMENT_ROWS = 2**32 - 1

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


_NOTHING: dict[str, Any] = {"segments": [], "files": [], "stats": dict.fromkeys(_FIGURES, 0)}


def assemble(
    part: Part, job: Job, records: list[dict[str, Any]], base: dict[str, Any] | None = None
) -> str:
    """Write the files of an index, or those that are added to one.

    Parameters
    ----------
    part : Part
        They go to its `index` folder.
    job : Job
        What was read.
    records : list of dict
        The units, in the order of their rows.
    base : dict, optional
        The manifest of the index that is appended to.

    Returns
    -------
    str
        The manifest of the whole, not yet sealed.
    """
    folder, before = part.begin_index(), base or _NOTHING
    segments, files = list(before["segments"]), list(before["files"])
    runs = [(part.folder / run["file"], run["rows"]) for r in records for run in r["runs"]]
    if runs or base is None:
        segments += merge_segments(
            folder, len(segments) + 1, runs, job.watch, positions=job.options["positions"]
        )
    lines = job.lines(records)
    tables = sum(file["role"] == "sources" for file in files)
    kept = len(files) - tables
    files.append(write_sources(folder / table_name(tables + 1), lines))
    if role := stored_role(job.options):
        stored = [(part.folder / r["stored"]["file"], r["stored"]["rows"]) for r in records]
        files += pack_stored(folder, role, kept, stored, unit_rows(lines))
    stats = total_stats([before["stats"], *(record["stats"] for record in records)])
    return manifest_text(before.get("options", job.options), stats, segments, files)


def merge_segments(
    folder: Path,
    first: int,
    segments: Sequence[tuple[Path, int]],
    watch: Watch,
    *,
    positions: bool,
) -> list[dict[str, Any]]:
    """Merge runs or segments into as few segments as their rows allow.

    Parameters
    ----------
    folder : Path
        Where they are written.
    first : int
        Number of the first.
    segments : sequence of (path, rows)
        In the order of their rows. None at all make one empty segment.
    watch : Watch
        Runs the merge.
    positions : bool
        Whether they keep positions, as all of `segments` do, or none.

    Returns
    -------
    list of dict
        What the manifest says of each.
    """
    infos: list[dict[str, Any]] = []

    def merge() -> None:
        for number, group in enumerate(_groups(segments), first):
            out = folder / f"segment-{number:06d}.wag"
            paths = [os.fspath(path) for path in group]
            merged = _native.merge_runs(
                paths,
                os.fspath(out),
                positions,
                watch.budget.threads,
                watch.budget.merge_bytes,
                watch.cancel,
            )
            infos.append(json.loads(merged))

    watch.run("merge", [merge], 1)
    return infos


def _groups(segments: Iterable[tuple[Path, int]]) -> list[list[Path]]:
    groups: list[list[Path]] = [[]]
    held = 0
    for path, rows in segments:
        if held + rows > _MAX_SEGMENT_ROWS:
            groups.append([])
            held = 0
        groups[-1].append(path)
        held += rows
    return groups


def total_stats(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    """The statistics of several units or indexes as one."""
    total = dict.fromkeys(_FIGURES, 0)
    for part in parts:
        for figure in _FIGURES:
            total[figure] += part[figure]
    return total


def manifest_text(
    options: dict[str, Any],
    stats: dict[str, int],
    segments: list[dict[str, Any]],
    files: list[dict[str, Any]],
) -> str:
    """The manifest as JSON, not yet sealed. `options` say the analyzer."""
    manifest = {
        "version": _native.INDEX_VERSION,
        "library": _native.__version__,
        "analyzer": {
            "tier": tier_of(options),
            "query_data": _native.query_data_hash(),
            "case": options["case"],
            "cjk_bigrams": options["cjk_bigrams"],
            "readings": options["tagger"] is not None,
            "tagger": options["tagger"],
        },
        "stats": stats,
        "segments": segments,
        "files": files,
        "options": options,
        "checksum": "",
    }
    return json.dumps(manifest)
