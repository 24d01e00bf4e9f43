"""Compressed streams that are cut or chained, and paths that are not what they seem."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
import wagidx
from source_files import PACKERS, WRITERS, rows_of, tar, written, zstd
from wagidx.exceptions import SourceError
from wagidx.sources import ROW_LIMIT, open_source, open_sources


@pytest.mark.parametrize("packing", [".gz", ".zst"])
@pytest.mark.parametrize("kind", WRITERS)
def test_a_stream_cut_by_one_byte_is_an_error(kind: str, packing: str, tmp_path: Path) -> None:
    extension, write = WRITERS[kind]
    whole = PACKERS[packing](write([f"caption {i}" for i in range(500)]))
    for lost in (1, 9, len(whole) // 2):
        name = written(tmp_path / f"part{extension}{packing}", whole[:-lost])
        with pytest.raises(SourceError, match="part") as caught:
            rows_of(open_source(name))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstd], ids=["gz", "zst"])
def test_every_member_of_a_compressed_file_is_read(pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    name = written(tmp_path / "a.txt.gz", pack(b"one\ntw") + pack(b"o\nthree\n"))
    assert rows_of(open_source(name)) == [(b"one", 0), (b"two", 0), (b"three", 0)]


def test_compression_is_told_by_the_bytes(tmp_path: Path) -> None:
    assert rows_of(open_source(written(tmp_path / "a.txt", gzip.compress(b"a\n")))) == [(b"a", 0)]
    with pytest.raises(SourceError, match="neither gzip nor zstd"):
        rows_of(open_source(written(tmp_path / "b.txt.gz", b"a\n")))


_BOMB = r"""
import re, sys
from wagidx.sources import open_source
import pyarrow
limit = 300 << 20
(batch,) = open_source(sys.argv[1]).batches()
assert batch.status.to_pylist() == [2], batch
# not ru_maxrss: that of the parent outlives exec
peak = int(re.search(r"VmHWM:\s*(\d+) kB", open("/proc/self/status").read())[1]) << 10
assert peak < limit, peak
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_one_line_of_two_gib_in_a_small_file_takes_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    member = gzip.compress(bytes(1 << 26))
    path.write_bytes(member * 32)
    assert path.stat().st_size < 16 << 20
    subprocess.run([sys.executable, "-c", _BOMB, str(path)], check=True)


def test_a_row_of_just_the_limit_is_kept(tmp_path: Path) -> None:
    longest = b"x" * ROW_LIMIT
    for kind in ("text", "csv", "tsv"):
        head = b"" if kind == "text" else b"caption\n"
        name = written(tmp_path / kind, head + longest + b"\n" + longest + b"y\nz\n")
        assert rows_of(open_source(name, format=kind)) == [(longest, 0), (None, 2), (b"z", 0)]


def names(folder: Path, *paths: Path, **options: str) -> list[str]:
    found = open_sources(list(paths) or folder, **options)
    return [os.path.relpath(source.name, folder) for source in found]


def test_a_folder_is_read_in_byte_order_of_the_path(tmp_path: Path) -> None:
    for path in ("b/2.txt", "b/10.txt", "a.txt", "Z.txt", "é.txt", "b.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        written(tmp_path / path, "x\n")
    order = ["Z.txt", "a.txt", "b.txt", "b/10.txt", "b/2.txt", "é.txt"]
    assert names(tmp_path) == order
    assert names(tmp_path, tmp_path / "**" / "*.txt") == order
    assert names(tmp_path, tmp_path / "*.txt") == ["Z.txt", "a.txt", "b.txt", "é.txt"]
    assert names(tmp_path, tmp_path / "b", tmp_path / "Z.txt") == ["b/10.txt", "b/2.txt", "Z.txt"]


def test_hidden_names_are_skipped_unless_named(tmp_path: Path) -> None:
    for path in ("a.txt", ".b.txt", "_c.txt", "_tmp/d.txt", ".git/e.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        written(tmp_path / path, "x\n")
    assert names(tmp_path) == names(tmp_path, tmp_path / "**/*.txt") == ["a.txt"]
    assert names(tmp_path, tmp_path / "_c.txt") == ["_c.txt"]


def test_a_link_to_a_parent_ends(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    written(tmp_path / "sub" / "a.txt", "x\n")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert names(tmp_path) == ["sub/a.txt"]


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone")
    for path in (tmp_path, tmp_path / "a.txt"):
        with pytest.raises(SourceError, match=r"a.txt: a broken link"):
            open_sources(path)


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    for path in (tmp_path, tmp_path / "a.txt", tmp_path / "*.txt"):
        with pytest.raises(SourceError, match="not a regular file"):
            open_sources(path)


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    name = written(tmp_path / "a.txt", "x\n")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    for twice in ([name, name], [name, tmp_path], [tmp_path], [name, os.path.relpath(name)]):
        with pytest.raises(SourceError, match="given twice"):
            open_sources(twice)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b"two\nlines.txt", b"caf\xe9.txt", b"[x]*.txt", b"e\xcc\x81.txt"])
def test_a_name_of_any_bytes_is_read_and_shown_on_one_line(raw: bytes, tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), raw)
    with open(path, "wb") as file:
        file.write(b"a\n")
    for given in (path, tmp_path):
        (source,) = open_sources(given)
        assert os.fsencode(source.name) == path
        assert rows_of(source) == [(b"a", 0)]
    with pytest.raises(SourceError) as caught:
        open_source(source.name, key_column="k").columns()
    assert str(caught.value).isprintable()


