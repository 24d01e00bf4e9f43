"""How numbers are written in a report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

__all__ = [
    "NONE",
    "correlations",
    "integer",
    "interval",
    "number",
    "percent",
    "probabilities",
    "probability",
    "span",
]

NONE = "–"
"""Stands for a number that is not there or not defined."""


def integer(value: float | None) -> str:
    """A count with its thousands apart."""
    return NONE if _absent(value) else f"{value:,.0f}"


def number(value: float | None, digits: int = 3) -> str:
    """A number with so many digits that count, never with an exponent."""
    if value is None or _absent(value):
        return NONE
    if value == 0:
        return "0"
    after = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{after}f}"


def percent(value: float | None, after: int = 1) -> str:
    """A share as a percentage."""
    return NONE if value is None or _absent(value) else f"{100 * value:.{after}f} %"


def probability(value: float | None) -> str:
    """A p or q value with three decimals."""
    if value is None or _absent(value):
        return NONE
    return f"{value:.3f}" if value >= 5e-4 else "below .001"


def interval(bounds: Sequence[float] | None, digits: int = 3) -> str:
    """Both ends of an interval."""
    if bounds is None or any(_absent(bound) for bound in bounds):
        return NONE
    low, high = bounds
    return f"{number(low, digits)} to {number(high, digits)}"


def span(values: Iterable[float | None], digits: int = 2) -> str:
    """From the least to the greatest of several numbers; only one where they read alike."""
    known = sorted(value for value in values if value is not None and not _absent(value))
    if not known:
        return NONE
    low, high = number(known[0], digits), number(known[-1], digits)
    return low if low == high else f"{low} to {high}"


def correlations(values: Iterable[float | None]) -> str:
    """From the least to the greatest of several correlations, with two decimals as in legends."""
    return _ends(values, ".2f")


def probabilities(values: Iterable[float | None]) -> str:
    """From the least to the greatest of several p values."""
    return _ends(values, ".3f")


def _ends(values: Iterable[float | None], form: str) -> str:
    known = sorted(value for value in values if value is not None and not _absent(value))
    if not known:
        return NONE
    low, high = format(known[0], form), format(known[-1], form)
    return low if low == high else f"{low} to {high}"


def _absent(value: float | None) -> bool:
    return value is None or not math.isfinite(value)
