"""How the slopes of datasets differ, and which frequency goes with a score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wagidx.paper.questions.spread import Spread
from wagidx.plots import BLUE, GREY
from wagidx.report.numbers import NONE, interval, number
from wagidx.report.questions.shared import (
    COMMAND,
    corpus_and_model,
    draw_intervals,
    drawn,
    name_rows,
    short_key,
    zero_axes,
)
from wagidx.report.section import Figure, Section, Table

__all__ = ["spread_section"]


def spread_section(found: Sequence[Spread]) -> Section:
    """What is said of each dataset by itself."""
    several = [one for one in found if one.heterogeneity.prediction95 is not None]
    held = sum(low <= 0 <= high for one in several for low, high in _known(one))
    asked = [(one, target) for one in found for target in one.targets]
    bounded = sum(target.bounded for _, target in asked)
    text = [
        "Each dataset has its own slope. tau2 is the variance of the true slopes, I2 the share of "
        "the observed variance that sampling error does not explain, and the prediction interval "
        "is where the slope of another dataset would lie. It averages over every tau2 compatible "
        "with the slopes, so it can be much wider than the tau2 shown (DerSimonian and Laird's) "
        "implies.",
    ]
    if several:
        text.append(
            f"The prediction interval contains 0 in {held} of {len(several)} models: another "
            "dataset may well show no trend, or a falling one."
        )
    text += _without_slopes(several)
    if asked:
        text.append(
            f"Of {len(asked)} requested scores, {bounded} have a bounded frequency. It is not "
            "bounded if an interval of the slope contains 0: the line's own, or the one clustered "
            "by dataset. These are associations over the given concepts, not effects of adding "
            "data."
        )
    return Section(
        title="How different are the datasets, and what frequency corresponds to a score?",
        text=tuple(text),
        tables=tuple(_spread_tables(several, found)),
        figures=_spread_figure(several),
        command=COMMAND,
    )


def _without_slopes(found: Sequence[Spread]) -> Iterable[str]:
    """Why a model has fewer slopes than its rows have datasets, once for all models of a corpus."""
    why: dict[tuple[str, str | None], dict[str, None]] = {}
    for one in found:
        for slope in one.heterogeneity.datasets:
            if slope.slope_per_decade is None:
                why.setdefault((slope.dataset, slope.note), {})[one.key.split("|")[1]] = None
    for (dataset, note), corpora in why.items():
        yield (
            f"{dataset} has no slope of its own with counts of {', '.join(corpora)}: {note}. Its "
            "rows are among those of the table, and it is not among the datasets."
        )


def _known(one: Spread) -> list[tuple[float, float]]:
    interval = one.heterogeneity.prediction95
    return [] if interval is None else [interval]


def _spread_tables(several: Sequence[Spread], found: Sequence[Spread]) -> Iterable[Table]:
    if several:
        yield Table(
            "Slopes of datasets (points of accuracy per tenfold joint count): their mean, "
            "variance and prediction interval.",
            ("corpus and model", "datasets", "rows", "mean", "95 %", "tau2", "I2", "prediction"),
            tuple(
                (
                    *(corpus_and_model(one.key), str(one.heterogeneity.k), f"{one.n:,}"),
                    *(number(one.heterogeneity.mean), interval(one.heterogeneity.mean_ci95)),
                    number(one.heterogeneity.tau2),
                    NONE if one.heterogeneity.i2 is None else f"{100 * one.heterogeneity.i2:.0f} %",
                    interval(one.heterogeneity.prediction95),
                )
                for one in several
            ),
        )
    rows = tuple(row for one in found for row in _target_rows(one))
    if rows:
        yield Table(
            "Joint count that corresponds to a score (percent for zs, fraction for ret) on the "
            "line through all rows; the interval assumes independent rows.",
            ("task, corpus and model", "rows", "score", "count", "95 %", "note"),
            rows,
        )


def _target_rows(one: Spread) -> Iterable[tuple[str, ...]]:
    for target in one.targets:
        needed = target.needed
        there = target.bounded and needed.count is not None
        note = "outside the data" if there and needed.outside_data else ""
        ends = NONE if needed.count_ci95 is None else " to ".join(map(_count, needed.count_ci95))
        yield (
            *(short_key(one.key), f"{one.n:,}", number(needed.score)),
            "not bounded" if not target.bounded else _count(needed.count),
            ends if there else NONE,
            note,
        )


def _spread_figure(several: Sequence[Spread]) -> tuple[Figure, ...]:
    if not several:
        return ()
    figure, axes = zero_axes(0.3 * len(several) + 1.2)
    places = [-float(i) for i in range(len(several))]
    for place, one in zip(places, several):
        slopes = [s.slope_per_decade for s in one.heterogeneity.datasets]
        known = [slope for slope in slopes if slope is not None]
        axes.plot(known, [place] * len(known), "|", color=GREY, ms=7)
        low, high = _known(one)[0]
        axes.plot([low, high], [place, place], ":", color=BLUE, lw=1.5)
    means = [(one.heterogeneity.mean or 0.0, one.heterogeneity.mean_ci95) for one in several]
    draw_intervals(axes, places, means, BLUE, "o", "mean, 95 % (dotted: prediction)")
    axes.set_xlabel("slope of a dataset (grey), points of accuracy per tenfold count")
    name_rows(axes, [corpus_and_model(one.key) for one in several])
    said = "Slopes of single datasets, their mean, and the prediction interval of a new dataset."
    held = sum(low <= 0 <= high for one in several for low, high in _known(one))
    heard = f"The prediction interval contains 0 in {held} of {len(several)} models."
    return (drawn(figure, said, heard),)


def _count(value: float | None) -> str:
    if value is None:
        return "too large to represent"
    if value < 1:
        return "below 1"
    return f"{value:,.0f}" if value < 1e7 else f"{value:.1e}"
