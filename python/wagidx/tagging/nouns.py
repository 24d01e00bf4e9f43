"""What a noun is, given its Penn Treebank tag."""

from __future__ import annotations

from wagidx._native import is_noun

__all__ = ["KINDS", "is_noun"]

KINDS = {"NN": 1, "NNS": 2, "NNP": 3, "NNPS": 3}
"""Kinds of nouns by tag, as `SpacyTagger.nouns` hands them over."""
