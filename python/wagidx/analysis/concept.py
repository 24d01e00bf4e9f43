"""The concept-level regression: every row is a point, every assumption has its interval.

The headline is the slope *within* datasets, with an intercept for each, and its dataset-clustered
interval: pooled rows also reflect that easy datasets have frequent concepts. The pooled slope is
reported too, as are the slopes under every zero rule, after correction for chance, and by a robust
method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wagidx.analysis.binned import correlation
from wagidx.analysis.heterogeneity import Heterogeneity, heterogeneity
from wagidx.analysis.regression import Interval, Line, clustered, hc3, iid, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Floats, Integers, Pair, Rows, codes, ranks
from wagidx.analysis.theilsen import theil_sen
from wagidx.analysis.weights import score_scale, score_weights
from wagidx.analysis.zeros import RULES, axis
from wagidx.exceptions import FitError

__all__ = [
    "ChanceCorrected",
    "ConceptFit",
    "Robust",
    "Slope",
    "Weighted",
    "ZeroRule",
    "chance_corrected",
    "concept_fit",
    "zero_rules",
]

THEIL_SEN_ROWS = 5000
"""Theil-Sen compares all pairs; of more rows a seeded sample of these is taken."""


@dataclass(frozen=True)
class Slope:
    """A slope with its intervals.

    Attributes
    ----------
    n, datasets : int
        Rows and distinct datasets.
    slope_per_decade : float or None
        Units of score per tenfold frequency; None if `note` says why.
    slope_ci95 : tuple of float or None
        The headline among `intervals`.
    intervals : dict of str to Interval
        `iid`, `hc3`, `concept` (names resampled) and `dataset` (CR2).
    note : str or None
        Why there is no slope.
    """

    n: int
    datasets: int
    slope_per_decade: float | None
    slope_ci95: Pair | None
    intervals: dict[str, Interval]
    note: str | None = None


@dataclass(frozen=True)
class ZeroRule:
    """Pooled and within-dataset slope under one rule for zeros; `wagidx.analysis.zeros` has them.

    The pooled interval is `iid`, that within datasets `dataset`.
    """

    rule: str
    n: int
    slope_per_decade: float | None
    slope_ci95: Pair | None
    within_slope_per_decade: float | None
    within_slope_ci95: Pair | None
    note: str | None = None


@dataclass(frozen=True)
class ChanceCorrected:
    """Slopes of (score - 1/classes) / (1 - 1/classes): 0 is chance, 1 perfect, in any dataset."""

    classes: dict[str, int]
    slope_per_decade: float
    slope_ci95: Pair | None
    within: Slope


@dataclass(frozen=True)
class Weighted:
    """Slopes weighted by ``1 / (tau2 + s (1 - s) / n)``."""

    tau2: float
    slope_per_decade: float
    slope_ci95: Pair | None
    within: Slope


@dataclass(frozen=True)
class Robust:
    """The Theil-Sen slope: the median over all pairs of `n` rows, with its 95 % interval."""

    n: int
    theil_sen_slope_per_decade: float
    theil_sen_ci95: Pair


@dataclass(frozen=True)
class ConceptFit:
    """The regression of score on log10(max(count, 1)), pooled unless a name says otherwise.

    Attributes
    ----------
    n, n_zero : int
        Rows, and those with count 0.
    slope_per_decade, intercept : float
        Least squares over all rows.
    slope_ci95 : tuple of float
        The `iid` interval, as the study would give it.
    pearson_r, pearson_p, spearman_r : float
        Spearman's on the counts.
    intervals : dict of str to Interval
        Of the pooled slope.
    within : Slope
        With dataset intercepts; its `slope_ci95` is dataset-clustered.
    zeros : list of ZeroRule
        One entry per rule.
    chance_corrected : ChanceCorrected or None
        None if the scores are neither fractions nor percents.
    weighted : Weighted or None
        None without n.
    robust : Robust
        A check.
    heterogeneity : Heterogeneity
        A slope for each dataset.
    """

    n: int
    n_zero: int
    slope_per_decade: float
    slope_ci95: Pair | None
    intercept: float
    pearson_r: float
    pearson_p: float
    spearman_r: float
    intervals: dict[str, Interval]
    within: Slope
    zeros: list[ZeroRule]
    chance_corrected: ChanceCorrected | None
    weighted: Weighted | None
    robust: Robust
    heterogeneity: Heterogeneity


def concept_fit(
    rows: Rows,
    *,
    classes: Mapping[str, int] | None = None,
    offset: float = 1.0,
    draws: int = 2000,
    seed: int = 0,
) -> ConceptFit:
    """Fit every slope of this module to `rows`.

    Parameters
    ----------
    rows : Rows
        At least 3, of more than one frequency.
    classes : mapping of str to int, optional
        Classes a model chose among, by dataset, for the correction for chance.
    offset : float
        Of the zero rule `offset`.
    draws, seed : int
        Resamples of names, and where numpy's generator starts.

    Raises
    ------
    FitError
        Too few rows, or frequencies that do not vary.
    """
    x, dataset = rows.log10_count, codes(rows.dataset)
    pooled = least_squares(x, rows.score)
    r, p = correlation(x, rows.score)
    return ConceptFit(
        n=len(rows),
        n_zero=int((rows.count <= 0).sum()),
        slope_per_decade=pooled.slope,
        slope_ci95=iid(pooled).pair,
        intercept=pooled.intercept,
        pearson_r=r,
        pearson_p=p,
        spearman_r=correlation(ranks(rows.count), ranks(rows.score))[0],
        intervals=_intervals(rows, pooled, None, draws, seed),
        within=_within(rows, dataset, draws=draws, seed=seed),
        zeros=zero_rules(rows, offset),
        chance_corrected=chance_corrected(rows, classes or {}),
        weighted=None if rows.samples is None else _weighted(rows, pooled),
        robust=_robust(rows, seed),
        heterogeneity=heterogeneity(rows),
    )


def _intervals(
    rows: Rows, line: Line, group: Integers | None, draws: int, seed: int
) -> dict[str, Interval]:
    found = {"iid": iid(line), "hc3": hc3(line)}
    if draws:
        names = codes(rows.concept)
        drawn = slope_draws(
            rows.log10_count, rows.score, names, group=group, draws=draws, seed=seed
        )
        found["concept"] = concept_interval(drawn, int(names.max()) + 1)
    found["dataset"] = clustered(line, codes(rows.dataset))
    return found


def _within(
    rows: Rows,
    dataset: Integers,
    *,
    weight: Floats | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Slope:
    number = len(np.unique(dataset))
    try:
        line = least_squares(rows.log10_count, rows.score, group=dataset, weight=weight)
    except FitError as error:
        return Slope(len(rows), number, None, None, {}, str(error))
    intervals = _intervals(rows, line, dataset, draws, seed)
    return Slope(len(rows), number, line.slope, intervals["dataset"].pair, intervals)


def zero_rules(rows: Rows, offset: float = 1.0) -> list[ZeroRule]:
    """Both slopes under every rule for zeros, in the order of `RULES`; O(n)."""
    return [_zero_rule(rows, rule, offset) for rule in RULES]


def _zero_rule(rows: Rows, rule: str, offset: float) -> ZeroRule:
    placed = axis(rows.count, rule, offset)
    kept, group = rows.score[placed.keep], codes(rows.dataset[placed.keep])
    try:
        pooled = least_squares(placed.x, kept, beside=placed.zero)
        inside = least_squares(placed.x, kept, beside=placed.zero, group=group)
    except FitError as error:
        return ZeroRule(rule, len(kept), None, None, None, None, str(error))
    between = clustered(inside, group)
    return ZeroRule(
        rule, len(kept), pooled.slope, iid(pooled).pair, inside.slope, between.pair, between.note
    )


def chance_corrected(rows: Rows, classes: Mapping[str, int]) -> ChanceCorrected | None:
    """Slopes of scores above chance; None where classes or scores do not say what chance is."""
    scale = score_scale(rows.score)
    known = {name: int(classes.get(name, 0)) for name in rows.datasets}
    if scale is None or min(known.values()) < 2:
        return None
    chance = np.array([1 / known[str(name)] for name in rows.dataset])
    corrected = rows.scored((rows.score / scale - chance) / (1 - chance))
    line = least_squares(corrected.log10_count, corrected.score)
    within = _within(corrected, codes(rows.dataset))
    return ChanceCorrected(known, line.slope, iid(line).pair, within)


def _weighted(rows: Rows, pooled: Line) -> Weighted | None:
    if score_scale(rows.score) is None:
        return None
    weight, tau2 = score_weights(rows, pooled)
    line = least_squares(rows.log10_count, rows.score, weight=weight)
    within = _within(rows, codes(rows.dataset), weight=weight)
    return Weighted(tau2, line.slope, iid(line).pair, within)


def _robust(rows: Rows, seed: int) -> Robust:
    x, y = rows.log10_count, rows.score
    if len(rows) > THEIL_SEN_ROWS:
        kept = np.random.default_rng(seed).choice(len(rows), THEIL_SEN_ROWS, replace=False)
        x, y = x[kept], y[kept]
    slope, *ends = theil_sen(x, y)
    return Robust(len(x), slope, (ends[0], ends[1]))
