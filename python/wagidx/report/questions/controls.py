"""Similarity-controlled and synthetic corpora against their originals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wagidx.paper.questions import Questions
from wagidx.paper.questions.controls import Comparison, Side
from wagidx.report.numbers import interval, number
from wagidx.report.questions.shared import (
    COMMAND,
    correlation_text,
)
from wagidx.report.section import Section, Table

__all__ = ["control_section"]


def control_section(questions: Questions) -> Section:
    """What is said of controlled corpora, and of the files that are missing for more."""
    text = [
        "The study removed images similar to test images from a corpus, and trained on generated "
        "captions and images. Here each such corpus is compared with an original, for the same "
        "model and on the concepts that both have. Slopes have an intercept for each dataset."
    ]
    for corpus, names in questions.missing_controls.items():
        why = (
            f"this release lacks {_listed(names)}"
            if names
            else "no other corpus has the same model and counts to compare it with"
        )
        text.append(f"{corpus}: no comparison is possible: {why}.")
    text += [
        f"{corpus}: compared as far as its files allow; this release also lacks {_listed(names)}."
        for corpus, names in questions.partial_controls.items()
    ]
    return Section(
        title="Similarity-controlled and synthetic corpora against their originals",
        text=tuple(text),
        tables=tuple(_control_tables(questions.controls)),
        command=COMMAND,
    )


def _control_tables(found: Sequence[Comparison]) -> Iterable[Table]:
    """A table for each unit of scores: slopes in different ones cannot stand in one column."""
    for unit in dict.fromkeys(one.unit for one in found):
        own = [one for one in found if one.unit == unit]
        yield Table(
            f"Controlled corpora and originals: {unit}; slopes are for ten times the count. The "
            "difference is the controlled corpus' slope less the original's, on the same drawn "
            "names.",
            (
                *("scores, counts and model", "corpus", "rows", "mean score", "binned r", "slope"),
                *("95 %, names", "95 %, datasets", "difference", "95 %, names"),
            ),
            tuple(row for one in own for row in _control_rows(one)),
            numbers_from=2,
        )


def _control_rows(one: Comparison) -> Iterable[tuple[str, ...]]:
    _, _, model, kind, variant, *_ = one.key.split("|")

    def row(side: Side, difference: tuple[str, str]) -> tuple[str, ...]:
        return (
            *(f"{variant}, {kind}, {model}", side.corpus, f"{one.n:,}", number(side.mean_score)),
            *(correlation_text(side.pearson_r), number(side.within_slope)),
            *(interval(side.within_ci95_names), interval(side.within_ci95_datasets), *difference),
        )

    yield row(one.original, ("", ""))
    yield row(one.control, (number(one.slope_difference), interval(one.difference_ci95_names)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
