"""Concept lists: what to count, from a file or by the name of a published list.

Every row of the input gives one concept, in order, including duplicates, so that counts can be
joined to the list by row. A row may have *synonyms*; such a concept is queried as
`any_of(concept, *synonyms)`.

=========  ==================================================================================
suffix     content
=========  ==================================================================================
.csv .tsv  a column ``concept`` and optionally ``synonyms`` (split at ``|``), or one column
           without a header
.json      a list of concepts, an object whose keys are concepts, or a list of records with
           ``concept`` and optionally ``synonyms``
.jsonl     one concept or such a record per line
.parquet   a column ``concept`` and optionally ``synonyms``, a list or text split at ``|``
others     text, one concept per line; empty lines are skipped
=========  ==================================================================================
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

from wagidx._optional import require
from wagidx.asking.expressions import Expression, any_of
from wagidx.exceptions import ConceptError
from wagidx.json_values import unique_keys

__all__ = ["PUBLISHED", "ConceptList", "Concepts", "concept_list", "load_concepts"]

PUBLISHED = {"clip_benchmark": "clip-benchmark"}
"""Packages whose class names can be loaded by name, and the extra that installs each."""

_MANY = 12
"""How many names an error lists before it cuts the list."""

Row = tuple[str, list[str]]
"""A concept and its synonyms."""


@dataclass(frozen=True)
class ConceptList:
    """Concepts in the order of their list.

    Attributes
    ----------
    names : list of str
        The name of each row, as written.
    expressions : list of str or Expression
        The query for each row; as long as `names`.
    """

    names: list[str]
    expressions: list[str | Expression]

    def __len__(self) -> int:
        return len(self.names)


class ArrowTable(Protocol):
    """A data frame or Arrow table."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


Concepts: TypeAlias = "ConceptList | Iterable[str | Expression] | ArrowTable"
"""A list of concepts (an expression is named by its `str`), or a table with a column
``concept`` and perhaps ``synonyms``."""


def concept_list(concepts: Concepts) -> ConceptList:
    """A list with the name of each concept.

    Raises
    ------
    TypeError
        It is one concept: its letters are not a list.
    ConceptError
        It is a table without a column ``concept``, or with an empty one.
    """
    if isinstance(concepts, ConceptList):
        return concepts
    if isinstance(concepts, (str, Expression)):
        raise TypeError(f"expected a list of concepts, not a single one: write [{concepts!r}]")
    if _is_table(concepts):
        return _listed("concepts", _table_rows(concepts))
    to_pylist = getattr(concepts, "to_pylist", None)  # Arrow hands out scalars, not texts
    asked: list[Any] = list(to_pylist() if to_pylist is not None else cast(Iterable[Any], concepts))
    if to_pylist is not None and None in asked:
        raise ConceptError(f"concept in row {asked.index(None) + 1} is NULL")
    return ConceptList([str(concept) for concept in asked], asked)


def _is_table(concepts: Any) -> bool:
    """Whether this is a data frame, or an Arrow table or stream of batches.

    A single column, which may be a stream too, has a type, or is an array of the Arrow interface.
    """
    if any(hasattr(concepts, name) for name in ("type", "dtype")):
        return False
    stream, array = (hasattr(concepts, f"__arrow_c_{kind}__") for kind in ("stream", "array"))
    return hasattr(concepts, "columns") or (stream and not array)


def _table_rows(table: Any) -> Iterator[Row]:
    import pyarrow as pa

    read = pa.table(table)
    wanted = [_column("concepts", read.column_names), "synonyms"]
    rows = read.select([name for name in read.column_names if name in wanted]).to_pylist()
    for number, item in enumerate(rows, start=1):
        yield _record("concepts", number, item)


def load_concepts(source: str | os.PathLike[str]) -> ConceptList:
    """Read a concept list.

    Parameters
    ----------
    source : str or path
        A file, whose suffix gives its format, or ``clip_benchmark:NAME`` for the English class
        names of a dataset in the clip-benchmark package, such as ``clip_benchmark:imagenet1k``.
        A file with exactly that name takes precedence.

    Returns
    -------
    ConceptList
        One entry per row.

    Raises
    ------
    ConceptError
        The list is empty, lacks the column, contains an empty concept, or does not have the format
        of its suffix.
    FileNotFoundError
        The file does not exist.
    ModuleNotFoundError
        The package of a published list is not installed; the message names the extra.
    """
    path = Path(source)
    package, _, name = str(source).partition(":")
    if package in PUBLISHED and not path.exists():
        rows: Iterable[Row] = _published(package, name)
    else:
        read = _READERS.get(path.suffix.lower(), _text)
        rows = read(path)
    return _listed(str(source), rows)


