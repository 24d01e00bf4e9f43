"""`wagidx build`: captions in, an index out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wagidx.analyzers import ANALYZERS, CASES, DEFAULT, check_choice
from wagidx.cli.conventions import (
    Console,
    command_options,
    integer,
    json_option,
    memory_option,
    size,
    table,
    tagger_option,
    threads_option,
)
from wagidx.cli.progress import progress_line
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx import BuildStats

__all__ = ["build", "report"]

FORMATS = ("auto", "parquet", "csv", "tsv", "jsonl", "webdataset", "text")
COUNTED_APART = ("nulls", "empty", "filtered", "malformed", "invalid_utf8", "truncated_keys")
PLANNED = ("caption_column", "key_column", "format", "filters", "positions", "memory")


def _analyzer(ctx: click.Context, param: click.Parameter, name: str) -> str:
    try:
        check_choice(name)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None
    return name


@click.command(epilog="Example: wagidx build shards/ -o laion.wagidx --filter LANGUAGE=en")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="INDEX", help="Folder of the new index.")
@click.option("--caption-column", metavar="C", help="Column with the captions.")
@click.option("--key-column", metavar="C", help="Column with the keys.")
@click.option(
    "--format", type=click.Choice(FORMATS), default="auto", show_default=True, help="Input format."
)
@click.option(
    "--analyzer",
    default=DEFAULT,
    show_default=True,
    metavar="|".join((*ANALYZERS, "spacy:MODEL")),
    callback=_analyzer,
    help="Index words as written (surface), reduced to singular (lemma), or also tagged as nouns: "
    "by the shipped tagger (noun) or by a spaCy model (spacy:MODEL).",
)
@tagger_option
@click.option(
    "--case",
    type=click.Choice(CASES),
    default="fold",
    show_default=True,
    help="Fold case, or build the study's keys (paper): nouns only, case kept, queried in lower "
    "case.",
)
@click.option(
    "--cjk-bigrams",
    is_flag=True,
    help="Split Chinese, Japanese and Korean into character bigrams, so that words can be found.",
)
@click.option(
    "--positions",
    is_flag=True,
    help="Store the position of each word in its caption; --match phrase needs it.",
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="'C OP VALUE'",
    help="Keep only rows that satisfy this condition: = != < <= > >=; repeatable, all must hold.",
)
@threads_option
@memory_option
@click.option("--store-captions", is_flag=True, help="Store captions, keys and URLs in the index.")
@click.option("--store-keys", is_flag=True, help="Store the keys in the index.")
@click.option("--skip-unreadable", is_flag=True, help="Skip files that cannot be read.")
@click.option(
    "--resume/--fresh",
    default=None,
    help="Accept a finished index as done, or rebuild and replace it.  [default: continue an "
    "unfinished build, refuse a finished one]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done without doing it.")
@json_option
@command_options
def build(
    console: Console,
    sources: tuple[str, ...],
    output: str | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Index the captions of SOURCE...: files, folders, globs or URLs.

    Formats: Parquet, CSV, TSV, JSON lines, plain text and webdataset tars, also with gzip or zstd.
    Columns are detected by their usual names, and the choice is printed.
    """
    if dry_run:
        plan(console, sources, as_json, {name: options[name] for name in PLANNED})
        return
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'")
    import wagidx

    with progress_line(console) as progress:
        stats = wagidx.build(list(sources), output, progress=progress, **options)
    report(console, output, stats, as_json)


def report(console: Console, output: str | Path, made: BuildStats, as_json: bool) -> None:
    """Print what a build, append or merge made; what is zero and ought to be is left out."""
    for choice in made.columns:
        console.note(printable(choice))
    for skipped in made.skipped:
        console.note(f"skipped: {printable(skipped)}")
    stats = made.to_dict()
    if as_json:
        console.json(stats)
        return
    shown = ["rows", "captions", *(name for name in COUNTED_APART if stats.get(name))]
    shown += ["tokens", "terms", "postings"]
    rows = [(name.replace("_", " "), integer(stats[name])) for name in shown]
    rows.append(("size", size(stats["bytes"])))
    rows.append(("seconds", f"{stats['seconds']:.1f}"))
    rows.append(("peak memory", size(stats["peak_rss_bytes"])))
    console.line(printable(str(output)))
    for line in table(rows):
        console.line(f"  {line}")


def plan(
    console: Console, sources: tuple[str, ...], as_json: bool, options: dict[str, Any]
) -> None:
    """`--dry-run`: files, columns, rows, and what the build is expected to need."""
    import wagidx

    planned = wagidx.plan_build(list(sources), **options)
    if as_json:
        console.json(planned.to_dict())
        return
    for file in planned.files:
        console.line(printable(_file_line(file)))
    minutes = "unknown" if planned.minutes is None else f"{planned.minutes:.1f}"
    rows = [
        ("files", integer(len(planned.files))),
        ("rows", _known(planned.rows, integer)),
        ("expected size", _known(planned.expected_bytes, size)),
        ("memory", f"at most {size(planned.memory_bytes)}"),
        ("CPU minutes", minutes),
    ]
    for line in table(rows):
        console.line(line)


def _known(number: int | None, shown: Callable[[int], str]) -> str:
    return "unknown" if number is None else shown(number)


def _file_line(file: dict[str, Any]) -> str:
    parts = [f"{name} {file[name]}" for name in ("caption", "key", "url") if file.get(name)]
    if file.get("rows") is not None:
        parts.append(f"{integer(file['rows'])} rows")
    if file.get("bytes") is not None:
        parts.append(size(file["bytes"]))
    return f"{file['path']}: {file['format']}, {', '.join(parts)}"
