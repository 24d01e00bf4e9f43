"""Shuffles within datasets, one at a time and all at once."""

from __future__ import annotations

import numpy as np
import pytest
from planted import table
from wagidx.analysis import permutation
from wagidx.analysis.binned import CLASSIFICATION, Recipe, binned_fit
from wagidx.analysis.permutation import (
    benjamini_hochberg,
    benjamini_yekutieli,
    permutation_null,
    shuffled_r,
)
from wagidx.analysis.rows import Rows, codes


@pytest.mark.parametrize("recipe", [CLASSIFICATION, Recipe(7, -4, None)])
def test_r_of_each_shuffle_is_that_of_the_binned_procedure(recipe: Recipe) -> None:
    rows = table("datasets", 5)
    found = shuffled_r(rows, recipe, 6, seed=1)
    generator, dataset = np.random.default_rng(1), codes(rows.dataset)
    by_dataset = np.argsort(dataset, kind="stable")
    for r in found:
        shuffled = np.empty(len(rows))
        shuffled[by_dataset] = rows.score[np.lexsort((generator.random(len(rows)), dataset))]
        for name in np.unique(dataset):
            inside = dataset == name
            assert sorted(shuffled[inside]) == sorted(rows.score[inside])
        assert r == pytest.approx(binned_fit(rows.count, shuffled, recipe).pearson_r)


def test_frequency_that_only_tells_datasets_apart_is_not_significant() -> None:
    rng = np.random.default_rng(2)
    dataset = np.repeat(np.arange(10), 60)
    log = dataset * 0.4 + rng.uniform(0, 1.5, 600)
    rows = Rows.of(10**log, 5 * dataset + rng.normal(0, 5, 600), dataset=dataset)
    null = permutation_null(rows, shuffles=400)
    assert null.pearson_r > 0.9 and null.mean > 0.9
    assert null.p > 0.01
    assert null.range95[0] <= null.mean <= null.range95[1]


def test_a_law_within_datasets_is_significant() -> None:
    null = permutation_null(table("gaussian", 6), shuffles=400)
    assert null.p == pytest.approx(1 / 401)
    assert null.pearson_r_within > 0.9


def test_the_same_seed_gives_the_same_null_and_p_is_uniform_without_a_law() -> None:
    rows = table("gaussian", 7)
    assert permutation_null(rows, shuffles=50, seed=3) == permutation_null(
        rows, shuffles=50, seed=3
    )
    rng = np.random.default_rng(0)
    p = [
        permutation_null(rows.scored(rng.permutation(rows.score)), shuffles=99).p for _ in range(60)
    ]
    assert 0.3 < np.mean(p) < 0.7


def test_adjusted_p_are_the_textbooks() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.2])
    assert benjamini_hochberg(p) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.2])
    assert benjamini_yekutieli(p) == pytest.approx(
        np.minimum(benjamini_hochberg(p) * (1 + 1 / 2 + 1 / 3 + 1 / 4), 1)
    )


def test_orders_that_are_kept_are_those_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table("datasets", 5)
    kept = shuffled_r(rows, CLASSIFICATION, 20, seed=3)
    assert (shuffled_r(rows, CLASSIFICATION, 20, seed=3) == kept).all()
    monkeypatch.setattr(permutation, "_KEPT", 0)
    assert (shuffled_r(rows, CLASSIFICATION, 20, seed=3) == kept).all()
