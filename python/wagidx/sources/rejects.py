"""Malformed rows, reported as they are met: the first few one by one, then as a sum."""

from __future__ import annotations

import logging

from wagidx.printable import printable

__all__ = ["Rejects"]

_LOG = logging.getLogger("wagidx")
_SINGLY = 10


class Rejects:
    """Counts the malformed rows of one pass over one file and logs where they are.

    Parameters
    ----------
    name : str
        The file, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = printable(name)
        self.count = 0

    def add(self, row: int, where: str, why: str) -> None:
        """Report one row.

        Parameters
        ----------
        row : int
            Number of the row in its file, from 0.
        where : str
            Its place for a person with an editor: ``line 17``, or a member's name.
        why : str
            What is wrong with it.
        """
        self.count += 1
        if self.count <= _SINGLY:
            _LOG.warning("%s: row %d (%s) is malformed: %s", self._name, row, where, why)

    def more(self, count: int) -> None:
        """Count rows that need no message of their own."""
        self.count += count

    def wants_detail(self) -> bool:
        """Whether the next row would still be reported singly."""
        return self.count < _SINGLY

    def close(self) -> None:
        """Log the sum, if more were met than reported."""
        if self.count > _SINGLY:
            _LOG.warning("%s: %d malformed rows in all", self._name, self.count)
