"""The binned procedure beside a loop over rows, scipy, and its laws."""

from __future__ import annotations

import bisect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from wagidx.analysis.binned import (
    CLASSIFICATION,
    RETRIEVAL,
    Recipe,
    bin_means,
    binned_fit,
    correlation,
)
from wagidx.exceptions import FitError

ROWS = st.lists(
    st.tuples(st.integers(0, 10**9), st.floats(0, 100, width=32)), min_size=2, max_size=60
)


def naive(counts: list[int], scores: list[float], n_bins: int) -> list[list[float]]:
    """The scores of each bin, a row at a time."""
    x = [math.log(max(count, 1)) for count in counts]
    edges = [float(edge) for edge in np.linspace(min(x), max(x), n_bins)]
    bins: list[list[float]] = [[] for _ in edges]
    for value, score in zip(x, scores):
        bins[min(bisect.bisect_left(edges, value), n_bins - 1)].append(score)
    return bins


@given(ROWS, st.integers(2, 15))
def test_bins_are_those_of_a_loop_over_rows(rows: list[tuple[int, float]], n_bins: int) -> None:
    counts, scores = [row[0] for row in rows], [row[1] for row in rows]
    expected = naive(counts, scores, n_bins)
    found = bin_means(np.log(np.maximum(counts, 1)), scores, n_bins)
    assert found.count.tolist() == [len(bin_) for bin_ in expected]
    means = [float(np.mean(bin_)) if bin_ else 0 for bin_ in expected]
    spreads = [float(np.std(bin_)) if bin_ else 0 for bin_ in expected]
    assert np.allclose(found.mean, means)
    assert np.allclose(found.std, spreads, atol=1e-6)


@pytest.mark.parametrize("recipe", [CLASSIFICATION, RETRIEVAL, Recipe(12, 2, -1)])
def test_r_and_line_are_scipys_over_the_slice(recipe: Recipe) -> None:
    rng = np.random.default_rng(3)
    counts = np.floor(10 ** rng.uniform(0, 6, 800)).astype(int)
    scores = 7 * np.log10(counts) + rng.normal(0, 20, 800)
    found = binned_fit(counts, scores, recipe)
    x, y = found.bins.edge[recipe.slice], found.bins.mean[recipe.slice]
    line = stats.linregress(x / math.log(10), y)
    assert (found.pearson_r, found.pearson_p) == pytest.approx(tuple(stats.pearsonr(x, y)))
    assert found.slope_per_decade == pytest.approx(line.slope)
    assert found.intercept == pytest.approx(line.intercept)
    assert found.rows_in_slice == found.bins.count[recipe.slice].sum()


def test_the_smallest_frequency_has_a_bin_to_itself() -> None:
    found = bin_means(np.log([1, 1, 10, 100]), [1.0, 3.0, 5.0, 7.0], 3)
    assert found.count.tolist() == [2, 1, 1]
    assert found.right_edge == pytest.approx([1, 10, 100])


def test_an_empty_bin_is_a_zero_that_stays_in_the_correlation() -> None:
    found = binned_fit([1, 1000, 1000], [50.0, 60.0, 70.0], Recipe(4, None, None))
    assert found.bins.mean.tolist() == [50, 0, 0, 65]
    assert found.n_empty == 2
    assert found.pearson_r < 0.9
    assert found.pearson_r_filled == pytest.approx(1)


@settings(max_examples=50)
@given(st.randoms(use_true_random=False), st.floats(0.1, 50))
def test_order_of_rows_changes_nothing_and_slope_scales_with_the_unit(
    random: object, unit: float
) -> None:
    rng = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
    counts, scores = rng.integers(0, 10**6, 100), rng.uniform(0, 100, 100)
    order = rng.permutation(100)
    first, second = binned_fit(counts, scores), binned_fit(counts[order], scores[order] * unit)
    assert second.pearson_r == pytest.approx(first.pearson_r)
    assert second.slope_per_decade == pytest.approx(first.slope_per_decade * unit)


def test_scaling_counts_moves_only_the_intercept() -> None:
    rng = np.random.default_rng(5)
    counts = rng.integers(1, 10**5, 300)
    scores = np.log10(counts) + rng.normal(size=300)
    first, second = binned_fit(counts, scores), binned_fit(counts * 8, scores)
    assert second.slope_per_decade == pytest.approx(first.slope_per_decade)
    shifted = first.intercept - first.slope_per_decade * math.log10(8)
    assert second.intercept == pytest.approx(shifted)


def test_what_is_not_defined_is_nan() -> None:
    found = binned_fit([7, 7], [1.0, 2.0])
    assert math.isnan(found.pearson_r) and math.isnan(found.slope_per_decade)
    assert all(map(math.isnan, correlation(np.arange(3.0), np.ones(3))))


@pytest.mark.parametrize("counts, scores", [([], []), ([1, 2], [1.0])])
def test_rows_that_do_not_pair_are_refused(counts: list[int], scores: list[float]) -> None:
    with pytest.raises(FitError, match="as many scores as counts"):
        binned_fit(counts, scores)
    with pytest.raises(FitError, match="at least 2"):
        Recipe(1)
