"""What a figure of panels says stands beside its points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from wagidx.paper import Release, figures
from wagidx.paper.panels import panels_of
from wagidx.paper.statistics import statistics


def test_the_legend_covers_no_panel_and_the_title_names_the_metric_once(
    made_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(figures, "save", lambda figure, folder, name: drawn.append(figure))
    panels = [one for one in panels_of(Release(made_up)) if one.main and one.task == "t2i"]
    figures.draw_panels(panels, {one.key: statistics(one) for one in panels}, tmp_path)
    assert drawn
    for figure in drawn:
        (legend,) = figure.legends
        figure.draw_without_rendering()
        titles = [axes.title.get_window_extent().y1 for axes in figure.axes if axes.axison]
        assert legend.get_window_extent().y0 >= max(titles)
        assert all(axes.get_legend() is None for axes in figure.axes)
        assert figure.get_suptitle().count(panels[0].variant) == 1


def test_a_mark_of_any_panel_is_in_the_legend(
    made_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty bin that counts as 0 is a cross, wherever on the sheet it is."""
    drawn: list[Any] = []
    monkeypatch.setattr(figures, "save", lambda figure, folder, name: drawn.append(figure))
    panels = [one for one in panels_of(Release(made_up)) if one.main]
    figures.draw_panels(panels, {one.key: statistics(one) for one in panels}, tmp_path)
    crossed = [
        figure
        for figure in drawn
        if any(line.get_marker() == "x" for axes in figure.axes for line in axes.lines)
    ]
    assert crossed
    for figure in drawn:
        said = {text.get_text() for text in figure.legends[0].get_texts()}
        assert ("bins without a row, taken for 0" in said) == (figure in crossed)
