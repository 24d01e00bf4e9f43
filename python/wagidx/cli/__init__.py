"""The command line: `wagidx COMMAND`, one module a command, what they share in `conventions`.

A command reads its arguments, calls the Python API and prints what comes back; it computes nothing
itself. What only one command needs is imported inside it.

Nothing is imported here before `run` has taken Ctrl-C: modules take longer to load than many a
command to answer.
"""

import os

TYPE_CHECKING = False

if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

    from wagidx.cli.program import main

__all__ = ["main", "run"]

INTERRUPTED = 130


def run() -> None:
    """The program as it is installed, in a process of its own.

    Before the commands are there and after they are done, Ctrl-C ends the process on the spot:
    there is nothing to take away, and an exception could be raised in the midst of any import, or
    while the interpreter goes, where no one catches it.
    """
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _leave)
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    from wagidx.cli.program import start

    start()


def _leave(signum: int, frame: "FrameType | None") -> "NoReturn":
    try:
        os.write(2, b"\n")  # as click does: the terminal has shown ^C
    finally:
        os._exit(INTERRUPTED)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name != "main":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from wagidx.cli.program import main

        globals()["main"] = main
        return main
