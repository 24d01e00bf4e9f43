"""Calls made in processes of their own, for work that holds the interpreter's lock.

Such a process is a program of its own, ``python -c "from wagidx.processes import serve; ..."``, and
not a child of `multiprocessing`, which would run the user's script anew to make one. It ends with
its connection, so however the process that started it ends, none is left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from wagidx.exceptions import FitError, SourceError, WagidxError
from wagidx.threads import thread_count

__all__ = ["Process", "Processes", "serve"]

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from wagidx.processes import serve; serve(int(sys.argv[1]))"
)
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}

T = TypeVar("T")


class Process:
    """A process that makes one call at a time.

    Parameters
    ----------
    purpose : str
        What it is for, for the message where it ends too early.
    """

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self.connection, other = Pipe()
        command = [sys.executable, "-c", _PROGRAM, str(other.fileno()), *sys.path]
        quiet = None if os.environ.get("WAGIDX_DEBUG") == "1" else subprocess.DEVNULL
        with other:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=quiet,
                pass_fds=[other.fileno()],
                env=os.environ | _ONE_THREAD,
                start_new_session=True,  # Ctrl-C is for who started us, who then ends us
            )

    def start(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Begin a call; all of it is pickled, the function by its name.

        Raises
        ------
        WagidxError
            The process has ended.
        """
        try:
            self.connection.send((function, arguments))
        except OSError as error:
            raise self._ended() from error

    def result(self) -> Any:
        """Wait for what the call returns, or raise what it raised.

        Raises
        ------
        WagidxError
            The process has ended, or the call raised something that only its own library knows.
        """
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._ended() from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kill(self) -> None:
        """End the process at once; a call under way fails."""
        self.process.kill()
        self.process.wait()

    def _ended(self) -> WagidxError:
        code = self.process.wait()
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return WagidxError(
            f"a process of {self._purpose} ended {how}: fewer of them need less memory; "
            "WAGIDX_DEBUG=1 shows what they print"
        )


class Processes:
    """Some processes that share calls; with one alone, calls are made in this process.

    Leaving the context ends them at once, calls under way too.

    Parameters
    ----------
    purpose : str
        As of `Process`.
    number : int, optional
        Defaults to the CPUs this process may use. Each is started when there is a call for it.
    """

    def __init__(self, purpose: str, number: int | None = None) -> None:
        number = thread_count(number)
        self._purpose = purpose
        self._lock = threading.Lock()
        self._all: list[Process] = []
        self._idle: list[Process] = []
        self._left = False
        # A thread for each process, which waits for its answers.
        self._threads = ThreadPoolExecutor(number) if number > 1 else None

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Make a call as soon as a process is free; the future holds what it returns or raises."""
        if self._threads is not None:
            return self._threads.submit(self._call, function, arguments)
        made: Future[T] = Future()
        try:
            made.set_result(function(*arguments))
        except Exception as error:
            made.set_exception(error)
        return made

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is None:
            return
        with self._lock:
            self._left = True
            for process in self._all:
                process.kill()
        self._threads.shutdown(cancel_futures=True)

    def _call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        with self._lock:
            if self._left:
                raise WagidxError(f"the processes of {self._purpose} were ended")
            if not self._idle:
                self._all.append(Process(self._purpose))
                self._idle.append(self._all[-1])
            process = self._idle.pop()
        process.start(function, *arguments)
        try:
            return process.result()
        finally:
            self._idle.append(process)


def serve(handle: int) -> None:
    """Make the calls that come from the other end until it goes away.

    Parameters
    ----------
    handle : int
        File descriptor of the connection.
    """
    connection = Connection(handle)
    while True:
        try:
            call = connection.recv()
        except (EOFError, OSError):
            return
        answer = _answer(*call)
        try:
            connection.send(answer)
        except BrokenPipeError:
            return


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*arguments)
    except Exception as error:
        traceback.print_exc()  # seen with WAGIDX_DEBUG=1
        return _sendable(error)


def _sendable(error: Exception) -> Exception:
    """An exception that the other end can read: its class may be some library's own."""
    for kind in (SourceError, FitError, WagidxError, ModuleNotFoundError, OSError, ValueError):
        if isinstance(error, kind):
            return kind(str(error))
    return WagidxError(f"internal error: {type(error).__name__}: {error}")
