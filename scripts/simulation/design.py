"""What a design is, and what is asked of it.

A design draws tables from a distribution whose truth is known and puts the same statements to each:
does an interval hold the truth, does a test reject what is true, how far is an estimate off? A
statement is claimed to come out within `BOUNDS` unless the design says why not. The claims are
written here, before any table is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["BOUNDS", "Design", "Outcome", "held"]

Outcome = float | None
"""1 or 0 for yes or no, a relative error for `bias`; None where nothing is stated."""

BOUNDS = {"covers": (0.93, 0.97), "rejects": (0.03, 0.07), "bias": (-0.03, 0.03)}
"""Between what the mean of the outcomes lies where it is claimed to."""


@dataclass(frozen=True)
class Design:
    """A distribution of tables.

    Attributes
    ----------
    name : str
    about : str
        What is drawn, in a line.
    outcomes : callable
        Draws the table of a seed and gives the outcome of each statement.
    asks : mapping of str to str
        The key of `BOUNDS` of each statement that is no interval: whether a test rejects the truth,
        or by which share of the truth an estimate is off.
    unclaimed : mapping of str to str
        Statements that are known not to keep the bounds here, and why.
    """

    name: str
    about: str
    outcomes: Callable[[int], Mapping[str, Outcome]]
    asks: Mapping[str, str] = field(default_factory=dict)
    unclaimed: Mapping[str, str] = field(default_factory=dict)

    def bounds(self, statement: str) -> tuple[float, float]:
        """Between what its figure lies where that is claimed."""
        return BOUNDS[self.asks.get(statement, "covers")]


def held(interval: tuple[float, float] | None, truth: float) -> Outcome:
    """Whether an interval holds the truth; None where it is refused."""
    return None if interval is None else float(interval[0] <= truth <= interval[1])
