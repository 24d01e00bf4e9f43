"""A process that tags with a spaCy model what the other end of a connection sends.

It is a program of its own, ``python -c "from wagidx.tagging.spacy_worker import serve; ..."``, and
not a child of `multiprocessing`, which would run the user's script anew to make one. It ends with
its connection, so however the process that started it ends, none is left.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from wagidx.exceptions import SourceError, WagidxError
from wagidx.tagging.nouns import KINDS
from wagidx.tagging.spacy_model import SpacyModel

__all__ = ["serve"]


def serve(handle: int, model: str) -> None:
    """Answer requests until the other end goes away.

    A request is the name of a method below and its argument, an answer what it returns, or the
    exception it raised. The first answer, which nobody asks for, is the model's name.

    Parameters
    ----------
    handle : int
        File descriptor of the connection.
    model : str
        As `SpacyModel` takes it.
    """
    connection = Connection(handle)
    try:
        server = _Server(model)
    except Exception as error:
        connection.send(_sendable(error))
        return
    connection.send(server.model.name)
    while True:
        try:
            name, argument = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(getattr(server, name)(argument))
        except BrokenPipeError:
            return
        except Exception as error:
            connection.send(_sendable(error))


class _Server:
    def __init__(self, model: str) -> None:
        self.model = SpacyModel(model)

    def hash(self, _: None) -> str:
        return self.model.hash()

    def tags(self, captions: list[str]) -> tuple[bytes, list[str]]:
        """Tokens of each caption as 64-bit integers, and the tags of all, one after the other."""
        found = self.model.tags(captions)
        return _lengths(found), [tag for tags in found for tag in tags]

    def nouns(self, captions: list[str]) -> tuple[bytes, bytes]:
        """The same with a byte a token: the kind of noun, 0 for none."""
        found = self.model.tags(captions)
        return _lengths(found), bytes(KINDS.get(tag, 0) for tags in found for tag in tags)


def _lengths(rows: list[list[Any]]) -> bytes:
    return np.fromiter(map(len, rows), np.int64, len(rows)).tobytes()


def _sendable(error: Exception) -> Exception:
    """An exception that the other end can read: its class may be spaCy's own."""
    for kind in (ModuleNotFoundError, SourceError, OSError, ValueError):
        if isinstance(error, kind):
            return kind(str(error))
    return WagidxError(f"spaCy failed with {type(error).__name__}: {error}")
