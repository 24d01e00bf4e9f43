"""Filters: the grammar, what compares with what, NULL never passes, all must pass."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from source_files import rows_of, written
from wagidx.exceptions import SourceError
from wagidx.sources import FILTERED, Filter, Source, from_python, open_source

OPERATORS = ["=", "!=", "<", "<=", ">", ">="]


@pytest.mark.parametrize("op", OPERATORS)
def test_the_grammar_reads_every_operator(op: str) -> None:
    assert Filter.parse(f"A{op}b") == Filter.parse(f" A {op} b ") == Filter("A", op, "b")


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("url=http://x/?a=b", Filter("url", "=", "http://x/?a=b")),
        ("a b=c d", Filter("a b", "=", "c d")),
        ("LANGUAGE=", Filter("LANGUAGE", "=", "")),
        ("n>=-0.5", Filter("n", ">=", "-0.5")),
        ("n=>5", Filter("n", "=", ">5")),
        ("n= =5", Filter("n", "=", "=5")),
    ],
)
def test_the_grammar(text: str, parsed: Filter) -> None:
    assert Filter.parse(text) == parsed


@pytest.mark.parametrize("text", ["", "a", "=b", "<3", " != x", "a==b"])
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not COLUMN OP VALUE"):
        Filter.parse(text)


TABLE = pa.table(
    {
        "text": ["a", "b", "c", "d"],
        "lang": ["en", "de", None, "en"],
        "code": pa.array(["en", "de", None, "en"]).dictionary_encode(),
        "sim": [0.2, 0.3, None, float("nan")],
        "n": pa.array([1, 2, None, 2**63 - 1], pa.int64()),
        "safe": [True, False, None, True],
        "day": [datetime.date(2020, 1, d) if d else None for d in (1, 2, None, 31)],
    }
)
CASES = [
    (["lang=en"], "ad"),
    (["lang!=en"], "b"),
    (["lang<en"], "b"),
    (["lang>=de"], "abd"),
    (["code=en"], "ad"),
    (["code!=en"], "b"),
    (["sim>=0.3"], "b"),
    (["sim!=0.3"], "a"),
    (["sim<1"], "ab"),
    (["n=2"], "b"),
    (["n>1"], "bd"),
    (["n>=9223372036854775806"], "d"),
    (["n!=1"], "bd"),
    (["n<=1.5"], "a"),
    (["safe=true"], "ad"),
    (["safe!=true"], "b"),
    (["day>2020-01-01"], "bd"),
    (["lang=en", "n>1"], "d"),
    (["lang=en", "lang=de"], ""),
    (["LANG=en"], "ad"),
]


def passed(source: Source) -> str:
    rows = rows_of(source)
    assert {status for _, status in rows} <= {0, FILTERED}
    assert len(rows) == 4
    return "".join((caption or b"").decode() for caption, status in rows if status == 0)


@pytest.mark.parametrize(("filters", "wanted"), CASES, ids=str)
def test_typed_columns(filters: list[str], wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path)
    assert passed(open_source(str(path), filters=filters)) == wanted
    assert passed(from_python(TABLE, filters=filters)) == wanted


UNTYPED = [
    (["lang=en"], "ad"),
    (["lang!=en"], "bc"),
    (["n=02"], "b"),
    (["n>1"], "bd"),
    (["n<=10"], "abd"),
]


@pytest.mark.parametrize(("filters", "wanted"), UNTYPED, ids=str)
@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_cells_of_text(kind: str, filters: list[str], wanted: str, tmp_path: Path) -> None:
    rows = ["text,lang,n", "a,en,1", "b,de,02", "c,,n/a", "d,en,10"]
    data = "\n".join(row.replace(",", "," if kind == "csv" else "\t") for row in rows)
    source = open_source(written(tmp_path / "part", data), format=kind, filters=filters)
    assert passed(source) == wanted


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (["lang=en"], "ad"),
        (["lang!=en"], "b"),
        (["n>1"], "bd"),
        (["n=2"], "b"),
        (["safe=true"], "a"),
        (["lang=en", "n>1"], "d"),
    ],
    ids=str,
)
def test_json_fields(filters: list[str], wanted: str, tmp_path: Path) -> None:
    rows = [
        {"text": "a", "lang": "en", "n": 1, "safe": True},
        {"text": "b", "lang": "de", "n": 2.0, "safe": False},
        {"text": "c", "lang": None, "n": None},
        {"text": "d", "lang": "en", "n": 1e9},
    ]
    name = written(tmp_path / "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert passed(open_source(name, filters=filters)) == wanted


def test_a_malformed_row_stays_malformed_and_a_filtered_null_is_filtered(tmp_path: Path) -> None:
    name = written(tmp_path / "a.csv", "text,lang\na,en\nbroken\nc,de\n")
    assert [s for _, s in rows_of(open_source(name, filters=["lang=en"]))] == [0, 2, 1]
    table = pa.table({"text": [None, "a"], "lang": ["de", "en"]})
    assert rows_of(from_python(table, filters=["lang=en"])) == [(None, 1), (b"a", 0)]


@pytest.mark.parametrize("text", ["n=many", "sim>high", "day>soon", "safe=maybe"])
def test_a_value_of_another_kind_than_the_column_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="cannot be compared with"):
        rows_of(from_python(TABLE, filters=[text]))


def test_a_value_of_another_kind_names_the_file_before_any_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"text": ["a"], "n": [1]}), path)
    with pytest.raises(SourceError, match=r"f\.parquet: filter n=abc: the column holds int64"):
        wagidx.build([path], tmp_path / "x.wagidx", filters=["n=abc"])
    assert list(tmp_path.iterdir()) == [path]


def test_null_passes_no_filter_even_in_a_column_of_nothing_else() -> None:
    table = pa.table({"text": ["a", "b"], "lang": pa.nulls(2)})
    for condition in ("lang=en", "lang!=en", "lang>=3"):
        assert rows_of(from_python(table, filters=[condition])) == [(b"a", 1), (b"b", 1)]


def test_one_text_in_the_place_of_a_list_of_filters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="sequence"):
        open_source(written(tmp_path / "a.csv", "text\na\n"), filters="text=a")


def test_one_condition_is_not_taken_for_a_list_of_letters(tmp_path: Path) -> None:
    name = written(tmp_path / "a.csv", "caption,lang\na,en\n")
    refused = pytest.raises(ValueError, match="must be a sequence of conditions")
    with refused:
        open_source(name, filters="lang=en")
    with refused:
        from_python(TABLE, filters="lang=en")
