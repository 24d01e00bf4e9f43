"""Captions, or their keys alone, kept in the index: Parquet files, read by row.

The bytes of a file are a function of its rows: row groups are cut by rows and by what they hold,
never by how the rows came. So captions that are packed anew from other files give the files that a
build from the sources gives.
"""

from __future__ import annotations

import contextlib
import os
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wagidx import _compute as pc
from wagidx import _native
from wagidx.building.units import Unit
from wagidx.durable import sync
from wagidx.exceptions import CorruptIndexError
from wagidx.sources import SourceBatch
from wagidx.sources.filters import plain

__all__ = [
    "StoredWriter",
    "as_binary",
    "pack_stored",
    "read_stored",
    "stored_keys",
    "stored_role",
]

_SCHEMA = pa.schema([("caption", pa.binary()), ("key", pa.binary()), ("url", pa.binary())])
_KEYS = pa.schema([_SCHEMA.field("key")])
_SCHEMAS = {"captions": _SCHEMA, "keys": _KEYS}
"""Columns of the files of each role."""
_GROUP_ROWS = 1 << 14
"""Rows decoded to show one caption."""
_GROUP_BYTES = 64 << 20
"""Bytes after which a row group ends, however few its rows."""


def stored_role(options: dict[str, Any]) -> str | None:
    """What an index with these options keeps: ``captions`` (with keys and URLs) or ``keys``."""
    if options["store_captions"]:
        return "captions"
    return "keys" if options["store_keys"] else None


class _RowGroups:
    """Writes tables into one file, in row groups that do not depend on the tables' lengths."""

    def __init__(self, path: Path, role: str) -> None:
        self.path = path
        self.rows = 0
        self._writer = pq.ParquetWriter(path, _SCHEMAS[role], compression="zstd")
        self._ahead: list[pa.Table] = []
        self._held_rows = self._held_bytes = 0

    def write(self, table: pa.Table) -> None:
        self.rows += len(table)
        while len(table):
            sizes = self._held_bytes + np.cumsum(_row_bytes(table))
            full = int(np.searchsorted(sizes, _GROUP_BYTES)) + 1
            taken = min(full, _GROUP_ROWS - self._held_rows, len(table))
            self._ahead.append(table.slice(0, taken))
            self._held_rows += taken
            self._held_bytes = int(sizes[taken - 1])
            if self._held_rows == _GROUP_ROWS or self._held_bytes >= _GROUP_BYTES:
                self._end_group()
            table = table.slice(taken)

    def _end_group(self) -> None:
        if self._ahead:
            self._writer.write_table(pa.concat_tables(self._ahead).combine_chunks(), _GROUP_ROWS)
        self._ahead, self._held_rows, self._held_bytes = [], 0, 0

    def finish(self) -> None:
        """End the file and make it durable."""
        self._end_group()
        self._writer.close()
        sync(self.path)

    def abandon(self) -> None:
        """Remove the file."""
        with contextlib.suppress(OSError):  # the disk may be full
            self._writer.close()
        self.path.unlink(missing_ok=True)


def _row_bytes(table: pa.Table) -> np.ndarray[Any, np.dtype[np.int64]]:
    total = np.zeros(len(table), dtype=np.int64)
    for column in table.columns:
        lengths = pc.fill_null(pc.binary_length(column), 0)
        total += lengths.to_numpy().astype(np.int64)
    return total


class StoredWriter:
    """Writes what is kept of the rows of one unit, bytes as they came.

    Parameters
    ----------
    folder : Path
        The working folder.
    unit : Unit
        Names the file.
    role : str
        ``captions`` or ``keys``.
    """

    def __init__(self, folder: Path, unit: Unit, role: str) -> None:
        self._schema = _SCHEMAS[role]
        self._groups = _RowGroups(folder / f"{unit.name}.parquet", role)

    def write(self, batch: SourceBatch) -> None:
        """Append the rows of a batch."""
        columns = {"caption": batch.captions, "key": batch.keys, "url": batch.urls}
        arrays = [as_binary(columns[name], len(batch)) for name in self._schema.names]
        self._groups.write(pa.Table.from_arrays(arrays, schema=self._schema))

    def finish(self) -> dict[str, Any]:
        """Close the file; returns its name, rows and size."""
        self._groups.finish()
        path = self._groups.path
        return {"file": path.name, "rows": self._groups.rows, "size": path.stat().st_size}

    def abandon(self) -> None:
        """Close and remove the file."""
        self._groups.abandon()


