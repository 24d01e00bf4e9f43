"""Measures of how unequal counts are, each with the interval of resampled names.

The measures are those of `longtail`, over a tally and over many resamples of it at once. An
interval says what other names of the same kind would have given. It is the studentised bootstrap:
what is resampled is not a measure but its distance from the one at hand in standard errors, each
resample with its own. A sample that lacks the most frequent names has too small a measure and too
small an error together, which the middle of resampled measures does not see (Davidson 2009).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wagidx.analysis.distributions import share_interval
from wagidx.analysis.rows import Floats, Integers
from wagidx.analysis.tally import Tally, drawn

__all__ = ["Measure", "below_largest", "decades", "measures"]


@dataclass(frozen=True)
class Measure:
    """A value and its 95 % interval, None where all counts are 0."""

    value: float | None
    ci95: tuple[float, float] | None


def decades(tally: Tally) -> list[tuple[float, float, int]]:
    """Names with a count of at least 10^k and below 10^(k+1), from 1 to the largest count."""
    found, least = [], 1.0
    while least <= tally.values[-1]:
        inside = (tally.values >= least) & (tally.values < 10 * least)
        found.append((least, 10 * least, int(tally.times[inside].sum())))
        least *= 10
    return found


def measures(
    tally: Tally, *, top: tuple[float, ...], draws: int, seed: int
) -> tuple[Measure, list[Measure]]:
    """The Gini coefficient, and for each of `top` what that share of the names holds of all
    occurrences.

    Where the most frequent names have no bound, as under a power law whose variance is infinite,
    both intervals are too narrow, and no interval of resampled names is not (Cowell & Flachaire
    2007): docs/coverage.md has the figures.
    """
    if tally.values[-1] == 0:
        none = Measure(None, None)
        return none, [none] * len(top)
    (value,), (error,) = _measured(tally.values, tally.times[None, :], top)
    far = []
    for times in drawn(tally.times, draws, np.random.default_rng(seed)):
        values, errors = _measured(tally.values, times, top)
        with np.errstate(invalid="ignore", divide="ignore"):
            far.append(np.where(values == value, 0.0, (values - value) / errors))
    found = [
        Measure(float(one), _studentised(float(one), float(size), column))
        for one, size, column in zip(value, error, np.concatenate(far).T)
    ]
    return found[0], found[1:]


def _studentised(value: float, error: float, far: Floats) -> tuple[float, float] | None:
    """Ends within 0 to 1; None where over 1 % of the resamples hold no occurrence at all."""
    kept = far[~np.isnan(far)]
    if len(kept) < 0.99 * len(far):
        return None
    if not error > 0:
        return value, value
    low, high = np.quantile(kept, [0.025, 0.975], method="weibull")
    return max(value - float(high) * error, 0.0), min(value - float(low) * error, 1.0)


def below_largest(tally: Tally, k: int) -> Measure:
    """Share of the names with a count below 10^-k of the largest, which is taken as given.

    Resamples would not do: a third of them lack the largest count.
    """
    most = tally.values[-1]
    if most == 0:
        return Measure(None, None)
    part = int(tally.times[tally.values / most < 10.0**-k].sum())
    return Measure(part / tally.n, share_interval(part, tally.n))


def _measured(values: Floats, times: Integers, top: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Gini and top shares, a row for each row of `times`, and their standard errors.

    NaN where all counts are 0. An error is that of the mean of what each name adds to the measure
    (Davidson 2009, section 3, for Gini; Langel & Tille 2011 for shares of quantiles).
    """
    n = int(times[0].sum())
    upto = times.cumsum(axis=1)
    held = times * values
    total = held.sum(axis=1, keepdims=True)
    total = np.where(total > 0, total, np.nan)
    gini = (held * (2 * upto - times - n)).sum(axis=1, keepdims=True) / (n * total)
    below = 2 * held.cumsum(axis=1) - held
    adds = [values * ((2 * upto - times) / n - 1 - gini) - below / n]
    found = [gini]
    for share in top:
        taken = np.clip(round(share * n) - (n - upto), 0, times)
        part = (taken * values).sum(axis=1, keepdims=True) / total
        least = np.where(taken.any(axis=1), (taken > 0).argmax(axis=1), len(values) - 1)
        adds.append(np.maximum(values - values[least][:, None], 0.0) - part * values)
        found.append(part)
    return np.hstack(found), np.hstack([_error(one, times, n) / total for one in adds])


def _error(adds: Floats, times: Integers, n: int) -> Floats:
    """Root of the sum of squares about the mean, shape (draws, 1)."""
    about = adds - (times * adds).sum(axis=1, keepdims=True) / n
    return np.asarray(np.sqrt((times * about**2).sum(axis=1, keepdims=True)))
