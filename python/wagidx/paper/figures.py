"""The figures: panels with their cloud of concepts, and one for each table.

A panel shows what the study shows, the bin means and their line, over what it does not: every
concept as a point, and the regression through them. The colours are Okabe and Ito's, which are told
apart by every kind of colour vision, and what they mean is also told by shape.

Figures are made without pyplot, which keeps state of its own, and clouds are drawn as pixels even
in SVG: 4,000 marks as vectors would weigh a megabyte.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from wagidx.analysis.binned import binned_fit
from wagidx.analysis.prediction import straight_line
from wagidx.analysis.rows import Floats, Rows
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import MAIN_KINDS, ROW_SETS, recipe_of
from wagidx.paper.release import Release
from wagidx.paper.reproduction import Reproduction
from wagidx.paper.statistics import PanelStatistics
from wagidx.paper.tables import row_counts
from wagidx.plots import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    Drawn,
    bin_marks,
    drawn,
    new_figure,
)

__all__ = ["Drawing", "panel_drawings", "table_drawings"]

STYLES = ("-", "--", ":", "-.")
MODELS_A_PAGE = 6
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Axes = Any
Figure = Any


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn, in whatever process.

    Attributes
    ----------
    name : str
        Of its files, without their ending.
    figure : function
        Makes it.
    keys : tuple of str
        The panels that it shows.
    """

    name: str
    figure: Callable[[], Figure]
    keys: tuple[str, ...] = ()

    def drawn(self) -> Drawn:
        """Make it, and draw it."""
        return drawn(self.figure())


def panel_drawings(
    panels: Iterable[Panel], said: Mapping[str, PanelStatistics]
) -> Iterator[Drawing]:
    """Panels by task, corpus and variant: a row for each model, a column for each count."""
    chosen = sorted(panels, key=lambda panel: (*_page(panel), panel.model))
    for page, group in groupby(chosen, key=_page):
        rows = [list(row) for _, row in groupby(group, key=lambda panel: panel.model)]
        for start in range(0, len(rows), MODELS_A_PAGE):
            number = f"-{start // MODELS_A_PAGE + 1}" if len(rows) > MODELS_A_PAGE else ""
            name = "-".join(["panels", *(part for part in page if part)]) + number
            part = rows[start : start + MODELS_A_PAGE]
            keys = tuple(panel.key for row in part for panel in row)
            yield Drawing(name, partial(_sheet, part, {key: said[key] for key in keys}), keys)


def _page(panel: Panel) -> tuple[str, ...]:
    """What the panels of one figure have in common."""
    row_set = "" if panel.main else panel.row_set.replace(">", "_over_")
    return panel.task, panel.corpus, panel.variant, row_set


def _column(panel: Panel) -> tuple[int, str]:
    main = panel.kind in MAIN_KINDS
    return (MAIN_KINDS.index(panel.kind) if main else len(MAIN_KINDS)), panel.kind


def _sheet(rows: Sequence[Sequence[Panel]], said: Mapping[str, PanelStatistics]) -> Figure:
    kinds = sorted({_column(panel) for row in rows for panel in row})
    height = 2.9 * len(rows) + 0.6
    figure = new_figure(3.6 * len(kinds), height)
    figure.set_layout_engine("none")  # a layout that is measured takes longer than the drawing
    margins = {"left": 0.19 / len(kinds), "right": 0.99, "bottom": 0.45 / height}
    spaces = {"top": 1 - 0.85 / height, "wspace": 0.25, "hspace": 0.45}
    grid = figure.subplots(len(rows), len(kinds), squeeze=False, gridspec_kw=margins | spaces)
    for axes_row, row in zip(grid, rows):
        by_kind = {_column(panel): panel for panel in row}
        for axes, kind in zip(axes_row, kinds):
            if kind in by_kind:
                _panel(axes, by_kind[kind], said[by_kind[kind].key])
            else:
                axes.set_axis_off()
    under = {"loc": "upper center", "bbox_to_anchor": (0.5, 1 - 0.25 / height)}
    pairs = [zip(*axes.get_legend_handles_labels()) for axes in grid.flat]
    marks = {label: handle for some in pairs for handle, label in some}  # not all in every panel
    figure.legend(list(marks.values()), list(marks), fontsize=6, ncols=4, columnspacing=1, **under)
    first = rows[0][0]
    shown = first.unit if first.variant in first.unit else f"{first.unit} ({first.variant})"
    figure.suptitle(f"{first.corpus}: {shown} by concept frequency", size=10, y=1 - 0.05 / height)
    return figure


