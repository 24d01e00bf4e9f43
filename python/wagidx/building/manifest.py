"""What the manifest of an open index says, held against itself.

The engine checks what it answers from: spelling, checksum, segments. What only Python reads (which
files find captions again, and the options that an append goes on with) is checked here, for a
manifest that somebody else wrote may have the right checksum over the wrong words.
"""

from __future__ import annotations

import json
import os
from typing import Any

from wagidx import _native
from wagidx.exceptions import CorruptIndexError

__all__ = ["files_of", "manifest_of"]

_ROLES = ("sources", "captions", "keys")
_PARTS = ("captions", "nulls", "malformed", "filtered")
_TEXT = (str, type(None))
_NEEDED: dict[str, type | tuple[type, ...]] = {
    "analyzer": str,
    "case": str,
    "cjk_bigrams": bool,
    "positions": bool,
    "store_captions": bool,
    "store_keys": bool,
    "tagger": _TEXT,
}
_OPTIONAL: dict[str, type | tuple[type, ...]] = {
    "caption_column": _TEXT,
    "filters": list,
    "format": str,
    "key_column": _TEXT,
}
"""Options in which merged indexes may have differed."""


def manifest_of(index: _native.Index, folder: str | os.PathLike[str]) -> dict[str, Any]:
    """The manifest of an open index.

    Raises
    ------
    CorruptIndexError
        Its rows, files or options contradict each other.
    """
    manifest: dict[str, Any] = json.loads(index.manifest())
    try:
        _check_rows(manifest)
        _check_options(manifest["options"])
    except ValueError as error:
        path = os.path.join(folder, "manifest.json")
        raise CorruptIndexError(f"{path}: damaged: {error}; rebuild or restore it") from None
    return manifest


def files_of(manifest: dict[str, Any], *roles: str) -> list[dict[str, Any]]:
    """The files of these roles in the order of their rows, as the manifest has them."""
    return [file for file in manifest["files"] if file["role"] in roles]


def _check_rows(manifest: dict[str, Any]) -> None:
    stats = manifest["stats"]
    if stats["rows"] != sum(stats[part] for part in _PARTS) or stats["empty"] > stats["captions"]:
        raise ValueError("its row counts do not add up")
    covered = dict.fromkeys(_ROLES, 0)
    for file in manifest["files"]:
        if file["role"] not in covered:
            raise ValueError(f"a file has the unknown role {file['role']!r}")
        if os.path.basename(file["file"]) != file["file"]:
            raise ValueError(f"it names the file {file['file']!r} outside its folder")
        covered[file["role"]] += file["rows"]
    there = {"sources", *(file["role"] for file in manifest["files"])}
    for role in there:
        if covered[role] != stats["rows"]:
            raise ValueError(f"its files of {role} do not hold its rows")


def _check_options(options: Any) -> None:
    if not isinstance(options, dict):
        raise ValueError("options are not an object")
    if absent := sorted(_NEEDED.keys() - options.keys()):
        raise ValueError(f"options lack {', '.join(absent)}")
    for name, kind in (_NEEDED | _OPTIONAL).items():
        if name in options and not isinstance(options[name], kind):
            raise ValueError(f"option {name} is {options[name]!r}")
    if not all(isinstance(condition, str) for condition in options.get("filters", ())):
        raise ValueError(f"option filters is {options['filters']!r}")
