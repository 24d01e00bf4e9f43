"""Do larger models need frequency less? Slopes of models on the same concepts, and differences.

The models of one corpus share every count and every concept, so their slopes are compared under the
same drawn names. On a score near its ceiling a slope must fall, whatever a model learned; slopes on
logits, which have no ceiling, stand beside those on scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from wagidx.analysis.paired import logits, paired_slope_draws
from wagidx.analysis.regression import clustered, iid, least_squares
from wagidx.analysis.resampling import concept_interval
from wagidx.analysis.rows import Floats, Integers, Pair, Rows, codes
from wagidx.exceptions import FitError
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import FEWEST_MODELS, perfect_score
from wagidx.paper.questions.aligned import aligned, grouped

__all__ = ["Difference", "ModelSlope", "PairedSlope", "Scale", "Trend", "scales"]

MOST_PAIRED = 10
"""Of more models than these only the slopes are given, not every two of them."""


@dataclass(frozen=True)
class PairedSlope:
    """A slope within datasets, per tenfold count.

    Attributes
    ----------
    slope, ci95_names, ci95_datasets
        Units of score; bootstrap intervals over names, and clustered by dataset.
    logit_slope, logit_ci95_names
        The same of logits; None where the scores are no shares.
    """

    slope: float
    ci95_names: Pair | None
    ci95_datasets: Pair | None
    logit_slope: float | None
    logit_ci95_names: Pair | None


@dataclass(frozen=True)
class ModelSlope:
    """One model: its mean score over the rows, in their unit, and its slope."""

    model: str
    mean_score: float
    slope: PairedSlope


@dataclass(frozen=True)
class Difference:
    """Slope of `second` less that of `first`, on the same concepts."""

    first: str
    second: str
    slope: PairedSlope


@dataclass(frozen=True)
class Trend:
    """Slopes on mean scores over models: least squares, with the t interval of n - 2.

    The files do not say how large a model is; its mean score stands in.
    """

    n: int
    slope_per_score: float
    ci95: Pair | None


@dataclass(frozen=True)
class Scale:
    """The models of one corpus, side by side.

    Attributes
    ----------
    key, unit : str
        The panels' without the model, and the unit of their scores.
    n, datasets, names : int
        Rows that all models have, datasets, distinct names.
    models : list of ModelSlope
    differences : list of Difference
        Every two models.
    trend : Trend or None
    note : str or None
        Why there is no trend.
    """

    key: str
    unit: str
    n: int
    datasets: int
    names: int
    models: list[ModelSlope]
    differences: list[Difference]
    trend: Trend | None
    note: str | None


def scales(panels: Sequence[Panel]) -> Iterator[Scale]:
    """An answer for every corpus, task and kind of count."""
    for key, same in grouped(panels, "model"):
        try:
            yield _scale(key, same)
        except FitError:
            continue  # counts that do not vary within datasets have no slopes to compare


def _scale(key: str, panels: Sequence[Panel]) -> Scale:
    tables = aligned([panel.rows for panel in panels])
    first = tables[0]
    group, name = codes(first.dataset), codes(first.concept)
    scores = np.column_stack([rows.score for rows in tables])
    perfect = perfect_score(panels[0].task)
    both = scores if perfect is None else np.column_stack([scores, logits(scores, perfect)])
    drawn = paired_slope_draws(first.log10_count, both, name, group=group)
    each = _Slopes(first, group, both, drawn, int(name.max()) + 1, len(panels))
    models = [_model(each, i, panel.model, tables[i]) for i, panel in enumerate(panels)]
    few = len(panels) <= MOST_PAIRED
    pairs = combinations(range(len(panels)), 2) if few else ()
    return Scale(
        key=key,
        unit=panels[0].unit,
        n=len(first),
        datasets=int(group.max()) + 1,
        names=each.names,
        models=models,
        differences=[_difference(each, models, *pair) for pair in pairs],
        trend=_trend(models),
        note=None
        if len(models) >= FEWEST_MODELS
        else f"{len(models)} models; a line through them needs at least {FEWEST_MODELS}",
    )


@dataclass(frozen=True)
class _Slopes:
    """Scores of k models and, where they are shares, their logits behind them; and drawn slopes."""

    rows: Rows
    group: Integers
    scores: Floats
    drawn: Floats
    names: int
    k: int

    def of(self, weight: Floats) -> tuple[float, Pair | None, Pair | None]:
        """Slope of a weighted sum of the columns, by names and by datasets."""
        line = least_squares(self.rows.log10_count, self.scores @ weight, group=self.group)
        by_name = concept_interval(self.drawn @ weight, self.names).pair
        return line.slope, by_name, clustered(line, self.group).pair

    def both(self, weight: Floats) -> PairedSlope:
        """The same of scores and, without datasets, of logits."""
        nothing = np.zeros(self.k)
        if self.drawn.shape[1] == self.k:
            return PairedSlope(*self.of(weight), None, None)
        logit, by_name, _ = self.of(np.concatenate([nothing, weight]))
        return PairedSlope(*self.of(np.concatenate([weight, nothing])), logit, by_name)


def _model(each: _Slopes, i: int, model: str, rows: Rows) -> ModelSlope:
    weight = np.zeros(each.k)
    weight[i] = 1.0
    return ModelSlope(model, float(rows.score.mean()), each.both(weight))


def _difference(each: _Slopes, models: Sequence[ModelSlope], i: int, j: int) -> Difference:
    weight = np.zeros(each.k)
    weight[i], weight[j] = -1.0, 1.0
    return Difference(models[i].model, models[j].model, each.both(weight))


def _trend(models: Sequence[ModelSlope]) -> Trend | None:
    if len(models) < FEWEST_MODELS:
        return None
    score = np.array([model.mean_score for model in models])
    try:
        line = least_squares(score, np.array([model.slope.slope for model in models]))
    except FitError:
        return None
    return Trend(len(models), line.slope, iid(line).pair)
