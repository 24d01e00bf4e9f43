"""What all commands share: their common options, and how results and notes are printed.

Results go to stdout, everything else to stderr. Text that came from a caption is never printed as
it is: a control character in it could take over the terminal.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wagidx.durable import refuse_taken
from wagidx.memory import memory_bound
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx.asking.expressions import Expression

__all__ = [
    "INDEX",
    "Console",
    "columns",
    "command_options",
    "concepts_option",
    "console",
    "draws_option",
    "estimate",
    "field_option",
    "integer",
    "json_option",
    "matched",
    "memory_option",
    "output_option",
    "query_options",
    "seed_option",
    "size",
    "sources_option",
    "span",
    "stdout_named",
    "table",
    "tagger_option",
    "threads_option",
    "version_option",
]

F = TypeVar("F", bound=Callable[..., Any])

INDEX = click.argument("index", type=click.Path(path_type=Path))
"""The folder of an index, as every command that asks one takes it."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def output_option(
    help: str, *, folder: bool = False, required: bool = False, metavar: str = "PATH"
) -> Callable[[F], F]:
    """`-o` of a command that writes something new: a taken name is refused before any work."""

    def checked(_: click.Context, __: click.Parameter, name: str | None) -> Path | None:
        if name is None:
            return None
        if name in ("", "-"):
            raise click.BadParameter(f"{name!r} is no name; leave -o out to print on stdout")
        refuse_taken(Path(name), folder=folder)
        return Path(name)

    return click.option(
        *("-o", "--output"),
        required=required,
        metavar=metavar,
        callback=checked,
        help=help,
    )


def _memory(_: click.Context, __: click.Parameter, size: str | None) -> str | None:
    try:
        memory_bound(size)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return size


memory_option = click.option(
    "--memory",
    metavar="SIZE",
    callback=_memory,
    help="Memory limit, such as 1GiB or 512MiB.  [default: 2GiB, or half of what is allowed]",
)

SEEDS = (1 << 64) - 1


def seed_option(
    help: str = "Random seed; the same seed gives the same results.",
) -> Callable[[F], F]:
    """`--seed`, which makes random results reproducible."""
    return click.option(
        "--seed", default=0, show_default=True, type=click.IntRange(0, SEEDS), help=help
    )


def draws_option(default: int) -> Callable[[F], F]:
    """`--draws`: the number of bootstrap resamples per confidence interval."""
    return click.option(
        "--draws",
        default=default,
        show_default=True,
        type=click.IntRange(min=1),
        help="Bootstrap resamples of concept names per confidence interval.",
    )


threads_option = click.option(
    "--threads", type=click.IntRange(min=1), help="Number of threads.  [default: CPUs allowed]"
)

field_option = click.option(
    "--field",
    type=click.Choice(["text", "image", "joint"]),
    default="text",
    show_default=True,
    help="Field to search; an index of captions has only text.",
)

tagger_option = click.option(
    "--tagger",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Tagger file from 'wagidx distil', used to identify nouns.  [default: the shipped tagger]",
)


def concepts_option(name: str = "concepts", required: bool = True) -> Callable[[F], F]:
    """`--concepts`, which the function gets as `name`."""
    return click.option(
        "--concepts",
        name,
        required=required,
        metavar="FILE|NAME",
        help="Concept list: a text, CSV, JSON or Parquet file, or a name such as "
        "clip_benchmark:imagenet1k.",
    )


def _relocations(
    ctx: click.Context, param: click.Parameter, values: Sequence[str]
) -> dict[str, str]:
    """`--sources OLD=NEW`, each given once; what follows the first `=` is NEW."""
    found: dict[str, str] = {}
    for value in values:
        old, equals, new = value.partition("=")
        if not (old and equals and new):
            raise click.BadParameter(
                f"{value!r} is not OLD=NEW: the start of source names in the index, and what "
                "replaces it",
                ctx,
                param,
            )
        if found.setdefault(old, new) != new:
            raise click.BadParameter(
                f"{old!r} cannot have moved to both {found[old]!r} and {new!r}", ctx, param
            )
    return found


sources_option = click.option(
    "--sources",
    multiple=True,
    metavar="OLD=NEW",
    callback=_relocations,
    help="Replace OLD at the start of source names with NEW; repeatable, the longest matching OLD "
    "applies.",
)


