"""Every format, compressed or not, gives the same rows."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_files import PACKERS, WRITERS, rows_of, written
from wagidx.sources import READ_ROWS, open_source, open_sources

CAPTIONS = [
    "a golden retriever",
    "NA",
    "null",
    "1984",
    "",
    "  blanks around  ",
    'she said "hello", twice',
    "naïve café, 日本語, 🐕",
    "a\rlone return",
    "=cmd|' /C calc'!A0",
    "x" * 61_000,
    "last",
]
FORMATS = [(kind, packing) for kind in WRITERS for packing in PACKERS]


@pytest.mark.parametrize(("kind", "packing"), FORMATS)
def test_every_format_and_compression_gives_the_same_captions(
    kind: str, packing: str, tmp_path: Path
) -> None:
    extension, write = WRITERS[kind]
    name = written(tmp_path / f"part{extension}{packing}", PACKERS[packing](write(CAPTIONS)))
    (source,) = open_sources(name)
    assert source.format == kind.split()[0]
    assert rows_of(source) == [(caption.encode(), 0) for caption in CAPTIONS]
    assert [row[0] for row in source.take([1, 4, 4, 11])] == ["NA", "", "", "last"]
    again = pickle.loads(pickle.dumps(source))
    assert again.fingerprint() == source.fingerprint()
    assert rows_of(again, 3, 5) == [(b"1984", 0), (b"", 0)]


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "text"])
def test_keys_keep_their_zeros(kind: str, tmp_path: Path) -> None:
    extension, write = WRITERS[kind]
    source = open_source(written(tmp_path / f"part{extension}", write(["a", "b"])))
    assert source.take([0, 1]) == [("a", "00000", None), ("b", "00001", None)]


@pytest.mark.parametrize("kind", WRITERS)
def test_keys_alone_are_those_beside_the_captions(kind: str, tmp_path: Path) -> None:
    extension, write = WRITERS[kind]
    source = open_source(written(tmp_path / f"part{extension}", write(CAPTIONS)))
    beside = [key for _, key, _ in source.take(range(len(CAPTIONS)))]
    for stop in (0, 1, 5, len(CAPTIONS)):
        alone = [key for keys in source.keys(stop) for key in keys.cast("string").to_pylist()]
        assert alone == beside[:stop]


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "webdataset", "webdataset json"])
def test_null_is_not_the_empty_caption(kind: str, tmp_path: Path) -> None:
    extension, write = WRITERS[kind]
    source = open_source(written(tmp_path / f"part{extension}", write(["a", None, ""])))
    assert rows_of(source) == [(b"a", 0), (None, 0), (b"", 0)]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_range_of_rows_is_that_slice_of_all_rows(kind: str, tmp_path: Path) -> None:
    extension, write = WRITERS[kind]
    source = open_source(written(tmp_path / f"part{extension}", write(CAPTIONS)))
    rows = rows_of(source)
    for start in range(len(rows) + 2):
        for stop in range(start, len(rows) + 2):
            assert rows_of(source, start, stop) == rows[start:stop]


@pytest.mark.parametrize("kind", WRITERS)
def test_large_files_come_in_bounded_batches(kind: str, tmp_path: Path) -> None:
    extension, write = WRITERS[kind]
    rows = READ_ROWS + 10 if "webdataset" not in kind else 100
    chosen = random.Random(7)
    captions = [f"caption {i} " + "word " * chosen.randrange(9) for i in range(rows)]
    source = open_source(written(tmp_path / f"part{extension}", write(captions)))
    assert rows_of(source) == [(caption.encode(), 0) for caption in captions]


_ALPHABET = st.characters(exclude_categories=["Cs"])
_ONE_LINE = st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\t")


@pytest.mark.parametrize("kind", WRITERS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_writing_then_reading_is_the_identity(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    extension, write = WRITERS[kind]
    alphabet = _ONE_LINE if kind in ("tsv", "text") else _ALPHABET
    captions = data.draw(st.lists(st.text(alphabet, max_size=20), min_size=1, max_size=8))
    if kind == "text" and captions[0].startswith("\ufeff"):
        captions[0] = "x"  # a byte order mark at the start of a file is no text
    if kind == "csv":
        captions = [c.replace("\0", "") for c in captions]  # csv.writer before 3.11 refuses NUL
    path = tmp_path_factory.mktemp("law") / f"part{extension}"
    rows = rows_of(open_source(written(path, write(captions))))
    assert rows == [(caption.encode(), 0) for caption in captions]


def test_a_file_without_a_telling_name_is_told_by_its_bytes(tmp_path: Path) -> None:
    for kind in ("parquet", "jsonl", "webdataset"):
        for packing, pack in PACKERS.items():
            name = written(tmp_path / f"{kind}{len(packing)}", pack(WRITERS[kind][1](["a"])))
            assert open_source(name).format == kind


def test_the_fingerprint_changes_with_the_content_and_only_with_it(tmp_path: Path) -> None:
    for extension, write in WRITERS.values():
        first = open_source(written(tmp_path / f"a{extension}", write(["a dog", "b"])))
        same = open_source(written(tmp_path / f"b{extension}", write(["a dog", "b"])))
        other = open_source(written(tmp_path / f"c{extension}", write(["a dog", "c"])))
        assert first.fingerprint() == same.fingerprint() != other.fingerprint()
