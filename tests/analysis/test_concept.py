"""Laws of the regression on concepts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import SLOPE, table
from scipy import stats
from wagidx.analysis.concept import concept_fit
from wagidx.analysis.prediction import straight_line
from wagidx.analysis.rows import Rows
from wagidx.analysis.sensitivity import sensitivity
from wagidx.analysis.zeros import axis
from wagidx.exceptions import FitError

SEEDS = st.integers(0, 10**6)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from([10.0, 1000.0]))
def test_scaling_counts_moves_only_the_intercept(seed: int, factor: float) -> None:
    rows = table("datasets", seed, n=120, datasets=12)
    first = concept_fit(rows, draws=0)
    more = Rows(rows.concept, rows.dataset, rows.count * factor, rows.score)
    second = concept_fit(more, draws=0)
    assert second.slope_per_decade == pytest.approx(first.slope_per_decade)
    assert second.slope_ci95 == pytest.approx(first.slope_ci95)
    assert second.within.slope_ci95 == pytest.approx(first.within.slope_ci95)
    assert second.pearson_r == pytest.approx(first.pearson_r)
    shift = first.slope_per_decade * np.log10(factor)
    assert second.intercept == pytest.approx(first.intercept - shift)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_order_of_rows_changes_nothing(seed: int) -> None:
    rows = table("names", seed, n=120, datasets=12)
    order = np.random.default_rng(seed).permutation(len(rows))
    mixed = Rows(rows.concept[order], rows.dataset[order], rows.count[order], rows.score[order])
    first, second = concept_fit(rows, draws=50), concept_fit(mixed, draws=50)
    assert second.intervals["concept"].pair == pytest.approx(first.intervals["concept"].pair)
    assert second.within.slope_ci95 == pytest.approx(first.within.slope_ci95)
    assert second.heterogeneity.tau2 == pytest.approx(first.heterogeneity.tau2, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.001, 100))
def test_slopes_scale_with_the_unit_of_score(seed: int, unit: float) -> None:
    rows = table("gaussian", seed, n=120, datasets=12)
    first, second = (concept_fit(one, draws=0) for one in (rows, rows.scored(rows.score * unit)))
    assert second.slope_per_decade == pytest.approx(first.slope_per_decade * unit)
    assert second.within.slope_per_decade == pytest.approx(
        (first.within.slope_per_decade or 0) * unit
    )
    assert second.pearson_r == pytest.approx(first.pearson_r)


@given(st.floats(-20, 20).filter(lambda slope: abs(slope) > 0.01), st.floats(-50, 50))
@settings(max_examples=20, deadline=None)
def test_exactly_log_linear_data_give_their_slope_and_r_of_one(slope: float, at: float) -> None:
    log = np.linspace(0, 6, 60)
    found = concept_fit(Rows.of(10**log, at + slope * log, dataset=np.arange(60) % 12), draws=20)
    assert found.slope_per_decade == pytest.approx(slope)
    assert found.within.slope_per_decade == pytest.approx(slope)
    assert found.robust.theil_sen_slope_per_decade == pytest.approx(slope)
    assert found.intercept == pytest.approx(at, abs=1e-6)
    assert abs(found.pearson_r) == pytest.approx(1)


def test_dataset_means_do_not_reach_the_slope_within() -> None:
    rows = table("datasets", 11)
    found = concept_fit(rows, draws=0)
    assert found.within.slope_per_decade == pytest.approx(SLOPE, abs=1)
    assert found.slope_per_decade > (found.within.slope_per_decade or 0) + 0.5


def test_floored_zeros_make_the_slope_depend_on_the_corpus_and_others_do_not() -> None:
    rows = table("zeros", 12)
    more = Rows(rows.concept, rows.dataset, rows.count * 1000, rows.score)
    first, second = (
        {rule.rule: rule.slope_per_decade for rule in concept_fit(one, draws=0).zeros}
        for one in (rows, more)
    )
    assert first["drop"] == pytest.approx(second["drop"])
    assert first["indicator"] == pytest.approx(second["indicator"])
    assert first["indicator"] == pytest.approx(first["drop"])
    assert abs((first["floor"] or 0) - (second["floor"] or 0)) > 1


def test_zero_rules_place_counts_as_they_say() -> None:
    count = np.array([0.0, 1, 9])
    assert axis(count, "floor").x == pytest.approx([0, 0, np.log10(9)])
    assert axis(count, "drop").x == pytest.approx([0, np.log10(9)])
    assert axis(count, "offset").x == pytest.approx([0, np.log10(2), 1])
    zero = axis(count, "indicator").zero
    assert zero is not None and zero.tolist() == [1, 0, 0]
    for rule, offset in (("floored", 1.0), ("offset", 0.0)):
        with pytest.raises(FitError, match="choose one of"):
            axis(count, rule, offset)


def test_correlations_are_scipys() -> None:
    rows = table("zeros", 13)
    found = concept_fit(rows, draws=0)
    r = stats.pearsonr(np.log10(np.maximum(rows.count, 1)), rows.score)
    assert (found.pearson_r, found.pearson_p) == pytest.approx(tuple(r))
    assert found.spearman_r == pytest.approx(stats.spearmanr(rows.count, rows.score).statistic)


def test_chance_is_zero_and_perfect_is_one_in_every_dataset() -> None:
    log = np.linspace(0, 4, 40)
    dataset = np.where(np.arange(40) % 2, "ten", "two")
    chance = np.where(dataset == "ten", 0.1, 0.5)
    score = 100 * (chance + (1 - chance) * log / 4)
    found = concept_fit(Rows.of(10**log, score, dataset=dataset), classes={"ten": 10, "two": 2})
    assert found.chance_corrected is not None
    assert found.chance_corrected.slope_per_decade == pytest.approx(0.25)
    assert found.chance_corrected.within.slope_per_decade == pytest.approx(0.25)
    assert concept_fit(Rows.of(10**log, score, dataset=dataset)).chance_corrected is None


def test_intervals_of_a_prediction_are_those_of_statsmodels() -> None:
    rows = table("gaussian", 14)
    line = straight_line(rows)
    peer = sm.OLS(rows.score, sm.add_constant(rows.log10_count)).fit()
    for count in (1.0, 300.0, 1e9):
        found = line.at(count)
        table_ = peer.get_prediction([[1, np.log10(count)]]).summary_frame().iloc[0]
        assert found.fitted == pytest.approx(table_["mean"])
        assert found.mean_ci95 == pytest.approx((table_.mean_ci_lower, table_.mean_ci_upper))
        assert found.new_ci95 == pytest.approx((table_.obs_ci_lower, table_.obs_ci_upper))
    assert line.at(1e9).outside_data and not line.at(300).outside_data


def test_frequency_needed_is_where_the_interval_of_the_mean_meets_the_score() -> None:
    line = straight_line(table("gaussian", 15))
    found = line.needed(52.0)
    assert found.bounded and found.count is not None and found.count_ci95 is not None
    assert line.at(found.count).fitted == pytest.approx(52)
    assert line.at(found.count_ci95[0]).mean_ci95[1] == pytest.approx(52)
    assert line.at(found.count_ci95[1]).mean_ci95[0] == pytest.approx(52)
    assert line.needed(99.0).outside_data


def test_frequency_needed_is_not_bounded_where_the_slope_may_be_zero() -> None:
    rows = table("gaussian", 16)
    flat = rows.scored(np.random.default_rng(16).normal(50, 10, len(rows)))
    assert concept_fit(flat, draws=0).slope_ci95[0] < 0  # type: ignore[index]
    found = straight_line(flat).needed(60.0)
    assert not found.bounded and found.count is None and found.count_ci95 is None


def test_frequency_needed_is_not_bounded_where_the_slope_within_datasets_may_be_zero() -> None:
    """Easy datasets hold frequent concepts, and within a dataset nothing depends on frequency."""
    rows = table("gaussian", 18, n=240, datasets=12)
    easy = np.array([int(name) for name in rows.dataset], np.float64)
    noise = np.random.default_rng(18).normal(0, 1, len(rows))
    count = 10 ** (1 + easy / 4) + np.arange(len(rows)) % 7
    pooled = replace(rows.scored(50 + easy + noise), count=count)
    line = straight_line(pooled)
    within = concept_fit(pooled, draws=0).within.slope_ci95
    assert within == line.within_ci95
    assert within is not None and within[0] < 0 < within[1]
    assert line.slope > 0 and not line.needed(55.0).bounded
    assert replace(line, within_ci95=None).needed(55.0).bounded


def test_sensitivity_begins_with_the_choice_made_and_leaves_out_each_dataset() -> None:
    rows = table("zeros", 17, datasets=3)
    found = sensitivity(rows)
    assert (found[0].rows, found[0].n_bins, found[0].slice) == ("all", 12, (1, -1))
    assert [one.rows for one in found[-4:]] == ["without 0", "without 1", "without 2", "non-zero"]
    assert found[-1].n_rows == int((rows.count > 0).sum())
    assert len({(one.rows, one.n_bins, one.slice) for one in found}) == len(found)
