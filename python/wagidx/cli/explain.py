"""`wagidx explain`: how a concept was read, and why its count is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    integer,
    json_option,
    matched,
    query_options,
    table,
)
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx import Explanation

__all__ = ["explain", "reasons"]


@click.command(epilog='Example: wagidx explain laion.wagidx "snow leopards"')
@INDEX
@click.argument("concept")
@query_options
@json_option
@command_options
def explain(
    console: Console,
    index: Path,
    concept: str,
    pos: str | None,
    match: str,
    missing: str,
    as_json: bool,
) -> None:
    """Explain how CONCEPT is parsed: its tokens and terms, their counts, which are missing."""
    import wagidx

    with wagidx.open(index) as opened:
        (asked,) = matched([concept], match)
        found = opened.explain(asked, pos=pos, missing=missing)
    if as_json:
        console.json({"index": str(index), **found.to_dict()})
        return
    console.line(f"{printable(concept)}: {integer(found.count)}")
    rows = []
    for term in found.terms:
        noun = "" if term.as_noun is None else f" ({integer(term.as_noun)} as noun)"
        rows.append((printable(f"{term.token} -> {term.term}"), integer(term.count) + noun))
    for line in table(rows):
        console.line(f"  {line}")
    for reason in reasons(found):
        console.line(f"  {reason}")


def reasons(found: Explanation) -> Iterator[str]:
    """Why a count is zero, a line each: the terms that are missing, or that never co-occur."""
    absent = [term for term in found.terms if not term.count]
    for term in absent:
        near = ", ".join(f"{word} ({integer(count)})" for word, count in term.nearest)
        yield printable(f"{term.term!r} is in no caption" + (f"; near: {near}" if near else ""))
    if found.count == 0 and not absent and len(found.terms) > 1:
        where = "side by side in this order" if found.match == "phrase" else "all"
        yield f"every term occurs, but no caption holds them {where}"
