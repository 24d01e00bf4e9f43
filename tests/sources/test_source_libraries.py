"""Tables of other libraries are built from as they are, and read a frequency table as it is.

Each test needs its library and is skipped, with the reason, where it is not installed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import wagidx

ROWS: dict[str, list[Any]] = {
    "key": [7, 8, 9, 10],
    "caption": ["a dog", None, "two dogs", ""],
    "lang": list("abab"),
}


def library(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed")


def duckdb_query() -> Any:
    values = "(7, 'a dog', 'a'), (8, NULL, 'b'), (9, 'two dogs', 'a'), (10, '', 'b')"
    return library("duckdb").sql(f"SELECT * FROM (VALUES {values}) rows(key, caption, lang)")


def streamed_dataset() -> Any:
    return library("datasets").Dataset.from_dict(ROWS).to_iterable_dataset()


def chosen_rows() -> Any:
    reverse = {name: [*cells[::-1], "x"] for name, cells in {**ROWS, "key": list("0987")}.items()}
    reverse["key"] = [10, 9, 8, 7, 0]
    return library("datasets").Dataset.from_dict(reverse).select([3, 2, 1, 0])


def categories(kind: Any) -> Any:
    """A polars table with every column of text as categories."""
    rows = {**ROWS, "key": ["7", "8", "9", "10"]}
    return library("polars").DataFrame(rows, schema_overrides=dict.fromkeys(rows, kind))


TABLES: dict[str, Callable[[], Any]] = {
    "pyarrow": lambda: pa.table(ROWS),
    "polars": lambda: library("polars").DataFrame(ROWS),
    "polars categorical": lambda: categories(library("polars").Categorical),
    "pandas": lambda: library("pandas").DataFrame(ROWS),
    "pandas with an index": lambda: library("pandas").DataFrame(ROWS, index=[4, 3, 2, 1]),
    "pandas categorical": lambda: library("pandas").DataFrame(ROWS).astype({"caption": "category"}),
    "pandas on Arrow": lambda: (
        library("pandas").DataFrame(ROWS).convert_dtypes(dtype_backend="pyarrow")
    ),
    "duckdb": duckdb_query,
    "datasets": lambda: library("datasets").Dataset.from_dict(ROWS),
    "datasets, rows chosen": chosen_rows,
    "datasets, streamed": streamed_dataset,
}
COLUMNS: dict[str, Callable[[], Any]] = {
    "polars": lambda: library("polars").Series(ROWS["caption"]),
    "pandas": lambda: library("pandas").Series(ROWS["caption"]),
    "datasets": lambda: library("datasets").Dataset.from_dict(ROWS)["caption"],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_another_library_is_a_source(name: str, tmp_path: Path) -> None:
    stats = wagidx.build(TABLES[name](), tmp_path / "out.wagidx", store_captions=True)
    assert (stats.rows, stats.captions, stats.nulls, stats.empty) == (4, 3, 1, 1)
    with wagidx.open(tmp_path / "out.wagidx") as index:
        found = [(one.id, one.text, one.key) for one in index.captions("dog")]
    assert found == [(0, "a dog", "7"), (2, "two dogs", "9")]


@pytest.mark.parametrize("name", ["pandas", "polars", "polars categorical", "duckdb", "datasets"])
def test_filters_work_on_a_table_of_another_library(name: str, tmp_path: Path) -> None:
    stats = wagidx.build(TABLES[name](), tmp_path / "out.wagidx", filters=["lang=a"])
    assert (stats.rows, stats.captions, stats.filtered) == (4, 2, 2)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_another_library_is_the_captions(name: str, tmp_path: Path) -> None:
    stats = wagidx.build(captions=COLUMNS[name](), output=tmp_path / "out.wagidx")
    assert (stats.rows, stats.captions, stats.nulls, stats.empty) == (4, 3, 1, 1)
    with wagidx.open(tmp_path / "out.wagidx") as index:
        assert index.ids("dog").tolist() == [0, 2]


def test_an_empty_dataset_without_columns_is_refused(tmp_path: Path) -> None:
    empty = library("datasets").Dataset.from_dict({})
    with pytest.raises(wagidx.SourceError, match="no caption column"):
        wagidx.build(empty, tmp_path / "out.wagidx")


def test_what_is_lazy_is_refused_by_name(tmp_path: Path) -> None:
    lazy = library("polars").DataFrame(ROWS).lazy()
    with pytest.raises(TypeError, match="not one LazyFrame"):
        wagidx.build(lazy, tmp_path / "out.wagidx")


@pytest.fixture
def frequencies(tmp_path: Path) -> wagidx.FrequencyTable:
    captions = ["a dog", "two dogs", "a cat"]
    wagidx.build(captions=captions, output=tmp_path / "small.wagidx")
    with wagidx.open(tmp_path / "small.wagidx") as index:
        return index.frequencies(["dog", "cat", "a & b", "dog"])


def read_by_duckdb(counted: wagidx.FrequencyTable) -> list[dict[str, Any]]:
    """duckdb finds the table by the name of the variable that holds it."""
    rows = library("duckdb").sql("SELECT concept, count FROM counted").fetchall()
    return [{"concept": concept, "count": count} for concept, count in rows]


READERS: dict[str, Callable[[wagidx.FrequencyTable], Any]] = {
    "pyarrow": lambda table: pa.table(table).to_pylist(),
    "polars": lambda table: library("polars").DataFrame(table).to_dicts(),
    "to_polars": lambda table: library("polars") and table.to_polars().to_dicts(),
    "to_pandas": lambda table: library("pandas") and table.to_pandas().to_dict("records"),
    "duckdb": read_by_duckdb,
}


@pytest.mark.parametrize("name", READERS)
def test_a_frequency_table_is_read_as_it_is(name: str, frequencies: wagidx.FrequencyTable) -> None:
    found = READERS[name](frequencies)
    pairs = [("dog", 2), ("cat", 1), ("a & b", 0), ("dog", 2)]
    assert [(row["concept"], row["count"]) for row in found] == pairs


def test_a_frequency_table_shows_itself_as_html(frequencies: wagidx.FrequencyTable) -> None:
    shown = frequencies._repr_html_()
    assert shown.startswith("<table>") and shown.endswith("</table>")
    assert "<td>dog</td><td>2</td>" in shown
    assert "<td>a &amp; b</td>" in shown


def test_a_long_frequency_table_shows_its_beginning(frequencies: wagidx.FrequencyTable) -> None:
    many = wagidx.FrequencyTable(frequencies.concepts * 10, frequencies.counts.repeat(10), 3)
    shown = many._repr_html_()
    assert shown.count("<tr>") == 22
    assert "... 20 more" in shown
