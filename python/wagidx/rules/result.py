"""Counts, and what they would be under each rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from wagidx.rules.rule import RULES, Rule

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["RuleCounts", "Under"]

_UNTOLD = {"count": None, "low": None, "high": None}


@dataclass(frozen=True)
class Under:
    """Counts of a list under one rule, or several.

    Attributes
    ----------
    rules : tuple of str
        Names of the rules.
    counts : numpy.ndarray of float64, shape (concepts,), or None
        Captions that contain each concept; None if this index cannot tell. An estimate if not
        every caption was re-read.
    low, high : numpy.ndarray of float64, shape (concepts,), or None
        Bounds of a 95 % interval; equal to the count if it is exact.
    reason : str
        Why the index cannot tell, or nothing.
    """

    rules: tuple[str, ...]
    counts: npt.NDArray[np.float64] | None
    low: npt.NDArray[np.float64] | None = None
    high: npt.NDArray[np.float64] | None = None
    reason: str = ""

    @property
    def estimated(self) -> npt.NDArray[np.bool_] | None:
        """Which counts are estimates, shape (concepts,)."""
        if self.low is None or self.high is None:
            return None
        found: npt.NDArray[np.bool_] = self.low < self.high
        return found

    def changed(self, own: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Which counts differ from those of this library: their interval excludes them.

        Raises
        ------
        ValueError
            There are no counts.
        """
        if self.low is None or self.high is None:
            raise ValueError(f"{' '.join(self.rules)}: {self.reason}")
        found: npt.NDArray[np.bool_] = (own < self.low) | (own > self.high)
        return found

    def at(self, i: int) -> dict[str, float] | None:
        """The count of one concept and the ends of its interval, or None where there is none."""
        if self.counts is None or self.low is None or self.high is None:
            return None
        low, high = self.low[i].item(), self.high[i].item()
        return {"count": self.counts[i].item(), "low": low, "high": high}


@dataclass(frozen=True)
class RuleCounts:
    """What `counts_by_rule` found.

    Attributes
    ----------
    index : str
        Folder of the index.
    captions : int
        Captions in it.
    concepts : list of str
        As asked, duplicates included.
    own : numpy.ndarray of uint64, shape (concepts,)
        Captions that hold each concept by this library's rules.
    rules : tuple of Rule
        The rules that were switched on.
    each : tuple of Under
        The counts under each of them alone.
    together : Under
        The counts under all of them that this index can tell about.
    alone : str
        What told the lemma of a word without a sentence.
    sample : int
        Maximum captions per concept that are re-read.
    """

    index: str
    captions: int
    concepts: list[str]
    own: npt.NDArray[np.uint64]
    rules: tuple[Rule, ...]
    each: tuple[Under, ...]
    together: Under
    alone: str
    sample: int

    def under(self, name: str) -> Under:
        """The counts under one rule.

        Raises
        ------
        KeyError
            It was not switched on.
        """
        for found in self.each:
            if found.rules == (name,):
                return found
        raise KeyError(name)

    def to_arrow(self) -> pa.Table:
        """Columns ``concept``, ``count`` (uint64), and for each rule that the index can tell about
        and for ``together`` its count (double), with ``_low`` and ``_high``."""
        columns: dict[str, Any] = {"concept": pa.array(self.concepts, pa.string())}
        columns["count"] = self.own
        for name, found in self._named():
            if found.counts is not None:
                columns |= {
                    name: found.counts,
                    f"{name}_low": found.low,
                    f"{name}_high": found.high,
                }
        return pa.table(columns)

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON types."""
        return {
            "index": self.index,
            "captions": self.captions,
            "alone": self.alone,
            "sample": self.sample,
            "rules": [
                {"rule": rule.name, "released": rule.released, "ours": rule.ours}
                | self._summary(found)
                for rule, found in zip(self.rules, self.each, strict=True)
            ],
            "together": {"rules": list(self.together.rules)} | self._summary(self.together),
            "counts": [
                {"concept": concept, "count": int(self.own[i])}
                | {rule.name: _UNTOLD for rule in RULES}
                | {name: found.at(i) or _UNTOLD for name, found in self._named()}
                for i, concept in enumerate(self.concepts)
            ],
        }

    def _named(self) -> list[tuple[str, Under]]:
        return [(found.rules[0], found) for found in self.each] + [("together", self.together)]

    def _summary(self, found: Under) -> dict[str, Any]:
        """How many concepts change, and whether that is known."""
        if found.counts is None or found.estimated is None:
            return {"changed": None, "lost": None, "estimated": None, "reason": found.reason}
        return {
            "changed": int(found.changed(self.own).sum()),
            "lost": int(((found.counts == 0) & (self.own > 0)).sum()),
            "estimated": int(found.estimated.sum()),
            "reason": None,
        }
