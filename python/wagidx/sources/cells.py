"""Cells of CSV and TSV cut out of a block of bytes, a whole block at a time.

Every separator that counts is found with a handful of passes of numpy over the bytes; no Python
runs per row. A cell is then just a span of the block, and a column is gathered from its spans in
one go by Arrow. In CSV the bytes between an odd and an even quotation mark are inside quotes, so a
running parity of the marks tells which separators count. That is only right when all quoting in the
block follows RFC 4180, which is checked; otherwise the block is left to the careful reader in
`csv`, whose answers are the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wagidx import _compute as pc

__all__ = ["TOO_LONG", "Cells", "cut", "gather", "too_long"]

TOO_LONG = "too long"
Spans = npt.NDArray[np.int64]
_QUOTE, _NEWLINE, _RETURN = 34, 10, 13


@dataclass(frozen=True)
class Cells:
    """Rows of a block and where their cells stand.

    Attributes
    ----------
    data : bytes
        What the spans point into.
    starts, ends : int64 arrays, shape (good rows, columns)
        Cell ``[i, j]`` is ``data[starts[i, j]:ends[i, j]]``; spans ascend.
    good : bool array, shape (rows,)
        Which rows have as many cells as they should.
    block : bytes
        What was cut. CSV that had to be rewritten cell by cell has other ``data``.
    at : int64 array, shape (rows,)
        Where each row begins in the block, for messages.
    used : int
        Bytes of the block that these rows take up.
    doubled : bool
        Cells hold ``""`` where ``"`` is meant.
    why : mapping of row to reason
        Why rows are malformed where it is not their number of cells.
    """

    data: bytes
    starts: Spans
    ends: Spans
    good: npt.NDArray[np.bool_]
    block: bytes
    at: Spans
    used: int
    doubled: bool = False
    why: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.good)

    def column(self, index: int) -> pa.Array:
        """One column as binary, NULL where the row is malformed."""
        if not self.good.any():
            return pa.nulls(len(self), pa.binary())
        cells = gather(self.data, self.starts[:, index], self.ends[:, index], self.good)
        return pc.replace_substring(cells, b'""', b'"') if self.doubled else cells


def too_long() -> Cells:
    """One malformed row, and one line, in the place of a line that was passed over."""
    none = np.empty((0, 1), dtype=np.int64)
    good, at = np.zeros(1, dtype=np.bool_), np.zeros(1, dtype=np.int64)
    return Cells(b"", none, none, good, b"\n", at, 1, why={0: TOO_LONG})


def gather(
    data: bytes, starts: Spans, ends: Spans, valid: npt.NDArray[np.bool_] | None = None
) -> pa.Array:
    """Copy spans of a buffer into a binary array.

    The spans and the gaps between them are laid over the buffer as one array without copying;
    taking every other element of it copies just the spans, at memcpy speed.

    Parameters
    ----------
    data : bytes
        Less than 2 GiB.
    starts, ends : int64 arrays, shape (n,)
        Ascending spans that do not overlap.
    valid : bool array, optional
        One flag a row, n of them True; the others become NULL.

    Returns
    -------
    pyarrow.BinaryArray
        One value a row.
    """
    rows = len(starts) if valid is None else len(valid)
    if len(starts) == 0:
        return pa.nulls(rows, pa.binary())
    bounds = np.empty(2 * len(starts), dtype=np.int32)
    bounds[0::2], bounds[1::2] = starts, ends
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(data)]
    laid = pa.Array.from_buffers(pa.binary(), len(bounds) - 1, buffers)
    if valid is None:
        return laid.take(pa.array(np.arange(0, 2 * rows, 2)))
    return laid.take(pa.array(2 * np.cumsum(valid) - 2, mask=~valid))


def cut(
    data: bytes, delimiter: int, width: int, *, quotes: bool, limit: int | None = None
) -> Cells | None:
    """Cut the complete rows of a block into cells.

    Parameters
    ----------
    data : bytes
        Starts at the start of a row. What follows the last row end is left over (`Cells.used`).
    delimiter : int
        The byte between cells.
    width : int
        Cells a row should have. Empty lines are no rows, unless the width is 1.
    quotes : bool
        Whether ``"`` quotes, as in CSV.
    limit : int, optional
        Most bytes of a row.

    Returns
    -------
    Cells or None
        None where the block needs the careful reader: quoting that breaks the rules, a row over
        the limit, or no complete row.
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    separates = (raw == delimiter) | (raw == _NEWLINE)
    quote = raw == _QUOTE if quotes else None
    if quote is not None and quote.any():
        inside = (np.cumsum(quote, dtype=np.uint8) & 1).astype(np.bool_)
        separates &= ~inside
    else:
        quote = None
    at = np.flatnonzero(separates)
    row_ends = np.flatnonzero(raw[at] == _NEWLINE)
    if len(row_ends) == 0:
        return None
    used = int(at[row_ends[-1]]) + 1
    doubled = False
    if quote is not None:
        checked = _quoting(raw[:used], quote[:used], inside[:used], delimiter)
        if checked is None:
            return None
        doubled = checked
    rows = _Rows(raw, at[: row_ends[-1] + 1], row_ends)
    if limit is not None and rows.longest() > limit:
        return None
    return rows.cells(data, width, used, quoted=quote is not None, doubled=doubled)


