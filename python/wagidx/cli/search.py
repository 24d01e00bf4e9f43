"""`wagidx search`: the captions that hold a concept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    field_option,
    json_option,
    matched,
    query_options,
    sources_option,
)
from wagidx.printable import printable

__all__ = ["search"]


@click.command(epilog='Example: wagidx search laion.wagidx "snow leopard" --limit 3')
@INDEX
@click.argument("concept")
@click.option(
    "--limit", default=10, show_default=True, type=click.IntRange(min=0), help="Maximum results."
)
@field_option
@query_options
@sources_option
@json_option
@command_options
def search(
    console: Console,
    index: Path,
    concept: str,
    limit: int,
    field: str,
    pos: str | None,
    match: str,
    missing: str,
    sources: dict[str, str],
    as_json: bool,
) -> None:
    """Print captions of INDEX that contain CONCEPT: id, text, key and url, with matches marked.

    The text is re-read from the sources unless the index was built with --store-captions; use
    --sources if they have moved.
    """
    import wagidx

    with wagidx.open(index, sources=sources) as opened:
        (asked,) = matched([concept], match)
        found = opened.captions(asked, limit=limit, field=field, pos=pos, missing=missing)
        spans = [opened.spans(one.text, asked) if one.text else [] for one in found]
    if as_json:
        captions = [
            {"id": one.id, "text": one.text, "key": one.key, "url": one.url, "spans": where}
            for one, where in zip(found, spans, strict=True)
        ]
        console.json({"index": str(index), "concept": concept, "captions": captions})
        return
    width = max((len(str(one.id)) for one in found), default=0)
    for one, where in zip(found, spans, strict=True):
        console.line(f"{one.id:>{width}}  {marked(console, one.text or '', where)}")
        aside = "  ".join(printable(part) for part in (one.key, one.url) if part)
        if aside:
            console.line(" " * (width + 2) + console.faint(aside))
    if not found and limit:
        console.note(f"no caption holds {printable(repr(concept))}; 'wagidx explain' says why")


def marked(console: Console, text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Text made safe for the terminal, with what matched marked: in colour, else in [brackets]."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if start < at:  # two terms of one token share its span
            continue
        word = printable(text[start:end])
        parts += [printable(text[at:start]), console.bold(word) if console.color else f"[{word}]"]
        at = end
    return "".join([*parts, printable(text[at:])])
