"""Several indexes, or one of several segments -> one index of one segment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.building.assembly import manifest_text, merge_segments, total_stats
from wagidx.building.job import Watch
from wagidx.building.manifest import files_of, manifest_of
from wagidx.building.output import check_free, index_path
from wagidx.building.part import Part
from wagidx.building.source_table import MEMORY, read_sources, table_name, unit_rows, write_sources
from wagidx.building.stats import BuildStats, stats_of
from wagidx.building.stored import pack_stored, stored_role
from wagidx.durable import full_disk_told
from wagidx.exceptions import SourceError, WagidxError
from wagidx.memory import divide
from wagidx.printable import printable
from wagidx.progress import Report, reporting

__all__ = ["merge"]

_SHARED = {
    "analyzer": "--analyzer",
    "tagger": "--tagger",
    "case": "--case",
    "cjk_bigrams": "--cjk-bigrams",
    "positions": "--positions",
    "store_captions": "--store-captions",
    "store_keys": "--store-keys",
}
"""Options that merged indexes must agree on; any other that differs is left out."""


def merge(
    indexes: Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    threads: int | None = None,
    memory: int | str | None = None,
    fresh: bool = False,
    progress: Report | bool | None = None,
) -> BuildStats:
    """Merge several indexes into one, without reading any source.

    Rows are renumbered: those of the first index, then those of the second, and so on. Results of
    queries are those of one build over all sources in that order, and so are the bytes, if all were
    built with the same options. Merging a single index that was appended to compacts it into one
    segment.

    Parameters
    ----------
    indexes : sequence of paths
        They are not changed, and can be read meanwhile. Every byte of them is verified first.
    output : path
        A folder that must not exist yet.
    threads : int, optional
        Defaults to the CPUs this process may use.
    memory : int or str, optional
        As for `build`.
    fresh : bool
        Replace `output` (which may be one of `indexes`) once the new index is complete.
    progress : callable, bool or None
        As for `build`.

    Returns
    -------
    BuildStats

    Raises
    ------
    FileExistsError
        `output` already exists; with `fresh`, and is not an index.
    ValueError
        `output` is empty or the URL of a remote store.
    WagidxError
        The indexes are incompatible: different analyzers, positions or captions stored in only
        some, or a source in two of them.
    CorruptIndexError
        One of them is damaged.
    """
    budget = divide(memory, threads)
    target = index_path(output)
    check_free(target, replace=fresh, hint="--fresh (fresh=True)")
    inputs = [_Input(Path(path)) for path in indexes]
    if not inputs:
        raise ValueError("merge() needs at least one index")
    options = _common_options(inputs)
    lines = _all_lines(inputs)
    plan = {"kind": "merge", "sources": [one.manifest["checksum"] for one in inputs]}
    with reporting(progress) as report, full_disk_told(target):
        watch = Watch(budget, report)
        watch.total = sum(one.manifest["stats"]["rows"] for one in inputs)
        with Part(target, plan, resumable=True, fresh=fresh) as part:
            if not part.sealed:
                watch.run(
                    "verify", [partial(one.verify, watch.budget.threads) for one in inputs], 1
                )
                part.seal(_write(part, inputs, options, lines, watch))
            part.publish_folder(replace=fresh)
    return stats_of(target, watch.began, [])


class _Input:
    """An index to be merged, as it was when it was opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.native = _native.Index(os.fspath(path))
        self.manifest = manifest_of(self.native, path)
        self.lines = read_sources(path, self.manifest)

    def verify(self, threads: int) -> None:
        """A merge gives what it writes new checksums, so damage must be found before."""
        self.native.verify(False, threads)

    def files(self, kind: str) -> list[tuple[Path, int]]:
        """Paths and rows of its segments, or of its files of a role."""
        segments = kind == "segments"
        found = self.manifest["segments"] if segments else files_of(self.manifest, kind)
        return [(self.path / one["file"], one["rows"]) for one in found]

    def check_still_there(self) -> None:
        """Raise where another index has taken the place of this one meanwhile."""
        now = json.loads(_native.Index(os.fspath(self.path)).manifest())
        if any(segment not in now["segments"] for segment in self.manifest["segments"]):
            raise WagidxError(f"{self.path}: was replaced during the merge; run the command again")


def _write(
    part: Part,
    inputs: Sequence[_Input],
    options: dict[str, Any],
    lines: list[dict[str, Any]],
    watch: Watch,
) -> str:
    folder = part.begin_index()
    segments = [file for one in inputs for file in one.files("segments")]
    infos = merge_segments(folder, 1, segments, watch, positions=options["positions"])
    files = [write_sources(folder / table_name(1), lines)]
    if role := stored_role(options):
        stored = [file for one in inputs for file in one.files(role)]
        files += pack_stored(folder, role, 0, stored, unit_rows(lines))
    for one in inputs:
        one.check_still_there()
    stats = total_stats(one.manifest["stats"] for one in inputs)
    return manifest_text(options, stats, infos, files)


def _common_options(inputs: Sequence[_Input]) -> dict[str, Any]:
    first, *others = inputs
    options: dict[str, Any] = first.manifest["options"]
    for other in others:
        theirs = other.manifest["options"]
        for name, flag in _SHARED.items():
            if theirs[name] != options[name]:
                raise WagidxError(
                    f"{other.path}: was built with {name} {theirs[name]!r}, {first.path} with "
                    f"{options[name]!r}; rebuild one of them with the other's {flag}"
                )
        options = {name: value for name, value in options.items() if theirs.get(name, ...) == value}
    return options


def _all_lines(inputs: Sequence[_Input]) -> list[dict[str, Any]]:
    """The sources of all, each once; neighbours that came from memory alike become one."""
    lines: list[dict[str, Any]] = []
    places: dict[tuple[str, str], Path] = {}
    for one in inputs:
        for line in one.lines:
            if line["format"] != MEMORY and line["skipped"] is None:
                source = line["name"], line["fingerprint"]
                if source in places:
                    raise SourceError(
                        f"{printable(line['name'])}: is in {places[source]} and in {one.path}; "
                        "each caption would count twice"
                    )
                places[source] = one.path
            if lines and line["format"] == MEMORY and _but_rows(lines[-1]) == _but_rows(line):
                lines[-1] = line | {"rows": lines[-1]["rows"] + line["rows"]}
            else:
                lines.append(line)
    return lines


def _but_rows(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"rows": 0}
