"""Parquet files: only the columns that are needed, in batches that do not grow with row groups.

Arrow streams a row group page by page only when it neither buffers it beforehand nor reads ahead:
``pre_buffer=False`` with a small ``buffer_size``. Strings are handed on unchecked, as Parquet has
them.

Batches are small, and smaller still where the footer says that rows are large. The footer cannot
tell all: a long caption that every row repeats is stored once, as an entry of a dictionary, and
takes its full length for each row of a batch. So where a dictionary makes up much of a column, it
is looked at first. Small batches are no slower to read.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wagidx import _compute as pc
from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.sources.arrow import Layout, choose, key_text, to_batch
from wagidx.sources.base import READ_ROWS, Columns, SourceBatch, clip
from wagidx.sources.detect import compression, open_stream
from wagidx.sources.files import FileSource
from wagidx.storage import open_binary, reading

__all__ = ["ParquetSource"]

_BUFFER = 1 << 20
_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 4096
_REPEATED_BYTES = _BATCH_BYTES // _BATCH_ROWS
"""Rows no longer than this fit a batch whatever they are."""
_DICTIONARY_SHARE = 8
"""A dictionary of less than this part of a column is that of a column of distinct captions."""
_TAIL = 8
_ARROW_SCHEMA = b"ARROW:schema"


class ParquetSource(FileSource):
    """A Parquet file. A compressed one is unpacked to a temporary file for each reading."""

    format = "parquet"

    def rows(self) -> int:
        return int(self._footer[0].num_rows)

    def fingerprint(self) -> str:
        """Size, rows and a checksum of the footer."""
        with self._opened() as file, reading(self.name):
            length = file.seek(0, 2)
            digest = hashlib.blake2b(_footer_bytes(file), digest_size=16)
        return f"{length}-{self.rows()}-{digest.hexdigest()}"

    def columns(self) -> Columns:
        return self._layout.columns

    @cached_property
    def _footer(self) -> tuple[pq.FileMetaData, pa.Schema]:
        with self._opened() as file, reading(self.name):
            parquet = _parquet(file)
            return parquet.metadata, parquet.schema_arrow

    @cached_property
    def _layout(self) -> Layout:
        return choose(
            self._footer[1],
            source=self.name,
            caption_column=self._caption_column,
            key_column=self._key_column,
            filters=self._filters,
        )

    @cached_property
    def _group_starts(self) -> list[int]:
        """Row number at which each row group starts, and the number of rows behind the last."""
        metadata = self._footer[0]
        sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        return [0, *np.cumsum(sizes, dtype=np.int64).tolist()]

    def batches(
        self,
        *,
        start: int = 0,
        stop: int | None = None,
        keys: bool = False,
        urls: bool = False,
    ) -> Iterator[SourceBatch]:
        stop = self.rows() if stop is None else min(stop, self.rows())
        bounds = self._group_starts
        groups = [i for i, low in enumerate(bounds[:-1]) if low < stop and bounds[i + 1] > start]
        if not groups or start >= stop:
            return
        base, layout = bounds[groups[0]], self._layout
        records = self._read(groups, layout.needed(keys, urls))
        read = (to_batch(record, layout, keys, urls) for record in records)
        yield from clip(read, start - base, stop - base)

    def keys(self, stop: int) -> Iterator[pa.Array]:
        """As `Source.keys`; no other column is read."""
        stop, key = min(stop, self.rows()), self._layout.key
        if key is None:
            yield from (pa.nulls(min(READ_ROWS, stop - at)) for at in range(0, stop, READ_ROWS))
            return
        done = 0
        for record in self._read(range(len(self._group_starts) - 1), [key]):
            keys = key_text(record, key).slice(0, stop - done)
            done += len(keys)
            yield keys
            if done == stop:
                return

    def _read(self, groups: Sequence[int], names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Some columns of some row groups."""
        with self._opened() as file, reading(self.name):
            parquet = _parquet(file)
            if not parquet.metadata.equals(self._footer[0]):
                raise SourceError(f"{printable(self.name)}: changed since it was first opened")
            if self._recasts(names):
                parquet = _parquet(file, _without_arrow_schema(file))
            yield from parquet.iter_batches(
                batch_size=self._batch_rows(file, groups, names),
                row_groups=groups,
                columns=names,
                use_threads=False,
            )

    def _recasts(self, names: Sequence[str]) -> bool:
        """Whether Arrow would cast a column after reading it, and refuse bad bytes in doing so: it
        reads dictionaries with int32 keys and casts to any other width the file asks for."""
        kinds = [self._footer[1].field(name).type for name in names]
        return any(pa.types.is_dictionary(k) and k.index_type != pa.int32() for k in kinds)

    def _batch_rows(self, file: BinaryIO, groups: Sequence[int], names: Sequence[str]) -> int:
        """Rows that take about 16 MiB, going by the largest row of any row group: the mean one, or
        the longest that a dictionary lets rows repeat."""
        metadata = self._footer[0]
        most = 1.0
        for i in groups:
            group = metadata.row_group(i)
            columns = [group.column(j) for j in range(group.num_columns)]
            columns = [column for column in columns if column.path_in_schema in names]
            held = sum(column.total_uncompressed_size for column in columns)
            most = max(most, held / max(1, group.num_rows))
            if any(map(_mostly_dictionary, columns)):
                most = max(most, min(held, _longest_repeated(file, i, names)))
        return max(1, min(_BATCH_ROWS, int(_BATCH_BYTES / most)))

    def spans(self, rows: Sequence[int]) -> Iterator[Sequence[int]]:
        """Rows of one row group each, so that groups without any are not read."""
        group = np.searchsorted(self._group_starts, np.asarray(rows, dtype=np.int64), "right")
        edges = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), len(rows)]
        for low, high in pairwise(edges):
            if low < high:
                yield rows[low:high]

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The file, seekable."""
        with open_binary(self.name) as file:
            with reading(self.name):
                packed = compression(file.read(4)) is not None
                file.seek(0)
            if not packed:
                yield file
                return
        with tempfile.TemporaryFile() as unpacked:
            with open_stream(self.name) as stream, reading(self.name):
                shutil.copyfileobj(stream, unpacked, _BUFFER)
            unpacked.seek(0)
            yield cast(BinaryIO, unpacked)


def _parquet(file: BinaryIO, metadata: pq.FileMetaData | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(
        file,
        metadata=metadata,
        pre_buffer=False,
        buffer_size=_BUFFER,
        page_checksum_verification=True,
    )


def _mostly_dictionary(column: pq.ColumnChunkMetaData) -> bool:
    """Whether rows of a column chunk may be much longer than what it holds of each."""
    if not column.has_dictionary_page or column.total_uncompressed_size < _REPEATED_BYTES:
        return False
    dictionary = column.data_page_offset - column.dictionary_page_offset
    return bool(dictionary * _DICTIONARY_SHARE > column.total_compressed_size)


def _longest_repeated(file: BinaryIO, group: int, names: Sequence[str]) -> int:
    """Bytes of the longest entry in the dictionaries of a row group; reads these only."""
    parquet = pq.ParquetFile(file, read_dictionary=names, pre_buffer=False, buffer_size=_BUFFER)
    first = next(parquet.iter_batches(batch_size=1, row_groups=[group], columns=names))
    columns = [column for column in first.columns if pa.types.is_dictionary(column.type)]
    lengths = [pc.max(pc.binary_length(column.dictionary)).as_py() for column in columns]
    pa.default_memory_pool().release_unused()
    return max((length for length in lengths if length is not None), default=0)


def _footer_bytes(file: BinaryIO) -> bytes:
    """The footer with its length and the magic behind it."""
    end = file.seek(-_TAIL, 2)
    size = int.from_bytes(file.read(4), "little")
    file.seek(max(0, end - size))
    return file.read(size + _TAIL)


def _without_arrow_schema(file: BinaryIO) -> pq.FileMetaData:
    """The metadata, less the Arrow types the file asks for: columns come as Parquet has them.

    The schema stands under a key behind all row groups; another name of equal length hides it.
    """
    before, found, after = _footer_bytes(file).rpartition(_ARROW_SCHEMA)
    return pq.read_metadata(pa.BufferReader(b"PAR1" + before + found.lower() + after))
