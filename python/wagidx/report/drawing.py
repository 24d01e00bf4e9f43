"""A drawing as the text of an SVG file."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from wagidx._optional import require

__all__ = ["svg_of"]


def svg_of(draw: Callable[[Any], None], *, size: tuple[float, float] = (6.0, 3.6)) -> str:
    """What `draw` puts on the axes of a figure of `size` inches; needs matplotlib."""
    figure = require("matplotlib.figure", extra="fit").Figure(figsize=size, layout="constrained")
    draw(figure.add_subplot())
    file = io.StringIO()
    figure.savefig(file, format="svg", dpi=130, metadata={"Date": None})
    return file.getvalue()
