"""`wagidx fit`: does performance follow log frequency, how strongly, and how certainly?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wagidx.cli.conventions import (
    Console,
    columns,
    command_options,
    estimate,
    integer,
    json_option,
    output_option,
    seed_option,
    span,
    table,
)
from wagidx.cli.fitted import FitChoices, fit_options
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx.analysis.concept import ConceptFit
    from wagidx.analysis.forms import Form, HeldOut
    from wagidx.fitting.result import ModelFit

__all__ = ["fit"]


@click.command(
    epilog="Example: wagidx fit --frequencies counts.csv --performance accuracy.csv -o fitted"
)
@click.option(
    "--frequencies",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV, JSON or Parquet with columns concept and count, or the output of 'wagidx count'.",
)
@click.option(
    "--performance",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV, JSON or Parquet with columns concept and score, optionally dataset, model and n, or "
    "a results file of the study; repeatable.",
)
@fit_options
@seed_option()
@output_option(
    "Write fit.json, rows.parquet, residuals.csv, fit.png and fit.svg into this new folder.",
    folder=True,
    metavar="DIR",
)
@json_option
@command_options
def fit(
    console: Console,
    frequencies: Path,
    performance: tuple[Path, ...],
    choices: FitChoices,
    seed: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Fit performance on concepts to the logarithm of their frequency.

    Slopes are in units of score per tenfold frequency. They are given within datasets (an intercept
    per dataset, cluster-robust interval) and over all rows (rows independent unless stated
    otherwise). The binned r is the study's statistic, next to its permutation null: scores shuffled
    within datasets. Curves are compared by their squared error on held-out concepts and held-out
    datasets, ± one standard error; below 0 is better than log-linear.
    """
    import wagidx

    result = wagidx.fit(frequencies, list(performance), seed=seed, **choices.keywords())
    if output is not None:
        from wagidx.fitting.files import write_fit

        write_fit(result, output)
        console.wrote(output)
    if as_json:
        console.json(result.to_dict())
        return
    for number, (name, one) in enumerate(result.by_model.items()):
        if number:
            console.line()
        if len(result.by_model) > 1:
            console.line(console.bold(printable(name)))
        for line in _lines(one):
            console.line(line)


def _lines(fit: ModelFit) -> Iterator[str]:
    """What joined, every slope, the correlations, every curve, and the requested frequencies."""
    yield from table([*_joined(fit), *_correlations(fit), *_needed(fit)])
    yield ""
    slopes = ("score per tenfold frequency", "within datasets", "all rows")
    yield from columns([slopes, *_slopes(fit.concept), *_zeros(fit), *_others(fit.concept)])
    for note in [*_notes(fit.concept), *fit.notes, *_unmatched(fit.joined.unmatched)]:
        yield f"  {note}"
    yield ""
    curves = ("squared error minus log-linear", "held-out concepts", "held-out datasets", "AIC")
    yield from columns([curves, *_curves(fit.models)])


def _joined(fit: ModelFit) -> Iterator[tuple[str, str]]:
    rows = fit.joined.rows
    yield "rows", integer(len(rows))
    yield "  with count 0", integer(fit.concept.n_zero)
    yield "concepts", integer(len(set(rows.concept)))
    yield "datasets", integer(len(rows.datasets))
    yield "concepts without a frequency", integer(len(fit.joined.unmatched))
    yield "frequencies unused", integer(fit.joined.unused)


def _unmatched(concepts: Sequence[str]) -> Iterator[str]:
    if concepts:
        shown = ", ".join(map(printable, concepts[:5])) + (", …" if len(concepts) > 5 else "")
        yield f"no frequency for these names, even ignoring case and underscores: {shown}"


def _correlations(fit: ModelFit) -> Iterator[tuple[str, str]]:
    concept, binned, null = fit.concept, fit.binned, fit.null
    yield "concept r", _number(concept.pearson_r)
    yield "concept Spearman", _number(concept.spearman_r)
    yield "binned r", f"{_number(binned.pearson_r)} of {binned.n_points} bins"
    yield "  without dataset means", _number(null.pearson_r_within)
    shuffled = None if null.mean != null.mean else null.mean
    yield "  permutation null", estimate(shuffled, null.range95)
    yield "  permutation p", _number(null.p)
    if fit.adjusted is not None:
        yield "  adjusted over models (BH, BY)", ", ".join(map(_number, fit.adjusted))


