"""Each curve finds itself where it is true, and what is not seen decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import SLOPE, table
from scipy import optimize
from wagidx.analysis.forms import FORMS, compare_forms, fit_form, isotonic
from wagidx.analysis.rows import Floats, Rows

X = np.random.default_rng(0).uniform(0, 6, 400)
TRUE: dict[str, Floats] = {
    "constant": np.full(400, 7.0),
    "linear": 3 + 2e-5 * 10**X,
    "log-linear": 5 + 4 * X,
    "quadratic": 5 + 4 * X - 0.5 * X**2,
    "power-law": 2 * 10 ** (0.25 * X),
    "logistic": 80 / (1 + np.exp(-1.7 * (X - 3))),
}
PARAMETERS: dict[str, dict[str, float]] = {
    "constant": {"a": 7},
    "linear": {"a": 3, "b": 2e-5},
    "log-linear": {"a": 5, "b": 4},
    "quadratic": {"a": 5, "b": 4, "c": -0.5},
    "power-law": {"a": 2, "b": 0.25},
    "logistic": {"a": 80, "b": 1.7, "c": 3},
}


@pytest.mark.parametrize("form", TRUE)
def test_a_curve_that_is_true_is_found(form: str) -> None:
    curve = fit_form(form, X, TRUE[form])
    assert curve.parameters == pytest.approx(PARAMETERS[form], rel=1e-3)
    assert curve.predict(X) == pytest.approx(TRUE[form], rel=1e-4)
    assert curve.size == len(PARAMETERS[form])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-50, 50)), min_size=1, max_size=40))
def test_isotonic_is_scipys(rows: list[tuple[int, int]]) -> None:
    x, y = (np.array(part, float) for part in zip(*rows))
    places, levels = isotonic(x, y)
    weight = np.array([(x == place).sum() for place in places])
    mean = [y[x == place].mean() for place in places]
    assert levels == pytest.approx(optimize.isotonic_regression(mean, weights=weight).x)
    assert (np.diff(levels) >= 0).all()


@pytest.mark.parametrize("form", ["log-linear", "power-law", "logistic"])
def test_the_true_form_is_best_on_unseen_names(form: str) -> None:
    score = TRUE[form] + np.random.default_rng(1).normal(0, 1, 400)
    found = {one.form: one for one in compare_forms(Rows.of(10**X, score))}
    assert tuple(found) == FORMS
    held = {name: one.by_name.mse for name, one in found.items() if one.by_name}
    nested = {"log-linear": {"quadratic"}, "power-law": set(), "logistic": set()}[form]
    assert min(held, key=lambda name: held[name]) in {form} | nested
    assert all(one.by_dataset is None for one in found.values())


def test_differences_are_to_log_linear_and_a_wrong_form_is_worse_by_many_errors() -> None:
    found = {one.form: one for one in compare_forms(table("gaussian", 2))}
    constant, same = found["constant"].by_name, found["log-linear"].by_name
    assert constant and same and found["constant"].by_dataset
    assert same.minus_log_linear == 0 and same.se == 0
    assert constant.minus_log_linear > 4 * constant.se > 0
    assert constant.minus_log_linear == pytest.approx(constant.mse - same.mse)
    assert constant.mse - same.mse == pytest.approx(SLOPE**2 * 25 / 12, rel=0.3)


def test_a_name_is_never_on_both_sides_of_a_fold() -> None:
    """Scores that only a name explains: a fold that saw the name would predict them."""
    rng = np.random.default_rng(3)
    name = np.repeat(np.arange(100), 5)
    log = rng.uniform(0, 6, 100)[name]
    rows = Rows.of(10**log, rng.normal(0, 10, 100)[name], name)
    held = next(one for one in compare_forms(rows) if one.form == "isotonic").by_name
    assert held is not None and held.r2 < 0.05
