"""How different are the datasets, and what frequency goes with a score?

A trend over datasets is one number; each dataset has a slope of its own. Where these differ, the
prediction interval, where the slope of another dataset would lie, says more than the mean's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wagidx.analysis.heterogeneity import Heterogeneity, heterogeneity
from wagidx.analysis.prediction import Needed, Prediction, straight_line
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Pair, Rows, codes
from wagidx.exceptions import FitError
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import perfect_score

__all__ = ["TARGETS", "Spread", "Target", "spreads"]

TARGETS = (0.5, 0.75, 0.9)
"""Scores, as shares of a perfect one, whose frequency is asked for."""


@dataclass(frozen=True)
class Target:
    """The frequency that goes with a score.

    Attributes
    ----------
    needed : Needed
        On the line through all rows, whose interval assumes independent rows.
    bounded : bool
        False where an interval of the slope holds 0: the line's own, or that of the slope within
        datasets, clustered by dataset. No frequency is then excluded.
    """

    needed: Needed
    bounded: bool


@dataclass(frozen=True)
class Spread:
    """The answers for one panel.

    Attributes
    ----------
    key, unit : str
    n : int
        Rows.
    heterogeneity : Heterogeneity
        A slope for each dataset, and their summary.
    within_ci95_datasets : tuple of float or None
        Interval of the slope within datasets.
    decades : list of Prediction
        Scores at powers of ten within the data.
    targets : list of Target
        Empty where the scores are no shares.
    """

    key: str
    unit: str
    n: int
    heterogeneity: Heterogeneity
    within_ci95_datasets: Pair | None
    decades: list[Prediction]
    targets: list[Target]


def spreads(panels: Sequence[Panel]) -> Iterator[Spread]:
    """An answer for every panel whose counts vary."""
    for panel in panels:
        rows = panel.rows
        if len(rows) < 3 or len(set(rows.log10_count.tolist())) < 2:
            continue
        line, within = straight_line(rows), _within(rows)
        scale = perfect_score(panel.task)
        held = within is not None and within[0] <= 0 <= within[1]
        needed = [] if scale is None else [line.needed(scale * share) for share in TARGETS]
        yield Spread(
            key=panel.key,
            unit=panel.unit,
            n=len(rows),
            heterogeneity=heterogeneity(rows),
            within_ci95_datasets=within,
            decades=line.decades(),
            targets=[Target(one, one.bounded and not held) for one in needed],
        )


def _within(rows: Rows) -> Pair | None:
    group = codes(rows.dataset)
    try:
        line = least_squares(rows.log10_count, rows.score, group=group)
    except FitError:
        return None
    return clustered(line, group).pair
