"""Sections on what the published r depends on: choices of bins and rows, and newer files."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.analysis.sensitivity import Choice, sensitivity
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import recipe_of
from wagidx.paper.quoted import published_r
from wagidx.paper.reproduction import Reproduction
from wagidx.report.numbers import NONE, integer, number, span
from wagidx.report.section import Section, Table

__all__ = ["legends_section", "sensitivity_section"]

ROUNDING = 0.005 + 1e-9
"""A legend has two decimals, so what it was rounded from lies this near."""


def sensitivity_section(panels: Sequence[Panel]) -> Section:
    """How r moves when bins, slice or rows are others, for panels of joint counts."""
    wanted = [one for one in panels if one.kind == "integrated0.7" and one.task != "t2i"]
    columns = (
        *("Panel", "As published", "Rows", "Bins", "Other bins", "Other slices", "All bins"),
        *("Without one data set", "The one that moves it most", "Non-zero counts"),
    )
    return Section(
        title="How the published r moves with choices",
        text=(
            "The r of bin means depends on choices that could as well have been others. Each cell "
            "is the same r with one of them changed: the number of bins (7, 10, 12, 15 or 20), the "
            "slice of bins that is correlated, the data sets that are pooled, and whether concepts "
            "with a count of 0 are in. From its least to its greatest value.",
        ),
        tables=(
            Table(
                "r of bin means (no unit); counts of text and image together",
                columns,
                tuple(_row(one) for one in wanted),
            ),
        ),
        command="wagidx reproduce RELEASE -o DIR",
    )


def _row(panel: Panel) -> tuple[str, ...]:
    recipe = recipe_of(panel.task, panel.corpus)
    chosen, *others = sensitivity(panel.rows, recipe)
    whole = [one for one in others if one.rows == "all"]
    bins = [one for one in whole if one.slice == chosen.slice]
    slices = [one for one in whole if one.n_bins == chosen.n_bins]
    every = [one for one in slices if one.slice == (None, None)]
    without = [one for one in others if one.rows.startswith("without ")]
    nonzero = [one for one in others if one.rows == "non-zero"]
    most = max(without, key=lambda one: abs(one.pearson_r - chosen.pearson_r), default=None)
    return (
        f"{panel.model} on {panel.corpus}, {panel.variant}",
        *(number(chosen.pearson_r), integer(chosen.n_rows), str(chosen.n_points)),
        *(_span(bins), _span(slices)),
        *(_span(every), _span(without)),
        NONE if most is None else f"{most.rows}: {number(most.pearson_r)}",
        _span(nonzero),
    )


def _span(choices: Sequence[Choice]) -> str:
    return span((one.pearson_r for one in choices), digits=3)


def legends_section(found: Reproduction) -> Section:
    """Where the files no longer give what the figures' legends say."""
    known = [
        (one, legend)
        for one in found.panels
        if (legend := published_r(*one.key.split("|"))) is not None
    ]
    differing = [(one, legend) for one, legend in known if abs(one.pearson_r - legend) > ROUNDING]
    return Section(
        title="Where legends and released files differ",
        text=(
            f"Of {len(known)} panels of this release whose legend is known, {len(differing)} give "
            "another r than the legend, which has two decimals. Counts that were released after a "
            "figure was drawn give another r than its legend.",
        ),
        tables=(
            Table(
                "r of bin means (no unit)",
                ("Panel", "In the legend", "From the files", "Bins", "Rows"),
                tuple(
                    (
                        *(one.key, f"{legend:.2f}", f"{one.pearson_r:.3f}"),
                        *(str(one.n_points), integer(one.n_rows)),
                    )
                    for one, legend in differing
                ),
            ),
        )
        if differing
        else (),
        command="wagidx reproduce RELEASE --json",
    )
