"""Two toy models of learning, each tested by a second prediction that the other does not share.

*Thresholds.* Each test image is right once its concept was seen often enough, and the numbers that
are needed are spread evenly over orders of magnitude. Accuracy is then linear in log frequency.
Second prediction: a model that needs a constant share of the examples is shifted along log
frequency, so the *difference* of two models' accuracies does not depend on frequency.

*Power law.* The error of a concept falls as a power of its frequency, ``c f^-b``, with one b.
Second prediction: a better model has a smaller c, so the *ratio* of two models' errors does not
depend on frequency.

Both leave each dataset a constant of its own, so both have as many parameters. ``docs/theory.md``
derives them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from wagidx._optional import require
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Floats, Integers, Rows, codes
from wagidx.analysis.weights import score_scale
from wagidx.exceptions import FitError

__all__ = ["Curves", "Drift", "Pair", "learning_curves", "learning_pair"]

FOLDS = 10
"""Folds of names."""


@dataclass(frozen=True)
class Drift:
    """How much what ought not to depend on frequency does.

    Attributes
    ----------
    per_decade : float
        Points of score (or of error) per tenfold frequency, within datasets.
    ci95 : tuple of float or None
        Dataset-clustered interval; None under 10 datasets.
    refuted : bool or None
        Whether the interval leaves 0 out; None without one.
    """

    per_decade: float
    ci95: tuple[float, float] | None
    refuted: bool | None


@dataclass(frozen=True)
class Pair:
    """The second predictions, on two models scored on the same rows.

    Attributes
    ----------
    n, datasets : int
        Rows and datasets.
    error, other_error : float
        Mean errors of the two, in the unit of the scores.
    thresholds : Drift
        Of the difference of scores.
    power_law : Drift
        Of the error that is left when a dataset's constant share of the other's is taken off.
    """

    n: int
    datasets: int
    error: float
    other_error: float
    thresholds: Drift
    power_law: Drift

    @property
    def verdict(self) -> str:
        """Which of the two the pair refutes."""
        if self.thresholds.refuted is None:
            return "too few datasets"
        refuted = (self.thresholds.refuted, self.power_law.refuted)
        return {
            (True, True): "both refuted",
            (True, False): "thresholds refuted",
            (False, True): "power law refuted",
            (False, False): "undecided",
        }[bool(refuted[0]), bool(refuted[1])]

    def to_json(self) -> dict[str, Any]:
        """All of it, with the verdict."""
        return {**asdict(self), "verdict": self.verdict}


@dataclass(frozen=True)
class Curves:
    """The first predictions: both curves on one model's rows, a constant for each dataset.

    Attributes
    ----------
    n, datasets : int
        Rows and datasets.
    slope : float
        Of the straight line, in units of score per tenfold frequency.
    exponent : float
        b of the power law: the error is multiplied by ``10 ** -b`` per tenfold frequency.
    thresholds_mse, power_law_mse : float
        Mean squared error on names that were left out, ten folds.
    difference, difference_se : float
        Power law less thresholds (above 0: the line is nearer), and its standard error over names.
    bend : Drift
        Coefficient of x^2 beside the line, in points per squared decade: 0 for a line, below 0 for
        a power law, above 0 on the lower half of an S.
    """

    n: int
    datasets: int
    slope: float
    exponent: float
    thresholds_mse: float
    power_law_mse: float
    difference: float
    difference_se: float
    bend: Drift

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def _error(rows: Rows) -> Floats:
    """What a score lacks to a perfect one."""
    scale = score_scale(rows.score)
    if scale is None:
        raise FitError("the toy models need scores in fractions or percent")
    return scale - rows.score


def learning_pair(rows: Rows, other: Rows) -> Pair:
    """Test both second predictions on two models.

    Parameters
    ----------
    rows, other : Rows
        The same concepts, datasets and counts, with each model's scores; fractions or percent.
        Datasets in which a model makes no error have no ratio and are left out.

    Returns
    -------
    Pair
        O(n).

    Raises
    ------
    FitError
        The rows differ, the scores are no shares, or nothing is left to fit.
    """
    same = (rows.concept, other.concept), (rows.dataset, other.dataset), (rows.count, other.count)
    if not all(np.array_equal(a, b) for a, b in same):
        raise FitError("the two models are not scored on the same rows")
    mine, theirs, dataset = _error(rows), _error(other), codes(rows.dataset)
    sums = np.bincount(dataset, mine), np.bincount(dataset, theirs)
    kept = ((sums[0] > 0) & (sums[1] > 0))[dataset]
    mine, theirs, dataset = mine[kept], theirs[kept], codes(rows.dataset[kept])
    if not len(dataset):
        raise FitError("a model makes no error in any dataset")
    share = np.bincount(dataset, mine) / np.bincount(dataset, theirs)
    x = rows.log10_count[kept]
    return Pair(
        n=len(x),
        datasets=int(dataset.max()) + 1,
        error=float(mine.mean()),
        other_error=float(theirs.mean()),
        thresholds=_drift(x, theirs - mine, dataset),
        power_law=_drift(x, mine - share[dataset] * theirs, dataset),
    )


def _drift(x: Floats, y: Floats, dataset: Integers, beside: Floats | None = None) -> Drift:
    """Slope within datasets, with the interval that is clustered by them.

    That the shares are estimated needs no further care: they are those that make the residuals of
    a dataset sum to 0, so their error adds nothing to the sums over datasets that the clustered
    variance is made of.
    """
    line = least_squares(x, y, group=dataset, beside=beside)
    pair = clustered(line, dataset).pair
    return Drift(line.slope, pair, None if pair is None else not pair[0] <= 0 <= pair[1])


def learning_curves(rows: Rows, *, seed: int = 0) -> Curves:
    """Fit both curves and measure them on names they had not seen.

    Parameters
    ----------
    rows : Rows
        Scores that are fractions or percent.
    seed : int
        Assigns names to folds.

    Raises
    ------
    FitError
        The scores are no shares, or there are fewer than 10 names.
    """
    x, error = rows.log10_count, _error(rows)
    name, dataset = codes(rows.concept), codes(rows.dataset)
    if name.max() + 1 < FOLDS:
        raise FitError(f"leaving names out needs at least {FOLDS} of them")
    fold = np.random.default_rng(seed).permutation(np.arange(name.max() + 1) % FOLDS)[name]
    squares = np.full((2, len(x)), np.nan)
    for part in range(FOLDS):
        out = fold == part
        seen = ~out
        known = out & np.isin(dataset, dataset[seen])
        for row, fitted in zip(squares, (_straight, _power)):
            _, predict = fitted(x[seen], error[seen], dataset[seen])
            row[known] = (error[known] - predict(x[known], dataset[known])) ** 2
    kept = np.isfinite(squares[0])
    gap = squares[1, kept] - squares[0, kept]
    sums = np.bincount(name[kept], gap - gap.mean())
    return Curves(
        n=len(x),
        datasets=int(dataset.max()) + 1,
        slope=-_straight(x, error, dataset)[0],
        exponent=_power(x, error, dataset)[0],
        thresholds_mse=float(squares[0, kept].mean()),
        power_law_mse=float(squares[1, kept].mean()),
        difference=float(gap.mean()),
        difference_se=float(np.sqrt((sums**2).sum()) / len(gap)),
        bend=_drift((x - x.mean()) ** 2, rows.score, dataset, beside=x),
    )


def _straight(x: Floats, error: Floats, dataset: Integers) -> tuple[float, Any]:
    """``a_d + b x``: b, and the curve."""
    slope = least_squares(x, error, group=dataset).slope
    rows = np.maximum(np.bincount(dataset), 1)
    level = np.bincount(dataset, error - slope * x) / rows
    return slope, lambda at, of: level[of] + slope * at


def _power(x: Floats, error: Floats, dataset: Integers) -> tuple[float, Any]:
    """``c_d 10^(-b x)`` by least squares: b, and the curve. The best c is known for each b."""

    def levels(b: float) -> Floats:
        base = 10 ** (-b * x)
        square = np.bincount(dataset, base**2)
        return np.bincount(dataset, base * error) / np.where(square > 0, square, 1.0)

    def misses(b: float) -> float:
        return float(((error - levels(b)[dataset] * 10 ** (-b * x)) ** 2).sum())

    grid = np.linspace(-1, 1, 41)
    near = grid[int(np.argmin([misses(b) for b in grid]))]
    search = require("scipy.optimize", extra="fit").minimize_scalar
    b = float(search(misses, bounds=(near - 0.05, near + 0.05), method="bounded").x)
    level = levels(b)
    return b, lambda at, of: level[of] * 10 ** (-b * at)
