"""What groups of panels and the tables say on the study's claims, in numbers alone.

A claim such as "accuracy rises with log frequency" rests on several panels, which share counts,
concepts and often models. They are not pooled into one number, for they are not independent tests:
what is kept is the panel in the middle with its own interval, and how many panels' intervals lie on
which side of 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wagidx.analysis.distributions import t_point
from wagidx.analysis.forms import compare_forms
from wagidx.analysis.regression import iid, least_squares
from wagidx.analysis.rows import Pair
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import FEWEST_MODELS, is_lower_better
from wagidx.paper.quoted import published_r
from wagidx.paper.statistics import PanelStatistics

__all__ = [
    "Evidence",
    "FormCheck",
    "Slope",
    "evidence",
    "form_checks",
    "mean_interval",
    "slope_interval",
    "strongest",
]

LEVEL = 0.05
"""Up to this adjusted permutation p an r is distinguishable from that of shuffled scores."""


@dataclass(frozen=True)
class Slope:
    """The slope within datasets of one panel, and the interval there is for it.

    Attributes
    ----------
    slope : float or None
        Units of score per tenfold count.
    ci95 : tuple of float or None
        Clustered by dataset, or a bootstrap over names if there are too few datasets.
    by : str
        ``datasets`` or ``names``: what the interval is based on; empty without one.
    """

    slope: float | None
    ci95: Pair | None
    by: str

    @classmethod
    def of(cls, panel: PanelStatistics) -> Slope:
        """The slope of a panel."""
        ci95 = panel.within_slope_ci95 or panel.within_slope_ci95_names
        by = "" if ci95 is None else "datasets" if panel.within_slope_ci95 else "names"
        return cls(panel.within_slope_per_decade, ci95, by)


@dataclass(frozen=True)
class Evidence:
    """What the panels of one claim say.

    Attributes
    ----------
    panels : tuple of PanelStatistics
        All of them, one at least.
    published : tuple of float
        Correlations in the legends of their figures, where known.
    middle : PanelStatistics
        The panel whose slope is the median one, the lower of two.
    slope : Slope
        Its slope.
    known : int
        Panels whose slope has an interval.
    claimed, other : int
        Panels whose whole interval lies on the claimed side of 0, and on the other.
    p : tuple of float
        Permutation p of each panel whose scores were shuffled.
    told_apart : int
        Those of them whose adjusted p is at most `LEVEL`.
    """

    panels: tuple[PanelStatistics, ...]
    published: tuple[float, ...]
    middle: PanelStatistics
    slope: Slope
    known: int
    claimed: int
    other: int
    p: tuple[float, ...]
    told_apart: int


def evidence(panels: Iterable[PanelStatistics]) -> Evidence | None:
    """Gather what panels say; None where there is none."""
    group = tuple(panels)
    if not group:
        return None
    slopes = [Slope.of(panel) for panel in group]
    order = sorted(range(len(group)), key=lambda i: _or_least(slopes[i].slope))
    middle = order[(len(order) - 1) // 2]
    signs = [_side(slope, panel) for slope, panel in zip(slopes, group)]
    again = [panel.resampled for panel in group if panel.resampled is not None]
    legends = (_legend(panel) for panel in group)
    return Evidence(
        panels=group,
        published=tuple(r for r in legends if r is not None),
        middle=group[middle],
        slope=slopes[middle],
        known=sum(slope.ci95 is not None for slope in slopes),
        claimed=signs.count(1),
        other=signs.count(-1),
        p=tuple(one.permutation_p for one in again if math.isfinite(one.permutation_p)),
        told_apart=sum(one.permutation_q_bh <= LEVEL for one in again),
    )


def _or_least(value: float | None) -> float:
    return -math.inf if value is None else value


def _side(slope: Slope, panel: PanelStatistics) -> int:
    """1 where the whole interval lies on the claimed side of 0, -1 on the other, else 0."""
    if slope.ci95 is None:
        return 0
    side = 1 if slope.ci95[0] > 0 else -1 if slope.ci95[1] < 0 else 0
    return -side if panel.task == "t2i" and is_lower_better(panel.variant) else side


def _legend(panel: PanelStatistics) -> float | None:
    rest = (panel.kind, panel.variant, panel.row_set)
    return published_r(panel.task, panel.corpus, panel.model, *rest)


def strongest(panels: Iterable[PanelStatistics]) -> list[PanelStatistics]:
    """Of each task and corpus the panel with the highest binned r: the claim's best case."""
    best: dict[tuple[str, str], PanelStatistics] = {}
    for panel in panels:
        place = (panel.task, panel.corpus)
        if place not in best or panel.pearson_r > best[place].pearson_r:
            best[place] = panel
    return list(best.values())


@dataclass(frozen=True)
class FormCheck:
    """How well a curve predicts held-out scores, compared with log-linear.

    Attributes
    ----------
    key : str
        The panel.
    form : str
        The curve.
    n : int
        Rows.
    r2 : float
        Of scores of held-out names; against the constant.
    gain, se : float
        How much smaller its mean squared error on held-out names is than log-linear's, in squared
        units of score, and the standard error of that.
    gain_datasets, se_datasets : float or None
        The same on held-out datasets; None where there are too few.
    """

    key: str
    form: str
    n: int
    r2: float
    gain: float
    se: float
    gain_datasets: float | None
    se_datasets: float | None


def form_checks(panels: Iterable[Panel]) -> list[FormCheck]:
    """Fit every form to panels and hold names and datasets out; seconds for 4,000 rows."""
    found = []
    for panel in panels:
        for form in compare_forms(panel.rows, seed=0):
            names, sets = form.by_name, form.by_dataset
            if names is not None:
                found.append(
                    FormCheck(
                        key=panel.key,
                        form=form.form,
                        n=len(panel.rows),
                        r2=names.r2,
                        gain=-names.minus_log_linear,
                        se=names.se,
                        gain_datasets=None if sets is None else -sets.minus_log_linear,
                        se_datasets=None if sets is None else sets.se,
                    )
                )
    return found


def mean_interval(values: Sequence[float]) -> Pair | None:
    """95 % t interval of a mean; None for fewer than 3 values."""
    n = len(values)
    if n < 3:
        return None
    reach = t_point(0.975, n - 1)
    half = reach * float(np.std(values, ddof=1)) / math.sqrt(n)
    middle = float(np.mean(values))
    return middle - half, middle + half


def slope_interval(
    table: Mapping[str, Any], *, below: float | None, above: float | None
) -> Pair | None:
    """Slope of Let It Wag! on ImageNet accuracy of the models within bounds, and its t interval.

    Returns
    -------
    tuple of float, or None
        The interval; None for fewer than `FEWEST_MODELS`.
    """
    pairs = [
        (x, y)
        for x, y in table["models"].values()
        if (below is None or x < below) and (above is None or x >= above)
    ]
    if len(pairs) < FEWEST_MODELS:
        return None
    imagenet, wag = np.array(pairs, np.float64).T
    return iid(least_squares(imagenet, wag)).pair
