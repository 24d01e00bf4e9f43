"""Resampling of a panel: permuted scores, and a bootstrap over names.

This is what takes time, so it is done for the panels of the main figures, or for all on request.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wagidx.analysis.permutation import (
    benjamini_hochberg,
    benjamini_yekutieli,
    permutation_null,
)
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import codes
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import recipe_of

__all__ = ["DRAWS", "Resampled", "adjusted", "resampled"]

SHUFFLES = 1000
DRAWS = 2000


@dataclass(frozen=True)
class Resampled:
    """The permutation null of the binned r, and the bootstrap interval over names.

    Attributes
    ----------
    pearson_r_within : float
        The binned r after each dataset's mean is taken out of its scores.
    permutation_mean_r : float
        Mean binned r of scores shuffled within datasets.
    permutation_range95 : tuple of float
        Middle 95 % of those.
    permutation_p : float
        One-sided: how often a shuffle reaches the binned r; for a metric where lower is
        better, how often it is as low.
    permutation_q_bh, permutation_q_by : float
        The same adjusted over the panels of one task, for independent panels and for any.
    permutation_family : int
        How many panels that is.
    concept_slope_ci95_names : tuple of float or None
        Bootstrap interval of the pooled slope over concept names.
    """

    pearson_r_within: float
    permutation_mean_r: float
    permutation_range95: tuple[float, float]
    permutation_p: float
    permutation_q_bh: float
    permutation_q_by: float
    permutation_family: int
    concept_slope_ci95_names: tuple[float, float] | None


def resampled(panel: Panel, *, shuffles: int = SHUFFLES, draws: int = DRAWS) -> Resampled:
    """Shuffle and draw again, seeded; q values and their family are `adjusted`'s to fill in."""
    rows = panel.rows
    recipe, lower = recipe_of(panel.task, panel.corpus), panel.lower_is_better
    null = permutation_null(rows, recipe, shuffles=shuffles, lower_is_better=lower)
    names = codes(rows.concept)
    slopes = slope_draws(rows.log10_count, rows.score, names, draws=draws)
    return Resampled(
        pearson_r_within=null.pearson_r_within,
        permutation_mean_r=null.mean,
        permutation_range95=null.range95,
        permutation_p=null.p,
        permutation_q_bh=math.nan,
        permutation_q_by=math.nan,
        permutation_family=0,
        concept_slope_ci95_names=concept_interval(slopes, int(names.max()) + 1).pair,
    )


def adjusted(family: Sequence[Resampled]) -> list[Resampled]:
    """Adjust the permutation p's of one task's panels for their number."""
    known = [i for i, one in enumerate(family) if math.isfinite(one.permutation_p)]
    found = list(family)
    if known:
        p = [family[i].permutation_p for i in known]
        for i, bh, by in zip(known, benjamini_hochberg(p), benjamini_yekutieli(p)):
            found[i] = replace(
                found[i],
                permutation_q_bh=float(bh),
                permutation_q_by=float(by),
                permutation_family=len(known),
            )
    return found
