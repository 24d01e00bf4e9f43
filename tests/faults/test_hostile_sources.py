"""Sources nobody would want, from the file to the counts, as a user builds them.

What each reader makes of bad bytes stands in `tests/sources`; here the whole program runs, and the
statistics, the messages, the terms and the memory are looked at.
"""

from __future__ import annotations

import gzip
import json
import mmap
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from reference import ReferenceIndex
from source_files import zstd
from test_source_parquet import as_type
from wagidx.sources import ROW_LIMIT

BAD: list[bytes | None] = [
    b"a dog",
    b"caf\xe9 dog",
    None,
    b"\xff\xfe",
    b"",
    b"two dogs \xf0\x9f\x90 here",
    b"cat\xed\xa0\x80cat",
    b"\xc0\xafdog \xe2\x82",
    b"a dog",
]
BAD_ROWS = 5
KINDS = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.binary(),
    pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.int32(), pa.string()),
]

# The peak is that of the child: getrusage keeps the parent's over an exec.
CHILD = r"""
import json, re, sys, wagidx
stats = wagidx.build(sys.argv[1], sys.argv[2], threads=2, progress=False).to_dict()
peak = int(re.search(r"VmHWM:\s*(\d+) kB", open("/proc/self/status").read())[1]) << 10
print(json.dumps(stats | {"peak": peak}))
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    code = "from wagidx.cli import main; main(prog_name='wagidx')"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def built(source: Path, *options: object) -> dict[str, Any]:
    """Build `source` into an index beside it; the statistics."""
    result = run("build", source, "-o", source.with_suffix(".wagidx"), "--json", "-q", *options)
    assert result.returncode == 0, result.stderr
    stats: dict[str, Any] = json.loads(result.stdout)
    return stats


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_bad_bytes_of_a_column_are_counted_replaced_and_told(
    kind: pa.DataType, tmp_path: Path
) -> None:
    if kind == pa.string_view() and int(pa.__version__.split(".")[0]) < 18:
        pytest.skip("this pyarrow can neither make nor read string_view columns in Parquet")
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"TEXT": as_type(BAD, kind)}), path)
    stats = built(path)
    assert (stats["rows"], stats["captions"], stats["nulls"], stats["empty"]) == (9, 8, 1, 1)
    assert stats["invalid_utf8"] == BAD_ROWS
    replaced = [None if text is None else text.decode("utf-8", "replace") for text in BAD]
    reference = ReferenceIndex(replaced)
    with wagidx.open(path.with_suffix(".wagidx")) as index:
        assert dict(index.terms.items()) == reference.terms()
        assert index.ids("dog").tolist() == reference.ids("dog")
        found = {caption.id: caption.text for caption in index.captions("dog", limit=None)}
        assert found == {row: replaced[row] for row in reference.ids("dog")}
    shown = run("build", path, "-o", tmp_path / "b.wagidx")
    assert "invalid utf8" in shown.stdout
    assert str(BAD_ROWS) in shown.stdout.split("invalid utf8")[1].splitlines()[0]


@pytest.mark.parametrize("pack", [gzip.compress, zstd], ids=["gz", "zst"])
def test_a_stream_of_two_members_cut_by_a_byte_makes_no_index(pack: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    whole = pack(b"a dog\ntwo ") + pack(b"dogs\na cat\n")
    path.write_bytes(whole)
    stats = built(path)
    assert stats["rows"] == 3
    with wagidx.open(path.with_suffix(".wagidx")) as index:
        assert index.ids("dog").tolist() == [0, 1]
    path.write_bytes(whole[:-1])
    result = run("build", path, "-o", tmp_path / "cut.wagidx", "-q")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert str(path) in result.stderr
    assert not (tmp_path / "cut.wagidx").exists()


TABLE = [
    "key,caption",
    "007,a dog",
    "008,NA",
    "009,null",
    "010,1984",
    '011,"two dogs,\nin two lines"',
    "012,too,many",
    "013," + "x" * ROW_LIMIT,
    "014,caf\xe9 dog",
    "1e3,",
]


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_a_table_is_text_and_goes_on_after_a_bad_row(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rows = TABLE if kind == "csv" else [row.replace("\n", " ").replace(",", "\t") for row in TABLE]
    if kind == "tsv":
        rows[5] = '011\t"two dogs, in two lines"'
    path.write_bytes("".join(f"{row}\n" for row in rows).encode("latin-1"))
    result = run("build", path, "-o", path.with_suffix(".wagidx"), "--json")
    stats = json.loads(result.stdout)
    assert [stats[name] for name in ("rows", "captions", "malformed", "invalid_utf8", "empty")] == [
        9,
        7,
        2,
        1,
        1,
    ]
    line = 7 if kind == "csv" else 6
    assert f"a.{kind}: row 5 (line {line + 1}) is malformed" in result.stderr
    assert f"row 6 (line {line + 2}) is malformed" in result.stderr
    with wagidx.open(path.with_suffix(".wagidx")) as index:
        assert index.counts(["NA", "null", "1984", "dog", "x"], pos="any").tolist() == [
            1,
            1,
            1,
            3,
            0,
        ]
        keys = {caption.id: caption.key for caption in index.captions("dog", limit=None)}
        assert keys == {0: "007", 4: "011", 7: "014"}


def measured(source: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", CHILD, str(source), str(source.with_suffix(".wagidx"))]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    stats: dict[str, Any] = json.loads(result.stdout)
    return stats


ROWS, LONG = 23_000, 100_000
FILLED = [f"dog{i} " + "word " * (LONG // 5 - 2) + f"tail{i}" for i in range(10)]


def in_one_row_group(path: Path) -> None:
    """Strings in one row group: distinct values stand in the file once."""
    indices = pa.array([i % 10 for i in range(ROWS)], pa.int8())
    column = pa.DictionaryArray.from_arrays(indices, pa.array(FILLED))
    pq.write_table(pa.table({"TEXT": column}), path, row_group_size=ROWS, store_schema=False)


def in_chunks(path: Path) -> None:
    schema = pa.schema([("TEXT", pa.large_string())])
    chunk = pa.table({"TEXT": pa.array(FILLED * 100, pa.large_string())})
    with pq.ParquetWriter(path, schema, dictionary_pagesize_limit=1 << 24) as writer:
        for _ in range(ROWS // 1_000):
            writer.write_table(chunk)


@linux_only
@pytest.mark.slow
@pytest.mark.parametrize("write", [in_one_row_group, in_chunks], ids=["string", "large_string"])
def test_a_column_past_two_gigabytes_takes_bounded_memory(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write(path)
    assert path.stat().st_size < 64 << 20
    stats = measured(path)
    assert (stats["rows"], stats["captions"], stats["malformed"]) == (ROWS, ROWS, 0)
    assert stats["peak"] < 768 << 20
    with wagidx.open(path.with_suffix(".wagidx")) as index:
        assert index.counts(["word", "dog3", "tail9"]).tolist() == [ROWS, ROWS // 10, ROWS // 10]
        assert index.ids("dog7 tail7", limit=2).tolist() == [7, 17]


def sparse(path: Path, rows: int, width: int) -> mmap.mmap:
    """Mapped bytes of `rows` captions of `width` bytes, nearly all of them holes of the file."""
    with path.open("w+b") as file:
        file.truncate(rows * width)
        for row in range(rows):
            file.seek(row * width)
            file.write(b"dog " if row % 2 else b"cat ")
        file.flush()
        return mmap.mmap(file.fileno(), 0)


@linux_only
@pytest.mark.slow
def test_offsets_past_two_gigabytes_are_followed(tmp_path: Path) -> None:
    rows, width = 270, 8 << 20
    data = sparse(tmp_path / "holes", rows, width)
    offsets = pa.array([row * width for row in range(rows + 1)], pa.int64())
    buffers = [None, offsets.buffers()[1], pa.py_buffer(data)]
    column = pa.LargeStringArray.from_buffers(rows, buffers[1], buffers[2])
    assert offsets[-1].as_py() > 2**31
    wagidx.build(captions=column, output=tmp_path / "a.wagidx", progress=False)
    with wagidx.open(tmp_path / "a.wagidx") as index:
        assert index.ids("dog").tolist() == list(range(1, rows, 2))
        assert index.counts(["dog", "cat"]).tolist() == [rows // 2, rows // 2]


def shared_chunks() -> Iterator[pa.Array]:
    chunk = pa.array(FILLED * 100, pa.string())
    yield from [chunk] * (ROWS // 1_000)


@pytest.mark.slow
def test_a_chunked_array_past_two_gigabytes_is_read_chunk_by_chunk(tmp_path: Path) -> None:
    column = pa.chunked_array(list(shared_chunks()))
    wagidx.build(captions=column, output=tmp_path / "a.wagidx", progress=False)
    with wagidx.open(tmp_path / "a.wagidx") as index:
        assert index.counts(["word", "dog3"]).tolist() == [ROWS, ROWS // 10]


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))\n"


@linux_only
@pytest.mark.slow
@pytest.mark.parametrize(("head", "kind"), [(b"", "txt"), (b"caption\n", "csv"), (b"", "jsonl")])
def test_a_line_of_two_gigabytes_in_a_small_file_is_one_malformed_row(
    head: bytes, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{kind}.gz"
    after = b'{"caption": "a dog"}' if kind == "jsonl" else b"a dog"
    before = gzip.compress(head + after + b"\n")
    path.write_bytes(before + gzip.compress(b"x" * (1 << 26)) * 32 + gzip.compress(b"\n" + after))
    assert path.stat().st_size < 8 << 20
    output = path.with_suffix(".wagidx")
    command = [sys.executable, "-c", LIMITED + CHILD, str(path), str(output)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    stats = json.loads(result.stdout)
    assert (stats["rows"], stats["captions"], stats["malformed"]) == (3, 2, 1)
    assert stats["peak"] < 512 << 20
    assert wagidx.open(output).ids("dog").tolist() == [0, 2]


def test_no_source_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(wagidx.SourceError, match="no source given"):
        wagidx.build([], tmp_path / "none.wagidx")
