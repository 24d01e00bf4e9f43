"""JSON Lines: one object a line.

* A line that is not a JSON object is malformed; an empty line is no row.
* The caption is a string; a missing field or ``null`` is a NULL caption; a number, a truth value, a
  list or an object in its place makes the row malformed.
* Keys may be numbers and keep their spelling (``0012`` cannot be one in JSON, ``"0012"`` can).

Arrow's JSON reader takes the whole block when it can: it knows the one field that is wanted, and
steps over the others. It is used only where each line is one object between ``{`` and ``}``, and
where it refuses a block (a number in the place of a caption, a lone surrogate, a bad line) Python's
reader goes through that block line by line. That one defines the answers.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.json

from wagidx.sources.base import FILTERED, MALFORMED, TAKEN, Columns, SourceBatch, malformed_row
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
from wagidx.sources.filters import Filter, Number
from wagidx.sources.lines import line_bounds, lines
from wagidx.sources.rejects import Rejects

__all__ = ["JsonlSource"]

_SAMPLE = 1000
_DECODER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=Number)
_OPEN, _CLOSE = ord("{"), ord("}")


class JsonlSource(StreamSource):
    """A file of JSON objects, one a line."""

    format = "jsonl"

    @cached_property
    def _columns(self) -> Columns:
        """Chosen among the fields of the first lines."""
        fields = self._sample()
        names = list(fields)
        for condition in self._filters:
            by_name(names, condition.column, source=self.name, option="--filter")
        texts = [name for name in names if fields[name]]
        caption, key = self._caption_column, self._key_column
        if not names:
            return Columns(caption, key)
        if caption is not None:
            caption = by_name(names, caption, source=self.name, option="--caption-column")
        else:
            caption = by_convention(texts, CAPTION_NAMES)
        if caption is None:
            raise no_caption(names, source=self.name)
        if key is not None:
            key = by_name(names, key, source=self.name, option="--key-column")
        else:
            key = by_convention(names, KEY_NAMES)
        return Columns(caption, key, by_convention(texts, URL_NAMES))

    def columns(self) -> Columns:
        return self._columns

    def _sample(self) -> dict[str, bool]:
        """Fields of the first lines, and whether each holds text (or only NULLs so far)."""
        fields: dict[str, bool] = {}
        with open_stream(self.name) as stream:
            for block in lines(stream, self.name):
                for line in block.data.split(b"\n", _SAMPLE)[:_SAMPLE]:
                    for name, value in (parse_object(line) or {}).items():
                        fields[name] = fields.get(name, False) or may_be_caption(value)
                if fields:
                    break
        return fields

    def _stream(self, keys: bool, urls: bool) -> Generator[SourceBatch, None, None]:
        chosen = self._columns
        reader = _Reader(
            chosen.caption,
            chosen.key if keys else None,
            chosen.url if urls else None,
            self._filters,
        )
        rejects = Rejects(self.name)
        row, line = 0, 1
        with open_stream(self.name) as stream:
            for block in lines(stream, self.name):
                batch = None if block.too_long else reader.at_once(block.data)
                if block.too_long:
                    rejects.add(row, f"line {line}", "too long")
                    batch = malformed_row(keys=reader.key is not None, urls=reader.url is not None)
                elif batch is None:
                    batch = reader.one_by_one(block.data, row, line, rejects)
                yield batch
                row += len(batch)
                line += 1 if block.too_long else block.data.count(b"\n")
        rejects.close()


@dataclass(frozen=True)
class _Reader:
    """Turns blocks of lines into batches."""

    caption: str | None
    key: str | None
    url: str | None
    filters: Sequence[Filter]

    def at_once(self, data: bytes) -> SourceBatch | None:
        """The whole block through Arrow; None where that could differ from `one_by_one`."""
        if self.filters or not _plain_objects(data):
            return None
        names = [name for name in (self.caption, self.key, self.url) if name is not None]
        schema = pa.schema([(name, pa.string()) for name in dict.fromkeys(names)])
        try:
            table = pyarrow.json.read_json(
                pa.BufferReader(data),
                read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(data) + 1),
                parse_options=pyarrow.json.ParseOptions(
                    explicit_schema=schema, unexpected_field_behavior="ignore"
                ),
            )
        except pa.ArrowException:
            return None
        if table.num_rows != data.count(b"\n"):
            return None

        def column(name: str | None) -> pa.Array | None:
            return None if name is None else table.column(name).combine_chunks()

        captions = column(self.caption)
        return (
            None
            if captions is None
            else SourceBatch(captions, None, column(self.key), column(self.url))
        )

    def one_by_one(self, data: bytes, row: int, line: int, rejects: Rejects) -> SourceBatch:
        """The block line by line."""
        rows: list[_Row] = []
        for text in data.removesuffix(b"\n").split(b"\n"):
            if text and not text.isspace():
                rows.append(self._row(text, row + len(rows), line, rejects))
            line += 1
        status = np.array([one.status for one in rows], dtype=np.uint8)
        return SourceBatch(
            pa.array([one.caption for one in rows], pa.binary()),
            pa.array(status) if status.any() else None,
            pa.array([one.key for one in rows], pa.binary()) if self.key is not None else None,
            pa.array([one.url for one in rows], pa.binary()) if self.url is not None else None,
        )

    def _row(self, text: bytes, row: int, line: int, rejects: Rejects) -> _Row:
        fields = parse_object(text)
        caption = None if fields is None or self.caption is None else fields.get(self.caption)
        if fields is None or not may_be_caption(caption):
            why = "no JSON object" if fields is None else f"{self.caption} is not a string"
            rejects.add(row, f"line {line}", why)
            return _Row(None, None, None, MALFORMED)
        passed = all(one.passes(fields.get(one.column)) for one in self.filters)
        return _Row(
            encoded(caption),
            encoded(fields.get(self.key)) if self.key is not None else None,
            encoded(fields.get(self.url)) if self.url is not None else None,
            TAKEN if passed else FILTERED,
        )


class _Row(NamedTuple):
    caption: bytes | None
    key: bytes | None
    url: bytes | None
    status: int


def parse_object(text: bytes) -> dict[str, Any] | None:
    """The fields of a JSON object, numbers as `Number`; None for anything else."""
    try:
        value = _DECODER.decode(text.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def encoded(value: Any) -> bytes | None:
    """A field as bytes: text, numbers and truth values as spelled; None for anything else.

    Bytes that are not UTF-8 come back as they stood; half a surrogate pair, which JSON can spell
    and UTF-8 cannot, becomes bytes that are not UTF-8, so that it is counted as such.
    """
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if not isinstance(value, str):
        return None
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def may_be_caption(value: Any) -> bool:
    """Whether a field's value is text or NULL, not a number, list or object."""
    return value is None or (isinstance(value, str) and not isinstance(value, Number))


def _plain_objects(data: bytes) -> bool:
    """Whether every line starts with ``{`` and ends with ``}``: then no object spans lines."""
    raw = np.frombuffer(data, dtype=np.uint8)
    starts, ends = line_bounds(data)
    filled = bool((ends > starts).all())
    return filled and bool((raw[starts] == _OPEN).all() and (raw[ends - 1] == _CLOSE).all())
