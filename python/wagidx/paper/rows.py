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
    rows = [
        (counts[concept], score, concept, dataset)
        for dataset, counts, scores in parts
        for concept, score in scores.items()
        if concept in counts
    ]
    return Rows.of(*([row[i] for row in rows] for i in range(4)))
