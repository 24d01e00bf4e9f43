"""`sources.jsonl`: the sources of an index, one JSON object a line, in the order of their rows.

It is read only when captions are looked up, so that opening an index does not grow with the number
of its sources. What is appended to an index later has a table of its own.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.building.manifest import files_of
from wagidx.building.units import Extent, plan_units
from wagidx.durable import sync
from wagidx.exceptions import CorruptIndexError

__all__ = [
    "MEMORY",
    "extents",
    "read_sources",
    "table_name",
    "unit_rows",
    "write_sources",
]

MEMORY = "arrow"
"""Format of captions that came from memory."""

_KINDS: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "format": str,
    "rows": int,
    "bytes": (int, type(None)),
    "fingerprint": str,
    "caption": (str, type(None)),
    "key": (str, type(None)),
    "url": (str, type(None)),
    "skipped": (str, type(None)),
}


def write_sources(path: Path, lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Write the table at `path`; returns what the manifest says of the file."""
    rows = 0
    with path.open("w", encoding="ascii", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
            rows += line["rows"]
    sync(path)
    checksum, size = _native.crc32(os.fspath(path))
    return {"file": path.name, "role": "sources", "size": size, "checksum": checksum, "rows": rows}


def table_name(number: int) -> str:
    """The name of the first, second, ... table of an index."""
    return "sources.jsonl" if number == 1 else f"sources-{number:06d}.jsonl"


def read_sources(folder: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """All sources of the index in `folder`, those left out as unreadable among them.

    Raises
    ------
    CorruptIndexError
        A table is not the one that was written, or does not read as one.
    """
    lines = []
    for file in files_of(manifest, "sources"):
        path = folder / file["file"]
        try:
            lines += _table(path, file)
        except (ValueError, RecursionError) as error:
            raise CorruptIndexError(
                f"{path}: damaged: {error}; run `wagidx verify`, then rebuild or restore the file"
            ) from error
    return lines


def _table(path: Path, file: dict[str, Any]) -> list[dict[str, Any]]:
    whole = path.read_bytes()
    if len(whole) != file["size"] or f"{zlib.crc32(whole):08x}" != file["checksum"]:
        raise ValueError("it differs from its checksum")
    lines = [_checked(json.loads(line)) for line in whole.splitlines()]
    if sum(line["rows"] for line in lines) != file["rows"]:
        raise ValueError("its rows do not add up")
    return lines


def _checked(line: Any) -> dict[str, Any]:
    if not isinstance(line, dict) or line.keys() != _KINDS.keys():
        raise ValueError("a line does not describe a source")
    for name, kind in _KINDS.items():
        if not isinstance(line[name], kind):
            raise ValueError(f"{name} is {line[name]!r}")
    if line["rows"] < 0:
        raise ValueError(f"rows is {line['rows']}")
    return line


def extents(lines: Iterable[dict[str, Any]]) -> list[Extent]:
    """What planning knew of the sources that were read, by their places in the table."""
    return [
        Extent(place, line["rows"] if line["format"] == "parquet" else None, line["bytes"] or 0)
        for place, line in enumerate(lines)
        if line["skipped"] is None
    ]


def unit_rows(lines: list[dict[str, Any]]) -> list[int]:
    """Rows of each unit that a build of exactly these sources cuts."""

    def rows(source: int, start: int, stop: int | None) -> int:
        return int(lines[source]["rows"]) if stop is None else stop - start

    units = plan_units(extents(lines))
    return [sum(rows(part.source, part.start, part.stop) for part in unit.parts) for unit in units]
