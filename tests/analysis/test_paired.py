"""Slopes of several models under the same draws."""

from __future__ import annotations

import numpy as np
import pytest
from planted import table
from wagidx.analysis.paired import logits, paired_slope_draws
from wagidx.analysis.resampling import slope_draws
from wagidx.analysis.rows import codes

ROWS = table("names", 3, n=240, datasets=6)
X, GROUP, NAME = ROWS.log10_count, codes(ROWS.dataset), codes(ROWS.concept)
SCORES = np.column_stack([ROWS.score, 50 - 2 * X + np.arange(len(X)) % 7])


def test_each_column_has_the_draws_it_would_have_alone() -> None:
    found = paired_slope_draws(X, SCORES, NAME, group=GROUP, draws=150, seed=4)
    for column, scores in zip(found.T, SCORES.T):
        alone = slope_draws(X, scores, NAME, group=GROUP, draws=150, seed=4)
        assert column == pytest.approx(alone)


def test_the_difference_of_slopes_is_the_slope_of_the_difference() -> None:
    found = paired_slope_draws(X, SCORES, NAME, group=GROUP, draws=50)
    apart = slope_draws(X, SCORES[:, 1] - SCORES[:, 0], NAME, group=GROUP, draws=50)
    assert found[:, 1] - found[:, 0] == pytest.approx(apart)


def test_names_that_a_table_lacks_are_drawn_all_the_same() -> None:
    """Two tables whose names are numbered alike see the same draws."""
    inside = NAME < 40
    some = slope_draws(X[inside], ROWS.score[inside], NAME[inside], names=60, draws=20)
    weights = np.random.default_rng(0).integers(60, size=(20, 60))
    for slope, drawn in zip(some, weights):
        times = np.bincount(drawn, minlength=60)[NAME[inside]]
        assert slope == pytest.approx(np.polyfit(X[inside], ROWS.score[inside], 1, w=times**0.5)[0])


def test_logits_are_finite_and_symmetric() -> None:
    found = logits(np.array([0.0, 25.0, 50.0, 75.0, 100.0]), 100.0)
    assert np.isfinite(found).all()
    assert found == pytest.approx(-found[::-1])
    assert (np.diff(found) > 0).all()
    assert logits(np.array([0.25]), 1.0) == pytest.approx(found[1])
