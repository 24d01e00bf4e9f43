"""The further questions in words, tables and figures.

What was computed stands in `wagidx.paper.questions`; here it is only said. Every finding is an
association over concepts that were there to be counted, and is worded as one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from wagidx.analysis.measurement import LEVELS
from wagidx.paper.questions import Questions
from wagidx.paper.questions.controls import Comparison, Side
from wagidx.paper.questions.extra import PREDICTORS, Extra, Predictor
from wagidx.paper.questions.scale import PairedSlope, Scale
from wagidx.paper.questions.sketch import Pooled, Sketch
from wagidx.paper.questions.spread import Spread
from wagidx.plots import BLUE, GREY, VERMILION, new_figure, svg
from wagidx.report.numbers import NONE, interval, number
from wagidx.report.section import Figure, Section, Table

__all__ = ["question_sections"]

COMMAND = "wagidx reproduce RELEASE --json"

SAID = {
    "image_only": "image-only counts",
    "text_only": "text-only counts",
    "joint_per_text": "joint share of text counts",
    "joint_per_image": "joint share of image counts",
}

Pair = Sequence[float]


def question_sections(questions: Questions) -> list[Section]:
    """A section for each question that there are data for; that on controls always."""
    parts: tuple[tuple[Sequence[Any], Callable[[Any], Section]], ...] = (
        (questions.extra, _extra_section),
        (questions.scale, _scale_section),
        (questions.sketch, _sketch_section),
        (questions.spread, _spread_section),
    )
    found = [section(part) for part, section in parts if part]
    return [*found, _control_section(questions)]


def _extra_section(found: Sequence[Extra]) -> Section:
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
        _bare(one.key),
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
            _short(one.key),
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
    figure, axes = _axes(0.32 * len(models) + 1.2)
    for shift, name, colour, mark in ((0.15, *_FIRST), (-0.15, *_SECOND)):
        parts = [(models.index(one.key), part) for one, part in shown if part.name == name]
        _intervals(
            axes,
            [-place + shift for place, _ in parts],
            [(part.nested.slope or 0.0, part.nested.slope_ci95) for _, part in parts],
            colour,
            mark,
            SAID[name],
        )
    axes.set_xlabel("accuracy, points per tenfold count, given joint counts")
    _named(axes, [_bare(key) for key in models])
    said = "Slopes of image-only and text-only counts given joint counts, classification, with "
    return (_drawn(figure, said + "95 % intervals clustered by dataset.", _sides(shown)),)


_FIRST = (PREDICTORS[0], BLUE, "o")
_SECOND = (PREDICTORS[1], VERMILION, "s")


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


def _scale_section(found: Sequence[Scale]) -> Section:
    notes = {f"{_short(one.key)}: {one.note}." for one in found if one.note}
    trends = [
        f"{_short(one.key)}: over {one.trend.n} models the slope changes by "
        f"{number(one.trend.slope_per_score)} ({interval(one.trend.ci95)}) "
        "per unit of mean score; the files do not give model sizes, "
        "so mean score is used as a proxy."
        for one in found
        if one.trend is not None
    ]
    return Section(
        title="Do larger models depend less on frequency?",
        text=(
            "Models of one corpus share every count and concept, so the difference of their slopes "
            "is estimated more precisely than either slope. Slopes have an intercept for each "
            "dataset. A score near its ceiling must have a flatter slope; logits have no ceiling.",
            " ".join(sorted(notes)),
            *trends,
        ),
        tables=(_models_table(found), _differences_table(found)),
        command=COMMAND,
    )


def _slope_cells(slope: PairedSlope) -> tuple[str, ...]:
    return (
        *(number(slope.slope), interval(slope.ci95_names), interval(slope.ci95_datasets)),
        *(number(slope.logit_slope), interval(slope.logit_ci95_names)),
    )


SLOPES = ("slope", "95 %, names", "95 %, datasets", "logit slope", "95 %, names")


def _models_table(found: Sequence[Scale]) -> Table:
    return Table(
        "Slope of each model on joint counts within datasets, per tenfold count: points of "
        "accuracy (zs), fraction of recall (ret), the metric's unit (t2i), and logits.",
        ("task and corpus", "model", "rows", "mean score", *SLOPES),
        tuple(
            (
                *(_short(one.key), model.model, f"{one.n:,}", number(model.mean_score)),
                *_slope_cells(model.slope),
            )
            for one in found
            for model in one.models
        ),
        numbers_from=2,
    )


def _differences_table(found: Sequence[Scale]) -> Table:
    return Table(
        "Slope of the second model minus the first's on the same concepts, in the same units.",
        ("task and corpus", "first", "second", "names", *SLOPES),
        tuple(
            (
                *(_short(one.key), pair.first, pair.second, f"{one.names:,}"),
                *_slope_cells(pair.slope),
            )
            for one in found
            for pair in one.differences
        ),
        numbers_from=3,
    )


def _sketch_section(found: Sequence[Sketch]) -> Section:
    fell = sum(one.without_sketch.pearson_r < one.with_sketch.pearson_r for one in found)
    return Section(
        title="With and without ImageNet-Sketch",
        text=(
            "The study's joint figures pool 18 datasets. ImageNet-Sketch repeats the classes and "
            "counts of ImageNet with other scores, so it adds no independent evidence about "
            "frequency.",
            f"Without it the binned r is lower in {fell} of {len(found)} models.",
        ),
        tables=(
            Table(
                "Binned r of the study's slice, pooled slope and slope within datasets (points of "
                "accuracy per tenfold joint count), with ImageNet-Sketch and without.",
                (
                    *("corpus and model", "", "rows", "binned r", "bins", "slope"),
                    *("95 %, names", "within", "95 %, datasets"),
                ),
                tuple(row for one in found for row in _sketch_rows(one)),
                numbers_from=2,
            ),
            Table(
                "Pooled slope with ImageNet-Sketch minus without, on the same resampled names.",
                ("corpus and model", "difference", "95 %, names"),
                tuple(
                    (
                        _bare(one.key),
                        number(one.slope_difference),
                        interval(one.difference_ci95_names),
                    )
                    for one in found
                ),
            ),
        ),
        command=COMMAND,
    )


def _sketch_rows(one: Sketch) -> Iterable[tuple[str, ...]]:
    sides: tuple[tuple[str, Pooled], ...] = (
        ("with", one.with_sketch),
        ("without", one.without_sketch),
    )
    for name, side in sides:
        yield (
            *(
                _bare(one.key),
                name,
                f"{side.n:,}",
                _correlation(side.pearson_r),
                str(side.n_points),
            ),
            *(number(side.slope), interval(side.slope_ci95_names)),
            *(number(side.within_slope), interval(side.within_ci95_datasets)),
        )


def _spread_section(found: Sequence[Spread]) -> Section:
    several = [one for one in found if one.heterogeneity.prediction95 is not None]
    held = sum(low <= 0 <= high for one in several for low, high in _known(one))
    asked = [(one, target) for one in found for target in one.targets]
    bounded = sum(target.bounded for _, target in asked)
    text = [
        "Each dataset has its own slope. tau2 is the variance of the true slopes, I2 the share of "
        "the observed variance that sampling error does not explain, and the prediction interval "
        "is where the slope of another dataset would lie. It averages over every tau2 compatible "
        "with the slopes, so it can be much wider than the tau2 shown (DerSimonian and Laird's) "
        "implies.",
    ]
    if several:
        text.append(
            f"The prediction interval contains 0 in {held} of {len(several)} models: another "
            "dataset may well show no trend, or a falling one."
        )
    text += _without_slopes(several)
    if asked:
        text.append(
            f"Of {len(asked)} requested scores, {bounded} have a bounded frequency. It is not "
            "bounded if an interval of the slope contains 0: the line's own, or the one clustered "
            "by dataset. These are associations over the given concepts, not effects of adding "
            "data."
        )
    return Section(
        title="How different are the datasets, and what frequency corresponds to a score?",
        text=tuple(text),
        tables=tuple(_spread_tables(several, found)),
        figures=_spread_figure(several),
        command=COMMAND,
    )


def _without_slopes(found: Sequence[Spread]) -> Iterable[str]:
    """Why a model has fewer slopes than its rows have datasets, once for all models of a corpus."""
    why: dict[tuple[str, str | None], dict[str, None]] = {}
    for one in found:
        for slope in one.heterogeneity.datasets:
            if slope.slope_per_decade is None:
                why.setdefault((slope.dataset, slope.note), {})[one.key.split("|")[1]] = None
    for (dataset, note), corpora in why.items():
        yield (
            f"{dataset} has no slope of its own with counts of {', '.join(corpora)}: {note}. Its "
            "rows are among those of the table, and it is not among the datasets."
        )


def _known(one: Spread) -> list[tuple[float, float]]:
    interval = one.heterogeneity.prediction95
    return [] if interval is None else [interval]


def _spread_tables(several: Sequence[Spread], found: Sequence[Spread]) -> Iterable[Table]:
    if several:
        yield Table(
            "Slopes of datasets (points of accuracy per tenfold joint count): their mean, "
            "variance and prediction interval.",
            ("corpus and model", "datasets", "rows", "mean", "95 %", "tau2", "I2", "prediction"),
            tuple(
                (
                    *(_bare(one.key), str(one.heterogeneity.k), f"{one.n:,}"),
                    *(number(one.heterogeneity.mean), interval(one.heterogeneity.mean_ci95)),
                    number(one.heterogeneity.tau2),
                    NONE if one.heterogeneity.i2 is None else f"{100 * one.heterogeneity.i2:.0f} %",
                    interval(one.heterogeneity.prediction95),
                )
                for one in several
            ),
        )
    rows = tuple(row for one in found for row in _target_rows(one))
    if rows:
        yield Table(
            "Joint count that corresponds to a score (percent for zs, fraction for ret) on the "
            "line through all rows; the interval assumes independent rows.",
            ("task, corpus and model", "rows", "score", "count", "95 %", "note"),
            rows,
        )


def _target_rows(one: Spread) -> Iterable[tuple[str, ...]]:
    for target in one.targets:
        needed = target.needed
        there = target.bounded and needed.count is not None
        note = "outside the data" if there and needed.outside_data else ""
        ends = NONE if needed.count_ci95 is None else " to ".join(map(_count, needed.count_ci95))
        yield (
            *(_short(one.key), f"{one.n:,}", number(needed.score)),
            "not bounded" if not target.bounded else _count(needed.count),
            ends if there else NONE,
            note,
        )


def _spread_figure(several: Sequence[Spread]) -> tuple[Figure, ...]:
    if not several:
        return ()
    figure, axes = _axes(0.3 * len(several) + 1.2)
    places = [-float(i) for i in range(len(several))]
    for place, one in zip(places, several):
        slopes = [s.slope_per_decade for s in one.heterogeneity.datasets]
        known = [slope for slope in slopes if slope is not None]
        axes.plot(known, [place] * len(known), "|", color=GREY, ms=7)
        low, high = _known(one)[0]
        axes.plot([low, high], [place, place], ":", color=BLUE, lw=1.5)
    means = [(one.heterogeneity.mean or 0.0, one.heterogeneity.mean_ci95) for one in several]
    _intervals(axes, places, means, BLUE, "o", "mean, 95 % (dotted: prediction)")
    axes.set_xlabel("slope of a dataset (grey), points of accuracy per tenfold count")
    _named(axes, [_bare(one.key) for one in several])
    said = "Slopes of single datasets, their mean, and the prediction interval of a new dataset."
    held = sum(low <= 0 <= high for one in several for low, high in _known(one))
    heard = f"The prediction interval contains 0 in {held} of {len(several)} models."
    return (_drawn(figure, said, heard),)


def _control_section(questions: Questions) -> Section:
    text = [
        "The study removed images similar to test images from a corpus, and trained on generated "
        "captions and images. Here each such corpus is compared with an original, for the same "
        "model and on the concepts that both have. Slopes have an intercept for each dataset."
    ]
    for corpus, names in questions.missing_controls.items():
        why = (
            f"this release lacks {_listed(names)}"
            if names
            else "no other corpus has the same model and counts to stand beside it"
        )
        text.append(f"{corpus}: nothing can be said; {why}.")
    text += [
        f"{corpus}: compared as far as its files allow; this release also lacks {_listed(names)}."
        for corpus, names in questions.partial_controls.items()
    ]
    return Section(
        title="Similarity-controlled and synthetic corpora against their originals",
        text=tuple(text),
        tables=tuple(_control_tables(questions.controls)),
        command=COMMAND,
    )


def _control_tables(found: Sequence[Comparison]) -> Iterable[Table]:
    """A table for each unit of scores: slopes in different ones cannot stand in one column."""
    for unit in dict.fromkeys(one.unit for one in found):
        own = [one for one in found if one.unit == unit]
        yield Table(
            f"Controlled corpora and originals: {unit}; slopes are for ten times the count. The "
            "difference is the controlled corpus' slope less the original's, on the same drawn "
            "names.",
            (
                *("scores, counts and model", "corpus", "rows", "mean score", "binned r", "slope"),
                *("95 %, names", "95 %, datasets", "difference", "95 %, names"),
            ),
            tuple(row for one in own for row in _control_rows(one)),
            numbers_from=2,
        )


def _control_rows(one: Comparison) -> Iterable[tuple[str, ...]]:
    _, _, model, kind, variant, *_ = one.key.split("|")

    def row(side: Side, difference: tuple[str, str]) -> tuple[str, ...]:
        return (
            *(f"{variant}, {kind}, {model}", side.corpus, f"{one.n:,}", number(side.mean_score)),
            *(_correlation(side.pearson_r), number(side.within_slope)),
            *(interval(side.within_ci95_names), interval(side.within_ci95_datasets), *difference),
        )

    yield row(one.original, ("", ""))
    yield row(one.control, (number(one.slope_difference), interval(one.difference_ci95_names)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _short(key: str) -> str:
    """What differs between panels: task, corpus and model, without kind, variant and row set."""
    return " ".join(part for part in key.split("|")[:3] if not part.startswith("integrated"))


def _bare(key: str) -> str:
    """Corpus and model, where the table or figure says the task."""
    return " ".join(key.split("|")[1:3])


def _correlation(value: float) -> str:
    return NONE if math.isnan(value) else f"{value:.3f}"


def _count(value: float | None) -> str:
    if value is None:
        return "too large to represent"
    if value < 1:
        return "below 1"
    return f"{value:,.0f}" if value < 1e7 else f"{value:.1e}"


def _axes(height: float) -> tuple[Any, Any]:
    figure = new_figure(6.4, height)
    axes = figure.subplots()
    axes.axvline(0, color=GREY, lw=0.8)
    return figure, axes


def _intervals(
    axes: Any,
    places: Sequence[float],
    values: Sequence[tuple[float, Pair | None]],
    colour: str,
    mark: str,
    label: str,
) -> None:
    for place, (_, pair) in zip(places, values):
        if pair is not None:
            axes.plot(pair, [place, place], "-", color=colour, lw=1.5)
    axes.plot([value for value, _ in values], places, mark, color=colour, ms=5, label=label)


def _named(axes: Any, names: Sequence[str]) -> None:
    axes.set_yticks([-i for i in range(len(names))], names, size=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.xaxis.label.set_size(8)
    axes.figure.legend(fontsize=7, loc="outside upper right", ncols=2)


def _drawn(figure: Any, caption: str, alternative: str) -> Figure:
    return Figure(caption, alternative, svg(figure))
