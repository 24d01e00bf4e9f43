"""How far a build is, on stderr: one moving line on a terminal, else a line each half minute."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wagidx.cli.conventions import Console, integer

if TYPE_CHECKING:
    from wagidx import Progress

__all__ = ["described", "progress_line"]

TERMINAL_SECONDS = 0.2
LOG_SECONDS = 30.0
CLEAR = "\r\x1b[K"


@contextlib.contextmanager
def progress_line(console: Console) -> Iterator[Callable[[Progress], None] | bool]:
    """A callable for `wagidx.build(progress=...)`; the moving line is gone afterwards.

    With `--quiet` it is False, which keeps the build silent.
    """
    if console.quiet:
        yield False
        return
    terminal = sys.stderr.isatty()
    pause = TERMINAL_SECONDS if terminal else LOG_SECONDS
    last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < pause:
            return
        last = now
        line = described(progress)
        sys.stderr.write(f"{CLEAR}{line}" if terminal else f"{line}\n")
        sys.stderr.flush()

    try:
        yield show
    finally:
        if terminal:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()


def described(progress: Progress) -> str:
    """One line: phase, rows, captions a second, and the time left where the total is known."""
    if progress.phase == "merge":
        return f"{progress.phase}: {integer(progress.rows)} rows, {_clock(progress.seconds)}"
    rate = progress.rows / progress.seconds if progress.seconds > 0 else 0.0
    of = "" if progress.total is None else f" of {integer(progress.total)}"
    line = f"{progress.phase} {integer(progress.rows)}{of} captions, {integer(round(rate))}/s"
    if progress.total is None or rate == 0:
        return line
    return f"{line}, ETA {_clock(max(0, progress.total - progress.rows) / rate)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
