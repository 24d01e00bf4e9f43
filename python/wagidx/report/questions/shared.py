"""What the sections of the further questions share: names of panels, and intervals drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from wagidx.plots import GREY, new_figure, svg
from wagidx.report.numbers import NONE
from wagidx.report.section import Figure

__all__ = [
    "COMMAND",
    "corpus_and_model",
    "correlation_text",
    "draw_intervals",
    "drawn",
    "name_rows",
    "short_key",
    "zero_axes",
]

COMMAND = "wagidx reproduce RELEASE --json"

Pair = Sequence[float]


def short_key(key: str) -> str:
    """What differs between panels: task, corpus and model, without kind, variant and row set."""
    return " ".join(part for part in key.split("|")[:3] if not part.startswith("integrated"))


def corpus_and_model(key: str) -> str:
    """Corpus and model, where the table or figure says the task."""
    return " ".join(key.split("|")[1:3])


def correlation_text(value: float) -> str:
    return NONE if math.isnan(value) else f"{value:.3f}"


def zero_axes(height: float) -> tuple[Any, Any]:
    figure = new_figure(6.4, height)
    axes = figure.subplots()
    axes.axvline(0, color=GREY, lw=0.8)
    return figure, axes


def draw_intervals(
    axes: Any,
    places: Sequence[float],
    values: Sequence[tuple[float, Pair | None]],
    colour: str,
    mark: str,
    label: str,
) -> None:
    for place, (_, pair) in zip(places, values):
        if pair is not None:
            axes.plot(pair, [place, place], "-", color=colour, lw=1.5)
    axes.plot([value for value, _ in values], places, mark, color=colour, ms=5, label=label)


def name_rows(axes: Any, names: Sequence[str]) -> None:
    axes.set_yticks([-i for i in range(len(names))], names, size=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.xaxis.label.set_size(8)
    axes.figure.legend(fontsize=7, loc="outside upper right", ncols=2)


def drawn(figure: Any, caption: str, alternative: str) -> Figure:
    return Figure(caption, alternative, svg(figure))
