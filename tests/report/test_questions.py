"""The further questions as sections: every number with its rows, and no section without data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import made_up_release
import pytest
from wagidx.paper import Release
from wagidx.paper.panels import panels_of
from wagidx.paper.questions import Questions, answered, concerns
from wagidx.report.numbers import number
from wagidx.report.questions import question_sections


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Questions:
    folder = tmp_path_factory.mktemp("controlled")
    made_up_release.write_controlled(folder)
    release = Release(folder)
    return answered(release, [panel for panel in panels_of(release) if concerns(panel)])


def test_each_question_has_a_section_with_its_rows(found: Questions) -> None:
    sections = question_sections(found)
    assert len(sections) == 5
    extra, scale, sketch, spread, controls = sections
    assert len(extra.tables[0].rows) == 4 * len(found.extra)
    assert [len(table.rows) for table in scale.tables] == [4, 2]
    assert len(sketch.tables[0].rows) == 2 * len(found.sketch)
    assert len(spread.tables[1].rows) == 3 * len(found.spread)
    assert len(controls.tables[0].rows) == 2 * len(found.controls)
    assert all(section.command for section in sections)


def test_numbers_in_tables_are_those_that_were_computed(found: Questions) -> None:
    extra = question_sections(found)[0]
    first = found.extra[0].predictors[0].nested
    assert first.slope is not None
    assert first.wald.p is not None
    row = extra.tables[0].rows[0]
    assert row[2:4] == (f"{first.n:,}", number(first.slope))
    assert row[5] == f"{first.wald.p:.4f}"


def test_figures_are_whole_svg_and_say_in_words_what_they_show(found: Questions) -> None:
    figures = [figure for section in question_sections(found) for figure in section.figures]
    assert len(figures) == 2
    for figure in figures:
        assert ElementTree.fromstring(figure.svg).tag.endswith("svg")
    sides, prediction = (figure.alternative for figure in figures)
    said = [int(n) for n in re.findall(r"(\d+) (?:intervals above|below|contain)", sides)]
    assert len(said) == 6 and sum(said[:3]) == sum(said[3:]) > 0
    known = [one.heterogeneity.prediction95 for one in found.spread]
    ends = [pair for pair in known if pair is not None]
    held = sum(low <= 0 <= high for low, high in ends)
    assert prediction == f"The prediction interval contains 0 in {held} of {len(ends)} models."


def test_without_any_data_only_what_is_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "search_counts").mkdir()
    (only,) = question_sections(answered(Release(tmp_path), []))
    assert only.tables == ()
    assert any("this release lacks" in line for line in only.text)


def test_a_control_that_is_compared_is_said_to_lack_only_what_it_lacks(found: Questions) -> None:
    partly = replace(found, partial_controls={"synthci30m": ["a.json", "b.json"]})
    said = question_sections(partly)[-1].text
    assert (
        "synthci30m: compared as far as its files allow; this release also lacks a.json, b.json."
        in said
    )
    assert not any("no comparison" in line for line in said)
    alone = question_sections(replace(found, missing_controls={"synthci30m": []}))[-1].text
    assert "synthci30m: no comparison is possible: no other corpus has the same" in alone[-1]


def test_scores_of_different_units_stand_in_tables_of_their_own(found: Questions) -> None:
    first = found.controls[0]
    recall = replace(first, key="ret|synthci30m|RN50|text|t2i_k=10", unit="recall, fraction")
    tables = question_sections(replace(found, controls=[*found.controls, recall]))[-1].tables
    accuracy, fraction = tables
    assert "accuracy, %" in accuracy.caption and "recall, fraction" in fraction.caption
    assert len(accuracy.rows) == 2 * len(found.controls)
    assert [row[0] for row in fraction.rows] == ["t2i_k=10, text, RN50"] * 2


def test_a_dataset_without_a_slope_of_its_own_is_named_with_the_reason(tmp_path: Path) -> None:
    made_up_release.write_controlled(tmp_path)
    name = "stanfordcars_laion400m_integrated_tlemmatized_i0.7_search_counts.json"
    path = tmp_path / "search_counts" / name
    counts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict.fromkeys(counts, 0)), encoding="utf-8")
    release = Release(tmp_path)
    panels = [panel for panel in panels_of(release) if concerns(panel)]
    (spread,) = (
        one for one in question_sections(answered(release, panels)) if "How different" in one.title
    )
    sets = {row[0]: row[1] for row in spread.tables[0].rows}
    assert sets["laion400m RN50"] == "17" and sets["synthci30m RN50"] == "18"
    said = [line for line in spread.text if line.startswith("stanfordcars has no slope of its own")]
    assert len(said) == 1
    assert "with counts of laion400m: the frequencies do not vary" in said[0]
