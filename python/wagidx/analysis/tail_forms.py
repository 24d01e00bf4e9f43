"""What else the upper part of a list of counts may follow: a lognormal, or a power law cut off.

Both are fitted to the counts from `xmin` up by greatest likelihood, as distributions of whole
numbers there, so that they stand on the same rows as the power law. Which of two is nearer is
told by the mean difference of log likelihoods a name in units of its standard error (Vuong 1989).
A power law with a cutoff holds the plain one as its special case and can be no farther, so there
the question is whether the cutoff is chance, by the likelihood ratio at a bound (Self & Liang
1987).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wagidx._optional import require
from wagidx.analysis.power_law import PowerLaw
from wagidx.analysis.rows import Floats
from wagidx.analysis.tally import Tally

__all__ = ["TailForm", "compare_tail_forms"]

_SUMMED = 1_000
"""Terms of the cut power law's sum that are added; an integral stands for those above."""

_POINTS = 2_001
"""Of that integral over the logarithm, by Simpson's rule."""


@dataclass(frozen=True)
class TailForm:
    """Another distribution beside the power law, over the same counts.

    Attributes
    ----------
    form : {"lognormal", "truncated_power_law"}
    parameters : dict of str to float
        ``mu`` and ``sigma`` of the natural logarithm, or ``alpha`` and ``rate``, a count's
        reciprocal: ``x ** -alpha * exp(-rate * x)``.
    log_ratio : float
        Log likelihood of the power law less that of this form; below 0 where this form is nearer.
    z : float or None
        Vuong's statistic, above 0 for the power law; None for the cut power law, which holds it.
    p : float or None
        Two-sided for `z`; else of the likelihood ratio. None where the forms agree everywhere.
    nearer : {"power_law", "this", "undecided"}
        What p below .05 says.
    """

    form: str
    parameters: dict[str, float]
    log_ratio: float
    z: float | None
    p: float | None
    nearer: str


def compare_tail_forms(tally: Tally, law: PowerLaw) -> list[TailForm]:
    """Fit both forms to the counts from a law's `xmin` up, and hold the law against them."""
    part = tally.above(law.xmin)
    own = _power_law(part.values, law.alpha)
    return [_lognormal(part, own), _truncated(part, law, own)]


def _power_law(values: Floats, alpha: float) -> Floats:
    zeta = require("scipy.special", extra="fit").zeta
    return -alpha * np.log(values) - math.log(zeta(alpha, values[0]))


def _lognormal(part: Tally, own: Floats) -> TailForm:
    """Two starts: the moments, and far left and wide, where a lognormal looks like a power law."""
    logs = np.log(part.values)
    mean = float(np.average(logs, weights=part.times))
    spread = max(float(np.average((logs - mean) ** 2, weights=part.times)) ** 0.5, 0.1)

    def chances(at: Floats) -> Floats:
        return lognormal_chances(part.values, float(at[0]), math.exp(at[1]))

    starts = [(mean, math.log(spread)), (mean - 4 * spread, math.log(3 * spread))]
    mu, log_sigma = _likeliest(part, chances, starts)
    sigma = math.exp(log_sigma)
    difference = own - lognormal_chances(part.values, mu, sigma)
    ratio = float(part.times @ difference)
    z = _vuong(part, difference)
    p = None if z is None else math.erfc(abs(z) / math.sqrt(2))
    return TailForm("lognormal", {"mu": mu, "sigma": sigma}, ratio, z, p, _nearer(ratio, p))


def _truncated(part: Tally, law: PowerLaw, own: Floats) -> TailForm:
    most = float(part.values[-1])

    def chances(at: Floats) -> Floats:
        return truncated_chances(part.values, float(at[0]), math.exp(at[1]))

    bounds = [(0.0, 25.0), (math.log(1e-4 / most), math.log(1.0))]
    starts = [(law.alpha, math.log(s / most)) for s in (0.1, 3.0)]
    alpha, log_rate = _likeliest(part, chances, starts, bounds)
    ratio = float(part.times @ (own - truncated_chances(part.values, alpha, math.exp(log_rate))))
    rate = math.exp(log_rate)
    if ratio >= 0:  # no cutoff is likelier than any
        alpha, rate, ratio = law.alpha, 0.0, 0.0
    chi2 = require("scipy.stats", extra="fit").chi2
    p = float(chi2.sf(-2 * ratio, 1)) / 2 if ratio else 1.0
    found = {"alpha": alpha, "rate": rate}
    return TailForm("truncated_power_law", found, ratio, None, p, _nearer(ratio, p))


def _likeliest(
    part: Tally,
    chances: Callable[[Floats], Floats],
    starts: list[tuple[float, float]],
    bounds: list[tuple[float, float]] | None = None,
) -> tuple[float, float]:
    """The two parameters of greatest likelihood, from the better of several starts."""
    minimize = require("scipy.optimize", extra="fit").minimize

    def loss(at: Floats) -> float:
        value = -float(part.times @ chances(at)) / part.n
        return value if math.isfinite(value) else 1e9

    options = {"xatol": 1e-6, "fatol": 1e-11, "maxiter": 2_000}
    found = [
        minimize(loss, start, method="Nelder-Mead", bounds=bounds, options=options)
        for start in starts
    ]
    best = min(found, key=lambda one: float(one.fun))
    return float(best.x[0]), float(best.x[1])


def lognormal_chances(values: Floats, mu: float, sigma: float) -> Floats:
    """Log probability of whole numbers under a rounded lognormal, from the first of them up.

    Differences are taken in the tail that is nearer, where they keep their digits.
    """
    log_ndtr = require("scipy.special", extra="fit").log_ndtr
    low = (np.log(values - 0.5) - mu) / sigma
    high = (np.log(values + 0.5) - mu) / sigma
    right = low > 0
    larger = log_ndtr(np.where(right, -low, high))
    smaller = log_ndtr(np.where(right, -high, low))
    with np.errstate(divide="ignore"):
        cell = larger + np.log(-np.expm1(smaller - larger))
    return np.asarray(cell - log_ndtr(-low[0]))


def truncated_chances(values: Floats, alpha: float, rate: float) -> Floats:
    """Log probability under ``x ** -alpha * exp(-rate * x)``, from the first value up."""
    least = values[0]

    def part(x: Floats) -> Floats:  # less the first value's own, which keeps exponentials in range
        return np.asarray(-alpha * np.log(x / least) - rate * (x - least), np.float64)

    total = float(np.exp(part(least + np.arange(_SUMMED))).sum())
    edge = least + _SUMMED - 0.5
    logs = np.linspace(math.log(edge), math.log(edge + 50 / rate), _POINTS)
    simpson = require("scipy.integrate", extra="fit").simpson
    total += float(simpson(np.exp(part(np.exp(logs)) + logs), x=logs))
    return np.asarray(part(values) - math.log(total), np.float64)


def _vuong(part: Tally, difference: Floats) -> float | None:
    mean = float(np.average(difference, weights=part.times))
    spread = float(np.average((difference - mean) ** 2, weights=part.times)) ** 0.5
    return None if spread < 1e-12 else mean * math.sqrt(part.n) / spread


def _nearer(ratio: float, p: float | None) -> str:
    if p is None or p >= 0.05:
        return "undecided"
    return "power_law" if ratio > 0 else "this"
