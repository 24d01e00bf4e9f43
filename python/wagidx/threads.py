"""How many threads there are to use."""

from __future__ import annotations

import math
import os
from pathlib import Path

__all__ = ["available_cpus", "thread_count"]

_CGROUP_MAX = Path("/sys/fs/cgroup/cpu.max")


def available_cpus() -> int:
    """CPUs this process may use: its affinity, and the quota of its cgroup, whichever is less."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_MAX.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return cpus
    return cpus if quota == "max" else max(1, min(cpus, math.ceil(int(quota) / int(period))))


def thread_count(threads: int | None) -> int:
    """Threads to use: as many as asked, or for None the CPUs this process may use.

    Raises
    ------
    ValueError
        There would be none.
    """
    if threads is None:
        return available_cpus()
    if threads < 1:
        raise ValueError(f"threads={threads}: must be at least 1, or None for the CPUs allowed")
    return threads
