"""Is it log-linear? How well other curves foretell scores that they were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.paper.evidence import FormCheck
from wagidx.report.numbers import NONE, integer, number
from wagidx.report.section import Section, Table

__all__ = ["forms_section"]


def forms_section(forms: Sequence[FormCheck]) -> Section:
    """Every curve on every panel tried, on held-out names and on held-out datasets."""
    columns = (
        *("Panel", "Curve", "Rows", "R² on held-out names", "Gain, names", "± s.e."),
        *("Gain, datasets", "± s.e."),
    )
    return Section(
        title="Is it log-linear?",
        text=(
            "Seven curves of score over count, a count of 0 as 1, each fitted by least squares on "
            "the score itself to the same rows. Of each corpus and task the panel is that with the "
            "highest binned r, counts of text and image together: the claim's best case. R² is "
            "against a constant. A gain is how much smaller the mean squared error is than that "
            "of log-linear, in squared units of score, once with names left out (ten folds) and "
            "once with one dataset after the other; above 0 the curve is better. Standard errors "
            "are over names, and over datasets. Datasets left out are few and differ much, and "
            "where there are fewer than three there is no such comparison.",
        ),
        tables=(
            Table(
                "Curves on rows that they were not fitted on",
                columns,
                tuple(_row(one) for one in forms),
                numbers_from=2,
            ),
        ),
        command="wagidx reproduce RELEASE -o DIR",
    )


def _row(one: FormCheck) -> tuple[str, ...]:
    own = one.form == "log-linear"
    gains = (one.gain, one.se, one.gain_datasets, one.se_datasets)
    return (
        *(one.key, one.form, integer(one.n), number(one.r2)),
        *(NONE if own else number(gain) for gain in gains),
    )
