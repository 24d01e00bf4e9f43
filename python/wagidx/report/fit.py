"""Sections on a fit of performance to log frequency, one for each model."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.fitting.files import fit_figure
from wagidx.fitting.result import FitResult, ModelFit
from wagidx.plots import svg
from wagidx.report.numbers import NONE, integer, interval, number, probability, span
from wagidx.report.section import Figure, Section, Table

__all__ = ["fit_sections"]


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
        "Slopes are units of score for ten times the count; a count of 0 enters as 1. They are "
        "associations between concepts, not what adding data would do.",
    ]
    if joined.unmatched:
        shown = ", ".join(joined.unmatched[:10]) + (", …" if len(joined.unmatched) > 10 else "")
        text.append(f"Scored and not counted ({integer(len(joined.unmatched))}): {shown}")
    return Section(
        title=title,
        text=tuple(text),
        tables=(_numbers(fit), _curves(fit)),
        figures=(_figure(fit),),
        command=command,
    )


def _verdict(fit: ModelFit) -> str:
    """In words what the headline interval says; the pooled one where there is no better."""
    within, n = fit.concept.within, len(fit.joined.rows)
    ends, by = within.slope_ci95, "with an intercept for each data set"
    if ends is None:
        ends, by = fit.concept.slope_ci95, "over all rows, taken for independent"
    if ends is not None and ends[0] > 0:
        said = "Scores are higher for more frequent concepts"
    elif ends is not None and ends[1] < 0:
        said = "Scores are lower for more frequent concepts"
    else:
        said = "No association of score and frequency can be told from these rows"
    return f"{said}: slope {interval(ends)} (95 % interval), {by} (n {integer(n)} rows)."


def _numbers(fit: ModelFit) -> Table:
    concept, null = fit.concept, fit.null
    n = integer(concept.n)
    within, shuffles = concept.within, f"{integer(null.shuffles)} shuffles"
    rows: Sequence[tuple[str, str, str, str]] = (
        ("Slope within data sets", number(within.slope_per_decade), interval(within.slope_ci95), n),
        ("Slope over all rows", number(concept.slope_per_decade), interval(concept.slope_ci95), n),
        *(
            (f"… interval by {name}", number(concept.slope_per_decade), interval(one.pair), n)
            for name, one in concept.intervals.items()
        ),
        ("Pearson's r of concepts", number(concept.pearson_r), NONE, n),
        ("Spearman's ρ of concepts", number(concept.spearman_r), NONE, n),
        ("r of bin means", number(fit.binned.pearson_r), NONE, f"{fit.binned.n_points} bins"),
        (
            "… of scores shuffled within data sets",
            number(null.mean),
            interval(null.range95),
            shuffles,
        ),
        ("… one-sided permutation p", probability(null.p), NONE, shuffles),
        (
            "… with other bins, slices or rows",
            span(one.pearson_r for one in fit.sensitivity),
            NONE,
            f"{len(fit.sensitivity)} choices",
        ),
    )
    return Table("Slopes in units of score a decade", ("What", "Value", "95 %", "n"), tuple(rows))


def _curves(fit: ModelFit) -> Table:
    rows = []
    for form in fit.models:
        held = form.by_name
        gain = NONE if held is None else f"{number(held.minus_log_linear)} ± {number(held.se)}"
        r2 = NONE if held is None else number(held.r2)
        rows.append((form.form, number(form.rmse), r2, gain))
    return Table(
        "Curves, and how well each foretells concepts that it was not fitted on (squared units of "
        "score; below 0: better than log-linear; ± one standard error)",
        ("Curve", "Residual, score", "R² held out", "Squared error less log-linear's"),
        tuple(rows),
    )


def _figure(fit: ModelFit) -> Figure:
    n = integer(len(fit.joined.rows))
    return Figure(
        caption="Every row, the pooled line with the 95 % band of its mean (rows taken for "
        "independent), and bin means. Horizontal axis logarithmic, a count of 0 as 1.",
        alternative=f"{n} rows about a line of slope {number(fit.line.slope)} a decade; r of "
        f"concepts {number(fit.concept.pearson_r)}.",
        svg=svg(fit_figure(fit)),
    )