def _listed(source: str, rows: Iterable[Row]) -> ConceptList:
    names: list[str] = []
    expressions: list[str | Expression] = []
    empty: list[str] = []
    for number, (concept, synonyms) in enumerate(rows, start=1):
        if not concept.strip():
            empty.append(str(number))
        names.append(concept)
        expressions.append(any_of(concept, *synonyms) if synonyms else concept)
    if empty:
        verb = "rows {} have" if len(empty) > 1 else "row {} has"
        raise ConceptError(f"{source}: {verb.format(_some(empty))} an empty concept")
    if not names:
        raise ConceptError(f"{source}: the list has no concepts")
    return ConceptList(names, expressions)


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: byte {error.start} is not UTF-8; save the list as UTF-8"
        raise ConceptError(message) from error


def _text(path: Path) -> Iterator[Row]:
    for line in _decoded(path).split("\n"):
        if concept := line.strip():
            yield concept, []


def _csv(path: Path) -> Iterator[Row]:
    return _delimited(path, csv.reader(io.StringIO(_decoded(path), newline=""), strict=True))


def _tsv(path: Path) -> Iterator[Row]:
    lines = io.StringIO(_decoded(path), newline="")
    return _delimited(path, csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _delimited(path: Path, cells: Iterator[list[str]]) -> Iterator[Row]:
    """Rows by the header's `concept`; without one, the only column there is."""
    try:
        full = [row for row in cells if row]
    except csv.Error as error:
        raise ConceptError(f"{path}: not readable as delimited text: {error}") from error
    if not full:
        return
    header = [name.strip().casefold() for name in full[0]]
    if "concept" not in header and max(map(len, full)) == 1:
        for row in full:
            yield row[0].strip(), []
        return
    at = header.index(_column(path, header))
    also = header.index("synonyms") if "synonyms" in header else len(header)
    for row in full[1:]:
        concept = row[at].strip() if at < len(row) else ""
        yield concept, _synonyms(path, row[also] if also < len(row) else None)


def _json(path: Path) -> Iterator[Row]:
    try:
        value = json.loads(_decoded(path), object_pairs_hook=unique_keys)
    except (ValueError, RecursionError) as error:
        raise ConceptError(f"{path}: not JSON: {error}") from error
    if isinstance(value, dict):
        for concept, about in value.items():
            # {concept: count} is as welcome as {concept: synonyms}
            yield concept, [] if isinstance(about, (int, float)) else _synonyms(path, about)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield _record(path, number, item)
    else:
        raise ConceptError(f"{path}: the JSON is neither a list nor an object of concepts")


def _jsonl(path: Path) -> Iterator[Row]:
    for number, line in enumerate(filter(str.strip, _decoded(path).split("\n")), start=1):
        try:
            item = json.loads(line, object_pairs_hook=unique_keys)
        except (ValueError, RecursionError) as error:
            raise ConceptError(f"{path}: row {number} is not JSON: {error}") from error
        yield _record(path, number, item)


def _record(path: Path | str, number: int, item: Any) -> Row:
    if isinstance(item, str):
        return item, []
    if not isinstance(item, Mapping):
        raise ConceptError(f"{path}: row {number} is neither a concept nor a record")
    concept = item[_column(path, list(item))]
    if not isinstance(concept, str):
        raise ConceptError(f"{path}: the concept of row {number} is not text")
    return concept, _synonyms(path, item.get("synonyms"))


def _parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise FileNotFoundError(2, "no such concept list", str(path))
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            wanted = [_column(path, names), *(n for n in names if n == "synonyms")]
            rows = file.read(columns=wanted).to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ConceptError(f"{path}: not readable as Parquet: {error}") from error
    for number, item in enumerate(rows, start=1):
        yield _record(path, number, item)


def _published(package: str, name: str) -> Iterator[Row]:
    """Class names that clip-benchmark ships, read from its file: its modules would load torch."""
    module = require(package, extra=PUBLISHED[package])
    path = Path(str(module.__file__)).parent / "datasets" / "en_classnames.json"
    lists: dict[str, list[str]] = json.loads(_decoded(path))
    if name not in lists:
        raise ConceptError(f"{package}:{name}: no such list; choose from {_some(sorted(lists))}")
    for concept in lists[name]:
        yield concept, []


def _synonyms(path: Path | str, cell: Any) -> list[str]:
    """Synonyms of a row: a list, text split at `|`, or nothing."""
    if cell is None:
        return []
    parts = cell.split("|") if isinstance(cell, str) else cell
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ConceptError(f"{path}: synonyms must be a list of texts, or text split at |")
    return [part.strip() for part in parts if part.strip()]


def _column(path: Path | str, names: list[str]) -> str:
    if "concept" in names:
        return "concept"
    raise ConceptError(f"{path}: no column 'concept'; columns are {_some(names)}")


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + rest


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".json": _json,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".parquet": _parquet,
}
