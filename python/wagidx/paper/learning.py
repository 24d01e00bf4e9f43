"""The toy models of learning on the study's classification panels; see `wagidx.analysis.learning`.

Models of one corpus are scored on the same rows, so each two of them make a pair. The pairs of a
corpus share rows and models and are not independent tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from wagidx.analysis.learning import Curves, Pair, learning_curves, learning_pair
from wagidx.analysis.rows import Rows
from wagidx.analysis.zeros import axis
from wagidx.paper.panels import Panel

__all__ = ["ZEROS", "Learning", "ModelCurves", "ModelPair", "learning"]

ZEROS = ("drop", "floor")
"""Rules for counts of 0: a concept without examples is on no learning curve, so `drop` is first."""


@dataclass(frozen=True)
class ModelCurves:
    """Both curves on the rows of one model."""

    corpus: str
    kind: str
    model: str
    zeros: str
    curves: Curves


@dataclass(frozen=True)
class ModelPair:
    """Both second predictions on two models of one corpus."""

    corpus: str
    kind: str
    model: str
    other: str
    zeros: str
    pair: Pair


@dataclass(frozen=True)
class Learning:
    """First and second predictions of both toy models."""

    curves: list[ModelCurves]
    pairs: list[ModelPair]

    def to_json(self) -> dict[str, Any]:
        """All of it, as lists of objects."""
        return {
            "curves": [{**vars(one), "curves": one.curves.to_json()} for one in self.curves],
            "pairs": [{**vars(one), "pair": one.pair.to_json()} for one in self.pairs],
        }


def learning(panels: Iterable[Panel], kind: str = "integrated") -> Learning:
    """Test the toy models on the main classification panels.

    Parameters
    ----------
    panels : iterable of Panel
        Such as `wagidx.paper.panels.panels_of` gives; the others are passed over.
    kind : str
        How the kind of count starts: ``text``, ``image`` or ``integrated``.

    Returns
    -------
    Learning
        For each corpus under each rule of `ZEROS`: the curves of every model, every two of them.
    """
    models: dict[tuple[str, str], dict[str, Rows]] = defaultdict(dict)
    for panel in panels:
        if panel.task == "zs" and panel.main and panel.kind.startswith(kind):
            models[panel.corpus, panel.kind][panel.model] = panel.rows
    found = Learning([], [])
    for (corpus, counted), rows in models.items():
        for zeros in ZEROS:
            kept = {name: one.where(axis(one.count, zeros).keep) for name, one in rows.items()}
            for name, one in kept.items():
                curves = learning_curves(one)
                found.curves.append(ModelCurves(corpus, counted, name, zeros, curves))
            for name, other in combinations(kept, 2):
                pair = learning_pair(kept[name], kept[other])
                found.pairs.append(ModelPair(corpus, counted, name, other, zeros, pair))
    return found
