"""What the processes of `wagidx.tagging.spacy_tags` do: they tag captions with a spaCy model.

Each holds a model of its own, loaded by the first call that names it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from wagidx.exceptions import WagidxError
from wagidx.tagging.nouns import KINDS
from wagidx.tagging.spacy_model import SpacyModel

__all__ = ["hash_of", "name_of", "nouns", "tags"]

P = ParamSpec("P")
T = TypeVar("T")

_model = cache(SpacyModel)


def _told(function: Callable[P, T]) -> Callable[P, T]:
    """Say of an error that only spaCy knows that it is spaCy's."""

    @wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return function(*arguments, **named)
        except (WagidxError, ModuleNotFoundError, OSError, ValueError):
            raise
        except Exception as error:
            raise WagidxError(f"spaCy failed with {type(error).__name__}: {error}") from error

    return call


@_told
def name_of(model: str) -> str:
    """The model's name, as `SpacyModel.name`."""
    return _model(model).name


@_told
def hash_of(model: str) -> str:
    """As `SpacyModel.hash`."""
    return _model(model).hash()


@_told
def tags(model: str, captions: list[str]) -> tuple[bytes, list[str]]:
    """Tokens of each caption as 64-bit integers, and the tags of all, one after the other."""
    found = _model(model).tags(captions)
    return _lengths(found), [tag for tags in found for tag in tags]


@_told
def nouns(model: str, captions: list[str]) -> tuple[bytes, bytes]:
    """The same with a byte a token: the kind of noun, 0 for none."""
    found = _model(model).tags(captions)
    return _lengths(found), bytes(KINDS.get(tag, 0) for tags in found for tag in tags)


def _lengths(rows: list[list[Any]]) -> bytes:
    return np.fromiter(map(len, rows), np.int64, len(rows)).tobytes()
