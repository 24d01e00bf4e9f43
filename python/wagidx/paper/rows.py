"""Counts and scores joined: one row for each concept of each data set.

Names are joined exactly as written, after the one renaming of the protocol. Rows of different data
sets are never merged: a concept of two data sets is two rows, as in the study's figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wagidx.paper.protocol import normalised

__all__ = ["Rows", "joined"]


@dataclass(frozen=True)
class Rows:
    """Rows of one panel; all of shape ``(n,)``.

    Attributes
    ----------
    dataset, concept : list of str
        Downstream data set and concept.
    count : numpy.ndarray of float64
        Captions, images or pairs that hold the concept.
    score : numpy.ndarray of float64
        Performance, in the unit of its file.
    """

    dataset: list[str]
    concept: list[str]
    count: NDArray[np.float64]
    score: NDArray[np.float64]

    @property
    def n_concepts(self) -> int:
        """Distinct concepts, case and underscores apart."""
        return len({normalised(name) for name in self.concept})

    @property
    def n_datasets(self) -> int:
        """Data sets with a row."""
        return len(set(self.dataset))


Part = tuple[str, Mapping[str, int], Mapping[str, float]]
"""A data set, its counts and its scores, both by concept."""


def joined(parts: Sequence[Part]) -> Rows:
    """Inner join of counts and scores within each data set; O(rows)."""
    rows = [
        (dataset, concept, counts[concept], score)
        for dataset, counts, scores in parts
        for concept, score in scores.items()
        if concept in counts
    ]
    return Rows(
        [row[0] for row in rows],
        [row[1] for row in rows],
        np.array([row[2] for row in rows], np.float64),
        np.array([row[3] for row in rows], np.float64),
    )
