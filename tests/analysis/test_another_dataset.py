"""Where another dataset's slope would lie, beside a loop over drawn variances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from wagidx.analysis.another_dataset import another_interval
from wagidx.analysis.rows import Floats


def q(tau2: float, value: Floats, error: Floats) -> float:
    weight = 1 / (error**2 + tau2)
    return float(weight @ (value - weight @ value / weight.sum()) ** 2)


def drawn(value: Floats, error: Floats, draws: int) -> Floats:
    """Further true values, one for each variance that chi-square draws."""
    rng = np.random.default_rng(3)
    found = []
    for wanted in rng.chisquare(len(value) - 1, draws):
        tau2 = 0.0
        if q(0.0, value, error) > wanted:
            tau2 = brentq(lambda t, c: q(t, value, error) - c, 0, 1e6, (wanted,))
        weight = 1 / (error**2 + tau2)
        mean = rng.normal(weight @ value / weight.sum(), weight.sum() ** -0.5)
        found.append(rng.normal(mean, tau2**0.5))
    return np.array(found)


@pytest.mark.parametrize("k, apart", [(4, 2.0), (15, 0.5), (15, 2.0)])
def test_ends_are_those_of_drawn_variances(k: int, apart: float) -> None:
    rng = np.random.default_rng(k)
    error = rng.uniform(0.5, 1.5, k)
    value = rng.normal(rng.normal(3, apart, k), error)
    low, high = another_interval(value, error)
    expected = np.quantile(drawn(value, error, 6_000), [0.025, 0.975])
    assert [low, high] == pytest.approx(expected, abs=0.06 * (high - low))


def test_it_is_students_where_errors_are_nothing_beside_the_spread() -> None:
    value, error = np.array([1.0, 2.0, 4.0, 5.0, 8.0]), np.full(5, 1e-6)
    reach = 2.7764451 * value.std(ddof=1) * np.sqrt(1 + 1 / 5)
    low, high = another_interval(value, error)
    assert (low, high) == pytest.approx((4 - reach, 4 + reach), rel=0.01)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.01, 100))
def test_it_moves_and_scales_with_the_slopes(seed: int, shift: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    value, error = rng.normal(0, 2, 8), rng.uniform(0.3, 2, 8)
    low, high = another_interval(value, error)
    moved = another_interval(scale * value + shift, scale * error)
    assert moved == pytest.approx((scale * low + shift, scale * high + shift), abs=1e-6 * scale)


def test_equal_slopes_leave_the_errors() -> None:
    low, high = another_interval(np.full(9, 2.0), np.full(9, 0.3))
    assert (low, high) == pytest.approx((2 - 1.96 * 0.1, 2 + 1.96 * 0.1), abs=1e-3)
