"""`wagidx report` as a person runs it."""

from __future__ import annotations

import html
import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from wagidx.report.numbers import number

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    path = tmp_path / "scores.csv"
    lines = ["concept,score", "golden retriever,70", "leopard,60", "golden,80", "quokka,20"]
    path.write_text("\n".join([*lines, '"<b>dog</b>",50']), encoding="utf-8")
    return path


def test_an_index_is_asked_for_what_has_a_score(
    run: Run, index: Path, scores: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    done = run("report", index, "--performance", scores, "-o", out, "--json")
    assert (done.returncode, done.stderr) == (0, f"{out}: written\n")
    said = json.loads(done.stdout)
    assert said["report"] == str(out)
    assert "Does performance follow log frequency?" in said["sections"]
    text = out.read_text(encoding="utf-8")
    assert "quokka" in text
    assert "<b>" not in text
    assert "&lt;b&gt;dog&lt;/b&gt;" in text


def test_a_list_decides_what_is_counted(run: Run, index: Path, tmp_path: Path) -> None:
    listed = tmp_path / "concepts.txt"
    listed.write_text("snow leopard\nzebra\n")
    out = tmp_path / "report.html"
    assert run("report", index, "--concepts", listed, "-o", out).returncode == 0
    text = out.read_text(encoding="utf-8")
    assert "In no caption (1): zebra" in text
    assert "The names are a chosen list, not a sample of a vocabulary" in text
    assert f"wagidx count {index} --concepts {listed}" in text


def test_an_index_alone_gives_all_its_terms(run: Run, index: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run("report", index, "-o", out, "-q").returncode == 0
    text = out.read_text(encoding="utf-8")
    assert "retriever" in text
    assert "The names are all terms of the index" in text
    assert "a chosen list" not in text and "those of the list" not in text


def test_a_file_of_counts_does_as_well(run: Run, tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("concept,count\ndog,7\ncat,0\n")
    out = tmp_path / "report.html"
    assert run("report", counts, "-o", out).returncode == 0
    text = out.read_text(encoding="utf-8")
    assert "does not say what they were counted in" in text
    again = run("report", counts, "-o", out)
    assert again.returncode == 2
    assert "already exists" in again.stderr


def test_the_command_under_a_fit_makes_that_fit_again(run: Run, tmp_path: Path) -> None:
    counts, listed, scores = (tmp_path / name for name in ("c.csv", "names.txt", "scores.csv"))
    counts.write_text("concept,count\ndog,7\ncat,0\nemu,50\nape,4\n")
    listed.write_text("dog\ncat\nemu\n")
    rows = [f"{model},{c},{len(c) + i}" for model in "AB" for i, c in enumerate(("dog", "cat"))]
    rows += ["A,emu,9", "B,emu,8", "A,ape,2", "B,ape,3"]
    scores.write_text("\n".join(["model,concept,score", *rows]))
    words = ("--performance", scores, "--model", "B", "-o")
    assert run("report", counts, *words, tmp_path / "one.html").returncode == 0
    command = f"wagidx fit --frequencies {counts} --performance {scores} --model B</code>"
    assert command in (tmp_path / "one.html").read_text(encoding="utf-8")
    assert (
        run("report", counts, "--concepts", listed, *words, tmp_path / "two.html").returncode == 0
    )
    assert "--frequencies COUNTS " in (tmp_path / "two.html").read_text(encoding="utf-8")


def test_a_list_picks_from_a_file_of_counts(run: Run, tmp_path: Path) -> None:
    counts, listed, out = (tmp_path / name for name in ("counts.csv", "names.txt", "report.html"))
    counts.write_text("concept,count\ndog,7\ncat,0\n")
    listed.write_text("dog\nwolf\n")
    done = run("report", counts, "--concepts", listed, "-o", out)
    assert done.returncode == 0
    assert "concepts of the list without a count: 1" in done.stderr
    assert "In no caption" not in out.read_text(encoding="utf-8")


def test_rules_are_asked_of_an_index_about_a_list(run: Run, index: Path, tmp_path: Path) -> None:
    listed, out = tmp_path / "names.txt", tmp_path / "report.html"
    listed.write_text("snow leopard\ngolf-ball\n")
    done = run("report", index, "--concepts", listed, "--rule", "last", "-o", out)
    assert done.returncode == 0
    text = out.read_text(encoding="utf-8")
    assert f"wagidx rules {index} --concepts {listed} --rule last" in text
    counts = tmp_path / "counts.json"
    counts.write_text('{"dog": 7}')
    for source, wrong in ((index, ["--concepts", listed, "--pos", "any"]), (counts, [])):
        refused = run("report", source, "--rule", "last", *wrong, "-o", tmp_path / "other.html")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_counts_of_nothing_give_a_report(run: Run, tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    counts.write_text('{"dog": 0}')
    assert run("report", counts, "-o", tmp_path / "report.html").returncode == 0


def test_a_model_needs_scores_and_a_failed_report_leaves_nothing(
    run: Run, index: Path, scores: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    for option in (["--model", "A"], ["--offset", "0.5"], ["--classes", "cars=7"]):
        alone = run("report", index, *option, "-o", out)
        assert (alone.returncode, alone.stderr.count("\n")) == (2, 1)
        assert f"{option[0]} needs a fit; give scores with --performance" in alone.stderr
    absent = run("report", index, "--performance", scores, "--model", "A", "-o", out)
    assert (absent.returncode, absent.stderr.count("\n")) == (1, 1)
    assert not out.exists()


def test_a_report_fits_as_the_command_under_it_does(run: Run, tmp_path: Path) -> None:
    counts, scores, out = (tmp_path / name for name in ("c.csv", "s.csv", "report.html"))
    names = [f"c{n}" for n in range(40)]
    counted = [f"{name},{3 ** (n % 12)}" for n, name in enumerate(names)]
    scored = [f"{name},cars={n % 2},{20 + n % 12 * 4 + n % 5}" for n, name in enumerate(names)]
    counts.write_text("\n".join(["concept,count", *counted]))
    scores.write_text("\n".join(["concept,dataset,score", *scored]))
    chosen = ["--bins", "6", "--slice=-4:", "--offset", "0.5", "--classes", "cars=0=50"]
    chosen += ["--classes", "cars=1=70", "--target", "55", "--target", "-1000000"]
    chosen += ["--draws", "60", "--shuffles", "40"]
    done = run("report", counts, "--performance", scores, *chosen, "-o", out)
    assert (done.returncode, done.stderr) == (0, f"{out}: written\n")
    text = html.unescape(re.sub("<[^>]+>", " ", out.read_text(encoding="utf-8")))
    words = "--bins 6 --slice -4: --offset 0.5 --classes cars=0=50 --classes cars=1=70"
    words += " --target 55.0 --target -1000000.0 --draws 60 --shuffles 40"
    command = f"wagidx fit --frequencies {counts} --performance {scores} {words}"
    assert command in text
    fitted = json.loads(run(*shlex.split(command)[1:], "--json").stdout)
    assert "0.5 added to all counts" in text
    assert f"{fitted['binned']['n_points']} bins" in text
    assert "40 permutations" in text
    (near, far) = fitted["needed"]
    assert number(near["count"]) in text and near["count"] > 1
    assert far["count"] is None and "too large to represent" in text


def test_commands_under_a_report_on_an_index_run_as_they_stand(
    run: Run, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["dog", "cat", "golden retriever", "leopard", "snow leopard", "cat"]
    rows = [f"{'pets' if i < 5 else 'others'},{name},{60 + i}" for i, name in enumerate(names)]
    (tmp_path / "my scores.csv").write_text("\n".join(["dataset,concept,score", *rows]))
    monkeypatch.chdir(tmp_path)
    asked = ["--performance", "my scores.csv", "--draws", "20", "--shuffles", "20"]
    assert run("report", index, *asked, "-o", "report.html").returncode == 0
    text = html.unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    commands = re.findall(r"<code>(wagidx [^<]+)</code>", text)
    assert {shlex.split(one)[1] for one in commands} == {"info", "report", "tail", "rules", "count"}
    for one in commands:
        for part in one.replace("-o FILE.html", "-o again.html").split(" && "):
            done = run(*shlex.split(part)[1:])
            assert done.returncode == 0, (part, done.stderr)
    assert "wagidx fit --frequencies counts.csv --performance 'my scores.csv'" in text


def test_an_index_without_a_word_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("caption\n")
    assert run("build", tmp_path / "none.csv", "-o", tmp_path / "none", "-q").returncode == 0
    for words in (["tail", "none"], ["report", "none", "-o", "new.html"]):
        done = run(words[0], tmp_path / words[1], *words[2:])
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "none: no caption with a word is in it to count" in done.stderr
