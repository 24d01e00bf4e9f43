"""What score goes with a frequency, and what frequency with a score.

Two intervals: of the *mean* score of all concepts that are as frequent, and of *one new* concept.
Both take rows for independent with errors of equal size; where four rows share a name's luck, the
mean's holds the truth in 70 % of the tables (docs/coverage.md). These are associations on the
concepts at hand; nothing here says what adding data would do.
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
        Of the mean score of concepts that frequent.
    new_ci95 : tuple of float
        Of the score of one concept that frequent.
    outside_data : bool
        Whether no concept was that rare or that frequent.
    """

    count: float
    fitted: float
    mean_ci95: tuple[float, float]
    new_ci95: tuple[float, float]
    outside_data: bool


@dataclass(frozen=True)
class Needed:
    """Frequency at which the mean score is a given one.

    Attributes
    ----------
    score : float
        The score asked for.
    count : float or None
        On the line; None where it is not bounded, or above any number.
    count_ci95 : tuple of float or None
        Fieller's interval; None where it is not bounded.
    bounded : bool
        False where an interval of the slope holds 0, so that no frequency is excluded: the line's
        own, or that of the slope within datasets, clustered by dataset.
    outside_data : bool
        Whether no concept was that rare or that frequent.
    """

    score: float
    count: float | None
    count_ci95: tuple[float, float] | None
    bounded: bool
    outside_data: bool


@dataclass(frozen=True)
class StraightLine:
    """Least squares of all rows on log10 of frequency, ready to be asked.

    Rows of a dataset share their luck, which the line's own interval knows nothing of. So the line
    also knows the interval of the slope within datasets, clustered by dataset, for where that holds
    0 no frequency can be named.
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
