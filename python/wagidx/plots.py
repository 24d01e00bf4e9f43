"""What figures share: colours, a figure without pyplot, and its two files.

The colours are Okabe and Ito's, which are told apart by every kind of colour vision; what they mean
is also told by shape. pyplot keeps state of its own, so figures are made without it. Clouds of
points are to be drawn with ``rasterized=True``: thousands of marks as vectors weigh megabytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wagidx._optional import require

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "VERMILION",
    "Drawn",
    "Figure",
    "bin_marks",
    "drawn",
    "new_figure",
    "save",
    "svg",
]

BLUE, VERMILION, GREEN, ORANGE, PURPLE = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7"
GREY = "#9a9a9a"
DPI = 130
"""Dots per inch of PNG files, and of clouds within SVG."""

Figure = Any
Axes = Any


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches; needs matplotlib."""
    return require("matplotlib.figure", extra="fit").Figure(
        figsize=(width, height), layout="constrained"
    )


def bin_marks(
    axes: Axes,
    bins: Any,
    chosen: slice,
    *,
    color: str,
    size: float,
    label: str = "bins of the binned r",
) -> None:
    """Means of `wagidx.analysis.binned.Bins`: filled in the slice chosen, hollow outside it.

    A cross is a bin of the slice that holds no row: the study takes its mean for 0, so that no line
    through the filled marks alone has the r that is told.
    """
    within = bins.count < 0  # none
    within[chosen] = True
    empty = bins.count == 0
    for keep, symbol, fill, said in (
        (~within & ~empty, "o", "white", "bins left out"),
        (within & ~empty, "o", color, label),
        (within & empty, "x", color, "bins without a row, taken for 0"),
    ):
        if keep.any():
            axes.plot(
                bins.right_edge[keep], bins.mean[keep], symbol, mfc=fill, color=color, ms=size,
                label=said, zorder=3,
            )  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A figure as the contents of its two files."""

    png: bytes
    svg: str

    def save(self, folder: Path, name: str) -> None:
        """Write both."""
        (folder / f"{name}.png").write_bytes(self.png)
        (folder / f"{name}.svg").write_text(self.svg, encoding="utf-8")


def drawn(figure: Figure) -> Drawn:
    """Draw a figure as PNG and as SVG."""
    written = io.BytesIO()
    figure.set_dpi(DPI)
    # `Figure.savefig` draws everything twice for each file, to learn how large it is.
    agg = require("matplotlib.backends.backend_agg", extra="fit")
    # Of clouds of points, level 3 packs as small as zlib's default 6, in half the time.
    agg.FigureCanvasAgg(figure).print_png(written, pil_kwargs={"compress_level": 3})
    figure.set_layout_engine("none")  # measured once; the other file has the same places
    return Drawn(written.getvalue(), svg(figure))


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write a figure as PNG and as SVG."""
    drawn(figure).save(folder, name)


def svg(figure: Figure) -> str:
    """A figure as an SVG document."""
    written = io.StringIO()
    figure.set_dpi(DPI)
    backend = require("matplotlib.backends.backend_svg", extra="fit")
    backend.FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None})
    return written.getvalue()
