"""A discrete power law for the upper part of a list of counts.

``P(x) = x ** -alpha / zeta(alpha, xmin)`` for whole x from `xmin` up, zeta being Hurwitz's. The
exponent is the one of greatest likelihood, `xmin` the one whose law is nearest to the counts above
it by Kolmogorov and Smirnov's distance, and the p value says how often counts that do follow the
law are farther from theirs (Clauset, Shalizi & Newman 2009). A small p speaks against the law; a
large one says only that nothing was found against it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from wagidx._optional import require
from wagidx.analysis.hurwitz import scaled_tails, scaled_tails_of_laws
from wagidx.analysis.rows import Floats
from wagidx.analysis.tally import Tally, drawn

__all__ = [
    "CANDIDATES",
    "FEWEST",
    "PowerLaw",
    "best_power_law",
    "chance_of_distance",
    "exponent_draws",
    "sample",
]

FEWEST = 50
"""Names from `xmin` up; under these the exponent is known to be unreliable."""

CANDIDATES = 100
"""Values of `xmin` tried at most, evenly spread over the logarithm.

All of some 2,000 would take twenty times as long in each resample, and find a distance that is
smaller by a few hundredths of itself; the interval holds what the choice leaves open.
"""

STEEPEST = 20.0
"""Exponents above this are those of counts that are all nearly alike."""

_PROBES = 48
"""Values at which a start is first looked at."""

_SLACK = 1e-9
"""More than what a distance at some values may exceed that at all of them by, by rounding."""

_TABLE = 10_000
"""Values of a law that are sampled from its sums; above these an integral stands for them."""


@dataclass(frozen=True)
class PowerLaw:
    """A fitted law.

    Attributes
    ----------
    alpha : float
        Exponent of the distribution of counts.
    xmin : int
        Count from which on it holds.
    n : int
        Names with at least that count.
    distance : float
        Greatest difference of the cumulative shares.
    """

    alpha: float
    xmin: int
    n: int
    distance: float

    @property
    def rank_exponent(self) -> float:
        """``1 / (alpha - 1)``: how a count falls with its rank, Zipf's exponent."""
        return 1 / (self.alpha - 1)


def best_power_law(tally: Tally) -> PowerLaw | None:
    """The law whose distance is least, or None where fewer than `FEWEST` names could follow one.

    Zeros follow no power law and are passed over. O(m * `CANDIDATES`) for m distinct counts.
    """
    held = tally.above(1.0)
    starts = _starts(held)
    if not len(starts):
        return None
    alphas = _exponents(held, starts)
    logs = np.log(held.values)
    known = (alphas > 1.0) & (alphas < STEEPEST)  # NaN is neither
    starts, alphas = starts[known], alphas[known]
    least = _least_distances(held, logs, starts, alphas)
    best = None
    for i in np.argsort(least, kind="stable").tolist():
        if best is not None and least[i] > best.distance + _SLACK:
            break  # no other can be nearer
        start, alpha = int(starts[i]), float(alphas[i])
        part = Tally(held.values[start:], held.times[start:])
        law = PowerLaw(alpha, int(part.values[0]), part.n, _distance(part, logs[start:], alpha))
        if best is None or (law.distance, law.xmin) < (best.distance, best.xmin):
            best = law
    return best


