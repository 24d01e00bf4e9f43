"""`wagidx tail`: how unequal are the counts of concepts, and which power law fits their top?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wagidx.cli.conventions import (
    Console,
    command_options,
    concepts_option,
    draws_option,
    estimate,
    field_option,
    integer,
    json_option,
    output_option,
    query_options,
    seed_option,
    table,
)
from wagidx.cli.counted import Asked, count_all

if TYPE_CHECKING:
    from wagidx.analysis.tail_law import TailLaw
    from wagidx.insights.tail import TailResult

__all__ = ["tail"]


@click.command(epilog="Example: wagidx tail laion.wagidx --concepts concepts.csv -o tail")
@click.argument("source", metavar="INDEX|COUNTS", type=click.Path(path_type=Path))
@concepts_option(required=False)
@field_option
@query_options
@draws_option(1000)
@click.option(
    "--refits",
    default=200,
    show_default=True,
    type=click.IntRange(min=1),
    help="Resamples and synthetic samples for which the power law is refitted; this takes most of "
    "the time.",
)
@seed_option()
@output_option(
    "Write tail.json, tail.csv, tail.png and tail.svg into this new folder.",
    folder=True,
    metavar="DIR",
)
@json_option
@command_options
def tail(
    console: Console,
    source: Path,
    concepts: str | None,
    field: str,
    pos: str | None,
    match: str,
    missing: str,
    draws: int,
    refits: int,
    seed: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print how unequal the counts of concepts are, and the power law that fits the largest best.

    COUNTS is a CSV, JSON or Parquet file with columns concept and count, or JSON of counts by
    concept. For an INDEX, the concepts of a list are counted, or all its terms. Intervals are 95 %
    bootstrap intervals over names. The result describes the given names, not a vocabulary.
    """
    import wagidx

    asked = Asked.of(concepts, field, pos, match, missing)
    (counted,) = count_all(console, [source], asked)
    result = wagidx.tail(counted.counts, source=str(source), draws=draws, refits=refits, seed=seed)
    found = {**result.to_dict(), "counted": counted.to_dict()}
    if output is not None:
        from wagidx.insights.files import write_tail

        write_tail(result, output, found=found)
        console.wrote(output)
    if as_json:
        console.json(found)
        return
    for line in table(_lines(result)):
        console.line(line)


def _lines(result: TailResult) -> list[tuple[str, str]]:
    lines = [
        ("names", integer(result.n)),
        ("that occur", integer(result.n_nonzero)),
        ("share with count 0", estimate(result.zero_share.value, result.zero_share.ci95)),
        ("Gini", estimate(result.gini.value, result.gini.ci95)),
    ]
    lines += [
        (f"held by the top {100 * share:g} %", estimate(m.value, m.ci95))
        for share, m in result.top.items()
    ]
    lines += [
        (f"names below max / 10^{k}", estimate(measure.value, measure.ci95))
        for k, measure in result.below_max.items()
    ]
    lines.append(("names with count 0", integer(result.n - result.n_nonzero)))
    lines += [
        (f"names with count {integer(int(least))} to {integer(int(end) - 1)}", integer(n))
        for least, end, n in result.decades
    ]
    if result.law is None:
        return [*lines, ("power law", str(result.law_note))]
    return [*lines, *_law(result.law)]


def _law(law: TailLaw) -> list[tuple[str, str]]:
    fit = law.fit
    others = []
    for one in law.others:
        name = one.form.replace("_", " ")
        nearer = {"power_law": "power law fits better", "this": f"{name} fits better"}
        p = "-" if one.p is None else "below .001" if one.p < 0.001 else f"{one.p:.3f}"
        said = nearer.get(one.nearer, "undecided")
        others.append((f"  against {name}", f"{said}, p {p}"))
    return [
        ("power law: names with at least", f"{integer(fit.xmin)}: {integer(fit.n)}"),
        ("  exponent", estimate(fit.alpha, law.alpha_ci95)),
        ("  exponent by rank", estimate(fit.rank_exponent, law.rank_exponent_ci95)),
        ("  goodness-of-fit p", f"{law.p:.3f}"),
        *others,
    ]
