"""`wagidx correlate`: are the same concepts frequent in different corpora?"""

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
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx.insights.correlation import PairAgreement

__all__ = ["correlate"]


@click.command(epilog="Example: wagidx correlate cc3m=counts.csv laion=laion.wagidx -o agreement")
@click.argument("sources", metavar="[NAME=]INDEX|COUNTS...", nargs=-1, required=True)
@concepts_option(required=False)
@field_option
@query_options
@draws_option(1000)
@seed_option()
@output_option(
    "Write correlation.json, .csv, .png, .svg and counts.csv into this new folder.",
    folder=True,
    metavar="DIR",
)
@json_option
@command_options
def correlate(
    console: Console,
    sources: tuple[str, ...],
    concepts: str | None,
    field: str,
    pos: str | None,
    match: str,
    missing: str,
    draws: int,
    seed: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Correlate concept counts between two or more indexes or count files, pair by pair.

    Spearman's correlation uses counts, Pearson's log(count + 1). Both are also given for the names
    with a nonzero count in both, because shared zeros carry no information. Intervals are 95 %
    bootstrap intervals over names. An INDEX is queried for the concepts of a list, else for the
    names in the count files; if there are only indexes, each is queried for the terms of all.
    """
    named = _named(sources)
    import wagidx

    asked = Asked.of(concepts, field, pos, match, missing)
    counted = dict(zip(named, count_all(console, list(named.values()), asked)))
    result = wagidx.correlate(
        {name: one.counts for name, one in counted.items()}, draws=draws, seed=seed
    )
    inputs = [{"name": name, **one.to_dict()} for name, one in counted.items()]
    found = {**result.to_dict(), "inputs": inputs}
    if output is not None:
        from wagidx.insights.files import write_correlation

        write_correlation(result, output, found=found)
        console.wrote(output)
    if as_json:
        console.json(found)
        return
    for pair in result.pairs:
        console.line(console.bold(f"{printable(pair.a)} and {printable(pair.b)}"))
        for line in table(_lines(pair)):
            console.line(line)


def _named(sources: tuple[str, ...]) -> dict[str, Path]:
    """Sources by name: what stands before `=`, else the file's own, else its whole path."""
    if len(sources) < 2:
        raise click.UsageError("a correlation needs two or more sources: INDEX|COUNTS")
    given = [_parted(source) for source in sources]
    stems = [name or path.stem for name, path in given]
    names = [
        name or (stem if stems.count(stem) == 1 else str(path))
        for (name, path), stem in zip(given, stems)
    ]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise click.UsageError(f"{min(repeated)!r} names two sources: give each its own NAME=")
    return dict(zip(names, (path for _, path in given)))


def _parted(source: str) -> tuple[str, Path]:
    name, equals, path = source.partition("=")
    if equals and name and path and not Path(source).exists():
        return name, Path(path)
    return "", Path(source)


def _lines(pair: PairAgreement) -> list[tuple[str, str]]:
    every, both = pair.agreement.all, pair.agreement.nonzero_in_both
    return [
        ("names in both lists", integer(every.n)),
        ("  in one list only", f"{integer(pair.unmatched_a)}, {integer(pair.unmatched_b)}"),
        ("  with count 0 in both", integer(pair.agreement.n_zero_in_both)),
        ("Spearman", estimate(every.spearman, every.spearman_ci95)),
        ("Pearson of log(count + 1)", estimate(every.pearson_log1p, every.pearson_log1p_ci95)),
        ("names that occur in both", integer(both.n)),
        ("  Spearman", estimate(both.spearman, both.spearman_ci95)),
        ("  Pearson of log(count + 1)", estimate(both.pearson_log1p, both.pearson_log1p_ci95)),
    ]
