"""`wagidx.fit`: does performance follow log frequency, how strongly, and how certainly?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any

from wagidx.analysis.binned import CLASSIFICATION, Recipe, binned_fit
from wagidx.analysis.concept import concept_fit
from wagidx.analysis.forms import compare_forms
from wagidx.analysis.permutation import benjamini_hochberg, benjamini_yekutieli, permutation_null
from wagidx.analysis.prediction import straight_line
from wagidx.analysis.sensitivity import sensitivity
from wagidx.exceptions import FitError
from wagidx.fitting.frequencies import read_frequencies
from wagidx.fitting.join import Joined, join
from wagidx.fitting.performance import Performance, read_performance
from wagidx.fitting.result import FitResult, ModelFit

__all__ = ["fit"]


def fit(
    frequencies: Any,
    performance: Any,
    *,
    model: str | None = None,
    recipe: Recipe = CLASSIFICATION,
    classes: Mapping[str, int] | None = None,
    offset: float = 1.0,
    targets: Sequence[float] = (),
    draws: int = 2000,
    shuffles: int = 1000,
    seed: int = 0,
) -> FitResult:
    """Fit performance on concepts to the logarithm of their frequency.

    Parameters
    ----------
    frequencies : path, Arrow stream, data frame, dict or list of records
        Columns `concept` and `count`, or ``{concept: count}``; what `Index.frequencies` returns.
    performance : path, list of paths, Arrow stream, data frame, dict or list of records
        Columns `concept` and `score`, optionally `dataset`, `model` and `n` (samples per score),
        or a results file of the study's release, in which cifar10's `plane` is read as `airplane`,
        as in the counts of the release.
    model : str, optional
        Fit only this model; by default each model separately.
    recipe : Recipe
        Bins and slice of the study's procedure.
    classes : mapping of str to int, optional
        Number of classes the model chose among, at least 2, by dataset (``""`` if the scores name
        none). By default the number in the performance table.
    offset : float
        Number that the zero rule `offset` adds to counts, above 0.
    targets : sequence of float
        Scores for which to estimate the frequency.
    draws, shuffles : int
        Bootstrap resamples of names for the `concept` interval, and permutations of scores within
        datasets; at least 1.
    seed : int
        Random seed; the same seed gives the same result.

    Returns
    -------
    FitResult
        One fit per model.

    Raises
    ------
    FitError
        A table is damaged, or too few rows join; the message names table and row. Or classes were
        given, and the scores are neither fractions nor percents.
    FileNotFoundError
        A file does not exist.
    ModuleNotFoundError
        scipy is not installed; the message names the extra.
    ValueError
        A target is not finite, or offset, a number of classes, draws or shuffles is out of range.
    """
    _check(offset, targets, draws, shuffles)
    counts, scores = read_frequencies(frequencies), read_performance(performance)
    _check_classes(scores, classes or {})
    fits = {}
    for name in _chosen(scores, model):
        joined = join(counts, scores, name)
        rows = joined.rows
        fits[name] = ModelFit(
            joined=joined,
            concept=concept_fit(
                rows, classes=_classes(joined, classes), offset=offset, draws=draws, seed=seed
            ),
            binned=binned_fit(rows.count, rows.score, recipe),
            null=permutation_null(rows, recipe, shuffles=shuffles, seed=seed),
            models=compare_forms(rows, seed=seed),
            sensitivity=sensitivity(rows, recipe),
            line=straight_line(rows),
            targets=tuple(targets),
            offset=offset,
        )
        if classes and fits[name].concept.chance_corrected is None:
            raise FitError(
                f"{scores.name}: no score above chance can be computed: scores must be fractions "
                "or percents, and each dataset needs 2 or more classes; omit classes"
            )
    return FitResult(_adjusted(fits))


def _check(offset: float, targets: Sequence[float], draws: int, shuffles: int) -> None:
    if not all(map(math.isfinite, targets)):
        raise ValueError(f"targets={tuple(targets)}: a score must be a finite number")
    if not 0 < offset < math.inf:
        raise ValueError(f"offset={offset}: must be a finite number above 0")
    for name, number in (("draws", draws), ("shuffles", shuffles)):
        if number < 1:
            raise ValueError(f"{name}={number}: must be at least 1")


def _check_classes(scores: Performance, classes: Mapping[str, int]) -> None:
    there = dict.fromkeys(scores.dataset)
    for dataset, number in classes.items():
        if dataset not in there and list(there) == [""]:
            raise FitError(f"{scores.name}: has no datasets, so {dataset!r} is unknown; omit it")
        if dataset not in there:
            known = ", ".join(map(repr, list(there)[:5]))
            raise FitError(f"{scores.name}: no dataset {dataset!r} to set classes for; has {known}")
        if not (isinstance(number, Real) and 2 <= number < math.inf and number == int(number)):
            raise ValueError(f"classes: {number} for {dataset!r}: must be an integer of at least 2")


def _chosen(scores: Performance, model: str | None) -> list[str]:
    if model is None or model in scores.models:
        return scores.models if model is None else [model]
    if scores.models == [""]:
        raise FitError(f"{scores.name}: has no models, so {model!r} cannot be chosen; omit it")
    there = ", ".join(map(repr, scores.models[:5]))
    raise FitError(f"{scores.name}: no model {model!r}; available: {there}")


def _classes(joined: Joined, given: Mapping[str, int] | None) -> Mapping[str, int]:
    return {**joined.classes, **(given or {})}


def _adjusted(fits: dict[str, ModelFit]) -> dict[str, ModelFit]:
    """Several models are several tests of one question: their permutation p's are adjusted."""
    p = [fit.null.p for fit in fits.values()]
    if len(p) < 2 or any(value != value for value in p):
        return fits
    pairs = zip(benjamini_hochberg(p).tolist(), benjamini_yekutieli(p).tolist())
    return {name: replace(fit, adjusted=pair) for (name, fit), pair in zip(fits.items(), pairs)}
