"""`wagidx reproduce` as a person runs it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import made_up_release
import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
LACKED = "dtd_tiny5m_lemmatized_search_counts.json"


def incomplete(made_up: Path, folder: Path) -> Path:
    shutil.copytree(made_up, folder)
    (folder / "search_counts" / LACKED).unlink()
    return folder


@dataclass(frozen=True)
class Reproduced:
    """What a run printed, and the folder that it wrote."""

    stdout: str
    folder: Path


@pytest.fixture(scope="module")
def whole(run: Run, made_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Reproduced:
    folder = tmp_path_factory.mktemp("whole") / "report"
    done = run("reproduce", made_up, "-o", folder, "-q")
    assert (done.returncode, done.stderr) == (0, "")
    return Reproduced(done.stdout, folder)


@pytest.fixture(scope="module")
def allowed(run: Run, made_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Reproduced:
    """Of a release that lacks a file."""
    folder = tmp_path_factory.mktemp("allowed")
    release = incomplete(made_up, folder / "release")
    done = run("reproduce", release, "-o", folder / "out", "-q", "--json", "--allow-missing")
    assert done.returncode == 0
    return Reproduced(done.stdout, folder / "out")


def test_panels_stand_side_by_side_with_what_the_concepts_say(whole: Reproduced) -> None:
    row = next(
        line
        for line in whole.stdout.splitlines()
        if line.split()[:3] == ["even_3m", "RN50", "text"]
    )
    published, bins, shuffled, p, concept, slope, within = row.split()[3:10]
    assert (published, bins, concept, slope, within) == ("1.00**", "10", "1.00", "4", "4")
    assert float(shuffled) < 1.0
    assert float(p) < 0.05
    for title in ("Long tail", "Agreement", "Let It Wag!", "share no concept"):
        assert title in whole.stdout


def test_files_are_written_for_other_programs(run: Run, made_up: Path, whole: Reproduced) -> None:
    done = run("reproduce", made_up, "--json")
    assert done.returncode == 0
    printed = json.loads(done.stdout)
    assert json.loads((whole.folder / "reproduction.json").read_text(encoding="utf-8")) == printed
    with (whole.folder / "panels.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert rows.keys() == printed["panels"].keys()
    key = "zs|even_3m|RN50|text|class|zs17"
    assert float(rows[key]["pearson_r"]) == printed["panels"][key]["pearson_r"]
    again = run("reproduce", made_up, "-o", whole.folder)
    assert again.returncode == 2
    assert "already exists" in again.stderr


def test_lacking_files_are_named_and_fail_unless_allowed(
    run: Run, allowed: Reproduced, made_up: Path, tmp_path: Path
) -> None:
    failed = run("reproduce", incomplete(made_up, tmp_path / "release"), "--json")
    assert failed.returncode == 1
    assert LACKED in failed.stderr
    assert "--allow-missing" in failed.stderr.splitlines()[-1]
    found = json.loads(failed.stdout)
    assert found["missing"]["zs|tiny5m|text|zs17"] == [LACKED]
    assert json.loads(allowed.stdout) == found


def test_the_report_names_the_command_that_made_it(allowed: Reproduced) -> None:
    page = (allowed.folder / "report.html").read_text(encoding="utf-8")
    release = allowed.folder.parent / "release"
    assert f"<code>wagidx reproduce {release} --allow-missing -o DIR</code>" in page
    assert "RELEASE" not in page


def test_one_panel_is_shown_in_full(run: Run, made_up: Path) -> None:
    done = run("reproduce", made_up, "--panel", "ret|tiny5m|RN50|text|t2i_k=10")
    assert done.returncode == 0
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert shown["n_points"] == "4"
    assert shown["unit"] == "recall, fraction"


def test_one_panel_names_the_files_that_it_lacks(run: Run, made_up: Path, tmp_path: Path) -> None:
    release = incomplete(made_up, tmp_path / "release")
    done = run("reproduce", release, "--panel", "zs|tiny5m|RN50|text|class|zs17")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"lacks {LACKED}; add the files" in done.stderr
    other = "coco_t2i_k=10_results.json"
    path = release / "retrieval_evaluations" / other
    found = json.loads(path.read_text(encoding="utf-8"))
    gone = found.pop("backboneRN50_pretrainedtiny5m")
    assert gone
    path.write_text(json.dumps(found), encoding="utf-8")
    done = run("reproduce", release, "--panel", "ret|tiny5m|RN50|text|t2i_k=10")
    assert f"lacks {other} (without RN50); add the files" in done.stderr
    none = run("reproduce", release, "--panel", "zs|tiny5m|RN51|text|class|zs18")
    assert (none.returncode, none.stdout) == (1, "") and LACKED in none.stderr
    none = run("reproduce", release, "--panel", "ret|tiny5m|RN51|text|t2i_k=10")
    assert none.returncode == 1 and "has no panel" in none.stderr


def test_the_further_questions_are_shown_briefly(run: Run, tmp_path: Path) -> None:
    made_up_release.write_controlled(tmp_path)
    done = run("reproduce", tmp_path, "--allow-missing")
    assert done.returncode == 0
    start = done.stdout.index("Added to joint counts")
    row = next(line.split() for line in done.stdout[start:].splitlines() if "text_only" in line)
    assert row[0] in made_up_release.CONTROLLED
    assert 0 <= float(row[-3]) <= 1
    shorter = tmp_path / "shorter"
    shutil.copytree(tmp_path / "zero_shot_evaluations", shorter / "zero_shot_evaluations")
    (shorter / "search_counts").mkdir()
    for path in (tmp_path / "search_counts").glob("*_laion400m_*"):
        shutil.copy(path, shorter / "search_counts")
    lacking = run("reproduce", shorter, "--allow-missing").stdout
    assert "synthci30m, a controlled corpus, lacks search_counts/*_synthci30m_" in lacking


def test_a_damaged_release_is_one_line(run: Run, made_up: Path, tmp_path: Path) -> None:
    release = Path(shutil.copytree(made_up, tmp_path / "release"))
    path = release / "search_counts" / LACKED
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    done = run("reproduce", release)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert str(path) in done.stderr


def test_accuracies_that_are_not_there_are_named(run: Run, made_up: Path, tmp_path: Path) -> None:
    done = run("reproduce", made_up, "--imagenet", tmp_path / "none.json")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "none.json: no such file; --imagenet" in done.stderr


def test_figures_are_drawn_for_the_main_panels_and_each_table(whole: Reproduced) -> None:
    drawn = {path.name for path in (whole.folder / "figures").iterdir()}
    sheets = {
        "panels-zs-even_3m-class",
        "panels-ret-tiny5m-t2i_k=10",
        "panels-t2i-drawn_9m-exp_lpips",
    }
    tables = {"long-tail", "correlation", "misalignment", "let-it-wag"}
    assert drawn >= {f"{name}.{kind}" for name in sheets | tables for kind in ("png", "svg")}
    assert not any("ensemble" in name for name in drawn)
    png = (whole.folder / "figures" / "long-tail.png").read_bytes()
    svg = (whole.folder / "figures" / "panels-zs-even_3m-class.svg").read_text(encoding="utf-8")
    assert png.startswith(b"\x89PNG")
    assert "<image" in svg, "the cloud is drawn as pixels"
