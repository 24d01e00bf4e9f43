"""Add captions to an index without re-reading indexed ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.analyzers import chosen_again
from wagidx.building.assembly import assemble
from wagidx.building.job import Job, Watch
from wagidx.building.manifest import manifest_of
from wagidx.building.part import Part, index_id
from wagidx.building.source_table import MEMORY, read_sources
from wagidx.building.stats import BuildStats, stats_of
from wagidx.durable import full_disk_told
from wagidx.exceptions import SourceError, WagidxError
from wagidx.memory import divide
from wagidx.printable import printable
from wagidx.progress import Report, reporting
from wagidx.sources import Source, open_all
from wagidx.storage import is_remote

__all__ = ["append"]

_DEFAULTS: dict[str, Any] = {
    "caption_column": None,
    "filters": [],
    "format": "auto",
    "key_column": None,
}
"""How sources are read that are added to an index whose own were not all read alike."""


def append(
    index: str | os.PathLike[str],
    sources: Any = None,
    *,
    captions: Any = None,
    tagger: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    memory: int | str | None = None,
    skip_unreadable: bool = False,
    fresh: bool = False,
    progress: Report | bool | None = None,
) -> BuildStats:
    """Add captions to `index`, with the options it was built with.

    The new rows follow the existing ones, in their own segment; readers that have the index open
    keep the old state. Query results are those of one build over all sources. Many appends make
    many segments, all of which every query reads: `merge` combines them into one.

    Parameters
    ----------
    index : path
        An index.
    sources, captions
        As for `build`.
    tagger : path, optional
        The tagger file that the index was built with, if it is not the shipped one.
    threads : int, optional
        Defaults to the CPUs this process may use.
    memory : int or str, optional
        As for `build`.
    skip_unreadable : bool
        Skip sources that cannot be read.
    fresh : bool
        Discard an unfinished append instead of resuming it.
    progress : callable, bool or None
        As for `build`.

    Returns
    -------
    BuildStats
        Of the whole index.

    Raises
    ------
    SourceError
        Some sources cannot be read, or are already in the index.
    WagidxError
        The tagger differs from the one the index was built with, another process is writing the
        index, or an append of other sources is unfinished.
    """
    budget = divide(memory, threads)
    target = Path(index)
    base = manifest_of(_native.Index(os.fspath(target)), target)
    options = _DEFAULTS | base["options"]
    columns = options["caption_column"], options["key_column"]
    opened = open_all(sources, captions, *columns, options["format"], options["filters"])
    cancel = _native.Cancel()
    with (
        chosen_again(options, tagger, target, processes=budget.threads, cancel=cancel) as analyzer,
        reporting(progress) as report,
        full_disk_told(target),
    ):
        watch = Watch(budget, report, cancel)
        job = Job(opened, options, analyzer, watch, skip_unreadable=skip_unreadable)
        plan = {"kind": "append", "base": base["checksum"], **job.plan()}
        with Part(target, plan, resumable=job.in_files, fresh=fresh) as part:
            if not (part.published or part.sealed):
                _refuse_twice(target, base, opened)
                part.seal(assemble(part, job, job.read(part), base))
            part.publish_files()
    return stats_of(target, watch.began, job.columns())


def _refuse_twice(target: Path, base: dict[str, Any], sources: list[Source]) -> None:
    """Each source once, and nothing added to another index than the one that was opened."""
    if index_id(target) != base["checksum"]:
        raise WagidxError(f"{target}: was changed by another process; run the same command again")
    lines = read_sources(target, base)
    held = {_place(line["name"]) for line in lines if line["skipped"] is None}
    for source in sources:
        if source.format != MEMORY and _place(source.name) in held:
            raise SourceError(
                f"{printable(source.name)}: is already in the index; each caption would count twice"
            )


def _place(name: str) -> str:
    return name if is_remote(name) else os.path.realpath(name)
