"""Calls made in processes of their own."""

from __future__ import annotations

import operator
import os
import signal
import time

import pytest
from processes_ended import gone
from wagidx import WagidxError
from wagidx.processes import Process, Processes


@pytest.mark.parametrize("number", [1, 2])
def test_each_future_has_the_result_of_its_call(number: int) -> None:
    with Processes("test", number) as some:
        found = [some.submit(operator.add, one, 1) for one in range(20)]
        assert [one.result() for one in found] == list(range(1, 21))


def test_two_processes_are_others_and_one_is_this() -> None:
    with Processes("test", 2) as some:
        found = {some.submit(os.getpid).result() for _ in range(4)}
    assert 1 <= len(found) <= 2 and os.getpid() not in found
    with Processes("test", 1) as here:
        assert here.submit(os.getpid).result() == os.getpid()


@pytest.mark.parametrize("number", [1, 2])
def test_what_a_call_raises_is_raised_by_its_result_alone(number: int) -> None:
    with Processes("test", number) as some:
        failed = some.submit(int, "x")
        fine = some.submit(int, "1")
        with pytest.raises(ValueError, match="invalid literal"):
            failed.result()
        assert fine.result() == 1


def test_an_error_that_the_caller_may_not_know_is_named() -> None:
    with Processes("test", 2) as some:
        failed = some.submit(operator.truediv, 1, 0)
        with pytest.raises(WagidxError, match="internal error: ZeroDivisionError"):
            failed.result()


def test_a_process_that_ends_is_told() -> None:
    with Processes("test", 2) as some:
        failed = some.submit(os._exit, 3)
        with pytest.raises(WagidxError, match="a process of test ended with exit code 3"):
            failed.result()


def test_leaving_ends_calls_under_way_and_those_to_come() -> None:
    with pytest.raises(KeyboardInterrupt), Processes("test", 2) as some:
        pids = [one.result() for one in [some.submit(os.getpid) for _ in range(2)]]
        waiting = [some.submit(time.sleep, 3600) for _ in range(4)]
        raise KeyboardInterrupt
    assert gone(pids)
    assert all(one.cancelled() or one.exception() for one in waiting)


def test_ctrl_c_is_for_the_caller_alone() -> None:
    process = Process("test")
    try:
        process.start(os.getpgid, 0)
        assert process.result() != os.getpgid(0)
    finally:
        process.kill()
    assert process.process.returncode == -signal.SIGKILL
