"""Captions out of Arrow record batches, whether they come from Parquet or from Python.

Columns are chosen by name among those that hold text: string, large_string, string_view, binary and
its kin, and dictionaries of these. A column of lists is not one caption a row, so it is never taken
by convention, and naming it is an error that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from wagidx import _compute as pc
from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.sources.base import FILTERED, Columns, SourceBatch
from wagidx.sources.columns import (
    CAPTION_NAMES,
    KEY_NAMES,
    URL_NAMES,
    by_convention,
    by_name,
    no_caption,
)
from wagidx.sources.filters import Filter, is_text, plain

__all__ = ["Layout", "choose", "key_text", "to_batch"]


@dataclass(frozen=True)
class Layout:
    """Columns chosen in a schema.

    Attributes
    ----------
    caption, key, url : str or None
        Columns as the schema spells them; there always is a caption.
    filters : tuple of Filter
        With columns spelled as in the schema.
    """

    caption: str
    key: str | None = None
    url: str | None = None
    filters: tuple[Filter, ...] = ()

    @property
    def columns(self) -> Columns:
        """The choice as a `Source` shows it."""
        return Columns(self.caption, self.key, self.url)

    def needed(self, keys: bool, urls: bool) -> list[str]:
        """Names of the columns to read, each once."""
        names = [self.caption, self.key if keys else None, self.url if urls else None]
        names += [one.column for one in self.filters]
        return list(dict.fromkeys(name for name in names if name is not None))


def choose(
    schema: pa.Schema,
    *,
    source: str,
    caption_column: str | None = None,
    key_column: str | None = None,
    filters: Sequence[Filter] = (),
) -> Layout:
    """Choose the columns of a schema.

    Raises
    ------
    SourceError
        No caption column, a name that is not there, or a column that does not hold text.
    """
    names = list(schema.names)
    kinds = {field.name: _storage(field.type) for field in schema}
    texts = [name for name in names if _holds_text(kinds[name])]

    def named(given: str, option: str) -> str:
        found = by_name(names, given, source=source, option=option)
        if names.count(found) > 1:
            raise SourceError(
                f"{printable(source)}: {names.count(found)} columns are called {found}"
            )
        return found

    caption = caption_column and named(caption_column, "--caption-column")
    caption = caption or by_convention(texts, CAPTION_NAMES) or by_convention(names, CAPTION_NAMES)
    if caption is None:
        raise no_caption(names, source=source)
    caption = named(caption, "caption")
    if caption not in texts:
        raise _not_text(source, caption, kinds[caption])
    key = named(key_column, "--key-column") if key_column else by_convention(names, KEY_NAMES)
    filters = [Filter(named(f.column, "--filter"), f.op, f.value) for f in filters]
    for one in filters:
        one.check(kinds[one.column], source=source)
    return Layout(caption, key, by_convention(texts, URL_NAMES), tuple(filters))


def _not_text(source: str, name: str, kind: pa.DataType) -> SourceError:
    help = "choose another with --caption-column"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        help = f"one caption per row is needed: explode the lists first, or {help}"
    return SourceError(
        f"{printable(source)}: column {printable(name)} holds {kind}, not text; {help}"
    )


def to_batch(batch: pa.RecordBatch, layout: Layout, keys: bool, urls: bool) -> SourceBatch:
    """Take captions, keys, URLs and filters out of a record batch."""

    def column(name: str | None, wanted: bool) -> pa.Array | None:
        return key_text(batch, name) if wanted and name is not None else None

    return SourceBatch(
        _captions(_array(batch, layout.caption)),
        _status(batch, layout.filters),
        column(layout.key, keys),
        column(layout.url, urls),
    )


def key_text(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A column of keys or URLs as text."""
    return _text(_array(batch, name))


def _status(batch: pa.RecordBatch, filters: Sequence[Filter]) -> pa.Array | None:
    passed = np.ones(len(batch), dtype=np.bool_)
    for one in filters:
        passed &= one.mask(_array(batch, one.column)).to_numpy(zero_copy_only=False)
    if passed.all():
        return None
    return pa.array(np.where(passed, 0, FILTERED).astype(np.uint8))


def _array(batch: pa.RecordBatch, name: str) -> pa.Array:
    array = batch.column(name)
    return array.storage if isinstance(array, pa.ExtensionArray) else array


def _storage(kind: pa.DataType) -> pa.DataType:
    """The type below an extension type."""
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    return is_text(kind) or pa.types.is_null(kind) or pa.types.is_fixed_size_binary(kind)


def _captions(array: pa.Array) -> pa.Array:
    """Captions in one of the layouts `SourceBatch` allows."""
    kind = array.type
    if pa.types.is_null(kind):
        return pa.nulls(len(array), pa.string())
    if pa.types.is_binary_view(kind):
        return array.cast(pa.large_binary())
    if pa.types.is_fixed_size_binary(kind):
        return array.cast(pa.binary())
    return array


def _text(array: pa.Array) -> pa.Array:
    """Cells as text: whole numbers lose the decimal point, LAION writes doubles."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _text(plain(array))
    if _holds_text(kind):
        return _captions(array)
    if pa.types.is_floating(kind):
        array = pc.if_else(pc.is_nan(array), None, array)
        whole = pc.equal(array, pc.floor(array))
        exact = pc.and_(whole, pc.less(pc.abs(array), 2.0**63))
        integers = pc.if_else(exact, array, None).cast(pa.int64(), safe=False)
        return pc.coalesce(integers.cast(pa.string()), array.cast(pa.string()))
    return array.cast(pa.string())
