"""Panels put side by side: the same concepts of the same datasets in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from wagidx.analysis.rows import Rows
from wagidx.paper.panels import Panel

__all__ = ["aligned", "grouped", "name_of", "pick"]


def pick(panels: Iterable[Panel], **wanted: str) -> list[Panel]:
    """The panels whose fields have the values given."""
    return [
        panel
        for panel in panels
        if all(getattr(panel, field) == value for field, value in wanted.items())
    ]


def name_of(panel: Panel, *leave_out: str) -> str:
    """A panel's key without some of its fields."""
    fields = ("task", "corpus", "model", "kind", "variant", "row_set")
    parts = (getattr(panel, field) for field in fields if field not in leave_out)
    return "|".join(part for part in parts if part)


def grouped(panels: Iterable[Panel], *leave_out: str) -> list[tuple[str, list[Panel]]]:
    """Panels that differ in nothing but the fields left out, in the order in which they came."""
    order: dict[str, list[Panel]] = {}
    for panel in panels:
        order.setdefault(name_of(panel, *leave_out), []).append(panel)
    return list(order.items())


def aligned(tables: Sequence[Rows]) -> list[Rows]:
    """The rows that every table has, by dataset and concept, in the order of the first."""
    places = [
        {pair: i for i, pair in enumerate(zip(rows.dataset.tolist(), rows.concept.tolist()))}
        for rows in tables
    ]
    shared = [pair for pair in places[0] if all(pair in one for one in places[1:])]
    return [
        _taken(rows, np.array([place[pair] for pair in shared], np.int64))
        for rows, place in zip(tables, places)
    ]


def _taken(rows: Rows, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Rows:
    return Rows(rows.concept[order], rows.dataset[order], rows.count[order], rows.score[order])
