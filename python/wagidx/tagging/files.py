"""Tagger files: the one that is shipped, and others by path."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from wagidx import _native
from wagidx.exceptions import WagidxError

__all__ = ["load_tagger"]


def load_tagger(path: str | os.PathLike[str] | None = None) -> _native.Tagger:
    """Load a tagger.

    Parameters
    ----------
    path : path, optional
        A file as `wagidx distil` writes it; the tagger that is shipped if there is none.

    Raises
    ------
    WagidxError
        The file is no tagger, or one this library does not read.
    FileNotFoundError
        There is no such file.
    """
    if path is None:
        shipped = resources.files("wagidx") / "data" / "tagger" / "english.wagtag"
        return _native.Tagger(shipped.read_bytes())
    data = Path(path).read_bytes()
    try:
        return _native.Tagger(data)
    except ValueError as error:
        raise WagidxError(f"{path}: {error}; 'wagidx distil' makes one") from None
