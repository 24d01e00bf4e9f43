"""The further questions, asked of a made-up release in which the answers are known."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import made_up_release
import numpy as np
import pytest
from wagidx.analysis.rows import Rows
from wagidx.paper import Release, Reproduction, reproduce
from wagidx.paper.panels import panels_of
from wagidx.paper.protocol import CONTROLS
from wagidx.paper.questions import Questions, answered, concerns
from wagidx.paper.questions.aligned import aligned

FILTERED, SYNTHETIC = (control.corpus for control in CONTROLS)


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("controlled")
    made_up_release.write_controlled(folder)
    return folder


@pytest.fixture(scope="module")
def found(controlled: Path) -> Questions:
    return asked(controlled)


@pytest.fixture
def own(controlled: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(controlled, tmp_path / "own"))


def asked(folder: Path) -> Questions:
    release = Release(folder)
    return answered(release, [panel for panel in panels_of(release) if concerns(panel)])


def test_controlled_corpora_stand_against_their_originals_alone(found: Questions) -> None:
    pairs = {
        (one.control.corpus, one.original.corpus, one.key.split("|")[3]) for one in found.controls
    }
    kinds = ("text", "image0.7", "integrated0.7")
    assert pairs == {(FILTERED, "laion400m", "image0.7")} | {
        (SYNTHETIC, "laion400m", kind) for kind in kinds
    }
    assert found.missing_controls == {}


def test_a_planted_difference_of_slopes_comes_out(found: Questions) -> None:
    planted = made_up_release.CONTROLLED
    for one in found.controls:
        wanted = planted[one.control.corpus] - planted["laion400m"]
        assert one.slope_difference == pytest.approx(wanted, rel=0.2)
        assert one.difference_ci95_names is not None
        assert one.difference_ci95_names[1] < 0
        own, original = one.control.within_slope, one.original.within_slope
        assert one.slope_difference == pytest.approx(own - original)
        assert one.n == 18 * made_up_release.CLASSES or "text" in one.key


def test_what_controlled_corpora_lack_is_named(own: Path) -> None:
    for path in (own / "search_counts").glob(f"*_{SYNTHETIC}_*"):
        path.unlink()
    lacked = f"dtd_{FILTERED}_rampp0.7_search_counts.json"
    (own / "search_counts" / lacked).unlink()
    found = asked(own)
    assert found.controls == []
    assert found.missing_controls == {
        FILTERED: [lacked],
        SYNTHETIC: [f"search_counts/*_{SYNTHETIC}_*_search_counts.json"],
    }


def test_a_control_that_is_compared_is_not_called_missing(own: Path) -> None:
    lacked = f"dtd_{SYNTHETIC}_rampp0.7_search_counts.json"
    (own / "search_counts" / lacked).unlink()
    found = asked(own)
    kinds = {one.key.split("|")[3] for one in found.controls if one.control.corpus == SYNTHETIC}
    assert kinds == {"text", "integrated0.7"}
    assert found.missing_controls == {}
    assert found.partial_controls == {SYNTHETIC: [lacked]}


def test_a_control_without_an_original_is_told_though_it_lacks_no_file(own: Path) -> None:
    for path in (own / "search_counts").glob("*_laion400m_*"):
        path.unlink()
    assert asked(own).missing_controls == {FILTERED: [], SYNTHETIC: []}


def test_each_model_is_asked_on_the_rows_of_17_datasets(found: Questions) -> None:
    assert {one.key for one in found.extra} == {
        f"zs|{corpus}|{model}|class|zs17"
        for corpus in ("laion400m", SYNTHETIC)
        for model in made_up_release.MODELS
    }
    for one in found.extra:
        assert one.n == 17 * made_up_release.CLASSES
        assert all(part.nested.wald.p is not None for part in one.predictors)
        assert all(part.n_negative == 0 for part in one.predictors)


def test_models_that_differ_by_a_constant_have_one_slope(found: Questions) -> None:
    for one in found.scale:
        (pair,) = one.differences
        assert pair.slope.slope == pytest.approx(0, abs=1e-9)
        assert pair.slope.logit_slope != pytest.approx(0, abs=1e-9)
        assert one.trend is None
        assert one.note == "2 models; a line through them needs at least 5"


def test_imagenet_sketch_brings_its_rows_and_nothing_else(found: Questions) -> None:
    assert len(found.sketch) == 4
    for one in found.sketch:
        gained = one.with_sketch.n - one.without_sketch.n
        assert (gained, one.with_sketch.datasets) == (made_up_release.CLASSES, 18)
        assert one.slope_difference == one.with_sketch.slope - one.without_sketch.slope
        assert one.difference_ci95_names is not None


def test_a_score_is_bounded_only_where_both_intervals_say_so(found: Questions) -> None:
    for one in found.spread:
        assert one.within_ci95_datasets is not None
        apart = one.within_ci95_datasets[0] > 0
        assert all(target.bounded == (target.needed.bounded and apart) for target in one.targets)
        assert [target.needed.score for target in one.targets] == [50.0, 75.0, 90.0]


def test_one_count_moves_what_is_found(own: Path, found: Questions) -> None:
    name = "dtd_laion400m_integrated_tlemmatized_i0.7_search_counts.json"
    path = own / "search_counts" / name
    counts = json.loads(path.read_text(encoding="utf-8"))
    concept = max(counts, key=counts.__getitem__)
    counts[concept] //= 7
    path.write_text(json.dumps(counts), encoding="utf-8")
    before, after = found.to_json(), asked(own).to_json()
    for part in ("extra", "sketch", "spread", "scale"):
        moved = {key for key in before[part] if before[part][key] != after[part][key]}
        assert moved == {key for key in before[part] if "|laion400m|" in key}


def test_rows_are_put_side_by_side_by_dataset_and_concept() -> None:
    first = Rows.of([1, 2, 3], [10, 20, 30], ["a", "b", "a"], ["x", "x", "y"])
    second = Rows.of([7, 8, 9], [70, 80, 90], ["a", "c", "a"], ["y", "x", "x"])
    one, other = aligned([first, second])
    assert one.concept.tolist() == other.concept.tolist() == ["a", "a"]
    assert one.dataset.tolist() == other.dataset.tolist() == ["x", "y"]
    assert one.count.tolist() == [1, 3]
    assert other.count.tolist() == [9, 7]


def test_joint_counts_larger_than_their_whole_are_told(own: Path) -> None:
    name = "dtd_laion400m_lemmatized_search_counts.json"
    path = own / "search_counts" / name
    counts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict.fromkeys(counts, 1)), encoding="utf-8")
    extra = next(one for one in asked(own).extra if "|laion400m|" in one.key)
    told = {part.name: part.n_negative for part in extra.predictors}
    assert told["text_only"] == told["joint_per_text"] > 0
    assert told["image_only"] == 0


def test_a_single_panel_or_no_resampling_asks_nothing(controlled: Path) -> None:
    key = "zs|laion400m|RN50|text|class|zs17"
    assert reproduce(controlled, panel=key).questions is None
    assert reproduce(controlled, resample="none").questions is None


def test_scores_that_lie_on_a_line_or_few_datasets_break_nothing(reproduced: Reproduction) -> None:
    """A release with retrieval and generation, one corpus of which has no error at all."""
    assert reproduced.questions is not None
    told = json.dumps(reproduced.to_json()["questions"], allow_nan=False)
    assert "2 datasets; a clustered test needs at least 10" in told
    assert reproduced.questions.missing_controls.keys() == {FILTERED, SYNTHETIC}


def test_the_study_s_release_is_asked(study: Path) -> None:
    found = asked(study / "release")
    tested = [
        part for one in found.extra for part in one.predictors if part.nested.wald.p is not None
    ]
    assert len(tested) == 4 * 8
    assert all(np.isfinite(part.nested.wald.p or np.nan) for part in tested)
    assert all(part.n_negative == 0 for part in tested)
    assert len(found.sketch) == 8
    assert {one.note for one in found.scale} >= {"3 models; a line through them needs at least 5"}
    assert found.missing_controls.keys() == {FILTERED, SYNTHETIC}
