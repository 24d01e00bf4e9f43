"""`wagidx top`: the terms that stand in most captions."""

from __future__ import annotations

from pathlib import Path

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    integer,
    json_option,
    table,
)
from wagidx.printable import printable

__all__ = ["top"]


@click.command(epilog="Example: wagidx top laion.wagidx -n 20")
@INDEX
@click.option("-n", default=50, show_default=True, type=click.IntRange(min=0), help="Term limit.")
@json_option
@command_options
def top(console: Console, index: Path, n: int, as_json: bool) -> None:
    """Print the terms of INDEX that occur in most captions, most frequent first."""
    import wagidx

    with wagidx.open(index) as opened:
        terms = opened.top(n)
    if as_json:
        found = [{"term": term, "count": count} for term, count in terms]
        console.json({"index": str(index), "terms": found})
        return
    for line in table([(printable(term), integer(count)) for term, count in terms]):
        console.line(line)
