"""`wagidx rules`: how would each rule of the study's code change these counts?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    columns,
    command_options,
    concepts_option,
    integer,
    json_option,
    output_option,
    seed_option,
    tagger_option,
    threads_option,
)
from wagidx.durable import new_file
from wagidx.spreadsheet import spreadsheet_safe

if TYPE_CHECKING:
    from wagidx.asking.concepts import ConceptList
    from wagidx.rules import RuleCounts, Under

__all__ = ["rule_options", "rules"]

F = TypeVar("F", bound=Callable[..., Any])
NAMES = ("noun", "last", "lemma", "missing", "case")


def rule_options(function: F) -> F:
    """What `rules` and `report` ask about rules: `chosen`, `alone` and `sample`."""
    chosen = click.option(
        "--rule",
        "chosen",
        multiple=True,
        type=click.Choice(NAMES),
        help="Apply this rule; repeatable.  [default: all]",
    )
    alone = click.option(
        "--alone",
        metavar="spacy:MODEL",
        help="spaCy pipeline that lemmatises words in isolation; the study used en_core_web_sm.  "
        "[default: treat every word that can be the past or a participle of a verb as one]",
    )
    sample = click.option(
        "--sample",
        type=click.IntRange(min=1),
        default=200,
        show_default=True,
        help="Maximum captions per concept that rule case re-reads; beyond it the count is an "
        "estimate.",
    )
    return chosen(alone(sample(function)))


@click.command(epilog='Example: wagidx rules laion.wagidx rose golf-ball "bald eagle"')
@INDEX
@click.argument("concepts", metavar="CONCEPT...", nargs=-1)
@concepts_option("listed", required=False)
@rule_options
@seed_option("Random seed for choosing which captions are re-read.")
@tagger_option
@threads_option
@output_option("Write to this new file: .csv, .parquet or .json.")
@json_option
@command_options
def rules(
    console: Console,
    index: Path,
    concepts: tuple[str, ...],
    listed: str | None,
    chosen: tuple[str, ...],
    alone: str | None,
    sample: int,
    seed: int,
    tagger: Path | None,
    threads: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print how each rule of the study's code changes the counts of INDEX.

    Prints the count of each CONCEPT, its count under each rule alone, and under all rules together.
    The rules: noun (nouns only), last (golf-ball becomes ball), lemma (rose becomes rise), missing
    (words in no caption are ignored), case (names keep their capitals, so that lookups miss them).
    ~ marks an estimate; - marks what this index cannot determine.
    """
    if output is not None and output.suffix.lower() not in (".csv", ".parquet", ".json"):
        raise click.UsageError(f"-o {output}: name a .csv, .parquet or .json file")
    asked = _asked(concepts, listed)
    import wagidx
    from wagidx.rules import counts_by_rule

    with wagidx.open(index) as opened:
        found = counts_by_rule(
            opened,
            asked,
            chosen or None,
            alone=alone,
            sample=sample,
            seed=seed,
            tagger=tagger,
            threads=threads,
        )
    if output is not None:
        _write(found, output)
        console.wrote(output)
    if as_json:
        console.json(found.to_dict())
    elif output is None:
        console.text("".join(f"{line}\n" for line in _lines(found)))
    for rule, under in zip(found.rules, found.each, strict=True):
        console.note(f"{rule.name}: {_said(found, under)}")


def _asked(concepts: tuple[str, ...], listed: str | None) -> ConceptList:
    from wagidx.asking.concepts import ConceptList, load_concepts

    more = ConceptList([], []) if listed is None else load_concepts(listed)
    if not concepts and not len(more):
        raise click.UsageError("nothing to count: name a CONCEPT, or a list with --concepts")
    return ConceptList([*concepts, *more.names], [*concepts, *more.expressions])


def _said(found: RuleCounts, under: Under) -> str:
    """What a rule comes to over the whole list."""
    if under.counts is None:
        return under.reason
    changed = integer(int(under.changed(found.own).sum()))
    return f"changes {changed} of {integer(len(found.concepts))} counts"


def _lines(found: RuleCounts) -> Iterator[str]:
    """A head and a line for each concept, numbers aligned to the right."""
    names = ["count", *(rule.name for rule in found.rules)]
    each = [*found.each]
    if len(found.rules) > 1:
        names.append("together")
        each.append(found.together)
    rows = [
        (concept, integer(int(found.own[i])), *(_cell(one, i) for one in each))
        for i, concept in enumerate(found.concepts)
    ]
    return columns([("", *names), *rows])


def _cell(under: Under, i: int) -> str:
    value = under.at(i)
    if value is None:
        return "-"
    sign = "~" if value["low"] < value["high"] else ""
    return sign + integer(round(value["count"]))


def _write(found: RuleCounts, output: Path) -> None:
    with new_file(output) as partial:
        if output.suffix.lower() == ".json":
            text = json.dumps(found.to_dict(), ensure_ascii=False) + "\n"
            partial.write_text(text, encoding="utf-8", newline="")
        elif output.suffix.lower() == ".csv":
            partial.write_text(_csv(found), encoding="utf-8", newline="")
        else:
            import pyarrow.parquet as pq

            pq.write_table(found.to_arrow(), partial)


def _csv(found: RuleCounts) -> str:
    arrow = found.to_arrow()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(arrow.column_names)
    for concept, *numbers in zip(*(column.to_pylist() for column in arrow.columns), strict=True):
        writer.writerow([spreadsheet_safe(concept), *(f"{number:.15g}" for number in numbers)])
    return text.getvalue()
