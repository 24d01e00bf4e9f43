"""What a second frequency adds: nothing where only the first made the scores."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from wagidx.analysis.nested import Nested, held_out_gain, log_terms, nested
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Floats, codes

DATASETS, EACH = 16, 24
N = DATASETS * EACH


def planted(
    seed: int, second: float = 0.0
) -> tuple[Floats, Floats, Floats, np.ndarray[tuple[int], np.dtype[np.str_]]]:
    """Two related counts, scores that the first and `second` times the second made, and datasets.

    Slopes differ between datasets, so that errors are shared within them.
    """
    rng = np.random.default_rng(seed)
    group = np.arange(N) % DATASETS
    log = rng.uniform(0, 5, N)
    other = 0.5 * log + rng.uniform(0, 3, N)
    count = np.where(rng.random(N) < 0.1, 0.0, 10**log)
    slope = 4 + rng.normal(0, 2, DATASETS)[group]
    score = 30 + slope * np.log10(np.maximum(count, 1)) + second * other + rng.normal(0, 8, N)
    return count, 10**other, score, group.astype(str)


def asked(seed: int, second: float = 0.0) -> Nested:
    count, other, score, dataset = planted(seed, second)
    name = np.arange(N).astype(str)
    return nested(score, log_terms(count), log_terms(other), dataset=dataset, concept=name)


def test_a_count_that_made_no_score_is_found_about_as_often_as_the_level_says() -> None:
    tables = 200
    found = sum((asked(seed).wald.p or 0.0) < 0.05 for seed in range(tables))
    assert 0.05 - 4 * (0.05 * 0.95 / tables) ** 0.5 < found / tables
    assert found / tables < 0.05 + 3 * (0.05 * 0.95 / tables) ** 0.5


def test_a_count_that_made_the_score_is_found_and_helps_on_held_out_names() -> None:
    found = asked(1, second=5.0)
    assert found.wald.p is not None
    assert found.wald.p < 0.001
    assert found.slope_ci95 is not None
    assert found.slope_ci95[0] < 5.0 < found.slope_ci95[1]
    assert found.held_out is not None
    assert found.held_out.gain > 4 * found.held_out.gain_se


def test_slopes_and_interval_are_those_of_all_columns_at_once() -> None:
    count, other, score, dataset = planted(2)
    found = asked(2)
    group = codes(dataset)
    dummies = (group[:, None] == np.unique(group)).astype(float)
    terms = np.column_stack([log_terms(other)[:, :1], log_terms(count)])
    peer = sm.OLS(score, np.column_stack([terms, dummies])).fit()
    assert found.slope == pytest.approx(peer.params[0])
    assert found.base_slope_with == pytest.approx(peer.params[1])
    line = least_squares(terms[:, 0], score, group=group, beside=terms[:, 1:])
    assert found.slope_ci95 == pytest.approx(clustered(line, group).pair)


def test_held_out_errors_are_those_of_fits_to_the_other_folds() -> None:
    count, other, score, dataset = planted(3)
    group, name = codes(dataset), np.arange(N) // 2
    base, more = log_terms(count), log_terms(other)[:, :1]
    found = held_out_gain(score, base, more, group=group, name=name, seed=5)
    assert found is not None
    fold = np.random.default_rng(5).permutation(np.arange(N // 2) % 10)[name]
    dummies = (group[:, None] == np.unique(group)).astype(float)
    mean = []
    for design in (
        dummies,
        np.column_stack([dummies, base]),
        np.column_stack([dummies, base, more]),
    ):
        errors = np.empty(N)
        for part in range(10):
            out = fold == part
            fitted = sm.OLS(score[~out], design[~out]).fit()
            errors[out] = (score[out] - fitted.predict(design[out])) ** 2
        mean.append(errors.mean())
    assert found.r2_without == pytest.approx(1 - mean[1] / mean[0])
    assert found.r2_with == pytest.approx(1 - mean[2] / mean[0])
    assert found.gain == pytest.approx((mean[1] - mean[2]) / mean[0])


def test_terms_that_cannot_be_told_apart_are_refused_and_told_so() -> None:
    count, _, score, dataset = planted(4)
    name = np.arange(N).astype(str)
    terms = log_terms(count)
    found = nested(score, terms, 2 * terms, dataset=dataset, concept=name)
    assert found.slope is None
    assert found.wald.p is None
    assert found.note is not None
    assert "sum of the others" in found.note


def test_few_datasets_get_slopes_and_a_gain_but_no_test() -> None:
    count, other, score, dataset = planted(5)
    few = (codes(dataset) % 3).astype(str)
    name = np.arange(N).astype(str)
    found = nested(score, log_terms(count), log_terms(other), dataset=few, concept=name)
    assert found.slope is not None
    assert found.held_out is not None
    assert found.slope_ci95 is None
    assert found.wald.note == "3 datasets; a clustered test needs at least 10"


def test_an_independent_f_test_finds_what_is_not_there() -> None:
    """Why the test is clustered: a second count that is one number for each dataset's half."""
    hits = 0
    for seed in range(40):
        count, _, score, dataset = planted(seed)
        group = codes(dataset)
        rng = np.random.default_rng(seed)
        half = (np.arange(N) // DATASETS) % 2
        shared = rng.normal(0, 6, (DATASETS, 2))[group, half]
        other = rng.normal(0, 1, (DATASETS, 2))[group, half]
        dummies = (group[:, None] == np.unique(group)).astype(float)
        design = np.column_stack([other, log_terms(count), dummies])
        fitted = sm.OLS(score + shared, design).fit()
        hits += float(2 * stats.t.sf(abs(fitted.tvalues[0]), fitted.df_resid)) < 0.05
    assert hits > 8, "2 of 40 are what the level allows"
