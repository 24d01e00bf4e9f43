"""What every caption source promises: `Source` and the batches it hands out.

A source is one file, or one stream of data already in Python. Its rows are numbered from 0 in the
order they stand; that number is what a caption's id is made of, so **every** row keeps its place:
a NULL caption, a row the filter turned away and a row that cannot be read each still count as one.

A source holds no open file and nothing that changes. `Source.batches` opens what it needs and
closes it at the end, so several threads may read the same source, or ranges of it, at once, and a
source of a file can be pickled to another process.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from wagidx.exceptions import SourceError
from wagidx.printable import printable

__all__ = [
    "FILTERED",
    "MALFORMED",
    "READ_ROWS",
    "ROW_LIMIT",
    "TAKEN",
    "Columns",
    "Source",
    "SourceBatch",
    "clip",
    "malformed_row",
]

READ_ROWS = 65_536
"""Most rows in one batch."""

ROW_LIMIT = 17 << 20
"""Most bytes in one row of a text format: a caption of 16 MiB and 1 MiB for what stands beside it.
A longer row is malformed; reading goes on behind it without ever holding the whole of it."""

TAKEN, FILTERED, MALFORMED = 0, 1, 2


@dataclass(frozen=True)
class Columns:
    """The columns a source reads, by name; None where there is none or the format has no columns.

    Attributes
    ----------
    caption, key, url : str or None
        Names as the file spells them. In a file without a header they are ``"0"``, ``"1"``, ...
    """

    caption: str | None = None
    key: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class SourceBatch:
    """At most `READ_ROWS` consecutive rows.

    Attributes
    ----------
    captions : pyarrow.Array
        string, large_string, string_view, binary, large_binary, or a dictionary of these, as the
        file holds them. **Not** checked to be UTF-8, whatever the type says. NULL where the caption
        is NULL and where the row is malformed.
    status : pyarrow.Array of uint8, or None
        0 `TAKEN`, 1 `FILTERED`, 2 `MALFORMED`; None when every row is taken. A malformed row is
        never filtered, and a filtered row may hold any caption.
    keys, urls : pyarrow.Array or None
        Text, aligned with captions; None when not asked for or when there is no such column.
    """

    captions: pa.Array
    status: pa.Array | None = None
    keys: pa.Array | None = None
    urls: pa.Array | None = None

    def __len__(self) -> int:
        return len(self.captions)

    def slice(self, start: int, length: int) -> SourceBatch:
        """Rows ``[start, start + length)``, sharing memory."""

        def cut(array: pa.Array | None) -> pa.Array | None:
            return None if array is None else array.slice(start, length)

        return SourceBatch(
            self.captions.slice(start, length), cut(self.status), cut(self.keys), cut(self.urls)
        )


class Source(ABC):
    """Captions of one file or stream, in row order.

    Attributes
    ----------
    name : str
        As the user gave it; a file name that is not UTF-8 holds surrogate escapes.
    format : str
        ``"parquet"``, ``"csv"``, ``"tsv"``, ``"jsonl"``, ``"text"``, ``"webdataset"`` or
        ``"arrow"``.
    """

    name: str
    format: str

    @abstractmethod
    def rows(self) -> int | None:
        """Number of rows where it is known without reading everything, else None."""

    @abstractmethod
    def size(self) -> int | None:
        """Bytes the file takes in storage, compressed as it is; None where nobody knows."""

    @abstractmethod
    def fingerprint(self) -> str:
        """A short text that changes when the content does: from size, rows and a checksum of the
        Parquet footer, or of the first and last 64 KiB. Clocks and paths have no part in it."""

    @abstractmethod
    def columns(self) -> Columns:
        """The columns chosen.

        Raises
        ------
        SourceError
            There is no caption column, or one asked for by name is not there; the message lists
            the columns there are.
        """

    @abstractmethod
    def batches(
        self,
        *,
        start: int = 0,
        stop: int | None = None,
        keys: bool = False,
        urls: bool = False,
    ) -> Iterator[SourceBatch]:
        """Read rows ``[start, stop)`` in order.

        Parquet seeks to the row group that holds ``start``; every other format reads from its
        beginning and drops what lies before.

        Parameters
        ----------
        start, stop : int
            Row numbers; ``stop=None`` reads to the end. A range past the end is empty.
        keys, urls : bool
            Whether to read these columns too.

        Raises
        ------
        SourceError
            The file is absent, cut or damaged. What was handed out before is right.
        """

    def keys(self, stop: int) -> Iterator[pa.Array]:
        """Keys of rows ``[0, stop)`` in order; NULL in each row where there is no key column.

        Raises
        ------
        SourceError
            As `batches`.
        """
        for batch in self.batches(stop=stop, keys=True):
            yield pa.nulls(len(batch)) if batch.keys is None else batch.keys

    def spans(self, rows: Sequence[int]) -> Iterator[Sequence[int]]:
        """Group ascending row numbers into runs that one call of `batches` reads well."""
        if rows:
            yield rows

    def take(self, rows: Sequence[int]) -> list[tuple[str | None, str | None, str | None]]:
        """Caption, key and URL of single rows.

        Parameters
        ----------
        rows : sequence of int
            Ascending row numbers; repetitions are allowed.

        Returns
        -------
        list of (caption, key, url)
            One a row; None for NULL, for an absent column and for a malformed row. Bytes that are
            not UTF-8 become U+FFFD.

        Raises
        ------
        SourceError
            The source has fewer rows than asked for, or cannot be read.
        """
        found: list[tuple[str | None, str | None, str | None]] = []
        for span in self.spans(rows):
            found.extend(self._take_span(span))
        return found

    def _take_span(
        self, rows: Sequence[int]
    ) -> Iterator[tuple[str | None, str | None, str | None]]:
        base, done = rows[0], 0
        for batch in self.batches(start=base, stop=rows[-1] + 1, keys=True, urls=True):
            while done < len(rows) and rows[done] < base + len(batch):
                at = rows[done] - base
                yield text_at(batch.captions, at), text_at(batch.keys, at), text_at(batch.urls, at)
                done += 1
            base += len(batch)
        if done < len(rows):
            lost = f"row {rows[done]} asked for, but it has {base}: not the file that was indexed"
            raise SourceError(f"{printable(self.name)}: {lost}")


def malformed_row(*, keys: bool = False, urls: bool = False) -> SourceBatch:
    """A batch of one row that could not be read."""
    status = pa.array([MALFORMED], pa.uint8())
    null = pa.nulls(1, pa.binary())
    return SourceBatch(null, status, null if keys else None, null if urls else None)


def text_at(array: pa.Array | None, at: int) -> str | None:
    """One cell as text, invalid UTF-8 replaced."""
    if array is None:
        return None
    scalar = array[at]
    if isinstance(scalar, pa.DictionaryScalar):
        scalar = scalar.value
    if not scalar.is_valid:
        return None
    return bytes(scalar.as_buffer()).decode("utf-8", "replace")


def clip(batches: Iterable[SourceBatch], start: int, stop: int | None) -> Iterator[SourceBatch]:
    """Keep rows ``[start, stop)`` of a stream that begins at row 0, in batches of `READ_ROWS` at
    most; stops pulling as soon as ``stop`` is reached."""
    base = 0
    if stop is not None and stop <= start:
        return
    for batch in batches:
        low = max(start - base, 0)
        high = len(batch) if stop is None else min(len(batch), stop - base)
        for at in range(low, high, READ_ROWS):
            yield batch.slice(at, min(READ_ROWS, high - at))
        base += len(batch)
        if stop is not None and base >= stop:
            return
