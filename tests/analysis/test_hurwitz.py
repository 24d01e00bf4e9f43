"""The tail sums of a power law against scipy's zeta, and against sums of terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import zeta
from wagidx.analysis.hurwitz import scaled_tails, scaled_tails_of_laws


@given(
    alpha=st.floats(1.0001, 20.0),
    values=st.lists(st.integers(1, 2**53), min_size=1, max_size=40, unique=True),
)
def test_tail_sums_are_scipys_zeta(alpha: float, values: list[int]) -> None:
    counts = np.array(sorted(values), np.float64)
    found = scaled_tails(alpha, counts, np.ones(len(counts)))
    expected = zeta(alpha, counts) * counts**alpha
    held = np.isfinite(expected) & (zeta(alpha, counts) > 1e-290)
    assert found[held] == pytest.approx(expected[held], rel=1e-12)


@pytest.mark.parametrize("alpha", [1.5, 2.0, 3.7, 12.0, 20.0])
@pytest.mark.parametrize("least", [1.0, 2.0, 25.0, 99.0, 100.0, 101.0, 1_000.0])
def test_a_tail_sum_less_the_next_is_one_term(alpha: float, least: float) -> None:
    values = np.array([least, least + 1])
    one, following = scaled_tails(alpha, values, (values / least) ** -alpha)
    assert one - following == pytest.approx(1.0, rel=1e-11)


def test_steep_laws_of_large_counts_stay_in_range() -> None:
    values = np.array([1e15, 2e15])
    found = scaled_tails(20.0, values, (values / values[0]) ** -20.0)
    assert found == pytest.approx([1e15 / 19, 2e15 / 19 * 2.0**-20], rel=1e-12)


def test_several_laws_at_once_are_each_by_itself() -> None:
    alphas = np.array([[1.3], [2.5], [19.0]])
    values = np.array([[1.0, 99.0, 100.0, 1e6], [7.0, 8.0, 500.0, 501.0], [3.0, 3.0, 90.0, 200.0]])
    found = scaled_tails_of_laws(alphas, values, np.ones(values.shape))
    for alpha, own, tails in zip(alphas[:, 0], values, found):
        assert tails.tolist() == scaled_tails(float(alpha), own, np.ones(len(own))).tolist()
