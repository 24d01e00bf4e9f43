"""Parquet: every way of storing text, bad bytes in each, columns, row groups."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import cells, rows_of, written
from wagidx.exceptions import SourceError
from wagidx.sources import READ_ROWS, Columns, open_source

VALUES = [b"a dog", b"", None, b"caf\xc3\xa9", b"a dog"]
BAD_BYTES = [b"ok", b"caf\xe9", None, b"\xff\xfe", b"caf\xe9"]
KEY_WIDTHS = [getattr(pa, f"{sign}int{bits}")() for sign in ("", "u") for bits in (8, 16, 32, 64)]
TEXT_TYPES = [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()]
TYPES = [*TEXT_TYPES, *(pa.dictionary(width, pa.string()) for width in KEY_WIDTHS)]


def as_type(values: list[bytes | None], kind: pa.DataType) -> pa.Array:
    """An array of a type without Arrow looking at the bytes."""
    if pa.types.is_dictionary(kind):
        distinct = [v for v in dict.fromkeys(values) if v is not None]
        indices = [None if v is None else distinct.index(v) for v in values]
        words = as_type([*distinct], kind.value_type)
        return pa.DictionaryArray.from_arrays(pa.array(indices, kind.index_type), words)
    wide = kind in (pa.large_string(), pa.large_binary())
    plain = pa.array(values, pa.large_binary() if wide else pa.binary())
    text = plain.view(pa.large_string() if wide else pa.string())
    if kind == pa.string_view():
        return text.cast(kind)
    return plain if kind in (pa.binary(), pa.large_binary()) else text


@pytest.mark.parametrize("values", [VALUES, BAD_BYTES], ids=["good", "bad bytes"])
@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_every_text_type_gives_its_bytes(
    kind: pa.DataType, values: list[bytes | None], tmp_path: Path
) -> None:
    if kind == pa.string_view() and int(pa.__version__.split(".")[0]) < 18:
        pytest.skip("this pyarrow can neither make nor read string_view columns in Parquet")
    path = tmp_path / "a.parquet"
    chunked = pa.chunked_array([as_type(values, kind), as_type(values[:2], kind)])
    pq.write_table(pa.table({"TEXT": chunked}), path, row_group_size=4)
    assert pq.read_schema(path).field("TEXT").type is not None
    source = open_source(str(path))
    assert source.rows() == 7
    assert rows_of(source) == [(value, 0) for value in [*values, *values[:2]]]
    replaced = [None if v is None else v.decode("utf-8", "replace") for v in values]
    assert [caption for caption, _, _ in source.take(range(5))] == replaced


def test_keys_are_read_without_the_captions(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = 3_000
    columns = {"TEXT": ["a dog"] * rows, "SAMPLE_ID": [float(i) for i in range(rows)]}
    pq.write_table(pa.table(columns), path, row_group_size=1_000)
    data = bytearray(path.read_bytes())
    for group in range(3):
        chunk = pq.read_metadata(path).row_group(group).column(0)
        start = chunk.dictionary_page_offset
        data[start : start + chunk.total_compressed_size] = bytes(chunk.total_compressed_size)
    path.write_bytes(data)
    source = open_source(str(path))
    for stop in (0, 999, 1_001, rows):
        keys = [key for piece in source.keys(stop) for key in piece.to_pylist()]
        assert keys == [str(i) for i in range(stop)]
    with pytest.raises(SourceError):
        rows_of(source)


def test_columns_are_chosen_by_convention_and_overridden(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    names = ["SAMPLE_ID", "URL", "TEXT", "alt"]
    pq.write_table(pa.table([[1.0, None], ["u", "v"], ["a", "b"], ["c", "d"]], names=names), path)
    assert open_source(path).columns() == Columns("TEXT", "SAMPLE_ID", "URL")
    assert open_source(path).take([0, 1]) == [("a", "1", "u"), ("b", None, "v")]
    other = open_source(path, caption_column="alt", key_column="url")
    assert other.columns() == Columns("alt", "URL", "URL")
    assert other.take([1]) == [("d", "v", "v")]


def test_a_wrong_column_lists_those_there_are(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"TEXT": ["a"], "n": [1], "tags": [["x"]]}), path)
    for options in ({"caption_column": "alt"}, {"key_column": "alt"}, {"filters": ["alt=1"]}):
        with pytest.raises(SourceError, match=r"no column 'alt'.*columns: TEXT, n, tags"):
            open_source(path, **options).columns()
    with pytest.raises(SourceError, match="column n holds int64, not text"):
        open_source(path, caption_column="n").columns()
    with pytest.raises(SourceError, match="explode the lists"):
        open_source(path, caption_column="tags").columns()


def test_without_a_caption_column_the_columns_are_listed(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"one": ["a"], "two": ["b"]}), path)
    with pytest.raises(SourceError, match="--caption-column; columns: one, two"):
        open_source(path).columns()


def test_batches_do_not_grow_with_row_groups(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    rows = 3 * READ_ROWS + 5
    pq.write_table(pa.table({"text": [f"row {i}" for i in range(rows)]}), path, row_group_size=rows)
    batches = list(open_source(path).batches())
    assert max(map(len, batches)) <= READ_ROWS
    assert [c for b in batches for c in cells(b.captions)] == [b"row %d" % i for i in range(rows)]


def test_rows_of_a_range_cross_row_groups(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": [f"{i}" for i in range(100)]}), path, row_group_size=7)
    source = open_source(path)
    for start in range(0, 101, 5):
        for stop in (start, start + 1, start + 20, None):
            wanted = [b"%d" % i for i in range(100)][start:stop]
            assert [caption for caption, _ in rows_of(source, start, stop)] == wanted
    assert [row[0] for row in source.take([0, 6, 7, 50, 99])] == ["0", "6", "7", "50", "99"]


def test_a_row_behind_the_end_is_an_error(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["a", "b"]}), path)
    with pytest.raises(SourceError, match="not the file that was indexed"):
        open_source(path).take([0, 5])


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), path)
    assert open_source(path).rows() == 0
    assert rows_of(open_source(path)) == []


def test_a_file_cut_or_overwritten_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [f"caption {i}" for i in range(1000)]}), path)
    whole = path.read_bytes()
    for length in (0, 3, len(whole) // 2, len(whole) - 1):
        with pytest.raises(SourceError) as caught:
            rows_of(open_source(written(path, whole[:length])))
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)


def test_a_file_replaced_while_it_is_used_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a", "b"]}), path)
    source = open_source(str(path))
    before = source.fingerprint()
    pq.write_table(pa.table({"text": ["a", "b", "c"]}), path)
    with pytest.raises(SourceError, match="changed since"):
        rows_of(source)
    assert open_source(str(path)).fingerprint() != before


@pytest.mark.parametrize("shape", ["one", "some", "first half"])
def test_a_long_caption_stored_once_does_not_fill_memory(shape: str, tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    long = [f"{i} " + "x" * 61_000 for i in range(10)]
    repeated = {
        "one": long[:1] * 8_000,
        "some": [long[i % 10] if i % 3 else f"caption {i % 20}" for i in range(8_000)],
        "first half": [*(long[i % 10] for i in range(4_000)), *map(str, range(4_000))],
    }[shape]
    pq.write_table(pa.table({"text": repeated}), path)
    assert Path(path).stat().st_size < 1 << 21
    batches = [batch.captions for batch in open_source(path).batches()]
    assert sum(batch.nbytes for batch in batches) >= sum(map(len, repeated))
    assert max(batch.nbytes for batch in batches) < 72 << 20
    assert [text for batch in batches for text in cells(batch)] == [t.encode() for t in repeated]


def test_ranges_read_by_threads_at_once_are_the_rows(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    wanted = [b"%d" % i for i in range(40_000)]
    pq.write_table(pa.table({"text": [f"{i}" for i in range(40_000)]}), path, row_group_size=9_999)
    source = open_source(path)
    starts = range(0, 40_000, 5_000)
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda start: rows_of(source, start, start + 5_000), starts))
    assert [caption for part in parts for caption, _ in part] == wanted
