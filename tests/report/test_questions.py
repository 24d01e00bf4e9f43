"""The further questions as sections: every number with its rows, and no section without data."""

from __future__ import annotations

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
        assert "contain" in figure.alternative


def test_without_any_data_only_what_is_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "search_counts").mkdir()
    (only,) = question_sections(answered(Release(tmp_path), []))
    assert only.tables == ()
    assert any("this release lacks" in line for line in only.text)
