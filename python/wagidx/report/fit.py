"""Sections on a fit of performance to log frequency, one for each model."""

from __future__ import annotations

import numpy as np

from wagidx.analysis.concept import ConceptFit
from wagidx.analysis.forms import HeldOut
from wagidx.analysis.heterogeneity import Heterogeneity
from wagidx.analysis.prediction import Needed
from wagidx.fitting.files import fit_figure
from wagidx.fitting.result import INTERVALS, FitResult, ModelFit
from wagidx.plots import svg
from wagidx.report.numbers import NONE, integer, interval, number, probability, span
from wagidx.report.section import Figure, Section, Table

__all__ = ["fit_sections"]

COVERAGE = (
    "The uncertainty of a slope depends on which rows are dependent. In simulations, the 95 % "
    "interval that assumes independent rows misses the slope about 3 times in 10 if names are in "
    "several datasets, or if the datasets' slopes differ. The interval clustered by dataset "
    "allows for the second but not the first, the bootstrap over concept names for the first but "
    "not the second: trust the wider of the two. With fewer than 10 datasets there is no clustered "
    "interval; the interval of the mean slope of datasets then shows how much they differ. The "
    "slope over all rows is a different quantity: it also reflects that easy datasets have "
    "frequent concepts."
)
"""What `make coverage` finds, in words."""


def fit_sections(result: FitResult, *, command: str) -> list[Section]:
    """A section for each model that was fitted."""
    several = len(result.by_model) > 1
    return [
        _section(
            name,
            fit,
            f"Does performance of {name} follow log frequency?"
            if several
            else "Does performance follow log frequency?",
            command,
        )
        for name, fit in result.by_model.items()
    ]


def _section(name: str, fit: ModelFit, title: str, command: str) -> Section:
    joined = fit.joined
    text = [
        _verdict(fit),
        "Slopes are in units of score per tenfold count; a count of 0 is taken as 1 unless another "
        "rule is named. They are associations between concepts, not effects of adding data.",
        COVERAGE,
        _unseen(fit),
    ]
    if (note := _no_interval(fit.concept)) is not None:
        text.append(note)
    text += [f"{note[0].upper()}{note[1:]}." for note in fit.notes]
    if joined.unmatched:
        shown = ", ".join(joined.unmatched[:10]) + (", …" if len(joined.unmatched) > 10 else "")
        text.append(f"Scored but not counted ({integer(len(joined.unmatched))}): {shown}")
    return Section(
        title=title,
        text=tuple(text),
        tables=(
            *(_slopes(fit.concept), _zeros(fit), _correlations(fit), _curves(fit)),
            *([_needed(fit)] if fit.targets else []),
        ),
        figures=(_figure(fit),),
        command=command,
    )


def _verdict(fit: ModelFit) -> str:
    """In words what the headline interval says; another one if there is none by dataset."""
    within, n = fit.concept.within, len(fit.joined.rows)
    names = within.intervals.get("concept")
    slope, ends = within.slope_per_decade, within.slope_ci95
    by, beside = "with an intercept for each dataset, clustered by dataset", ""
    if ends is None and names is not None:
        ends, by = names.pair, "with an intercept for each dataset, bootstrap over concept names"
        beside = _apart(fit.concept.heterogeneity)
    if ends is None:
        slope, ends = fit.concept.slope_per_decade, fit.concept.slope_ci95
        by = "over all rows, assumed independent"
    said = _direction(ends)
    if beside and said != _direction(fit.concept.heterogeneity.mean_ci95):
        said = "No clear association between score and frequency beyond these datasets"
    shown = f"slope {number(slope)} (95 % interval {interval(ends)})"
    return f"{said}: {shown}, {by} (n {integer(n)} rows){beside}."


def _direction(ends: tuple[float, float] | None) -> str:
    if ends is not None and ends[0] > 0:
        return "Scores are higher for more frequent concepts"
    if ends is not None and ends[1] < 0:
        return "Scores are lower for more frequent concepts"
    return "These rows show no clear association between score and frequency"


def _apart(spread: Heterogeneity) -> str:
    """What the bootstrap over names does not allow for: that each dataset has its own slope."""
    if spread.mean is None or spread.k < 2:
        return ""
    mean = f"{number(spread.mean)} (95 % interval {interval(spread.mean_ci95)})"
    return f"; the mean of the slopes of {spread.k} datasets is {mean}"


