"""How much memory there is to use, and how a build divides it.

A build takes memory for the interpreter and its libraries once, and on each thread for what is
being read and for the run it goes into. Runs end early where memory is short, and where even short
ones do not fit, fewer threads read. Neither shows in the index.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wagidx.threads import thread_count

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Budget",
    "divide",
    "give_back",
    "memory_bound",
    "parse_size",
    "peak_rss",
    "returned_to_system",
]

_MIB = 1 << 20
_DEFAULT = 2048 * _MIB
_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?b)?", re.IGNORECASE)
_CGROUP = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")

# Measured: an interpreter with Arrow takes 85 MiB; what is read on a thread, some 60 MiB of shards
# of LAION, and 210 where captions are as long as they may be, with the run that has to hold one.
_ONCE = 128 * _MIB
_READING = 224 * _MIB
_LEAST_RUN = 32 * _MIB
_LARGE = 8 * _MIB
LEAST = _ONCE + _READING + _LEAST_RUN
"""The least memory a build is given."""


@dataclass(frozen=True)
class Budget:
    """What a build may use.

    Attributes
    ----------
    threads : int
        Threads that read, and later merge.
    run_bytes : int
        Memory of the run that each of them fills.
    merge_bytes : int
        Memory for what is being merged; the rest is for the dictionary of the index, of which a
        merge keeps 16 MiB and half a byte a term.
    """

    threads: int
    run_bytes: int
    merge_bytes: int


def memory_bound(memory: int | str | None) -> int:
    """Bytes that a build keeps within.

    Parameters
    ----------
    memory : int, str or None
        Bytes, or a text such as ``"2GiB"``; None for 2 GiB or half of what the process is allowed,
        whichever is less, but no less than the least.

    Raises
    ------
    ValueError
        It is no size, or too little for one thread.
    """
    if memory is None:
        return max(LEAST, min(_DEFAULT, _allowed() // 2))
    size = parse_size(memory)
    if size < LEAST:
        raise ValueError(
            f"a build needs at least {LEAST // _MIB}MiB of memory, not {memory}; give --memory more"
        )
    return size


def divide(memory: int | str | None, threads: int | None) -> Budget:
    """Divide memory among threads.

    Parameters
    ----------
    memory : int, str or None
        As for `memory_bound`.
    threads : int or None
        At most so many; None for the CPUs this process may use.

    Raises
    ------
    ValueError
        As `memory_bound`, or there are no threads.
    """
    size = memory_bound(memory)
    most = thread_count(threads)
    used = max(1, min(most, (size - _ONCE) // (_READING + _LEAST_RUN)))
    return Budget(used, (size - _ONCE) // used - _READING, (size - _ONCE) // 3)


def parse_size(size: int | str) -> int:
    """Bytes of a size such as ``2GiB``, ``512M`` (as MiB), ``1GB`` (10^9) or a number.

    Raises
    ------
    ValueError
        It is no size.
    """
    match = _SIZE.fullmatch(str(size).strip())
    if match is None:
        raise ValueError(f"{size!r} is not a size in bytes; write 2GiB, 512MiB or a number")
    number, unit, suffix = match.groups()
    base = _UNITS[unit.lower()]
    if unit and (suffix or "").lower() == "b":
        base = 1000 ** "bkmgt".index(unit.lower())
    return int(float(number) * base)


@contextmanager
def returned_to_system() -> Iterator[None]:
    """Have Arrow take memory from the system's allocator, which gives large blocks back at once.

    Arrow's own keeps what was freed, and what it keeps counts against the process: captions of 16
    MiB took 431 MiB with it and 322 without, for the same time.
    """
    import pyarrow as pa

    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def give_back(used: pa.Array) -> None:
    """After a batch has been used: what is free goes back to the system, where that is much."""
    import pyarrow as pa

    try:
        size = used.nbytes
    except pa.ArrowTypeError:  # of views an old pyarrow knows the whole buffers alone
        size = used.get_total_buffer_size()
    if size >= _LARGE:
        pa.default_memory_pool().release_unused()


def _allowed() -> int:
    """Memory the process may use: that of the machine, or of its cgroup if that is less."""
    allowed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _CGROUP:
        try:
            allowed = min(allowed, int(Path(path).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return allowed


def peak_rss() -> int:
    """Largest resident memory of this process so far, in bytes.

    The kernel hands the figure that `getrusage` gives on to the programs a process starts, so that
    a small program started by a large one would seem large.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)[0]) * 1024
    except (OSError, IndexError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
