"""The files of a release: their names taken apart, their JSON read and checked.

Only JSON is read, and only from the folders named here. A clone of the authors' repository also
holds pickles of their figures; a pickle runs whatever its author wrote, and nothing in them is
needed, so they are never opened.

Everything about a file that cannot be used is a `SourceError` of one line: which file, what is
wrong in it, and, inside it, where.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wagidx.exceptions import SourceError

__all__ = ["CountFile", "count_file", "counts_of", "mapping", "number", "numbers", "read_json"]

_COUNTS = re.compile(
    r"(?P<dataset>[^_]+)_(?P<corpus>.+)_"
    r"(?P<suffix>lemmatized|lowercased|rampp[0-9.]+|integrated_tlemmatized_i[0-9.]+)"
    r"_search_counts\.json"
)
_KINDS = {
    "lemmatized": "text",
    "lowercased": "lower",
    "rampp": "image",
    "integrated_tlemmatized_i": "integrated",
}

LARGEST = 1 << 53
"""Integers up to here are exact as floats."""


@dataclass(frozen=True)
class CountFile:
    """What the name of a count file says.

    Attributes
    ----------
    dataset : str
        Downstream dataset whose concepts were counted; its name holds no underscore.
    corpus : str
        Pretraining corpus; its name may hold underscores.
    kind : str
        ``text``, ``lower``, or ``image`` or ``integrated`` with the tagger's threshold behind it,
        such as ``image0.7``.
    """

    dataset: str
    corpus: str
    kind: str


def count_file(name: str) -> CountFile | None:
    """Take the name of a count file apart; None for any other name."""
    found = _COUNTS.fullmatch(name)
    if found is None:
        return None
    stem = found["suffix"].rstrip("0123456789.")
    return CountFile(found["dataset"], found["corpus"], _KINDS[stem] + found["suffix"][len(stem) :])


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises
    ------
    SourceError
        Absent, cut, not JSON, not an object, or with a name given twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
        value = json.loads(text, object_pairs_hook=lambda pairs: _unique(pairs, path))
    except FileNotFoundError as error:
        raise SourceError(f"{path}: is missing; the release is not complete") from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SourceError(f"{path}: is truncated or not JSON ({error}); fetch it again") from error
    return mapping(value, path, "the file")


def _unique(pairs: list[tuple[str, Any]], path: Path) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SourceError(f"{path}: names {twice!r} twice; which one applies is not known")
    return found


def mapping(value: Any, path: Path, where: str) -> dict[str, Any]:
    """`value`, which is an object.

    Raises
    ------
    SourceError
        It is not; `where` says which part of `path` it is.
    """
    if not isinstance(value, dict):
        raise SourceError(f"{path}: {where} is not a JSON object")
    return value


def number(value: Any, path: Path, where: str) -> float:
    """`value` as a finite float.

    Raises
    ------
    SourceError
        It is no number, NaN or infinite.
    """
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not known or not abs(value) <= sys.float_info.max:  # an integer of JSON may be beyond it
        raise SourceError(f"{path}: {where} is {value!r:.40}, which is not a finite number")
    return float(value)


def numbers(value: Any, path: Path, where: str) -> dict[str, float]:
    """`value` as an object of finite floats; errors as of `number`."""
    found = mapping(value, path, where)
    return {name: number(one, path, f"{where}, {name!r}") for name, one in found.items()}


def counts_of(path: Path) -> Mapping[str, int]:
    """The counts of a count file by concept.

    Raises
    ------
    SourceError
        As `read_json`; or a count is no whole number of at least 0, or beyond 2^53.
    """
    found = read_json(path)
    for name, count in found.items():
        if type(count) is not int or count < 0:
            raise SourceError(
                f"{path}: the count of {name!r} is {count!r}, which is not an integer from 0 up"
            )
        if count > LARGEST:
            raise SourceError(f"{path}: the count of {name!r} is beyond 2^53; fetch it again")
    return found
