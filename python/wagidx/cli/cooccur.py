"""`wagidx cooccur`: in how many captions do two concepts of a list occur together?"""

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
    threads_option,
)
from wagidx.cli.progress import progress_line
from wagidx.durable import new_file
from wagidx.printable import printable

__all__ = ["cooccur"]


@click.command(
    epilog="Example: wagidx cooccur laion.wagidx --concepts concepts.csv -o cooccurrence.npz"
)
@INDEX
@concepts_option()
@output_option("Write to this new file.", required=True)
@query_options
@threads_option
@json_option
@command_options
def cooccur(
    console: Console,
    index: Path,
    concepts: str,
    output: Path,
    pos: str | None,
    match: str,
    missing: str,
    threads: int | None,
    as_json: bool,
) -> None:
    """Count, for each pair of concepts in a list, the captions of INDEX that contain both.

    The result is a symmetric sparse matrix with the concepts' own counts on the diagonal, in the
    .npz format of scipy.sparse.load_npz, plus the names as `concepts`. Needs scipy.
    """
    import wagidx

    listed = wagidx.load_concepts(concepts)
    asked = wagidx.ConceptList(listed.names, matched(listed.expressions, match))
    with new_file(output) as partial, wagidx.open(index) as opened:
        with progress_line(console) as progress:
            matrix = opened.cooccurrences(
                asked, pos=pos, missing=missing, threads=threads, progress=progress
            )
        wagidx.save_cooccurrences(partial, matrix, listed.names)
    pairs = (int(matrix.nnz) - int((matrix.diagonal() > 0).sum())) // 2
    if as_json:
        found = {"index": str(index), "concepts": len(listed), "pairs": pairs}
        console.json(found | {"output": str(output)})
        return
    number = "1 pair" if pairs == 1 else f"{integer(pairs)} pairs"
    shared = f"{number} of {integer(len(listed))} concepts sharing a caption"
    console.note(f"{printable(str(output))}: {shared}")
