"""CSV and TSV files: a header or none, columns by name or number, every cell text.

Nothing is inferred from the cells: ``NA``, ``null`` and ``1984`` are captions, keys keep their
zeros, and the empty cell is the empty caption; these formats cannot say NULL.

The first row is a header if one of its cells is the column the user named, or is called as
captions, keys or URLs conventionally are (`columns`); in a file of one column only caption names
count. Otherwise every row is data and the columns are called ``0``, ``1``, ...; naming a column by
such a number says that there is no header, unless the first row looks like one that has that number
for a name: of numbers alone, or with a conventional name beside it.

Without a header the caption column is the one that does not hold URLs in the first rows:
``caption<TAB>url`` (CC3M) and ``url<TAB>caption`` (CC12M) are both read right, and where several
columns could be captions nothing is guessed.

In TSV a tab always separates and a newline always ends: there is no quoting and no escape.
"""

from __future__ import annotations

import io
import itertools
import re
from abc import abstractmethod
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.sources import csv
from wagidx.sources.base import FILTERED, MALFORMED, ROW_LIMIT, Columns, SourceBatch
from wagidx.sources.cells import Cells, cut, too_long
from wagidx.sources.columns import (
    CAPTION_NAMES,
    KEY_NAMES,
    URL_NAMES,
    by_convention,
    by_name,
    no_caption,
)
from wagidx.sources.detect import open_stream
from wagidx.sources.files import StreamSource
from wagidx.sources.lines import CHUNK, chunks, lines, refuse_lone_returns
from wagidx.sources.rejects import Rejects

__all__ = ["CsvSource", "TsvSource"]

_SAMPLE = 100
_TAB = 9
_URL = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://")
_Row = list[bytes] | None


@dataclass(frozen=True)
class _Layout:
    """Where things stand in the rows of one file."""

    names: tuple[str, ...]
    skip: int
    caption: int
    key: int | None
    url: int | None
    filters: tuple[int, ...]


class DelimitedSource(StreamSource):
    """A file of rows of cells."""

    def columns(self) -> Columns:
        layout = self._layout
        if layout is None:
            return Columns()

        def name(index: int | None) -> str | None:
            return None if index is None else layout.names[index]

        return Columns(name(layout.caption), name(layout.key), name(layout.url))

    @abstractmethod
    def _first_rows(self, data: bytes, *, final: bool) -> list[_Row]:
        """The first rows that are not empty lines; None for one that cannot be read."""

    @abstractmethod
    def _cells(self, stream: BinaryIO, width: int) -> Iterator[Cells]:
        """All rows, header and all."""

    @cached_property
    def _layout(self) -> _Layout | None:
        """None for a file without rows."""
        head, rows = self._head()
        refuse_lone_returns(head, self.name)
        data = [row for row in rows if row is not None]
        if not data:
            if not rows:
                return None
            raise SourceError(f"{printable(self.name)}: its first rows are not valid {self.format}")
        names = self._header(rows[0])
        if names is None:
            return self._place([str(i) for i in range(len(data[0]))], 0, data)
        lines_above = _empty_lines(head) if len(names) == 1 else 0
        return self._place(names, 1 + lines_above, None)

    def _head(self) -> tuple[bytes, list[_Row]]:
        """The beginning of the file, with at least one row in it."""
        head = b""
        with open_stream(self.name) as stream:
            for chunk in chunks(stream, self.name):
                head += chunk
                rows = self._first_rows(head, final=False)
                if rows and len(head) >= CHUNK:
                    return head, rows
                if len(head) > ROW_LIMIT:
                    raise SourceError(
                        f"{printable(self.name)}: no row ends in its first {len(head)} bytes"
                    )
        return head, self._first_rows(head, final=True)

    def _header(self, row: _Row) -> list[str] | None:
        """The names in the first row, if names they are."""
        if row is None:
            return None
        names = [cell.decode("utf-8", "surrogateescape").strip() for cell in row]
        given = [self._caption_column, self._key_column, *(f.column for f in self._filters)]
        asked = [name for name in given if name is not None]
        if not all(name.isdecimal() for name in asked):
            return names  # a name that is not among them is then refused, and they are listed
        known = CAPTION_NAMES if len(names) == 1 else CAPTION_NAMES + KEY_NAMES + URL_NAMES
        conventional = by_convention(names, known) is not None
        if not asked:
            return names if conventional else None
        held = [name for name in asked if name in names]
        certain = any(int(name) >= len(names) for name in held)
        numbered = all(name.isdecimal() or not name for name in names)
        return names if certain or (held and (conventional or numbered)) else None

    def _place(self, names: list[str], skip: int, data: list[list[bytes]] | None) -> _Layout:
        """Choose the columns; without a header by what the first rows of data hold."""
        urls = [] if data is None else _url_columns(data)
        caption = self._named(names, self._caption_column, "--caption-column")
        if caption is None and data is not None:
            caption = self._only_text(data, urls)
        if caption is None:
            caption = self._conventional(names, CAPTION_NAMES)
        if caption is None:
            raise no_caption(names, source=self.name)
        key = self._named(names, self._key_column, "--key-column")
        if key is None:
            key = self._conventional(names, KEY_NAMES)
        url = urls[0] if len(urls) == 1 else self._conventional(names, URL_NAMES)
        filters = [self._named(names, f.column, "--filter") for f in self._filters]
        return _Layout(
            tuple(names), skip, caption, key, url, tuple(i for i in filters if i is not None)
        )

    def _named(self, names: list[str], given: str | None, option: str) -> int | None:
        if given is None:
            return None
        return self._index(names, by_name(names, given, source=self.name, option=option))

    def _conventional(self, names: list[str], wanted: Sequence[str]) -> int | None:
        found = by_convention(names, wanted)
        return None if found is None else self._index(names, found)

    def _index(self, names: list[str], name: str) -> int:
        if names.count(name) > 1:
            raise SourceError(
                f"{printable(self.name)}: {names.count(name)} columns are called {name}"
            )
        return names.index(name)

    def _only_text(self, data: list[list[bytes]], urls: list[int]) -> int:
        """The one column there is, or the one without URLs."""
        if len(data[0]) == 1:
            return 0
        others = [i for i in range(len(data[0])) if i not in urls]
        if len(others) == 1:
            return others[0]
        samples = [data[0][i][:30].decode("utf-8", "replace") for i in range(len(data[0]))]
        listed = ", ".join(f"{i} ({printable(sample)})" for i, sample in enumerate(samples[:10]))
        raise SourceError(
            f"{printable(self.name)}: no header, so the caption column is not clear; "
            f"name it with --caption-column; columns: {listed}"
        )

    def _stream(self, keys: bool, urls: bool) -> Generator[SourceBatch, None, None]:
        layout = self._layout
        if layout is None:
            return
        rejects = Rejects(self.name)
        row, line = -layout.skip, 1
        with open_stream(self.name) as stream:
            for cells in self._cells(stream, len(layout.names)):
                _report(cells, row, line, len(layout.names), rejects)
                batch = self._batch(cells, layout, keys, urls)
                drop = min(max(-row, 0), len(batch))
                yield batch.slice(drop, len(batch) - drop)
                row += len(cells)
                line += cells.block.count(b"\n", 0, cells.used)
        rejects.close()

    def _batch(self, cells: Cells, layout: _Layout, keys: bool, urls: bool) -> SourceBatch:
        def column(index: int | None, wanted: bool) -> pa.Array | None:
            return cells.column(index) if wanted and index is not None else None

        passed = np.ones(len(cells), dtype=np.bool_)
        for index, condition in zip(layout.filters, self._filters, strict=True):
            mask = condition.mask(cells.column(index), typed=False)
            passed &= mask.to_numpy(zero_copy_only=False)
        status = np.where(passed, 0, FILTERED).astype(np.uint8)
        status[~cells.good] = MALFORMED
        return SourceBatch(
            cells.column(layout.caption),
            pa.array(status) if status.any() else None,
            column(layout.key, keys),
            column(layout.url, urls),
        )


