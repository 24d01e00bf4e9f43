"""Standard errors beside the jackknife's, and intervals of resamples beside plain counting."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from wagidx.analysis.agreement import agreement
from wagidx.analysis.distributions import share_interval
from wagidx.analysis.longtail import gini, top_mass
from wagidx.analysis.rows import Floats
from wagidx.analysis.studentised import middle, studentised
from wagidx.analysis.tally import Tally
from wagidx.analysis.unequal import measures


def jackknife(of: Callable[[Floats], float], rows: Floats) -> float:
    """Standard error of a statistic by leaving out one row after the other."""
    n = len(rows)
    left = np.array([of(np.delete(rows, i, axis=0)) for i in range(n)])
    return float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))


def width(pair: tuple[float, float] | None) -> float:
    assert pair is not None
    return pair[1] - pair[0]


def test_errors_of_gini_and_top_shares_are_the_jackknifes() -> None:
    counts = np.floor(np.exp(np.random.default_rng(1).normal(5, 0.5, 600)))
    found, (tenth, half) = measures(Tally.of(counts), top=(0.1, 0.5), draws=2000, seed=0)
    for one, of in (
        (found, gini),
        (tenth, lambda c: top_mass(c, 0.1)),
        (half, lambda c: top_mass(c, 0.5)),
    ):
        assert width(one.ci95) == pytest.approx(2 * 1.96 * jackknife(of, counts), rel=0.15)


def test_the_error_of_pearsons_correlation_is_the_jackknifes() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(5, 1, 500)
    pairs = np.column_stack([x, x + rng.normal(0, 1.5, 500)])
    counts = np.expm1(np.maximum(pairs, 0))
    found = agreement(counts[:, 0], counts[:, 1], draws=2000).all
    expected = jackknife(lambda c: np.corrcoef(np.log1p(c).T)[0, 1], counts)
    assert width(found.pearson_log1p_ci95) == pytest.approx(2 * 1.96 * expected, rel=0.1)


def test_ends_are_as_many_errors_away_as_resamples_are() -> None:
    values = np.arange(-14.0, 25.0)  # 39 of them: one is 2.5 % of the parts
    assert studentised(5.0, 2.0, values, np.full(39, 1.0)) == (5 - 19 * 2, 5 + 19 * 2)
    skewed = values + np.maximum(values - 5.0, 0.0)
    assert studentised(5.0, 1.0, skewed, np.full(39, 1.0)) == (5 - 2 * 19, 5 + 19)


def test_resamples_that_are_not_defined_are_few_or_there_is_no_interval() -> None:
    values = np.full(100, 1.0)
    values[0] = np.nan
    assert studentised(1.0, 1.0, values, np.ones(100)) == (1.0, 1.0)
    values[1] = np.nan
    assert studentised(1.0, 1.0, values, np.ones(100)) is None
    assert middle(values) is None


def test_without_error_there_is_no_doubt() -> None:
    assert studentised(0.3, 0.0, np.full(9, 0.3), np.zeros(9)) == (0.3, 0.3)


def test_beside_a_bound_the_middle_of_the_values_is_taken() -> None:
    values = np.append(np.linspace(0.9, 1.0, 990, endpoint=False), np.ones(10))
    errors = np.append((1 - values[:990]) / 50, np.zeros(10))
    assert studentised(0.99, 0.001, values, errors) == middle(values)
    assert studentised(1.0, 0.0, values, errors) == middle(values)
    assert studentised(0.99, 0.001, values[:990], errors[:990]) != middle(values[:990])


@pytest.mark.parametrize("zeros", [0.42, 0.45, 0.48, 0.5, 0.52])
def test_what_the_top_half_holds_of_a_list_that_is_half_zeros_has_an_interval_near_it(
    zeros: float,
) -> None:
    rng = np.random.default_rng(4)
    counts = np.floor(np.exp(rng.normal(4, 2, 350))) + 1
    counts[rng.permutation(350)[: round(zeros * 350)]] = 0
    _, (half,) = measures(Tally.of(counts), top=(0.5,), draws=1000, seed=0)
    resampled = [top_mass(rng.choice(counts, 350), 0.5) for _ in range(1000)]
    assert half.value is not None and half.ci95 is not None
    assert half.ci95[0] <= half.value <= half.ci95[1] <= 1
    assert half.ci95[0] > 1 - 3 * (1 - min(resampled))


def test_the_top_of_a_list_holds_no_less_than_its_part_of_the_names_and_no_name_nothing() -> None:
    counts = np.r_[np.full(20, 5.0), 6.0]
    _, (none, half) = measures(Tally.of(counts), top=(0.01, 0.5), draws=200, seed=0)
    assert (none.value, none.ci95) == (None, None)
    assert half.ci95 is not None and half.ci95[0] >= 10 / 21


def test_none_and_all_are_exact_ends_of_a_share() -> None:
    for n, of in ((7, None), (200, 4903), (200, 299), (350, 351), (10**6, 10**9)):
        assert share_interval(0, n, of)[0] == 0.0
        assert share_interval(n, n, of)[1] == 1.0


def test_the_middle_counts_the_parts_between_values() -> None:
    assert middle(np.arange(1.0, 40.0)) == (1.0, 39.0)
    assert middle(np.arange(1.0, 200.0)) == pytest.approx((5.0, 195.0))


def test_a_share_is_surer_the_more_was_drawn_of_all() -> None:
    widths = [width(share_interval(30, 100, of)) for of in (10**9, 1000, 200, 101)]
    assert widths == sorted(widths, reverse=True)
    assert share_interval(30, 100, 10**9) == pytest.approx(share_interval(30, 100), abs=1e-7)
    assert share_interval(30, 100, 100) == (0.3, 0.3)
    half = share_interval(300, 1000, 2000)  # as sure as near to 2,000 that were put back
    assert half == pytest.approx(share_interval(600, 2000), abs=1e-4)
