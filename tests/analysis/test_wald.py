"""The clustered test of several coefficients, beside statsmodels and matrices written out."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from planted import table
from scipy import linalg, stats
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Floats, codes
from wagidx.analysis.wald import clustered_wald

ROWS = table("datasets", 1, n=180, datasets=12)
X, Y, GROUP = ROWS.log10_count, ROWS.score, codes(ROWS.dataset)
BESIDE = np.random.default_rng(3).normal(size=(len(X), 2)) + X[:, None] / 4


def test_one_coefficient_is_the_clustered_t_test() -> None:
    line = least_squares(X, Y, group=GROUP, beside=BESIDE)
    interval = clustered(line, GROUP)
    found = clustered_wald(line, GROUP, [0])
    assert interval.se is not None
    assert found.f == pytest.approx((line.slope / interval.se) ** 2)
    assert found.df2 == pytest.approx(interval.df)
    assert found.p == pytest.approx(2 * stats.t.sf(line.slope / interval.se, interval.df))


def test_clusters_of_one_row_give_the_wald_statistic_of_hc2() -> None:
    fitted = sm.OLS(Y, np.column_stack([X, BESIDE, np.ones(len(X))])).fit()
    peer = fitted.get_robustcov_results("HC2").f_test(np.eye(4)[:2])
    line = least_squares(X, Y, beside=BESIDE)
    found = clustered_wald(line, np.arange(len(X)), [0, 1])
    assert found.f is not None
    assert found.df2 is not None
    scaled = found.f * (found.df2 + 1) / found.df2  # HTZ takes a little off, as Hotelling does
    assert scaled == pytest.approx(float(peer.fvalue))


def written_out(design: Floats, q: int) -> tuple[float, float]:
    """F and its second degrees of freedom, from matrices as large as the table."""
    inverse = np.linalg.inv(design.T @ design)
    hat = np.eye(len(X)) - design @ inverse @ design.T
    residual = hat @ Y
    value = (inverse @ design.T @ Y)[:q]
    root = linalg.inv(linalg.sqrtm(inverse[:q, :q]))
    columns, spread = [], np.zeros((q, q))
    for name in np.unique(GROUP):
        inside = name == GROUP
        values, vectors = linalg.eigh(hat[np.ix_(inside, inside)])
        kept = values > 1e-8
        adjust = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
        pull = adjust @ design[inside] @ inverse[:, :q] @ root
        score = pull.T @ residual[inside]
        spread += np.outer(score, score)
        columns.append(hat[:, inside] @ pull)
    total = 0.0
    for one in columns:
        for other in columns:
            products = one.T @ other
            total += np.trace(products) ** 2 + np.trace(products @ products)
    df = q * (q + 1) / total
    statistic = (root @ value) @ np.linalg.inv(spread) @ (root @ value)
    return float((df - q + 1) / (df * q) * statistic), float(df - q + 1)


def test_two_coefficients_are_htz_with_every_matrix_written_out() -> None:
    dummies = (GROUP[:, None] == np.unique(GROUP)).astype(float)
    f, df = written_out(np.column_stack([X, BESIDE, dummies]), 2)
    found = clustered_wald(least_squares(X, Y, group=GROUP, beside=BESIDE), GROUP, [0, 1])
    assert found.f == pytest.approx(f)
    assert found.df1 == 2
    assert found.df2 == pytest.approx(df)
    assert found.p == pytest.approx(stats.f.sf(f, 2, df))


def test_few_datasets_are_refused_and_told_so() -> None:
    found = clustered_wald(least_squares(X, Y), GROUP % 9, [0])
    assert (found.f, found.p) == (None, None)
    assert found.note == "9 datasets; a clustered test needs at least 10"
