"""Plain text: one caption a line, an empty line being an empty caption."""

from __future__ import annotations

from collections.abc import Generator

from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.sources.base import Columns, SourceBatch, malformed_row
from wagidx.sources.cells import gather
from wagidx.sources.detect import open_stream
from wagidx.sources.files import StreamSource
from wagidx.sources.lines import line_bounds, lines, refuse_lone_returns
from wagidx.sources.rejects import Rejects

__all__ = ["TextSource"]


class TextSource(StreamSource):
    """A file of captions, one a line.

    There are no columns, so naming one, or filtering by one, is an error.
    """

    format = "text"

    def columns(self) -> Columns:
        named = self._caption_column or self._key_column
        if named is None and self._filters:
            named = self._filters[0].column
        if named is not None:
            raise SourceError(
                f"{printable(self.name)}: no column {named!r}: plain text has no columns"
            )
        return Columns()

    def _stream(self, keys: bool, urls: bool) -> Generator[SourceBatch, None, None]:
        self.columns()
        rejects = Rejects(self.name)
        row = 0
        with open_stream(self.name) as stream:
            for block in lines(stream, self.name):
                if block.too_long:
                    rejects.add(row, f"line {row + 1}", "too long")
                    batch = malformed_row()
                else:
                    batch = SourceBatch(gather(block.data, *line_bounds(block.data)))
                yield batch
                row += len(batch)
        if row == 1:
            refuse_lone_returns(block.data, self.name)
        rejects.close()
