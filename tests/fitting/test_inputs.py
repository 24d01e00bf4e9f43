"""Tables in every form are the same table, and a hostile one gets one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from wagidx.asking.frequencies import FrequencyTable
from wagidx.exceptions import FitError
from wagidx.fitting.frequencies import normalised, read_frequencies
from wagidx.fitting.join import join
from wagidx.fitting.performance import read_performance

COUNTS = {"dog": 44, "snow leopard": 7, "cat": 0}
COLUMNS: dict[str, list[Any]] = {"concept": list(COUNTS), "count": list(COUNTS.values())}
SCORES: dict[str, list[Any]] = {
    "concept": ["dog", "Snow_Leopard", "cat", "dog", "quokka"],
    "score": [90.5, 40.0, 10.0, 80.0, 5.0],
    "dataset": ["pets", "pets", "pets", "zoo", "zoo"],
    "model": ["M"] * 5,
    "n": [50, 50, 50, 20, 20],
}


def as_records(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def in_files(columns: dict[str, list[Any]], folder: Path) -> list[Path]:
    """The same table as CSV, TSV, JSON and Parquet."""
    frame = pd.DataFrame(columns)
    paths = [folder / f"table.{suffix}" for suffix in ("csv", "tsv", "json", "parquet")]
    frame.to_csv(paths[0], index=False)
    frame.to_csv(paths[1], index=False, sep="\t")
    paths[2].write_text(json.dumps(as_records(columns)))
    pq.write_table(pa.table(columns), paths[3])
    return paths


def in_memory(columns: dict[str, list[Any]]) -> list[Any]:
    arrays = {name: np.array(values) for name, values in columns.items()}
    series = [{k: kind(v) for k, v in columns.items()} for kind in (pa.array, pd.Series, pl.Series)]
    frames = [pa.table(columns), pd.DataFrame(columns), pl.DataFrame(columns)]
    return [columns, arrays, *series, as_records(columns), *frames]


def test_counts_are_read_alike_from_every_form(tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(COUNTS))
    printed = tmp_path / "printed.json"
    printed.write_text(json.dumps({"captions": 9, "counts": as_records(COLUMNS)}))
    own = FrequencyTable(list(COUNTS), np.array(list(COUNTS.values()), np.uint64), 99)
    asked = dict(zip(COUNTS, np.array(list(COUNTS.values()), np.uint64)))  # as of Index.counts
    forms = [*in_files(COLUMNS, tmp_path), *in_memory(COLUMNS), COUNTS, plain, printed, own, asked]
    for form in forms:
        assert read_frequencies(form).exact == COUNTS, form


def test_scores_are_read_alike_from_every_form(tmp_path: Path) -> None:
    for form in [*in_files(SCORES, tmp_path), *in_memory(SCORES)]:
        found = read_performance(form)
        assert found.concept == SCORES["concept"], form
        assert (found.score, found.samples) == (SCORES["score"], SCORES["n"])
        assert (found.dataset, found.models) == (SCORES["dataset"], ["M"])


def test_names_join_exactly_then_loosely_and_what_does_not_join_is_told() -> None:
    counts = {**COUNTS, "Snow leopard": 7, "horse": 3, "bird": 10}
    scores = as_records(SCORES) + [
        {"concept": c, "score": 1.0, "dataset": "zoo", "model": "M", "n": 2}
        for c in ("bird", "zebu", "zebu ")
    ]
    found = join(read_frequencies(counts), read_performance(scores), "M")
    assert found.rows.count.tolist() == [44, 7, 0, 44, 10]
    assert found.unmatched == ["quokka", "zebu", "zebu "]
    assert found.unused == 2
    assert found.classes == {"pets": 3, "zoo": 5}
    assert normalised(" Snow__Leopard") == "snow leopard"


def test_a_loose_name_with_two_counts_is_refused() -> None:
    with pytest.raises(FitError, match="'CAT' could be 'cat' and 'Cat', whose counts differ"):
        read_frequencies({"cat": 1, "Cat": 2}).find("CAT")


def test_a_plane_of_cifar10_joins_the_airplane_of_the_released_counts(tmp_path: Path) -> None:
    scores = {"backboneRN50_pretrainedcc3m": {"classwise": {"plane": 5.0, "car": 50}, "full": 9}}
    for dataset, names in (("cifar10", ["airplane", "car"]), ("other", ["plane", "car"])):
        path = tmp_path / f"{dataset}_class_results.json"
        path.write_text(json.dumps(scores))
        assert read_performance(path).concept == names
    assert read_performance({"concept": ["plane"], "score": [1.0]}).concept == ["plane"]


def test_the_studys_results_are_read_as_they_are_released(tmp_path: Path) -> None:
    zeroshot = tmp_path / "imagenet-sketch_class_results.json"
    zeroshot.write_text(json.dumps({"RN50": {"classwise": {"dog": 5.0, "cat": 50}, "full": 9}}))
    recall = tmp_path / "coco_t2i_k=10_results.json"
    recall.write_text(json.dumps({"RN50": {"conceptwise": {"dog": 0.5}}}))
    generated = tmp_path / "t2i_exp_aesthetics.json"
    generated.write_text(json.dumps({"SD": {"classwise": {"dog": [4, 6], "cat": []}}}))
    found = read_performance([zeroshot, recall, str(generated)])
    rows = list(zip(found.model, found.dataset, found.concept, found.score))
    assert rows == [
        ("RN50", "imagenet-sketch", "dog", 5),
        ("RN50", "imagenet-sketch", "cat", 50),
        ("RN50", "coco", "dog", 0.5),
        ("SD", "t2i", "dog", 5),
    ]


def test_an_evaluation_and_a_clip_benchmark_table_are_read(tmp_path: Path) -> None:
    evaluated = tmp_path / "pets.json"
    evaluated.write_text(json.dumps({"n": 9, "classes": {"dog": {"n": 9, "top1": 5, "top5": 7}}}))
    found = read_performance(evaluated)
    assert (found.dataset, found.score, found.samples) == (["pets"], [5], [9])
    benchmark = tmp_path / "benchmark.csv"
    benchmark.write_text(
        "dataset,model,pretrained,class,acc1,n\npets,RN50,openai,dog,0.5,10\n"
        "pets,RN50,cc3m,dog,0.25,10\n"
    )
    found = read_performance(benchmark)
    assert found.models == ["RN50 openai", "RN50 cc3m"]
    assert found.score == [0.5, 0.25]


@pytest.mark.parametrize("missing", [None, "", float("nan")])
def test_an_n_that_is_missing_is_missing_and_the_others_stay(missing: Any) -> None:
    columns = {**SCORES, "n": [50, missing, 50, 20, 20]}
    counts = read_frequencies(COUNTS)
    scores = read_performance(columns)
    assert scores.samples == [50, None, 50, 20, 20]
    found = join(counts, scores, "M")
    assert (found.rows.samples, found.with_n) == (None, 3)
    unmatched = {**SCORES, "n": [50, 50, 50, 20, missing]}
    sampled = join(counts, read_performance(unmatched), "M").rows.samples
    assert sampled is not None and sampled.tolist() == [50, 50, 50, 20]


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "nan.csv": ("concept,score\ndog,nan\n", "row 1 ('dog'): the score is 'nan'"),
    "inf.csv": ("concept,score\ndog,inf\n", "not a finite number"),
    "text.csv": ("concept,score\ncat,1\ndog,good\n", "row 2 ('dog'): the score is 'good'"),
    "missing.json": ('[{"concept": "dog", "score": null}]', "the score is missing"),
    "bool.json": ('[{"concept": "dog", "score": true}]', "the score is 'True'"),
    "key.json": ('{"dog": 1, "dog": 2}', "the key 'dog' appears twice in one object"),
    "blank.csv": ("concept,score\n ,1\n", "row 1 has no concept"),
    "large.csv": ("concept,score\ndog,1e308\n", "the score 1e+308 is beyond 1e+100"),
    "nameless.json": ('[{"concept": null, "score": 1}]', "row 1 has no concept"),
    "twice.csv": ("concept,score\ndog,1\ndog,2\n", "the score of 'dog' appears twice"),
    "twice.json": ('{"M": {"classwise": {"dog": ["a"]}}}', "the score is 'a'"),
    "empty.csv": ("", "the file is empty"),
    "empty.parquet": ("", "the file is empty"),
    "header.csv": ("concept,score\n", "the table holds no row"),
    "none.json": ("{}", "needs one row per concept"),
    "columns.csv": ("dataset,model,acc1\npets,M,1\n", "needs one row per concept"),
    "ragged.csv": ("concept,score\ndog,1,2\n", "line 2 has 3 cells, the header 2"),
    "double.csv": ("concept,score,score\ndog,1,2\n", "'score' appears twice"),
    "quote.csv": ('concept,score\n"dog,1\n', "line 2"),
    "cut.json": ('{"dog": 1', "not readable as JSON"),
    "number.json": ("7", "neither a table nor an object"),
    "list.json": ("[1, 2]", "entry 1 is not an object"),
    "other.json": ('{"M": {"full": 3}}', "'M' holds neither 'classwise' nor"),
    "classes.json": ('{"classes": {"dog": 3}}', "has no 'top1'"),
    "cut.parquet": ("PAR1", "not readable as Parquet"),
    "table.xlsx": ("x", "unknown format .xlsx"),
    "latin.csv": (b"concept,score\ncaf\xe9,1\n", "is not UTF-8"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_performance_table_gets_one_line(name: str, tmp_path: Path) -> None:
    content, expected = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(FitError) as caught:
        read_performance(path)
    assert expected in str(caught.value) and name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "counts, expected",
    [
        ({"dog": -1}, "the count of 'dog' is -1, below 0"),
        ({"dog": 0.02, "cat": 0.5}, "the count of 'dog' is 0.02, between 0 and 1; give the number"),
        ({"dog": "many"}, "row 1 ('dog'): the count is 'many'"),
        (
            [{"concept": "dog", "count": 1}, {"concept": "dog", "count": 2}],
            "the concept 'dog' appears twice, with counts 1 and 2",
        ),
        ({"concept": ["dog"], "score": [1]}, "needs the columns 'concept' and 'count'"),
        ({"concept": ["dog", "cat"], "count": [1]}, "2 concepts but 1 counts"),
        ({}, "frequencies: needs the columns"),
        ([], "frequencies: "),
        (7, "a int is not a table"),
        ({"dog": 10**400}, "not a finite number"),
        (pa.chunked_array([[5]]), "a ChunkedArray that is not a table of named columns"),
        # One of pandas is a stream of Arrow data, or a list of numbers in its older versions.
        (pd.Series({"dog": 5}), "frequencies: "),
        (pd.DataFrame({"concept": ["dog", 5], "count": [1, 2]}), "each of one type"),
    ],
)
def test_hostile_frequencies_get_one_line(counts: Any, expected: str) -> None:
    with pytest.raises(FitError) as caught:
        read_frequencies(counts)
    assert expected in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "counts, expected",
    [
        ({"dog": 5}, "1 concept is in both; a fit needs at least 3"),
        ({"emu": 5}, "no concepts are in both"),
        ({"dog": 0, "cat": 0, "snow leopard": 0}, "every joined concept has count 0"),
        ({"dog": 5, "cat": 5, "snow leopard": 5}, "every joined concept has count 5"),
        ({"dog": 1, "cat": 0, "snow leopard": 0}, "every joined concept has count 0 or 1;"),
    ],
)
def test_too_little_to_fit_gets_one_line(counts: dict[str, int], expected: str) -> None:
    with pytest.raises(FitError) as caught:
        join(read_frequencies(counts), read_performance(SCORES), "M")
    assert expected in str(caught.value) and "\n" not in str(caught.value)


def test_two_spellings_of_one_concept_are_refused_within_a_dataset_only() -> None:
    counts, columns = read_frequencies(COUNTS), {k: list(v) for k, v in SCORES.items()}
    columns["concept"][3] = "Dog"  # of the zoo, where the pets have a dog
    assert len(join(counts, read_performance(columns), "M").rows) == 4
    columns["concept"][2] = "Dog"
    with pytest.raises(FitError, match="'dog' and 'Dog' of pets both match 'dog' of frequencies"):
        join(counts, read_performance(columns), "M")


def test_names_in_bytes_are_names() -> None:
    table = {"concept": [b"dog", b"cat"], "count": [1, 2]}
    assert read_frequencies(table).exact == {"dog": 1, "cat": 2}


def test_a_concept_that_is_there_twice_with_one_count_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"  # as `wagidx count` writes a list that repeats a name
    path.write_text("concept,count\nleopard,7\ncat,5\nleopard,7\n")
    read = read_frequencies(path)
    assert read.exact == {"leopard": 7, "cat": 5}
    assert read.loose == {"leopard": ["leopard"], "cat": ["cat"]}


@pytest.mark.parametrize("none", [None, float("nan"), pd.NA, "", "  "])
def test_a_dataset_or_model_that_is_missing_is_none(none: Any) -> None:
    rows = [
        {"concept": c, "score": 1, "dataset": none, "model": "RN50", "pretrained": none}
        for c in "ab"
    ]
    read = read_performance(rows)
    assert (read.model, read.dataset) == (["RN50"] * 2, [""] * 2)


def test_a_class_name_is_taken_before_the_number_of_its_class() -> None:
    table = {"class": [0, 1], "classname": ["dog", "cat"]}
    assert read_performance({**table, "score": [0.5, 0.7]}).concept == ["dog", "cat"]
    assert read_frequencies({**table, "count": [5, 7]}).exact == {"dog": 5, "cat": 7}
    assert read_frequencies({"label": ["dog"], "count": [5]}).exact == {"dog": 5}


def test_a_table_between_semicolons_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("concept;score\ndog;0,5\n")
    with pytest.raises(FitError, match=r"use commas, and 0\.5 instead of 0,5"):
        read_performance(path)
