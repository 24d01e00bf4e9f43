"""A release made up so that what must come out is known, and releases that are damaged."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_up_release
import pytest
from wagidx import SourceError, tail
from wagidx.paper import Release, Reproduction, reproduce
from wagidx.paper.files import CountFile, count_file
from wagidx.paper.panels import panels_of
from wagidx.paper.protocol import corpus_order
from wagidx.paper.tables import REFITS, concept_counts


@pytest.fixture(scope="module")
def found(made_up: Path) -> Reproduction:
    return reproduce(made_up, resample="none")


@pytest.fixture
def own(made_up: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(made_up, tmp_path / "own"))


def edited(path: Path, change: Callable[[Any], Any]) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(value)), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("cub_cc3m_lemmatized", CountFile("cub", "cc3m", "text")),
        ("coco_laion_aesthetics_lowercased", CountFile("coco", "laion_aesthetics", "lower")),
        ("imagenet-r_a_b_c_rampp0.55", CountFile("imagenet-r", "a_b_c", "image0.55")),
        ("t2i_x_integrated_tlemmatized_i0.7", CountFile("t2i", "x", "integrated0.7")),
    ],
)
def test_a_count_file_is_known_by_its_name(made_up: Path, name: str, parts: CountFile) -> None:
    whole = f"{name}_search_counts.json"
    assert count_file(whole) == parts
    assert Release(made_up).count_path(parts).name == whole


def test_corpora_and_models_are_read_from_the_files(found: Reproduction) -> None:
    assert {panel.corpus for panel in found.panels} == {"even_3m", "tiny5m", "drawn_9m"}
    assert {panel.model for panel in found.panels} == {"RN50", "ViT-B-32", "painter", "drawer"}
    assert {panel.variant for panel in found.panels if panel.task == "zs"} == {"class", "ensemble"}


def test_a_planted_slope_comes_out(found: Reproduction) -> None:
    panels = {panel.key: panel for panel in found.panels}
    planted = panels["zs|even_3m|RN50|text|class|zs17"]
    assert math.isclose(planted.concept_slope_per_decade, made_up_release.SLOPE)
    assert math.isclose(planted.concept_pearson_r, 1.0)
    assert math.isclose(planted.concept_intercept, 20.0)
    recall = panels["ret|even_3m|ViT-B-32|text|t2i_k=10"]
    assert math.isclose(recall.concept_slope_per_decade, made_up_release.SLOPE / 100)
    assert panels["zs|tiny5m|RN50|text|class|zs17"].concept_pearson_r < 0.99


def test_a_metric_stands_in_for_the_main_one_and_says_that_less_is_better(
    found: Reproduction,
) -> None:
    drawn = [panel for panel in found.panels if panel.task == "t2i" and panel.main]
    assert {panel.variant for panel in drawn} == {"exp_lpips"}
    assert all("lower is better" in panel.unit for panel in drawn)


def test_concepts_need_more_prompts_than_the_key_says(made_up: Path) -> None:
    rows = {p.row_set: p.rows for p in panels_of(Release(made_up)) if p.task == "t2i"}
    assert len(rows["min_samples>0"]) == 11
    assert set(rows["min_samples>5"].concept) == {f"prompted {i}" for i in range(6, 12)}


def test_airplanes_are_joined_under_one_name(own: Path) -> None:
    scores = own / "zero_shot_evaluations" / "cifar10_class_results.json"
    counts = own / "search_counts" / "cifar10_even_3m_lemmatized_search_counts.json"

    def named(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return lambda found: {name if k == "cifar10_Thing 0" else k: v for k, v in found.items()}

    edited(counts, named("airplane"))
    rename = named("plane")
    edited(
        scores, lambda all_: {m: v | {"classwise": rename(v["classwise"])} for m, v in all_.items()}
    )
    panel = reproduce(own, panel="zs|even_3m|RN50|text|class|zs17").panels[0]
    assert panel.n_rows == 17 * made_up_release.CLASSES


def test_more_imagenet_accuracies_come_from_a_file(
    found: Reproduction, made_up: Path, tmp_path: Path
) -> None:
    without = found.let_it_wag
    assert without["models_without_imagenet"] == ["RN101|even_3m", "RN101|tiny5m"]
    more = tmp_path / "imagenet.json"
    more.write_text('{"backboneRN101_pretrainedeven_3m": {"full": 61.0}, "RN101|tiny5m": 63}')
    table = reproduce(made_up, imagenet=more, resample="none").let_it_wag
    assert table["models_without_imagenet"] == []
    assert table["models"]["RN101|even_3m"] == [61.0, 22.0]
    assert (table["n_above50"], table["slope_above50"]) == (2, None)


def test_no_line_is_put_through_fewer_than_five_models(made_up: Path, tmp_path: Path) -> None:
    scored = reproduce(made_up, resample="none").let_it_wag
    names = [*scored["models"], *scored["models_without_imagenet"]]
    more = tmp_path / "imagenet.json"
    for below in (4, 5):
        places = {name: 10.0 + i if i < below else 90.0 for i, name in enumerate(names)}
        more.write_text(json.dumps(places))
        found = reproduce(made_up, imagenet=more, resample="none").let_it_wag
        assert found["n_below50"] == below
        assert (found["slope_below50"] is None) == (found["intercept_below50"] is None)
        assert (found["slope_below50"] is not None) == (below == 5)


def test_corpora_stand_in_the_order_of_their_sizes() -> None:
    corpora = ["laion_aesthetics", "laion400m", "laion2b", "yfcc15m", "cc3m", "cc12m"]
    ordered = ["cc3m", "cc12m", "yfcc15m", "laion400m", "laion2b", "laion_aesthetics"]
    assert sorted(corpora, key=corpus_order) == ordered


COUNTS = "search_counts/dtd_tiny5m_lemmatized_search_counts.json"
SCORES = "zero_shot_evaluations/dtd_class_results.json"


def test_a_panel_without_a_file_is_named_and_not_made(own: Path) -> None:
    (own / COUNTS).unlink()
    (own / "retrieval_evaluations" / "flickr_t2i_k=10_results.json").unlink()
    found = reproduce(own, resample="none")
    lacking = {one.name: one.lacking for one in found.missing}
    assert lacking["zs|tiny5m|text|zs17"] == (Path(COUNTS).name,)
    assert lacking["ret|even_3m|text|t2i_k=10"] == ("flickr_t2i_k=10_results.json",)
    keys = {panel.key for panel in found.panels}
    assert "zs|tiny5m|RN50|text|class|zs17" not in keys
    assert "zs|even_3m|RN50|text|class|zs17" in keys


def test_a_model_that_one_dataset_lacks_is_named(own: Path) -> None:
    def less(found: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in found.items() if "RN50_pretrainedtiny" not in name}

    edited(own / SCORES, less)
    lacking = {one.name: one.lacking for one in reproduce(own, resample="none").missing}
    assert lacking["zs|tiny5m|text|zs17|class"] == ("dtd_class_results.json (without RN50)",)


def _nan(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('dtd_Thing 1": ', 'dtd_Thing 1": NaN, "was": ', 1), "utf-8")


def _endless(path: Path) -> None:
    """A number that JSON can hold and a float cannot."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('dtd_Thing 1": ', f'dtd_Thing 1": 1{"0" * 400}, "was": ', 1))


