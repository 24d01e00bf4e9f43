"""Whole lines of a byte stream, a megabyte at a time, whatever the lines hold.

The text formats share this reader. A line ends at ``\\n``, or ``\\r\\n``; a lone ``\\r`` is part of
the text, but a file without other line ends is refused, for it would read as one line. A last line
without ``\\n`` counts as one. A UTF-8 byte order mark at the start is dropped; UTF-16 is refused by
name, because it would otherwise read as captions full of NUL bytes.

Memory stays within a few times ``limit`` for any input: a line longer than that is passed over to
its end without being held, and reported in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.sources.base import ROW_LIMIT
from wagidx.storage import reading

__all__ = ["CHUNK", "Lines", "chunks", "line_bounds", "lines", "refuse_lone_returns"]

CHUNK = 1 << 20
"""Bytes asked of a stream at once."""


class Lines(NamedTuple):
    """Some lines in a row: all of ``data``, or one line too long to be held.

    Attributes
    ----------
    data : bytes
        Whole lines; the last byte is ``\\n``, added where the file lacks its last one.
    too_long : bool
        Instead of data, one line over the limit stood here.
    """

    data: bytes
    too_long: bool = False


def chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """A stream in pieces of at most `CHUNK` bytes, the byte order mark taken off."""
    with reading(name):
        piece = stream.read(CHUNK)
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{printable(name)}: UTF-16 text; convert it to UTF-8 first")
    piece = piece.removeprefix(b"\xef\xbb\xbf")
    while piece:
        yield piece
        with reading(name):
            piece = stream.read(CHUNK)


def refuse_lone_returns(data: bytes, name: str) -> None:
    """Raise `SourceError` for a file whose only line ends are carriage returns.

    Parameters
    ----------
    data : bytes
        The file as far as its first line.
    name : str
        For the message.
    """
    held = data.rstrip(b"\r\n")
    if b"\r" in held and b"\n" not in held:
        raise SourceError(
            f"{printable(name)}: its lines end only in carriage returns; convert them to newlines, "
            r"as with: tr '\r' '\n'"
        )


def lines(stream: BinaryIO, name: str, *, limit: int = ROW_LIMIT) -> Iterator[Lines]:
    """All lines of a stream in order.

    Parameters
    ----------
    stream : binary file
        Read to its end, not closed.
    name : str
        For messages.
    limit : int
        Most bytes of a line, its ``\\n`` not counted.

    Raises
    ------
    SourceError
        The stream fails, or ends inside a compressed block.
    """
    held: list[bytes] = []  # the beginning of a line whose end has not come yet
    length = 0
    for chunk in chunks(stream, name):
        first = chunk.find(b"\n") + 1
        if first == 0:
            length += len(chunk)
            held = [*held, chunk] if length <= limit else []
            continue
        yield _line([*held, chunk[:first]], length + first - 1, limit)
        last = chunk.rfind(b"\n") + 1
        yield from _within(chunk[first:last], limit)
        held, length = [chunk[last:]], len(chunk) - last
    if length:
        yield _line([*held, b"\n"], length, limit)


def _line(pieces: list[bytes], length: int, limit: int) -> Lines:
    return Lines(b"", too_long=True) if length > limit else Lines(b"".join(pieces))


def _within(data: bytes, limit: int) -> Iterator[Lines]:
    """Lines inside one chunk; looked at singly only where one of them might be too long."""
    if len(data) <= limit:
        if data:
            yield Lines(data)
        return
    start = 0
    while start < len(data):
        end = data.index(b"\n", start) + 1
        yield _line([data[start:end]], end - 1 - start, limit)
        start = end


def line_bounds(data: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where the lines of `Lines.data` start and end, the line end left out."""
    raw = np.frombuffer(data, dtype=np.uint8)
    newline = np.flatnonzero(raw == 10)
    starts = np.concatenate([[0], newline[:-1] + 1]).astype(np.int64)
    returned = (newline > starts) & (raw[newline - 1] == 13)
    return starts, newline - returned
