"""What sources that are files have in common: size, fingerprint, and reading from start to end."""

from __future__ import annotations

import hashlib
import os
from abc import abstractmethod
from collections.abc import Generator, Iterator
from contextlib import closing

from wagidx.sources.base import Source, SourceBatch, clip
from wagidx.sources.filters import Filter
from wagidx.storage import open_binary, reading
from wagidx.storage import size as stored_size

__all__ = ["FileSource", "StreamSource"]

_ENDS = 1 << 16


class FileSource(Source):
    """A source that is one file.

    Parameters
    ----------
    name : str
        Local name or URL.
    caption_column, key_column : str, optional
        Columns by name instead of by convention.
    filters : sequence of Filter
        A row must pass all of them.
    """

    def __init__(
        self,
        name: str,
        *,
        caption_column: str | None = None,
        key_column: str | None = None,
        filters: tuple[Filter, ...] = (),
    ) -> None:
        self.name = name
        self._caption_column = caption_column
        self._key_column = key_column
        self._filters = filters

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def rows(self) -> int | None:
        return None

    def size(self) -> int | None:
        return stored_size(self.name)

    def fingerprint(self) -> str:
        """Size and a checksum of the first and last 64 KiB."""
        with open_binary(self.name) as file, reading(self.name):
            length = file.seek(0, os.SEEK_END)
            digest = hashlib.blake2b(digest_size=16)
            for at in (0, max(0, length - _ENDS)):
                file.seek(at)
                digest.update(file.read(_ENDS))
        return f"{length}-{digest.hexdigest()}"


class StreamSource(FileSource):
    """A file that can only be read from its beginning, compressed or not."""

    def batches(
        self,
        *,
        start: int = 0,
        stop: int | None = None,
        keys: bool = False,
        urls: bool = False,
    ) -> Iterator[SourceBatch]:
        with closing(self._stream(keys, urls)) as stream:
            yield from clip(stream, start, stop)

    @abstractmethod
    def _stream(self, keys: bool, urls: bool) -> Generator[SourceBatch, None, None]:
        """All rows from the first on, in batches of any length."""
