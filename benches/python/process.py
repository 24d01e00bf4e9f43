"""Runs a program to its end and says what it took, its children included."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Attributes
    ----------
    cpu : float
        Seconds, user and system, of the process and of the children it waited for.
    wall : float
        Seconds.
    peak : int
        Bytes: the largest resident set of it or of one child.
    """

    cpu: float
    wall: float
    peak: int


def measured(command: Sequence[object]) -> Cost:
    """Run `command`, which must succeed."""
    began = time.perf_counter()
    # The usage of this child alone: what other children took does not enter.
    words = [str(word) for word in command]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    wall = time.perf_counter() - began
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss << 10)


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
