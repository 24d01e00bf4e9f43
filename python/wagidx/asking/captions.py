"""Ids -> captions: from the index where it keeps them, otherwise again from the sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from wagidx.building.manifest import files_of
from wagidx.building.output import MANIFEST
from wagidx.building.source_table import read_sources
from wagidx.building.stored import as_binary, read_stored, stored_keys
from wagidx.durable import read_json
from wagidx.exceptions import IndexFormatError, SourceError
from wagidx.sources import Source, open_source

__all__ = ["Caption", "find_captions", "key_batches", "named_throughout", "sources_of"]


@dataclass(frozen=True)
class Caption:
    """A caption of the index.

    Attributes
    ----------
    id : int
        Its row in the index.
    text, key, url : str or None
        None if the source has none; invalid UTF-8 bytes become U+FFFD.
    """

    id: int
    text: str | None
    key: str | None
    url: str | None


def sources_of(folder: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources of an index in the order of their rows, as its tables have them.

    Raises
    ------
    IndexFormatError
        Another index has taken the place of the one that was opened.
    """
    with named_throughout(folder, files_of(manifest, "sources")):
        return read_sources(folder, manifest)


def find_captions(
    folder: Path, manifest: dict[str, Any], ids: Sequence[int], relocate: dict[str, str]
) -> list[Caption]:
    """The captions of ascending ids.

    Raises
    ------
    SourceError
        A source is gone or has changed its format, or the captions came from memory and were not
        kept.
    """
    stored = files_of(manifest, "captions")
    with named_throughout(folder, stored or files_of(manifest, "sources")):
        if stored:
            paths = [folder / file["file"] for file in stored]
            parts = _by_part(ids, [file["rows"] for file in stored])
            return [
                Caption(i, *found)
                for part, rows, wanted in parts
                for i, found in zip(wanted, read_stored(paths[part], rows))
            ]
        sources = read_sources(folder, manifest)
    parts = _by_part(ids, [source["rows"] for source in sources])
    return [
        Caption(i, *found)
        for part, rows, wanted in parts
        for i, found in zip(wanted, _take(sources[part], rows, relocate))
    ]


@contextmanager
def named_throughout(folder: Path, files: list[dict[str, Any]]) -> Iterator[None]:
    """Files are opened by name, and another index may take the folder's name at any moment: what
    was read counts only where the manifest named these files before and afterwards.

    Raises
    ------
    IndexFormatError
        It did not.
    """
    _check_named(folder, files)
    try:
        yield
    finally:
        _check_named(folder, files)


def _check_named(folder: Path, files: list[dict[str, Any]]) -> None:
    now = read_json(folder / MANIFEST)
    if now is None or any(file not in now.get("files", ()) for file in files):
        raise IndexFormatError(
            f"{folder}: contains another index than the one that was opened; reopen it"
        )


def _by_part(
    ids: Sequence[int], counts: Iterable[int]
) -> Iterable[tuple[int, list[int], list[int]]]:
    """For each part with rows asked for: its number, the rows within it, and their ids."""
    starts = [0, *accumulate(counts)]
    for part, group in groupby(ids, key=lambda i: bisect_right(starts, i) - 1):
        wanted = list(group)
        yield part, [i - starts[part] for i in wanted], wanted


def key_batches(
    folder: Path, manifest: dict[str, Any], relocate: dict[str, str]
) -> Iterator[pa.Array]:
    """Keys of all rows, in their order, in binary arrays; NULL where a row has none.

    Raises
    ------
    SourceError, IndexFormatError
        As `find_captions`.
    """
    stored = files_of(manifest, "captions", "keys")
    if stored:
        for file in stored:
            for keys in stored_keys(folder / file["file"]):
                _check_named(folder, stored)
                yield keys
        return
    with named_throughout(folder, files_of(manifest, "sources")):
        sources = read_sources(folder, manifest)
    for source in sources:
        if source["skipped"] is None:
            yield from _source_keys(source, relocate)


def _source_keys(source: dict[str, Any], relocate: dict[str, str]) -> Iterator[pa.Array]:
    rows = 0
    with _reopened(source, relocate) as opened:
        for keys in opened.keys(source["rows"]):
            rows += len(keys)
            yield as_binary(keys, len(keys))
    if rows != source["rows"]:
        raise SourceError(f"{opened.name}: has fewer rows than were indexed")


def _take(
    source: dict[str, Any], rows: list[int], relocate: dict[str, str]
) -> list[tuple[str | None, str | None, str | None]]:
    with _reopened(source, relocate) as opened:
        return opened.take(rows)


@contextmanager
def _reopened(source: dict[str, Any], relocate: dict[str, str]) -> Iterator[Source]:
    if source["format"] == "arrow":
        raise SourceError(
            "captions came from memory and were not kept; build with store_captions=True (of keys, "
            "store_keys=True will do)"
        )
    name = _relocated(source["name"], relocate)
    opened = open_source(
        name,
        format=source["format"],
        caption_column=source["caption"],
        key_column=source["key"],
    )
    try:
        if opened.fingerprint() != source["fingerprint"]:
            raise SourceError(f"{name}: has changed since the index was built; rebuild the index")
        yield opened
    except SourceError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        raise SourceError(
            f"{error}; if it has moved, use --sources OLD=NEW (open(sources=...))"
        ) from error


def _relocated(name: str, relocate: dict[str, str]) -> str:
    """The name with its beginning exchanged; the longest of several beginnings counts."""
    old = max((old for old in relocate if name.startswith(old)), key=len, default="")
    return relocate.get(old, "") + name[len(old) :]
