"""What a fit says, of one model or of several, and as the object `wagidx fit --json` prints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from wagidx.analysis.binned import BinnedFit
from wagidx.analysis.concept import ConceptFit, Slope
from wagidx.analysis.forms import Form, HeldOut
from wagidx.analysis.permutation import PermutationNull
from wagidx.analysis.prediction import Needed, Prediction, StraightLine
from wagidx.analysis.regression import Interval
from wagidx.analysis.rows import Floats
from wagidx.analysis.sensitivity import Choice
from wagidx.exceptions import FitError
from wagidx.fitting.join import Joined
from wagidx.json_values import json_ready

__all__ = ["INTERVALS", "FitResult", "ModelFit"]

INTERVALS = {
    "iid": "rows independent",
    "hc3": "errors of any size",
    "concept": "names drawn again",
    "dataset": "by dataset",
}
"""What each interval of a slope takes for given, in words."""


@dataclass(frozen=True)
class ModelFit:
    """Everything said of one model.

    Attributes
    ----------
    joined : Joined
        The rows and what did not join.
    concept : ConceptFit
        The regression on concepts, the answer to "how strongly, and how sure".
    binned : BinnedFit
        The study's procedure.
    null : PermutationNull
        What that procedure gives without any dependence within datasets.
    models : list of Form
        Seven curves compared.
    sensitivity : list of Choice
        The binned r under other choices.
    line : StraightLine
        The pooled line: `line.at(count)`, `line.needed(score)`.
    targets : tuple of float
        Scores whose frequency was asked for.
    offset : float
        What the zero rule `offset` added to counts.
    adjusted : tuple of float or None
        Benjamini-Hochberg and -Yekutieli adjusted permutation p among several models.
    """

    joined: Joined
    concept: ConceptFit
    binned: BinnedFit
    null: PermutationNull
    models: list[Form]
    sensitivity: list[Choice]
    line: StraightLine
    targets: tuple[float, ...] = ()
    offset: float = 1.0
    adjusted: tuple[float, float] | None = None

    def __repr__(self) -> str:
        concept, binned = self.concept, self.binned
        return (
            f"ModelFit(n={concept.n}, slope within datasets "
            f"{_spoken(concept.within.slope_per_decade, concept.within.slope_ci95)}, pooled "
            f"{_spoken(concept.slope_per_decade, concept.slope_ci95)} a decade; concept r "
            f"{concept.pearson_r:.3g}; binned r {binned.pearson_r:.3g}, of shuffled scores "
            f"{self.null.mean:.3g}, p {self.null.p:.3g})"
        )

    @property
    def fitted(self) -> Floats:
        """The pooled line at each row, shape ``(n,)``."""
        return self.line.intercept + self.line.slope * self.joined.rows.log10_count

    @property
    def residual(self) -> Floats:
        """Score less `fitted`."""
        return self.joined.rows.score - self.fitted

    @property
    def notes(self) -> list[str]:
        """What in the scores, or in the binned r, may not be as meant, in words."""
        rows, found = self.joined.rows, []
        if self.binned.n_empty:
            filled = self.binned.pearson_r_filled
            verbs = (
                "holds no row and counts" if self.binned.n_empty == 1 else "hold no row and count"
            )
            found.append(
                f"{self.binned.n_empty} of {self.binned.n_points} bins {verbs} as "
                "score 0, as in the study; the binned r of the others is "
                + (f"{filled:.3f}" if math.isfinite(filled) else "not defined")
            )
        if 0 < self.joined.with_n < len(rows):
            found.append(
                f"{self.joined.with_n:,} of {len(rows):,} rows have an n: nothing is weighted"
            )
        elif rows.samples is not None and self.concept.weighted is None:
            found.append("scores are neither fractions nor percent: nothing is weighted")
        highest = {name: rows.score[rows.dataset == name].max() for name in rows.datasets}
        low = min(highest, key=lambda name: (highest[name] <= 0, highest[name]))
        high = max(highest, key=lambda name: highest[name])
        if 0 < highest[low] <= 1 < highest[high]:
            found.append(
                f"scores of {low} are at most {highest[low]:.4g}, those of {high} up to "
                f"{highest[high]:.4g}: fractions and percent are to be fitted apart"
            )
        return found

    def to_dict(self) -> dict[str, Any]:
        """The object of `--json`; what is not defined is None."""
        found: Any = json_ready(
            {
                "joined": len(self.joined.rows),
                "unmatched": self.joined.unmatched,
                "unused": self.joined.unused,
                "concept": _concept(self.concept, self.offset),
                "binned": _binned(self.binned, self.null, self.adjusted),
                "models": [_form(form) for form in self.models],
                "sensitivity": [_choice(choice) for choice in self.sensitivity],
                "prediction": [_prediction(one) for one in self.line.decades()],
                "needed": [_needed(self.line.needed(score)) for score in self.targets],
                "notes": self.notes,
            }
        )
        return dict(found)


@dataclass(frozen=True)
class FitResult:
    """One fit a model, by the model's name; of one model it answers for it directly."""

    by_model: dict[str, ModelFit]

    def __repr__(self) -> str:
        if len(self.by_model) == 1:
            return f"FitResult({self.only!r})"
        lines = [f"  {name!r}: {one!r}," for name, one in self.by_model.items()]
        return "\n".join(["FitResult({", *lines, "})"])

    @property
    def only(self) -> ModelFit:
        """The fit of the only model.

        Raises
        ------
        FitError
            There are several.
        """
        if len(self.by_model) != 1:
            names = ", ".join(map(repr, list(self.by_model)[:5]))
            raise FitError(
                f"{len(self.by_model)} models were fitted: choose by_model[...] of {names}"
            )
        return next(iter(self.by_model.values()))

    @property
    def concept(self) -> ConceptFit:
        """The regression on concepts, of the only model."""
        return self.only.concept

    @property
    def binned(self) -> BinnedFit:
        """The study's procedure, of the only model."""
        return self.only.binned

    @property
    def null(self) -> PermutationNull:
        """Its permutation null, of the only model."""
        return self.only.null

    @property
    def models(self) -> list[Form]:
        """The curves compared, of the only model."""
        return self.only.models

    @property
    def line(self) -> StraightLine:
        """The pooled line, of the only model."""
        return self.only.line

    def to_dict(self) -> dict[str, Any]:
        """The object of `--json`."""
        if len(self.by_model) == 1:
            return self.only.to_dict()
        return {"by_model": {name: fit.to_dict() for name, fit in self.by_model.items()}}


