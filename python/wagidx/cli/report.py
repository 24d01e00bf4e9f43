"""`wagidx report`: what an index or a file of counts holds, as one HTML page."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wagidx.cli.conventions import (
    Console,
    command_options,
    concepts_option,
    field_option,
    json_option,
    output_option,
    query_options,
)
from wagidx.cli.counted import Asked, concepts_of, count_all
from wagidx.cli.fitted import FitChoices, fit_options
from wagidx.cli.rules import rule_options
from wagidx.durable import new_file
from wagidx.exceptions import WagidxError
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx.asking.concepts import ConceptList
    from wagidx.report.corpus import Counted
    from wagidx.report.section import Section
    from wagidx.rules import RuleCounts

__all__ = ["report"]


@click.command(
    epilog="Example: wagidx report laion.wagidx --performance accuracy.csv -o report.html"
)
@click.argument("source", metavar="INDEX|COUNTS", type=click.Path(path_type=Path))
@concepts_option(required=False)
@field_option
@query_options
@rule_options
@click.option(
    "--performance",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Scores to fit to the counts, in a format that 'wagidx fit' accepts; repeatable.",
)
@fit_options
@output_option("Write to this new file.", required=True, metavar="FILE.html")
@json_option
@command_options
def report(
    console: Console,
    source: Path,
    concepts: str | None,
    field: str,
    pos: str | None,
    match: str,
    missing: str,
    chosen: tuple[str, ...],
    alone: str | None,
    sample: int,
    performance: tuple[Path, ...],
    choices: FitChoices,
    output: Path,
    as_json: bool,
) -> None:
    """Write a report on an index or on a file of counts: one self-contained HTML page.

    COUNTS is a CSV, JSON or Parquet file with columns concept and count. For an INDEX, the concepts
    of a list are counted, else those that have a score, else all its terms. A list is also counted
    under each --rule of the study's code, to show why published counts differ. With --performance,
    the report includes the fit of the scores to the counts. Needs scipy and matplotlib.
    """
    if choices.words() and not performance:
        raise click.UsageError(f"{choices.words()[0]} needs a fit; give scores with --performance")
    asked = Asked.of(concepts, field, pos, match, missing)
    if asked.listed is None and source.is_dir() and performance:
        asked = dataclasses.replace(asked, listed=_scored(performance))
    counted = _counted(console, source, asked, concepts, performance)
    rules = _rules(source, asked, chosen, alone, sample)
    from wagidx.report.own import Scores, own_page, own_sections

    scores = Scores(performance, choices.keywords(), choices.words()) if performance else None
    sections = own_sections(counted, rules, scores)
    with new_file(output) as partial:
        partial.write_text(own_page(counted, sections), encoding="utf-8")
    console.wrote(output)
    _print(console, output, sections, as_json)


def _scored(performance: tuple[Path, ...]) -> ConceptList:
    """The concepts that have a score."""
    from wagidx.fitting.performance import read_performance

    return concepts_of(dict.fromkeys(read_performance(list(performance)).concept))


def _counted(
    console: Console,
    source: Path,
    asked: Asked,
    concepts: str | None,
    performance: tuple[Path, ...],
) -> Counted:
    import numpy as np

    import wagidx
    from wagidx.report.corpus import Counted

    (found,) = count_all(console, [source], asked)
    listed = asked.listed is not None
    named = ", ".join(map(str, performance)) if listed else ""
    info, skipped = None, 0
    if source.is_dir():
        with wagidx.open(source) as index:
            info, skipped = index.info, len(index.skipped)
    return Counted(
        source=str(source),
        names=list(found.counts),
        counts=np.array(list(found.counts.values()), np.float64),
        listed=concepts or named,
        concepts_file=(concepts or _as_list(performance, found.counts)) if listed else "",
        command=_again(source, asked, concepts, performance),
        asked=_options(asked),
        info=info,
        skipped=skipped,
    )


def _as_list(performance: tuple[Path, ...], names: Collection[str]) -> str:
    """The file of scores, where other commands read it as a list of the same concepts."""
    from wagidx.asking.concepts import load_concepts

    if len(performance) != 1:
        return ""
    try:
        listed = load_concepts(performance[0])
    except WagidxError:
        return ""
    same = listed.expressions == listed.names and set(listed.names) == set(names)
    return str(performance[0]) if same else ""


def _options(asked: Asked) -> str:
    """How an index was asked, where that is not its default way."""
    words = [] if asked.pos is None else ["--pos", asked.pos]
    words += [] if asked.match == "all" else ["--match", asked.match]
    words += [] if asked.missing == "zero" else ["--missing", asked.missing]
    return shlex.join(words)


def _again(source: Path, asked: Asked, concepts: str | None, performance: tuple[Path, ...]) -> str:
    """The command that gives the counts again."""
    if not source.is_dir():
        return ""
    how = shlex.split(_options(asked))
    if concepts is not None:
        return shlex.join(["wagidx", "count", str(source), "--concepts", concepts, *how])
    scores = [word for one in performance for word in ("--performance", str(one))]
    return shlex.join(["wagidx", "report", str(source), *scores, *how, "-o", "FILE.html"])


def _rules(
    source: Path, asked: Asked, chosen: tuple[str, ...], alone: str | None, sample: int
) -> RuleCounts | None:
    """The same list under the rules of the study's code, which start from an index' default."""
    if asked.listed is None or not source.is_dir() or _options(asked):
        if chosen or alone is not None:
            raise click.UsageError(
                "--rule and --alone need an INDEX and a list, queried with the defaults: name the "
                "list with --concepts, and drop --pos, --match and --missing"
            )
        return None
    import wagidx
    from wagidx.rules import counts_by_rule

    with wagidx.open(source) as index:
        return counts_by_rule(index, asked.listed, chosen or None, alone=alone, sample=sample)


def _print(console: Console, output: Path, sections: list[Section], as_json: bool) -> None:
    titles = [section.title for section in sections]
    if as_json:
        console.json({"report": str(output), "sections": titles})
        return
    for title in titles:
        console.line(printable(title))
