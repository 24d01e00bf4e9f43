"""Build an index: sources -> units on threads -> runs -> one merge -> the index appears."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from wagidx import _native
from wagidx.analyzers import DEFAULT, check_case, check_choice, chosen
from wagidx.building.assembly import assemble
from wagidx.building.job import Job, Watch
from wagidx.building.output import check_free, index_path
from wagidx.building.part import Part, clear_published
from wagidx.building.stats import BuildStats, stats_of
from wagidx.durable import full_disk_told
from wagidx.memory import divide, memory_bound
from wagidx.progress import Report, reporting
from wagidx.sources import Source, open_all

__all__ = ["BuildPlan", "BuildStats", "build", "plan_build"]

# What a million LAION-like captions took on one thread; `make bench` measures them anew.
_BYTES_A_CAPTION = 17
_BYTES_OF_POSITIONS = 10
_CAPTIONS_A_CPU_SECOND = 600_000


@dataclass(frozen=True)
class BuildPlan:
    """What a build would do, determined without reading captions.

    Attributes
    ----------
    files : list of dict
        For each source: path, format, caption, key, url, rows (None if unknown), bytes.
    rows : int or None
        All rows, if known for every source.
    expected_bytes : int or None
        Expected size of the index.
    memory_bytes : int
        Memory limit of the build.
    minutes : float or None
        Expected CPU minutes.
    """

    files: list[dict[str, Any]]
    rows: int | None
    expected_bytes: int | None
    memory_bytes: int
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
    positions: bool = False,
    memory: int | str | None = None,
) -> BuildPlan:
    """Show what `build` would read, without reading captions. Parameters as for `build`."""
    opened = open_all(sources, None, caption_column, key_column, format, filters)
    files = [_describe(source) for source in opened]
    counts = [file["rows"] for file in files]
    rows = None if None in counts else sum(counts)
    bytes_a_caption = _BYTES_A_CAPTION + (_BYTES_OF_POSITIONS if positions else 0)
    return BuildPlan(
        files=files,
        rows=rows,
        expected_bytes=None if rows is None else rows * bytes_a_caption,
        memory_bytes=memory_bound(memory),
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
    analyzer: str = DEFAULT,
    tagger: str | os.PathLike[str] | None = None,
    case: str = "fold",
    cjk_bigrams: bool = False,
    positions: bool = False,
    filters: Sequence[str] = (),
    threads: int | None = None,
    memory: int | str | None = None,
    store_captions: bool = False,
    store_keys: bool = False,
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
        The captions, instead of `sources`; None is a NULL caption. Ids follow their order.
    caption_column, key_column : str, optional
        Columns by name; otherwise by convention (TEXT, text, caption, ...).
    format : str
        ``"auto"``, parquet, csv, tsv, jsonl, webdataset or text.
    analyzer : str
        ``"noun"`` (plurals are reduced to singulars, and nouns are counted separately from other
        uses), ``"lemma"`` (plurals are reduced to singulars), ``"surface"``, or ``"spacy:MODEL"``:
        as ``"noun"``, but nouns are tagged by an installed spaCy model, in separate processes,
        whose memory `memory` does not bound.
    tagger : path, optional
        A tagger file from `distil`, used to identify nouns instead of the shipped one.
    case : str
        ``"fold"``, or ``"paper"``, which needs a tagger: the study's keys, to reproduce it with its
        faults. Only nouns are indexed, under spaCy's lemma for their tag, with their case and
        without characters other than ASCII letters; concepts are looked up in lower case, so a name
        that begins with a capital is not found. Every term is a noun there.
    cjk_bigrams : bool
        Split each run of Han, Hiragana, Katakana or Hangul into overlapping character bigrams, in
        captions and in concepts, so that a word inside a run can be found.
    positions : bool
        Store the position of each term in its caption, which `phrase` needs; adds about half to the
        size.
    filters : sequence of str
        Conditions such as ``"LANGUAGE=en"``; a row must pass all.
    threads : int, optional
        Defaults to the CPUs this process may use.
    memory : int or str, optional
        Memory limit of the process: bytes, or a text such as ``"1GiB"``; fewer threads are used if
        it is short. Defaults to 2 GiB, or half of what the process may use if that is less.
    store_captions : bool
        Store text, key and url in the index, so that `Index.captions` needs no sources.
    store_keys : bool
        Store the keys alone, so that `Index.keys` and `balance` need no sources. `store_captions`
        stores them too.
    skip_unreadable : bool
        Skip sources that cannot be read.
    resume : bool, optional
        None resumes an unfinished build of the same sources and options; True also accepts a
        finished index as done; False starts over and replaces an index once the new one is
        complete.
    progress : callable, bool or None
        A callable is called with a `Progress` about ten times a second. None shows a progress bar
        in a notebook (with the extra ``notebook``) and nothing elsewhere, True shows one anywhere,
        False none.

    Returns
    -------
    BuildStats

    Raises
    ------
    FileExistsError
        `output` already exists; with ``resume=False``, and is not an index.
    ValueError
        `output` is empty or the URL of a remote store.
    SourceError
        Some sources cannot be read; the units of the others are kept for a resumed build.
    """
    if output is None:
        raise TypeError("build() needs the output path")
    budget = divide(memory, threads)
    check_choice(analyzer, tagger)
    check_case(case, analyzer, cjk_bigrams=cjk_bigrams)
    target = index_path(output)
    if resume and target.exists():
        clear_published(target)
        return stats_of(target, time.monotonic(), [])
    check_free(target, replace=resume is False, hint="--fresh (resume=False)")
    opened = open_all(sources, captions, caption_column, key_column, format, filters)
    options = {
        "caption_column": caption_column,
        "case": case,
        "cjk_bigrams": cjk_bigrams,
        "filters": list(filters),
        "format": format,
        "key_column": key_column,
        "positions": positions,
        "store_captions": store_captions,
        "store_keys": store_keys or store_captions,
    }
    fresh = resume is False
    cancel = _native.Cancel()
    with (
        chosen(analyzer, tagger, processes=budget.threads, cancel=cancel) as reader,
        reporting(progress) as report,
        full_disk_told(target),
    ):
        watch = Watch(budget, report, cancel)
        options |= reader.options()
        job = Job(opened, options, reader, watch, skip_unreadable=skip_unreadable)
        plan = {"kind": "build", **job.plan()}
        with Part(target, plan, resumable=job.in_files, fresh=fresh) as part:
            if not part.sealed:
                part.seal(assemble(part, job, job.read(part)))
            part.publish_folder(replace=fresh)
    return stats_of(target, watch.began, job.columns())


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
