"""`wagidx balance`: the captions to keep so that frequent concepts do not drown the others."""

from __future__ import annotations

from pathlib import Path

import click

from wagidx.cli.conventions import (
    INDEX,
    Console,
    command_options,
    integer,
    json_option,
    matched,
    opened_output,
    query_options,
)
from wagidx.cli.progress import progress_line
from wagidx.cli.search import relocations

__all__ = ["balance"]

MOST = (1 << 64) - 1


@click.command(
    epilog="Example: wagidx balance laion.wagidx --concepts concepts.csv -o keep.parquet"
)
@INDEX
@click.option(
    "--concepts",
    required=True,
    metavar="FILE|NAME",
    help="Concept list: text, CSV, JSON or Parquet, or clip_benchmark:imagenet1k and the like.",
)
@click.option(
    "--cap",
    default=20_000,
    show_default=True,
    type=click.IntRange(1, MOST),
    help="About how many captions of a frequent concept its own draws keep.",
)
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0, MOST), help="Of the draws."
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Write to this new Parquet file.",
)
@click.option("--no-keys", is_flag=True, help="Write ids only; the sources are not read then.")
@click.option(
    "--sources",
    multiple=True,
    metavar="OLD=NEW",
    callback=relocations,
    help="Sources whose name begins with OLD begin with NEW now; repeatable, the longest OLD "
    "counts.",
)
@query_options
@click.option("--threads", type=click.IntRange(min=1), help="Threads.  [default: CPUs allowed]")
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
        opened_output(output) as partial,
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
    console.note(f"kept {integer(stats.kept)} of {integer(stats.captions)} captions")
