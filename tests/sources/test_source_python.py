"""Captions that are in Python already: Arrow of every shape, lists, iterators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from source_files import Row, rows_of
from wagidx.exceptions import SourceError
from wagidx.sources import READ_ROWS, Columns, from_python

TABLE = pa.table({"id": [7, 8, 9], "Caption": ["a dog", None, ""]})
ROWS: list[Row] = [(b"a dog", 0), (None, 0), (b"", 0)]


class Exported:
    """An object of a library we do not know, with nothing but Arrow's protocol."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._data.__arrow_c_stream__(requested_schema)


class Sized(Exported):
    def __len__(self) -> int:
        return len(self._data)


def iterator(batches: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield from batches


NAMED: dict[str, Callable[[], Any]] = {
    "table": lambda: TABLE,
    "record batch": lambda: TABLE.to_batches()[0],
    "list of batches": lambda: TABLE.to_batches(max_chunksize=1),
    "iterator of batches": lambda: iterator(TABLE.to_batches(max_chunksize=2)),
    "reader": lambda: TABLE.to_reader(),
    "foreign stream": lambda: Exported(TABLE),
    "foreign table": lambda: Sized(TABLE),
    "structs": lambda: TABLE.to_struct_array().combine_chunks(),
}
BARE: dict[str, Callable[[], Any]] = {
    "list": lambda: ["a dog", None, ""],
    "tuple of bytes": lambda: (b"a dog", None, b""),
    "iterator": lambda: iter(["a dog", None, ""]),
    "numpy": lambda: np.array(["a dog", None, ""], dtype=object),
    "NaN is NULL": lambda: ["a dog", float("nan"), ""],
    "array": lambda: TABLE["Caption"].combine_chunks(),
    "chunked array": lambda: TABLE["Caption"],
    "dictionary": lambda: TABLE["Caption"].dictionary_encode(),
    "view": lambda: pa.array(TABLE["Caption"].to_pylist(), pa.string_view()),
    "foreign column": lambda: Sized(TABLE["Caption"]),
}


@pytest.mark.parametrize("shape", NAMED)
def test_tables_give_captions_and_keys(shape: str) -> None:
    source = from_python(NAMED[shape]())
    assert source.columns() == Columns("Caption", "id", None)
    assert rows_of(source) == ROWS
    assert from_python(NAMED[shape]()).take([0, 2]) == [("a dog", "7", None), ("", "9", None)]


@pytest.mark.parametrize("shape", BARE)
def test_columns_and_lists_are_the_captions(shape: str) -> None:
    source = from_python(BARE[shape]())
    assert source.columns() == Columns()
    assert source.rows() in (3, None)
    assert rows_of(source) == ROWS


@pytest.mark.parametrize("shape", ["reader", "iterator of batches", "foreign stream"])
def test_what_can_be_read_once_is_never_silently_empty(shape: str) -> None:
    source = from_python(NAMED[shape]())
    assert rows_of(source) == ROWS
    with pytest.raises(SourceError, match="only once"):
        rows_of(source)


@pytest.mark.parametrize("shape", ["table", "list of batches", "foreign table", "structs"])
def test_what_can_be_read_again_gives_the_same(shape: str) -> None:
    source = from_python(NAMED[shape]())
    assert rows_of(source) == rows_of(source) == ROWS
    assert source.fingerprint() == from_python(TABLE).fingerprint()


def test_the_fingerprint_tells_null_from_empty_and_where_captions_end() -> None:
    kinds = [[None, "ab"], ["", "ab"], ["a", "b"], ["ab", ""], ["ab"], []]
    assert len({from_python(captions).fingerprint() for captions in kinds}) == len(kinds)


def test_a_large_table_comes_in_bounded_batches() -> None:
    texts = [f"{i}" for i in range(2 * READ_ROWS + 3)]
    for data in (texts, iter(texts), pa.table({"text": texts}), pa.chunked_array([texts])):
        assert [caption for caption, _ in rows_of(from_python(data))] == [t.encode() for t in texts]


def test_half_a_surrogate_pair_becomes_bytes_that_are_not_utf8() -> None:
    assert rows_of(from_python(["ok", "a\ud800"])) == [(b"ok", 0), (b"a\xed\xa0\x80", 0)]


@pytest.mark.parametrize("data", ["one text", b"bytes", {"text": ["a"]}, {"a"}], ids=repr)
def test_what_has_no_order_or_is_one_text_is_refused(data: object) -> None:
    with pytest.raises(TypeError, match="captions must be a sequence"):
        from_python(data)


def test_a_caption_that_is_no_text_is_refused_with_its_number() -> None:
    with pytest.raises(TypeError, match="caption 1 is int, not str"):
        rows_of(from_python(["a", 5]))


def test_a_table_without_captions_lists_its_columns() -> None:
    with pytest.raises(SourceError, match="columns: one, two"):
        from_python(pa.table({"one": ["a"], "two": ["b"]}))
    with pytest.raises(SourceError, match=r"no column 'alt'.*columns: id, Caption"):
        from_python(TABLE, caption_column="alt")


def test_a_later_batch_without_the_column_is_an_error() -> None:
    batches = [pa.record_batch({"text": ["a"]}), pa.record_batch({"other": ["b"]})]
    with pytest.raises(SourceError, match="a later batch lacks column 'text'"):
        rows_of(from_python(batches))


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    rows_of(from_python(["a"]))
    assert capsys.readouterr() == ("", "")