def _panel(axes: Axes, panel: Panel, said: PanelStatistics) -> None:
    """Cloud and regression, bins and their line."""
    rows = panel.rows
    fit = binned_fit(rows.count, rows.score, recipe_of(panel.task, panel.corpus))
    place = fit.bins.right_edge[fit.recipe.slice]
    axes.set_xscale("log")
    axes.plot(
        np.maximum(rows.count, 1.0), rows.score, ".", ms=2, color=GREY, alpha=0.35, rasterized=True
    )
    _regression(axes, rows)
    bin_marks(axes, fit.bins, fit.recipe.slice, color=BLUE, size=4)
    line = said.intercept + said.slope_per_decade * np.log10(place)
    axes.plot(place, line, "-", color=BLUE, lw=1)
    star = "**" if said.pearson_p < 0.05 else ""
    axes.set_title(
        f"{panel.model}, {panel.kind}\nbins r {said.pearson_r:.2f}{star} (n {said.n_points}), "
        f"concepts r {said.concept_pearson_r:.2f} (n {said.n_rows:,})",
        size=7,
        y=1.0,
    )
    axes.set_xlabel("occurrences of the concept (0 as 1)", size=7)
    axes.set_ylabel(panel.unit, size=7)
    # Where title and labels have a place, the ticks are not measured: a third of the time.
    axes.xaxis.set_label_coords(0.5, -0.13)
    axes.yaxis.set_label_coords(-0.15, 0.5)
    axes.tick_params(labelsize=6)
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(_power_of_ten)


def _power_of_ten(value: float, _: int) -> str:
    """As plain text: matplotlib would typeset each as a formula, which takes longer to draw."""
    return "10" + str(round(math.log10(value))).translate(SUPERSCRIPTS)


def _regression(axes: Axes, rows: Rows) -> None:
    """Least squares through all concepts, and the 95 % band of their mean score.

    The band assumes independent rows, as for any textbook line; rows of one dataset are not,
    so it is too narrow.
    """
    if len(rows) < 3 or np.ptp(rows.log10_count) == 0:
        return
    through = straight_line(rows)
    at = [through.at(count) for count in np.geomspace(1.0, max(rows.count.max(), 10.0), 40)]
    place = [one.count for one in at]
    low, high = zip(*(one.mean_ci95 for one in at))
    axes.fill_between(place, low, high, color=VERMILION, alpha=0.25, lw=0)
    fitted = [one.fitted for one in at]
    axes.plot(place, fitted, "--", color=VERMILION, lw=1.5, label="concept-level regression")


def table_drawings(release: Release, found: Reproduction) -> Iterator[Drawing]:
    """Long-tail curves, correlations, misalignment, and Let It Wag! against ImageNet."""
    if found.long_tail:
        yield Drawing("long-tail", partial(_tails, _counts(release)))
    if found.correlation:
        yield Drawing("correlation", partial(_heat_map, found.correlation))
    if found.misalignment:
        yield Drawing("misalignment", partial(_misaligned, found.misalignment))
    if found.let_it_wag.get("models"):
        yield Drawing("let-it-wag", partial(_wag, found.let_it_wag))


def _counts(release: Release) -> dict[str, dict[str, list[int]]]:
    """By main kind and corpus, those that are not all 0."""
    found = {
        kind: {corpus: row_counts(release, corpus, kind) for corpus in release.corpora}
        for kind in MAIN_KINDS
    }
    return {
        kind: {corpus: counts for corpus, counts in some.items() if counts and max(counts)}
        for kind, some in found.items()
    }


def _tails(found: Mapping[str, Mapping[str, Sequence[int]]]) -> Figure:
    """Counts by rank, as shares of the largest; zeros are said in the legend."""
    figure = new_figure(4.0 * len(found), 3.6)
    corpora = list(dict.fromkeys(corpus for some in found.values() for corpus in some))
    for axes, (kind, some) in zip(figure.subplots(1, len(found), squeeze=False)[0], found.items()):
        for corpus, counts in some.items():
            _tail(axes, corpus, np.sort(np.array(counts, np.float64))[::-1], corpora.index(corpus))
        axes.set(xscale="log", yscale="log", title=kind, xlabel="rank of the concept")
        axes.set_ylabel("count / largest count")
        if axes.lines:
            axes.legend(fontsize=7)
    figure.suptitle(
        f"Long tail: rows of the {len(ROW_SETS['zs17'])} classification datasets", size=10
    )
    return figure