def _slopes(concept: ConceptFit) -> Iterator[tuple[str, str, str]]:
    """The headline and the slope over all rows, with every interval by its name."""
    from wagidx.fitting.result import INTERVALS

    within = concept.within
    yield "slope", _slope(within.slope_per_decade), _slope(concept.slope_per_decade)
    for kind, said in INTERVALS.items():
        inside = within.intervals.get(kind)
        yield (
            f"  95 %, {said}",
            span(inside.pair if inside else None, "#.4g"),
            span(concept.intervals[kind].pair, "#.4g"),
        )


def _zeros(fit: ModelFit) -> Iterator[tuple[str, str, str]]:
    """The slopes under each rule for zeros, side by side."""
    said = {
        "floor": "count 0 as 1",
        "drop": "count 0 excluded",
        "offset": f"{fit.offset:g} added to counts",
        "indicator": "count 0 with its own intercept",
    }
    for one in fit.concept.zeros:
        inside = _slope(one.within_slope_per_decade, one.within_slope_ci95)
        yield f"  {said[one.rule]}", inside, _slope(one.slope_per_decade, one.slope_ci95)


def _others(concept: ConceptFit) -> Iterator[tuple[str, str, str]]:
    """Slopes of other scores, with other weights, by another method, and dataset by dataset."""
    for name, fitted in (
        ("  scores above chance, 0 to 1", concept.chance_corrected),
        ("  weighted by n", concept.weighted),
    ):
        if fitted is not None:
            inside = _slope(fitted.within.slope_per_decade, fitted.within.slope_ci95)
            yield name, inside, _slope(fitted.slope_per_decade, fitted.slope_ci95)
    robust, spread = concept.robust, concept.heterogeneity
    theil_sen = _slope(robust.theil_sen_slope_per_decade, robust.theil_sen_ci95)
    yield "  Theil-Sen", "", theil_sen
    if spread.mean is None or spread.k < 2:
        return
    yield f"mean slope of {spread.k} datasets", _slope(spread.mean, spread.mean_ci95), ""
    yield "  tau2, I2", f"{_number(spread.tau2, '#.4g')}, {_number(spread.i2)}", ""
    yield "  prediction interval, 95 %", span(spread.prediction95, "#.4g"), ""


def _notes(concept: ConceptFit) -> Iterator[str]:
    """Why the headline or its interval is not there."""
    clustered = concept.within.intervals.get("dataset")
    note = concept.within.note or (clustered.note if clustered else None)
    if note is not None:
        yield note


def _curves(forms: Sequence[Form]) -> Iterator[tuple[str, str, str, str]]:
    """Each curve on concepts, and on datasets, that it was not fitted to."""
    own = next(form.aic for form in forms if form.form == "log-linear")
    for form in forms:
        unseen = (_gain(form.form, form.by_name), _gain(form.form, form.by_dataset))
        yield (f"  {form.form}", *unseen, _number(form.aic - own, "+.1f"))
    yield (
        "lowest error",
        _least({form.form: form.by_name for form in forms}),
        _least({form.form: form.by_dataset for form in forms}),
        "",
    )


def _least(errors: dict[str, HeldOut | None]) -> str:
    known = {form: held.mse for form, held in errors.items() if held is not None}
    return min(known, key=lambda form: known[form]) if known else "not defined"


def _gain(form: str, held: HeldOut | None) -> str:
    if held is None or form == "log-linear":
        return "-" if held is None else "0"
    return f"{held.minus_log_linear:+.3g} ± {held.se:.2g}"


def _needed(fit: ModelFit) -> Iterator[tuple[str, str]]:
    for score in fit.targets:
        needed = fit.line.needed(score)
        beyond = "too large to represent" if needed.bounded else "not bounded"
        shown = beyond if needed.count is None else estimate(needed.count, needed.count_ci95, ".3g")
        outside = ", outside the data" if needed.outside_data else ""
        yield f"frequency at {score:g}", shown + outside


def _slope(value: float | None, ends: tuple[float, float] | None = None) -> str:
    return estimate(value, ends, "#.4g")


def _number(value: float | None, form: str = ".3f") -> str:
    return "-" if value is None or value != value else f"{value:{form}}"