@dataclass(frozen=True)
class Console:
    """Where a command prints, and how loud and colourful it may be."""

    quiet: bool
    verbose: bool
    color: bool
    terminal: bool
    """Whether stdout is a terminal, so that someone is there to read a note."""

    def line(self, text: str = "") -> None:
        """One line of the result."""
        self.text(text + "\n")

    def text(self, whole: str) -> None:
        """A result of many lines, each with its end."""
        with stdout_named():
            sys.stdout.write(whole)

    def json(self, value: Any) -> None:
        """The result as one JSON object."""
        self.text(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")

    def note(self, text: str) -> None:
        """Something worth knowing that is not the result."""
        if not self.quiet:
            print(text, file=sys.stderr)

    def wrote(self, path: Path) -> None:
        """A note that a file or folder is there now."""
        self.note(f"{printable(str(path))}: written")

    def detail(self, text: str) -> None:
        """Something only `--verbose` asks for."""
        if self.verbose:
            print(text, file=sys.stderr)

    def bold(self, text: str) -> str:
        """Text that stands out, where colour is wanted."""
        return click.style(text, fg="red", bold=True) if self.color else text

    def faint(self, text: str) -> str:
        """Text that steps back, where colour is wanted."""
        return click.style(text, dim=True) if self.color else text


@contextlib.contextmanager
def stdout_named() -> Iterator[None]:
    """Errors of the system while stdout is written say that it was stdout."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, "stdout") from error


def _plain(value: Any) -> Any:
    """numpy numbers and paths, for JSON."""
    if hasattr(value, "item"):
        return value.item()
    return os.fspath(value)


def command_options(function: F) -> F:
    """The options every command takes; the function gets a `Console` as its first argument."""

    @functools.wraps(function)
    def with_console(*args: Any, quiet: bool, verbose: bool, color: str, **kwargs: Any) -> Any:
        if quiet and verbose:
            raise click.UsageError("--quiet and --verbose exclude each other")
        with _logged(verbose):
            return function(console(quiet, verbose, color), *args, **kwargs)

    options = (
        click.option("-q", "--quiet", is_flag=True, help="Print no notes and no progress."),
        click.option("-v", "--verbose", is_flag=True, help="Print more detail to stderr."),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            help="Colour the output; NO_COLOR is respected.",
        ),
        version_option,
    )
    wrapped: Any = with_console
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def version_option(function: F) -> F:
    """`--version`."""

    def show(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            from wagidx import __version__

            click.echo(f"wagidx {__version__}")
            ctx.exit()

    option = click.option(
        "--version",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=show,
        help="Show the version and exit.",
    )
    return option(function)


@contextlib.contextmanager
def _logged(verbose: bool) -> Iterator[None]:
    """Show what the library logs: warnings always, the rest with `--verbose`."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("wagidx: %(message)s"))
    logger = logging.getLogger("wagidx")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def console(quiet: bool, verbose: bool, color: str) -> Console:
    """A console over the present stdout; `color` is auto, always or never."""
    terminal = sys.stdout.isatty()
    wanted = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Console(quiet, verbose, wanted if color == "auto" else color == "always", terminal)


def query_options(function: F) -> F:
    """The options of every command that counts: `pos`, `match` and `missing`."""

    @functools.wraps(function)
    def checked(*args: Any, match: str, missing: str, **kwargs: Any) -> Any:
        if match == "phrase" and missing == "ignore":
            raise click.UsageError(
                "--match phrase and --missing ignore exclude each other: a phrase needs all its "
                "words"
            )
        return function(*args, match=match, missing=missing, **kwargs)

    match = click.option(
        "--match",
        type=click.Choice(["all", "phrase"]),
        default="all",
        show_default=True,
        help="Match captions with all words of a concept in any order, or with the words adjacent, "
        "as a phrase, which needs an index built with --positions.",
    )
    pos = click.option(
        "--pos",
        type=click.Choice(["head", "noun", "any"]),
        help="Parts of speech that count: last word as a noun (head), all words as nouns (noun), "
        "or any; head and noun need an index with readings.  [default: head if the index has "
        "readings, else any]",
    )
    missing = click.option(
        "--missing",
        type=click.Choice(["zero", "ignore"]),
        default="zero",
        show_default=True,
        help="A term that is not in the index makes the count zero, or is ignored.",
    )
    options: Any = checked
    for option in (missing, match, pos):
        options = option(options)
    return options  # type: ignore[no-any-return]


def matched(expressions: Iterable[str | Expression], match: str) -> list[str | Expression]:
    """What `--match` makes of concepts, the synonyms of a list's rows included."""
    from wagidx.asking.expressions import as_phrases

    return [as_phrases(one) if match == "phrase" else one for one in expressions]


def integer(number: int) -> str:
    """A count with its thousands apart: 1,234,567."""
    return f"{int(number):,}"


def span(ends: tuple[float, float] | None, form: str = ".3f") -> str:
    """Both ends of an interval: 0.511 to 0.602."""
    return "-" if ends is None else f"{ends[0]:{form}} to {ends[1]:{form}}"


def estimate(value: float | None, ends: tuple[float, float] | None, form: str = ".3f") -> str:
    """A value with its interval: 0.560 (0.511 to 0.602)."""
    if value is None:
        return "not defined"
    return f"{value:{form}}" + ("" if ends is None else f" ({span(ends, form)})")


def size(number: int) -> str:
    """Bytes in the unit a person would use: 1.2 GiB."""
    amount = float(number)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


def table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Names to the left and numbers aligned to the right, two spaces apart.

    Widths are those a terminal shows: a wide letter takes two columns and an accent none.
    """
    left = max((_width(name) for name, _ in rows), default=0)
    right = max((_width(number) for _, number in rows), default=0)
    for name, number in rows:
        gap = left - _width(name) + 2 + right - _width(number)
        yield f"{name}{' ' * gap}{number}"


def columns(rows: Sequence[Sequence[str]], *, left: int = 1, indent: str = "") -> Iterator[str]:
    """Rows as columns two spaces apart, the first `left` aligned to the left, others to the right.

    What cannot be seen is shown as by `printable`.
    """
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths)]
        cells = (
            cell + gap if i < left else gap + cell for i, (cell, gap) in enumerate(zip(row, gaps))
        )
        yield (indent + "  ".join(cells)).rstrip()


def _width(text: str) -> int:
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
