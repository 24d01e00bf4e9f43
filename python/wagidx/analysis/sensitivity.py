"""Sensitivity of the binned r to arbitrary choices."""

from __future__ import annotations

from dataclasses import dataclass

from wagidx.analysis.binned import CLASSIFICATION, Recipe, binned_fit
from wagidx.analysis.rows import Rows

__all__ = ["Choice", "sensitivity"]

BINS = (7, 10, 12, 15, 20)
SLICES: tuple[tuple[int | None, int | None], ...] = (
    (None, None), (1, -1), (2, -1), (0, -4), (-4, None),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The binned r under one set of choices.

    Attributes
    ----------
    rows : str
        ``all``, ``without DATASET``, or ``non-zero``.
    n_rows, n_bins, n_points, n_empty_bins : int
        Rows, bins, bins in the slice, and those of the slice that are empty.
    slice : list of int or None
        Start and stop.
    pearson_r : float
        NaN where it is not defined.
    """

    rows: str
    n_rows: int
    n_bins: int
    slice: tuple[int | None, int | None]
    n_points: int
    n_empty_bins: int
    pearson_r: float


def sensitivity(rows: Rows, recipe: Recipe = CLASSIFICATION) -> list[Choice]:
    """The binned r with other bins and slices, and without parts of the rows.

    Parameters
    ----------
    rows : Rows
        All of them.
    recipe : Recipe
        The choice made, which comes first.

    Returns
    -------
    list of Choice
        Bins by slices over all rows, then the recipe without each dataset and without zeros.
    """
    chosen = (recipe.start, recipe.stop)
    slices = [chosen, *(part for part in SLICES if part != chosen)]
    numbers = [recipe.n_bins, *(number for number in BINS if number != recipe.n_bins)]
    found = [_choice("all", rows, Recipe(n, *part)) for n in numbers for part in slices]
    if len(rows.datasets) > 1:
        for name in rows.datasets:
            found.append(_choice(f"without {name}", rows.where(rows.dataset != name), recipe))
    if (rows.count > 0).any() and (rows.count <= 0).any():
        found.append(_choice("non-zero", rows.where(rows.count > 0), recipe))
    return found


def _choice(name: str, rows: Rows, recipe: Recipe) -> Choice:
    fit = binned_fit(rows.count, rows.score, recipe)
    part = (recipe.start, recipe.stop)
    return Choice(name, len(rows), recipe.n_bins, part, fit.n_points, fit.n_empty, fit.pearson_r)
