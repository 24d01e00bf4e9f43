"""Row filters: ``LANGUAGE=en``, ``similarity>=0.3``, ``NSFW!=NSFW``.

A filter is a column, one of ``= != < <= > >=``, and a value; blanks around them do not count. A row
passes when every filter holds for it, and **a NULL never passes**, not even ``!=`` (nor does NaN,
which is how pandas writes a missing number). Numbers are compared as numbers, dates as dates
(``2020-01-31``), truth values with ``true`` and ``false``, and text as text, by code point.

CSV and TSV know no types: there ``=`` and ``!=`` compare text, and an order against a number
compares numbers, so a cell that is none does not pass.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from wagidx import _compute as pc
from wagidx.exceptions import SourceError
from wagidx.printable import printable

__all__ = ["Filter", "Number", "is_text", "parsed", "plain", "to_large_binary"]

_GRAMMAR = re.compile(
    r"\s*(?P<column>[^=!<>\s][^=!<>]*?)\s*(?P<op>!=|<=|>=|=(?!=)|<|>)\s*(?P<value>.*?)\s*", re.S
)
_OPERATORS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "=": ("equal", operator.eq),
    "!=": ("not_equal", operator.ne),
    "<": ("less", operator.lt),
    "<=": ("less_equal", operator.le),
    ">": ("greater", operator.gt),
    ">=": ("greater_equal", operator.ge),
}


class Number(str):
    """A JSON number, kept as it was spelled: keys must not lose digits on the way through float."""


@dataclass(frozen=True)
class Filter:
    """One condition on one column.

    Attributes
    ----------
    column : str
        Name of the column.
    op : str
        ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``.
    value : str
        What to compare with, as written.
    """

    column: str
    op: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Filter:
        """Read ``COLUMN OP VALUE``.

        Raises
        ------
        ValueError
            The text is not of this form.
        """
        match = _GRAMMAR.fullmatch(text)
        if match is None:
            raise ValueError(
                f"filter {text!r} is not COLUMN OP VALUE, with OP one of = != < <= > >=; "
                "for example LANGUAGE=en"
            )
        return cls(match["column"], match["op"], match["value"])

    def mask(self, array: pa.Array, *, typed: bool = True) -> pa.Array:
        """Which rows pass.

        Parameters
        ----------
        array : pyarrow.Array
            The column, of any type that can be compared.
        typed : bool
            False for CSV and TSV, where every cell is text (see the module).

        Returns
        -------
        pyarrow.BooleanArray
            Without NULLs.

        Raises
        ------
        SourceError
            The value cannot be compared with the column's type.
        """
        array = plain(array)
        if pa.types.is_null(array.type):
            return pa.repeat(False, len(array))
        if not typed and self._wants_order_of_numbers():
            return pa.array([self._passes_number(v) for v in array.to_pylist()], pa.bool_())
        left, right = self._comparable(array)
        passed = pc.call_function(_OPERATORS[self.op][0], [left, right])
        if pa.types.is_floating(left.type):
            passed = pc.and_(passed, pc.invert(pc.is_nan(left)))
        return pc.fill_null(passed, False)

    def passes(self, value: Any) -> bool:
        """Whether one JSON value passes; `Number` stands for numbers."""
        if value is None:
            return False
        if isinstance(value, Number):
            return self._passes_number(value)
        if isinstance(value, bool):
            value = "true" if value else "false"
        if not isinstance(value, str):
            return False
        return _OPERATORS[self.op][1](value, self.value)

    def check(self, kind: pa.DataType, *, source: str) -> None:
        """Refuse a column, before any of it is read, that the value cannot be compared with.

        Raises
        ------
        SourceError
            The message names the source.
        """
        try:
            self.mask(pa.nulls(0, kind.value_type if pa.types.is_dictionary(kind) else kind))
        except SourceError as error:
            raise SourceError(f"{printable(source)}: {error}") from None

    def _wants_order_of_numbers(self) -> bool:
        return self.op not in ("=", "!=") and _number(self.value) is not None

    def _passes_number(self, cell: Any) -> bool:
        left, right = _number(cell), _number(self.value)
        return left is not None and right is not None and _OPERATORS[self.op][1](left, right)

    def _comparable(self, array: pa.Array) -> tuple[pa.Array, pa.Scalar]:
        """Both sides in one type."""
        kind = array.type
        if pa.types.is_large_binary(kind):
            raw = self.value.encode("utf-8", "surrogateescape")
            return array, pa.scalar(raw, pa.large_binary())
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            return self._comparable_numbers(array)
        zoned = pa.types.is_timestamp(kind) and kind.tz is not None
        plain = pa.timestamp(kind.unit) if zoned else kind
        try:
            return array, pc.cast(pa.scalar(self.value), plain).cast(kind)
        except pa.ArrowException:
            raise self._misfit(kind) from None

    def _comparable_numbers(self, array: pa.Array) -> tuple[pa.Array, pa.Scalar]:
        if pa.types.is_integer(array.type) and re.fullmatch(r"[+-]?\d{1,18}", self.value):
            # 18 digits fit int64, and as decimals both signs of 64 bits compare without rounding
            wide = pa.decimal128(20, 0)
            return pc.cast(array, wide), pa.scalar(int(self.value)).cast(wide)
        number = _number(self.value)
        if number is None:
            raise self._misfit(array.type)
        return pc.cast(array, pa.float64(), safe=False), pa.scalar(number, pa.float64())

    def _misfit(self, kind: pa.DataType) -> SourceError:
        return SourceError(
            f"filter {self.column}{self.op}{self.value}: the column holds {kind}, "
            f"which cannot be compared with {self.value!r}"
        )


def parsed(filters: Sequence[str | Filter]) -> list[Filter]:
    """Filters, some of them as text.

    Raises
    ------
    ValueError
        One does not read as a filter, or the text of one was given for the list.
    """
    if isinstance(filters, str):
        raise ValueError(f"filters must be a sequence of conditions, not the text {filters!r}")
    return [Filter.parse(one) if isinstance(one, str) else one for one in filters]


def plain(array: pa.Array) -> pa.Array:
    """Text of every Arrow layout as large_binary; UTF-8 order is code point order."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return plain(array.dictionary).take(array.indices)  # Arrow cannot take from views
    if is_text(kind):
        return to_large_binary(array)
    return array


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text or raw bytes of any length."""
    checks: Sequence[Callable[[pa.DataType], bool]] = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_string_view,
        pa.types.is_binary_view,
    )
    return any(check(kind) for check in checks)


def to_large_binary(array: pa.Array) -> pa.Array:
    """Text of any layout as large_binary, copying only where the layout differs."""
    try:
        return array.cast(pa.large_binary())
    except pa.ArrowNotImplementedError:  # string_view before pyarrow 17
        cells = (cell.as_buffer() for cell in array)
        return pa.array([None if c is None else c.to_pybytes() for c in cells], pa.large_binary())


def _number(text: Any) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number
