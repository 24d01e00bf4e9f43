"""Bytes by name: local files and, through fsspec, remote ones.

A *name* is a ``str`` as the user gave it. A local name may hold bytes that are not UTF-8: they
travel as surrogate escapes (`os.fsdecode`), so a name round-trips to the file system exactly. A
name with ``://`` in it is an fsspec URL (``s3://bucket/part.parquet``); everything else is local
and never touches fsspec.

Reads from a remote store fail for reasons that pass: `RemoteFile` reopens and goes on where it
stood, five times with growing pauses, before it gives up with a `SourceError`.
"""

from __future__ import annotations

import importlib
import io
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar, cast

from wagidx._optional import install_hint
from wagidx.exceptions import SourceError
from wagidx.printable import printable

__all__ = [
    "RETRIES",
    "RemoteFile",
    "filesystem",
    "is_remote",
    "open_binary",
    "patiently",
    "reading",
    "size",
]

RETRIES = 5
"""How often a failed remote read is tried again; the pauses are 0.5, 1, 2, 4 and 8 seconds."""

_PAUSE = 0.5
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_EXTRAS = {"s3": "s3", "s3a": "s3", "hf": "hf"}
_LASTING = (
    FileNotFoundError,
    PermissionError,
    IsADirectoryError,
    NotImplementedError,
    ValueError,
    ImportError,
)
_pause = time.sleep
_T = TypeVar("_T")


def is_remote(name: str) -> bool:
    """Whether a name is an fsspec URL (``file://`` is local and read as such)."""
    return _URL.match(name) is not None and not name.startswith("file://")


def local_path(name: str) -> str:
    """The path behind a local name: itself, or what follows ``file://``."""
    return name.removeprefix("file://")


def filesystem(name: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path inside it.

    Raises
    ------
    SourceError
        The protocol is unknown, or its package is not installed (the message names the extra).
    """
    core = importlib.import_module("fsspec.core")
    protocol = name.partition("://")[0]
    try:
        fs, path = core.url_to_fs(name)
    except ImportError as error:
        extra = _EXTRAS.get(protocol)
        hint = install_hint(extra) if extra else _first_line(error)
        raise SourceError(f"{printable(name)}: {protocol}:// needs a package: {hint}") from error
    except ValueError as error:
        raise SourceError(f"{printable(name)}: {_first_line(error)}") from error
    return fs, str(path)


def size(name: str) -> int | None:
    """Size of a file in bytes; None where a remote store does not say.

    Raises
    ------
    SourceError
        There is no such file.
    """
    with reading(name):
        if not is_remote(name):
            return os.stat(local_path(name)).st_size
        fs, path = filesystem(name)
        listed = patiently(name, lambda: fs.info(path).get("size"))
        return None if listed is None else int(listed)


def open_binary(name: str) -> BinaryIO:
    """Open a file for reading bytes, seekable.

    Raises
    ------
    SourceError
        There is no such file, it may not be read, or it is not a regular file (a FIFO would block
        for ever).
    """
    with reading(name):
        if is_remote(name):
            return cast(BinaryIO, RemoteFile(name))
        path = local_path(name)
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise SourceError(f"{printable(name)}: not a regular file; give a file or folder")
        return open(path, "rb")


class RemoteFile(io.RawIOBase):
    """A remote file whose reads are tried again.

    The position is kept here, not in the store's file object: after a failure the file is opened
    anew and read from the same place, so a reader above never sees a gap or a repetition.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._fs, self._path = filesystem(name)
        self._file: Any = None
        self._position = 0
        self._size = int(patiently(name, self._reopen))

    def _reopen(self) -> int:
        self._drop()
        self._file = self._fs.open(self._path, "rb")
        length = self._file.seek(0, os.SEEK_END)
        return int(self._file.tell() if length is None else length)

    def _drop(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _read_once(self, length: int) -> bytes:
        if self._file is None:
            self._reopen()
        try:
            self._file.seek(self._position)
            return bytes(self._file.read(length))
        except BaseException:
            self._drop()
            raise

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        length = min(len(view), max(0, self._size - self._position))
        if length == 0:
            return 0
        data = patiently(self._name, lambda: self._read_once(length))
        if len(data) != length:
            end = self._position + len(data)
            raise SourceError(f"{printable(self._name)}: ended at byte {end} of {self._size}")
        view[:length] = data
        self._position += length
        return length

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._drop()
        super().close()


def patiently(name: str, attempt: Callable[[], _T]) -> _T:
    """Call ``attempt`` until it succeeds, at most 1 + `RETRIES` times.

    What cannot pass by waiting (no such file, no permission) is raised at once.

    Raises
    ------
    SourceError
        It never succeeded; the message holds the last reason.
    """
    for failures in range(RETRIES + 1):
        try:
            return attempt()
        except SourceError:
            raise
        except _LASTING:
            raise
        except Exception as error:  # stores raise classes of their own libraries
            if failures == RETRIES:
                tried = f"gave up after {RETRIES + 1} attempts"
                raise SourceError(f"{printable(name)}: {tried}: {_first_line(error)}") from error
            _pause(_PAUSE * 2**failures)
    raise AssertionError("unreachable: the last failure is raised above")


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn whatever goes wrong while a source is read into a one-line `SourceError` that names it.

    Arrow's errors count as well, its `MemoryError` included: a damaged Parquet page announces
    absurd lengths.
    """
    import pyarrow as pa

    try:
        yield
    except SourceError:
        raise
    except FileNotFoundError as error:
        raise SourceError(f"{printable(name)}: no such file") from error
    except (OSError, EOFError, pa.ArrowException) as error:
        raise SourceError(f"{printable(name)}: cannot be read: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).strip().splitlines()
    return printable(lines[0]) if lines else type(error).__name__
