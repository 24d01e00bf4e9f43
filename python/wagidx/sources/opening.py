"""Names to sources: expand, tell each file's format, make the reader for it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from wagidx.sources.base import Source
from wagidx.sources.delimited import CsvSource, TsvSource
from wagidx.sources.detect import FORMATS, by_content, by_extension
from wagidx.sources.expand import expand
from wagidx.sources.files import FileSource
from wagidx.sources.filters import Filter, parsed
from wagidx.sources.jsonl import JsonlSource
from wagidx.sources.memory import from_python
from wagidx.sources.parquet import ParquetSource
from wagidx.sources.text import TextSource
from wagidx.sources.webdataset import WebdatasetSource

__all__ = ["open_all", "open_source", "open_sources"]

_Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]
_READERS: tuple[type[FileSource], ...] = (
    ParquetSource,
    CsvSource,
    TsvSource,
    JsonlSource,
    WebdatasetSource,
    TextSource,
)


def open_all(
    sources: Any,
    captions: Any,
    caption_column: str | None,
    key_column: str | None,
    format: str,
    filters: Sequence[str],
) -> list[Source]:
    """Sources from either of the arguments that name them."""
    if (sources is None) == (captions is None):
        raise TypeError("give exactly one of sources and captions")
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


def open_sources(
    paths: _Path | Iterable[_Path],
    *,
    format: str = "auto",
    caption_column: str | None = None,
    key_column: str | None = None,
    filters: Sequence[str | Filter] = (),
) -> list[Source]:
    """Find the files behind what a user names, in the order that makes the caption ids.

    Only names are looked at, and the first bytes of files whose name does not tell their format;
    columns are chosen when a source is first asked for them.

    Parameters
    ----------
    paths : path or iterable of paths
        Files, folders, globs and fsspec URLs; see `wagidx.sources.expand`.
    format : str
        ``"auto"`` or one of `FORMATS`, then for all files.
    caption_column, key_column : str, optional
        Columns by name instead of by convention.
    filters : sequence of str or Filter
        Conditions such as ``"LANGUAGE=en"``; a row must pass all.

    Returns
    -------
    list of Source
        At least one.

    Raises
    ------
    ValueError
        An unknown format, or a filter that does not read as one.
    SourceError
        Nothing there, a file given twice, or a format that cannot be told.
    """
    _check_format(format)
    conditions = parsed(filters)
    return [
        open_source(
            name,
            format=format,
            caption_column=caption_column,
            key_column=key_column,
            filters=conditions,
        )
        for name in expand(paths, format=format)
    ]


def open_source(
    name: str,
    *,
    format: str = "auto",
    caption_column: str | None = None,
    key_column: str | None = None,
    filters: Sequence[str | Filter] = (),
) -> Source:
    """Make the source for one file, its name taken as it stands: no globs, no folders.

    With a format given the file is not touched yet, so it may be absent until it is read.

    Parameters
    ----------
    name : str
        Local name or URL.
    format, caption_column, key_column, filters
        As in `open_sources`.

    Raises
    ------
    ValueError
        An unknown format, or a filter that does not read as one.
    SourceError
        The format must be told from the content, and cannot be.
    """
    _check_format(format)
    kind = format if format != "auto" else by_extension(name) or by_content(name)
    reader = next(one for one in _READERS if one.format == kind)
    return reader(
        name,
        caption_column=caption_column,
        key_column=key_column,
        filters=tuple(parsed(filters)),
    )


def _check_format(format: str) -> None:
    if format != "auto" and format not in FORMATS:
        raise ValueError(f"unknown format {format!r}; choose from auto, {', '.join(FORMATS)}")