def _spoken(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "not defined"
    bounds = "" if interval is None else f" ({interval[0]:.4g} to {interval[1]:.4g})"
    return f"{value:.4g}{bounds}"


def _concept(fit: ConceptFit, offset: float) -> dict[str, Any]:
    chance, weighted = fit.chance_corrected, fit.weighted
    return {
        "n": fit.n,
        "n_zero": fit.n_zero,
        "slope_per_decade": fit.slope_per_decade,
        "slope_ci95": fit.slope_ci95,
        "intercept": fit.intercept,
        "pearson_r": fit.pearson_r,
        "pearson_p": fit.pearson_p,
        "spearman_r": fit.spearman_r,
        "intervals": _intervals(fit.intervals),
        "within": _slope(fit.within) | {"intervals": _intervals(fit.within.intervals)},
        "zeros": [dict(vars(rule)) for rule in fit.zeros],
        "offset": offset,
        "chance_corrected": None
        if chance is None
        else {
            "classes": [[name, number] for name, number in chance.classes.items()],
            "slope_per_decade": chance.slope_per_decade,
            "slope_ci95": chance.slope_ci95,
            "within": _slope(chance.within),
        },
        "weighted": None
        if weighted is None
        else {
            "tau2": weighted.tau2,
            "slope_per_decade": weighted.slope_per_decade,
            "slope_ci95": weighted.slope_ci95,
            "within": _slope(weighted.within),
        },
        "robust": dict(vars(fit.robust)),
        "heterogeneity": vars(fit.heterogeneity)
        | {"datasets": [dict(vars(one)) for one in fit.heterogeneity.datasets]},
    }


def _intervals(intervals: dict[str, Interval]) -> dict[str, Any]:
    return {name: interval.pair for name, interval in intervals.items()}


def _slope(slope: Slope) -> dict[str, Any]:
    clustered = slope.intervals.get("dataset")
    return {
        "n": slope.n,
        "datasets": slope.datasets,
        "slope_per_decade": slope.slope_per_decade,
        "slope_ci95": slope.slope_ci95,
        "note": slope.note or (clustered.note if clustered else None),
    }


def _binned(
    fit: BinnedFit, null: PermutationNull, adjusted: tuple[float, float] | None
) -> dict[str, Any]:
    bins = zip(fit.bins.right_edge.tolist(), fit.bins.mean.tolist(), fit.bins.count.tolist())
    return {
        "n_bins": fit.recipe.n_bins,
        "slice": [fit.recipe.start, fit.recipe.stop],
        "n_points": fit.n_points,
        "n_empty_bins_in_slice": fit.n_empty,
        "rows_in_slice": fit.rows_in_slice,
        "pearson_r": fit.pearson_r,
        "pearson_p": fit.pearson_p,
        "pearson_r_all_bins": fit.pearson_r_all_bins,
        "pearson_r_filled": fit.pearson_r_filled,
        "pearson_r_within": null.pearson_r_within,
        "slope_per_decade": fit.slope_per_decade,
        "intercept": fit.intercept,
        "permutation_p": null.p,
        "permutation_p_bh": None if adjusted is None else adjusted[0],
        "permutation_p_by": None if adjusted is None else adjusted[1],
        "permutation_mean_r": null.mean,
        "permutation_range95": None if null.mean != null.mean else null.range95,
        "permutation_shuffles": null.shuffles,
        "bins": [{"right_edge": edge, "mean": mean, "n": n} for edge, mean, n in bins],
    }


def _form(form: Form) -> dict[str, Any]:
    parameters = [[name, value] for name, value in form.parameters.items()]
    held = {"by_name": _held_out(form.by_name), "by_dataset": _held_out(form.by_dataset)}
    return vars(form) | {"parameters": parameters} | held


def _held_out(found: HeldOut | None) -> dict[str, Any] | None:
    return None if found is None else dict(vars(found))


def _choice(choice: Choice) -> dict[str, Any]:
    return dict(vars(choice))


def _prediction(one: Prediction) -> dict[str, Any]:
    return dict(vars(one))


def _needed(one: Needed) -> dict[str, Any]:
    return dict(vars(one))
