"""How far a build is, and the bar that shows it in a notebook.

The library prints nothing by itself. A notebook is the one place where nobody else can show that a
long cell is at work, so there, and only there, a bar appears without being asked for.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wagidx._optional import install_hint, require

__all__ = ["Progress", "Report", "in_notebook", "reporting"]

_EXTRA = "notebook"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a build is; handed to the progress callable about ten times a second.

    Attributes
    ----------
    phase : str
        ``"read"``, ``"verify"`` (of indexes to be merged) or ``"merge"``.
    rows : int
        Rows read so far, those of resumed units included.
    total : int or None
        All rows, where the sources tell without being read.
    seconds : float
        Since the build began.
    """

    phase: str
    rows: int
    total: int | None
    seconds: float


Report = Callable[[Progress], object]
"""What takes a `Progress`; what it returns is not looked at."""


@contextlib.contextmanager
def reporting(progress: Report | bool | None) -> Iterator[Report | None]:
    """What a build calls with its `Progress`, or None for silence; a bar is closed at the end.

    Parameters
    ----------
    progress : callable, bool or None
        A callable is taken as it is. None is a bar in a notebook and silence elsewhere, True a bar
        anywhere, False silence.

    Raises
    ------
    TypeError
        It is none of these.
    ModuleNotFoundError
        True without tqdm; the message names the extra.
    """
    if callable(progress):
        yield progress
    elif progress not in (None, True, False):
        kind = type(progress).__name__
        raise TypeError(f"progress must be None, True, False or a callable, not {kind}")
    elif progress or (progress is None and in_notebook()):
        with contextlib.closing(_Bar(asked=bool(progress))) as bar:
            yield bar.show
    else:
        yield None


def in_notebook() -> bool:
    """Whether this runs in a kernel of a notebook; what is not imported yet is not imported."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and "IPKernelApp" in shell.config


class _Bar:
    """A bar of tqdm, made at the first report: what a resumed build finds done is no speed."""

    def __init__(self, asked: bool) -> None:
        self._bar: Any = None
        try:
            self._make: Callable[..., Any] | None = require("tqdm.auto", extra=_EXTRA).tqdm
        except ModuleNotFoundError:
            if asked:
                raise
            self._make = None
            _log.info("no progress bar without tqdm: %s", install_hint(_EXTRA))

    def show(self, progress: Progress) -> None:
        """Move the bar."""
        if self._make is None:
            return
        if self._bar is None:
            self._bar = self._make(
                total=progress.total, initial=progress.rows, unit=" captions", unit_scale=True
            )
        self._bar.set_description(progress.phase, refresh=False)
        self._bar.update(progress.rows - self._bar.n)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()
