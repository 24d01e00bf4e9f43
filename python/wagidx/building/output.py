"""Where an index may appear, and what may make room for it.

An index that is replaced is deleted, with all that its folder holds. So only a folder that holds
nothing but files of an index is ever replaced: a folder of captions, or one that an index lies in,
is not.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from wagidx.printable import printable
from wagidx.storage import is_remote, local_path

__all__ = [
    "INDEX_FILES",
    "MANIFEST",
    "check_free",
    "check_replaceable",
    "first_foreign",
    "index_path",
]

MANIFEST = "manifest.json"
INDEX_FILES = re.compile(
    r"manifest\.(json|tmp)|sources(-\d+)?\.jsonl|segment-\d+\.wag|(captions|keys)-\d+\.parquet"
)
"""Every name that a file of an index may have."""


def index_path(output: str | os.PathLike[str]) -> Path:
    """The folder that an output names.

    Raises
    ------
    ValueError
        It is empty, or the URL of a remote store: an index is mapped into memory from a local disk.
    """
    name = os.fspath(output)
    if not name:
        raise ValueError("the name of the index is empty; give a folder")
    if is_remote(name):
        raise ValueError(
            f"{printable(name)}: an index is a local folder; build it on a disk, then copy it there"
        )
    path = Path(local_path(name))
    return path if path.name not in ("", "..") else Path(os.path.abspath(path))


def check_free(path: Path, *, replace: bool, hint: str) -> None:
    """Refuse a name that is taken.

    Parameters
    ----------
    path : Path
        Where an index is about to be made.
    replace : bool
        Whether an index that is there may be replaced.
    hint : str
        How a caller says that it may.

    Raises
    ------
    FileExistsError
        Something is there; with `replace`, something that is not an index, or more than one.
    """
    if replace:
        check_replaceable(path)
    elif os.path.lexists(path):
        raise FileExistsError(
            f"{printable(str(path))}: exists; choose another name, or replace an index with {hint}"
        )


def check_replaceable(path: Path) -> None:
    """Refuse to replace what is not an index, or holds anything besides one.

    Raises
    ------
    FileExistsError
        The message names a file that would have been lost.
    """
    if not os.path.lexists(path):
        return
    shown = printable(str(path))
    if not path.is_dir():
        raise FileExistsError(f"{shown}: is no index, so it is not replaced; choose another name")
    foreign = first_foreign(path, INDEX_FILES)
    if foreign is not None:
        raise FileExistsError(
            f"{shown}: holds {printable(foreign)}, which is no file of an index, so it is not "
            "replaced; choose another name"
        )
    held = os.listdir(path)
    if held and MANIFEST not in held:
        raise FileExistsError(
            f"{shown}: has no {MANIFEST}, so it is not replaced; choose another name"
        )


def first_foreign(folder: Path, ours: re.Pattern[str]) -> str | None:
    """The first name in a folder that is none of ours; None where all are."""
    return next((name for name in sorted(os.listdir(folder)) if not ours.fullmatch(name)), None)