def test_a_column_name_that_no_utf8_holds_is_shown_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "half.jsonl"
    path.write_text('{"\\ud800x":1}\n')
    with pytest.raises(wagidx.SourceError, match=r"columns: \\xed\\xa0\\x80x$"):
        wagidx.build([path], tmp_path / "half.wagidx")


def test_names_in_two_unicode_forms_are_two_files(tmp_path: Path) -> None:
    written(tmp_path / "\u00e9.txt", "composed\n")
    written(tmp_path / "e\u0301.txt", "apart\n")
    assert len(open_sources(tmp_path)) == 2


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    for path, why in [("gone.txt", "no such file"), ("*.txt", "no file matches"), ("", "no files")]:
        with pytest.raises(SourceError, match=why):
            open_sources(tmp_path / path)
    with pytest.raises(SourceError, match=r"gone.txt: no such file"):
        rows_of(open_source(str(tmp_path / "gone.txt"), format="text"))


def test_a_folder_of_several_formats_asks_which(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", "x\n")
    written(tmp_path / "b.csv", "text\ny\n")
    with pytest.raises(SourceError, match="1 csv and 1 text files; choose one with --format"):
        open_sources(tmp_path)
    assert names(tmp_path, format="csv") == ["b.csv"]


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown format 'xml'; choose from auto, parquet"):
        open_sources(tmp_path, format="xml")
    with pytest.raises(SourceError, match="cannot detect its format; give --format"):
        open_sources(written(tmp_path / "data", "just words\n"))


def test_a_tar_cut_between_members_is_an_error(tmp_path: Path) -> None:
    whole = tar([("1.txt", b"a"), ("2.txt", b"b")])
    for length in (1024, 2048, 700, 100):
        with pytest.raises(SourceError, match="the archive is truncated"):
            rows_of(open_source(written(tmp_path / "a.tar", whole[:length])))


def test_a_tar_with_a_damaged_header_is_an_error(tmp_path: Path) -> None:
    whole = bytearray(tar([("1.txt", b"a"), ("2.txt", b"b")]))
    whole[1024 + 3] ^= 1
    with pytest.raises(SourceError, match="checksum is wrong"):
        rows_of(open_source(written(tmp_path / "a.tar", bytes(whole))))


def test_an_index_among_captions_is_no_source(tmp_path: Path) -> None:
    written(tmp_path / "a.csv", "caption\ndog\n")
    wagidx.build(tmp_path, tmp_path / "one.wagidx")
    (tmp_path / "two.wagidx.part").mkdir()
    for name in ("build.json", "lock", "unit-00000000.json", "unit-00000000.parquet"):
        written(tmp_path / "two.wagidx.part" / name, "{}")
    names = [source.name for source in open_sources([str(tmp_path)])]
    assert names == [str(tmp_path / "a.csv")]
    assert [s.name for s in open_sources([f"{tmp_path}/**/*.*"])] == names
    with pytest.raises(SourceError, match=r"one\.wagidx: is an index, not captions"):
        open_sources([str(tmp_path / "one.wagidx")])


def test_a_folder_whose_names_are_all_skipped_says_so(tmp_path: Path) -> None:
    written(tmp_path / "_a.csv", "caption\ndog\n")
    with pytest.raises(SourceError, match=r"no files in this folder .* are skipped"):
        open_sources([str(tmp_path)])