class CsvSource(DelimitedSource):
    """A CSV file, quoted as in RFC 4180 (see `wagidx.sources.csv`)."""

    format = "csv"

    def _first_rows(self, data: bytes, *, final: bool) -> list[_Row]:
        return csv.first_rows(data, _SAMPLE, final=final)

    def _cells(self, stream: BinaryIO, width: int) -> Iterator[Cells]:
        return csv.read_cells(stream, self.name, width)


class TsvSource(DelimitedSource):
    """A TSV file: cells between tabs, rows between newlines, nothing else."""

    format = "tsv"

    def _first_rows(self, data: bytes, *, final: bool) -> list[_Row]:
        whole = data if final else data[: data.rfind(b"\n") + 1]
        found = (line.rstrip(b"\n").removesuffix(b"\r") for line in io.BytesIO(whole))
        return [line.split(b"\t") for line in itertools.islice(filter(None, found), _SAMPLE)]

    def _cells(self, stream: BinaryIO, width: int) -> Iterator[Cells]:
        for block in lines(stream, self.name):
            cells = None if block.too_long else cut(block.data, _TAB, width, quotes=False)
            yield too_long() if cells is None else cells


def _empty_lines(head: bytes) -> int:
    """How many empty lines a file starts with."""
    count = 0
    for line in head.split(b"\n"):
        if line.removesuffix(b"\r"):
            break
        count += 1
    return count


def _url_columns(data: list[list[bytes]]) -> list[int]:
    """Columns that hold a URL in most of the rows given."""
    whole = [row for row in data if len(row) == len(data[0])]
    counts = [sum(_URL.match(row[i]) is not None for row in whole) for i in range(len(data[0]))]
    return [i for i, count in enumerate(counts) if 2 * count > len(whole)]


def _report(cells: Cells, row: int, line: int, width: int, rejects: Rejects) -> None:
    malformed = np.flatnonzero(~cells.good)
    for done, i in enumerate(malformed):
        if not rejects.wants_detail():
            rejects.more(len(malformed) - done)
            return
        place = line + cells.block.count(b"\n", 0, int(cells.at[i]))
        why = cells.why.get(int(i), f"it has not {width} cells")
        rejects.add(row + int(i), f"line {place}", why)