def _unseen(fit: ModelFit) -> str:
    """Which curve is best on rows that it was not fitted to, in words."""
    if np.ptp(fit.joined.rows.score) == 0:
        return "All scores are equal: there is nothing to predict."
    said = []
    for unseen, held in (
        ("concepts", {form.form: form.by_name for form in fit.models}),
        ("datasets", {form.form: form.by_dataset for form in fit.models}),
    ):
        known = {form: one for form, one in held.items() if one is not None}
        if not known:
            said.append(f"There are too few {unseen} to hold some out.")
            continue
        best = min(known, key=lambda form: known[form].mse)
        one = known[best]
        if best == "log-linear":
            said.append(f"No curve predicts held-out {unseen} better than log-linear.")
            continue
        sure = "more" if -one.minus_log_linear > 2 * one.se else "no more"
        said.append(
            f"On held-out {unseen}, {best} has the lowest squared error. It is below "
            f"log-linear's by {number(-one.minus_log_linear)} ± {number(one.se)}, {sure} than "
            "twice the standard error."
        )
    return " ".join(said)


def _no_interval(concept: ConceptFit) -> str | None:
    """Why a slope or its interval by dataset is not given."""
    clustered = concept.within.intervals.get("dataset")
    if concept.within.note is not None:
        return f"No slope within datasets: {concept.within.note}."
    if clustered is not None and clustered.note is not None:
        return f"No interval clustered by dataset: {clustered.note}."
    return None


def _slopes(concept: ConceptFit) -> Table:
    n, within = integer(concept.n), concept.within
    rows = [("Slope", number(within.slope_per_decade), number(concept.slope_per_decade), n)]
    for kind, said in INTERVALS.items():
        inside = within.intervals.get(kind)
        ends = interval(inside.pair if inside else None)
        rows.append((f"… 95 %, {said}", ends, interval(concept.intervals[kind].pair), n))
    for said, fitted in (
        ("Scores above chance, as a share of the range above it", concept.chance_corrected),
        ("Weighted by samples per score", concept.weighted),
    ):
        if fitted is not None:
            inner = fitted.within
            rows.append((said, number(inner.slope_per_decade), number(fitted.slope_per_decade), n))
            rows.append(("… 95 %", interval(inner.slope_ci95), interval(fitted.slope_ci95), n))
    robust, spread = concept.robust, concept.heterogeneity
    rows += [
        ("Median of slopes (Theil-Sen)", NONE, number(robust.theil_sen_slope_per_decade), n),
        ("… 95 %", NONE, interval(robust.theil_sen_ci95), integer(robust.n)),
    ]
    if spread.mean is not None and spread.k > 1:
        sets = f"{spread.k} datasets"
        rows += [
            ("Mean slope of datasets", number(spread.mean), NONE, sets),
            ("… 95 %", interval(spread.mean_ci95), NONE, sets),
            ("… prediction interval, 95 %", interval(spread.prediction95), NONE, sets),
            ("… variance between datasets (tau2)", number(spread.tau2), NONE, sets),
            ("… share of variance beyond sampling error (I2)", number(spread.i2), NONE, sets),
        ]
    return Table(
        "Slopes in units of score per decade of count. Unless stated otherwise, intervals within "
        "datasets are clustered by dataset, and those of all rows assume independent rows",
        ("What", "Within datasets", "All rows", "n"),
        tuple(rows),
    )


def _zeros(fit: ModelFit) -> Table:
    said = {
        "floor": "Counted as 1",
        "drop": "Excluded",
        "offset": f"{fit.offset:g} added to all counts",
        "indicator": "Own intercept",
    }
    rows = [
        (
            said[one.rule],
            integer(one.n),
            *(number(one.within_slope_per_decade), interval(one.within_slope_ci95)),
            *(number(one.slope_per_decade), interval(one.slope_ci95)),
        )
        for one in fit.concept.zeros
    ]
    return Table(
        f"How the {integer(fit.concept.n_zero)} counts of 0 affect the slope. Counted as 1, they "
        "make it depend on the size of the corpus; with their own intercept they do not",
        ("Zeros", "Rows", "Within datasets", "95 %, clustered", "All rows", "95 %, independent"),
        tuple(rows),
    )


