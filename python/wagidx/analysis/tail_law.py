"""The power law of a list's tail, how sure it is, and what else fits: the three in one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wagidx.analysis.power_law import (
    PowerLaw,
    best_power_law,
    chance_of_distance,
    exponent_draws,
)
from wagidx.analysis.rows import Pair
from wagidx.analysis.studentised import middle
from wagidx.analysis.tail_forms import TailForm, compare_tail_forms
from wagidx.analysis.tally import Tally

__all__ = ["TailLaw", "tail_law"]


@dataclass(frozen=True)
class TailLaw:
    """A power law for counts of at least `xmin`.

    Attributes
    ----------
    fit : PowerLaw
        Exponent, `xmin`, names and distance.
    alpha_ci95, rank_exponent_ci95 : tuple of float or None
        Bootstrap over names, `xmin` refitted in each resample.
    p : float
        Share of synthetic lists at least as far from their own law; small speaks against the law.
    refits : int
        Synthetic lists, and resamples.
    others : list of TailForm
        Lognormal and power law with a cutoff, over the same counts.
    """

    fit: PowerLaw
    alpha_ci95: Pair | None
    rank_exponent_ci95: Pair | None
    p: float
    refits: int
    others: list[TailForm]

    def to_dict(self) -> dict[str, Any]:
        """The object `power_law` of `wagidx tail --json`."""
        return {
            "xmin": self.fit.xmin,
            "n": self.fit.n,
            "alpha": self.fit.alpha,
            "alpha_ci95": self.alpha_ci95,
            "rank_exponent": self.fit.rank_exponent,
            "rank_exponent_ci95": self.rank_exponent_ci95,
            "ks": self.fit.distance,
            "p": self.p,
            "refits": self.refits,
            "others": [
                {
                    "form": one.form,
                    "parameters": [[name, value] for name, value in one.parameters.items()],
                    "log_ratio": one.log_ratio,
                    "z": one.z,
                    "p": one.p,
                    "nearer": one.nearer,
                }
                for one in self.others
            ],
        }


def tail_law(tally: Tally, *, refits: int, seed: int) -> TailLaw | None:
    """Fit a power law to the upper part of counts, resample it, and hold it against other forms.

    None where `best_power_law` gives none. `refits` resamples of names, and as many made lists,
    each with its `xmin` refitted: O(refits * m) for m distinct counts.
    """
    law = best_power_law(tally)
    if law is None:
        return None
    generator = np.random.default_rng(seed)
    interval = middle(exponent_draws(tally, draws=refits, generator=generator))
    ranks = None if interval is None else (1 / (interval[1] - 1), 1 / (interval[0] - 1))
    p = chance_of_distance(tally, law, draws=refits, generator=generator)
    return TailLaw(law, interval, ranks, p, refits, compare_tail_forms(tally, law))
