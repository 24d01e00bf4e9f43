"""Captions, keys, addresses and concepts are data wherever they are shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import wagidx

ESCAPE = "\x1b]0;owned\x07"
SCRIPT = "<script>alert('dog')</script>"
FORMULA = "=cmd|'/C calc'!A0"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    rows = [
        {"caption": f"a dog {ESCAPE}", "key": ESCAPE, "url": f"http://x/{ESCAPE}"},
        {"caption": f"a dog {SCRIPT}", "key": SCRIPT, "url": SCRIPT},
        {"caption": f"{FORMULA} dog", "key": FORMULA, "url": FORMULA},
    ]
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    wagidx.build(source, tmp_path / "a.wagidx", store_captions=True, progress=False)
    return tmp_path / "a.wagidx"


def run(*arguments: object) -> str:
    code = "from wagidx.cli import main; main(prog_name='wagidx')"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_no_control_character_reaches_a_terminal(index: Path) -> None:
    for arguments in (
        ["search", index, "dog"],
        ["count", index, f"dog {ESCAPE}"],
        ["explain", index, f"dog {ESCAPE}"],
        ["top", index],
        ["info", index],
    ):
        shown = run(*arguments).replace("\n", "").replace("\t", "")
        assert shown.isprintable(), arguments
    assert r"\x1b" in run("search", index, "dog")


def test_json_keeps_what_was_written(index: Path) -> None:
    found = json.loads(run("search", index, "dog", "--json"))["captions"]
    assert [one["key"] for one in found] == [ESCAPE, SCRIPT, FORMULA]
    assert found[0]["text"] == f"a dog {ESCAPE}"


def test_a_table_in_a_notebook_shows_markup_as_text(index: Path) -> None:
    with wagidx.open(index) as opened:
        page = opened.frequencies([f"dog {SCRIPT}", "dog & cat"])._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page and "dog &amp; cat" in page


def test_a_concept_is_no_formula_in_a_sheet(index: Path) -> None:
    lines = run("count", index, "--format", "csv", "--", FORMULA, "-dog", "dog").splitlines()
    assert lines[1].lstrip('"').startswith("'=")
    assert lines[2:] == ["'-dog,3", "dog,3"]
