"""Slopes and intervals beside statsmodels and matrices written out in full."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from planted import table
from scipy import linalg, stats
from wagidx.analysis import resampling
from wagidx.analysis.regression import clustered, hc3, iid, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Floats, Integers, codes
from wagidx.analysis.weights import score_weights
from wagidx.exceptions import FitError

ROWS = table("datasets", 1, n=180, datasets=12)
X, Y, GROUP = ROWS.log10_count, ROWS.score, codes(ROWS.dataset)
WEIGHT = np.random.default_rng(0).uniform(0.2, 3, len(X))


def dummies(group: Integers | None) -> Floats:
    if group is None:
        return np.ones((len(X), 1))
    return np.asarray(group[:, None] == np.unique(group), np.float64)


@pytest.mark.parametrize("group", [None, GROUP], ids=["pooled", "within"])
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
def test_slope_and_its_iid_and_hc3_intervals_are_those_of_statsmodels(
    group: Integers | None, weight: Floats | None
) -> None:
    design = np.column_stack([X, dummies(group)])
    peer = sm.WLS(Y, design, weights=np.ones(len(X)) if weight is None else weight).fit()
    line = least_squares(X, Y, group=group, weight=weight)
    assert line.slope == pytest.approx(peer.params[0])
    assert iid(line).pair == pytest.approx(tuple(peer.conf_int()[0]))
    robust = peer.get_robustcov_results("HC3", use_t=True)
    assert hc3(line).pair == pytest.approx(tuple(robust.conf_int()[0]))


@pytest.mark.parametrize("group", [None, GROUP], ids=["pooled", "within"])
def test_clustered_interval_is_cr2_with_every_matrix_written_out(group: Integers | None) -> None:
    design = np.column_stack([X, dummies(group)])
    inverse = np.linalg.inv(design.T @ design)
    hat = np.eye(len(X)) - design @ inverse @ design.T
    residual, meat, columns = hat @ Y, 0.0, []
    for name in np.unique(GROUP):
        inside = name == GROUP
        own = hat[np.ix_(inside, inside)]
        values, vectors = linalg.eigh(own)
        kept = values > 1e-8
        root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
        pull = root @ design[inside] @ inverse[:, 0]
        meat += float(pull @ residual[inside]) ** 2
        columns.append(hat[:, inside] @ pull)
    gram = np.array([[a @ b for a in columns] for b in columns])
    df = np.trace(gram) ** 2 / (gram**2).sum()
    found = clustered(least_squares(X, Y, group=group), GROUP)
    assert found.se == pytest.approx(meat**0.5)
    assert found.df == pytest.approx(df)
    reach = stats.t.ppf(0.975, df) * meat**0.5
    slope = least_squares(X, Y, group=group).slope
    assert found.pair == pytest.approx((slope - reach, slope + reach))


def test_clusters_of_one_row_make_cr2_hc2() -> None:
    peer = sm.OLS(Y, sm.add_constant(X)).fit().get_robustcov_results("HC2")
    found = clustered(least_squares(X, Y), np.arange(len(X)))
    assert found.se == pytest.approx(peer.bse[1])


def test_few_datasets_get_no_clustered_interval_and_are_told_so() -> None:
    found = clustered(least_squares(X, Y), GROUP % 9)
    assert found.pair is None
    assert found.note == "9 datasets; a clustered interval needs at least 10"


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("beside", [None, WEIGHT > 1.5])
def test_resampled_slopes_are_those_of_least_squares_on_the_drawn_rows(
    grouped: bool, beside: Floats | None
) -> None:
    name = np.arange(len(X)) % 50
    extra = None if beside is None else beside.astype(float)
    group = GROUP if grouped else None
    found = slope_draws(X, Y, name, group=group, beside=extra, draws=5, seed=2)
    chosen = np.random.default_rng(2).integers(50, size=(5, 50))
    drawn = [np.bincount(names, minlength=50) for names in chosen]
    for slope, times in zip(found, drawn):
        rows = np.repeat(np.arange(len(X)), times[name])
        line = least_squares(
            X[rows],
            Y[rows],
            group=None if group is None else codes(group[rows].astype(str)),
            beside=None if extra is None else extra[rows],
        )
        assert slope == pytest.approx(line.slope)


def test_draws_that_are_kept_are_those_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    name = np.arange(len(X)) % 50
    kept = slope_draws(X, Y, name, draws=250, seed=4)
    assert (slope_draws(X, Y, name, draws=250, seed=4) == kept).all()
    monkeypatch.setattr(resampling, "_KEPT", 0)
    assert (slope_draws(X, Y, name, draws=250, seed=4) == kept).all()


def test_resampled_names_agree_with_hc3_where_each_name_has_one_row() -> None:
    drawn = concept_interval(slope_draws(X, Y, np.arange(len(X)), draws=4000), len(X))
    assert drawn.se == pytest.approx(hc3(least_squares(X, Y)).se, rel=0.08)


def test_frequencies_that_do_not_vary_are_refused() -> None:
    with pytest.raises(FitError, match="do not vary: "):
        least_squares(np.ones(9), Y[:9])
    with pytest.raises(FitError, match="do not vary within any dataset"):
        least_squares(np.repeat([1.0, 2, 3], 3), Y[:9], group=np.repeat([0, 1, 2], 3))
    with pytest.raises(FitError, match="2 rows"):
        least_squares(X[:2], Y[:2])


def test_weights_never_follow_samples_alone() -> None:
    rows = table("binomial", 4)
    few = np.where(np.arange(len(rows)) % 2, 10.0, 1e6)
    sampled = type(rows).of(rows.count, rows.score, rows.concept, rows.dataset, few)
    weight, tau2 = score_weights(sampled, least_squares(rows.log10_count, rows.score))
    assert tau2 > 0
    assert weight.max() / weight.min() < 100_000 / 10
    assert weight.max() <= 1 / tau2
    with pytest.raises(FitError, match="n above 0"):
        score_weights(rows, least_squares(rows.log10_count, rows.score))
