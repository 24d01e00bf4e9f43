"""CSV, TSV, JSON Lines and text: one table of nasty files, each with the rows it stands for."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_files import Row, cells, rows_of, written
from wagidx.exceptions import SourceError
from wagidx.sources import ROW_LIMIT, Columns, open_source
from wagidx.sources.csv import _careful, read_cells
from wagidx.sources.jsonl import _Reader
from wagidx.sources.rejects import Rejects

BAD: Row = (None, 2)
LONG = b"x" * (ROW_LIMIT + 1)


def taken(*captions: bytes) -> list[Row]:
    return [(caption, 0) for caption in captions]


CASES: list[tuple[str, bytes, list[Row]]] = [
    ("csv", b"", []),
    ("csv", b"caption\n", []),
    ("csv", b"caption\na\nb", taken(b"a", b"b")),
    ("csv", b"caption\r\na\r\n\r\nb\r\n", taken(b"a", b"", b"b")),
    ("csv", b"caption,key\na,1\n\nb,2\n", taken(b"a", b"b")),
    ("csv", b'caption,key\n"two\nlines",1\n', taken(b"two\nlines")),
    ("csv", b'caption,key\n"two\r\nlines",1\r\n', taken(b"two\r\nlines")),
    ("csv", b'caption,key\n"a ""b"" c",1\n', taken(b'a "b" c')),
    ("csv", b'caption,key\n"a ""b"" c",1', taken(b'a "b" c')),
    ("csv", b'caption,key\n"",1\n"""",2\n', taken(b"", b'"')),
    ("csv", b'caption,key\n5" disk,1\n', taken(b'5" disk')),
    ("csv", b'caption,key\n"a"b,1\nc,2\n', [BAD, (b"c", 0)]),
    ("csv", b'caption,key\n"open,1\nb,2\nc,3\n', [BAD, (b"b", 0), (b"c", 0)]),
    ("csv", b"caption,key\na\nb,2,3\nc,3\n", [BAD, BAD, (b"c", 0)]),
    ("csv", b"caption\n" + LONG + b"\nb\n", [BAD, (b"b", 0)]),
    ("csv", b"caption\nab\xe9c\n\xff\xfe\n", taken(b"ab\xe9c", b"\xff\xfe")),
    ("csv", b"\xef\xbb\xbfcaption\na\n", taken(b"a")),
    ("csv", b"caption\na\rb\n", taken(b"a\rb")),
    ("csv", b"caption\nNA\nnull\n1984\n\n", taken(b"NA", b"null", b"1984", b"")),
    ("csv", b'url,caption\nhttp://x/?a="1",b\n', taken(b"b")),
    ("tsv", b"", []),
    ("tsv", b'key\tcaption\n1\t"quoted\n2\ta""b\n', taken(b'"quoted', b'a""b')),
    ("tsv", b"a dog\thttp://x\na cat\thttp://y\n", taken(b"a dog", b"a cat")),
    ("tsv", b"http://x\ta dog\nhttp://y\ta cat\n", taken(b"a dog", b"a cat")),
    ("tsv", b"caption\tkey\na\n\nb\t2\tc\nd\t4\n", [BAD, BAD, (b"d", 0)]),
    ("tsv", b"caption\n" + LONG + b"\nb\n", [BAD, (b"b", 0)]),
    ("tsv", b"caption\tkey\na\\tb\t1\r\n", taken(b"a\\tb")),
    ("tsv", b"caption\tkey\n\xe9t\xe9\t1\n", taken(b"\xe9t\xe9")),
    ("text", b"", []),
    ("text", b"\n", taken(b"")),
    ("text", b"a\r\n\r\nb", taken(b"a", b"", b"b")),
    ("text", b"caption\na\n", taken(b"caption", b"a")),
    ("text", b"a\0b\n\xe9\n", taken(b"a\0b", b"\xe9")),
    ("text", LONG + b"\nb\n", [BAD, (b"b", 0)]),
    ("text", b"a\n" + LONG, [(b"a", 0), BAD]),
    ("jsonl", b"", []),
    ("jsonl", b'{"text": "a"}\n\n{"text": "b"}', taken(b"a", b"b")),
    ("jsonl", b'{"text": "a"}\n{"text": 1984}\n', [(b"a", 0), BAD]),
    ("jsonl", b'{"text": "a"}\n{"text": ["b"]}\n', [(b"a", 0), BAD]),
    ("jsonl", b'{"text": "a"}\nnot json\n[1]\n"b"\n', [(b"a", 0), BAD, BAD, BAD]),
    ("jsonl", b'{"text": "a"}\n{"text": "b"\n}\n', [(b"a", 0), BAD, BAD]),
    ("jsonl", b'{"text": "a"}\n{"text": null}\n{}\n', [(b"a", 0), (None, 0), (None, 0)]),
    ("jsonl", b'{"text": "a\\nb"}\n', taken(b"a\nb")),
    ("jsonl", b'{"text": "\\ud83d\\udc15"}\n', taken("🐕".encode())),
    ("jsonl", b'{"text": "a\\ud83d"}\n', taken(b"a\xed\xa0\xbd")),
    ("jsonl", b'{"text": "caf\xe9"}\n', taken(b"caf\xe9")),
    ("jsonl", b'{"text": "a", "n": {"deep": [1, {"text": "no"}]}}\n', taken(b"a")),
    ("jsonl", b'{"text": "a", "text": "b"}\n', taken(b"b")),
    ("jsonl", b'{"text": "a"}{"text": "b"}\n{"text": "c"}\n', [BAD, (b"c", 0)]),
    (
        "jsonl",
        b'{"text": "a"}\n{"text": "' + LONG + b'"}\n{"text": "b"}\n',
        [(b"a", 0), BAD, (b"b", 0)],
    ),
]


