"""Webdataset tars: samples, members, the kinds of tar there are."""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from source_files import Row, rows_of, tar, written
from wagidx.exceptions import SourceError
from wagidx.sources import Columns, open_source
from wagidx.sources.tar import TarReader

TAR_FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
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


@pytest.mark.parametrize("format", TAR_FORMATS)
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
    with pytest.raises(SourceError, match=r"no column 'nope'.*columns: alt, txt, caption, key"):
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


_NAMES = st.text("abé/._", min_size=1, max_size=150).filter(lambda name: name[-1] != "/")


@given(
    members=st.lists(st.tuples(_NAMES, st.binary(max_size=1300)), max_size=5),
    format=st.sampled_from(TAR_FORMATS),
)
@settings(deadline=None)
def test_members_are_those_the_standard_library_reads(
    members: list[tuple[str, bytes]], format: int
) -> None:
    try:
        whole = tar(members, format)
    except ValueError:  # ustar has no place for some long names
        assume(False)
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        expected = [(m.name, archive.extractfile(m).read()) for m in archive]  # type: ignore[union-attr]
    for chained in (whole, whole + whole):
        reader = TarReader(io.BytesIO(chained), "law")
        found = [(member.name.decode(), reader.read()) for member in reader]
        assert found == expected * (len(chained) // len(whole))


@given(
    at=st.integers(0, 511).filter(lambda i: not 148 <= i < 156),
    bytes_=st.binary(min_size=1, max_size=12),
    extra=st.binary(max_size=600),
    format=st.sampled_from(TAR_FORMATS),
)
@example(124, b"\xff" * 12, b"", tarfile.GNU_FORMAT)
@example(124, b"-0000000001", b"", tarfile.GNU_FORMAT)
@example(156, b"x", b"9" * 5000 + b" a=b", tarfile.GNU_FORMAT)
@example(121, b"\0\0\x001", b"", tarfile.USTAR_FORMAT)
@example(156, b"x", b"33 size=" + b"9" * 24 + b"\n", tarfile.GNU_FORMAT)
@settings(max_examples=300, deadline=None)
def test_a_header_of_any_bytes_is_read_or_refused(
    at: int, bytes_: bytes, extra: bytes, format: int
) -> None:
    whole = bytearray(tar([("1.txt", extra), ("2.txt", b"b")], format))
    whole[at : min(at + len(bytes_), 512)] = bytes_[: 512 - at]
    if at <= 148:
        whole[148:156] = b" " * 8
    total = sum(whole[:148]) + 8 * 0x20 + sum(whole[156:512])
    whole[148:156] = b"%06o\0 " % total
    reader = TarReader(io.BytesIO(bytes(whole)), "law")
    with contextlib.suppress(SourceError):
        for member in reader:
            # A size past the end is refused when its bytes are asked for, not before.
            assert len(reader.read()) == member.size <= len(whole)
