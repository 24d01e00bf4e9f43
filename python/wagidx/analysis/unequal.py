"""Measures of how unequal counts are, each with the interval of resampled names.

The measures are those of `longtail`, over a tally and over many resamples of it at once. An
interval says what other names of the same kind would have given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wagidx.analysis.agreement import middle
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

    Where few names hold most, resamples vary less than new names would, so that both intervals are
    rather too narrow than too wide (Cowell & Flachaire 2007).
    """
    if tally.values[-1] == 0:
        none = Measure(None, None)
        return none, [none] * len(top)
    blocks = [_measured(tally.values, tally.times[None, :], top)]
    for times in drawn(tally.times, draws, np.random.default_rng(seed)):
        blocks.append(_measured(tally.values, times, top))
    whole = np.concatenate(blocks)
    found = [Measure(float(column[0]), middle(column[1:])) for column in whole.T]
    return found[0], found[1:]


def below_largest(tally: Tally, k: int) -> Measure:
    """Share of the names with a count below 10^-k of the largest, which is taken as given.

    Resamples would not do: a third of them lack the largest count.
    """
    most = tally.values[-1]
    if most == 0:
        return Measure(None, None)
    part = int(tally.times[tally.values / most < 10.0**-k].sum())
    return Measure(part / tally.n, share_interval(part, tally.n))


def _measured(values: Floats, times: Integers, top: tuple[float, ...]) -> Floats:
    """A row for each row of `times`: Gini, then top shares; NaN where all counts are 0."""
    n = int(times[0].sum())
    upto = times.cumsum(axis=1)
    held = times * values
    total = held.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        columns = [(held * (2 * upto - times - n)).sum(axis=1) / (n * total)]
        for share in top:
            taken = np.clip(round(share * n) - (n - upto), 0, times)
            columns.append((taken * values).sum(axis=1) / total)
    return np.column_stack(columns)