def _starts(tally: Tally) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Places of the values tried as `xmin`; each leaves enough names and two values."""
    names_from = tally.times[::-1].cumsum()[::-1]
    allowed = min(int((names_from >= FEWEST).sum()), len(tally.values) - 1)
    if allowed < 1:
        return np.empty(0, np.intp)
    values = tally.values[:allowed]
    if allowed <= CANDIDATES:
        return np.arange(allowed)
    spread = np.geomspace(values[0], values[-1], CANDIDATES)
    return np.unique(np.minimum(np.searchsorted(values, spread), allowed - 1))


def _exponents(tally: Tally, starts: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """The likeliest exponent above each start; NaN where none was found."""
    zeta = require("scipy.special", extra="fit").zeta
    newton = require("scipy.optimize", extra="fit").newton
    tried = len(starts)
    starts = np.resize(starts, max(tried, 2))  # of one number scipy solves another way
    times, logs = tally.times[::-1], (tally.times * np.log(tally.values))[::-1]
    names = times.cumsum()[::-1][starts]
    mean_log = logs.cumsum()[::-1][starts] / names
    least = tally.values[starts]
    near = 1 + 1 / (mean_log - np.log(least - 0.5))  # of the law whose counts are not whole
    step = 1e-4

    def logs_of(alpha: Floats) -> tuple[Floats, Floats, Floats]:
        alpha = np.clip(alpha, 1 + 2 * step, 2 * STEEPEST)
        below, here, above = (np.log(zeta(alpha + d, least)) for d in (-step, 0.0, step))
        return below, here, above

    def slope(alpha: Floats) -> Floats:
        below, _, above = logs_of(alpha)
        return np.asarray(mean_log + (above - below) / (2 * step), np.float64)

    def curvature(alpha: Floats) -> Floats:
        below, here, above = logs_of(alpha)
        return (above - 2 * here + below) / step**2

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that some did not converge: those are NaN
        found = newton(
            slope, np.minimum(near, STEEPEST), curvature, tol=1e-8, full_output=True, disp=False
        )
    return np.asarray(np.where(found.converged, found.root, np.nan)[:tried], np.float64)


def _least_distances(
    tally: Tally, logs: Floats, starts: np.ndarray[tuple[int], np.dtype[np.intp]], alphas: Floats
) -> Floats:
    """For each start what `_distance` is at least: it is taken at some of the values alone.

    Most starts are told by it to be farther than the best one without a look at every value.
    """
    if not len(starts):
        return np.empty(0)
    steps = np.linspace(0.0, 1.0, _PROBES)
    places = starts[:, None] + ((len(tally.values) - 1 - starts)[:, None] * steps).astype(np.intp)
    exponents = alphas[:, None]
    chances = np.exp(exponents * (logs[starts][:, None] - logs[places]))
    at_least = scaled_tails_of_laws(exponents, tally.values[places], chances)
    names_from = tally.times[::-1].cumsum()[::-1]
    names = names_from[places] / names_from[starts][:, None]
    return np.asarray(abs(names - at_least / at_least[:, :1]).max(axis=1), np.float64)


def _distance(tally: Tally, logs: Floats, alpha: float) -> float:
    """Greatest difference between the shares of names and of the law up to any whole number.

    `logs` are those of the values.
    """
    chances = np.exp(alpha * (logs[0] - logs))
    at_least = scaled_tails(alpha, tally.values, chances)
    whole = at_least[0]
    names = tally.times[::-1].cumsum()[::-1] / tally.n  # of at least each value
    before = abs(names - at_least / whole).max()
    after = abs(names - tally.times / tally.n - (at_least - chances) / whole).max()
    return float(max(before, after))


def sample(law: PowerLaw, n: int, generator: np.random.Generator) -> Floats:
    """Counts that follow a law; shape (n,), whole numbers as float64."""
    sums = _survival(law)
    chance = 1 - generator.random(n)
    # The law's sums descend from 1, and a count is the last whose sum is not below the chance.
    place = len(sums) - np.searchsorted(sums[::-1], chance)
    far = place >= len(sums)
    found = law.xmin + np.maximum(place - 1, 0).astype(np.float64)
    edge = law.xmin + len(sums) - 1.5
    beyond = edge * (chance[far] / sums[-1]) ** (-1 / (law.alpha - 1))
    found[far] = np.floor(beyond + 0.5)
    return found


def _survival(law: PowerLaw) -> Floats:
    """Share of counts of at least each of the first values."""
    zeta = require("scipy.special", extra="fit").zeta
    values = law.xmin + np.arange(_TABLE, dtype=np.float64)
    return np.asarray(zeta(law.alpha, values) / zeta(law.alpha, float(law.xmin)))


def chance_of_distance(
    tally: Tally, law: PowerLaw, *, draws: int, generator: np.random.Generator
) -> float:
    """Share of lists of counts made by the law that are as far from their own best law.

    A made list has as many names with a count as the tally. Each follows the law with the share of
    the names that do, and else has one of the counts below `xmin`; `xmin` is refitted in each.
    """
    held = tally.above(1.0)
    below = held.values < law.xmin
    rest, weight = held.values[below], held.times[below]
    farther = 0
    for _ in range(draws):
        follow = int(generator.binomial(held.n, law.n / held.n))
        made = sample(law, follow, generator)
        if follow < held.n:
            lower = generator.choice(rest, size=held.n - follow, p=weight / weight.sum())
            made = np.concatenate([made, lower])
        found = best_power_law(Tally.of(made))
        farther += found is None or found.distance >= law.distance
    return (farther + 1) / (draws + 1)


def exponent_draws(tally: Tally, *, draws: int, generator: np.random.Generator) -> Floats:
    """Exponents of resampled names, `xmin` refitted in each; NaN where a draw has no law.

    That search adds to their spread: their middle 95 % holds the truth in 96 to 97 % of the tables
    (docs/coverage.md).
    """
    found = []
    for block in drawn(tally.times, draws, generator):
        for times in block:
            kept = times > 0
            law = best_power_law(Tally(tally.values[kept], times[kept]))
            found.append(np.nan if law is None else law.alpha)
    return np.array(found)
