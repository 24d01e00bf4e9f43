"""Anything with columns as plain lists: files, data frames, Arrow streams, dicts, records."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wagidx.exceptions import FitError
from wagidx.json_values import unique_keys

__all__ = [
    "CONCEPTS",
    "Columns",
    "cells_of",
    "column",
    "names_of",
    "numbers",
    "read",
    "records",
    "text_of",
]

CONCEPTS = ("concept", "classname", "class_name", "class", "category", "label")
"""What a column of concepts is called; `class` is a number where there is a name beside it."""

LARGEST = 1e100
"""Squares of larger numbers, and sums of these, may not fit into a float."""

Columns = dict[str, list[Any]]
"""Values by column, all of one length."""


def read(source: Any, what: str) -> tuple[str, Any]:
    """Read a source as far as its form goes.

    Parameters
    ----------
    source : path, mapping, list of records, or anything with an Arrow stream
        A path's suffix says what it is: .csv, .tsv, .json or .parquet.
    what : str
        What to call it in an error where it has no path.

    Returns
    -------
    tuple
        Its name, and either `Columns` or what a JSON file or a mapping holds.

    Raises
    ------
    FitError
        It is damaged, of an unknown kind, or empty.
    FileNotFoundError
        There is no such file.
    """
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        return str(path), _file(path)
    if hasattr(source, "__arrow_c_stream__"):
        return what, _streamed(source, what)
    if isinstance(source, Mapping):
        return what, dict(source)
    if isinstance(source, Iterable):
        return what, records(list(source), what)
    raise FitError(
        f"{what}: a {type(source).__name__} is not a table; give a path, a data frame or a dict, "
        "or for an index the result of its frequencies()"
    )


def _streamed(source: Any, what: str) -> Columns:
    try:
        return dict(pa.table(source).to_pydict())
    except pa.ArrowException as error:
        kind = type(source).__name__
        raise FitError(
            f"{what}: a {kind} that is not a table of named columns, each of one type: "
            f"{str(error).splitlines()[0]}"
        ) from error


def _file(path: Path) -> Any:
    if path.is_dir():
        raise FitError(
            f"{path}: is a folder, not a table; for an index, 'wagidx count INDEX --concepts FILE "
            "-o counts.csv' writes one"
        )
    if not path.read_bytes()[:1]:
        raise FitError(f"{path}: the file is empty")
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        try:
            return pq.read_table(path).to_pydict()
        except pa.ArrowException as error:
            raise FitError(
                f"{path}: not readable as Parquet: {str(error).splitlines()[0]}"
            ) from error
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FitError(
            f"{path}: byte {error.start} is not UTF-8; save the table as UTF-8"
        ) from error
    if suffix == ".json":
        try:
            value = json.loads(text, object_pairs_hook=unique_keys)
        except (ValueError, RecursionError) as error:
            raise FitError(f"{path}: not readable as JSON: {error}") from error
        return records(value, str(path)) if isinstance(value, list) else value
    if suffix in (".csv", ".tsv"):
        return _delimited(text, "\t" if suffix == ".tsv" else ",", str(path))
    raise FitError(
        f"{path}: unknown format {suffix or 'without a suffix'}; use .csv, .json or .parquet"
    )


def _delimited(text: str, delimiter: str, name: str) -> Columns:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [(reader.line_num, line) for line in reader if line]
    except csv.Error as error:
        raise FitError(f"{name}: line {reader.line_num}: {error}") from error
    if not lines:
        raise FitError(f"{name}: the file is empty")
    header = [cell.strip() for cell in lines[0][1]]
    if len(header) == 1 and ";" in header[0]:
        raise FitError(f"{name}: cells are separated by ';'; use commas, and 0.5 instead of 0,5")
    if repeated := {cell for cell in header if header.count(cell) > 1}:
        raise FitError(f"{name}: the column {min(repeated)!r} appears twice")
    for number, line in lines[1:]:
        if len(line) != len(header):
            raise FitError(f"{name}: line {number} has {len(line)} cells, the header {len(header)}")
    return {cell: [line[i] for _, line in lines[1:]] for i, cell in enumerate(header)}


def records(rows: Sequence[Any], name: str) -> Columns:
    """Columns of a list of objects; a key that some lack is None there."""
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise FitError(f"{name}: entry {number} is not an object with columns")
    keys = dict.fromkeys(key for row in rows for key in row)
    return {str(key): [row.get(key) for row in rows] for key in keys}


def cells_of(value: Any) -> list[Any] | None:
    """The cells of a column: of a list, an array or a series; None of a single value."""
    if isinstance(value, (list, tuple)):
        return list(value)
    for to_list in ("to_list", "to_pylist", "tolist"):  # of pandas and polars, Arrow, numpy
        if hasattr(value, to_list):
            cells = getattr(value, to_list)()  # that of one number, as numpy has them, is no list
            return cells if isinstance(cells, list) else None
    return None


def column(table: Columns, wanted: Sequence[str]) -> str | None:
    """The first column that goes by one of these names, whatever its case."""
    lower = {name.lower(): name for name in reversed(list(table))}
    return next((lower[name] for name in wanted if name in lower), None)


def text_of(value: Any) -> str:
    """A cell that may be missing, which data frames say by None or NaN: then it is empty."""
    return "" if _missing(value) else str(value).strip()


def _missing(value: Any) -> bool:
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas' NA is neither equal nor not
        return True


def names_of(values: Iterable[Any], label: str, name: str) -> list[str]:
    """Text cells; a missing one is an error."""
    found = []
    for row, value in enumerate(values, start=1):
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if not text_of(value):
            raise FitError(f"{name}: row {row} has no {label}")
        found.append(str(value))
    return found


def numbers(values: Iterable[Any], label: str, name: str, keys: Sequence[str]) -> list[float]:
    """Number cells, text of numbers among them.

    Raises
    ------
    FitError
        A cell is missing, text, NaN or infinite; the row's key (concept) is named.
    """
    found = []
    for row, value in enumerate(values):
        try:
            number = math.nan if value is None or isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            shown = "missing" if value is None else f"{str(value)[:40]!r}, not a finite number"
            raise FitError(f"{name}: row {row + 1} ({keys[row]!r}): the {label} is {shown}")
        if abs(number) > LARGEST:
            large = f"the {label} {number:g} is beyond {LARGEST:g}"
            raise FitError(f"{name}: row {row + 1} ({keys[row]!r}): {large}")
        found.append(number)
    return found
