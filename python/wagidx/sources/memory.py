"""Captions that are already in Python: Arrow streams, record batches, and sequences of ``str``.

Anything with ``__arrow_c_stream__`` or ``__arrow_c_array__`` is read without a copy (pyarrow,
polars, duckdb, pandas): a table by its columns, as a Parquet file would be, a single column as the
captions. A list of ``str``, a numpy array or a pandas Series of them is turned into Arrow a batch
at a time. Iterators and Arrow readers can be read once; reading them again is an error, never an
empty answer.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set, Sized
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from wagidx import _compute as pc
from wagidx.exceptions import SourceError
from wagidx.sources.arrow import Layout, choose, to_batch
from wagidx.sources.base import READ_ROWS, Columns, Source, SourceBatch, clip
from wagidx.sources.filters import Filter, parsed, plain
from wagidx.sources.hf_dataset import dataset_batches, is_dataset
from wagidx.sources.jsonl import encoded
from wagidx.storage import reading

__all__ = ["MemorySource", "from_python"]

_ONLY = "caption"
_NOTHING = object()
_Batches = Callable[[], Iterable[pa.RecordBatch]]


class MemorySource(Source):
    """Captions from Python.

    Parameters
    ----------
    make : callable
        Returns the record batches, from the first on, each time it is called.
    layout : Layout
        Columns of these batches.
    rows : int, optional
        Number of rows, where known.
    once : bool
        Whether ``make`` works a single time only.
    named : bool
        Whether the columns have names of the user's.
    """

    format = "arrow"

    def __init__(
        self,
        make: _Batches,
        layout: Layout,
        *,
        rows: int | None = None,
        once: bool = False,
        named: bool = True,
    ) -> None:
        self.name = "<memory>"
        self._make = make
        self._layout = layout
        self._rows = rows
        self._named = named
        self._once = once
        self._started = False

    def rows(self) -> int | None:
        return self._rows

    def size(self) -> int | None:
        return None

    def columns(self) -> Columns:
        return self._layout.columns if self._named else Columns()

    def fingerprint(self) -> str:
        """Rows and a checksum of all captions, whatever their Arrow layout and however they are
        chunked; for what can be read only once just that fact, which equals no other's content."""
        if self._once:
            return "stream"
        lengths, texts = hashlib.blake2b(digest_size=16), hashlib.blake2b(digest_size=16)
        rows = 0
        for batch in self.batches():
            rows += len(batch)
            flat = plain(batch.captions)
            lengths.update(_lengths(flat))
            texts.update(_bytes(flat))
        lengths.update(texts.digest())
        return f"{rows}-{lengths.hexdigest()}"

    def batches(
        self,
        *,
        start: int = 0,
        stop: int | None = None,
        keys: bool = False,
        urls: bool = False,
    ) -> Iterator[SourceBatch]:
        if self._once and self._started:
            raise SourceError("a stream from Python can be read only once")
        self._started = True
        with reading(self.name):
            taken = (to_batch(batch, self._layout, keys, urls) for batch in self._batches())
            yield from clip(taken, start, stop)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        """The record batches in pieces of `READ_ROWS` at most, each checked for its columns."""
        needed = set(self._layout.needed(keys=True, urls=True))
        for batch in self._make():
            lost = needed.difference(batch.schema.names)
            if lost:
                raise SourceError(f"{self.name}: a later batch lacks column {min(lost)!r}")
            for at in range(0, len(batch), READ_ROWS):
                yield batch.slice(at, READ_ROWS)


def from_python(
    data: Any,
    *,
    caption_column: str | None = None,
    key_column: str | None = None,
    filters: Sequence[str | Filter] = (),
) -> MemorySource:
    """Make a source of captions that are in Python already.

    Parameters
    ----------
    data : Arrow data or iterable
        An object with ``__arrow_c_stream__`` or ``__arrow_c_array__`` (a table or one column), a
        dataset of Hugging Face's ``datasets``, an iterable of record batches, or an iterable of
        ``str``, ``bytes`` and None (or NaN) for NULL.
    caption_column, key_column : str, optional
        Columns of a table by name instead of by convention.
    filters : sequence of str or Filter
        Conditions such as ``"LANGUAGE=en"`` that a row of a table must all pass.

    Returns
    -------
    MemorySource
        Nothing is copied yet; the data must not change while it is read.

    Raises
    ------
    TypeError
        The data is none of these: a single ``str``, a set (it has no order), a mapping.
    SourceError
        A table without a caption column, or without one that was named.
    """
    found = _stream_of(data) or _dataset(data) or _listed(data)
    layout = choose(
        found.schema,
        source="<memory>",
        caption_column=caption_column,
        key_column=key_column,
        filters=parsed(filters),
    )
    return MemorySource(found.make, layout, rows=found.rows, once=found.once, named=found.named)


@dataclass(frozen=True)
class _Found:
    """What was recognised in the data; see `MemorySource` for the fields."""

    schema: pa.Schema
    make: _Batches
    rows: int | None = None
    once: bool = False
    named: bool = True


