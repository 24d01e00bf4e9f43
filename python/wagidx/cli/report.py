"""`wagidx report`: what an index or a file of counts holds, as one HTML page."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wagidx.cli.conventions import (
    Console,
    command_options,
    concepts_option,
    json_option,
    opened_output,
    printable,
)

if TYPE_CHECKING:
    from wagidx.report.corpus import Counted
    from wagidx.report.section import Section

__all__ = ["report"]


@click.command(
    epilog="Example: wagidx report laion.wagidx --performance accuracy.csv -o report.html"
)
@click.argument("source", metavar="INDEX|COUNTS", type=click.Path(path_type=Path))
@concepts_option(required=False)
@click.option(
    "--performance",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Scores as 'wagidx fit' takes them: fit them to the counts; repeatable.",
)
@click.option("--model", metavar="NAME", help="Fit this model only.  [default: each by itself]")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Write to this new file.",
)
@json_option
@command_options
def report(
    console: Console,
    source: Path,
    concepts: str | None,
    performance: tuple[Path, ...],
    model: str | None,
    output: Path,
    as_json: bool,
) -> None:
    """Write a report on an index or on a file of counts: one page that needs no network.

    COUNTS is a CSV, JSON or Parquet file with columns concept and count. An INDEX is asked for the
    concepts of a list, else for those that have a score, else it gives all its terms. With
    --performance the report holds the fit of the scores to the counts. Needs matplotlib, and for a
    fit scipy.
    """
    if model is not None and not performance:
        raise click.UsageError("--model chooses among the models of --performance; name its FILE")
    from wagidx.report.own import own_page, own_sections

    counted = _counted(source, concepts, performance)
    sections = own_sections(counted, performance, model=model, command=_again(source, performance))
    with opened_output(output) as partial:
        partial.write_text(own_page(counted, sections), encoding="utf-8")
    _print(console, output, sections, as_json)


def _counted(source: Path, concepts: str | None, performance: tuple[Path, ...]) -> Counted:
    from wagidx.report.own import of_file, of_index

    if source.is_dir():
        return of_index(source, concepts, performance)
    if concepts is not None:
        raise click.UsageError(f"{source} is a file of counts, which has its own concepts")
    return of_file(source)


def _again(source: Path, performance: tuple[Path, ...]) -> str:
    """The command that makes a fit again; an index' counts are a file first."""
    counts = "COUNTS" if source.is_dir() else str(source)
    scores = (word for path in performance for word in ("--performance", str(path)))
    return shlex.join(["wagidx", "fit", "--frequencies", counts, *scores])


def _print(console: Console, output: Path, sections: list[Section], as_json: bool) -> None:
    titles = [section.title for section in sections]
    if as_json:
        console.json({"report": str(output), "sections": titles})
        return
    for title in titles:
        console.line(printable(title))
    console.note(f"{printable(str(output))}: written")
