"""Slopes on a frequency that is measured with error of a known size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from planted import SLOPE
from wagidx.analysis.measurement import AtReliability, errors_in_frequency

from simulation.design import Design, Outcome, held

DATASETS = 20
ROWS = 60
"""Of each dataset."""


def _corrected(reliability: float, seed: int) -> AtReliability:
    """What is told at the true reliability.

    The score depends on the true frequency alone; the other one is correlated with it by .7.
    """
    rng = np.random.default_rng([seed, 17])
    group = np.repeat(np.arange(DATASETS), ROWS)
    normal = rng.normal(size=(3, len(group)))
    true = 8 + normal[0] + rng.normal(0, 0.5, DATASETS)[group]
    other = 0.7 * normal[0] + np.sqrt(1 - 0.7**2) * normal[1]
    seen = true + np.sqrt(1 / reliability - 1) * normal[2]
    score = 40 + rng.normal(0, 5, DATASETS)[group] + SLOPE * true + rng.normal(0, 5, len(group))
    told = errors_in_frequency(
        10**seen, score, group=group, further=other[:, None], draws=100, seed=seed
    )
    return next(one for one in told.levels if one.reliability == reliability)


def errors(reliability: float, seed: int) -> Mapping[str, Outcome]:
    """Intervals by leaving out one dataset after the other, the test, and how far both ways of
    correcting are off."""
    told = _corrected(reliability, seed)
    return {
        "corrected slope": held(told.slope_ci95, SLOPE),
        "slope of the other frequency": held(told.further_ci95, 0.0),
        "the other frequency adds nothing": None if told.p is None else float(told.p < 0.05),
        "corrected slope, bias": _off(told.slope),
        "slope by SIMEX, bias": _off(told.simex_slope),
    }


def _off(estimate: float | None) -> Outcome:
    return None if estimate is None else estimate / SLOPE - 1


DESIGNS = [
    Design(
        f"errors, reliability {reliability}",
        "1,200 rows in 20 datasets, a frequency of known reliability and a second one",
        partial(errors, reliability),
        asks={
            "the other frequency adds nothing": "rejects",
            "corrected slope, bias": "bias",
            "slope by SIMEX, bias": "bias",
        },
    )
    for reliability in (0.8, 0.5)
]
