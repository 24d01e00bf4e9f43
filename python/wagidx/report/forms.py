"""Is it log-linear? How well other curves predict held-out scores."""

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
            "Seven curves of score against count, a count of 0 as 1, each fitted to the same rows "
            "by least squares on the score. For each corpus and task, the panel with the highest "
            "binned r is used (counts of text and image together): the claim's best case. R² is "
            "relative to a constant. A gain is how much smaller the mean squared error is than "
            "log-linear's, in squared units of score, by ten-fold cross-validation over names and "
            "by leaving out one dataset at a time; above 0 the curve is better. Standard errors "
            "are over names and over datasets. The datasets are few and differ much; with fewer "
            "than three there is no such comparison.",
        ),
        tables=(
            Table(
                "Curves on held-out rows",
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
