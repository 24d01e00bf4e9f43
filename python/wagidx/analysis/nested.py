"""Does a second frequency tell anything that the first does not?

Two models of the same rows, each with an intercept for every dataset: one with the terms of a base
frequency, one with further terms beside them. The further terms are judged twice: by a Wald test
that is clustered by dataset, and by what they add on concept names that were held out. A likelihood
ratio over independent rows would find something in every panel of some thousand rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wagidx.analysis.forms import FOLDS
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Floats, Integers, codes
from wagidx.analysis.wald import Wald, clustered_wald
from wagidx.exceptions import FitError

__all__ = ["HeldOutGain", "Nested", "held_out_gain", "log_terms", "nested"]


@dataclass(frozen=True)
class HeldOutGain:
    """Error on concept names a model was not fitted to, in shares of the dataset means' error.

    Attributes
    ----------
    r2_without, r2_with : float
        1 - mean squared error / that of the dataset means alone.
    gain, gain_se : float
        Their difference, and its standard error over names.
    folds : int
        Parts of the names left out one after the other.
    """

    r2_without: float
    r2_with: float
    gain: float
    gain_se: float
    folds: int


@dataclass(frozen=True)
class Nested:
    """What further terms add.

    Attributes
    ----------
    n, datasets, names : int
        Rows, distinct datasets, distinct concept names.
    slope : float or None
        Of the first further term, beside all others.
    slope_ci95 : tuple of float or None
        Of that slope, clustered by dataset; None where `wald` is refused.
    base_slope_without, base_slope_with : float or None
        Of the first base term, without and with the further ones.
    wald : Wald
        All further terms are 0.
    held_out : HeldOutGain or None
        None where names are fewer than folds.
    note : str or None
        Why nothing was fitted.
    """

    n: int
    datasets: int
    names: int
    slope: float | None
    slope_ci95: tuple[float, float] | None
    base_slope_without: float | None
    base_slope_with: float | None
    wald: Wald
    held_out: HeldOutGain | None
    note: str | None = None


def log_terms(count: Floats) -> Floats:
    """``log10(max(count, 1))`` and whether the count is 0; shape (n, 2)."""
    return np.column_stack([np.log10(np.maximum(count, 1.0)), (count <= 0).astype(np.float64)])


def nested(
    score: Floats,
    base: Floats,
    further: Floats,
    *,
    dataset: NDArray[np.str_],
    concept: NDArray[np.str_],
    seed: int = 0,
) -> Nested:
    """Fit a score without and with further terms.

    Columns that do not vary within any dataset, such as the indicator of zeros where there are
    none, are left out.

    Parameters
    ----------
    score : numpy.ndarray of float64, shape (n,)
        In any unit.
    base, further : numpy.ndarray of float64, shape (n, p) and (n, q)
        Terms; the first of each is the one whose slope is told.
    dataset, concept : numpy.ndarray of str, shape (n,)
        Datasets have intercepts and are clusters; names are held out.
    seed : int
        Assigns names to folds.

    Returns
    -------
    Nested
        With a note and no numbers if the terms are not identifiable.
    """
    group, name = codes(dataset), codes(concept)
    sizes = len(score), int(group.max()) + 1, int(name.max()) + 1
    base, more = varying(base, group), varying(further, group)
    try:
        without = least_squares(base[:, 0], score, group=group, beside=base[:, 1:])
        line = least_squares(
            more[:, 0], score, group=group, beside=np.column_stack([more[:, 1:], base])
        )
    except (FitError, IndexError):
        note = "the terms do not vary within datasets, or one is a sum of the others"
        return Nested(
            *sizes,
            slope=None,
            slope_ci95=None,
            base_slope_without=None,
            base_slope_with=None,
            wald=Wald.refused(note),
            held_out=None,
            note=note,
        )
    return Nested(
        *sizes,
        slope=line.slope,
        slope_ci95=clustered(line, group).pair,
        base_slope_without=without.slope,
        base_slope_with=float(line.coefficients[more.shape[1]]),
        wald=clustered_wald(line, group, range(more.shape[1])),
        held_out=held_out_gain(score, base, more, group=group, name=name, seed=seed),
    )


def varying(columns: Floats, group: Integers) -> Floats:
    """The columns that vary within at least one group; shape (n, at most p)."""
    size = np.bincount(group)
    means = np.array([np.bincount(group, column) / size for column in columns.T])
    spread = np.abs(columns.T - means[:, group]).max(axis=1)
    return columns[:, spread > 1e-12 * (1 + np.abs(columns).max(axis=0))]


def held_out_gain(
    score: Floats,
    base: Floats,
    further: Floats,
    *,
    group: Integers,
    name: Integers,
    seed: int = 0,
    folds: int = FOLDS,
) -> HeldOutGain | None:
    """Squared errors on held-out names of dataset means, of `base`, and of `base` and `further`.

    A fit to all folds but one is had from cross products, all folds' less that one's: O(n p^2).
    """
    names = int(name.max()) + 1
    if names < folds:
        return None
    fold = np.random.default_rng(seed).permutation(np.arange(names) % folds)[name]
    means = (group[:, None] == np.arange(group.max() + 1)).astype(np.float64)
    designs = (means, np.column_stack([means, base]), np.column_stack([means, base, further]))
    alone, without, with_ = (_errors(design, score, fold) for design in designs)
    scale = float(alone.mean())
    if not scale > 0:
        return None
    difference = (without - with_) / scale
    sums = np.bincount(name, difference - difference.mean(), names)
    return HeldOutGain(
        r2_without=1 - float(without.mean()) / scale,
        r2_with=1 - float(with_.mean()) / scale,
        gain=float(difference.mean()),
        gain_se=float(np.sqrt((sums**2).sum() * names / (names - 1)) / len(difference)),
        folds=folds,
    )


def _errors(design: Floats, score: Floats, fold: Integers) -> Floats:
    joined = np.column_stack([design, score])
    total = joined.T @ joined
    errors = np.empty(len(score))
    for part in np.unique(fold):
        out = fold == part
        kept = total - joined[out].T @ joined[out]
        solved = np.linalg.lstsq(kept[:-1, :-1], kept[:-1, -1], rcond=1e-12)[0]
        errors[out] = (score[out] - design[out] @ solved) ** 2
    return errors
