"""Is it log-linear? Seven curves on the same rows, compared on held-out names and datasets.

==============  =====================================  ==========
form            score as a function of frequency f      parameters
==============  =====================================  ==========
``constant``    a                                      1
``linear``      a + b f                                2
``log-linear``  a + b log10 f                          2
``quadratic``   a + b log10 f + c (log10 f)^2          3
``power-law``   a f^b                                  2
``logistic``    a / (1 + exp(-b (log10 f - c)))        3
``isotonic``    any curve that never falls             steps
==============  =====================================  ==========

All are fitted by least squares on the score, not its logarithm, with f = max(count, 1). AIC and BIC
count the parameters of a Gaussian likelihood and are only reported next to the held-out errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wagidx._optional import require
from wagidx.analysis.rows import Floats, Integers, Rows, codes

__all__ = ["FORMS", "Curve", "Form", "HeldOut", "compare_forms", "fit_form", "isotonic"]

FOLDS = 10
"""Folds of names."""

_EXACT = 1e-20
"""A squared error that is a smaller share of the squared scores is rounding and has no AIC."""


@dataclass(frozen=True)
class Curve:
    """A fitted form.

    Attributes
    ----------
    predict : callable
        Scores at ``log10(f)``, shape ``(n,)`` to ``(n,)``.
    parameters : dict of str to float
        As in the table above; of an isotonic curve the number of steps.
    size : int
        Free parameters, the error variance left out.
    """

    predict: Callable[[Floats], Floats]
    parameters: dict[str, float]
    size: int


def _polynomial(degree: int) -> Callable[[Floats, Floats], Curve]:
    def fit(x: Floats, y: Floats) -> Curve:
        powers = np.vander(x, degree + 1, increasing=True)
        solved = np.linalg.lstsq(powers, y, rcond=None)[0]
        named = dict(zip("abc", map(float, solved)))
        return Curve(
            lambda at: np.vander(at, degree + 1, increasing=True) @ solved, named, degree + 1
        )

    return fit


def _linear(x: Floats, y: Floats) -> Curve:
    scale = float(10 ** x.max())
    line = _polynomial(1)(10**x / scale, y)
    named = {"a": line.parameters["a"], "b": line.parameters["b"] / scale}
    return Curve(lambda at: line.predict(10**at / scale), named, 2)


def _power(x: Floats, y: Floats) -> Curve:
    """The best a is known for each b, so only b is searched."""

    def end(b: float) -> float:
        """Where the curve is highest: no power is beyond 1 then, and none too large."""
        return float(x.max() if b > 0 else x.min())

    def solved(b: float) -> tuple[float, float]:
        base = 10 ** (b * (x - end(b)))
        a = float(base @ y / (base @ base))
        return a, float(((y - a * base) ** 2).sum())

    grid = np.linspace(-2, 2, 81)
    near = grid[int(np.argmin([solved(b)[1] for b in grid]))]
    search = require("scipy.optimize", extra="fit").minimize_scalar
    b = float(search(lambda b: solved(b)[1], bounds=(near - 0.05, near + 0.05), method="bounded").x)
    a, shift = solved(b)[0], end(b)
    return Curve(lambda at: a * 10 ** (b * (at - shift)), {"a": a * 10 ** (-b * shift), "b": b}, 2)


def _logistic(x: Floats, y: Floats) -> Curve:
    """Started from the best of a grid, for the surface has several valleys."""

    def unit(b: float, c: float, at: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-np.clip(b * (at - c), -500, 500))), np.float64)

    def top(b: float, c: float) -> tuple[float, float]:
        base = unit(b, c, x)
        a = float(base @ y / max(float(base @ base), 1e-300))
        return a, float(((y - a * base) ** 2).sum())

    middles = np.linspace(x.min() - 2, x.max() + 4, 13)
    starts = [(b, c) for b in (0.2, 0.5, 1.0, 2.0, 5.0) for c in middles]
    start = min(starts, key=lambda start: top(*start)[1])

    def tilt(p: Floats) -> Floats:
        """Derivatives by a, b and c: without them each step costs four curves more."""
        share = unit(p[1], p[2], x)
        steep = p[0] * share * (1 - share)
        return np.column_stack([share, steep * (x - p[2]), -steep * p[1]])

    found = require("scipy.optimize", extra="fit").least_squares(
        lambda p: p[0] * unit(p[1], p[2], x) - y,
        [top(*start)[0], *start],
        jac=tilt,
        method="lm",
        x_scale="jac",
        max_nfev=200,
        ftol=1e-10,
        xtol=1e-10,
        gtol=1e-10,
    )
    a, b, c = map(float, found.x)
    return Curve(lambda at: a * unit(b, c, at), {"a": a, "b": b, "c": c}, 3)


def isotonic(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Least squares among curves that never fall, by pooling adjacent violators.

    Returns
    -------
    tuple of numpy.ndarray
        Distinct x, ascending, and the curve there. O(n log n).
    """
    places, inverse = np.unique(x, return_inverse=True)
    weight = np.bincount(inverse).astype(np.float64)
    mean = np.bincount(inverse, y) / weight
    pools: list[list[float]] = []  # sum, weight, places
    for value, mass in zip(mean, weight):
        pools.append([value * mass, mass, 1])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] >= pools[-1][0] * pools[-2][1]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last)]
    levels = [pool[0] / pool[1] for pool in pools]
    return places, np.repeat(levels, [int(pool[2]) for pool in pools])


