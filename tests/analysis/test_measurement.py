"""Errors in a count: taken out where they are known, and where they explain a second count."""

from __future__ import annotations

import numpy as np
import pytest
from wagidx.analysis.measurement import LEVELS, ErrorsInFrequency, errors_in_frequency
from wagidx.analysis.nested import log_terms
from wagidx.analysis.regression import least_squares
from wagidx.analysis.rows import Floats, Integers
from wagidx.exceptions import FitError

SLOPE, RELIABILITY = 4.0, 0.8
DATASETS, N = 16, 3200


def noisy(seed: int) -> tuple[Floats, Floats, Floats, Integers]:
    """Counts with errors, a second count that is related to the true one, scores, and datasets.

    The true log10 count alone makes the scores; the error's variance leaves `RELIABILITY`. No count
    is near 1, where it would be floored.
    """
    rng = np.random.default_rng(seed)
    group = np.arange(N) % DATASETS
    true = rng.normal(9, 1, N) + rng.normal(0, 1, DATASETS)[group]
    observed = true + rng.normal(0, np.sqrt(1 / RELIABILITY - 1), N)
    other = 4 + 0.7 * true + rng.normal(0, 0.7, N)
    score = 30 + 3 * rng.normal(size=DATASETS)[group] + SLOPE * true + rng.normal(0, 6, N)
    return 10**observed, 10**other, score, group


def asked(seed: int, *, further: bool = False, draws: int = 100) -> ErrorsInFrequency:
    """With errors from another stream than the data's, to which they would be related."""
    count, other, score, group = noisy(seed)
    more = log_terms(other) if further else None
    return errors_in_frequency(
        count, score, group=group, further=more, draws=draws, seed=seed + 1000
    )


AT = LEVELS.index(RELIABILITY)


@pytest.mark.parametrize("estimate", ["slope", "simex_slope"])
def test_the_true_slope_is_recovered_at_the_true_reliability(estimate: str) -> None:
    found = np.array([getattr(asked(seed).levels[AT], estimate) for seed in range(20)])
    error = found.std(ddof=1) / len(found) ** 0.5
    assert abs(found.mean() - SLOPE) < 3 * error
    plain = np.array([asked(seed).levels[0].slope for seed in range(20)])
    assert plain.mean() == pytest.approx(RELIABILITY * SLOPE, abs=0.1)


def test_simulation_and_cross_products_say_the_same() -> None:
    """Two ways of taking the same error out, however much of it and whatever stands beside."""
    for seed in range(5):
        for level in asked(seed, further=True, draws=400).levels:
            assert level.slope is not None
            assert level.simex_slope == pytest.approx(level.slope, rel=0.02)
            assert level.simex_further == pytest.approx(level.further, rel=0.02, abs=0.02)


def test_the_interval_of_the_corrected_slope_covers_the_true_one() -> None:
    inside = 0
    for seed in range(40):
        interval = asked(seed).levels[AT].slope_ci95
        assert interval is not None
        inside += interval[0] < SLOPE < interval[1]
    assert inside >= 34  # 38 are expected of 95 %; fewer than 34 come once in a hundred times


def test_with_reliability_1_nothing_changes() -> None:
    count, other, score, group = noisy(1)
    found = asked(1, further=True).levels[0]
    x = np.log10(np.maximum(count, 1))
    line = least_squares(x, score, group=group, beside=np.log10(other))
    assert found.reliability == 1
    for estimate in (found.slope, found.simex_slope):
        assert estimate == pytest.approx(line.slope)
    for estimate in (found.further, found.simex_further):
        assert estimate == pytest.approx(line.coefficients[1])


def test_noise_alone_makes_a_second_count_look_needed_and_its_size_explains_it() -> None:
    tables = [asked(seed, further=True) for seed in range(20, 40)]
    for found in tables:
        assert found.levels[0].p is not None
        assert found.levels[0].p < 0.001
        assert found.explained is not None
        assert found.explained.no_longer_significant is not None
        assert abs(found.explained.no_longer_significant - RELIABILITY) < 0.15
    further = np.array([[level.further for level in one.levels] for one in tables], np.float64)
    error = further[:, AT].std(ddof=1) / len(tables) ** 0.5
    assert abs(further[:, AT].mean()) < 3 * error
    assert further[:, 0].min() > 0.5


def test_errors_sit_in_counts_above_0_alone() -> None:
    """Zeros have an intercept of their own: however many they are, the slopes stay."""
    count, _, score, _ = noisy(3)
    zeros = np.concatenate([count, np.zeros(N)]), np.concatenate([score, np.full(N, 7.0)])
    without = errors_in_frequency(count, score, group=np.zeros(N, np.int64)).levels
    with_ = errors_in_frequency(*zeros, group=np.zeros(2 * N, np.int64)).levels
    for one, other in zip(without, with_):
        assert other.slope == pytest.approx(one.slope, rel=0.002)
        assert other.simex_slope == pytest.approx(one.simex_slope, rel=0.01)


def test_an_error_as_large_as_what_is_left_is_refused() -> None:
    count, _, score, group = noisy(4)
    near = np.log10(count) + np.random.default_rng(0).normal(0, 0.3, N)
    found = errors_in_frequency(count, score, group=group, further=near[:, None])
    assert found.levels[0].slope is not None
    assert found.levels[-1].slope is None
    assert found.explained is not None
    assert found.explained.lowest_defined > 0.5


def test_few_datasets_get_no_interval() -> None:
    count, other, score, group = noisy(5)
    found = errors_in_frequency(count, score, group=group % 4, further=log_terms(other))
    assert all(level.slope_ci95 is None and level.p is None for level in found.levels)
    assert found.levels[AT].slope is not None


def test_a_count_that_does_not_vary_is_refused() -> None:
    with pytest.raises(FitError, match="does not vary"):
        errors_in_frequency(np.full(40, 5.0), np.arange(40.0), group=np.arange(40) % 10)
