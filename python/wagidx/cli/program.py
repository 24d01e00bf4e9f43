"""The program `wagidx`: its commands, and how every one of them ends.

A run ends with 0, with 1 where the data failed, with 2 on wrong usage, with 130 on Ctrl-C and 143
on SIGTERM, and an error is one line on stderr. Click would print three lines and a hint, so the
group takes click's exceptions and prints them itself.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.abc import MetaPathFinder
from typing import Any, NoReturn

import click

from wagidx.cli import INTERRUPTED
from wagidx.cli.conventions import stdout_named, version_option
from wagidx.cli.signals import Terminated, signals_raise
from wagidx.printable import printable

__all__ = ["main", "start"]

FAILED = 1
USAGE = 2
TERMINATED = 143


class ClosedPipe(BaseException):
    """Whoever read stdout has read enough. Click would make exit code 1 of a `BrokenPipeError`."""


class Program(click.Group):
    """A group that turns whatever happens into an exit code and at most one line."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and exit; takes what `click.Command.main` takes."""
        kwargs["standalone_mode"] = False
        if sys.stdout is None:  # as Python says that there is no such file
            print(
                "wagidx: error: stdout is closed; point it at a file or /dev/null", file=sys.stderr
            )
            sys.exit(FAILED)
        _forgive_encodings()
        try:
            with signals_raise():
                code = super().main(*args, **kwargs)
                with stdout_named():
                    sys.stdout.flush()
        except BaseException as error:
            code = _end(error)
        sys.exit(code if isinstance(code, int) else 0)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """As click's; `--help` and `--version` print here."""
        with _pipe_watched(), stdout_named():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """As click's; the commands print here."""
        with _pipe_watched():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a reader meets them, not that of the alphabet."""
        return list(self.commands)


class Commands(Mapping[str, click.Command]):
    """Commands by name, each loaded from the module of its name when it is asked for."""

    NAMES = (
        *("build", "append", "merge", "verify", "info"),
        *("count", "explain", "search", "top"),
        *("cooccur", "balance", "distil", "rules"),
        *("tail", "correlate", "fit", "reproduce", "report"),
        *("demo", "completion"),
    )

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.NAMES:
            raise KeyError(name)
        command: click.Command = getattr(import_module(f"wagidx.cli.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self.NAMES)

    def __len__(self) -> int:
        return len(self.NAMES)


@click.group(
    cls=Program,
    name="wagidx",
    commands=Commands(),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: wagidx build shards/ -o laion.wagidx",
)
@version_option
@click.pass_context
def main(ctx: click.Context) -> None:
    """How often does a concept occur in hundreds of millions of captions?

    Build an index once, then query it.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


class NoPandas(MetaPathFinder):
    """Hides pandas from pyarrow, which imports it, where it is installed, at the first array made
    of Python's values or numpy's. That takes a second and 50 MB, and no command needs it."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        """As `importlib` asks."""
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not used by the program wagidx", name=fullname)


def start() -> None:
    """`main` in a process of its own.

    numpy's matrices are small here: threads for them wait for each other, and took ten times the
    time of one. Says nothing of the threads of an index.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.meta_path.insert(0, NoPandas())
    main(prog_name="wagidx")


def _end(error: BaseException) -> int:
    """Say what happened, if it is worth a line, and return the exit code."""
    if isinstance(error, (ClosedPipe, BrokenPipeError)):
        _silence_stdout()
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else FAILED
    code, message = _verdict(error)
    if os.environ.get("WAGIDX_DEBUG") == "1":
        traceback.print_exception(error)
    if message:
        with contextlib.suppress(OSError):
            print(f"wagidx: error: {message}", file=sys.stderr)
    with contextlib.suppress(OSError):
        return code if _flushed() else FAILED
    return code


def _verdict(error: BaseException) -> tuple[int, str]:
    """Exit code and message of an error; no message where the user asked for the end."""
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return INTERRUPTED, ""
    if isinstance(error, Terminated):
        return TERMINATED, ""
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "wagidx"
        return USAGE, f"{_one_line(error.format_message())} (see '{command} --help')"
    if isinstance(error, click.ClickException):
        return FAILED, _one_line(error.format_message())
    if isinstance(error, OSError):
        return _os_verdict(error)
    if _is_ours(error) or isinstance(error, ImportError):
        return FAILED, _one_line(str(error))
    if isinstance(error, ValueError):
        return USAGE, _one_line(str(error))
    if isinstance(error, MemoryError):
        return FAILED, "out of memory: give less work at once, or a smaller --memory"
    kind = type(error).__name__
    hint = "set WAGIDX_DEBUG=1 for the traceback and report it"
    return FAILED, f"internal error: {kind}: {_one_line(str(error))} ({hint})"


def _os_verdict(error: OSError) -> tuple[int, str]:
    code = USAGE if isinstance(error, FileExistsError) else FAILED
    if error.strerror is None:
        return code, _one_line(str(error))
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    return code, _one_line(f"{where}{error.strerror}")


def _is_ours(error: BaseException) -> bool:
    from wagidx.exceptions import WagidxError

    return isinstance(error, WagidxError)


def _one_line(message: str) -> str:
    return printable(" ".join(message.split())).rstrip(".") or "no reason was given"


def _flushed() -> bool:
    try:
        sys.stdout.flush()
    except OSError:
        _silence_stdout()
        return False
    return True


def _silence_stdout() -> None:
    """Point stdout at nothing: the interpreter flushes it once more while it shuts down."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _forgive_encodings() -> None:
    """A terminal that cannot show a letter shows its code, rather than ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def _pipe_watched() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipe from error