def _quoting(
    raw: npt.NDArray[np.uint8],
    quote: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    delimiter: int,
) -> bool | None:
    """Whether any mark is doubled; None if a mark stands where RFC 4180 has none.

    A mark may open a cell only at its start and close it only at its end; a closing mark followed
    at once by an opening one is a doubled mark.
    """
    marks = np.flatnonzero(quote)
    opens = inside[marks]
    before = raw[np.maximum(marks - 1, 0)]
    doubled = before == _QUOTE
    starts = (before == delimiter) | (before == _NEWLINE) | (marks == 0)
    if not (starts | doubled | ~opens).all():
        return None
    last = len(raw) - 1
    after = raw[np.minimum(marks + 1, last)]
    next_one = raw[np.minimum(marks + 2, last)]
    ends = (after == delimiter) | (after == _NEWLINE) | (after == _QUOTE)
    ends |= (after == _RETURN) & (next_one == _NEWLINE)
    if not (ends | opens).all():
        return None
    return bool((doubled & opens & (marks > 0)).any())


class _Rows:
    """Separators of a block grouped into rows."""

    def __init__(self, raw: npt.NDArray[np.uint8], at: Spans, row_ends: Spans) -> None:
        self._raw, self._at = raw, at
        self._first = np.concatenate([[0], row_ends[:-1] + 1])
        self._counts = row_ends - self._first + 1
        self._starts = np.concatenate([[0], at[:-1] + 1])
        self._row_at = self._starts[self._first]
        self._row_end = at[row_ends]

    def longest(self) -> int:
        return int((self._row_end - self._row_at).max())

    def cells(self, data: bytes, width: int, used: int, *, quoted: bool, doubled: bool) -> Cells:
        good = self._counts == width
        rows = np.ones(len(good), dtype=np.bool_) if width == 1 else ~self._empty()
        index = self._first[good & rows][:, None] + np.arange(width)
        starts, ends = self._starts[index], self._at[index]
        ends[:, -1] -= self._returned(starts[:, -1], ends[:, -1])
        if quoted:
            marked = (starts < ends) & (self._raw[starts] == _QUOTE)
            starts, ends = starts + marked, ends - marked
        return Cells(data, starts, ends, good[rows], data, self._row_at[rows], used, doubled)

    def _returned(self, starts: Spans, ends: Spans) -> npt.NDArray[np.bool_]:
        """Cells before a row end that leave a carriage return to it."""
        returned: npt.NDArray[np.bool_] = self._raw[ends - 1] == _RETURN
        return returned & (ends > starts)

    def _empty(self) -> npt.NDArray[np.bool_]:
        starts, ends = self._row_at, self._row_end
        empty: npt.NDArray[np.bool_] = ends - self._returned(starts, ends) == starts
        return empty