def _correlations(fit: ModelFit) -> Table:
    concept, binned, null = fit.concept, fit.binned, fit.null
    n, bins, shuffles = (
        integer(concept.n),
        f"{binned.n_points} bins",
        f"{integer(null.shuffles)} permutations",
    )
    rows = [
        ("Pearson's r of concepts", number(concept.pearson_r), NONE, n),
        ("Spearman's ρ of concepts", number(concept.spearman_r), NONE, n),
        ("Binned r, the study's statistic", number(binned.pearson_r), NONE, bins),
        ("… dataset means removed", number(null.pearson_r_within), NONE, bins),
        (
            "… permutation null, scores shuffled within datasets",
            *(number(null.mean), interval(null.range95), shuffles),
        ),
        ("… one-sided permutation p", probability(null.p), NONE, shuffles),
    ]
    if fit.adjusted is not None:
        for name, value in zip(("Hochberg", "Yekutieli"), fit.adjusted):
            rows.append((f"… adjusted by Benjamini and {name}", probability(value), NONE, "models"))
    choices = f"{len(fit.sensitivity)} choices"
    spread = span(one.pearson_r for one in fit.sensitivity)
    rows.append(("… with other bins, slices or rows", spread, NONE, choices))
    return Table("Correlations", ("What", "Value", "Middle 95 %", "n"), tuple(rows))


def _curves(fit: ModelFit) -> Table:
    rows = []
    for form in fit.models:
        own = form.form == "log-linear"
        rows.append(
            (
                *(form.form, number(form.rmse)),
                *_held(form.by_name, own),
                *_held(form.by_dataset, own),
                *(number(form.aic, 5), number(form.bic, 5)),
            )
        )
    return Table(
        "Curves, and how well each predicts held-out concepts (ten-fold cross-validation over "
        "names) and held-out datasets (leave-one-out). Differences are squared error minus "
        "log-linear's, in squared units of score, ± one standard error; below 0 is better",
        (
            *("Curve", "RMSE, score", "R², held-out names", "Difference"),
            *("R², held-out datasets", "Difference", "AIC", "BIC"),
        ),
        tuple(rows),
    )


def _needed(fit: ModelFit) -> Table:
    return Table(
        "The count at which the line over all rows (assumed independent) reaches a score; not "
        "bounded if an interval of the slope contains 0: the line's own, or that within datasets, "
        "clustered by dataset",
        ("Score", "Count", "95 %", "Within the observed counts"),
        tuple(_need(fit.line.needed(score)) for score in fit.targets),
    )


def _need(needed: Needed) -> tuple[str, str, str, str]:
    score = number(needed.score)
    if needed.count is None or needed.count_ci95 is None:
        if needed.bounded:
            return score, "too large to represent", NONE, "no"
        return score, "not bounded", NONE, NONE
    low, high = map(_far, needed.count_ci95)
    return score, _far(needed.count), f"{low} to {high}", "no" if needed.outside_data else "yes"


def _far(count: float) -> str:
    """Counts far outside the data, where the line is extrapolated, in exponent notation."""
    return number(count) if 1e-3 <= count < 1e12 else f"{count:.2e}"


def _held(held: HeldOut | None, own: bool) -> tuple[str, str]:
    """R² on held-out rows, and the difference to log-linear."""
    if held is None:
        return NONE, NONE
    difference = f"{number(held.minus_log_linear)} ± {number(held.se)}"
    return number(held.r2), NONE if own else difference


def _figure(fit: ModelFit) -> Figure:
    n = integer(len(fit.joined.rows))
    return Figure(
        caption="Every row, the line over all rows with the 95 % confidence band of its mean and "
        "the prediction band of a new concept (rows assumed independent), and bin means: filled if "
        "they enter the binned r, hollow if not, a cross for an empty bin that counts as score 0. "
        "Horizontal axis logarithmic, a count of 0 as 1.",
        alternative=f"{n} rows about a line of slope {number(fit.line.slope)} per decade; r of "
        f"concepts {number(fit.concept.pearson_r)}.",
        svg=svg(fit_figure(fit)),
    )
