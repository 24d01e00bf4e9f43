"""Concept lists: each format gives the rows as they stand, and what is wrong is said in a line."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from wagidx.asking.concepts import load_concepts
from wagidx.asking.expressions import any_of
from wagidx.exceptions import ConceptError

ROWS = ["dog", "Crane", "ice cream, soft", "dog"]
ASKED = [any_of("dog", "puppy", "hound"), "Crane", "ice cream, soft", "dog"]


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "dog\nCrane\n\nice cream, soft\ndog\n"),
        ("a.txt", "\ufeffdog\r\nCrane\r\nice cream, soft\r\ndog"),
        ("a.list", "  dog\nCrane\nice cream, soft\ndog"),
        ("a.csv", 'dog\nCrane\n"ice cream, soft"\ndog\n'),
        ("a.csv", 'count,concept\n1,dog\n2,Crane\n3,"ice cream, soft"\n4,dog\n'),
        ("a.tsv", "concept\tcount\ndog\t1\nCrane\t2\nice cream, soft\t3\ndog\t4\n"),
        ("a.json", json.dumps(ROWS)),
        ("a.json", json.dumps([{"concept": name, "count": 1} for name in ROWS])),
    ],
)
def test_every_row_of_the_list_is_a_concept_in_order(tmp_path: Path, name: str, text: str) -> None:
    found = load_concepts(write(tmp_path / name, text))
    assert found.names == ROWS
    assert found.expressions == ROWS
    assert len(found) == 4


def test_csv_synonyms_are_any_of(tmp_path: Path) -> None:
    text = 'concept,synonyms\ndog,puppy | hound\nCrane,\n"ice cream, soft"\ndog,|\n'
    found = load_concepts(write(tmp_path / "a.csv", text))
    assert (found.names, found.expressions) == (ROWS, ASKED)


def test_json_synonyms_are_any_of(tmp_path: Path) -> None:
    records = [{"concept": name} for name in ROWS]
    records[0] = {"concept": "dog", "synonyms": ["puppy", "hound"]}  # type: ignore[dict-item]
    assert load_concepts(write(tmp_path / "a.json", json.dumps(records))).expressions == ASKED


def test_a_json_object_names_concepts_by_its_keys(tmp_path: Path) -> None:
    about = {"dog": ["puppy"], "cat": 7, "cow": None, "hen": "rooster|chick"}
    found = load_concepts(write(tmp_path / "a.json", json.dumps(about)))
    assert found.names == ["dog", "cat", "cow", "hen"]
    hen = any_of("hen", "rooster", "chick")
    assert found.expressions == [any_of("dog", "puppy"), "cat", "cow", hen]


def test_json_lines_are_concepts_or_records(tmp_path: Path) -> None:
    lines = '"dog"\n\n{"concept": "hen", "synonyms": ["rooster"]}\r\n"dog"'
    found = load_concepts(write(tmp_path / "a.jsonl", lines))
    assert found.names == ["dog", "hen", "dog"]
    assert found.expressions == ["dog", any_of("hen", "rooster"), "dog"]


@pytest.mark.parametrize(
    "synonyms", [["puppy|hound", None, "", None], [["puppy", "hound"], None, [], None]]
)
def test_parquet_synonyms_are_any_of(tmp_path: Path, synonyms: list[object]) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [1, 2, 3, 4], "concept": ROWS, "synonyms": synonyms}), path)
    found = load_concepts(path)
    assert (found.names, found.expressions) == (ROWS, ASKED)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "", "the list has no concepts"),
        ("a.csv", "", "the list has no concepts"),
        ("a.csv", "concept\n", "the list has no concepts"),
        ("a.json", "[]", "the list has no concepts"),
        ("a.csv", "class,count\ndog,1\n", "no column 'concept'; columns are class, count"),
        ("a.json", '[{"class": "dog"}]', "no column 'concept'; columns are class"),
        ("a.csv", "concept,n\ndog,1\n ,2\n", "row 2 has an empty concept"),
        ("a.json", '["dog", ""]', "row 2 has an empty concept"),
        ("a.csv", "concept,n\n,1\ndog,1\n ,2\n", "rows 1, 3 have an empty concept"),
        ("a.json", '{"dog": ["pup"], "dog": []}', "the key 'dog' appears twice"),
        ("a.jsonl", "", "the list has no concepts"),
        ("a.jsonl", '"dog"\n{"class": "cat"}\n', "no column 'concept'; columns are class"),
        ("a.jsonl", '"dog"\n\n{dog\n', "row 2 is not JSON"),
        ("a.ndjson", "[" * 100_000, "row 1 is not JSON"),
        ("a.json", '["dog", 3]', "row 2 is neither"),
        ("a.json", '[{"concept": 3}]', "concept of row 1 is not text"),
        ("a.json", '[{"concept": "dog", "synonyms": 3}]', "synonyms must be"),
        ("a.json", '"dog"', "neither a list nor an object"),
        ("a.json", "{dog", "not JSON"),
        ("a.json", "[" * 100_000, "not JSON"),
        ("a.csv", 'concept\n"dog', "not readable as delimited text"),
        ("a.parquet", "no Parquet at all", "not readable as Parquet"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ConceptError) as caught:
        load_concepts(write(tmp_path / name, text))
    message = str(caught.value)
    assert said in message
    assert name in message
    assert "\n" not in message


def test_bytes_that_are_not_utf8_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"dog\ncaf\xe9\n")
    with pytest.raises(ConceptError, match="byte 7 is not UTF-8"):
        load_concepts(path)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.parquet"])
def test_a_list_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        load_concepts(tmp_path / name)


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package laid out as clip-benchmark is, which may not be installed."""
    folder = tmp_path / "clip_benchmark"
    (folder / "datasets").mkdir(parents=True)
    names = {"pets": ["Abyssinian", "Beagle"], "birds": ["crane", "crane"]}
    (folder / "datasets" / "en_classnames.json").write_text(json.dumps(names))
    module = types.ModuleType("clip_benchmark")
    module.__file__ = str(folder / "__init__.py")
    monkeypatch.setitem(sys.modules, "clip_benchmark", module)


@pytest.mark.usefixtures("published")
def test_a_published_list_keeps_its_duplicates() -> None:
    assert load_concepts("clip_benchmark:pets").names == ["Abyssinian", "Beagle"]
    assert load_concepts("clip_benchmark:birds").names == ["crane", "crane"]


@pytest.mark.usefixtures("published")
def test_an_unknown_published_list_names_those_there_are() -> None:
    with pytest.raises(ConceptError, match="choose from birds, pets"):
        load_concepts("clip_benchmark:boats")


def test_a_package_that_is_not_installed_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clip_benchmark", None)
    with pytest.raises(ModuleNotFoundError, match=r"wagidx\[clip-benchmark\]"):
        load_concepts("clip_benchmark:pets")


@pytest.mark.slow
def test_class_names_of_the_real_package() -> None:
    pytest.importorskip("clip_benchmark", reason="clip-benchmark is not installed")
    found = load_concepts("clip_benchmark:imagenet1k")
    assert len(found) == 1000
    assert "golden retriever" in {name.lower() for name in found.names}
