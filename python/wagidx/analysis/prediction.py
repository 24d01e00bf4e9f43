"""The predicted score at a frequency, and the frequency at which a score is reached.

Two intervals: for the *mean* score of all concepts with that frequency, and for *one new* concept.
Both assume independent rows with homoskedastic errors; if four rows share a name's error, the
mean's covers the truth in 70 % of the tables (docs/coverage.md). These are associations on the
given concepts; nothing here shows the effect of adding data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wagidx.analysis.distributions import t_point
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Pair, Rows, codes
from wagidx.exceptions import FitError

__all__ = ["Needed", "Prediction", "StraightLine", "straight_line"]


@dataclass(frozen=True)
class Prediction:
    """Score expected at a frequency.

    Attributes
    ----------
    count : float
        The frequency.
    fitted : float
        On the line.
    mean_ci95 : tuple of float
        Confidence interval of the mean score at that frequency.
    new_ci95 : tuple of float
        Prediction interval for the score of one concept.
    outside_data : bool
        Whether the frequency lies outside the observed ones.
    """

    count: float
    fitted: float
    mean_ci95: tuple[float, float]
    new_ci95: tuple[float, float]
    outside_data: bool


@dataclass(frozen=True)
class Needed:
    """The frequency at which the line reaches a score.

    Attributes
    ----------
    score : float
        The requested score.
    count : float or None
        On the line; None if it is not bounded, or too large to represent.
    count_ci95 : tuple of float or None
        Fieller's interval; None if it is not bounded.
    bounded : bool
        False if an interval of the slope contains 0, so that no frequency is excluded: the line's
        own, or that of the slope within datasets, clustered by dataset.
    outside_data : bool
        Whether the frequency lies outside the observed ones.
    """

    score: float
    count: float | None
    count_ci95: tuple[float, float] | None
    bounded: bool
    outside_data: bool


@dataclass(frozen=True)
class StraightLine:
    """The least-squares line of all rows on log10 of frequency.

    Rows of a dataset are not independent, which the line's own interval ignores. So the line also
    carries the interval of the slope within datasets, clustered by dataset: if that contains 0, no
    frequency can be named.
    """

    slope: float
    intercept: float
    variance: float
    n: int
    centre: float
    spread: float
    lowest: float
    highest: float
    reach: float
    """97.5 % point of Student's t with n - 2 degrees of freedom."""
    within_ci95: Pair | None
    """Of the slope within datasets, clustered by dataset; None where that is not given."""

    def at(self, count: float) -> Prediction:
        """Score at a frequency; 0 counts as 1."""
        x = float(np.log10(max(count, 1.0)))
        fitted = self.intercept + self.slope * x
        share = 1 / self.n + (x - self.centre) ** 2 / self.spread
        mean = self.reach * float(np.sqrt(self.variance * share))
        new = self.reach * float(np.sqrt(self.variance * (1 + share)))
        return Prediction(
            float(count),
            fitted,
            (fitted - mean, fitted + mean),
            (fitted - new, fitted + new),
            self._outside(x),
        )

    def needed(self, score: float) -> Needed:
        """Frequency for a score: those whose mean score's interval holds it (Fieller 1954)."""
        slack = self.reach**2 * self.variance
        curve = self.slope**2 - slack / self.spread
        within = self.within_ci95
        if not curve > 0 or (within is not None and within[0] <= 0 <= within[1]):
            return Needed(score, None, None, bounded=False, outside_data=False)
        gap = score - self.intercept - self.slope * self.centre
        root = np.sqrt(slack * (curve / self.n + gap**2 / self.spread))
        ends = [self.centre + (self.slope * gap + sign * root) / curve for sign in (-1, 1)]
        x = self.centre + gap / self.slope
        if max(abs(x), *map(abs, ends)) > 300:
            return Needed(score, None, None, bounded=True, outside_data=True)
        low, high = sorted(float(10**end) for end in ends)
        return Needed(score, float(10**x), (low, high), bounded=True, outside_data=self._outside(x))

    def decades(self) -> list[Prediction]:
        """Predictions at each power of ten within the data."""
        powers = range(int(np.ceil(self.lowest)), int(np.floor(self.highest)) + 1)
        return [self.at(10.0**power) for power in powers]

    def _outside(self, x: float) -> bool:
        return not self.lowest - 1e-9 <= x <= self.highest + 1e-9


def straight_line(rows: Rows) -> StraightLine:
    """The line of all rows, zeros as 1; at least 3 rows of more than one frequency."""
    x, y, n = rows.log10_count, rows.score, len(rows)
    centred = x - x.mean()
    spread = float(centred @ centred)
    slope = float(centred @ (y - y[0])) / spread
    residual = y - y.mean() - slope * centred
    return StraightLine(
        slope=slope,
        intercept=float(y.mean() - slope * x.mean()),
        variance=float(residual @ residual) / (n - 2),
        n=n,
        centre=float(x.mean()),
        spread=spread,
        lowest=float(x.min()),
        highest=float(x.max()),
        reach=t_point(0.975, n - 2),
        within_ci95=_within(rows),
    )


def _within(rows: Rows) -> Pair | None:
    group = codes(rows.dataset)
    try:
        line = least_squares(rows.log10_count, rows.score, group=group)
    except FitError:
        return None
    return clustered(line, group).pair
