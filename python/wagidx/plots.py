"""What figures share: colours, a figure without pyplot, and its two files.

The colours are Okabe and Ito's, which are told apart by every kind of colour vision; what they mean
is also told by shape. pyplot keeps state of its own, so figures are made without it. Clouds of
points are to be drawn with ``rasterized=True``: thousands of marks as vectors weigh megabytes.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from wagidx._optional import require

__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "PURPLE", "VERMILION", "new_figure", "save", "svg"]

BLUE, VERMILION, GREEN, ORANGE, PURPLE = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7"
GREY = "#9a9a9a"

Figure = Any


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches; needs matplotlib."""
    return require("matplotlib.figure", extra="fit").Figure(
        figsize=(width, height), layout="constrained"
    )


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and as SVG; returns both files."""
    files = [folder / f"{name}.{kind}" for kind in ("png", "svg")]
    for file in files:
        figure.savefig(file, dpi=150)
    return files


def svg(figure: Figure) -> str:
    """A figure as an SVG document."""
    written = io.StringIO()
    figure.savefig(written, format="svg", dpi=130, metadata={"Date": None})
    return written.getvalue()