def _isotonic(x: Floats, y: Floats) -> Curve:
    places, levels = isotonic(x, y)
    steps = len(np.unique(levels))
    return Curve(lambda at: np.interp(at, places, levels), {"steps": float(steps)}, steps)


_FITTERS: dict[str, Callable[[Floats, Floats], Curve]] = {
    "constant": _polynomial(0),
    "linear": _linear,
    "log-linear": _polynomial(1),
    "quadratic": _polynomial(2),
    "power-law": _power,
    "logistic": _logistic,
    "isotonic": _isotonic,
}

FORMS = tuple(_FITTERS)
"""Names of the forms."""


def fit_form(form: str, log10_count: Floats, score: Floats) -> Curve:
    """Fit one form by least squares.

    Parameters
    ----------
    form : str
        One of `FORMS`.
    log10_count, score : numpy.ndarray of float64, shape (n,)
        ``log10(max(count, 1))``, and scores in any unit.
    """
    return _FITTERS[form](log10_count, score)


@dataclass(frozen=True)
class HeldOut:
    """Error on held-out rows.

    Attributes
    ----------
    mse : float
        Mean squared error, in squared units of score.
    r2 : float
        1 - mse / mse of the training mean.
    minus_log_linear, se : float
        Mean difference of squared errors to `log-linear` (below 0: better than it) and its
        standard error, over names or over datasets.
    folds : int
        Number of folds.
    """

    mse: float
    r2: float
    minus_log_linear: float
    se: float
    folds: int


@dataclass(frozen=True)
class Form:
    """One form on all rows, and on held-out names and datasets."""

    form: str
    parameters: dict[str, float]
    r2: float
    rmse: float
    aic: float
    bic: float
    by_name: HeldOut | None
    by_dataset: HeldOut | None


def compare_forms(rows: Rows, *, seed: int = 0) -> list[Form]:
    """Fit every form and measure it on held-out names and held-out datasets.

    Parameters
    ----------
    rows : Rows
        All forms see the same rows.
    seed : int
        Assigns names to folds.

    Returns
    -------
    list of Form
        In the order of `FORMS`. `by_name` is None under `FOLDS` names, `by_dataset` under 3
        datasets, and both where all scores are alike.
    """
    name, dataset = codes(rows.concept), codes(rows.dataset)
    fold = np.random.default_rng(seed).permutation(np.arange(name.max() + 1) % FOLDS)[name]
    varies = np.ptp(rows.score) > 0
    by_name = held_out_errors(rows, fold) if varies and name.max() + 1 >= FOLDS else None
    by_dataset = held_out_errors(rows, dataset) if varies and dataset.max() >= 2 else None
    return [
        _form(
            form,
            rows,
            _held_out(form, by_name, name, FOLDS),
            _held_out(form, by_dataset, dataset, int(dataset.max()) + 1),
        )
        for form in FORMS
    ]


def _form(form: str, rows: Rows, by_name: HeldOut | None, by_dataset: HeldOut | None) -> Form:
    x, y, n = rows.log10_count, rows.score, len(rows)
    curve = fit_form(form, x, y)
    square = float(((y - curve.predict(x)) ** 2).sum())
    total = float(((y - y.mean()) ** 2).sum())
    varies = np.ptp(y) > 0
    inexact = varies and square > _EXACT * float(y @ y)
    likelihood = n * np.log(square / n) if inexact else float("nan")
    return Form(
        form=form,
        parameters=curve.parameters,
        r2=1 - square / total if varies else float("nan"),
        rmse=float(np.sqrt(square / n)),
        aic=float(likelihood + 2 * (curve.size + 1)),
        bic=float(likelihood + np.log(n) * (curve.size + 1)),
        by_name=by_name,
        by_dataset=by_dataset,
    )


def held_out_errors(rows: Rows, fold: Integers) -> dict[str, Floats]:
    """Squared error of each form on each row, fitted to the rows of the other folds."""
    x, y = rows.log10_count, rows.score
    errors = {form: np.empty(len(rows)) for form in FORMS}
    for part in np.unique(fold):
        out = fold == part
        for form in FORMS:
            curve = fit_form(form, x[~out], y[~out])
            errors[form][out] = (y[out] - curve.predict(x[out])) ** 2
    return errors


def _held_out(
    form: str, errors: dict[str, Floats] | None, cluster: Integers, folds: int
) -> HeldOut | None:
    if errors is None:
        return None
    difference = errors[form] - errors["log-linear"]
    sums = np.bincount(cluster, difference - difference.mean())
    number = len(sums)
    baseline = float(errors["constant"].mean())
    return HeldOut(
        mse=float(errors[form].mean()),
        r2=1 - float(errors[form].mean()) / baseline if baseline > 0 else float("nan"),
        minus_log_linear=float(difference.mean()),
        se=float(np.sqrt((sums**2).sum() * number / max(number - 1, 1)) / len(difference)),
        folds=folds,
    )
