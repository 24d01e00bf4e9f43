"""`wagidx merge`: several indexes into one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wagidx.cli.build import report
from wagidx.cli.conventions import (
    Console,
    command_options,
    json_option,
    memory_option,
    threads_option,
)
from wagidx.cli.progress import progress_line

__all__ = ["merge"]


@click.command(epilog="Example: wagidx merge first.wagidx second.wagidx -o both.wagidx")
@click.argument(
    "indexes", metavar="INDEX...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("-o", "--output", required=True, metavar="INDEX", help="Folder of the new index.")
@threads_option
@memory_option
@click.option("--fresh", is_flag=True, help="Replace an existing output index, once complete.")
@json_option
@command_options
def merge(
    console: Console, indexes: tuple[Path, ...], output: str, as_json: bool, **options: Any
) -> None:
    """Merge indexes into one, concatenating their rows in order.

    No source is read again. A single INDEX that was appended to is compacted into one segment;
    with --fresh, `-o` may name that INDEX.
    """
    import wagidx

    with progress_line(console) as progress:
        stats = wagidx.merge(list(indexes), output, progress=progress, **options)
    report(console, output, stats, as_json)