def _tail(axes: Axes, corpus: str, values: Floats, number: int) -> None:
    held = values[values > 0]
    axes.plot(
        np.arange(1, len(held) + 1),
        held / held[0],
        STYLES[number % 4],
        color=(BLUE, VERMILION, GREEN, ORANGE, PURPLE)[number % 5],
        label=f"{corpus} ({100 * float((values == 0).mean()):.0f} % zero)",
    )


def _heat_map(table: Mapping[str, Any]) -> Figure:
    """Spearman's correlation of each two corpora and kind of count, as colour and number."""
    pairs = list(table)
    values = np.array(
        [[(table[p].get(k) or {}).get("spearman") or np.nan for k in MAIN_KINDS] for p in pairs]
    )
    figure = new_figure(5.2, 1.2 + 0.5 * len(pairs))
    axes = figure.subplots()
    image = axes.imshow(values, vmin=0, vmax=1, cmap="cividis", aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        ink = "black" if value > 0.6 else "white"
        axes.text(j, i, f"{value:.3f}", ha="center", va="center", color=ink, size=8)
    axes.set_xticks(range(len(MAIN_KINDS)), MAIN_KINDS, size=8)
    axes.set_yticks(range(len(pairs)), [p.replace("|", " and ") for p in pairs], size=8)
    axes.set_title("Agreement of concept frequencies (Spearman)", size=10)
    figure.colorbar(image)
    return figure


def _misaligned(table: Mapping[str, Any]) -> Figure:
    figure = new_figure(1.6 + 1.1 * len(table), 3.2)
    axes = figure.subplots()
    place = np.arange(len(table))
    parts = (
        ("degree_fixed", "of the corpus", BLUE, ""),
        ("degree_extracted", "of pairs with a concept", ORANGE, "//"),
    )
    for shift, (key, label, colour, hatch) in zip((-0.2, 0.2), parts):
        shares = [100 * one[key] for one in table.values()]
        bars = axes.bar(place + shift, shares, 0.38, color=colour, hatch=hatch, label=label)
        axes.bar_label(bars, fmt="%.1f", size=7)
    axes.set_xticks(place, list(table), size=8)
    axes.set_ylabel("misaligned pairs, % (lower bounds)", size=8)
    axes.set_ylim(top=1.3 * axes.get_ylim()[1])
    axes.legend(fontsize=7)
    return figure


def _wag(table: Mapping[str, Any]) -> Figure:
    """Accuracy on Let It Wag! over ImageNet's, the diagonal, and the two lines."""
    figure = new_figure(4.6, 4.2)
    axes = figure.subplots()
    corpora = sorted({name.split("|")[1] for name in table["models"]})
    for i, corpus in enumerate(corpora):
        points = np.array([p for n, p in table["models"].items() if n.split("|")[1] == corpus])
        colour = (BLUE, VERMILION, GREEN, ORANGE, PURPLE)[i % 5]
        axes.plot(points[:, 0], points[:, 1], "os^Dv"[i % 5], color=colour, label=corpus)
    axes.plot([0, 100], [0, 100], ":", color=GREY, label="equal accuracy")
    for part, ends in (("below50", (0.0, 50.0)), ("above50", (50.0, 100.0))):
        slope, intercept = table[f"slope_{part}"], table[f"intercept_{part}"]
        if slope is not None:
            x = np.array(ends)
            axes.plot(x, intercept + slope * x, "-", color=GREY, lw=1)
            label = f"slope {slope:.2f} (n {table[f'n_{part}']})"
            axes.annotate(label, (x.mean(), intercept + slope * x.mean()), size=7)
    axes.set(xlim=(0, 100), ylim=(0, 100), xlabel="ImageNet accuracy, %")
    axes.set_ylabel("Let It Wag! accuracy, %")
    axes.legend(fontsize=7)
    return figure
