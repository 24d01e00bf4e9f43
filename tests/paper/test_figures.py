"""What a figure of panels says stands beside its points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wagidx.paper import Release
from wagidx.paper.figures import panel_drawings
from wagidx.paper.panels import Panel, panels_of
from wagidx.paper.statistics import statistics


def figures_of(panels: list[Panel]) -> list[Any]:
    drawings = panel_drawings(panels, {one.key: statistics(one) for one in panels})
    return [one.figure() for one in drawings]


def test_the_legend_covers_no_panel_and_the_title_names_the_metric_once(
    made_up: Path,
) -> None:
    panels = [one for one in panels_of(Release(made_up)) if one.main and one.task == "t2i"]
    drawn = figures_of(panels)
    assert drawn
    for figure in drawn:
        (legend,) = figure.legends
        figure.draw_without_rendering()
        titles = [axes.title.get_window_extent().y1 for axes in figure.axes if axes.axison]
        assert legend.get_window_extent().y0 >= max(titles)
        assert all(axes.get_legend() is None for axes in figure.axes)
        assert figure.get_suptitle().count(panels[0].variant) == 1


def test_a_mark_of_any_panel_is_in_the_legend(
    made_up: Path,
) -> None:
    """An empty bin that counts as 0 is a cross, wherever on the sheet it is."""
    panels = [one for one in panels_of(Release(made_up)) if one.main]
    drawn = figures_of(panels)
    crossed = [
        figure
        for figure in drawn
        if any(line.get_marker() == "x" for axes in figure.axes for line in axes.lines)
    ]
    assert crossed
    for figure in drawn:
        said = {text.get_text() for text in figure.legends[0].get_texts()}
        assert ("bins without a row, taken for 0" in said) == (figure in crossed)
