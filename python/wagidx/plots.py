"""What figures share: colours, a figure without pyplot, and its two files.

The colours are Okabe and Ito's, which are told apart by every kind of colour vision; what they mean
is also told by shape. pyplot keeps state of its own, so figures are made without it. Clouds of
points are to be drawn with ``rasterized=True``: thousands of marks as vectors weigh megabytes.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wagidx._optional import require

if TYPE_CHECKING:
    from wagidx.analysis.binned import BinnedFit

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "VERMILION",
    "Figure",
    "bin_marks",
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
    axes: Axes, fit: BinnedFit, colour: str, size: float, inside: str = "bins of the binned r"
) -> None:
    """Bin means by what the binned r makes of them: filled, hollow where outside its slice.

    A cross is a bin of the slice that holds no row: the study takes its mean for 0, so that no line
    through the filled marks alone has the r that is told.
    """
    bins = fit.bins
    within = [False] * len(bins.count)
    within[fit.recipe.slice] = [True] * fit.n_points
    marks: dict[str, list[int]] = {"inside": [], "outside": [], "empty": []}
    for place, (held, used) in enumerate(zip(bins.count.tolist(), within)):
        if held or used:
            marks["outside" if not used else "inside" if held else "empty"].append(place)
    for kind, symbol, fill, label in (
        ("outside", "o", "white", "bins left out"),
        ("inside", "o", colour, inside),
        ("empty", "x", colour, "bins without a row, taken for 0"),
    ):
        if places := marks[kind]:
            axes.plot(
                bins.right_edge[places], bins.mean[places], symbol, mfc=fill, color=colour,
                ms=size, label=label, zorder=3,
            )  # fmt: skip


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write a figure as PNG and as SVG."""
    raster, vector = (folder / f"{name}.{kind}" for kind in ("png", "svg"))
    figure.set_dpi(DPI)
    # `Figure.savefig` draws everything twice for each file, to learn how large it is.
    agg = require("matplotlib.backends.backend_agg", extra="fit")
    # Of clouds of points, level 3 packs as small as zlib's default 6, in half the time.
    agg.FigureCanvasAgg(figure).print_png(raster, pil_kwargs={"compress_level": 3})
    figure.set_layout_engine("none")  # measured once; the other file has the same places
    vector.write_text(svg(figure), encoding="utf-8")


def svg(figure: Figure) -> str:
    """A figure as an SVG document."""
    written = io.StringIO()
    figure.set_dpi(DPI)
    backend = require("matplotlib.backends.backend_svg", extra="fit")
    backend.FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None})
    return written.getvalue()
