"""What is computed here to keep a fit quick to start is what scipy.stats computes."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from wagidx.analysis.binned import correlation
from wagidx.analysis.distributions import normal_cdf, t_point
from wagidx.analysis.permutation import benjamini_hochberg, benjamini_yekutieli
from wagidx.analysis.rows import ranks
from wagidx.analysis.theilsen import theil_sen

POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(-40, 40)), min_size=3, max_size=40)


@given(POINTS)
def test_the_robust_slope_is_scipys(points: list[tuple[int, int]]) -> None:
    x, y = (np.array(part, float) for part in zip(*points))
    if np.ptp(x) == 0:
        return
    with np.errstate(invalid="ignore"):
        found = stats.theilslopes(y, x)
    if np.isnan(found.low_slope):  # all tied: scipy takes the root of a number below 0
        return
    assert theil_sen(x, y) == pytest.approx((found.slope, found.low_slope, found.high_slope))


@given(POINTS)
def test_the_correlation_is_scipys(points: list[tuple[int, int]]) -> None:
    x, y = (np.array(part, float) for part in zip(*points))
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert np.isnan(correlation(x, y)).all()
        return
    found = stats.pearsonr(x, y)
    r, p = correlation(x, y)
    assert r == pytest.approx(found.statistic)
    if abs(r) < 1 - 1e-12:  # beyond, p is made of the last bit of r
        assert p == pytest.approx(found.pvalue, rel=1e-7)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_ranks_are_scipys(values: list[int]) -> None:
    assert ranks(np.array(values, float)).tolist() == stats.rankdata(values).tolist()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_scipys(p: list[float]) -> None:
    adjust = stats.false_discovery_control
    assert benjamini_hochberg(p) == pytest.approx(adjust(p, method="bh"))
    assert benjamini_yekutieli(p) == pytest.approx(adjust(p, method="by"))


@pytest.mark.parametrize("df", [0.05, 1, 2.5, 17, 50, 4000, 1e9])
def test_tail_points_have_that_mass_below(df: float) -> None:
    """Scipy's own points have 9 digits only in version 1.12; its masses have all of them."""
    assert stats.t.sf(t_point(0.975, df), df) == pytest.approx(0.025, rel=1e-11)


def test_tail_points_of_few_degrees_are_those_of_the_formula() -> None:
    assert t_point(0.975, 1) == pytest.approx(math.tan(0.475 * math.pi), rel=1e-12)
    assert t_point(0.975, 2) == pytest.approx(0.95 / math.sqrt(2 * 0.975 * 0.025), rel=1e-12)


@pytest.mark.parametrize("df", [1, 2.5, 17, 4000])
def test_masses_are_scipys(df: float) -> None:
    assert normal_cdf(-df / 9) == pytest.approx(stats.norm.cdf(-df / 9), rel=1e-12)


def test_a_fit_starts_without_the_slow_import() -> None:
    code = (
        "import sys, wagidx;"
        "wagidx.fit({f'c{i}': 2**i for i in range(20)}, {f'c{i}': i % 7 for i in range(20)});"
        "print('scipy.stats' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
