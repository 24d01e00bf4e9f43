"""`wagidx info`: what an index is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    integer,
    json_option,
    size,
    table,
)
from wagidx.printable import printable

__all__ = ["info"]


@click.command(epilog="Example: wagidx info laion.wagidx")
@INDEX
@json_option
@command_options
def info(console: Console, index: Path, as_json: bool) -> None:
    """Print what INDEX contains, how it was analyzed and what it was built from."""
    import wagidx

    with wagidx.open(index) as opened:
        known = opened.info | {"skipped": opened.skipped, "sources": opened.sources}
    if as_json:
        console.json(known)
        return
    console.line(printable(str(index)))
    for line in table(list(_rows(known))):
        console.line(printable(f"  {line}"))
    for source in known["skipped"]:
        console.line(printable(f"  skipped: {source['reason']}"))
    if console.verbose:
        for source in known["sources"]:
            console.line(printable(f"  {_source_line(source)}"))
        for file in known["files"]:
            rest = ", ".join(f"{name} {value}" for name, value in file.items() if name != "file")
            console.line(printable(f"  {file['file']}: {rest}"))


def _source_line(source: dict[str, Any]) -> str:
    named = [f"{name} {source[name]}" for name in ("caption", "key", "url") if source[name]]
    rows = f"{integer(source['rows'])} rows"
    return f"{source['name']}: {', '.join([source['format'], rows, *named])}"


def _rows(known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "format version", str(known["version"])
    yield "built by wagidx", str(known["library"])
    yield "analyzer", str(known["analyzer"]["tier"])
    yield "case", str(known["analyzer"]["case"])
    yield "CJK bigrams", _yes(known["analyzer"]["cjk_bigrams"])
    if known["analyzer"]["tagger"] is not None:
        yield "tagger", str(known["analyzer"]["tagger"])
    for filter in known["options"].get("filters", ()):
        yield "filter", str(filter)
    kept = [name for name in ("captions", "keys") if known["options"][f"store_{name}"]]
    yield "kept in the index", ", ".join(kept) or "neither captions nor keys"
    yield "positions", _yes(known["options"]["positions"])
    yield "readings", _yes(known["analyzer"]["readings"])
    for name, value in known["stats"].items():
        if isinstance(value, int) and not name.endswith("bytes"):
            yield name.replace("_", " "), integer(value)
    yield "sources", integer(len(known["sources"]))
    yield "segments", integer(len(known["segments"]))
    yield "files", integer(len(known["files"]))
    yield "size", size(known["bytes"])


def _yes(value: object) -> str:
    return "yes" if value else "no"
