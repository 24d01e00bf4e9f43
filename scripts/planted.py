"""Tables of scores with a known slope."""

from __future__ import annotations

import numpy as np
from wagidx.analysis.rows import Floats, Rows

SLOPE = 4.0


def table(design: str, seed: int, n: int = 360, datasets: int = 20) -> Rows:
    """Rows whose score rises by `SLOPE` a decade within each dataset.

    `gaussian` has independent errors, `binomial` errors that shrink towards 0 and 100, `names`
    shares an error between the rows of a name, `datasets` gives each dataset a mean that grows with
    its concepts' frequency, `slopes` gives each a slope of its own about `SLOPE`, and `zeros` has
    45 % zeros that score what they like.
    """
    rng = np.random.default_rng([seed, len(design), ord(design[0])])
    dataset = np.arange(n) % datasets
    name = np.arange(n) if design != "names" else rng.permutation(np.arange(n) % (n // 4))
    log = rng.uniform(0, 5, n)[name] + (3 * dataset / datasets if design == "datasets" else 0)
    score: Floats = 40 + SLOPE * log
    if design == "binomial":
        score = 2 * rng.binomial(50, score / 100).astype(np.float64)
    elif design == "names":
        score = score + rng.normal(0, 8, n)[name] + rng.normal(0, 4, n)
    else:
        score = score + rng.normal(0, 10, n)
    if design == "slopes":
        score = score + rng.normal(0, 3, datasets)[dataset] * log
    if design == "datasets":
        score = score + 30 * dataset / datasets + rng.normal(0, 5, datasets)[dataset]
    count = 10**log
    if design == "zeros":
        zero = rng.random(n) < 0.45
        count, score = np.where(zero, 0, count), np.where(zero, rng.normal(30, 10, n), score)
    return Rows.of(count, score, name, dataset)
