"""Measures of how unequal counts are, each with the interval of resampled names.

The measures are those of `longtail`, over a tally and over many resamples of it at once. An
interval says what other names of the same kind would have given. It is `studentised`: a sample that
lacks the most frequent names has too small a measure and too small an error together (Davidson
2009).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wagidx.analysis.distributions import share_interval
from wagidx.analysis.rows import Floats, Integers
from wagidx.analysis.studentised import studentised
from wagidx.analysis.tally import Tally, drawn

__all__ = ["Measure", "below_largest", "decades", "measures"]


@dataclass(frozen=True)
class Measure:
    """A value and its 95 % interval, None where it is not defined: all counts are 0, or a share of
    the names is less than one of them."""

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
    blocks = [_measured(tally.values, tally.times[None, :], top)]
    for times in drawn(tally.times, draws, np.random.default_rng(seed)):
        blocks.append(_measured(tally.values, times, top))
    values, errors = (np.concatenate(column).T for column in zip(*blocks))
    # Of all occurrences the most frequent names hold no less than of the names.
    least = (0.0, *(round(share * tally.n) / tally.n for share in top))
    gini, *held = map(_measure, values, errors, least)
    none = Measure(None, None)
    return gini, [one if names else none for one, names in zip(held, least[1:])]


def _measure(value: Floats, error: Floats, least: float) -> Measure:
    """The first value, and its interval from the others."""
    at_hand = float(value[0])
    pair = studentised(at_hand, float(error[0]), value[1:], error[1:])
    return Measure(at_hand, pair and (max(pair[0], least), min(pair[1], 1.0)))


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
