"""Ctrl-C and SIGTERM while a command runs: both unwind it, so that no half-written file is left.

Neither is lost on the way. Some libraries make another exception of what is raised while they load,
and what is raised in a finaliser goes no further.
"""

from __future__ import annotations

import _thread
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["Terminated", "signals_raise"]

_AGAIN_SECONDS = 0.01


class Terminated(BaseException):
    """SIGTERM arrived; not an `Exception`, so that nothing on the way swallows it."""


_RAISED = {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: Terminated}


class _Signals:
    """What a signal does, and which was the last."""

    def __init__(self) -> None:
        self.last: signal.Signals | None = None
        self.hook = sys.unraisablehook

    def arrives(self, signum: int, frame: object) -> NoReturn:
        self.last = signal.Signals(signum)
        raise _RAISED[self.last]

    def goes_no_further(self, ignored: UnraisableHookArgs) -> None:
        """The hook for what cannot be raised: the signal comes once more, after the finaliser."""
        if isinstance(ignored.exc_value, tuple(_RAISED.values())):
            again = threading.Timer(_AGAIN_SECONDS, _thread.interrupt_main, [self.last])
            again.daemon = True
            again.start()
        else:
            self.hook(ignored)


@contextlib.contextmanager
def signals_raise() -> Iterator[None]:
    """Raise `KeyboardInterrupt` on Ctrl-C and `Terminated` on SIGTERM, whatever becomes of them.

    A signal that whoever started us ignores stays ignored, and outside the main thread, which alone
    may take signals, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = _Signals()
    taken = [one for one in _RAISED if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, signals.arrives) for one in taken}
    sys.unraisablehook = signals.goes_no_further
    try:
        yield
    except BaseException as error:
        if signals.last is None:
            raise
        raise _RAISED[signals.last] from error
    finally:
        sys.unraisablehook = signals.hook
        for one, handler in before.items():
            signal.signal(one, handler)
