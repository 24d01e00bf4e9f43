"""Least squares of score on log frequency, and how sure its slope is.

A slope has one value and many intervals, one for each idea of what could have come out otherwise:

* `iid`: other errors, independent and of equal size. Too narrow where rows of a dataset or of a
  concept share their luck.
* `hc3`: independent errors of unequal size (MacKinnon & White 1985).
* `clustered`: errors shared within a dataset; the bias-reduced CR2 variance with Satterthwaite's
  degrees of freedom (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018). Refused under
  `FEWEST_CLUSTERS`, where no method holds its level.

Dataset intercepts are absorbed: their means are taken out of both sides, which gives the same
slope and residuals as a column for each (Frisch-Waugh-Lovell), and the same CR2 where clusters are
datasets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wagidx.analysis.distributions import t_point
from wagidx.analysis.rows import Floats, Integers
from wagidx.exceptions import FitError

__all__ = [
    "FEWEST_CLUSTERS",
    "Interval",
    "Line",
    "adjusted_pulls",
    "clustered",
    "hc3",
    "iid",
    "inverse_of",
    "least_squares",
    "t_interval",
    "too_few",
]

FEWEST_CLUSTERS = 10
"""With fewer datasets a clustered interval is not given."""


@dataclass(frozen=True)
class Interval:
    """A 95 % confidence interval, or the reason why there is none.

    Attributes
    ----------
    low, high : float or None
        Bounds; None where `note` says why.
    se : float or None
        Standard error.
    df : float or None
        Degrees of freedom of the t distribution; None for percentiles of resamples.
    note : str or None
        Why there is no interval.
    """

    low: float | None
    high: float | None
    se: float | None = None
    df: float | None = None
    note: str | None = None

    @classmethod
    def refused(cls, note: str) -> Interval:
        """No interval, and why."""
        return cls(None, None, note=note)

    @property
    def pair(self) -> tuple[float, float] | None:
        """Both bounds, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class Line:
    """A least-squares solution; column 0 of `design` is the one whose slope is asked.

    Attributes
    ----------
    slope : float
        Score per unit of x.
    intercept : float
        At x = 0; the mean over rows of the absorbed intercepts where groups were given.
    coefficients : numpy.ndarray of float64, shape (p,)
        All of `design`, the slope first.
    design : numpy.ndarray of float64, shape (n, p)
        With weights: multiplied by their roots. With groups: less their means.
    residual : numpy.ndarray of float64, shape (n,)
        In the same way.
    absorbed : int
        Intercepts taken out.
    absorbed_leverage : numpy.ndarray of float64, shape (n,)
        What these add to each row's leverage.
    """

    slope: float
    intercept: float
    coefficients: Floats
    design: Floats
    residual: Floats
    absorbed: int
    absorbed_leverage: Floats

    @property
    def df(self) -> int:
        """Rows less parameters."""
        return int(self.residual.size - self.design.shape[1] - self.absorbed)

    @property
    def variance(self) -> float:
        """Mean square of the residuals on `df`; NaN where nothing is left."""
        return float(self.residual @ self.residual) / self.df if self.df > 0 else float("nan")


def least_squares(
    x: Floats,
    y: Floats,
    *,
    group: Integers | None = None,
    beside: Floats | None = None,
    weight: Floats | None = None,
) -> Line:
    """Regress y on x and an intercept, or an intercept for each group.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        Place and score.
    group : numpy.ndarray of int64, shape (n,), optional
        Each group gets an intercept. Without, there is one.
    beside : numpy.ndarray of float64, shape (n,) or (n, k), optional
        Other columns, such as the indicator of zeros.
    weight : numpy.ndarray of float64, shape (n,), optional
        Of each row, above 0.

    Returns
    -------
    Line
        O(n).

    Raises
    ------
    FitError
        x does not vary (within groups, where these are given), or fewer than 3 rows.
    """
    if len(x) < 3:
        raise FitError(f"{len(x)} rows: a line needs at least 3")
    given = [x] if beside is None else [x, *np.atleast_2d(beside.T)]
    weight = np.ones(len(x)) if weight is None else weight
    if group is None:
        columns, target = [*given, np.ones(len(x))], y - y[0]  # so scores all alike leave no error
        absorbed, leverage = 0, np.zeros(len(x))
    else:
        columns = [_less_means(column, group, weight) for column in given]
        target = _less_means(y, group, weight)
        absorbed = len(np.unique(group))
        leverage = weight / np.bincount(group, weight)[group]
    root = np.sqrt(weight)
    design = np.column_stack(columns) * root[:, None]
    solved, _, rank, _ = np.linalg.lstsq(design, target * root, rcond=1e-10)
    if rank < design.shape[1]:
        where = "" if group is None else " within any dataset"
        raise FitError(f"the frequencies do not vary{where}: there is no slope to fit")
    centre = float(np.average(y - np.column_stack(given) @ solved[: len(given)]))
    return Line(
        slope=float(solved[0]),
        intercept=float(solved[-1] + y[0]) if group is None else centre,
        coefficients=np.asarray(solved, np.float64),
        design=design,
        residual=target * root - design @ solved,
        absorbed=absorbed,
        absorbed_leverage=leverage,
    )


