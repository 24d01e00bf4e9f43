"""Are several coefficients 0 together, where errors are shared within a dataset?

An F test that takes rows for independent finds something in every pair of columns that differ
between datasets. Here the variance is the clustered CR2, and what it says is compared with an F
distribution whose degrees of freedom come from how unequal the clusters are: the HTZ test of
Pustejovsky and Tipton (2018). For one coefficient it is the t test of `regression.clustered`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wagidx._optional import require
from wagidx.analysis.regression import (
    FEWEST_CLUSTERS,
    Line,
    adjusted_pulls,
    inverse_of,
    too_few,
)
from wagidx.analysis.rows import Floats, Integers

__all__ = ["Wald", "clustered_wald"]


@dataclass(frozen=True)
class Wald:
    """A test that coefficients are 0, or why there is none.

    Attributes
    ----------
    f : float or None
        The statistic, scaled to an F distribution.
    df1, df2 : float or None
        Its degrees of freedom: coefficients, and what the clusters leave.
    p : float or None
        Chance of as large a statistic where all are 0.
    note : str or None
        Why there is no test.
    """

    f: float | None
    df1: int | None
    df2: float | None
    p: float | None
    note: str | None = None

    @classmethod
    def refused(cls, note: str) -> Wald:
        """No test, and why."""
        return cls(None, None, None, None, note)


def clustered_wald(line: Line, cluster: Integers, columns: Sequence[int]) -> Wald:
    """Test that the coefficients of some columns of a line's design are 0 together.

    Parameters
    ----------
    line : Line
        As `regression.clustered` takes it.
    cluster : numpy.ndarray of int64, shape (n,)
        The dataset of each row. Absorbed groups, if any, must be these.
    columns : sequence of int
        Of `line.design`; at least one.

    Returns
    -------
    Wald
        Refused, and said so, for fewer than `FEWEST_CLUSTERS`. O(n p^2).
    """
    number = len(np.unique(cluster))
    if number < FEWEST_CLUSTERS:
        return Wald.refused(too_few(number, "test"))
    chosen = list(columns)
    inverse = inverse_of(line)
    # In these units the coefficients would be uncorrelated, of variance 1, were errors independent.
    whitened = _inverse_root(inverse[np.ix_(chosen, chosen)])
    parts = adjusted_pulls(line, cluster, inverse[:, chosen] @ whitened)
    scores = np.array([pull.T @ line.residual[inside] for inside, pull in parts])
    value = whitened @ line.coefficients[chosen]
    statistic = float(value @ np.linalg.pinv(scores.T @ scores) @ value)
    lengths = np.array([pull.T @ pull for _, pull in parts])
    through = np.array([line.design[inside].T @ pull for inside, pull in parts])
    return _compared(statistic, len(chosen), _wishart_df(lengths, through, inverse))


def _inverse_root(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors / np.sqrt(values)) @ vectors.T, np.float64)


def _wishart_df(lengths: Floats, through: Floats, inverse: Floats) -> float:
    """Degrees of freedom of the Wishart matrix whose entries vary as much in all as CR2's.

    Parameters
    ----------
    lengths : numpy.ndarray of float64, shape (k, q, q)
        Cross products of each cluster's pulls.
    through : numpy.ndarray of float64, shape (k, p, q)
        Each cluster's pulls times its part of the design.
    """
    shared = -np.einsum("gas,ab,hbt->ghst", through, inverse, through)
    places = np.arange(len(lengths))
    shared[places, places] += lengths
    total = (np.einsum("ghss->gh", shared) ** 2).sum() + np.einsum("ghst,ghts->", shared, shared)
    q = lengths.shape[1]
    return float(q * (q + 1) / total) if total > 0 else 0.0


def _compared(statistic: float, q: int, df: float) -> Wald:
    left = df - q + 1
    if not left > 0:
        return Wald.refused("there are no degrees of freedom left")
    f = left / (df * q) * statistic
    p = float(require("scipy.stats", extra="fit").f.sf(f, q, left))
    return Wald(f, q, left, p)
