"""What each command prints."""

from __future__ import annotations

import json
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import wagidx
from click.testing import CliRunner
from wagidx import _native
from wagidx.cli import main

ROOT = Path(__file__).parent.parent.parent


def out(*arguments: object) -> str:
    """What a command that succeeds writes to stdout."""
    result = CliRunner().invoke(main, [str(word) for word in arguments])
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def parsed(*arguments: object) -> dict[str, Any]:
    """The JSON object of a command; anything beside it fails here."""
    text = out(*arguments, "--json")
    assert text.count("\n") == 1
    value: dict[str, Any] = json.loads(text)
    return value


def test_counts_are_aligned_and_readable(index: Path) -> None:
    text = out("count", index, "golden retriever", "dog", "zebra")
    assert text == "golden retriever  2\ndog               1\nzebra             0\n"


def test_count_json_is_the_promised_object(index: Path) -> None:
    assert parsed("count", index, "golden retriever", "zebra", "golden retriever") == {
        "index": str(index),
        "captions": 6,
        "field": "text",
        "pos": "head",
        "match": "all",
        "missing": "zero",
        "docs": None,
        "counts": [
            {"concept": "golden retriever", "count": 2},
            {"concept": "zebra", "count": 0},
            {"concept": "golden retriever", "count": 2},
        ],
    }


