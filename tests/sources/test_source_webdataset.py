"""Webdataset tars: samples, members, the kinds of tar there are."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from source_files import Row, rows_of, tar, written
from wagidx.exceptions import SourceError
from wagidx.sources import Columns, open_source

JSON = json.dumps({"caption": "from json", "key": "k", "url": "u", "n": 3}).encode()
CASES: list[tuple[list[tuple[str, bytes]], list[Row]]] = [
    ([("1.txt", b"a"), ("1.jpg", b"x"), ("2.jpg", b"x")], [(b"a", 0), (None, 0)]),
    ([("1.json", JSON), ("1.txt", b"from txt")], [(b"from txt", 0)]),
    ([("1.jpg", b"x"), ("1.json", JSON)], [(b"from json", 0)]),
    ([("a/1.txt", b"a"), ("b/1.txt", b"b")], [(b"a", 0), (b"b", 0)]),
    ([("./1.txt", b"a"), ("1.json", b"{}")], [(b"a", 0)]),
    ([("1.txt", b""), ("2.txt", b"two\nlines\n")], [(b"", 0), (b"two\nlines\n", 0)]),
    ([("1.txt", b"caf\xe9")], [(b"caf\xe9", 0)]),
    ([("1.json", JSON), ("2.json", b"no json")], [(b"from json", 0), (None, 2)]),
    ([("1.json", JSON), ("2.json", b'{"caption": 5}')], [(b"from json", 0), (None, 2)]),
    ([("1.json", JSON), ("2.json", b'{"caption": null}')], [(b"from json", 0), (None, 0)]),
    ([("1.TXT", b"a"), (".hidden", b"x"), ("2.txt", b"b")], [(b"a", 0), (b"b", 0)]),
]


@pytest.mark.parametrize("index", range(len(CASES)))
def test_samples(index: int, tmp_path: Path) -> None:
    members, rows = CASES[index]
    assert rows_of(open_source(written(tmp_path / "a.tar", tar(members)))) == rows


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_every_kind_of_tar(format: int, tmp_path: Path) -> None:
    folder = "/".join(["a" * 60] * 3)
    whole = tar([(f"{folder}/{i}.txt", f"{i}".encode()) for i in range(3)], format)
    source = open_source(written(tmp_path / "a.tar", whole))
    assert source.take([0, 2]) == [("0", f"{folder}/0", None), ("2", f"{folder}/2", None)]


def test_columns_are_members_and_fields(tmp_path: Path) -> None:
    name = written(tmp_path / "a.tar", tar([("1.txt", b"t"), ("1.json", JSON), ("1.alt", b"x")]))
    assert open_source(name).columns() == Columns("txt", "__key__", "url")
    assert open_source(name, caption_column="alt").take([0]) == [("x", "1", "u")]
    field = open_source(name, caption_column="caption", key_column="key")
    assert field.take([0]) == [("from json", "k", "u")]
    with pytest.raises(SourceError, match="no column 'nope'.*columns: alt, txt, caption, key"):
        open_source(name, caption_column="nope").columns()


def test_filters_look_at_the_fields(tmp_path: Path) -> None:
    members = [("1.txt", b"a"), ("1.json", b'{"n": 3}'), ("2.txt", b"b"), ("2.json", b'{"n": 4}')]
    name = written(tmp_path / "a.tar", tar([*members, ("3.txt", b"c")]))
    assert rows_of(open_source(name, filters=["n>3"])) == [(b"a", 1), (b"b", 0), (b"c", 1)]


def test_a_header_that_announces_a_huge_name_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    with pytest.raises(SourceError, match="a header of 1099511627776 bytes"):
        rows_of(open_source(written(tmp_path / "a.tar", info.tobuf(tarfile.GNU_FORMAT))))
