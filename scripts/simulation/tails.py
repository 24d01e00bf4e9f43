"""The exponent of a power law, with the count from which on it holds sought in every resample."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from wagidx.analysis.power_law import (
    PowerLaw,
    best_power_law,
    chance_of_distance,
    exponent_draws,
    sample,
)
from wagidx.analysis.studentised import middle
from wagidx.analysis.tally import Tally

from simulation.design import Design, Outcome, held

ALPHA = 2.0
NAMES = 200
DRAWS = 39
"""Of so few the middle 95 % lies between the least and the greatest."""

LISTS = 19
"""Of so few none may be as far where p is .05."""


def _counts(least: int, rng: np.random.Generator) -> Tally:
    """Counts that follow a law from `least` up, and as many below it that do not."""
    counts = sample(PowerLaw(ALPHA, least, NAMES, 0.0), NAMES, rng)
    below = rng.integers(1, least, NAMES) if least > 1 else np.empty(0)
    return Tally.of(np.concatenate([counts, below]))


def exponent(least: int, seed: int) -> Mapping[str, Outcome]:
    """The interval of the exponent."""
    rng = np.random.default_rng([seed, 15])
    drawn = exponent_draws(_counts(least, rng), draws=DRAWS, generator=rng)
    return {"exponent": held(middle(drawn), ALPHA)}


def distance(seed: int) -> Mapping[str, Outcome]:
    """Whether the law is rejected at p of .05 or less by counts that follow it."""
    rng = np.random.default_rng([seed, 16])
    tally = _counts(1, rng)
    law = best_power_law(tally)
    if law is None:
        return {"distance from the law": None}
    p = chance_of_distance(tally, law, draws=LISTS, generator=rng)
    return {"distance from the law": float(p <= 0.05)}


_SOUGHT = "the start of the law is refitted in each resample, which adds to their spread"

DESIGNS = [
    Design(
        "tail from 1",
        f"{NAMES} names that follow a power law with exponent 2, {DRAWS} resamples",
        partial(exponent, 1),
        unclaimed={"exponent": _SOUGHT},
    ),
    Design(
        "tail from 10",
        f"the same from 10 up, and as many names below that do not follow it, {DRAWS} resamples",
        partial(exponent, 10),
        unclaimed={"exponent": _SOUGHT},
    ),
    Design(
        "tail tested",
        f"{NAMES} names that follow a power law, compared with {LISTS} synthetic lists",
        distance,
        asks={"distance from the law": "rejects"},
    ),
]
