"""`wagidx distil`: train your own tagger on a teacher's tags of captions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wagidx.cli.build import FORMATS
from wagidx.cli.conventions import (
    Console,
    command_options,
    integer,
    json_option,
    output_option,
    seed_option,
    table,
    threads_option,
)
from wagidx.cli.progress import progress_line
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx import DistilStats

__all__ = ["distil"]


@click.command(
    epilog="Example: wagidx distil --teacher en_core_web_lg --captions shards/ -o lg.wagtag"
)
@click.option(
    "--teacher",
    required=True,
    metavar="MODEL|FILE.conllu",
    help="spaCy model, by name or folder, or a treebank with Penn Treebank tags.",
)
@click.option(
    "--captions",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="Captions for a spaCy model to tag: files, folders, globs or URLs; repeatable.",
)
@output_option("Write to this new tagger file.", required=True)
@click.option("--caption-column", metavar="C", help="Column with the captions.")
@click.option(
    "--format", type=click.Choice(FORMATS), default="auto", show_default=True, help="Input format."
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="'C OP VALUE'",
    help="Keep only rows that satisfy this condition: = != < <= > >=; repeatable, all must hold.",
)
@click.option(
    "--limit",
    default=100_000,
    show_default=True,
    type=click.IntRange(min=2),
    help="Maximum number of distinct captions; the first ones are used.",
)
@click.option(
    "--treebank",
    "treebanks",
    multiple=True,
    metavar="FILE.conllu",
    type=click.Path(path_type=Path),
    help="Also train on these sentences; repeatable.",
)
@click.option(
    "--passes",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Training passes over the sentences.",
)
@seed_option("Random seed for shuffling training sentences.")
@threads_option
@json_option
@command_options
def distil(
    console: Console,
    teacher: str,
    sources: tuple[str, ...],
    output: Path,
    as_json: bool,
    **options: Any,
) -> None:
    """Train a tagger on a teacher's tags of captions, for build --tagger.

    One sentence in twenty is held out. On these, prints how often the shipped tagger, and then the
    new one, agree with the teacher on whether a word is a noun.
    """
    import wagidx
    from wagidx.tagging.distil import is_treebank

    if is_treebank(teacher) == bool(sources):
        wants = "is a treebank: omit --captions" if sources else "is a model and needs --captions"
        raise click.UsageError(f"--teacher {teacher} {wants}")
    with progress_line(console) as progress:
        stats = wagidx.distil(
            teacher, output, sources=list(sources) or None, progress=progress, **options
        )
    report(console, output, stats, as_json)


def report(console: Console, output: Path, stats: DistilStats, as_json: bool) -> None:
    """Print what was learned."""
    if stats.after < stats.before:
        console.note("the shipped tagger agrees more with the teacher: give more captions")
    if as_json:
        console.json({"output": str(output), **stats.to_dict()})
        return
    rows = [
        ("sentences", integer(stats.sentences)),
        ("tokens", integer(stats.tokens)),
        ("treebank sentences", integer(stats.treebank_sentences)),
        ("held out", integer(stats.held_out)),
        ("agreement before", f"{stats.before:.4f}"),
        ("agreement after", f"{stats.after:.4f}"),
        ("seconds", f"{stats.seconds:.1f}"),
    ]
    console.line(printable(f"{output}: after {stats.teacher}"))
    for line in table(rows):
        console.line(f"  {line}")
