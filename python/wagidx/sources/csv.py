"""CSV as RFC 4180 has it, over bytes, row by row: the definition that the fast path must meet.

* Cells stand between commas; a row ends at ``\\n`` or ``\\r\\n``; a lone ``\\r`` is text.
* A cell that *starts* with ``"`` is quoted: it runs to the next mark that is not doubled, across
  commas and newlines, and must end there. A mark inside an unquoted cell is text.
* A row whose quoting breaks these rules, or that is longer than the limit, is malformed, and
  reading goes on at the next *physical* line after the one it starts on. One stray mark thus costs
  one row, not the rest of the file.
* A row with another number of cells than the first is malformed. An empty line is no row, unless
  the file has one column: then it is an empty caption.

Bytes are never decoded: Latin-1 stays as it is, for the counting of invalid UTF-8 further on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from wagidx.sources.base import ROW_LIMIT
from wagidx.sources.cells import TOO_LONG, Cells, cut, too_long
from wagidx.sources.lines import chunks

__all__ = ["first_rows", "read_cells"]

_COMMA, _QUOTE, _NEWLINE = b",", b'"', b"\n"
_NEVER_CLOSED = "a quotation mark is not closed"
_TEXT_BEHIND = "text after a closing quotation mark"


class _Broken(Exception):
    """The row at hand breaks a rule."""


class _Incomplete(Exception):
    """The row at hand does not end in the bytes at hand."""


def read_cells(
    stream: BinaryIO, name: str, width: int, *, limit: int = ROW_LIMIT
) -> Iterator[Cells]:
    """Cut a CSV stream into cells, a chunk at a time.

    Parameters
    ----------
    stream : binary file
        Read to its end, not closed.
    name : str
        For messages.
    width : int
        Cells a row should have.
    limit : int
        Most bytes of a row.
    """
    held = b""
    passing = False  # over the rest of a physical line that is too long to hold
    for chunk in chunks(stream, name):
        if passing:
            end = chunk.find(b"\n") + 1
            passing = end == 0
            chunk = chunk[end:] if end else b""
        held += chunk
        if not held:
            continue
        cells = cut(held, _COMMA[0], width, quotes=True, limit=limit)
        if cells is None:
            cells = _careful(held, width, limit, final=False)
        yield cells
        held = held[cells.used :]
        if len(held) > limit and b"\n" not in held:
            yield too_long()
            held, passing = b"", True
    if held:
        yield _careful(held, width, limit, final=True)


def first_rows(data: bytes, count: int, *, final: bool) -> list[list[bytes] | None]:
    """The first few rows that are not empty lines; None in the place of one that breaks the rules.

    Parameters
    ----------
    data : bytes
        The beginning of a file.
    count : int
        Most rows to return.
    final : bool
        Whether ``data`` is the whole file.
    """
    rows: list[list[bytes] | None] = []
    at = 0
    while at < len(data) and len(rows) < count:
        if _blank(data, at):
            at = _next_line(data, at)
            continue
        try:
            cells, at = _row(data, at, final)
            rows.append(cells)
        except _Broken:
            rows.append(None)
            at = _next_line(data, at)
        except _Incomplete:
            break
    return rows


def _careful(data: bytes, width: int, limit: int, *, final: bool) -> Cells:
    """The rows of a block, one by one."""
    found = _Found(data, width)
    at = 0
    while at < len(data):
        if width != 1 and _blank(data, at):
            at = _next_line(data, at)
            continue
        try:
            cells, end = _row(data, at, final)
            if end - at - data.endswith(b"\n", at, end) > limit:
                raise _Broken(TOO_LONG)
            found.row(cells, at)
        except _Broken as broken:
            end = _next_line(data, at)
            found.broken(at, str(broken))
        except _Incomplete:
            if len(data) - at <= limit or b"\n" not in data[at:]:
                break
            end = _next_line(data, at)
            found.broken(at, TOO_LONG)
        at = end
    return found.cells(at)


def _row(data: bytes, at: int, final: bool) -> tuple[list[bytes], int]:
    """The cells of the row that starts at ``at``, and where the next row starts."""
    newline = data.find(b"\n", at)
    if newline < 0 and not final:
        raise _Incomplete
    end = len(data) if newline < 0 else newline
    if data.find(_QUOTE, at, end) < 0:
        stop = end - 1 if newline > at and data[end - 1 : end] == b"\r" else end
        return data[at:stop].split(_COMMA), end + 1
    cells: list[bytes] = []
    while True:
        cell, at = (_quoted if data.startswith(_QUOTE, at) else _bare)(data, at, final)
        cells.append(cell)
        if not data.startswith(_COMMA, at):
            return cells, _row_end(data, at)
        at += 1


def _bare(data: bytes, at: int, final: bool) -> tuple[bytes, int]:
    """An unquoted cell and where it ends."""
    newline = data.find(b"\n", at)
    if newline < 0 and not final:
        raise _Incomplete
    end = len(data) if newline < 0 else newline
    comma = data.find(_COMMA, at, end)
    if comma >= 0:
        return data[at:comma], comma
    if newline > at and data[end - 1 : end] == b"\r":
        end -= 1
    return data[at:end], end


def _quoted(data: bytes, at: int, final: bool) -> tuple[bytes, int]:
    """The text of a quoted cell and where the cell ends."""
    begin = at + 1
    close = data.find(_QUOTE, begin)
    while close >= 0 and data.startswith(_QUOTE, close + 1):
        close = data.find(_QUOTE, close + 2)
    if close < 0 or (close + 1 == len(data) and not final):
        raise (_Broken(_NEVER_CLOSED) if final else _Incomplete)
    end = close + 1
    if end + 1 == len(data) and data.endswith(b"\r") and not final:
        raise _Incomplete
    if end < len(data) and not data.startswith((_COMMA, b"\n", b"\r\n"), end):
        raise _Broken(_TEXT_BEHIND)
    return data[begin:close].replace(b'""', b'"'), end


def _row_end(data: bytes, at: int) -> int:
    """Behind the row end that stands at ``at``."""
    return at + (2 if data.startswith(b"\r\n", at) else 1)


def _blank(data: bytes, at: int) -> bool:
    return data.startswith((b"\n", b"\r\n"), at)


def _next_line(data: bytes, at: int) -> int:
    newline = data.find(b"\n", at)
    return len(data) if newline < 0 else newline + 1


class _Found:
    """Collects rows into `Cells`."""

    def __init__(self, block: bytes, width: int) -> None:
        self._block = block
        self._width = width
        self._data = bytearray()
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._good: list[bool] = []
        self._at: list[int] = []
        self._why: dict[int, str] = {}

    def row(self, cells: list[bytes], at: int) -> None:
        good = len(cells) == self._width
        self._good.append(good)
        self._at.append(at)
        for cell in cells if good else ():
            self._starts.append(len(self._data))
            self._data += cell
            self._ends.append(len(self._data))

    def broken(self, at: int, why: str) -> None:
        self._why[len(self._good)] = why
        self._good.append(False)
        self._at.append(at)

    def cells(self, used: int) -> Cells:
        shape = (-1, self._width)
        return Cells(
            bytes(self._data),
            np.array(self._starts, dtype=np.int64).reshape(shape),
            np.array(self._ends, dtype=np.int64).reshape(shape),
            np.array(self._good, dtype=np.bool_),
            self._block,
            np.array(self._at, dtype=np.int64),
            used,
            why=self._why,
        )
