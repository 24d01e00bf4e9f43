"""The errors wagidx raises, all under one root.

``except WagidxError`` catches every error in the data, an index or a query. Invalid *arguments* (a
number out of range, an unknown flag) raise ``ValueError`` and ``TypeError``; errors of the
operating system (`FileNotFoundError`, `PermissionError`, `FileExistsError`) keep their own type.

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
    """Base class of the errors of this library; raised directly only for an internal error."""


class IndexFormatError(WagidxError):
    """The index does not match this library: other format version or analyzer data, unfinished."""


class CorruptIndexError(WagidxError):
    """The index is damaged: a checksum, length or offset does not match."""


class SourceError(WagidxError):
    """A source cannot be read: missing, truncated, of unknown format, or without the column."""


class ConceptError(WagidxError):
    """A concept cannot be queried: it has no term, or its expression is malformed."""


class FitError(WagidxError):
    """Frequencies and performance cannot be fitted: a table is damaged, or has too few rows."""


class MissingFieldError(WagidxError):
    """The index was built without a part that the query needs."""
