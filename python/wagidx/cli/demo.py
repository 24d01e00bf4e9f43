"""`wagidx demo`: a tour on the captions that ship with wagidx, each command shown as it is run.

It ends with a fit of made-up scores, in which a slope was planted, to the counts, and a report.
"""

from __future__ import annotations

import shlex
import shutil
import tempfile
from pathlib import Path
from typing import cast

import click

from wagidx.cli.conventions import Console, command_options

__all__ = ["demo"]

SHARDS = 4

FITTED = ("demo-scores.csv", "demo-counts.csv", "demo-fit", "demo-report.html")
"""What the fit and the report read and make."""


@click.command(epilog="Example: wagidx demo tour/")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@command_options
def demo(console: Console, folder: Path | None) -> None:
    """Index the captions that ship with wagidx, query them, and fit scores to the counts.

    The scores are simulated, with a planted slope of 15 points per tenfold frequency. The fit and
    the report need the extra 'fit'; without it, the tour stops before them and says so.

    Output stays in DIR; without DIR it goes to a temporary folder and is deleted.
    """
    ctx = click.get_current_context()
    if folder is not None:
        if folder.exists() and not folder.is_dir():
            raise FileExistsError(f"{folder}: exists and is not a folder; choose another name")
        folder.mkdir(parents=True, exist_ok=True)
        tour(console, ctx, folder)
        return
    with tempfile.TemporaryDirectory(prefix="wagidx-demo-") as made:
        tour(console, ctx, Path(made))


def tour(console: Console, ctx: click.Context, folder: Path) -> None:
    """Write shards, build, count, explain, search, fit, report."""
    from wagidx import data

    shards, index = folder / "shards", folder / "demo.wagidx"
    for made in (shards, index, *(folder / name for name in FITTED)):
        if made.exists():
            raise FileExistsError(f"{made}: already exists; choose another folder")
    write_shards(data.captions_path(), shards)
    console.line(f"{SHARDS} Parquet shards of captions are in {shards}")
    steps: tuple[tuple[str, ...], ...] = (
        ("build", str(shards), "-o", str(index)),
        ("count", str(index), "golden retriever", "dog", "dogs", "snow leopard"),
        ("count", str(index), "--concepts", str(data.concepts_path())),
        ("explain", str(index), "golden retrievers"),
        ("search", str(index), "golden retriever", "--limit", "3"),
    )
    walk(console, ctx, steps)
    if lacking := lacks_fit():
        console.line()
        console.line(f"The tour stops before the fit and the report: {lacking}")
        return
    walk(console, ctx, fit_steps(folder, index))


def fit_steps(folder: Path, index: Path) -> tuple[tuple[str, ...], ...]:
    """Count the concepts that have a made-up score, fit the scores, write a report on both."""
    from wagidx import data

    concepts = str(data.concepts_path())
    scores, counts, fitted, page = (str(folder / name) for name in FITTED)
    shutil.copyfile(data.scores_path(), scores)
    return (
        ("count", str(index), "--concepts", concepts, "-o", counts),
        ("fit", "--frequencies", counts, "--performance", scores, "-o", fitted),
        ("report", str(index), "--concepts", concepts, "--performance", scores, "-o", page),
    )


def lacks_fit() -> str | None:
    """Which package of the extra `fit` is not installed and how to have it, or None."""
    from wagidx._optional import require

    try:
        for module in ("scipy", "matplotlib"):
            require(module, extra="fit")
    except ModuleNotFoundError as error:
        return str(error)
    return None


def walk(console: Console, ctx: click.Context, steps: tuple[tuple[str, ...], ...]) -> None:
    """Show each command and run it."""
    for step in steps:
        console.line()
        console.line(console.bold(f"$ wagidx {shlex.join(step)}"))
        step_on(ctx, (*step, *asked(ctx)))


def asked(ctx: click.Context) -> tuple[str, ...]:
    """How loud and colourful the tour was asked to be, for each of its commands."""
    loud = tuple(f"--{name}" for name in ("quiet", "verbose") if ctx.params[name])
    return ("--color", ctx.params["color"], *loud)


def step_on(ctx: click.Context, step: tuple[str, ...]) -> None:
    """Run another command of the program, with the arguments a shell would give it."""
    program = cast(click.Group, click.get_current_context().find_root().command)
    command = program.commands[step[0]]
    with command.make_context(step[0], list(step[1:]), parent=ctx.parent) as inner:
        command.invoke(inner)


def write_shards(captions: Path, shards: Path) -> None:
    """The shipped captions as Parquet files, cut into equal parts in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    header, *lines = captions.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    cells = zip(*(line.split("\t") for line in lines), strict=True)
    names = header.split("\t")
    whole = pa.table(dict(zip(names, (list(column) for column in cells), strict=True)))
    shards.mkdir()
    each = -(-len(whole) // SHARDS)
    for number in range(SHARDS):
        part = whole.slice(number * each, each)
        pq.write_table(part, shards / f"part-{number:05}.parquet")
