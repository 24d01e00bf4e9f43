"""Members of a tar archive from a stream, front to back.

Nothing is extracted and nothing is kept: a member's name and size come from its header, its bytes
only when asked for, before the next header. Sizes are believed only as far as `HEADER_LIMIT` for
what describes a member (long names), so an archive cannot make the reader allocate what it likes.
Names are never used as paths.

Read are ustar, GNU (long names, large sizes) and pax (path and size) archives, and several archives
behind one another. An archive must end with a block of zeros: one that was cut between members
would else pass for a shorter one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.storage import reading

__all__ = ["HEADER_LIMIT", "Member", "TarReader"]

HEADER_LIMIT = 1 << 20
"""Most bytes of a long name or a pax header."""

_BLOCK = 512
_SKIP = 1 << 20
_MOST = 1 << 60
_PAX_RECORD = re.compile(rb"(?P<length>\d{1,8}) (?P<key>[^=]*)=", re.S)
_FILES = b"0\x007"
_WITHOUT_DATA = b"123456"


class Member(NamedTuple):
    """A regular file in an archive: its name as raw bytes, and its size in bytes."""

    name: bytes
    size: int


class TarReader:
    """Walks over the regular files of a tar stream.

    Parameters
    ----------
    stream : binary file
        The archive, decompressed; not closed.
    name : str
        For messages.

    Examples
    --------
    >>> tar = TarReader(stream, "000.tar")  # doctest: +SKIP
    >>> for member in tar:  # doctest: +SKIP
    ...     if member.name.endswith(b".txt"):
    ...         caption = tar.read()
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._seekable = stream.seekable()
        self._size = 0
        self._ahead = 0  # bytes between here and the next header

    def __iter__(self) -> Iterator[Member]:
        long_name: bytes | None = None
        long_size: int | None = None
        # one door for the whole walk: it costs more than a header, and there are two a sample
        with reading(self._name):
            while (header := self._next_header()) is not None:
                kind = header[156:157]
                size = 0 if kind in _WITHOUT_DATA else self._number(header[124:136])
                self._enter(size)
                if kind == b"L":
                    long_name = self._description().rstrip(b"\0")
                elif kind in b"xX":
                    path, long_size = self._pax(self._description())
                    long_name = path or long_name
                elif kind == b"S":
                    raise self._error("sparse members are not read")
                elif kind not in b"gK":
                    if long_size is not None and kind not in _WITHOUT_DATA:
                        self._enter(long_size)
                    if kind in _FILES:
                        yield Member(long_name or _name(header), self._size)
                    long_name = long_size = None

    def read(self) -> bytes:
        """The bytes of the member at hand, once."""
        data = self._exactly(self._size)
        self._ahead -= self._size
        return data

    def _enter(self, size: int) -> None:
        self._size = size
        self._ahead = -(-size // _BLOCK) * _BLOCK

    def _next_header(self) -> bytes | None:
        """The next block that is not zeros; None at the end."""
        self._pass_over()
        ended = False
        while True:
            block = self._stream.read(_BLOCK)
            if not block and ended:
                return None
            if len(block) < _BLOCK:
                raise self._error("the archive is truncated")
            if block.count(0) < _BLOCK:
                self._check(block)
                return block
            ended = True

    def _pass_over(self) -> None:
        left, self._ahead = self._ahead, 0
        if self._seekable and left > _BLOCK:
            self._stream.seek(left, 1)
            return
        while left:
            piece = self._stream.read(min(left, _SKIP))
            if not piece:
                raise self._error("the archive is truncated")
            left -= len(piece)

    def _exactly(self, size: int) -> bytes:
        with reading(self._name):
            data = self._stream.read(size) if size else b""
        if len(data) != size:
            raise self._error("the archive is truncated")
        return data

    def _description(self) -> bytes:
        if self._size > HEADER_LIMIT:
            raise self._error(f"a header of {self._size} bytes")
        return self.read()

    def _check(self, header: bytes) -> None:
        # the sum is taken with its own field read as blanks
        total = sum(header) - sum(header[148:156]) + 8 * 0x20
        if total != self._number(header[148:156]):
            raise self._error("not a tar archive, or damaged: a header's checksum is wrong")

    def _number(self, field: bytes) -> int:
        """Octal digits, or, with the first bit set, a binary number."""
        digits = field.strip(b" \0") or b"0"
        if field[0] & 0x80:
            number = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
        else:
            number = int(digits, 8) if digits.isdigit() and max(digits) < ord("8") else -1
        if not 0 <= number <= _MOST:
            raise self._error("not a tar archive, or damaged: a header has an invalid number")
        return number

    def _pax(self, data: bytes) -> tuple[bytes | None, int | None]:
        """Path and size out of ``length key=value`` records."""
        path: bytes | None = None
        size: int | None = None
        at = 0
        while at < len(data):
            record = _PAX_RECORD.match(data, at)
            end = at + int(record["length"]) if record is not None else 0
            if record is None or not record.end() < end <= len(data):
                raise self._error("damaged: a pax header is inconsistent")
            value = data[record.end() : end - 1]
            if record["key"] == b"path":
                path = value
            elif record["key"] == b"size":
                if not (value.isdigit() and len(value) < 19):
                    raise self._error("damaged: a pax header has no size")
                size = int(value)
            at = end
        return path, size

    def _error(self, why: str) -> SourceError:
        return SourceError(f"{printable(self._name)}: {why}")


def _name(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name
