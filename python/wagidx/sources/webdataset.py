"""Webdataset tar files: one sample is the members that share a stem.

``000012.jpg``, ``000012.txt`` and ``000012.json`` are one row with the key ``000012``. The stem
ends at the first dot of the file name and includes the folder (``a/000012``); a leading ``./`` does
not count. A sample's members must stand together, as every writer of the format has it.

The caption is a member (``txt``) or a field of the ``.json`` member. By default it is the ``.txt``
where the first sample that has either holds one, else the conventional field of its ``.json``;
``--caption-column`` names a member's extension or a field. A sample without it has a NULL caption.
A caption member is taken byte for byte.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from wagidx.printable import printable
from wagidx.sources.base import (
    FILTERED,
    MALFORMED,
    READ_ROWS,
    ROW_LIMIT,
    TAKEN,
    Columns,
    SourceBatch,
)
from wagidx.sources.columns import CAPTION_NAMES, URL_NAMES, by_convention, by_name, no_caption
from wagidx.sources.detect import open_stream
from wagidx.sources.files import StreamSource
from wagidx.sources.jsonl import encoded, may_be_caption, parse_object
from wagidx.sources.rejects import Rejects
from wagidx.sources.tar import TarReader

__all__ = ["WebdatasetSource"]

_STEM = "__key__"
_SAMPLE = 100
_BATCH_BYTES = 16 << 20


@dataclass
class _Sample:
    """The members of one stem: the extensions of all, and the bytes of those that were read."""

    stem: bytes
    extensions: set[str] = field(default_factory=set)
    texts: dict[str, bytes] = field(default_factory=dict)

    def fields(self) -> dict[str, Any] | None:
        """Fields of the ``.json`` member; none where there is no such member, None if damaged."""
        return parse_object(self.texts["json"]) if "json" in self.texts else {}


@dataclass(frozen=True)
class _Layout:
    """The columns of one file, and whether the caption is a member rather than a field."""

    columns: Columns
    in_member: bool


class _Row(NamedTuple):
    caption: bytes | None
    key: bytes | None
    url: bytes | None
    status: int


class WebdatasetSource(StreamSource):
    """A tar file of samples."""

    format = "webdataset"

    def columns(self) -> Columns:
        return self._layout.columns

    @cached_property
    def _layout(self) -> _Layout:
        """Chosen among the members and fields of the first samples."""
        extensions: dict[str, None] = {}
        fields: dict[str, bool] = {}
        captioned: _Sample | None = None
        for count, sample in enumerate(self._samples(("json",))):
            if count == _SAMPLE:
                break
            found = sample.fields() or {}
            if captioned is None and (found or "txt" in sample.extensions):
                captioned = sample
            extensions.update(dict.fromkeys(sorted(sample.extensions - {"json"})))
            for name, value in found.items():
                fields[name] = fields.get(name, False) or may_be_caption(value)
        by_member = captioned is not None and "txt" in captioned.extensions
        return self._choose(list(extensions), fields, "txt" if by_member else None)

    def _choose(
        self, extensions: list[str], fields: dict[str, bool], member: str | None
    ) -> _Layout:
        names = [*extensions, *fields]
        texts = [name for name in fields if fields[name]]
        caption, key = self._caption_column, self._key_column or _STEM
        if caption is not None:
            caption = by_name(names, caption, source=self.name, option="--caption-column")
        else:
            caption = member or by_convention(texts, CAPTION_NAMES)
        if caption is None and names:
            raise no_caption(names, source=self.name)
        key = by_name([_STEM, *fields], key, source=self.name, option="--key-column")
        for one in self._filters:
            by_name(list(fields), one.column, source=self.name, option="--filter")
        columns = Columns(caption, key, by_convention(texts, URL_NAMES))
        return _Layout(columns, caption in extensions)

    def _samples(self, wanted: tuple[str, ...]) -> Iterator[_Sample]:
        """Samples in order, with the members of the wanted extensions read."""
        sample: _Sample | None = None
        with open_stream(self.name) as stream:
            tar = TarReader(stream, self.name)
            for member in tar:
                stem, extension = _split(member.name)
                if not extension:
                    continue
                if sample is None or stem != sample.stem:
                    if sample is not None:
                        yield sample
                    sample = _Sample(stem)
                sample.extensions.add(extension)
                if extension in wanted and member.size <= ROW_LIMIT:
                    sample.texts[extension] = tar.read()
        if sample is not None:
            yield sample

    def _stream(self, keys: bool, urls: bool) -> Generator[SourceBatch, None, None]:
        chosen, in_member = self._layout.columns, self._layout.in_member
        url = urls and chosen.url is not None
        in_json = not in_member or url or bool(self._filters) or (keys and chosen.key != _STEM)
        wanted = (("json",) if in_json else ()) + ((chosen.caption or "",) if in_member else ())
        rejects = Rejects(self.name)
        rows: list[_Row] = []
        done = held = 0
        for sample in self._samples(wanted):
            rows.append(self._row(sample, done + len(rows), rejects))
            held += len(rows[-1].caption or b"")
            if len(rows) == READ_ROWS or held > _BATCH_BYTES:
                yield _batch(rows, keys, url)
                done, held, rows = done + len(rows), 0, []
        if rows:
            yield _batch(rows, keys, url)
        rejects.close()

    def _row(self, sample: _Sample, row: int, rejects: Rejects) -> _Row:
        chosen = self._layout.columns
        parsed = sample.fields()
        fields = parsed or {}
        stem = sample.stem if chosen.key == _STEM else encoded(fields.get(chosen.key or ""))
        url = encoded(fields.get(chosen.url)) if chosen.url is not None else None
        why = self._malformed(sample, parsed)
        if why is not None:
            rejects.add(row, f"sample {printable(os.fsdecode(sample.stem))}", why)
            return _Row(None, stem, url, MALFORMED)
        passed = all(one.passes(fields.get(one.column)) for one in self._filters)
        if self._layout.in_member:
            caption = sample.texts.get(chosen.caption or "")
        else:
            caption = encoded(fields.get(chosen.caption or ""))
        return _Row(caption, stem, url, TAKEN if passed else FILTERED)

    def _malformed(self, sample: _Sample, fields: dict[str, Any] | None) -> str | None:
        """Why a sample's caption cannot be read, if so."""
        caption = self._layout.columns.caption
        holder = caption if self._layout.in_member else "json"
        if holder in sample.extensions and holder not in sample.texts:
            return f"its .{holder} is too long"
        if self._layout.in_member:
            return None
        if fields is None:
            return "its .json is not a JSON object"
        return None if may_be_caption(fields.get(caption or "")) else f"{caption} is not a string"


def _split(name: bytes) -> tuple[bytes, str]:
    """Stem and extension of a member; no extension for what belongs to no sample."""
    folder, slash, file = name.removeprefix(b"./").rpartition(b"/")
    stem, _, extension = file.partition(b".")
    if not stem:
        return b"", ""
    return folder + slash + stem, os.fsdecode(extension).lower()


def _batch(rows: list[_Row], keys: bool, urls: bool) -> SourceBatch:
    status = np.array([one.status for one in rows], dtype=np.uint8)
    return SourceBatch(
        pa.array([one.caption for one in rows], pa.binary()),
        pa.array(status) if status.any() else None,
        pa.array([one.key for one in rows], pa.binary()) if keys else None,
        pa.array([one.url for one in rows], pa.binary()) if urls else None,
    )
