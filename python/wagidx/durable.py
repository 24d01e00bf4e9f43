"""Files and folders that are either whole or not there, and what a full disk says."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wagidx.exceptions import WagidxError

__all__ = [
    "check_space",
    "full_disk_told",
    "new_file",
    "new_folder",
    "read_json",
    "refuse_taken",
    "sync",
    "write_json",
]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_taken(path: Path, *, folder: bool = False) -> None:
    """Refuse a name for something new that is taken, or under which nothing can be made.

    An empty folder may become a new folder, and the folders above a new folder are made.

    Raises
    ------
    FileExistsError
        Nothing is overwritten.
    FileNotFoundError, NotADirectoryError, PermissionError
        The file or folder could not be written later.
    """
    empty = folder and path.is_dir() and path.name and not any(path.iterdir())
    if path.exists() and not empty:
        raise FileExistsError(f"{path}: already exists; remove it or choose another -o")
    above = path.parent
    while folder and not above.exists():
        above = above.parent
    if not above.exists():
        raise FileNotFoundError(f"{path}: no such folder: {above}; create it or choose another -o")
    if not above.is_dir():
        raise NotADirectoryError(f"{above}: is not a folder; choose another -o")
    if not os.access(above, os.W_OK):
        raise PermissionError(f"{above}: is not writable; choose another -o")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A name to write to that becomes `path` only when all was written.

    Raises
    ------
    FileExistsError
        `path` already exists.
    OSError
        As `refuse_taken`.
    """
    refuse_taken(path)
    partial = path.with_name(f".{path.name}.part{os.getpid()}")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that becomes `path` only when it is whole.

    Raises
    ------
    FileExistsError
        `path` already exists and is not an empty folder.
    """
    refuse_taken(path, folder=True)
    partial = path.with_name(f".{path.name}.part{os.getpid()}")
    partial.mkdir(parents=True)
    try:
        yield partial
        os.replace(partial, path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """Write a file that is either whole or not there."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="ascii") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def read_json(path: Path) -> dict[str, Any] | None:
    """What `write_json` wrote; None where there is no such file or it is something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def check_space(folder: Path, needed: int) -> None:
    """Refuse work that cannot end well.

    Parameters
    ----------
    folder : Path
        Where it will be written.
    needed : int
        Bytes it takes at the very least.

    Raises
    ------
    WagidxError
        There is less space.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WagidxError(
            f"{folder}: {_mebibytes(free)} free, but this needs more than {_mebibytes(needed)}; "
            "free some space or write to another disk"
        )


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Say of a full disk (or quota, or a limit on file sizes) what to do about it.

    Raises
    ------
    WagidxError
        In place of the system's error.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        where = folder if error.filename is None else os.fsdecode(error.filename)
        raise WagidxError(
            f"{where}: {os.strerror(error.errno)}; nothing is lost: free some space and run the "
            "same command again"
        ) from error


def _mebibytes(number: int) -> str:
    return f"{number / (1 << 20):,.1f} MiB"
