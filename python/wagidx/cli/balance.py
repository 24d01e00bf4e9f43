"""`wagidx balance`: a sample of captions in which frequent concepts do not dominate."""

from __future__ import annotations

from pathlib import Path

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    concepts_option,
    integer,
    json_option,
    matched,
    output_option,
    query_options,
    seed_option,
    sources_option,
    threads_option,
)
from wagidx.cli.progress import progress_line
from wagidx.durable import new_file
from wagidx.printable import printable

__all__ = ["balance"]

MOST = (1 << 64) - 1


@click.command(
    epilog="Example: wagidx balance laion.wagidx --concepts concepts.csv -o keep.parquet"
)
@INDEX
@concepts_option()
@click.option(
    "--cap",
    default=20_000,
    show_default=True,
    type=click.IntRange(1, MOST),
    help="Approximate number of captions that sampling keeps per frequent concept.",
)
@seed_option("Random seed for sampling captions.")
@output_option("Write to this new Parquet file.", required=True)
@click.option("--no-keys", is_flag=True, help="Write ids only, without reading the sources.")
@sources_option
@query_options
@threads_option
@json_option
@command_options
def balance(
    console: Console,
    index: Path,
    concepts: str,
    cap: int,
    seed: int,
    output: Path,
    no_keys: bool,
    sources: dict[str, str],
    pos: str | None,
    match: str,
    missing: str,
    threads: int | None,
    as_json: bool,
) -> None:
    """Sample captions of INDEX as MetaCLIP does: at most about --cap for each concept of a list.

    Each concept samples its captions with probability cap / count, or 1 if the count does not
    exceed the cap. A caption is kept if any of its concepts samples it. Sampling depends only on
    seed, concept and caption id. The result is Parquet with the columns id and key.
    """
    import wagidx

    listed = wagidx.load_concepts(concepts)
    asked = wagidx.ConceptList(listed.names, matched(listed.expressions, match))
    with (
        new_file(output) as partial,
        wagidx.open(index, sources=sources) as opened,
        progress_line(console) as progress,
    ):
        stats = wagidx.balance(
            opened,
            asked,
            partial,
            cap=cap,
            seed=seed,
            keys=not no_keys,
            pos=pos,
            missing=missing,
            threads=threads,
            progress=progress,
        )
    if as_json:
        console.json({"index": str(index), **stats.to_dict(), "output": str(output)})
        return
    kept = f"kept {integer(stats.kept)} of {integer(stats.captions)} captions"
    console.note(f"{printable(str(output))}: {kept}")
