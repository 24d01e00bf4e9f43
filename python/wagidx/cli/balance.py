"""`wagidx balance`: the captions to keep so that frequent concepts do not drown the others."""

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
    help="About how many captions of a frequent concept its own draws keep.",
)
@seed_option("Of the draws.")
@output_option("Write to this new Parquet file.", required=True)
@click.option("--no-keys", is_flag=True, help="Write ids only; the sources are not read then.")
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
    """Choose captions of INDEX as MetaCLIP does: at most about --cap by each concept of a list.

    A caption is kept if any concept it holds draws it, each with probability cap / count, or 1
    where the count is not above the cap. The draws follow from seed, concept and caption id alone.
    The result is Parquet with the columns id and key.
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
