"""`wagidx append`: more captions into an index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wagidx.cli.build import report
from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    json_option,
    memory_option,
    tagger_option,
    threads_option,
)
from wagidx.cli.progress import progress_line

__all__ = ["append"]


@click.command(epilog="Example: wagidx append laion.wagidx more-shards/")
@INDEX
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@tagger_option
@threads_option
@memory_option
@click.option("--skip-unreadable", is_flag=True, help="Skip files that cannot be read.")
@click.option("--fresh", is_flag=True, help="Discard an unfinished append instead of resuming it.")
@json_option
@command_options
def append(
    console: Console, index: Path, sources: tuple[str, ...], as_json: bool, **options: Any
) -> None:
    """Add the captions of SOURCE... to INDEX, with the options INDEX was built with.

    Captions already indexed are not read again, and INDEX can be queried meanwhile. The printed
    statistics are those of the whole index.
    """
    import wagidx

    with progress_line(console) as progress:
        stats = wagidx.append(index, list(sources), progress=progress, **options)
    report(console, index, stats, as_json)
