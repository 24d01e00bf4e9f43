"""What image-only counts, text-only counts and alignment add to joint counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wagidx.analysis.measurement import LEVELS
from wagidx.paper.questions.extra import PREDICTORS, Extra, Predictor
from wagidx.plots import BLUE, VERMILION
from wagidx.report.numbers import NONE, interval, number
from wagidx.report.questions.shared import (
    COMMAND,
    corpus_and_model,
    draw_intervals,
    drawn,
    name_rows,
    short_key,
    zero_axes,
)
from wagidx.report.section import Figure, Section, Table

__all__ = ["extra_section"]

SAID = {
    "image_only": "image-only counts",
    "text_only": "text-only counts",
    "joint_per_text": "joint share of text counts",
    "joint_per_image": "joint share of image counts",
}

_FIRST = (PREDICTORS[0], BLUE, "o")
_SECOND = (PREDICTORS[1], VERMILION, "s")


def extra_section(found: Sequence[Extra]) -> Section:
    """What is said of terms beside joint counts; one section for all panels."""
    tested = [
        (one, part) for one in found for part in one.predictors if part.nested.wald.p is not None
    ]
    return Section(
        title="Do image-only and text-only occurrences, or alignment, add to joint counts?",
        text=(
            "A pair is joint if its text and its image both contain the concept, and image-only or "
            "text-only if one of them does. Each count is added to a model with dataset "
            "intercepts, log10 of the joint count, and an indicator for 0. The test is clustered "
            "by dataset and needs at least 10 datasets; the gain is measured on held-out names.",
            *_extra_findings(tested),
            "Models of one corpus share their counts, and all share the test sets: these are not "
            "independent tests. Measurement error in the joint counts alone can make a second "
            "count appear necessary. The column on reliability gives how unreliable joint counts "
            "would have to be for p to reach .05; 'none to .5' means that even half noise does not "
            "explain it. The other counts are treated as exact, which they are not. A small joint "
            "share of text counts can mean captions that do not match their images, but also that "
            "the word has another meaning or that the image tagger does not know the concept. p is "
            "for all coefficients of a count jointly, its slope and that of a count of 0, so it "
            "can be large even if the slope's own interval excludes 0.",
        ),
        tables=(*_extra_tables(found), *_generation_table(found), _attenuation_table(found)),
        figures=_extra_figure(tested),
        command=COMMAND,
    )


def _extra_findings(tested: Sequence[tuple[Extra, Predictor]]) -> Iterable[str]:
    for name in PREDICTORS:
        parts = [(one, part) for one, part in tested if part.name == name]
        if not parts:
            continue
        small = sum((part.nested.wald.p or 0.0) < 0.05 for _, part in parts)
        ps = sorted(part.nested.wald.p or 0.0 for _, part in parts)
        gains = sorted(p.nested.held_out.gain for _, p in parts if p.nested.held_out is not None)
        span = f"; gain in held-out R2 {gains[0]:.4f} to {gains[-1]:.4f}" if gains else ""
        yield (
            f"{SAID[name][0].upper()}{SAID[name][1:]}: p below .05 in {small} of {len(parts)} "
            f"models (p {ps[0]:.4f} to {ps[-1]:.4f}, n {parts[0][0].n:,} rows each); "
            f"{_off_zero(parts)} of {len(parts)} slope intervals exclude 0{span}."
        )


def _off_zero(parts: Sequence[tuple[Extra, Predictor]]) -> int:
    """How many slopes have an interval on one side of 0."""
    pairs = [part.nested.slope_ci95 for _, part in parts]
    return sum(pair is not None and (pair[0] > 0 or pair[1] < 0) for pair in pairs)


def _extra_tables(found: Sequence[Extra]) -> Iterable[Table]:
    for task, title in (("zs", "classification"), ("ret", "retrieval")):
        rows = [
            _extra_row(one, part)
            for one in found
            if one.key.startswith(f"{task}|")
            for part in one.predictors
        ]
        if rows:
            units = ", ".join(sorted({one.unit for one in found if one.key.startswith(task)}))
            yield Table(
                f"What is added to joint counts, {title}. Slopes are units of score ({units}) per "
                "tenfold count, or for a share of 1 instead of 0; 95 % intervals are "
                "clustered by dataset; R2 is beyond dataset means.",
                (
                    *("corpus and model", "added", "rows", "slope", "95 %", "p"),
                    *("R2 without", "R2 gain", "± s.e.", "p is .05 at reliability"),
                ),
                tuple(rows),
                numbers_from=2,
            )


def _generation_table(found: Sequence[Extra]) -> tuple[Table, ...]:
    """One row for each further count, over all models: none of them can be tested."""
    drawn = [one for one in found if one.key.startswith("t2i|")]
    rows = []
    for name in PREDICTORS:
        parts = [part.nested for one in drawn for part in one.predictors if part.name == name]
        slopes = sorted(part.slope for part in parts if part.slope is not None)
        gains = sorted(part.held_out.gain for part in parts if part.held_out is not None)
        if slopes and gains:
            span = f"{number(slopes[0])} to {number(slopes[-1])}"
            over = sum(gain > 0 for gain in gains)
            shown = f"{gains[0]:+.4f} to {gains[-1]:+.4f}"
            rows.append((SAID[name], str(len(parts)), f"{drawn[0].n:,}", span, shown, f"{over}"))
    if not rows:
        return ()
    units = ", ".join(sorted({one.unit for one in drawn}))
    said = (
        f"What is added to joint counts, generation ({units}): minimum to maximum over the models. "
        "There is one dataset, so no test is given."
    )
    columns = ("added", "models", "rows each", "slope", "held-out R2 gain", "models with a gain")
    return (Table(said, columns, tuple(rows)),)


def _extra_row(one: Extra, part: Predictor) -> tuple[str, ...]:
    nested, held = part.nested, part.nested.held_out
    return (
        corpus_and_model(one.key),
        SAID[part.name],
        f"{nested.n:,}",
        number(nested.slope),
        interval(nested.slope_ci95),
        "refused" if nested.wald.p is None else f"{nested.wald.p:.4f}",
        NONE if held is None else f"{held.r2_without:.3f}",
        NONE if held is None else f"{held.gain:+.4f}",
        NONE if held is None else f"{held.gain_se:.4f}",
        _explained(part),
    )


def _explained(part: Predictor) -> str:
    if part.errors is None or part.errors.explained is None or part.nested.wald.p is None:
        return NONE
    at = part.errors.explained.no_longer_significant
    return "none to .5" if at is None else "needs none" if at == 1 else f"{at:.2f}"


def _attenuation_table(found: Sequence[Extra]) -> Table:
    levels = [f"{level:.1f}" for level in LEVELS]
    rows = tuple(
        (
            short_key(one.key),
            f"{one.n:,}",
            *(number(level.slope) for level in one.attenuation.levels),
            number(one.attenuation.levels[-1].simex_slope),
        )
        for one in found
        if one.attenuation is not None and not one.key.startswith("t2i")
    )
    return Table(
        "The slope of joint counts alone, with an intercept for each dataset and for zeros, if the "
        "counts had this reliability (1: no error); points of accuracy (zs) or fraction of recall "
        "(ret) per tenfold count. The last column corrects for that error by simulation "
        "extrapolation (SIMEX).",
        ("task, corpus and model", "rows", *levels, f"SIMEX at {levels[-1]}"),
        rows,
    )


def _extra_figure(tested: Sequence[tuple[Extra, Predictor]]) -> tuple[Figure, ...]:
    """Slopes of image-only and text-only counts with intervals, a row for each model."""
    shown = [pair for pair in tested if pair[1].name in PREDICTORS[:2]]
    models = list(dict.fromkeys(one.key for one, _ in shown))
    if not models:
        return ()
    figure, axes = zero_axes(0.32 * len(models) + 1.2)
    for shift, name, colour, mark in ((0.15, *_FIRST), (-0.15, *_SECOND)):
        parts = [(models.index(one.key), part) for one, part in shown if part.name == name]
        draw_intervals(
            axes,
            [-place + shift for place, _ in parts],
            [(part.nested.slope or 0.0, part.nested.slope_ci95) for _, part in parts],
            colour,
            mark,
            SAID[name],
        )
    axes.set_xlabel("accuracy, points per tenfold count, given joint counts")
    name_rows(axes, [corpus_and_model(key) for key in models])
    said = "Slopes of image-only and text-only counts given joint counts, classification, with "
    return (drawn(figure, said + "95 % intervals clustered by dataset.", _sides(shown)),)


def _sides(shown: Sequence[tuple[Extra, Predictor]]) -> str:
    """The figure in words: on which side of 0 the intervals are."""
    parts = []
    for name in PREDICTORS[:2]:
        own = [part.nested for _, part in shown if part.name == name]
        below = sum(one.slope_ci95 is not None and one.slope_ci95[1] < 0 for one in own)
        above = sum(one.slope_ci95 is not None and one.slope_ci95[0] > 0 for one in own)
        parts.append(
            f"{SAID[name]}: {above} intervals above 0, {below} below, "
            f"{len(own) - above - below} contain 0"
        )
    return "; ".join(parts) + "."
