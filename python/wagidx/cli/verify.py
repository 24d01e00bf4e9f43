"""`wagidx verify`: is an index what was written?"""

from __future__ import annotations

from pathlib import Path

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    json_option,
    threads_option,
)
from wagidx.printable import printable

__all__ = ["verify"]


@click.command(epilog="Example: wagidx verify laion.wagidx --deep")
@INDEX
@click.option("--deep", is_flag=True, help="Also decode and check every posting list.")
@threads_option
@json_option
@command_options
def verify(console: Console, index: Path, deep: bool, threads: int | None, as_json: bool) -> None:
    """Read all of INDEX and verify every checksum; exit with 1 if one does not match."""
    import wagidx

    with wagidx.open(index) as opened:
        opened.verify(deep=deep, threads=threads)
    if as_json:
        console.json({"index": str(index), "deep": deep, "sound": True})
    else:
        console.line(f"{printable(str(index))}: sound")
