"""`sources.jsonl`: the sources of an index, one JSON object a line, in the order of their rows.

It is read only when captions are looked up, so that opening an index does not grow with the number
of its sources.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.exceptions import CorruptIndexError
from wagidx.sources import Source

__all__ = ["SOURCES", "read_sources", "write_sources"]

SOURCES = "sources.jsonl"


def write_sources(
    folder: Path, sources: list[Source], fingerprints: list[str | None], rows: dict[int, int]
) -> dict[str, Any]:
    """Write the table; returns what the manifest says of the file.

    Parameters
    ----------
    folder : Path
        The working folder.
    sources, fingerprints
        All sources, and None for one that could not be read.
    rows : dict of int to int
        Rows read from each source, by its number; a source left out is not in it.
    """
    path = folder / SOURCES
    with path.open("w", encoding="ascii", newline="\n") as file:
        for number, count in sorted(rows.items()):
            source = sources[number]
            columns = source.columns()
            line = {
                "name": source.name,
                "format": source.format,
                "rows": count,
                "fingerprint": fingerprints[number],
                "caption": columns.caption,
                "key": columns.key,
                "url": columns.url,
            }
            file.write(json.dumps(line) + "\n")
    checksum, size = _native.crc32(str(path))
    return {
        "file": SOURCES,
        "role": "sources",
        "size": size,
        "checksum": checksum,
        "rows": sum(rows.values()),
    }


def read_sources(folder: Path) -> list[dict[str, Any]]:
    """The table of the index in `folder`.

    Raises
    ------
    CorruptIndexError
        It does not read as a table.
    """
    path = folder / SOURCES
    try:
        with path.open(encoding="ascii") as file:
            return [json.loads(line) for line in file]
    except ValueError as error:
        raise CorruptIndexError(
            f"{path}: damaged: {error}; run `wagidx verify`, then rebuild or restore the file"
        ) from error