def _stream_of(data: Any) -> _Found | None:
    """Arrow data of any library, or None where it is something else."""
    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if isinstance(data, pa.Table):
        return _Found(data.schema, partial(data.to_batches, READ_ROWS), rows=len(data))
    if isinstance(data, (pa.Array, pa.ChunkedArray)):
        return _column(data)
    if hasattr(data, "__arrow_c_stream__"):
        return _foreign_stream(data)
    if hasattr(data, "__arrow_c_array__"):
        return _column(pa.array(data))
    return None


def _foreign_stream(data: Any) -> _Found:
    """A stream that may be exportable a single time: what has no length is taken for such."""
    again = hasattr(data, "__len__") and not isinstance(data, pa.RecordBatchReader)
    try:
        reader = pa.RecordBatchReader.from_stream(data)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if not again:
            raise
        return _column(pa.chunked_array(data))  # a column's stream: its items are no rows of cells
    if again:
        return _Found(reader.schema, partial(pa.RecordBatchReader.from_stream, data))
    return _Found(reader.schema, lambda: reader, once=True)


def _column(column: pa.Array | pa.ChunkedArray) -> _Found:
    """One column: rows of cells if it holds structs, else the captions themselves."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    if pa.types.is_struct(column.type):
        schema = pa.schema(list(column.type))
        batches = [pa.RecordBatch.from_struct_array(chunk) for chunk in chunks]
        return _Found(schema, lambda: batches, rows=len(column))
    schema = pa.schema([(_ONLY, column.type)])
    batches = [pa.record_batch([chunk], names=[_ONLY]) for chunk in chunks]
    return _Found(schema, lambda: batches, rows=len(column), named=False)


def _dataset(data: Any) -> _Found | None:
    """A dataset of Hugging Face; what streams tells its columns by its first batch."""
    if not is_dataset(data):
        return None
    schema = next((batch.schema for batch in dataset_batches(data)), pa.schema([]))
    rows = len(data) if isinstance(data, Sized) else None
    return _Found(schema, partial(dataset_batches, data), rows=rows)


def _listed(data: Iterable[Any]) -> _Found:
    """An iterable of record batches or of captions, told apart by its first item.

    What says nothing of being iterable is refused: a lazy frame answers to numbers with an error.
    """
    no_sequence = isinstance(data, (str, bytes, bytearray, Mapping, Set))
    if no_sequence or not isinstance(data, Iterable):
        kind = type(data).__name__
        raise TypeError(f"captions must be a sequence, a table or an Arrow stream, not one {kind}")
    ahead = iter(data)
    once = ahead is data
    first = next(ahead, _NOTHING)
    nothing = first is _NOTHING

    def again() -> Iterable[Any]:
        return itertools.chain([] if nothing else [first], ahead) if once else data

    if isinstance(first, pa.RecordBatch) or hasattr(first, "__arrow_c_array__"):
        return _Found(
            pa.record_batch(first).schema, lambda: map(pa.record_batch, again()), once=once
        )
    schema = pa.schema([(_ONLY, pa.large_binary())])
    rows = len(data) if isinstance(data, Sized) and not once else None
    return _Found(schema, lambda: _texts(again()), rows=rows, once=once, named=False)


def _texts(items: Iterable[Any]) -> Iterator[pa.RecordBatch]:
    """Captions in Python turned into batches."""
    left = iter(items)
    row = 0
    while held := list(itertools.islice(left, READ_ROWS)):
        try:
            array = pa.array(held, pa.large_binary(), from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
            texts = [_text(item, row + i) for i, item in enumerate(held)]
            array = pa.array(texts, pa.large_binary())
        yield pa.record_batch([array], names=[_ONLY])
        row += len(held)


def _text(item: Any, row: int) -> bytes | None:
    """A caption that Arrow refused: half a surrogate pair is kept as bytes that are not UTF-8."""
    if item is None or isinstance(item, bytes):
        return item
    if isinstance(item, str):
        return encoded(item)
    if isinstance(item, float) and item != item:
        return None
    raise TypeError(f"caption {row} is {type(item).__name__}, not str, bytes or None")


def _lengths(flat: pa.Array) -> bytes:
    """Bytes of each caption as int64, -1 for NULL, so that NULL and '' differ."""
    lengths = pc.fill_null(pc.binary_length(flat).cast(pa.int64()), -1)
    return bytes(lengths.to_numpy(zero_copy_only=False).astype("<i8").tobytes())


def _bytes(flat: pa.Array) -> memoryview:
    """All captions of a large_binary array behind one another."""
    filled = pc.fill_null(flat, b"")
    _, offsets, values = filled.buffers()
    if values is None:
        return memoryview(b"")
    bounds = np.frombuffer(offsets, dtype=np.int64)[filled.offset :]
    return memoryview(values)[int(bounds[0]) : int(bounds[len(filled)])]
