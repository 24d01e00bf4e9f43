"""Slopes with and without ImageNet-Sketch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wagidx.paper.questions.sketch import Pooled, Sketch
from wagidx.report.numbers import interval, number
from wagidx.report.questions.shared import (
    COMMAND,
    corpus_and_model,
    correlation_text,
)
from wagidx.report.section import Section, Table

__all__ = ["sketch_section"]


def sketch_section(found: Sequence[Sketch]) -> Section:
    """What is said of ImageNet-Sketch."""
    fell = sum(one.without_sketch.pearson_r < one.with_sketch.pearson_r for one in found)
    return Section(
        title="With and without ImageNet-Sketch",
        text=(
            "The study's joint figures pool 18 datasets. ImageNet-Sketch repeats the classes and "
            "counts of ImageNet with other scores, so it adds no independent evidence about "
            "frequency.",
            f"Without it the binned r is lower in {fell} of {len(found)} models.",
        ),
        tables=(
            Table(
                "Binned r of the study's slice, pooled slope and slope within datasets (points of "
                "accuracy per tenfold joint count), with ImageNet-Sketch and without.",
                (
                    *("corpus and model", "", "rows", "binned r", "bins", "slope"),
                    *("95 %, names", "within", "95 %, datasets"),
                ),
                tuple(row for one in found for row in _sketch_rows(one)),
                numbers_from=2,
            ),
            Table(
                "Pooled slope with ImageNet-Sketch minus without, on the same resampled names.",
                ("corpus and model", "difference", "95 %, names"),
                tuple(
                    (
                        corpus_and_model(one.key),
                        number(one.slope_difference),
                        interval(one.difference_ci95_names),
                    )
                    for one in found
                ),
            ),
        ),
        command=COMMAND,
    )


def _sketch_rows(one: Sketch) -> Iterable[tuple[str, ...]]:
    sides: tuple[tuple[str, Pooled], ...] = (
        ("with", one.with_sketch),
        ("without", one.without_sketch),
    )
    for name, side in sides:
        yield (
            *(
                corpus_and_model(one.key),
                name,
                f"{side.n:,}",
                correlation_text(side.pearson_r),
                str(side.n_points),
            ),
            *(number(side.slope), interval(side.slope_ci95_names)),
            *(number(side.within_slope), interval(side.within_ci95_datasets)),
        )
