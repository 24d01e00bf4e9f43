"""Captions kept in the index: one Parquet file a unit, read by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wagidx import _native
from wagidx.sources import SourceBatch
from wagidx.sources.filters import plain
from wagidx.units import Unit

__all__ = ["CaptionWriter", "read_stored"]

_SCHEMA = pa.schema([("caption", pa.binary()), ("key", pa.binary()), ("url", pa.binary())])
_GROUP_ROWS = 1 << 14
"""Rows decoded to show one caption."""


class CaptionWriter:
    """Writes the rows of one unit, bytes as they came.

    Parameters
    ----------
    folder : Path
        The working folder.
    unit : Unit
        Names the file.
    """

    def __init__(self, folder: Path, unit: Unit) -> None:
        self._path = folder / f"captions-{unit.number:06d}.parquet"
        self._writer = pq.ParquetWriter(self._path, _SCHEMA, compression="zstd")
        self._rows = 0

    def write(self, batch: SourceBatch) -> None:
        """Append the rows of a batch."""
        columns = [batch.captions, batch.keys, batch.urls]
        arrays = [_as_binary(column, len(batch)) for column in columns]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA), _GROUP_ROWS)
        self._rows += len(batch)

    def finish(self) -> dict[str, Any]:
        """Close the file; returns what the manifest says of it."""
        self._writer.close()
        checksum, size = _native.crc32(str(self._path))
        return {
            "file": self._path.name,
            "role": "captions",
            "size": size,
            "checksum": checksum,
            "rows": self._rows,
        }

    def abandon(self) -> None:
        """Close and remove the file."""
        self._writer.close()
        self._path.unlink(missing_ok=True)


def _as_binary(column: pa.Array | None, rows: int) -> pa.Array:
    if column is None:
        return pa.nulls(rows, pa.binary())
    return pc.cast(plain(column), pa.binary())


def read_stored(path: Path, rows: Sequence[int]) -> Iterator[tuple[str | None, ...]]:
    """Caption, key and URL of ascending row numbers of one file; bad bytes become U+FFFD."""
    with pq.ParquetFile(path) as file:
        group, first, table = -1, 0, None
        for row in rows:
            while table is None or row >= first + table.num_rows:
                first += table.num_rows if table is not None else 0
                group += 1
                table = file.read_row_group(group)
            values = (table.column(i)[row - first].as_py() for i in range(3))
            yield tuple(None if v is None else v.decode("utf-8", "replace") for v in values)