@pytest.mark.parametrize("index", range(len(CASES)))
def test_nasty_file(index: int, tmp_path: Path) -> None:
    kind, data, rows = CASES[index]
    source = open_source(written(tmp_path / "part", data), format=kind)
    assert rows_of(source) == rows


def test_a_malformed_row_is_reported_with_its_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = written(tmp_path / "a.csv", 'caption,key\n"two\nlines",1\nbad\n')
    with caplog.at_level(logging.WARNING, logger="wagidx"):
        rows_of(open_source(name))
    assert f"{name}: row 1 (line 4) is malformed: it has not 2 cells" in caplog.text


def test_many_malformed_rows_are_summed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    name = written(tmp_path / "a.csv", "caption,key\n" + "bad\n" * 500)
    with caplog.at_level(logging.WARNING, logger="wagidx"):
        assert rows_of(open_source(name)) == [BAD] * 500
    assert len(caplog.records) == 11
    assert "500 malformed rows in all" in caplog.text


_PIECES = st.sampled_from(["a", "b", '"', '""', '"a""b"', ",", "\r", "\r\n", "\n"])


@given(
    data=st.lists(_PIECES, max_size=25).map("".join),
    width=st.integers(1, 3),
    limit=st.integers(1, 12),
)
@settings(max_examples=800, deadline=None)
def test_cutting_csv_at_once_equals_cutting_it_row_by_row(
    data: str, width: int, limit: int
) -> None:
    raw = data.encode()
    found = [
        row
        for cells in read_cells(io.BytesIO(raw), "law", width, limit=limit)
        for row in zip(*(cells.column(i).to_pylist() for i in range(width)), strict=True)
    ]
    careful = _careful(raw, width, limit, final=True)
    columns = [careful.column(i).to_pylist() for i in range(width)]
    assert found == list(zip(*columns, strict=True))


def test_columns_named_by_number_mean_that_there_is_no_header(tmp_path: Path) -> None:
    name = written(tmp_path / "a.tsv", "text\tx\nb\ty\n")
    source = open_source(name, caption_column="1")
    assert rows_of(source) == taken(b"x", b"y")
    assert open_source(name).columns() == Columns("text", None, None)


@pytest.mark.parametrize(
    ("data", "given", "captions"),
    [
        ("1\ta dog\n2\ta cat\n", "1", [b"a dog", b"a cat"]),  # 1 is data: ids begin so
        ("0\t1\na dog\ta cat\n", "1", [b"a cat"]),  # a data frame's numbered columns
        ("\t0\n0\ta dog\n", "0", [b"a dog"]),  # and with its index
        ("id\t1\n7\ta dog\n", "1", [b"a dog"]),
        ("year\t2020\n7\ta dog\n", "2020", [b"a dog"]),  # no column has this number
    ],
)
def test_a_number_in_the_first_row_is_a_name_only_of_a_header(
    data: str, given: str, captions: list[bytes], tmp_path: Path
) -> None:
    name = written(tmp_path / "a.tsv", data)
    assert rows_of(open_source(name, caption_column=given)) == taken(*captions)


