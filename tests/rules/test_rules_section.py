"""What a reader is shown of the rules: the command, and a section of a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import wagidx
from click.testing import CliRunner
from wagidx.cli import main
from wagidx.report.rules import rules_section
from wagidx.rules import counts_by_rule

CAPTIONS = [
    "a golf-ball on the grass",
    "a ball in the sand",
    "a red rose in a glass vase",
    "prices are on the rise",
    "a sudden rise in prices",
    *["a street in Chicago", "a walk in chicago"] * 20,
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("section") / "x.wagidx"
    wagidx.build(captions=CAPTIONS, output=folder, store_captions=True, progress=False)
    yield folder


def ran(*words: object) -> tuple[int, str, str]:
    """How a command ended, and what it wrote to stdout and stderr."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_a_line_for_each_concept(path: Path) -> None:
    code, out, err = ran("rules", path, "golf-ball", "rose", "--rule", "lemma", "--rule", "last")
    assert code == 0
    assert out.splitlines() == [
        "           count  last  lemma  together",
        "golf-ball      1     2      1         2",
        "rose           1     1      2         2",
    ]
    assert err.splitlines() == ["last: changes 1 of 2 counts", "lemma: changes 1 of 2 counts"]


def test_a_list_names_its_concepts_not_their_synonyms(path: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("concept,synonyms\nrose,golf-ball\n")
    _, out, _ = ran("rules", path, "--concepts", tmp_path / "list.csv", "--rule", "last")
    assert out.splitlines()[1].split() == ["rose", "2", "3"]
    _, out, _ = ran("rules", path, "sand", "--concepts", tmp_path / "list.csv", "--json")
    assert [one["concept"] for one in json.loads(out)["counts"]] == ["sand", "rose"]


def test_an_estimate_and_what_is_not_told_are_marked(path: Path, tmp_path: Path) -> None:
    _, out, _ = ran("rules", path, "Chicago", "--rule", "case", "--sample", 9)
    assert out.splitlines()[1].split()[:2] == ["Chicago", "40"] and "~" in out
    wagidx.build(captions=CAPTIONS, output=tmp_path / "x", analyzer="lemma", progress=False)
    code, out, err = ran("rules", tmp_path / "x", "rose", "--rule", "noun", "--rule", "last")
    assert code == 0
    assert out.splitlines()[1].split() == ["rose", "1", "-", "1", "1"]
    assert "noun: this index was built without readings" in err


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_a_file_holds_the_numbers(path: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"rules.{suffix}"
    words = ("rules", path, "=rose", "golf-ball", "--rule", "last", "-q", "-o", file)
    assert ran(*words) == (0, "", "")
    if suffix == "csv":
        lines = file.read_text().splitlines()
        assert lines[1].startswith("'=rose,1,1,1,1,") and lines[2].startswith("golf-ball,1,2,2,2,")
    elif suffix == "json":
        counts = json.loads(file.read_text())["counts"]
        assert [one["last"]["count"] for one in counts] == [1, 2]
    else:
        assert pq.read_table(file)["last"].to_pylist() == [1, 2]
    code, _, err = ran(*words)
    assert code == 2 and "already exists" in err


def test_wrong_usage_is_one_line(path: Path, tmp_path: Path) -> None:
    for words in (
        ("rules", path),
        ("rules", path, "rose", "-o", tmp_path / "x.txt"),
        ("rules", path, "rose", "--alone", "en_core_web_sm"),
        ("rules", path, "rose", "--rule", "nouns"),
        ("rules", path, "rose", "--sample", "0"),
    ):
        code, out, err = ran(*words)
        assert (code, out, err.count("\n")) == (2, "", 1), words


def test_the_section_shows_what_changes_and_what_is_not_told(path: Path) -> None:
    with wagidx.open(path) as index:
        found = counts_by_rule(index, ["rose", "golf-ball", "Chicago", "rose"], sample=30)
    section = rules_section(found, concepts_file="my list.csv")
    totals, changed = section.tables
    by_rule = {row[0]: row[3:] for row in totals.rows}
    assert list(by_rule) == ["noun", "last", "lemma", "missing", "case", "together"]
    assert by_rule["lemma"] == ("2", "0", "0")
    assert by_rule["last"] == ("1", "0", "0")
    assert by_rule["missing"] == ("0", "0", "0")
    assert ("lemma", "rose", "1", "2", "exact") in changed.rows
    assert sum(row[:2] == ("lemma", "rose") for row in changed.rows) == 1
    (case,) = (row for row in changed.rows if row[0] == "case")
    assert case[1:3] == ("Chicago", "40") and case[3].startswith("~") and " to " in case[4]
    assert any("re-read" in text and "at most 30" in text for text in section.text)
    assert "--concepts 'my list.csv'" in section.command


def test_the_section_says_why_a_rule_is_not_told(tmp_path: Path) -> None:
    wagidx.build(captions=CAPTIONS, output=tmp_path / "x", analyzer="lemma", progress=False)
    with wagidx.open(tmp_path / "x") as index:
        section = rules_section(counts_by_rule(index, ["rose"]))
    told = " ".join(section.text)
    assert "Not determined: noun." in told and "Not determined: case." in told
    assert section.tables[0].rows[0][3:] == ("unknown",) * 3
