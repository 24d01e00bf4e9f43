"""Power laws of known exponent are found again; shares and correlations are scipy's and lawful."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from wagidx.analysis import power_law
from wagidx.analysis.agreement import agreement
from wagidx.analysis.distributions import share_interval
from wagidx.analysis.longtail import gini, top_mass
from wagidx.analysis.power_law import (
    PowerLaw,
    best_power_law,
    chance_of_distance,
    exponent_draws,
    sample,
)
from wagidx.analysis.tail_forms import (
    compare_tail_forms,
    lognormal_chances,
    truncated_chances,
)
from wagidx.analysis.tally import Tally, drawn
from wagidx.analysis.unequal import below_largest, decades, measures

COUNTS = st.lists(st.integers(0, 10**6), min_size=3, max_size=40)


def law(alpha: float, xmin: int, n: int = 0) -> PowerLaw:
    return PowerLaw(alpha, xmin, n, 0.0)


@pytest.mark.parametrize(("alpha", "xmin"), [(1.6, 1), (2.5, 1), (3.0, 20), (2.0, 3000)])
def test_samples_follow_the_closed_form(alpha: float, xmin: int) -> None:
    made = sample(law(alpha, xmin), 50_000, np.random.default_rng(1))
    assert made.min() == xmin
    assert (made == np.floor(made)).all()
    for value in (xmin + 1, 2 * xmin + 3, 10 * xmin + 10, 20_000, 100_000):
        share = float(special.zeta(alpha, value) / special.zeta(alpha, xmin))
        spread = (share * (1 - share) / len(made)) ** 0.5
        assert abs((made >= value).mean() - share) < 4 * spread + 1e-4, value


@pytest.mark.parametrize(("alpha", "xmin"), [(1.8, 1), (2.2, 5), (3.0, 40)])
def test_the_exponent_of_simulated_counts_is_found_again(alpha: float, xmin: int) -> None:
    made = sample(law(alpha, xmin), 20_000, np.random.default_rng(2))
    found = best_power_law(Tally.of(made))
    assert found is not None
    assert found.alpha == pytest.approx(alpha, abs=0.06)
    assert found.rank_exponent == pytest.approx(1 / (alpha - 1), rel=0.06)


def test_the_exponent_is_the_likeliest_one() -> None:
    made = Tally.of(sample(law(2.3, 4), 500, np.random.default_rng(3)))
    found = best_power_law(made)
    assert found is not None
    part = made.above(found.xmin)

    def likelihood(alpha: float) -> float:
        each = -alpha * np.log(part.values) - np.log(special.zeta(alpha, found.xmin))
        return float(part.times @ each)

    assert likelihood(found.alpha) > max(
        likelihood(found.alpha - 1e-3), likelihood(found.alpha + 1e-3)
    )


def test_the_distance_is_that_of_a_naive_loop_over_whole_numbers() -> None:
    counts = sample(law(3.0, 3), 200, np.random.default_rng(4))
    found = best_power_law(Tally.of(counts))
    assert found is not None
    kept = counts[counts >= found.xmin]
    whole = np.arange(found.xmin, kept.max() + 1)
    share = np.array([(kept <= x).mean() for x in whole])
    fitted = 1 - special.zeta(found.alpha, whole + 1) / special.zeta(found.alpha, found.xmin)
    assert found.distance == pytest.approx(abs(share - fitted).max(), abs=1e-9)
    assert found.n == len(kept)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 3, 90, 5000]), st.integers(60, 900))
def test_the_nearest_law_is_that_of_a_naive_loop_over_all_starts(
    seed: int, xmin: int, n: int
) -> None:
    """A start that a look at some values rules out is never the nearest one."""
    generator = np.random.default_rng(seed)
    made = sample(law(1.7, xmin), n, generator)
    made[: n // 3] = generator.integers(1, 40 * xmin, n // 3)
    held = Tally.of(made)
    starts, logs = power_law._starts(held), np.log(held.values)
    laws = []
    for start, alpha in zip(starts.tolist(), power_law._exponents(held, starts).tolist()):
        if 1 < alpha < power_law.STEEPEST:
            part = Tally(held.values[start:], held.times[start:])
            distance = power_law._distance(part, logs[start:], alpha)
            laws.append(PowerLaw(alpha, int(part.values[0]), part.n, distance))
    assert best_power_law(held) == min(laws, key=lambda one: one.distance)


def test_intervals_of_the_exponent_hold_the_truth() -> None:
    held = 0
    for seed in range(40):
        generator = np.random.default_rng(seed)
        made = Tally.of(sample(law(2.0, 2), 400, generator))
        low, high = np.quantile(exponent_draws(made, draws=60, generator=generator), [0.025, 0.975])
        held += low <= 2.0 <= high
    assert held >= 33  # 38 expected; fewer than 33 would come once in 100 at .92


def test_p_is_spread_evenly_under_the_law_and_small_away_from_it() -> None:
    found = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        made = Tally.of(sample(law(2.2, 3), 300, generator))
        best = best_power_law(made)
        assert best is not None
        found.append(chance_of_distance(made, best, draws=39, generator=generator))
    assert 0.25 < np.mean(found) < 0.8
    even = Tally.of(np.repeat(np.arange(1, 201), 50))
    best = best_power_law(even)
    assert best is not None
    assert chance_of_distance(even, best, draws=39, generator=np.random.default_rng(0)) <= 0.1


def test_too_few_or_equal_counts_have_no_law() -> None:
    assert best_power_law(Tally.of([0] * 500)) is None
    assert best_power_law(Tally.of(range(30))) is None
    assert best_power_law(Tally.of([7] * 500)) is None


def test_other_forms_sum_to_one() -> None:
    values = np.arange(5.0, 400_000)
    assert np.exp(lognormal_chances(values, 2.0, 1.5)).sum() == pytest.approx(1, abs=1e-6)
    assert np.exp(truncated_chances(values, 1.7, 1e-3)).sum() == pytest.approx(1, abs=1e-6)
    plain = -2.5 * np.log(values) - np.log(special.zeta(2.5, 5.0))
    assert truncated_chances(values, 2.5, 1e-12) == pytest.approx(plain, abs=1e-5)


def test_the_form_that_made_the_counts_is_nearer() -> None:
    generator = np.random.default_rng(5)
    lognormal = np.floor(np.exp(generator.normal(5.0, 0.8, 3000))) + 1
    whole = Tally.of(lognormal)
    first = int(whole.values[0])
    forms = {one.form: one for one in compare_tail_forms(whole, law(1.25, first, whole.n))}
    assert forms["lognormal"].nearer == "this"
    assert forms["lognormal"].parameters["mu"] == pytest.approx(5.0, abs=0.1)
    assert forms["lognormal"].parameters["sigma"] == pytest.approx(0.8, abs=0.05)
    power = sample(law(2.0, 1), 20_000, generator)
    cut = Tally.of(power[generator.random(len(power)) < np.exp(-power / 50)])
    found = best_power_law(cut)
    assert found is not None
    plain = law(found.alpha, 1, cut.n)
    truncated = compare_tail_forms(cut, plain)[1]
    assert truncated.nearer == "this"
    assert truncated.parameters["rate"] == pytest.approx(1 / 50, rel=0.2)
    assert truncated.parameters["alpha"] == pytest.approx(2.0, abs=0.1)


def test_no_cutoff_is_found_where_there_is_none() -> None:
    made = Tally.of(sample(law(2.0, 1), 3000, np.random.default_rng(6)))
    found = best_power_law(made)
    assert found is not None
    lognormal, truncated = compare_tail_forms(made, found)
    assert truncated.nearer == "undecided"
    assert truncated.log_ratio <= 0
    assert lognormal.nearer != "this"


def test_fits_are_those_of_the_powerlaw_package() -> None:
    powerlaw = pytest.importorskip("powerlaw", reason="powerlaw is not installed")
    made = sample(law(2.1, 6), 600, np.random.default_rng(7))
    whole = Tally.of(made)
    found = best_power_law(whole)
    assert found is not None
    with np.errstate(all="ignore"):
        other = powerlaw.Fit(
            made, discrete=True, xmin=found.xmin, estimate_discrete=False, verbose=0
        )
        ratio, p = other.distribution_compare("power_law", "lognormal")
        cut, _ = other.distribution_compare("power_law", "truncated_power_law")
    assert found.alpha == pytest.approx(other.power_law.alpha, abs=1e-3)
    lognormal, truncated = compare_tail_forms(whole, found)
    assert lognormal.log_ratio <= ratio + 0.01  # below it where our lognormal is likelier
    assert lognormal.log_ratio == pytest.approx(ratio, abs=0.3)
    assert truncated.log_ratio == pytest.approx(cut, abs=0.01)
    assert 0 <= p <= 1


@given(COUNTS)
def test_gini_and_top_shares_are_those_of_the_counts(counts: list[int]) -> None:
    found, (top,) = measures(Tally.of(counts), top=(0.1,), draws=2, seed=0)
    if not any(counts):
        assert (found.value, top.value) == (None, None)
        return
    assert found.value == pytest.approx(gini(counts), abs=1e-12)
    held = top_mass(counts, 0.1) if round(0.1 * len(counts)) else None
    assert top.value == (held if held is None else pytest.approx(held, abs=1e-12))


@given(COUNTS, st.integers(2, 1000))
def test_scaling_counts_leaves_gini_top_shares_and_correlations(
    counts: list[int], factor: int
) -> None:
    scaled = [factor * count for count in counts]
    one, two = (measures(Tally.of(c), top=(0.1, 0.5), draws=5, seed=0) for c in (counts, scaled))
    for a, b in zip([one[0], *one[1]], [two[0], *two[1]]):
        assert (a.value is None) == (b.value is None)
        if a.value is not None:
            assert a.value == pytest.approx(b.value, abs=1e-12)
    other = counts[1:] + counts[:1]
    assert agreement(counts, other, draws=5).all.spearman == pytest.approx(
        agreement(scaled, other, draws=5).all.spearman
    )
    below = [below_largest(Tally.of(c), 1).value for c in (counts, scaled)]
    assert below[0] == below[1]


@given(COUNTS)
def test_a_list_agrees_with_itself(counts: list[int]) -> None:
    found = agreement(counts, counts, draws=5).all
    if len(set(counts)) > 1:
        assert found.spearman == pytest.approx(1)
        assert found.pearson_log1p == pytest.approx(1)
    else:
        assert (found.spearman, found.pearson_log1p) == (None, None)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**5)), min_size=3, max_size=60))
def test_correlations_are_scipys(pairs: list[tuple[int, int]]) -> None:
    x, y = np.array(pairs, float).T
    found = agreement(x, y, draws=2)
    assert found.n_zero_in_both == int(((x == 0) & (y == 0)).sum())
    both = (x > 0) & (y > 0)
    for one, mask in ((found.all, slice(None)), (found.nonzero_in_both, both)):
        a, b = x[mask], y[mask]
        assert one.n == len(a)
        if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
            assert one.spearman is None
            continue
        assert one.spearman == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-9)
        pearson = stats.pearsonr(np.log1p(a), np.log1p(b)).statistic
        assert one.pearson_log1p == pytest.approx(pearson, abs=1e-9)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_names_changes_nothing(counts: list[int], random: object) -> None:
    pairs = list(zip(counts, reversed(counts)))
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert agreement(*zip(*pairs), draws=9) == agreement(*zip(*shuffled), draws=9)


def test_resampled_correlations_are_those_of_a_naive_loop() -> None:
    generator = np.random.default_rng(8)
    x = generator.integers(0, 30, 200).astype(float)
    y = x + generator.integers(0, 40, 200)
    found = agreement(x, y, draws=2000).all
    drawn = []
    for _ in range(2000):
        names = generator.integers(0, 200, 200)
        drawn.append(stats.spearmanr(x[names], y[names]).statistic)
    assert found.spearman_ci95 == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)


@pytest.mark.parametrize("crowd", [1, 1000])
def test_both_ways_of_drawing_names_draw_as_many_and_evenly(crowd: int) -> None:
    times = np.array([1, 2, 7]) * crowd
    blocks = np.concatenate(list(drawn(times, 3000, np.random.default_rng(9))))
    assert blocks.shape == (3000, 3)
    assert (blocks.sum(axis=1) == times.sum()).all()
    assert blocks.mean(axis=0) == pytest.approx(times, rel=0.1)


def test_intervals_of_shares_are_wilsons() -> None:
    for part, n in ((0, 10), (3, 10), (400, 1000), (10, 10)):
        wilson = stats.binomtest(part, n).proportion_ci(method="wilson")
        assert share_interval(part, n) == pytest.approx((wilson.low, wilson.high), abs=1e-12)


def test_decades_part_the_names_that_occur() -> None:
    counts = [0, 0, 1, 9, 10, 99, 100, 1000]
    assert decades(Tally.of(counts)) == [(1, 10, 2), (10, 100, 2), (100, 1000, 1), (1000, 10000, 1)]
    assert decades(Tally.of([0, 0])) == []
