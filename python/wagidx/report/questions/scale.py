"""Slopes and paired differences of models of several sizes."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.paper.questions.scale import PairedSlope, Scale
from wagidx.report.numbers import interval, number
from wagidx.report.questions.shared import (
    COMMAND,
    short_key,
)
from wagidx.report.section import Section, Table

__all__ = ["scale_section"]


def scale_section(found: Sequence[Scale]) -> Section:
    """What is said of models of several sizes."""
    notes = {f"{short_key(one.key)}: {one.note}." for one in found if one.note}
    trends = [
        f"{short_key(one.key)}: over {one.trend.n} models the slope changes by "
        f"{number(one.trend.slope_per_score)} ({interval(one.trend.ci95)}) "
        "per unit of mean score; the files do not give model sizes, "
        "so mean score is used as a proxy."
        for one in found
        if one.trend is not None
    ]
    return Section(
        title="Do larger models depend less on frequency?",
        text=(
            "Models of one corpus share every count and concept, so the difference of their slopes "
            "is estimated more precisely than either slope. Slopes have an intercept for each "
            "dataset. A score near its ceiling must have a flatter slope; logits have no ceiling.",
            " ".join(sorted(notes)),
            *trends,
        ),
        tables=(_models_table(found), _differences_table(found)),
        command=COMMAND,
    )


def _slope_cells(slope: PairedSlope) -> tuple[str, ...]:
    return (
        *(number(slope.slope), interval(slope.ci95_names), interval(slope.ci95_datasets)),
        *(number(slope.logit_slope), interval(slope.logit_ci95_names)),
    )


SLOPES = ("slope", "95 %, names", "95 %, datasets", "logit slope", "95 %, names")


def _models_table(found: Sequence[Scale]) -> Table:
    return Table(
        "Slope of each model on joint counts within datasets, per tenfold count: points of "
        "accuracy (zs), fraction of recall (ret), the metric's unit (t2i), and logits.",
        ("task and corpus", "model", "rows", "mean score", *SLOPES),
        tuple(
            (
                *(short_key(one.key), model.model, f"{one.n:,}", number(model.mean_score)),
                *_slope_cells(model.slope),
            )
            for one in found
            for model in one.models
        ),
        numbers_from=2,
    )


def _differences_table(found: Sequence[Scale]) -> Table:
    return Table(
        "Slope of the second model minus the first's on the same concepts, in the same units.",
        ("task and corpus", "first", "second", "names", *SLOPES),
        tuple(
            (
                *(short_key(one.key), pair.first, pair.second, f"{one.names:,}"),
                *_slope_cells(pair.slope),
            )
            for one in found
            for pair in one.differences
        ),
        numbers_from=3,
    )
