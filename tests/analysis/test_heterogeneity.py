"""The random-effects summary beside statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from planted import SLOPE, table
from statsmodels.stats.meta_analysis import combine_effects
from wagidx.analysis.heterogeneity import heterogeneity, random_effects
from wagidx.analysis.regression import least_squares
from wagidx.analysis.rows import Rows


def test_summary_is_dersimonian_and_lairds_with_hartung_and_knapps_interval() -> None:
    rng = np.random.default_rng(8)
    value, error = rng.normal(3, 2, 15), rng.uniform(0.3, 1.5, 15)
    peer = combine_effects(value, error**2, method_re="chi2", use_t=True)
    mean, tau2, i2, interval, further = random_effects(value, error)
    assert mean == pytest.approx(peer.mean_effect_re)
    assert tau2 == pytest.approx(peer.tau2)
    assert i2 == pytest.approx(peer.i2)
    assert interval == pytest.approx(peer.conf_int()[3])
    assert further is not None and interval is not None
    assert further[0] < interval[0] < interval[1] < further[1]


def test_slopes_are_those_of_each_dataset_alone() -> None:
    rows = table("datasets", 3, datasets=6)
    found = heterogeneity(rows)
    assert [one.dataset for one in found.datasets] == rows.datasets
    for one in found.datasets:
        own = rows.where(rows.dataset == one.dataset)
        assert one.slope_per_decade == pytest.approx(
            least_squares(own.log10_count, own.score).slope
        )
    assert found.mean == pytest.approx(SLOPE, abs=1.5)


def test_a_dataset_without_a_slope_says_why() -> None:
    rows = Rows.of(
        [1, 10, 100, 1000, 10**4, 5, 5, 5, 5, 5, 3],
        [1, 2, 3.5, 4, 5, 1, 2, 3, 4, 5, 6],
        dataset=["a"] * 5 + ["b"] * 5 + ["c"],
    )
    notes = [one.note for one in heterogeneity(rows).datasets]
    assert notes[0] is None
    assert "do not vary" in str(notes[1]) and "fewer than 5 rows" in str(notes[2])
    assert heterogeneity(rows).k == 1 and heterogeneity(rows).tau2 is None
