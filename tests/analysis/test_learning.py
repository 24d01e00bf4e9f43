"""Tables drawn from each toy model of learning: the right one stands, the other is refuted."""

from __future__ import annotations

import numpy as np
import pytest
from wagidx.analysis.learning import Pair, learning_curves, learning_pair
from wagidx.analysis.rows import Floats, Rows
from wagidx.exceptions import FitError

DATASETS, CONCEPTS, IMAGES = 16, 100, 50


def tables(toy: str, seed: int) -> tuple[Rows, Rows]:
    """Scores of two models on the same test images, in percent.

    Concepts differ in difficulty, and so do datasets, whose easier ones hold more frequent
    concepts; the better model needs a tenth of the examples, or makes 0.6 of the errors.
    """
    rng = np.random.default_rng(seed)
    dataset = np.repeat(np.arange(DATASETS), CONCEPTS)
    ease = rng.uniform(-0.25, 0.25, DATASETS)[dataset]
    log = rng.uniform(1, 5, len(dataset)) + ease
    hard = rng.normal(0, 0.2, len(dataset))
    lot = rng.uniform(0, 1, (len(dataset), IMAGES))

    def score(better: bool) -> Floats:
        if toy == "thresholds":  # needed examples spread evenly from 10^-2 to 10^8
            right = lot * 10 - 2 < (log + ease + hard + 1.0 * better)[:, None]
        else:
            error = 0.45 * 10 ** (-ease + 0.3 * hard - 0.15 * log) * (0.6 if better else 1.0)
            right = lot > error[:, None]
        return np.asarray(100 * right.mean(axis=1), np.float64)

    found = [Rows.of(10**log, score(better), dataset=dataset) for better in (False, True)]
    return found[0], found[1]


def drawn_pairs(toy: str) -> list[Pair]:
    return [learning_pair(*tables(toy, seed)) for seed in range(40)]


@pytest.mark.parametrize(
    ("toy", "other"), [("thresholds", "power_law"), ("power_law", "thresholds")]
)
def test_the_model_that_is_true_stands_and_the_other_is_refuted(toy: str, other: str) -> None:
    pairs = drawn_pairs(toy)
    right = [getattr(pair, toy) for pair in pairs]
    wrong = [getattr(pair, other) for pair in pairs]
    assert sum(drift.refuted for drift in right) <= 6  # 2 are expected; 7 of 40 has p < 0.01
    assert abs(np.mean([drift.per_decade for drift in right])) < 0.1
    assert sum(drift.refuted for drift in wrong) >= 38


@pytest.mark.parametrize(("toy", "sign"), [("thresholds", 1), ("power_law", -1)])
def test_the_curve_that_is_true_is_nearer_on_unseen_names(toy: str, sign: int) -> None:
    found = [learning_curves(tables(toy, seed)[0]) for seed in range(5)]
    assert np.mean([sign * one.difference for one in found]) > 0
    assert sum(sign * one.difference > 0 for one in found) >= 4
    bent = [one.bend.refuted and one.bend.per_decade < 0 for one in found]
    assert sum(map(bool, bent)) >= 4 if sign < 0 else sum(map(bool, bent)) <= 1
    if toy == "thresholds":
        assert [one.slope for one in found] == pytest.approx([10] * 5, abs=0.5)
    else:
        assert [one.exponent for one in found] == pytest.approx([0.15] * 5, abs=0.01)


def test_equal_models_decide_nothing_and_few_datasets_neither() -> None:
    first, _ = tables("thresholds", 0)
    noise = np.random.default_rng(0).normal(0, 1, len(first))
    pair = learning_pair(first, first.scored(np.clip(first.score + noise, 0, 100)))
    assert pair.verdict == "undecided"
    few = first.dataset == "0"
    assert learning_pair(first.where(few), first.where(few)).verdict == "too few datasets"


def test_other_rows_and_scores_that_are_no_shares_are_refused() -> None:
    first, second = tables("thresholds", 0)
    with pytest.raises(FitError, match="not scored on the same rows"):
        learning_pair(first, second.where(second.dataset != "0"))
    with pytest.raises(FitError, match="fractions or percent"):
        learning_curves(first.scored(first.score - 200))
    with pytest.raises(FitError, match="no error in any dataset"):
        perfect = first.scored(np.full(len(first), 100.0))
        learning_pair(perfect, perfect)
