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
    printable,
    size,
    table,
)

__all__ = ["info"]


@click.command(epilog="Example: wagidx info laion.wagidx")
@INDEX
@json_option
@command_options
def info(console: Console, index: Path, as_json: bool) -> None:
    """Print what INDEX contains, how it was analyzed and what it was built from."""
    import wagidx

    with wagidx.open(index) as opened:
        known = opened.info | {"skipped": opened.skipped}
    if as_json:
        console.json(known)
        return
    console.line(printable(str(index)))
    for line in table(list(_rows(known))):
        console.line(printable(f"  {line}"))
    for source in known["skipped"]:
        console.line(printable(f"  skipped: {source['reason']}"))
    if console.verbose:
        for file in known["files"]:
            rest = ", ".join(f"{name} {value}" for name, value in file.items() if name != "file")
            console.line(printable(f"  {file['file']}: {rest}"))


def _rows(known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "format version", str(known["version"])
    yield "built by wagidx", str(known["library"])
    yield "analyzer", str(known["analyzer"]["tier"])
    yield "case", str(known["analyzer"]["case"])
    yield "CJK bigrams", _yes(known["analyzer"]["cjk_bigrams"])
    yield "positions", _yes(known["options"]["positions"])
    yield "readings", _yes(known["analyzer"]["readings"])
    for name, value in known["stats"].items():
        if isinstance(value, int) and not name.endswith("bytes"):
            yield name.replace("_", " "), integer(value)
    yield "segments", integer(len(known["segments"]))
    yield "files", integer(len(known["files"]))
    yield "size", size(known["bytes"])


def _yes(value: object) -> str:
    return "yes" if value else "no"
