"""Counts and scores joined: one row for each concept of each dataset.

Names are joined exactly as written, after the one renaming of the protocol. Rows of different
datasets are never merged: a concept of two datasets is two rows, as in the study's figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wagidx.analysis.rows import Rows

__all__ = ["Part", "joined"]

Part = tuple[str, Mapping[str, int], Mapping[str, float]]
"""A dataset, its counts and its scores, both by concept."""


def joined(parts: Sequence[Part]) -> Rows:
    """Inner join of counts and scores within each dataset; O(rows)."""
    count: list[int] = []
    score: list[float] = []
    concept: list[str] = []
    dataset: list[str] = []
    for name, counts, scores in parts:
        known = [one for one in scores if one in counts]
        count += [counts[one] for one in known]
        score += [scores[one] for one in known]
        concept += known
        dataset += [name] * len(known)
    return Rows.of(count, score, concept, dataset)
