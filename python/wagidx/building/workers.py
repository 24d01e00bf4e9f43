"""Tasks on threads, watched by the thread that called.

Signals reach Python's main thread only, so the workers look at a flag, and the caller watches: for
Ctrl-C where it is the main thread itself, otherwise for the end of the main thread, after which the
interpreter only waits for those that are left. (The executors of the standard library finish all
that was handed to them before they let the interpreter go.)
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence

from wagidx import _native

__all__ = ["run_tasks"]

_POLL_SECONDS = 0.1


def run_tasks(
    tasks: Sequence[Callable[[], None]],
    threads: int,
    cancel: _native.Cancel,
    tick: Callable[[], None],
) -> None:
    """Run tasks on threads; none of them outlives the call.

    Parameters
    ----------
    tasks : sequence of callables
        Begun in this order.
    threads : int
        At most so many at a time.
    cancel : Cancel
        Set when a task fails or the caller is interrupted; tasks not begun are dropped.
    tick : callable
        Called after every task, and every tenth of a second, on the calling thread.

    Raises
    ------
    BaseException
        The first a task or `tick` raised; KeyboardInterrupt when the program is ending.
    """
    left = deque(tasks)
    ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

    def work() -> None:
        while not cancel.is_set():
            try:
                task = left.popleft()
            except IndexError:
                return
            try:
                task()
            except BaseException as error:
                ended.put(error)
                return
            ended.put(None)

    crew = [threading.Thread(target=work) for _ in range(min(max(1, threads), len(tasks)))]
    try:
        for worker in crew:
            worker.start()
        for _ in tasks:
            failure = _next(ended, tick)
            if failure is not None:
                raise failure
            tick()
    except BaseException:
        cancel.set()
        raise
    finally:
        for worker in crew:
            if worker.ident is not None:
                worker.join()


def _next(
    ended: queue.SimpleQueue[BaseException | None], tick: Callable[[], None]
) -> BaseException | None:
    while True:
        # Before each wait: short tasks can end so fast that none of the waits ever times out.
        if not threading.main_thread().is_alive():
            raise KeyboardInterrupt("the program is ending")
        try:
            return ended.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            tick()
