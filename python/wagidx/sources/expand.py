"""From what the user names (files, folders, globs, URLs) to the files to read, in a fixed order.

The order makes the caption ids, so it must not depend on the machine: arguments in the order given,
and within a folder or a glob the byte order of the path. Names that start with ``.`` or ``_`` are
skipped, as are the files below a folder so named; a file named outright is always taken. An index
in a folder of captions, or an unfinished one, is skipped too: its files are nobody's captions.

A folder stands for the files in it, at any depth, that a known extension marks as captions. Where
it holds several formats (a download often leaves ``.parquet`` beside ``.tar`` with the same
captions) nothing is guessed: ``--format`` picks one. Where no file has a known extension, all
count.

Links are followed, but never round a circle. A link that leads nowhere, a FIFO or a device in the
place of a source is an error, and so is one file that is reached twice: its captions would count
double.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any

from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.sources.detect import by_extension
from wagidx.storage import filesystem, is_remote, local_path, patiently, reading

__all__ = ["expand"]

_MAGIC = re.compile(r"[*?\[]")
_OURS = ({"manifest.json", "sources.jsonl"}, {"build.json", "lock"})
"""Names that stand together in every index, and in the working folder of an unfinished one."""
_Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]


def expand(paths: _Path | Iterable[_Path], *, format: str = "auto") -> list[str]:
    """List the files behind sources.

    Parameters
    ----------
    paths : path or iterable of paths
        Files, folders, globs (``*``, ``?``, ``[..]``, ``**`` for any depth) and fsspec URLs.
    format : str
        A format name keeps, inside folders, only files with an extension of that format.

    Returns
    -------
    list of str
        Names to open, each once.

    Raises
    ------
    SourceError
        Nothing there, not a regular file, a file given twice, or a folder of several formats.
    """
    given = [paths] if isinstance(paths, (str, bytes, os.PathLike)) else list(paths)
    if not given:
        raise SourceError("no source given: give files, folders, globs or URLs")
    names: list[str] = []
    for path in given:
        name = os.fsdecode(path)
        if not name:
            raise SourceError("the name of a source is empty")
        names.extend(_remote(name, format) if is_remote(name) else _local(name, format))
    _refuse_twice(names)
    return names


def _local(name: str, format: str) -> list[str]:
    path = local_path(name)
    if not os.path.lexists(path) and _MAGIC.search(path):
        return _globbed(path, format)
    if os.path.isdir(path):
        if _is_index({entry.name for entry in os.scandir(path)}):
            raise SourceError(
                f"{printable(name)}: is an index, not captions; 'wagidx merge' makes one of several"
            )
        return _chosen(name, _sorted(_walk(path)), format)
    _check(path)
    return [path]


def _globbed(pattern: str, format: str) -> list[str]:
    """Match a pattern below its longest fixed folder."""
    parts = PurePath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
    root = os.path.join(*parts[:fixed]) if fixed else ""
    deep = "**" in parts
    paths = _walk(root, depth=None if deep else len(parts) - fixed, folders=not deep)
    found: list[str] = []
    for path in _sorted(paths):
        if _matches(path[len(root) :].strip("/").split("/"), parts[fixed:]):
            found.extend(_local(path, format))
    if not found:
        raise SourceError(f"{printable(pattern)}: no file matches")
    return found


def _matches(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the components of a path match those of a pattern."""
    if not parts or not names:
        return not parts and not names
    if parts[0] == "**":
        rest = parts[1:] or ("*",)
        return any(_matches(names[i:], rest) for i in range(len(names)))
    return fnmatch.fnmatchcase(names[0], parts[0]) and _matches(names[1:], parts[1:])


def _walk(root: str, *, depth: int | None = None, folders: bool = False) -> Iterator[str]:
    """Paths of the files below a folder (of folders too, if asked), not sorted.

    A folder is entered at most once on the way down from the root, so a link to a parent ends.
    """
    pending: list[tuple[str, int, frozenset[tuple[int, int]]]] = [(root, 1, frozenset())]
    while pending:
        folder, level, above = pending.pop()
        with reading(folder or "."):
            status = os.stat(folder or ".")
            entries = list(os.scandir(folder or "."))
        identity = (status.st_dev, status.st_ino)
        if identity in above or (folder != root and _is_index({entry.name for entry in entries})):
            continue
        for entry in entries:
            if entry.name.startswith((".", "_")):
                continue
            path = os.path.join(folder, entry.name)
            is_folder = os.path.isdir(path)
            if is_folder and (depth is None or level < depth):
                pending.append((path, level + 1, above | {identity}))
            if folders or not is_folder:
                yield path


def _is_index(names: set[str]) -> bool:
    return any(together <= names for together in _OURS)


def _chosen(name: str, files: Sequence[str], format: str) -> list[str]:
    """The files of a folder that hold captions."""
    kinds = {path: by_extension(path) for path in files}
    counts = Counter(kind for kind in kinds.values() if kind is not None)
    if format != "auto" and counts:
        files = [path for path in files if kinds[path] == format]
    elif len(counts) > 1:
        found = " and ".join(f"{n} {kind}" for kind, n in sorted(counts.items()))
        raise SourceError(f"{printable(name)}: holds {found} files; choose one with --format")
    elif counts:
        files = [path for path in files if kinds[path] is not None]
    if not files:
        wanted = "" if format == "auto" else f" {format}"
        raise SourceError(
            f"{printable(name)}: no{wanted} files in this folder (names that start with . or _ are "
            "skipped)"
        )
    for path in files:
        if not is_remote(path):
            _check(path)
    return list(files)


def _check(path: str) -> None:
    """A source must be a regular file: a FIFO would block for ever, a device never end."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError as error:
        what = "a broken link" if os.path.islink(path) else "no such file or folder"
        raise SourceError(f"{printable(path)}: {what}") from error
    except OSError as error:
        raise SourceError(f"{printable(path)}: cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise SourceError(f"{printable(path)}: not a regular file; give a file or folder")


def _remote(name: str, format: str) -> list[str]:
    fs, path = filesystem(name)
    wild = _MAGIC.search(path) is not None
    with reading(name):
        if not wild and patiently(name, lambda: fs.isfile(path)):
            return [name]
        listed = patiently(name, lambda: _listed(fs, path, wild))
    root = _fixed(path) if wild else path
    files = _sorted(fs.unstrip_protocol(p) for p in listed if not _hidden(p[len(root) :]))
    if not files:
        raise SourceError(f"{printable(name)}: no such file or folder")
    return files if wild else _chosen(name, files, format)


def _listed(fs: Any, path: str, wild: bool) -> list[str]:
    if not wild:
        return [str(p) for p in fs.find(path)]
    return [str(p) for p, info in fs.glob(path, detail=True).items() if info["type"] == "file"]


def _fixed(pattern: str) -> str:
    """What stands before the first component with a wildcard."""
    at = _MAGIC.search(pattern)
    return pattern[: pattern.rfind("/", 0, at.start() if at else None) + 1]


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "_")) for part in path.split("/"))


def _sorted(paths: Iterable[str]) -> list[str]:
    return sorted(paths, key=os.fsencode)


def _refuse_twice(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        real = name if is_remote(name) else os.path.realpath(name)
        if real in seen:
            also = "" if seen[real] == name else f" (also as {printable(seen[real])})"
            raise SourceError(
                f"{printable(name)}: given twice{also}; each caption would count twice"
            )
        seen[real] = name
