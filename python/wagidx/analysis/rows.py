"""Rows: one score of one concept in one dataset, beside the concept's frequency."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wagidx.exceptions import FitError

__all__ = ["Floats", "Integers", "Pair", "Rows", "codes", "ranks"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Pair = tuple[float, float]
"""Both ends of an interval."""


def codes(names: NDArray[np.str_]) -> Integers:
    """Number names 0, 1, ... in the order of the alphabet; shape ``(n,)``."""
    listed = names.tolist()
    number = {name: i for i, name in enumerate(sorted(set(listed)))}  # numpy would sort every row
    return np.array([number[name] for name in listed], np.int64)


def ranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing the mean of theirs; shape ``(n,)``."""
    _, place, size = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    return np.asarray((last - (size - 1) / 2)[place], np.float64)


@dataclass(frozen=True)
class Rows:
    """Columns of equal length n.

    Attributes
    ----------
    concept : numpy.ndarray of str
        Names; a name that stands in two datasets has two rows.
    dataset : numpy.ndarray of str
        Where the score was measured; `""` throughout where there is only one.
    count : numpy.ndarray of float64
        Frequency of the concept in the pretraining corpus, at least 0.
    score : numpy.ndarray of float64
        Performance, in any unit.
    samples : numpy.ndarray of float64 or None
        Test samples behind each score.
    """

    concept: NDArray[np.str_]
    dataset: NDArray[np.str_]
    count: Floats
    score: Floats
    samples: Floats | None = None

    def __post_init__(self) -> None:
        parts = (self.concept, self.dataset, self.count, self.score, self.samples)
        if len({len(part) for part in parts if part is not None}) != 1:
            raise FitError("the columns of rows differ in length")

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def of(
        cls,
        count: ArrayLike,
        score: ArrayLike,
        concept: ArrayLike | None = None,
        dataset: ArrayLike | None = None,
        samples: ArrayLike | None = None,
    ) -> Rows:
        """Rows from anything numpy reads; without names each row is a concept of its own."""
        values = np.asarray(score, np.float64)
        names = np.arange(len(values)) if concept is None else concept
        return cls(
            np.asarray(names).astype(np.str_),
            np.full(len(values), "") if dataset is None else np.asarray(dataset).astype(np.str_),
            np.asarray(count, np.float64),
            values,
            None if samples is None else np.asarray(samples, np.float64),
        )

    @property
    def log10_count(self) -> Floats:
        """``log10(max(count, 1))``."""
        return np.log10(np.maximum(self.count, 1.0))

    @property
    def datasets(self) -> list[str]:
        """Distinct datasets, sorted."""
        return sorted(set(self.dataset.tolist()))

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows a mask of shape ``(n,)`` keeps."""
        samples = None if self.samples is None else self.samples[keep]
        return Rows(
            self.concept[keep], self.dataset[keep], self.count[keep], self.score[keep], samples
        )

    def scored(self, score: Floats) -> Rows:
        """The same rows with other scores."""
        return replace(self, score=score)
