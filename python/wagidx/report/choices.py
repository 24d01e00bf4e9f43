"""Sections on what the binned r depends on: choices of bins and rows, and newer files."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.analysis.concept import chance_corrected, zero_rules
from wagidx.analysis.sensitivity import Choice, sensitivity
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import recipe_of
from wagidx.paper.quoted import published_r
from wagidx.paper.reproduction import Reproduction
from wagidx.report.numbers import NONE, integer, interval, number, span
from wagidx.report.section import Section, Table

__all__ = ["legends_section", "sensitivity_section", "zeros_section"]

ROUNDING = 0.005 + 1e-9
"""A legend has two decimals, so what it was rounded from lies this near."""


def sensitivity_section(panels: Sequence[Panel]) -> Section:
    """How r moves when bins, slice or rows are others, for panels of joint counts."""
    wanted = [one for one in panels if one.kind == "integrated0.7" and one.task != "t2i"]
    columns = (
        *("Panel", "As in the study", "Rows", "Bins", "Other bins", "Other slices", "All bins"),
        *("Without one dataset", "Most influential dataset", "Non-zero counts"),
    )
    return Section(
        title="Sensitivity of the binned r to choices",
        text=(
            "The r of bin means depends on arbitrary choices. Each cell is the same r with one of "
            "them changed: the number of bins (7, 10, 12, 15 or 20), the slice of bins that is "
            "correlated, the datasets that are pooled, and whether concepts with a count of 0 are "
            "included. Cells give the minimum and maximum.",
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


ZEROS = {
    "floor": "a count of 0 as 1, as in the study",
    "indicator": "zeros with their own intercept",
    "drop": "zeros excluded",
    "offset": "log10 of count + 1",
}


def zeros_section(panels: Sequence[Panel]) -> Section:
    """What the slope owes to the rule for zeros, and to chance, for panels of joint counts."""
    wanted = [one for one in panels if one.kind == "integrated0.7" and one.task != "t2i"]
    columns = ("Panel", "Zeros", "Rows", "Pooled slope", "95 %, iid", "Within", "95 %, datasets")
    return Section(
        title="Sensitivity of the slope to zeros and to chance",
        text=(
            "A count of 0 has no logarithm, so each rule for it is a decision. If 0 counts as 1, "
            "the slope depends on the size of the corpus: if every count grew, the zeros would "
            "stay in place. Slopes are units of score (percent for zero-shot, a fraction for "
            "retrieval) per tenfold count. Above chance: (score − c) / (1 − c), where c is one "
            "over the number of classes in the dataset; its slope is a fraction. Intervals of "
            "pooled slopes assume independent rows, which they are not.",
        ),
        tables=(
            Table(
                "Slopes under each rule; counts of text and image together",
                columns,
                tuple(row for one in wanted for row in _zero_rows(one)),
                numbers_from=2,
            ),
        ),
        command="wagidx reproduce RELEASE -o DIR",
    )


def _zero_rows(panel: Panel) -> list[tuple[str, ...]]:
    name = f"{panel.model} on {panel.corpus}, {panel.variant}"
    rules = {one.rule: one for one in zero_rules(panel.rows)}
    rows: list[tuple[str, ...]] = [
        (
            *(name, words, integer(rules[rule].n), number(rules[rule].slope_per_decade)),
            *(interval(rules[rule].slope_ci95), number(rules[rule].within_slope_per_decade)),
            interval(rules[rule].within_slope_ci95),
        )
        for rule, words in ZEROS.items()
    ]
    classes = {d: int((panel.rows.dataset == d).sum()) for d in panel.rows.datasets}
    above = chance_corrected(panel.rows, classes) if panel.task == "zs" else None
    if above is not None:
        within = above.within
        rows.append(
            (
                *(name, "as 1; score above chance", integer(within.n)),
                *(number(above.slope_per_decade), interval(above.slope_ci95)),
                *(number(within.slope_per_decade), interval(within.slope_ci95)),
            )
        )
    return rows


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
            f"Of {len(known)} panels of this release with a known legend, {len(differing)} give a "
            "different r than the legend, which has two decimals. Counts released after a figure "
            "was drawn can give a different r than its legend.",
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
