"""How different are the datasets, and what frequency goes with a score?

A trend over datasets is one number; each dataset has a slope of its own. Where these differ, the
prediction interval, where the slope of another dataset would lie, says more than the mean's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wagidx.analysis.heterogeneity import Heterogeneity, heterogeneity
from wagidx.analysis.prediction import Needed, Prediction, straight_line
from wagidx.analysis.rows import Pair
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
        That of `needed`, under the name that scripts read.
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
        line, scale = straight_line(rows), perfect_score(panel.task)
        needed = [] if scale is None else [line.needed(scale * share) for share in TARGETS]
        yield Spread(
            key=panel.key,
            unit=panel.unit,
            n=len(rows),
            heterogeneity=heterogeneity(rows),
            within_ci95_datasets=line.within_ci95,
            decades=line.decades(),
            targets=[Target(one, one.bounded) for one in needed],
        )
