"""The demo corpus is what its README says: reproducible, varied, well formed, long-tailed."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
DATA = ROOT / "python" / "wagidx" / "data"


def caption_rows() -> list[list[str]]:
    lines = (DATA / "demo_captions.tsv").read_text(encoding="utf-8").split("\n")
    assert lines[0].split("\t") == ["key", "caption", "url", "language"]
    assert lines[-1] == ""
    return [line.split("\t") for line in lines[1:-1]]


def concepts() -> list[dict[str, str]]:
    with (DATA / "demo_concepts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_script_makes_the_shipped_captions() -> None:
    script = ROOT / "scripts" / "make_demo_captions.py"
    command = [sys.executable, str(script), "--check"]
    check = subprocess.run(command, check=False, capture_output=True, text=True)
    assert check.returncode == 0, check.stderr


def test_script_makes_the_shipped_scores() -> None:
    script = ROOT / "scripts" / "make_demo_scores.py"
    command = [sys.executable, str(script), "--check"]
    check = subprocess.run(command, check=False, capture_output=True, text=True)
    assert check.returncode == 0, check.stderr


def test_every_concept_has_one_made_up_score() -> None:
    with (DATA / "demo_scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["concept"] for row in rows] == [row["concept"] for row in concepts()]
    assert all(row["dataset"].startswith("made-up-") and row["n"] == "50" for row in rows)
    assert all(0 <= float(row["score"]) <= 100 for row in rows)


def test_every_row_is_well_formed() -> None:
    rows = caption_rows()
    assert len(rows) == 3665
    assert {len(row) for row in rows} == {4}
    assert [row[0] for row in rows] == [f"{number:09}" for number in range(len(rows))]
    assert len({row[2] for row in rows}) == len(rows)
    assert all(row[2].startswith("https://example.org/") for row in rows)


def test_captions_are_varied() -> None:
    captions = [row[1] for row in caption_rows()]
    assert len(set(captions)) > 0.99 * len(captions)
    assert sum(caption == "" for caption in captions) == 3
    openings = Counter(" ".join(caption.split()[:4]).lower() for caption in captions)
    openings.pop("")
    assert openings.most_common(1)[0][1] <= 20


def test_languages_other_than_english_are_few_and_marked() -> None:
    languages = Counter(row[3] for row in caption_rows())
    assert languages == {"en": 3565, "de": 26, "fr": 25, "es": 25, "ja": 24}


def test_concepts_are_unique_and_some_never_occur() -> None:
    words = " ".join(row[1] for row in caption_rows()).lower()
    names = [row["concept"] for row in concepts()]
    assert len(names) == 366
    assert len({name.lower() for name in names}) == len(names)
    absent = [name for name in names if name.lower() not in words and " " not in name]
    assert len(absent) >= 10
    assert {"quokka", "capybara", "contrabassoon"} <= set(absent)
