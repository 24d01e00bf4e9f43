"""Sections of the main panels, one per task: published and concept-level results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wagidx.paper.evidence import Slope
from wagidx.paper.quoted import published_r
from wagidx.paper.reproduction import Reproduction
from wagidx.paper.statistics import PanelStatistics
from wagidx.report.numbers import NONE, integer, interval, number, probability
from wagidx.report.section import Figure, Section, Table

__all__ = ["TASKS", "task_sections"]

TASKS = {
    "zs": "Zero-shot classification",
    "ret": "Retrieval",
    "t2i": "Text-to-image generation",
}
COLUMNS = (
    *("Corpus", "Model", "Counts", "r in the legend", "Binned r", "Bins"),
    *("r, dataset means removed", "Null mean r", "Null 95 %"),
    *("Permutation p", "Adjusted, BH", "Adjusted, BY", "Concept r", "Pooled slope", "95 %, names"),
    *("Slope within", "95 %", "Rows", "Zero counts"),
)
HOW = (
    "The binned r is the study's statistic: rows are grouped into bins of equal width in "
    "ln(count), some bins at the ends are dropped, and the remaining bin means are correlated. "
    "Next to it are the same r after subtracting each dataset's mean score, its permutation null "
    "(mean and middle 95 % with scores permuted within datasets 1,000 times), the share of "
    "permutations that reach it (one-sided; as low, for a metric where lower is better), and "
    "that p adjusted over the tested panels of the task (BH: Benjamini and Hochberg; BY: "
    "Benjamini and Yekutieli, valid under any dependence). ** marks the study's own p below .05, "
    "which treats a bin as an observation and decides nothing here.",
    "Concept r and the pooled slope use every row, a count of 0 as 1. Slopes are units of score "
    "per tenfold count. The slope within has an intercept for each dataset; its interval is "
    "clustered by dataset if there are at least 10, and otherwise a bootstrap over names.",
)


def task_sections(found: Reproduction, figures: Mapping[str, Sequence[Figure]]) -> list[Section]:
    """A section for each task that has a main panel; `figures` are by task."""
    sections = []
    for task, title in TASKS.items():
        main = [one for one in found.panels if one.main and one.task == task]
        if main:
            sections.append(_section(found, task, title, main, figures.get(task, ())))
    return sections


def _section(
    found: Reproduction,
    task: str,
    title: str,
    main: Sequence[PanelStatistics],
    figures: Sequence[Figure],
) -> Section:
    others = sum(one.task == task for one in found.panels) - len(main)
    text = HOW if task == next(iter(TASKS)) else ()
    families = {one.resampled.permutation_family for one in main if one.resampled is not None}
    more = [f"Adjusted p: over {family} panels of this task." for family in families if family]
    if others:
        more.append(
            f"{integer(others)} further panels of this task are in panels.csv and "
            "panels.parquet; --panel KEY prints one in full."
        )
    return Section(
        title=title,
        text=(*text, *more),
        tables=tuple(
            _table(title, variant, [one for one in main if one.variant == variant])
            for variant in dict.fromkeys(one.variant for one in main)
        ),
        figures=tuple(figures),
        command="wagidx reproduce RELEASE -o DIR",
    )


def _table(title: str, variant: str, panels: Sequence[PanelStatistics]) -> Table:
    caption = f"{title}: {variant}. Scores in {panels[0].unit}; slopes in that unit per decade"
    return Table(caption, COLUMNS, tuple(_row(one) for one in panels), numbers_from=3)


def _row(one: PanelStatistics) -> tuple[str, ...]:
    again, slope = one.resampled, Slope.of(one)
    legend = published_r(one.task, one.corpus, one.model, one.kind, one.variant, one.row_set)
    star = "**" if one.pearson_p < 0.05 else ""
    shuffled = (NONE,) * 7
    if again is not None:
        shuffled = (
            *(_r(again.pearson_r_within), _r(again.permutation_mean_r)),
            " to ".join(_r(end) for end in again.permutation_range95),
            probability(again.permutation_p),
            probability(again.permutation_q_bh),
            probability(again.permutation_q_by),
            interval(again.concept_slope_ci95_names),
        )
    return (
        *(one.corpus, one.model, one.kind, _r(legend), _r(one.pearson_r) + star),
        *(str(one.n_points), *shuffled[:6], _r(one.concept_pearson_r)),
        *(number(one.concept_slope_per_decade), shuffled[6]),
        *(number(slope.slope), interval(slope.ci95)),
        *(integer(one.n_rows), integer(one.n_zero_count)),
    )


def _r(value: float | None) -> str:
    return NONE if value is None or value != value else f"{round(value, 2) + 0.0:.2f}"
