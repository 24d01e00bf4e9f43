"""Packages that only some users need are imported where they are used, through `require`.

``import wagidx`` must stay light, and the person who lacks a package should read which extra brings
it instead of a bare ``ModuleNotFoundError``.
"""

from __future__ import annotations

import importlib
from types import ModuleType

__all__ = ["install_hint", "require"]


def install_hint(extra: str) -> str:
    """The command that installs an extra.

    Parameters
    ----------
    extra : str
        Name of an optional dependency group of wagidx, such as ``"faiss"``.

    Returns
    -------
    str
        For example ``pip install 'wagidx[faiss]'``.
    """
    return f"pip install 'wagidx[{extra}]'"


def require(module: str, *, extra: str) -> ModuleType:
    """Import an optional package, or say how to install it.

    Parameters
    ----------
    module : str
        Dotted name of the module.
    extra : str
        The extra of wagidx that brings it.

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    ModuleNotFoundError
        The package is not installed; the message names the extra. An import error *inside* an
        installed package is not disguised: it passes through unchanged.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != top:
            raise
        message = f"{top} is not installed; {install_hint(extra)}"
        raise ModuleNotFoundError(message, name=error.name) from error