def as_binary(column: pa.Array | None, rows: int) -> pa.Array:
    """A column of text as bytes; NULL in each row where there is no column."""
    if column is None:
        return pa.nulls(rows, pa.binary())
    return pc.cast(plain(column), pa.binary())


def pack_stored(
    folder: Path,
    role: str,
    first: int,
    files: Sequence[tuple[Path, int]],
    lengths: Sequence[int],
) -> list[dict[str, Any]]:
    """Write ``captions-*.parquet`` or ``keys-*.parquet`` from the rows of other files.

    A file that is as long as it should be is not copied: it gets a second name.

    Parameters
    ----------
    folder : Path
        Where they are written.
    role : str
        ``captions`` or ``keys``; what all files hold.
    first : int
        Number of the first.
    files : sequence of (path, rows)
        In the order of their rows.
    lengths : sequence of int
        Rows of each file to write; as many together as there are in `files`.

    Returns
    -------
    list of dict
        What the manifest says of each.
    """
    rows = _Rows(files, _SCHEMAS[role])
    infos = []
    for number, length in enumerate(lengths, first):
        path = folder / f"{role}-{number:06d}.parquet"
        whole = rows.whole(length)
        if whole is not None:
            _name_again(whole, path)
        else:
            groups = _RowGroups(path, role)
            for table in rows.take(length):
                groups.write(table)
            groups.finish()
        checksum, size = _native.crc32(os.fspath(path))
        infos.append(
            {
                "file": path.name,
                "role": role,
                "size": size,
                "checksum": checksum,
                "rows": length,
            }
        )
    return infos


def _name_again(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:  # a file system without links
        import shutil

        shutil.copyfile(path, name)
        sync(name)


class _Rows:
    """The rows of files one behind the other."""

    def __init__(self, files: Sequence[tuple[Path, int]], schema: pa.Schema) -> None:
        self._schema = schema
        self._files = deque(files)
        self._tables: Iterator[pa.Table] = iter(())
        self._ahead: pa.Table | None = None

    def whole(self, rows: int) -> Path | None:
        """The next file, which is then done with, if it starts here and has so many rows."""
        if self._ahead is None:
            self._ahead = next(self._tables, None)
        if self._ahead is None and self._files and self._files[0][1] == rows:
            return self._files.popleft()[0]
        return None

    def take(self, rows: int) -> Iterator[pa.Table]:
        """The next rows."""
        while rows > 0:
            if self._ahead is None:
                self._ahead = next(self._tables, None)
            if self._ahead is None:
                path, _ = self._files.popleft()
                self._tables = _tables(path, self._schema)
                continue
            taken = self._ahead.slice(0, rows)
            left = self._ahead.slice(len(taken))
            self._ahead = left if len(left) else None
            rows -= len(taken)
            yield taken


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A file for reading. wagidx wrote it, so what does not read as Parquet is damage.

    Raises
    ------
    CorruptIndexError
        Whatever pyarrow makes of the damage, a decoding error of its metadata among it.
    """
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (OSError, pa.ArrowException, ValueError, LookupError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's word; pyarrow's own OSErrors have no number
        what = " ".join(str(error).split())
        raise CorruptIndexError(
            f"{path}: damaged: {what}; run `wagidx verify`, then rebuild or restore the file"
        ) from error


def _tables(path: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    with _opened(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group).cast(schema)


def read_stored(path: Path, rows: Sequence[int]) -> Iterator[tuple[str | None, ...]]:
    """Caption, key and URL of ascending row numbers of one file; bad bytes become U+FFFD.

    Raises
    ------
    CorruptIndexError
        The file is damaged.
    """
    with _opened(path) as file:
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        starts = [0, *accumulate(sizes)]
        group, table = -1, None
        for row in rows:
            wanted = bisect_right(starts, row) - 1
            if table is None or wanted != group:
                group, table = wanted, file.read_row_group(wanted).cast(_SCHEMA)
            values = (table.column(i)[row - starts[group]].as_py() for i in range(3))
            yield tuple(None if v is None else v.decode("utf-8", "replace") for v in values)


def stored_keys(path: Path) -> Iterator[pa.Array]:
    """Keys of all rows of one file, a row group at a time.

    Raises
    ------
    CorruptIndexError
        The file is damaged.
    """
    with _opened(path) as file:
        for group in range(file.num_row_groups):
            keys = file.read_row_group(group, columns=["key"]).cast(_KEYS)
            yield keys.column(0).combine_chunks()