def test_a_file_without_header_whose_caption_is_not_clear_is_refused(tmp_path: Path) -> None:
    name = written(tmp_path / "a.tsv", "a dog\ta cat\n")
    with pytest.raises(SourceError, match="name it with --caption-column"):
        open_source(name).columns()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("csv", "caption,key\na,1\n"),
        ("tsv", "caption\tkey\na\t1\n"),
        ("jsonl", '{"caption": "a", "key": 1}\n'),
    ],
)
def test_a_wrong_column_lists_those_there_are(kind: str, data: str, tmp_path: Path) -> None:
    name = written(tmp_path / "part", data)
    for options in ({"caption_column": "alt"}, {"key_column": "alt"}, {"filters": ["alt=1"]}):
        with pytest.raises(SourceError, match=r"no column 'alt'.*columns: caption, key"):
            open_source(name, format=kind, **options).columns()


def test_text_has_no_columns(tmp_path: Path) -> None:
    name = written(tmp_path / "a.txt", "a\n")
    with pytest.raises(SourceError, match="plain text has no columns"):
        list(open_source(name, caption_column="text").batches())


def test_utf16_is_refused_by_name(tmp_path: Path) -> None:
    name = written(tmp_path / "a.csv", "caption\na\n".encode("utf-16"))
    with pytest.raises(SourceError, match="UTF-16"):
        rows_of(open_source(name))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("csv", "caption,key\ra dog,1\ra cat,2\r"),
        ("csv", '"caption"\r"a dog"\r'),
        ("tsv", "caption\tkey\ra dog\t1"),
        ("text", "a dog\ra cat\r"),
        ("text", "a dog\ra cat\r\n"),
    ],
)
def test_lines_that_end_in_carriage_returns_alone_are_refused(
    kind: str, data: str, tmp_path: Path
) -> None:
    name = written(tmp_path / "part", data)
    with pytest.raises(SourceError, match="only in carriage returns; convert them to newlines"):
        rows_of(open_source(name, format=kind))


@pytest.mark.parametrize("data", ["a dog\r", "a dog\r\n", "a\rdog\na cat", "\r", "\r\r\n"])
def test_a_carriage_return_beside_newlines_or_at_the_end_is_read(data: str, tmp_path: Path) -> None:
    assert len(rows_of(open_source(written(tmp_path / "a.txt", data)))) == 1 + data.count("\na")


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text('ab{}"\\\ud800\n\té', max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("tn"), inner),
    max_leaves=4,
)
_JSON = st.dictionaries(st.sampled_from(["text", "n"]), _VALUES).map(json.dumps)
_JSON_LINES = st.lists(
    _JSON | st.sampled_from(["", " ", "{", "}", '{"text": "a"}{}', "\r"]), min_size=1, max_size=5
)


@given(texts=_JSON_LINES, bad=st.booleans(), keys=st.booleans())
@settings(max_examples=500, deadline=None)
def test_json_read_at_once_is_json_read_line_by_line(
    texts: list[str], bad: bool, keys: bool
) -> None:
    data = "".join(f"{text}\n" for text in texts).encode()
    if bad:
        data = data.replace("é".encode(), b"\xe9")
    reader = _Reader("text", "n" if keys else None, None, ())
    at_once = reader.at_once(data)
    slow = reader.one_by_one(data, 0, 1, Rejects("law"))
    if at_once is not None:
        assert slow.status is None
        assert cells(at_once.captions) == slow.captions.to_pylist()
        assert (slow.keys is not None) == keys
        assert slow.keys is None or cells(at_once.keys) == slow.keys.to_pylist()


def test_plain_json_lines_are_read_at_once() -> None:
    batch = _Reader("text", "n", None, ()).at_once(b'{"text": "a", "n": "1"}\n{"n": null}\n')
    assert batch is not None
    assert cells(batch.captions) == [b"a", None]
