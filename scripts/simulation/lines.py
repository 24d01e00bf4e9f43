"""The median slope, and what the line says at a frequency and at a score."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from planted import SLOPE, table
from wagidx.analysis.prediction import straight_line
from wagidx.analysis.rows import Rows
from wagidx.analysis.theilsen import theil_sen

from simulation.design import Design, Outcome, held

LEVEL = 40.0
"""Score at frequency 1 in every table."""

ERROR = {
    "gaussian": lambda rng, mean: rng.normal(0, 10),
    "names": lambda rng, mean: rng.normal(0, np.hypot(8, 4)),
    "binomial": lambda rng, mean: 2 * rng.binomial(50, mean / 100) - mean,
    "heavy": lambda rng, mean: 6 * rng.standard_t(3),
}
"""How far one new concept is from the line, by design."""


def lines(design: str, seed: int) -> Mapping[str, Outcome]:
    """Sen's interval, the band of the mean and of a new concept, and the frequency of a score."""
    rows = _heavy(seed) if design == "heavy" else table(design, seed)
    rng = np.random.default_rng([seed, 2])
    _, *ends = theil_sen(rows.log10_count, rows.score)
    line = straight_line(rows)
    found = {"Theil and Sen's slope": held((ends[0], ends[1]), SLOPE)}
    for power in (0, 2, 5):
        told, mean = line.at(10.0**power), LEVEL + SLOPE * power
        new = mean + ERROR[design](rng, mean)
        found[f"mean score at 10^{power}"] = held(told.mean_ci95, mean)
        found[f"score of a new concept at 10^{power}"] = held(told.new_ci95, new)
    needed = line.needed(LEVEL + 3 * SLOPE).count_ci95
    return found | {"frequency for a score": held(needed, 10.0**3)}


def _heavy(seed: int) -> Rows:
    """Independent errors of Student's t with 3 degrees of freedom."""
    rng = np.random.default_rng([seed, 3])
    log = rng.uniform(0, 5, 360)
    return Rows.of(10**log, LEVEL + SLOPE * log + 6 * rng.standard_t(3, 360))


_MEANS = [f"mean score at 10^{power}" for power in (0, 2, 5)]
_NEW = [f"score of a new concept at 10^{power}" for power in (0, 2, 5)]

DESIGNS = [
    Design(
        "line, gaussian", "360 rows, independent, homoskedastic errors", partial(lines, "gaussian")
    ),
    Design(
        "line, heavy tails",
        "360 rows, independent errors of Student's t with 3 degrees of freedom",
        partial(lines, "heavy"),
        unclaimed={name: "assumes normal errors" for name in _NEW},
    ),
    Design(
        "line, binomial",
        "360 rows, scores are shares of 50 test samples",
        partial(lines, "binomial"),
        unclaimed={
            name: "assumes homoskedastic errors"
            for name in [*_MEANS, *_NEW, "frequency for a score"]
        },
    ),
    Design(
        "line, names",
        "each name is in four rows, which share its frequency and its error",
        partial(lines, "names"),
        unclaimed={
            name: "assumes that rows of a name are independent"
            for name in [*_MEANS, "Theil and Sen's slope", "frequency for a score"]
        },
    ),
]
