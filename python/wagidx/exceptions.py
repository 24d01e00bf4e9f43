"""The errors wagidx raises, all under one root.

``except WagidxError`` catches everything that is wrong with the data, an index or a question. Wrong
*arguments* (a number out of range, a flag that does not exist) are ``ValueError`` and
``TypeError``; what the operating system refuses about an index (`FileNotFoundError`,
`PermissionError`, `FileExistsError`) keeps its own type.

Every message is one line: what is wrong, where, and what to do about it.
"""

from __future__ import annotations

__all__ = [
    "ConceptError",
    "CorruptIndexError",
    "FitError",
    "IndexFormatError",
    "MissingFieldError",
    "SourceError",
    "WagidxError",
]


class WagidxError(Exception):
    """Root of the errors of this library; raised itself only for an internal error."""


class IndexFormatError(WagidxError):
    """The index is not for this library: another format version or analyzer data, or unfinished."""


class CorruptIndexError(WagidxError):
    """Bytes of the index are not what was written: a checksum, length or offset does not hold."""


class SourceError(WagidxError):
    """A source cannot be read: absent, cut, of unknown format, or without the column asked for."""


class ConceptError(WagidxError):
    """A concept cannot be asked: it holds no term, or its expression is malformed."""


class FitError(WagidxError):
    """Frequencies and performance cannot be fitted: a table is damaged, or holds too little."""


class MissingFieldError(WagidxError):
    """The index was built without a part that the question needs."""
