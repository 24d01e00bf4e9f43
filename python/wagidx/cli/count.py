"""`wagidx count`: in how many captions does each concept occur?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    concepts_option,
    field_option,
    integer,
    matched,
    output_option,
    query_options,
    table,
)
from wagidx.cli.explain import reasons
from wagidx.durable import new_file
from wagidx.printable import printable
from wagidx.spreadsheet import spreadsheet_safe

if TYPE_CHECKING:
    from wagidx import Index
    from wagidx.asking.expressions import Expression

__all__ = ["count"]

FORMATS = ("table", "json", "csv", "parquet")
EXPLAINED = 20
"""How many zeros are explained; a long list of explanations would hide the counts."""


@dataclass(frozen=True)
class Counted:
    """What was asked and what came back."""

    index: str
    captions: int
    field: str
    pos: str
    match: str
    missing: str
    docs: int | None
    names: list[str]
    counts: list[int]

    def to_dict(self) -> dict[str, Any]:
        """The object of `--json`."""
        pairs = zip(self.names, self.counts, strict=True)
        return {
            "index": self.index,
            "captions": self.captions,
            "field": self.field,
            "pos": self.pos,
            "match": self.match,
            "missing": self.missing,
            "docs": self.docs,
            "counts": [{"concept": name, "count": number} for name, number in pairs],
        }


@click.command(epilog='Example: wagidx count laion.wagidx "golden retriever" zebra')
@INDEX
@click.argument("concepts", metavar="CONCEPT...", nargs=-1)
@concepts_option("listed", required=False)
@field_option
@query_options
@click.option(
    "--docs",
    type=click.Path(path_type=Path),
    metavar="BITMAP",
    help="Count only these caption ids, given as a portable Roaring bitmap.",
)
@click.option(
    "--format", "chosen", type=click.Choice(FORMATS), help="Output format.  [default: table]"
)
@output_option("Write to this new file.")
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@command_options
def count(
    console: Console,
    index: Path,
    concepts: tuple[str, ...],
    listed: str | None,
    field: str,
    pos: str | None,
    match: str,
    missing: str,
    docs: Path | None,
    chosen: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print the number of captions of INDEX in which each CONCEPT occurs.

    A caption contains a concept if it contains all its words, in any order, or adjacent with
    --match phrase. Counts are printed in order: first the arguments, then the list. With -o, the
    file's suffix sets the format: .json, .csv or .parquet; any other suffix gives a table.
    """
    form = _form(chosen, output, as_json)
    names, expressions = _asked(concepts, listed, match)
    bitmap, within = (None, None) if docs is None else _bitmap(docs)
    import wagidx

    with wagidx.open(index) as opened, _named(docs):
        counts = opened.counts(
            expressions, field=field, pos=pos, missing=missing, docs=bitmap
        ).tolist()
        readings = opened.info["analyzer"]["readings"]
        counted = Counted(
            index=str(index),
            captions=opened.info["stats"]["captions"],
            field=field,
            pos=pos or ("head" if readings else "any"),
            match=match,
            missing=missing,
            docs=within,
            names=names,
            counts=counts,
        )
        if output is not None:
            _write(counted, form, output)
            console.wrote(output)
        elif form == "table" and console.terminal and not console.quiet:
            _print_explained(console, counted, expressions, opened)
        else:
            console.text(_rendered(counted, form))


def _bitmap(docs: Path) -> tuple[bytes, int]:
    """A filter and the number of its ids."""
    from wagidx import _native

    bitmap = docs.read_bytes()
    with _named(docs):
        return bitmap, _native.roaring_len(bitmap)


@contextmanager
def _named(docs: Path | None) -> Iterator[None]:
    """Say which file a bitmap that cannot be used is from."""
    from wagidx.exceptions import WagidxError

    try:
        yield
    except ValueError as error:
        said = str(error)
        if docs is None or not said.startswith("docs: "):
            raise
        raise WagidxError(f"--docs {docs}: {said.removeprefix('docs: ')}") from error


def _form(chosen: str | None, output: Path | None, as_json: bool) -> str:
    if as_json and chosen not in (None, "json"):
        raise click.UsageError(f"--json and --format {chosen} exclude each other")
    suffix = output.suffix.lstrip(".").lower() if output is not None else ""
    form = "json" if as_json else chosen or (suffix if suffix in FORMATS else "table")
    if form == "parquet" and output is None:
        raise click.UsageError("Parquet is not written to stdout: name a file with -o")
    return form


def _asked(
    concepts: tuple[str, ...], listed: str | None, match: str
) -> tuple[list[str], list[str | Expression]]:
    names = list(concepts)
    expressions: list[str | Expression] = list(concepts)
    if listed is not None:
        from wagidx.asking.concepts import load_concepts

        more = load_concepts(listed)
        names += more.names
        expressions += more.expressions
    if not names:
        raise click.UsageError("nothing to count: name a CONCEPT, or a list with --concepts")
    return names, matched(expressions, match)


def _rendered(counted: Counted, form: str) -> str:
    if form == "json":
        return json.dumps(counted.to_dict(), ensure_ascii=False) + "\n"
    if form == "table":
        return "".join(line + "\n" for line in _lines(counted))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["concept", "count"])
    for name, number in zip(counted.names, counted.counts, strict=True):
        writer.writerow([spreadsheet_safe(name), number])
    return text.getvalue()


def _lines(counted: Counted) -> Iterator[str]:
    pairs = zip(counted.names, counted.counts, strict=True)
    return table([(printable(name), integer(number)) for name, number in pairs])


def _write(counted: Counted, form: str, output: Path) -> None:
    with new_file(output) as partial:
        if form != "parquet":
            partial.write_text(_rendered(counted, form), encoding="utf-8", newline="")
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = [pa.array(counted.names, pa.string()), pa.array(counted.counts, pa.uint64())]
        pq.write_table(pa.table(columns, names=["concept", "count"]), partial)


def _print_explained(
    console: Console, counted: Counted, expressions: list[str | Expression], index: Index
) -> None:
    """Counts with a note under each zero; only where someone sits at the terminal."""
    left = EXPLAINED
    for line, number, expression in zip(_lines(counted), counted.counts, expressions, strict=True):
        console.line(line)
        if number or not left:
            continue
        left -= 1
        for reason in _why(index, expression, counted):
            console.line(console.faint(f"  {reason}"))


def _why(index: Index, expression: str | Expression, counted: Counted) -> Iterator[str]:
    if not isinstance(expression, str) and expression.op != "phrase":
        for operand in expression.operands:
            yield from _why(index, operand, counted)
        return
    found = index.explain(expression, pos=counted.pos, missing=counted.missing)
    if found.count:
        yield f"{printable(found.concept)} occurs, but not within --docs"
    yield from reasons(found)
