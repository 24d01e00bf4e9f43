"""`wagidx.tail` and `wagidx.correlate`: joins, hostile tables, files, sections, commands."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wagidx
from click.testing import CliRunner
from wagidx.cli import main
from wagidx.exceptions import FitError
from wagidx.insights.figures import short
from wagidx.report.tail import tail_section

PNG = b"\x89PNG"


def made(n: int = 300, seed: int = 0) -> dict[str, int]:
    """Counts with a heavy tail and a fifth of zeros."""
    generator = np.random.default_rng(seed)
    counts = np.floor(generator.pareto(1.0, n) * 20 + 1) * (generator.random(n) > 0.2)
    return {f"name {i}": int(count) for i, count in enumerate(counts)}


def run(*words: str | Path | int) -> Any:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_tail_says_what_the_counts_say() -> None:
    counts = made()
    found = wagidx.tail(counts, draws=50, refits=5).to_dict()
    values = np.array(list(counts.values()))
    assert found["n"] == 300
    assert found["n_zero"] == int((values == 0).sum())
    assert found["n_nonzero"] + found["n_zero"] == 300
    assert found["zero_share_ci95"][0] < found["zero_share"] < found["zero_share_ci95"][1]
    assert sum(one["n"] for one in found["decades"]) == found["n_nonzero"]
    assert (found["max"], found["sum"]) == (values.max(), values.sum())
    assert found["median"] == np.median(values)
    assert found["power_law"]["rank_exponent"] == 1 / (found["power_law"]["alpha"] - 1)
    top = {one["share"]: one["mass"] for one in found["top"]}
    assert top[0.1] == np.sort(values)[::-1][:30].sum() / values.sum()


def test_the_same_seed_and_any_order_of_names_give_the_same_tail() -> None:
    counts = made()
    turned = dict(reversed(counts.items()))
    first, second = (wagidx.tail(c, draws=20, refits=5).to_dict() for c in (counts, turned))
    assert first == second


def test_all_zeros_and_one_name_are_described() -> None:
    zeros = wagidx.tail({"a": 0, "b": 0}, draws=9).to_dict()
    assert (zeros["zero_share"], zeros["gini"], zeros["power_law"]) == (1.0, None, None)
    assert zeros["top"][0]["mass"] is None
    one = wagidx.tail({"a": 7}, draws=9).to_dict()
    assert (one["n"], one["gini"], one["zero_share"]) == (1, 0.0, 0.0)
    assert "too few" in one["power_law_note"]


HOSTILE = {
    "nan.csv": ("concept,count\ndog,nan\n", "the count is 'nan', not a finite number"),
    "half.csv": ("concept,count\ndog,1.5\n", "the count of 'dog' is 1.5, not an integer"),
    "huge.csv": ("concept,count\ndog,1e17\n", "not exactly representable"),
    "negative.json": ('{"dog": -1}', "the count of 'dog' is -1, below 0"),
    "text.csv": ("concept,count\ndog,many\n", "the count is 'many', not a finite number"),
    "empty.csv": ("", "the file is empty"),
    "empty.json": ("{}", "needs the columns 'concept' and 'count'; has none"),
    "twice.csv": ("concept,count\ndog,1\ndog,2\n", "the concept 'dog' appears twice"),
    "list.json": ("[1, 2]", "entry 1 is not an object"),
    "broken.json": ('{"dog": ', "not readable as JSON"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_gets_one_clear_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE[name][0])
    result = run("tail", path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert HOSTILE[name][1] in result.stderr
    assert name in result.stderr
    assert result.stderr.count("\n") == 1


def test_names_join_once_exactly_and_then_loosely() -> None:
    a = {"dog": 5, "Snow_Leopard": 2, "cat": 0, "emu": 4}
    b = {"Dog": 3, "dog": 9, "snow leopard": 1, "CAT": 0, "fox": 3}
    found = wagidx.correlate({"a": a, "b": b}, draws=9)
    (pair,) = found.pairs
    assert pair.names == ["Snow_Leopard", "cat", "dog"]
    assert pair.counts.tolist() == [[2, 1], [0, 0], [5, 9]]
    assert (pair.unmatched_a, pair.unmatched_b) == (1, 2)
    assert pair.agreement.n_zero_in_both == 1
    assert pair.agreement.all.spearman == pytest.approx(1)
    assert pair.agreement.nonzero_in_both.spearman is None


def test_labels_tell_long_names_apart_by_either_end() -> None:
    names = [f"{head}_counts_that_are_long_enough_{end}" for head in "ab" for end in "cd"]
    labels = [short(name) for name in names]
    assert len(set(labels)) == 4
    assert all(len(label) < len(name) for label, name in zip(labels, names))


def test_ambiguous_and_unrelated_names_are_refused() -> None:
    with pytest.raises(FitError, match="'cat' and 'Cat' differ only in case and spaces"):
        wagidx.correlate({"a": {"cat": 1, "Cat": 2, "x": 1}, "b": {"CAT": 3, "x": 1}})
    with pytest.raises(FitError, match="a and b: names in both: 2"):
        wagidx.correlate({"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}})
    with pytest.raises(ValueError, match="needs two or more"):
        wagidx.correlate({"a": {"x": 1}})
    with pytest.raises(FitError, match="a list has no source names; give a dict"):
        wagidx.correlate([{"x": 1}, {"x": 1}])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="draws=0"):
        wagidx.correlate({"a": {"x": 1}, "b": {"x": 1}}, draws=0)
    with pytest.raises(ValueError, match="refits=0"):
        wagidx.tail({"x": 1}, refits=0)


def test_counts_that_are_all_alike_have_no_correlation(tmp_path: Path) -> None:
    names = [f"n{i}" for i in range(9)]
    sources = {"flat": dict.fromkeys(names, 3), "own": {name: i for i, name in enumerate(names)}}
    (pair,) = wagidx.correlate(sources, draws=9).pairs
    assert pair.agreement.all.spearman is None
    for name, counts in sources.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(counts))
    result = run("correlate", tmp_path / "flat.json", tmp_path / "own.json")
    assert result.exit_code == 0
    assert "not defined" in result.stdout


def test_a_tail_is_written_and_nothing_is_overwritten(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    counts.write_text(json.dumps({**made(), "=evil()": 3}))
    folder = tmp_path / "out"
    result = run("tail", counts, "--refits", 3, "--draws", 9, "-o", folder)
    assert result.exit_code == 0, result.output
    assert (folder / "tail.png").read_bytes().startswith(PNG)
    assert "<svg" in (folder / "tail.svg").read_text()
    printed = run("tail", counts, "--refits", 3, "--draws", 9, "--json").stdout
    assert json.loads((folder / "tail.json").read_text()) == json.loads(printed)
    with (folder / "tail.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["rank"]) for row in rows] == list(range(1, 302))
    assert int(rows[0]["count"]) == max(made().values())
    assert any(row["concept"] == "'=evil()" for row in rows)
    again = run("tail", counts, "-o", folder)
    assert (again.exit_code, "already exists" in again.stderr) == (2, True)


@pytest.mark.parametrize("number", [2, 3])
def test_correlations_are_written(tmp_path: Path, number: int) -> None:
    paths = [tmp_path / f"{i}.json" for i in range(number)]
    for i, path in enumerate(paths):
        path.write_text(json.dumps(made(seed=i)))
    folder = tmp_path / "out"
    named = [f"corpus{i}={path}" for i, path in enumerate(paths)]
    result = run("correlate", *named, "--draws", 9, "-o", folder)
    assert result.exit_code == 0, result.output
    assert (folder / "correlation.png").read_bytes().startswith(PNG)
    printed = run("correlate", *named, "--draws", 9, "--json").stdout
    assert json.loads((folder / "correlation.json").read_text()) == json.loads(printed)
    pairs = number * (number - 1) // 2
    with (folder / "correlation.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == pairs
    assert float(rows[0]["spearman_ci95_low"]) <= float(rows[0]["spearman"])
    assert (rows[0]["a"], rows[0]["b"]) == ("corpus0", "corpus1")
    with (folder / "counts.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 300 * pairs


def test_an_index_is_asked_for_a_list_or_gives_its_terms(
    demo_index: wagidx.Index, tmp_path: Path
) -> None:
    path = demo_index.info["path"]
    whole = json.loads(run("tail", path, "--json", "--refits", 1, "--draws", 2).stdout)
    assert whole["n"] == whole["n_nonzero"] == len(demo_index.terms)
    assert whole["counted"]["names"] == "terms"
    assert whole["max"] == demo_index.top(1)[0][1]
    listed = tmp_path / "list.txt"
    listed.write_text("dog\nquokka\ngolden retriever\n")
    some = json.loads(run("tail", path, "--concepts", listed, "--json").stdout)
    assert (some["n"], some["n_zero"]) == (3, 1)
    assert some["sum"] == demo_index.count("dog") + demo_index.count("golden retriever")
    assert some["counted"]["pos"] in ("head", "any")


def test_an_index_beside_counts_is_asked_for_their_names(
    demo_index: wagidx.Index, tmp_path: Path
) -> None:
    counts = {"dog": 9, "cat": 4, "quokka": 1, "golden retriever": 2}
    file = tmp_path / "counts.json"
    file.write_text(json.dumps(counts))
    path = demo_index.info["path"]
    found = json.loads(run("correlate", f"demo={path}", file, "--json").stdout)
    assert found["sources"] == ["demo", "counts"]
    assert found["pairs"][0]["n"] == 4
    same = json.loads(run("correlate", f"a={path}", f"b={path}", "--json").stdout)
    assert same["pairs"][0]["spearman"] == pytest.approx(1)
    assert same["inputs"][0]["names"] == "terms"


def test_a_list_chooses_among_counts_and_says_what_has_none(tmp_path: Path) -> None:
    file, listed = tmp_path / "counts.json", tmp_path / "list.txt"
    file.write_text(json.dumps({"Dog": 9, "cat": 4, "emu": 1}))
    listed.write_text("dog\ncat\nquokka\n")
    result = run("tail", file, "--concepts", listed, "--json")
    found = json.loads(result.stdout)
    assert (found["n"], found["sum"], found["counted"]["absent"]) == (2, 13, 1)
    assert "concepts of the list without a count: 1" in result.stderr


def test_wrong_usage_is_said(demo_index: wagidx.Index, tmp_path: Path) -> None:
    file = tmp_path / "counts.json"
    file.write_text('{"a": 1}')
    path = demo_index.info["path"]
    for words, said in (
        (("tail", file, "--pos", "any"), "asks an index"),
        (("tail", path, "--pos", "any"), "needs --concepts"),
        (("correlate", file), "needs two or more"),
        (("correlate", file, file), "names two sources"),
    ):
        result = run(*words)
        assert result.exit_code == 2, words
        assert said in result.stderr


def test_sections_hold_every_number_with_its_names_and_interval() -> None:
    tail = tail_section(wagidx.tail(made(), draws=20, refits=3), command="wagidx tail counts.json")
    assert tail.command == "wagidx tail counts.json"
    assert [table.caption for table in tail.tables][1:2] == ["Names by number of captions"]
    assert len(tail.tables) == 3
    assert "<svg" in tail.figures[0].svg
    few = tail_section(wagidx.tail({"a": 1, "b": 0}, draws=9))
    assert len(few.tables) == 2
    assert any("No power law was fitted" in one for one in few.text)
    zeros = tail_section(wagidx.tail({"a": 0}, draws=9))
    assert ("Gini coefficient, zeros included", "1", "–", "–") in zeros.tables[0].rows


def test_the_released_counts_agree_as_the_study_found(study: Path) -> None:
    folder = study / "release" / "search_counts"
    paths = {
        corpus: folder / f"imagenet_{corpus}_lemmatized_search_counts.json"
        for corpus in ("cc3m", "laion400m")
    }
    (pair,) = wagidx.correlate(paths, draws=50).pairs
    assert pair.agreement.all.n == 1000
    assert pair.unmatched_a == pair.unmatched_b == 0
    low, high = pair.agreement.all.spearman_ci95 or (0.0, 0.0)
    assert 0 < low < (pair.agreement.all.spearman or 0.0) < high < 1