def _less_means(values: Floats, group: Integers, weight: Floats) -> Floats:
    total = np.bincount(group, weight)
    first = np.zeros(len(total))
    first[group[::-1]] = values[::-1]
    about = values - first[group]  # exactly 0 where a group's values are all alike
    means = np.bincount(group, about * weight) / np.where(total > 0, total, 1.0)
    return np.asarray(about - means[group], np.float64)


def t_interval(value: float, se: float, df: float) -> Interval:
    """``value`` and the 2.5 % points of Student's t either side; refused where undefined."""
    if not df > 0 or not np.isfinite(se):
        return Interval.refused("there are no degrees of freedom left")
    reach = t_point(0.975, df) * se
    return Interval(value - reach, value + reach, se, df)


def inverse_of(line: Line) -> Floats:
    """``(X'X)^-1`` of a line's design, shape (p, p)."""
    return np.asarray(np.linalg.pinv(line.design.T @ line.design), np.float64)


def iid(line: Line) -> Interval:
    """The textbook interval of the slope, for independent, homoskedastic errors."""
    return t_interval(line.slope, float(np.sqrt(inverse_of(line)[0, 0] * line.variance)), line.df)


def hc3(line: Line) -> Interval:
    """Heteroskedasticity-robust (HC3) interval of the slope.

    Rows of leverage 1, such as the only one of its dataset, carry no information and are ignored.
    """
    inverse = inverse_of(line)
    leverage = np.einsum("ij,jk,ik->i", line.design, inverse, line.design) + line.absorbed_leverage
    free = 1 - leverage
    error = np.where(free > 1e-10, line.residual / np.where(free > 1e-10, free, 1.0), 0.0)
    pull = line.design @ inverse[0]
    return t_interval(line.slope, float(np.sqrt(((pull * error) ** 2).sum())), line.df)


def too_few(datasets: int, what: str) -> str:
    """Why there is nothing clustered by dataset."""
    some = "1 dataset" if datasets == 1 else f"{datasets} datasets"
    return f"{some}; a clustered {what} needs at least {FEWEST_CLUSTERS}"


def clustered(line: Line, cluster: Integers) -> Interval:
    """Cluster-robust interval of the slope: CR2 with Satterthwaite's degrees of freedom.

    Parameters
    ----------
    line : Line
        Unweighted, or weighted with the identity as its working model.
    cluster : numpy.ndarray of int64, shape (n,)
        The dataset of each row. Absorbed groups, if any, must be these.

    Returns
    -------
    Interval
        Refused, and said so, for fewer than `FEWEST_CLUSTERS`. O(n p^2).
    """
    names = np.unique(cluster)
    if len(names) < FEWEST_CLUSTERS:
        return Interval.refused(too_few(len(names), "interval"))
    inverse = inverse_of(line)
    parts = adjusted_pulls(line, cluster, inverse[:, :1])
    variance = sum(float(pull[:, 0] @ line.residual[inside]) ** 2 for inside, pull in parts)
    lengths = np.array([pull[:, 0] @ pull[:, 0] for _, pull in parts])
    through = np.array([line.design[inside].T @ pull[:, 0] for inside, pull in parts])
    moments = np.diag(lengths) - through @ inverse @ through.T
    df = float(np.trace(moments) ** 2 / (moments**2).sum()) if moments.any() else 0.0
    return t_interval(line.slope, float(np.sqrt(variance)), df)


def adjusted_pulls(
    line: Line, cluster: Integers, combined: Floats
) -> list[tuple[NDArray[np.bool_], Floats]]:
    """For each cluster its rows, and ``(I - H)^-1/2 X C``: what CR2 multiplies residuals with.

    H, the cluster's part of the projection, is of rank p, so its root comes from the p singular
    values of ``X M^1/2`` and no matrix as large as the cluster is made.

    Parameters
    ----------
    line, cluster
        As `clustered` takes them.
    combined : numpy.ndarray of float64, shape (p, q)
        C: M times the combinations of coefficients that are asked for.
    """
    root = _root(inverse_of(line))
    found = []
    for name in np.unique(cluster):
        inside = cluster == name
        own = line.design[inside]
        left, singular, _ = np.linalg.svd(own @ root, full_matrices=False)
        free = 1 - singular**2
        factor = np.where(free > 1e-10, 1 / np.sqrt(np.where(free > 1e-10, free, 1.0)), 0.0)
        pull = own @ combined
        found.append((inside, pull + left @ ((factor - 1)[:, None] * (left.T @ pull))))
    return found


def _root(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), np.float64)