def test_count_takes_a_list_after_the_arguments(index: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("concept,synonyms\nring,dog\nzebra,\n")
    text = out("count", index, "leopard", "--concepts", listed)
    assert [line.split() for line in text.splitlines()] == [
        ["leopard", "2"],
        ["ring", "2"],
        ["zebra", "0"],
    ]


def test_missing_terms_can_be_left_out(index: Path) -> None:
    assert out("count", index, "golden zebra").split()[-1] == "0"
    assert out("count", index, "golden zebra", "--missing", "ignore").split()[-1] == "3"


def test_docs_is_a_filter_and_its_size_is_told(index: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.roaring"
    with wagidx.open(index) as opened:
        kept.write_bytes(opened.bitmap("leopard"))
    found = parsed("count", index, "dog", "golden", "--docs", kept)
    assert found["docs"] == 2
    assert [one["count"] for one in found["counts"]] == [1, 0]


def test_a_filter_that_is_no_bitmap_is_named(index: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.roaring"
    with wagidx.open(index) as opened:
        whole = opened.bitmap("leopard")
    far = _native.to_roaring(np.array([1 << 40], np.uint64))
    for damaged, said in (
        (b"junk", "not a portable Roaring bitmap"),
        (whole[:-1], "not a portable Roaring bitmap"),
        (whole + b"junk", "not a portable Roaring bitmap (4 bytes follow it)"),
        (far, "is not below the index's"),
    ):
        kept.write_bytes(damaged)
        result = CliRunner().invoke(main, ["count", str(index), "dog", "--docs", str(kept)])
        assert result.exit_code == 1
        assert f"--docs {kept}: " in result.stderr and said in result.stderr


def test_csv_cells_cannot_be_formulas(index: Path) -> None:
    text = out("count", "--format", "csv", "--", index, "=dog", "+dog", "-dog", "@dog", "a,dog")
    assert text == "concept,count\n'=dog,1\n'+dog,1\n'-dog,1\n'@dog,1\n\"a,dog\",0\n"


@pytest.mark.parametrize("suffix", ["json", "csv", "parquet", "txt"])
def test_a_file_has_what_its_suffix_says_and_is_never_overwritten(
    index: Path, tmp_path: Path, suffix: str
) -> None:
    target = tmp_path / f"counts.{suffix}"
    assert out("count", index, "golden", "zebra", "-o", target) == ""
    if suffix == "parquet":
        table = pq.read_table(target).to_pydict()
        assert table == {"concept": ["golden", "zebra"], "count": [3, 0]}
    else:
        same = {"txt": "table"}.get(suffix, suffix)
        text = out("count", index, "golden", "zebra", "--format", same)
        assert target.read_text() == text
    before = target.read_bytes()
    again = CliRunner().invoke(main, ["count", str(index), "dog", "-o", str(target)])
    assert again.exit_code == 2
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "words",
    [
        ["count", "INDEX", "dog", "-o", "new.csv"],
        ["rules", "INDEX", "dog", "-o", "new.csv"],
        ["balance", "INDEX", "--concepts", "LIST", "-o", "new.parquet"],
        ["cooccur", "INDEX", "--concepts", "LIST", "-o", "new.npz"],
        ["tail", "COUNTS", "-o", "new"],
        ["correlate", "a=COUNTS", "b=COUNTS", "-o", "new"],
        ["fit", "--frequencies", "COUNTS", "--performance", "SCORES", "-o", "new"],
        ["report", "COUNTS", "-o", "new.html"],
    ],
)
def test_what_was_written_is_said_on_stderr(index: Path, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "list.txt").write_text("dog\nleopard\n")
    (tmp_path / "counts.json").write_text('{"a": 0, "b": 20, "c": 300, "d": 4000}')
    (tmp_path / "scores.json").write_text('{"a": 1, "b": 2, "c": 4, "d": 5}')
    known = {"INDEX": index, "LIST": tmp_path / "list.txt"}
    known |= {"COUNTS": tmp_path / "counts.json", "SCORES": tmp_path / "scores.json"}
    target = tmp_path / words[-1]
    for name, path in known.items():
        words = [word.replace(name, str(path)) for word in words]
    said = CliRunner().invoke(main, [*words[:-1], str(target)])
    assert said.exit_code == 0 and target.exists(), said.output
    assert said.stderr.count(f"{target}: ") == 1
    quiet = CliRunner().invoke(main, [*words[:-1], str(target.with_name(f"2{target.name}")), "-q"])
    assert (quiet.exit_code, quiet.stderr) == (0, "")


def test_control_characters_of_a_caption_never_reach_the_terminal(index: Path) -> None:
    text = out("search", index, "snow")
    assert "\x1b" not in text and "\x07" not in text
    assert r"\x1b" in text and r"\x07" in text


def test_search_marks_what_matched(index: Path) -> None:
    plain = out("search", index, "golden retrievers", "--limit", "2")
    assert "a [golden] [retriever]" in plain
    assert "two [golden] [retrievers] at play" in plain
    colored = out("search", index, "golden retrievers", "--limit", "1", "--color", "always")
    assert re.search("\x1b\\[[0-9;]+mgolden\x1b\\[0m", colored)


def test_search_json_spans_cut_out_the_match(index: Path) -> None:
    found = parsed("search", index, "golden retriever")
    assert [one["id"] for one in found["captions"]] == [0, 1]
    words = [[one["text"][a:b] for a, b in one["spans"]] for one in found["captions"]]
    assert words == [["golden", "retriever"], ["golden", "retrievers"]]


def test_explain_says_which_term_is_missing_and_what_is_near(index: Path) -> None:
    text = out("explain", index, "golden retreiver")
    assert text.splitlines()[0] == "golden retreiver: 0"
    assert "'retreiver' is in no caption; near: retriever (2)" in text


def test_explain_says_when_terms_never_meet(index: Path) -> None:
    assert "every term occurs, but no caption holds them all" in out("explain", index, "dog ring")


def test_explain_json(index: Path) -> None:
    found = parsed("explain", index, "golden retrievers")
    assert (found["index"], found["concept"], found["count"]) == (
        str(index),
        "golden retrievers",
        2,
    )
    assert [(one["token"], one["count"]) for one in found["terms"]] == [
        ("golden", 3),
        ("retrievers", 2),
    ]


def test_top_is_the_most_frequent_first(index: Path) -> None:
    found = parsed("top", index, "-n", "4")
    counts = [one["count"] for one in found["terms"]]
    assert len(counts) == 4 and counts == sorted(counts, reverse=True)
    with wagidx.open(index) as opened:
        assert [(one["term"], one["count"]) for one in found["terms"]] == opened.top(4)


def test_info_and_verify(index: Path) -> None:
    found = parsed("info", index)
    assert found["analyzer"]["tier"] == "noun"
    assert (found["stats"]["rows"], found["stats"]["captions"]) == (7, 6)
    assert found["bytes"] == sum(file.stat().st_size for file in index.iterdir())
    assert re.search(r"^ *captions +6$", out("info", index), re.MULTILINE)
    assert parsed("verify", index, "--deep") == {
        "index": str(index),
        "deep": True,
        "sound": True,
    }


def test_build_counts_every_kind_of_row(tmp_path: Path) -> None:
    source = tmp_path / "captions.tsv"
    source.write_text("key\tcaption\tLANGUAGE\n1\ta dog\ten\n2\tein Hund\tde\n3\ttwo dogs\ten\n")
    target = tmp_path / "new.wagidx"
    stats = parsed("build", source, "-o", target, "--filter", "LANGUAGE=en", "-q")
    assert (stats["rows"], stats["captions"], stats["filtered"]) == (3, 2, 1)
    assert out("count", target, "dog").split() == ["dog", "2"]
    surface = tmp_path / "surface.wagidx"
    out("build", source, "-o", surface, "--analyzer", "surface", "-q")
    assert out("count", surface, "dog").split() == ["dog", "1"]


def test_an_index_grows_by_append_and_is_packed_by_merge(tmp_path: Path) -> None:
    grown, packed = tmp_path / "grown.wagidx", tmp_path / "packed.wagidx"
    for name, text in (("a.txt", "a dog\n"), ("b.txt", "a cat\ntwo dogs\n")):
        (tmp_path / name).write_text(text)
    out("build", tmp_path / "a.txt", "-o", grown, "-q")
    stats = parsed("append", grown, tmp_path / "b.txt", "-q")
    assert (stats["rows"], stats["terms"]) == (3, 4)
    assert out("count", grown, "dog").split() == ["dog", "2"]
    assert re.search(r"^ *segments +2$", out("info", grown), re.MULTILINE)
    assert re.search(r"^ *captions +3$", out("merge", grown, "-o", packed, "-q"), re.MULTILINE)
    assert re.search(r"^ *segments +1$", out("info", packed), re.MULTILINE)
    assert parsed("count", packed, "dog")["counts"] == [{"concept": "dog", "count": 2}]


def test_dry_run_makes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "captions.csv"
    source.write_text("url,caption\nx,a dog\n")
    plan = parsed("build", source, "--dry-run")
    assert [file["caption"] for file in plan["files"]] == ["caption"]
    assert "caption" in out("build", source, "--dry-run")
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_wagidx(shell: str) -> None:
    assert "_WAGIDX_COMPLETE" in out("completion", shell)


def test_the_demo_shows_each_command_and_its_result(tmp_path: Path) -> None:
    text = out("demo", tmp_path / "tour")
    shown = re.findall(r"^\$ wagidx (\w+)", text, re.MULTILINE)
    ask = ["build", "count", "count", "explain", "search"]
    assert shown == [*ask, "count", "fit", "report"]
    assert (tmp_path / "tour" / "demo-report.html").stat().st_size > 10_000
    index = tmp_path / "tour" / "demo.wagidx"
    with wagidx.open(index) as opened:
        number = opened.count("golden retriever")
    assert number > 0
    assert f"golden retrievers: {number}" in text
    again = CliRunner().invoke(main, ["demo", str(tmp_path / "tour")])
    assert again.exit_code == 2


def test_the_demo_overwrites_nothing_and_says_where(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    (tmp_path / "shards").mkdir()
    for folder, said in (
        (file, f"{file}: exists and is not a folder; choose another name"),
        (tmp_path, f"{tmp_path / 'shards'}: already exists; choose another folder"),
    ):
        run = CliRunner().invoke(main, ["demo", str(folder)])
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr == f"wagidx: error: {said}\n"
    assert file.read_text() == "mine"


def test_the_demo_finds_the_slope_that_was_planted(tmp_path: Path) -> None:
    out("demo", tmp_path)
    script = runpy.run_path(str(ROOT / "scripts" / "make_demo_scores.py"))
    found = json.loads((tmp_path / "demo-fit" / "fit.json").read_text())
    low, high = found["concept"]["within"]["slope_ci95"]
    assert low < script["SLOPE"] < high and high - low < script["SLOPE"] / 2
    pooled_low, _ = found["concept"]["slope_ci95"]
    assert pooled_low > script["SLOPE"]  # easy datasets hold frequent concepts
    assert found["joined"] == 366 and found["binned"]["permutation_p"] < 0.05


def test_the_demo_without_the_extra_says_which_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    run = CliRunner().invoke(main, ["demo", str(tmp_path)])
    assert run.exit_code == 0, run.output
    assert run.stdout.endswith("matplotlib is not installed; pip install 'wagidx[fit]'\n")
    assert not (tmp_path / "demo-fit").exists()
