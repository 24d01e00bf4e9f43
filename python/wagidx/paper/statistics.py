"""What is said of one panel: the published statistic, and what its concepts say.

Three things are kept apart. The *binned* numbers reproduce the study's figures. The *concept*
numbers are least squares over all rows on log10 of the frequency, with an interval that takes rows
for independent, which those of one dataset are not. The *within* numbers give each dataset an
intercept of its own and cluster the interval by dataset: they hold nothing of the fact that easy
datasets have frequent concepts. Where datasets are too few to cluster by, names are resampled
instead. Counts of 0 enter all of them as 1, the study's rule; the
`concept_nonzero` numbers leave them out.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from wagidx._optional import require
from wagidx.analysis.binned import BinnedFit, binned_fit, correlation
from wagidx.analysis.distributions import t_point
from wagidx.analysis.regression import FEWEST_CLUSTERS, Interval, clustered, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Floats, Rows, codes, ranks
from wagidx.exceptions import FitError, SourceError
from wagidx.json_values import json_ready
from wagidx.paper.panels import Panel, PanelName
from wagidx.paper.protocol import normalised, recipe_of
from wagidx.paper.resampled import DRAWS, Resampled

__all__ = ["ConceptLine", "PanelStatistics", "concept_line", "statistics"]


@dataclass(frozen=True)
class ConceptLine:
    """Least squares of score on log10 frequency; what is not defined is NaN.

    Attributes
    ----------
    n : int
        Rows.
    slope, intercept : float
        Units of score per decade, and at frequency 1.
    ci95 : tuple of float
        t interval of the slope; assumes independent rows.
    r, p : float
        Pearson's correlation and its two-sided p.
    """

    n: int
    slope: float
    intercept: float
    ci95: tuple[float, float]
    r: float
    p: float


def concept_line(counts: Floats, score: Floats) -> ConceptLine:
    """Fit a line to score over log10 of max(count, 1)."""
    x = np.log10(np.maximum(counts, 1.0))
    nan = math.nan
    if len(x) < 3 or np.ptp(x) == 0:
        return ConceptLine(len(x), nan, nan, (nan, nan), nan, nan)
    found = require("scipy.stats", extra="fit").linregress(x, score)
    r, p = (nan, nan) if np.ptp(score) == 0 else (float(found.rvalue), float(found.pvalue))
    slope, reach = float(found.slope), t_point(0.975, len(x) - 2) * float(found.stderr)
    return ConceptLine(len(x), slope, float(found.intercept), (slope - reach, slope + reach), r, p)


@dataclass(frozen=True)
class PanelStatistics(PanelName):
    """The numbers of one panel, under the names `docs/json.md` explains."""

    published_dataset_set: bool
    n_rows: int
    n_concepts: int
    n_datasets: int
    n_zero_count: int
    nb: int
    slice: list[int | None]
    n_points: int
    n_empty_bins_in_slice: int
    rows_in_slice: int
    pearson_r: float
    pearson_p: float
    pearson_r_without_empty_bins: float
    pearson_r_all_bins: float
    slope_per_decade: float
    intercept: float
    concept_pearson_r: float
    concept_pearson_p: float
    concept_slope_per_decade: float
    concept_intercept: float
    concept_slope_ci95: tuple[float, float]
    concept_spearman: float
    concept_nonzero_n: int
    concept_nonzero_pearson_r: float
    concept_nonzero_slope_per_decade: float
    within_slope_per_decade: float | None
    within_slope_ci95: tuple[float, float] | None
    within_slope_ci95_names: tuple[float, float] | None
    within_note: str | None
    resampled: Resampled | None = None

    def to_json(self) -> dict[str, Any]:
        """Its numbers but for the key; one that is not defined, or not asked for, is null."""
        names = [one.name for one in fields(self)[:-1]]
        names.insert(names.index("main"), "unit")
        own = {name: getattr(self, name) for name in names}
        more = dict.fromkeys(one.name for one in fields(Resampled))
        again = asdict(self.resampled) if self.resampled else more
        found: dict[str, Any] = json_ready(own | again)
        return found


def statistics(panel: Panel, binned: BinnedFit | None = None) -> PanelStatistics:
    """Compute what is said of a panel; `binned` saves binning it again."""
    rows = panel.rows
    if not len(rows):
        raise SourceError(f"panel {panel.key}: no concept has both a count and a score")
    fit = binned or binned_fit(rows.count, rows.score, recipe_of(panel.task, panel.corpus))
    every = concept_line(rows.count, rows.score)
    held = rows.count > 0
    nonzero = concept_line(rows.count[held], rows.score[held])
    within = _within(rows)
    return PanelStatistics(
        **{one.name: getattr(panel, one.name) for one in fields(PanelName)},
        published_dataset_set=panel.has_published_row_set,
        n_rows=fit.n_rows,
        n_concepts=len(set(map(normalised, set(rows.concept.tolist())))),
        n_datasets=len(rows.datasets),
        n_zero_count=int((~held).sum()),
        nb=fit.recipe.n_bins,
        slice=[fit.recipe.start, fit.recipe.stop],
        n_points=fit.n_points,
        n_empty_bins_in_slice=fit.n_empty,
        rows_in_slice=fit.rows_in_slice,
        pearson_r=fit.pearson_r,
        pearson_p=fit.pearson_p,
        pearson_r_without_empty_bins=fit.pearson_r_filled,
        pearson_r_all_bins=fit.pearson_r_all_bins,
        slope_per_decade=fit.slope_per_decade,
        intercept=fit.intercept,
        concept_pearson_r=every.r,
        concept_pearson_p=every.p,
        concept_slope_per_decade=every.slope,
        concept_intercept=every.intercept,
        concept_slope_ci95=every.ci95,
        concept_spearman=_spearman(rows.count, rows.score),
        concept_nonzero_n=nonzero.n,
        concept_nonzero_pearson_r=nonzero.r,
        concept_nonzero_slope_per_decade=nonzero.slope,
        within_slope_per_decade=within[0],
        within_slope_ci95=within[1].pair,
        within_slope_ci95_names=_by_names(rows),
        within_note=within[1].note,
    )


def _within(rows: Rows) -> tuple[float | None, Interval]:
    """Slope with an intercept for each dataset, and its interval clustered by dataset."""
    group = codes(rows.dataset)
    try:
        found = least_squares(rows.log10_count, rows.score, group=group)
    except FitError as error:
        return None, Interval.refused(str(error))
    return found.slope, clustered(found, group)


def _by_names(rows: Rows) -> tuple[float, float] | None:
    """Bootstrap interval of the same slope over names, if datasets are too few."""
    if len(rows.datasets) >= FEWEST_CLUSTERS:
        return None
    names = codes(rows.concept)
    drawn = slope_draws(rows.log10_count, rows.score, names, group=codes(rows.dataset), draws=DRAWS)
    return concept_interval(drawn, int(names.max()) + 1).pair


def _spearman(x: Floats, y: Floats) -> float:
    """Spearman's rho, NaN where x or y is constant or has fewer than 3 values."""
    return correlation(ranks(x), ranks(y))[0] if len(x) > 2 else math.nan
