"""`wagidx fit`: does performance follow log frequency, how strongly, and how sure are we?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wagidx.cli.conventions import (
    Console,
    command_options,
    integer,
    json_option,
    output_option,
    printable,
    seed_option,
    span,
    table,
)

if TYPE_CHECKING:
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
    help="CSV, JSON or Parquet with columns concept and count, or what 'wagidx count' wrote.",
)
@click.option(
    "--performance",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV, JSON or Parquet with columns concept and score, perhaps dataset, model and n, or a "
    "results file of the study; repeatable.",
)
@click.option("--model", metavar="NAME", help="Fit this model only.  [default: each by itself]")
@click.option("--bins", default=12, show_default=True, type=click.IntRange(2, 1000), help="Bins.")
@click.option(
    "--slice",
    "part",
    default="1:-1",
    show_default=True,
    metavar="A:B",
    help="Bins that enter the binned r, as Python writes a slice.",
)
@click.option("--target", multiple=True, type=float, help="Which frequency has this score?")
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
    model: str | None,
    bins: int,
    part: str,
    target: tuple[float, ...],
    seed: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Fit performance on concepts to the logarithm of how often they occur.

    Slopes are units of score for ten times the frequency. The slope within datasets has an
    intercept for each dataset and an interval that takes rows of a dataset for related; the binned
    r is the study's own statistic, beside what it is when scores are shuffled within datasets.
    """
    start, stop = _bounds(part)
    import wagidx
    from wagidx.analysis.binned import Recipe

    result = wagidx.fit(
        frequencies,
        list(performance),
        model=model,
        recipe=Recipe(bins, start, stop),
        targets=target,
        seed=seed,
    )
    if output is not None:
        from wagidx.fitting.files import write_fit

        write_fit(result, output)
        console.wrote(output)
    if as_json:
        console.json(result.to_dict())
        return
    for name, one in result.by_model.items():
        if len(result.by_model) > 1:
            console.line(console.bold(printable(name)))
        for line in table(_lines(one)):
            console.line(line)


def _bounds(part: str) -> tuple[int | None, int | None]:
    start, colon, stop = part.partition(":")
    try:
        ends = [int(end) if end.strip() else None for end in (start, stop)]
    except ValueError:
        colon = ""
    if not colon:
        raise click.UsageError(f"--slice {part!r} is not A:B, such as 1:-1 or -4:")
    return ends[0], ends[1]


def _lines(fit: ModelFit) -> list[tuple[str, str]]:
    concept, binned, null = fit.concept, fit.binned, fit.null
    held = {form.form: form.by_name.mse for form in fit.models if form.by_name}
    best = min(held, key=lambda form: held[form]) if held else "too few concepts to leave some out"
    lines = [
        ("rows", integer(concept.n)),
        ("concepts without a frequency", integer(len(fit.joined.unmatched))),
        ("frequencies unused", integer(fit.joined.unused)),
        ("slope within datasets", _number(concept.within.slope_per_decade)),
        ("  95 %, by dataset", span(concept.within.slope_ci95)),
        ("slope pooled", _number(concept.slope_per_decade)),
        ("  95 %, rows independent", span(concept.slope_ci95)),
        ("concept r", _number(concept.pearson_r)),
        ("binned r", _number(binned.pearson_r)),
        ("  of shuffled scores", f"{_number(null.mean)}, p {_number(null.p)}"),
        ("best on unseen concepts", best),
    ]
    for score in fit.targets:
        needed = fit.line.needed(score)
        beyond = "beyond any number" if needed.bounded else "not bounded"
        shown = beyond if needed.count is None else f"{needed.count:.3g}"
        outside = ", outside the data" if needed.outside_data else ""
        lines.append((f"frequency at {score:g}", shown + outside))
    return lines


def _number(value: float | None) -> str:
    return "-" if value is None or value != value else f"{value:.3f}"