DAMAGES: dict[str, tuple[str, Callable[[Path], Any], str]] = {
    "cut": (SCORES, lambda path: path.write_text(path.read_text()[:-40]), "truncated or not JSON"),
    "empty": (COUNTS, lambda path: path.write_text(""), "truncated or not JSON"),
    "bytes": (COUNTS, lambda path: path.write_bytes(b'{"a\xff": 1}'), "truncated or not JSON"),
    "nested": (COUNTS, lambda path: path.write_text("[" * 100_000), "truncated or not JSON"),
    "a list": (COUNTS, lambda path: path.write_text("[1, 2]"), "not a JSON object"),
    "a NaN count": (COUNTS, _nan, "'dtd_Thing 1' is nan"),
    "a NaN score": (SCORES, _nan, "'dtd_Thing 1' is nan"),
    "an endless count": (COUNTS, _endless, "'dtd_Thing 1' is beyond 2^53"),
    "an endless score": (SCORES, _endless, "which is not a finite number"),
    "a count below 0": (COUNTS, lambda path: path.write_text('{"a": -1}'), "'a' is -1"),
    "half a count": (COUNTS, lambda path: path.write_text('{"a": 1.5}'), "'a' is 1.5"),
    "a true count": (COUNTS, lambda path: path.write_text('{"a": true}'), "'a' is True"),
    "a name twice": (COUNTS, lambda path: path.write_text('{"a": 1, "a": 2}'), "'a' twice"),
    "text for scores": (SCORES, lambda path: path.write_text('{"x": "y"}'), "not named backbone"),
    "no classes": (
        SCORES,
        lambda path: path.write_text('{"backboneA_pretrainedtiny5m": {}}'),
        "is not a JSON object",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_one_line_that_names_it(own: Path, damage: str) -> None:
    name, harm, said = DAMAGES[damage]
    harm(own / name)
    with pytest.raises(SourceError) as caught:
        reproduce(own, resample="none")
    message = str(caught.value)
    assert str(own / name) in message
    assert said in message
    assert "\n" not in message


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no folder search_counts"):
        Release(tmp_path)


def test_an_unknown_panel_is_refused(made_up: Path) -> None:
    with pytest.raises(SourceError, match="has no panel 'zs"):
        reproduce(made_up, panel="zs|nothing")


def test_pickles_are_never_opened(own: Path) -> None:
    (own / "search_counts" / "dtd_tiny5m_lemmatized_search_counts.pkl").write_bytes(b"\x80evil")
    (own / "zero_shot_evaluations" / "rename.py").write_text("raise SystemExit(1)")
    assert (
        len(reproduce(own, resample="none").panels)
        == len(reproduce(own, resample="none").to_json()["panels"])
        > 0
    )


def test_tail_laws_are_those_of_the_distinct_names(reproduced: Reproduction, made_up: Path) -> None:
    release = Release(made_up)
    assert reproduced.tail_laws is not None
    assert any(law is not None for law in reproduced.tail_laws.values())
    for name, law in reproduced.tail_laws.items():
        counts = concept_counts(release, *name.split("|"), normalise=True)
        assert counts is not None
        assert law == tail(counts, refits=REFITS).law


def test_tail_laws_are_left_out_where_nothing_is_resampled(
    found: Reproduction, reproduced: Reproduction
) -> None:
    assert found.to_json()["tail_laws"] is None
    laws = reproduced.to_json()["tail_laws"]
    assert laws.keys() == reproduced.long_tail.keys()
    assert {"xmin", "alpha", "alpha_ci95", "p"} <= next(law for law in laws.values() if law).keys()
