"""The report on a release: every row follows from its files, and what is absent is said."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import or_
from pathlib import Path
from typing import Any

import made_up_release
import pyarrow.parquet as pq
import pytest
from wagidx.analysis.forms import FORMS
from wagidx.paper import Release, Reproduction, reproduce
from wagidx.paper.defects import traces
from wagidx.paper.evidence import evidence
from wagidx.paper.panels import panels_of
from wagidx.paper.protocol import CONTROLLED
from wagidx.paper.resampled import Resampled
from wagidx.report.claims import claims, slope_verdict
from wagidx.report.folder import write_folder
from wagidx.report.numbers import NONE, interval, number
from wagidx.report.study import study_report

LARGEST = 30_000_000


@pytest.fixture
def own(made_up: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(made_up, tmp_path / "own"))


def edited(path: Path, change: Callable[[Any], Any]) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(value)), encoding="utf-8")


def report(folder: Path) -> str:
    release = Release(folder)
    found = reproduce(release, resample="none")
    main = [panel for panel in panels_of(release) if panel.main]
    return study_report(found, release, main, {})


def rows(folder: Path) -> list[tuple[str, ...]]:
    return [claim.row for claim in claims(reproduce(folder, resample="none"), [])]


def test_the_report_opens_with_the_claims_and_closes_with_what_is_open(
    written: Path, parsed: Any
) -> None:
    page = parsed((written / "report.html").read_text(encoding="utf-8"))
    assert page.heads[1] == "The study's claims, and what concept-level analysis shows"
    assert page.heads[-1] == "What is not settled"
    assert page.rows[0] == [
        *("Claim", "Published", "Panels behind it", "Concept level: number (95 % interval)"),
        *("Permutation p", "Verdict", "Caveat"),
    ]


def test_what_made_a_section_is_the_command_that_was_run(
    made_up: Path, written: Path, parsed: Any
) -> None:
    page = parsed((written / "report.html").read_text(encoding="utf-8"))
    made = [one for one in page.text if one.startswith("wagidx ")]
    assert len(made) == len(page.heads) - 1  # all sections, without the contents
    assert {shlex.split(one)[2] for one in made} == {str(made_up)}
    assert made[0] == f"wagidx reproduce {made_up} -o DIR"  # curves are fitted for a report alone
    assert page.heads[-1] == "What is not settled" and made[-1] == made[0]


def test_a_command_in_the_report_has_the_folder_and_the_flags_that_were_given(
    own: Path, parsed: Any
) -> None:
    spaced = own.rename(own.with_name("a release"))
    release = Release(spaced)
    main = [panel for panel in panels_of(release) if panel.main]
    flags = ("--imagenet", "more accuracies.json", "--allow-missing")
    text = study_report(reproduce(release, resample="none"), release, main, {}, flags=flags)
    made = [one for one in parsed(text).text if one.startswith("wagidx ")]
    wanted = ["wagidx", "reproduce", str(spaced), *flags]
    assert all(shlex.split(one)[:6] == wanted for one in made)
    assert all(one.count("--imagenet") == one.count("--allow-missing") == 1 for one in made)


def test_the_page_asks_nobody_for_anything_and_is_not_large(written: Path, parsed: Any) -> None:
    path = written / "report.html"
    page = parsed(path.read_text(encoding="utf-8"))
    assert path.stat().st_size <= LARGEST
    assert page.named("script") == []
    assert len(page.named("img")) >= 5
    assert all(one.startswith(("#", "data:image/svg+xml;base64,")) for one in page.fetched())
    assert all(image["alt"] for image in page.named("img"))


def test_figures_that_would_make_it_large_stay_files(
    made_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parsed: Any
) -> None:
    from wagidx.report import folder

    monkeypatch.setattr(folder, "EMBEDDED", 200_000)
    release = Release(made_up)
    out = tmp_path / "out"
    folder.write_folder(reproduce(release, resample="none"), release, out)
    page = parsed((out / "report.html").read_text(encoding="utf-8"))
    drawn = len(list((out / "figures").glob("*.svg")))
    assert 0 < len(page.named("img")) < drawn
    assert any("Further figures" in part and "panels-zs" in part for part in page.text)
    assert (out / "report.html").stat().st_size < 400_000


ACCURACY = "Zero-shot accuracy rises with the log of a concept's frequency"
CHANGES = {
    "text": ("lemmatized", f"{ACCURACY} (text)"),
    "image": ("rampp0.7", f"{ACCURACY} (image tags)"),
    "joint": ("integrated_tlemmatized_i0.7", "Most concepts almost never occur"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_one_count_moves_the_claims_that_rest_on_it(own: Path, kind: str) -> None:
    suffix, claim = CHANGES[kind]
    before = {row[0]: row for row in rows(own)}
    path = own / "search_counts" / f"dtd_even_3m_{suffix}_search_counts.json"
    edited(path, lambda found: found | {"dtd_Thing 1": 10**9})
    after = {row[0]: row for row in rows(own)}
    assert after[claim] != before[claim]
    assert (
        after["Captions and images often share no concept"]
        == (before["Captions and images often share no concept"])
    )


def test_agreement_has_the_interval_of_names_drawn_again(own: Path) -> None:
    found = reproduce(own, resample="none")
    (pair,) = found.correlation.values()
    low, high = pair["integrated0.7"]["spearman_ci95"]
    said = next(one for one in claims(found, []) if one.claim.startswith("Concept frequencies"))
    assert f"({interval((low, high), 2)}; n " in said.concepts


SHARES = [
    ((0.70, 0.72), "Met: share of names above two thirds in 1 of 1 corpus, below in 0, above"),
    ((0.62, 0.72), "Met in part: share of names above two thirds in 0 of 1 corpus, below in 1"),
    ((0.62, 0.667), "Not met: share of names above two thirds in 0 of 1 corpus, below in 1, abo"),
    ((0.66, 0.67), "Not decided: share of names above two thirds in 0 of 1 corpus, below in "),
    ((None, 0.45), "Not met: share of rows above two thirds in 0 of 1 corpus, below in 1, above "),
]  # fmt: skip


@pytest.mark.parametrize(("shares", "verdict"), SHARES)
def test_the_published_share_is_what_the_tail_is_held_against(
    made_up_found: Reproduction, shares: tuple[float | None, float], verdict: str
) -> None:
    parts = {
        part: {"n": 3000, "frac_norm_lt": {"1e-4": share}}
        for part, share in zip(("dedup_zs17_ret", "rows_zs17"), shares)
        if share is not None
    }
    changed = replace(made_up_found, long_tail={"corpus|integrated0.7": parts})
    (said,) = (one for one in claims(changed, []) if one.claim.startswith("Most concepts"))
    assert said.verdict.startswith(verdict)
    assert said.published == "over two thirds"
    assert ("Of names: corpus" in said.concepts) == (shares[0] is not None)
    assert "Of rows: corpus" in said.concepts


def test_corpora_made_to_test_the_trend_are_in_no_row_but_their_own(tmp_path: Path) -> None:
    made_up_release.write_controlled(tmp_path)
    every = claims(reproduce(tmp_path, resample="none"), [])
    (control,) = (one for one in every if one.claim.startswith("The trend holds without"))
    assert "synthci30m" in control.panels and "laion200m" in control.panels
    others = [one for one in every if one is not control]
    assert any("laion400m" in one.panels for one in others)
    assert not any(name in " ".join(one.row) for one in others for name in CONTROLLED)


def test_what_summaries_get_wrong_is_named_and_counted(own: Path) -> None:
    before = {row[0]: row[3] for row in rows(own)}
    told = [claim for claim in before if claim.startswith("A summary:")]
    assert {"34 concepts", "text only", "16 configurations"} <= {
        " ".join(claim.strip("”").split()[-2:]) for claim in told
    }
    classes = next(own.glob("let_it_wag_datasets/**/*.txt"))
    classes.write_text(classes.read_text(encoding="utf-8") + "one more\n", encoding="utf-8")
    after = {row[0]: row[3] for row in rows(own)}
    assert [claim for claim in told if before[claim] != after[claim]] == [told[0]]


def test_every_curve_is_compared_on_names_and_on_datasets(made_up: Path, parsed: Any) -> None:
    table = [row for row in parsed(report(made_up)).rows if len(row) == 8 and row[1] in FORMS]
    assert len(table) % len(FORMS) == 0
    assert table
    for key, form, *_, gain, error, gain_sets, error_sets in table:
        known = [value != NONE for value in (gain, error, gain_sets, error_sets)]
        few = not key.startswith("zs")
        assert known == ([False] * 4 if form == "log-linear" else [True, True, not few, not few])


def test_zeros_stand_beside_floored_zeros_and_floored_are_the_panel(
    made_up: Path, parsed: Any
) -> None:
    release = Release(made_up)
    page = parsed(report(made_up))
    rules = {
        row[1]: row for row in page.rows if len(row) == 7 and row[0] == "RN50 on even_3m, class"
    }
    assert {rule.split()[0] for rule in rules} == {"a", "zeros", "log10", "as"}
    key = "zs|even_3m|RN50|integrated0.7|class|zs18"
    own = next(one for one in reproduce(release, resample="none").panels if one.key == key)
    floored = next(row for rule, row in rules.items() if rule.startswith("a count"))
    assert floored[3] == number(own.concept_slope_per_decade)
    assert floored[5] == number(own.within_slope_per_decade)
    dropped = rules["zeros excluded"]
    assert dropped[2] == str(own.concept_nonzero_n)
    assert dropped[3] == number(own.concept_nonzero_slope_per_decade)


def test_other_claims_move_with_their_files(own: Path) -> None:
    before = {row[0]: row for row in rows(own)}
    wag = own / "let_it_wag_datasets" / "evaluations" / "let_it_wag_ensemble_results.json"
    edited(wag, lambda found: {k: v | {"full": v["full"] / 2} for k, v in found.items()})
    edited(
        own / "misalignment_metrics" / "even_3m_misalignment_degree.json",
        lambda found: {name: value / 2 for name, value in found.items()},
    )
    edited(
        own / "retrieval_evaluations" / "coco_t2i_k=10_results.json",
        lambda found: {
            model: {"conceptwise": {name: 1 - s for name, s in one["conceptwise"].items()}}
            for model, one in found.items()
        },
    )
    after = {row[0]: row for row in rows(own)}
    moved = {claim for claim in before if before[claim] != after[claim]}
    assert {claim.split()[0] for claim in moved} >= {"Captions", "Models", "Retrieval"}
    assert not any(claim.startswith("Zero-shot") for claim in moved)


def test_hostile_names_are_shown_and_do_not_run(own: Path, parsed: Any) -> None:
    evil = "<script>alert('x')</script>"
    for path in (own / "search_counts").glob("dtd_*.json"):
        large = 10**8 if "rampp" in path.name else 0
        edited(path, partial(or_, {evil + "X": large}))
    for path in (own / "zero_shot_evaluations").glob("*.json"):
        edited(
            path, lambda found: {name.replace("RN50", "RN<b>50"): v for name, v in found.items()}
        )
    page = parsed(report(own))
    assert page.named("script") == page.named("b") == []
    assert any(evil in part for part in page.text)
    assert any("RN<b>50" in part for part in page.text)


PARTS = {
    "retrieval_evaluations": "Retrieval: no panel has all its files.",
    "zero_shot_evaluations": "Zero-shot classification: no panel has all its files.",
    "t2i_evaluations": "Text-to-image generation: no panel has all its files.",
    "misalignment_metrics": "Misalignment: its files are missing.",
    "let_it_wag_datasets": "Let It Wag! against ImageNet: its files are missing.",
}


@pytest.mark.parametrize("part", PARTS)
def test_a_release_without_a_part_gives_a_report_that_says_so(
    own: Path, part: str, parsed: Any
) -> None:
    assert PARTS[part] not in parsed(report(own)).text
    shutil.rmtree(own / part)
    page = parsed(report(own))
    assert PARTS[part] in page.text
    assert any(row[-2] == "Not tested here" for row in page.rows if len(row) == 7)
    assert page.heads[-1] == "What is not settled"


def test_a_release_of_counts_alone_gives_a_report(own: Path, parsed: Any) -> None:
    for part in PARTS:
        shutil.rmtree(own / part)
    assert set(PARTS.values()) <= set(parsed(report(own)).text)


def group(found: Reproduction, within: list[tuple[float, float] | None], q: float) -> Any:
    """As many panels with these intervals, and one adjusted p."""
    panel = next(one for one in found.panels if one.main and one.task == "zs")
    again = Resampled(0.5, 0.5, (0.1, 0.9), q, q, q, 2, None)
    return evidence(replace(panel, within_slope_ci95=ends, resampled=again) for ends in within)


VERDICTS = [
    ([(1.0, 2.0)] * 2, 0.01, "Supported within datasets; binned r distinguishable"),
    ([(1.0, 2.0), (-1.0, 1.0)], 0.2, "Supported within datasets in 1 of 2 panels; binn"),
    ([(-1.0, 1.0)], 0.01, "Not supported within datasets in any panel; binned r"),
    ([(-2.0, -1.0)], 0.2, "Not supported within datasets in any panel; the opposite in 1;"),
    ([None], 0.2, "Not decided within datasets: no interval; binned r not disti"),
    ([(1.0, 2.0), None], 0.05, "Supported within datasets in 1 of 2 panels (1 without an inter"),
]  # fmt: skip


@pytest.mark.parametrize(("within", "q", "verdict"), VERDICTS)
def test_verdicts_follow_from_the_numbers(
    made_up_found: Reproduction, within: list[Any], q: float, verdict: str
) -> None:
    assert slope_verdict(group(made_up_found, within, q)).startswith(verdict)


@pytest.fixture(scope="module")
def made_up_found(made_up: Path) -> Reproduction:
    return reproduce(made_up, resample="none")


def test_where_less_is_better_a_falling_score_is_the_claimed_side(
    made_up_found: Reproduction,
) -> None:
    panel = next(one for one in made_up_found.panels if one.variant == "exp_lpips")
    said = evidence([replace(panel, within_slope_ci95=(-2.0, -1.0))])
    assert said is not None
    assert (said.claimed, said.other) == (1, 0)


def test_metrics_that_stand_in_have_a_claim_each(own: Path) -> None:
    said = "Scores of generated images get better with the log of a concept's frequency (text)"
    (once,) = (row for row in rows(own) if row[0] == said)
    folder = own / "t2i_evaluations"
    shutil.copy(folder / "t2i_exp_lpips.json", folder / "t2i_max_uiqi.json")
    edited(folder / "t2i_max_uiqi.json", negated)
    lower, higher = (row for row in rows(own) if row[0].startswith(said))
    assert (lower[0], higher[0]) == (f"{said}, exp_lpips", f"{said}, max_uiqi")
    assert lower[1:] == once[1:]  # the other metric changes nothing about it
    assert higher[5] == lower[5]  # the same trend, told the other way round


def negated(value: Any) -> Any:
    """Scores with their signs turned, models and concepts as they are."""
    if isinstance(value, dict):
        return {key: negated(one) for key, one in value.items()}
    return [-one for one in value]


def test_traces_of_faults_are_found_where_they_were_planted(own: Path) -> None:
    base = own / "search_counts"
    planted = {
        "dtd_tiny5m_lemmatized": {
            **{"ball": 777, "golf-ball": 777, "rose": 3},
            **{"Old Ball": 0, "A320": 0},
        },
        "dtd_tiny5m_rampp0.7": {"Old Ball": 500, "A320": 600, "ball": 900, "rose": 900},
        "dtd_tiny5m_integrated_tlemmatized_i0.7": {"ball": 777},
        "cub_tiny5m_integrated_tlemmatized_i0.7": {"ball": 778},
    }
    for name, more in planted.items():
        path = base / f"{name}_search_counts.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | more))
    found = {one.fault: one for one in traces(Release(own)) if one.corpus == "tiny5m"}
    assert found["same as a word"].examples == ("golf-ball = ball: 777",)
    assert "Old Ball: 0 captions, 500 images" in found["capital"].examples
    assert found["digit"].examples[0] == "A320: 0 captions, 600 images"
    assert found["plain"].affected == 0
    assert found["differs"].examples == ("ball: 778 for cub, 777 for dtd",)


def test_bins_and_panels_are_tables_of_their_own(written: Path) -> None:
    panels = pq.read_table(written / "panels.parquet").to_pylist()
    said = json.loads((written / "reproduction.json").read_text(encoding="utf-8"))["panels"]
    assert {row["key"]: row["pearson_r"] for row in panels} == {
        key: one["pearson_r"] for key, one in said.items()
    }
    bins = pq.read_table(written / "panel_bins.parquet").to_pylist()
    for key, one in said.items():
        own = [row for row in bins if row["panel"] == key]
        assert [row["bin"] for row in own] == list(range(one["nb"]))
        assert sum(row["n"] for row in own) == one["n_rows"]
        assert sum(row["n"] for row in own if row["in_slice"]) == one["rows_in_slice"]


def test_a_bin_has_the_mean_and_spread_of_its_rows(made_up: Path, written: Path) -> None:
    key = "zs|tiny5m|RN50|text|class|zs17"
    rows = next(one for one in panels_of(Release(made_up)) if one.key == key).rows
    last, low = -1.0, 0.0
    for row in pq.read_table(written / "panel_bins.parquet").to_pylist():
        if row["panel"] != key:
            continue
        low, last = last, row["right_edge"]
        inside = [
            score
            for score, count in zip(rows.score, rows.count)
            if low * (1 + 1e-12) < max(count, 1) <= last * (1 + 1e-12)
        ]
        assert row["n"] == len(inside)
        if inside:
            mean = sum(inside) / len(inside)
            spread = (sum((one - mean) ** 2 for one in inside) / len(inside)) ** 0.5
            assert row["mean"] == pytest.approx(mean)
            assert row["std"] == pytest.approx(spread, abs=1e-9)


def test_the_folder_appears_whole_or_not_at_all(
    made_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wagidx.report import folder

    def fails(*_: Any) -> str:
        raise OSError("the disk is full")

    monkeypatch.setattr(folder, "study_report", fails)
    release = Release(made_up)
    with pytest.raises(OSError, match="disk is full"):
        folder.write_folder(reproduce(release, resample="none"), release, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_number_of_processes_changes_nothing(
    written: Path, made_up: Path, tmp_path: Path
) -> None:
    release = Release(made_up)
    write_folder(reproduce(release, processes=2), release, tmp_path / "out", processes=2)
    names = [path.relative_to(written) for path in written.rglob("*.*")]
    assert sorted(names) == sorted(
        p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*.*")
    )
    same = [name for name in names if name.suffix not in (".svg", ".html")]  # ids are random there
    assert any(name.suffix == ".png" for name in same)
    for name in same:
        assert (tmp_path / "out" / name).read_bytes() == (written / name).read_bytes(), name


def test_the_middle_slope_is_the_planted_one(made_up_found: Reproduction) -> None:
    said = evidence(
        one
        for one in made_up_found.panels
        if one.key.startswith("zs|even_3m|") and one.kind == "text" and one.variant == "class"
    )
    assert said is not None
    assert said.slope.slope == pytest.approx(made_up_release.SLOPE)
    assert said.claimed == said.known == len(said.panels)


@pytest.mark.slow
def test_the_report_on_the_released_files_is_whole_and_small(
    study: Path, tmp_path: Path, parsed: Any
) -> None:
    release = Release(study / "release")
    write_folder(reproduce(release), release, tmp_path / "out")
    path = tmp_path / "out" / "report.html"
    page = parsed(path.read_text(encoding="utf-8"))
    assert path.stat().st_size <= LARGEST
    claims = [row for row in page.rows if len(row) == 7][1:]
    tested = [row for row in claims if row[5] != "Not tested here"]
    assert len(claims) > len(tested) >= 15
    faults = {row[0] for row in page.rows if len(row) == 6}
    assert any(sign.startswith("A name with a digit") for sign in faults)
