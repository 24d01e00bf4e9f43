"""What ImageNet-Sketch does to the trend.

The study's image and joint figures pool 18 datasets, of which ImageNet-Sketch has ImageNet's
classes and counts over again: every one of its concepts is there twice, once with a low score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wagidx.analysis.binned import binned_fit
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Floats, Pair, Rows, codes
from wagidx.exceptions import FitError
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import SKETCH, recipe_of
from wagidx.paper.questions.aligned import grouped

__all__ = ["Pooled", "Sketch", "sketches"]


@dataclass(frozen=True)
class Pooled:
    """One set of rows.

    Attributes
    ----------
    n, datasets : int
        Rows and datasets.
    pearson_r, n_points
        Of bin means over the study's slice, and the bins in it.
    slope, slope_ci95_names
        Least squares over all rows, per tenfold count; bootstrap over names.
    within_slope, within_ci95_datasets
        With an intercept for each dataset; clustered by dataset.
    """

    n: int
    datasets: int
    pearson_r: float
    n_points: int
    slope: float
    slope_ci95_names: Pair | None
    within_slope: float
    within_ci95_datasets: Pair | None


@dataclass(frozen=True)
class Sketch:
    """A panel with and without ImageNet-Sketch.

    Attributes
    ----------
    key, unit : str
        The panels' without the row set, and the unit of their scores.
    with_sketch, without_sketch : Pooled
    slope_difference, difference_ci95_names
        Pooled slope with it less that without; the same drawn names in both.
    """

    key: str
    unit: str
    with_sketch: Pooled
    without_sketch: Pooled
    slope_difference: float
    difference_ci95_names: Pair | None


def sketches(panels: Sequence[Panel]) -> Iterator[Sketch]:
    """An answer for every panel there is with and without ImageNet-Sketch."""
    for key, same in grouped((panel for panel in panels if panel.task == "zs"), "row_set"):
        sets = {panel.row_set: panel for panel in same}
        if sets.keys() >= set(SKETCH):
            try:
                yield _sketch(key, *(sets[name] for name in SKETCH))
            except FitError:
                continue  # counts that do not vary have no slopes to compare


def _sketch(key: str, less: Panel, more: Panel) -> Sketch:
    names = np.unique(np.concatenate([less.rows.concept, more.rows.concept]))
    drawn = [_draws(panel.rows, names) for panel in (less, more)]
    without, with_ = (_pooled(panel, one, len(names)) for panel, one in zip((less, more), drawn))
    return Sketch(
        key=key,
        unit=more.unit,
        with_sketch=with_,
        without_sketch=without,
        slope_difference=with_.slope - without.slope,
        difference_ci95_names=concept_interval(drawn[1] - drawn[0], len(names)).pair,
    )


def _draws(rows: Rows, names: NDArray[np.str_]) -> Floats:
    """Slopes under drawn names; the last name is always drawn from, though `rows` may lack it."""
    place = np.searchsorted(names, rows.concept).astype(np.int64)
    return slope_draws(rows.log10_count, rows.score, place, names=len(names))


def _pooled(panel: Panel, drawn: Floats, names: int) -> Pooled:
    rows = panel.rows
    group = codes(rows.dataset)
    fit = binned_fit(rows.count, rows.score, recipe_of(panel.task, panel.corpus))
    within = least_squares(rows.log10_count, rows.score, group=group)
    return Pooled(
        n=len(rows),
        datasets=int(group.max()) + 1,
        pearson_r=fit.pearson_r,
        n_points=fit.n_points,
        slope=least_squares(rows.log10_count, rows.score).slope,
        slope_ci95_names=concept_interval(drawn, names).pair,
        within_slope=within.slope,
        within_ci95_datasets=clustered(within, group).pair,
    )
