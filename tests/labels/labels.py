"""Read the hand-made noun labels beside this file; GUIDELINES.md says what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FIRST", "SECOND", "Agreement", "agreement", "read_labels"]

FIRST = Path(__file__).with_name("first.tsv")
SECOND = Path(__file__).with_name("second.tsv")
OTHER = "other"

Labels = dict[int, str]
"""Token number to key, the nouns of one caption."""


@dataclass(frozen=True)
class Agreement:
    """How far two readers label alike.

    Attributes
    ----------
    captions, tokens : int
        What both labelled.
    tokens_alike : int
        Tokens both call a noun or both do not.
    both, first_only, second_only : int
        Nouns of both readers, and of one alone.
    keys_alike : int
        Nouns of both that have the same key.
    kappa : float
        Cohen's kappa of noun or not.
    """

    captions: int
    tokens: int
    tokens_alike: int
    both: int
    first_only: int
    second_only: int
    keys_alike: int
    kappa: float


def read_labels(path: Path) -> dict[int, Labels | None]:
    """Row to labels; None for a caption in another language."""
    found: dict[int, Labels | None] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row, labels = line.split("\t")
        found[int(row)] = None if labels == OTHER else _nouns(labels)
    return found


def _nouns(labels: str) -> Labels:
    if labels == "-":
        return {}
    pairs = (label.partition(":") for label in labels.split(" "))
    return {int(index): key for index, _, key in pairs}


def agreement(
    first: Mapping[int, Labels | None],
    second: Mapping[int, Labels | None],
    tokens: Mapping[int, int],
) -> Agreement:
    """Compare the rows that both readers labelled; `tokens` says how many each row has."""
    pairs = [
        (row, a, b) for row, b in second.items() if (a := first[row]) is not None and b is not None
    ]
    total = sum(tokens[row] for row, _, _ in pairs)
    both = sum(len(a.keys() & b.keys()) for _, a, b in pairs)
    first_only = sum(len(a.keys() - b.keys()) for _, a, b in pairs)
    second_only = sum(len(b.keys() - a.keys()) for _, a, b in pairs)
    alike = total - first_only - second_only
    chance = _chance(both + first_only, both + second_only, total)
    return Agreement(
        captions=len(pairs),
        tokens=total,
        tokens_alike=alike,
        both=both,
        first_only=first_only,
        second_only=second_only,
        keys_alike=sum(a[i] == b[i] for _, a, b in pairs for i in a.keys() & b.keys()),
        kappa=(alike / total - chance) / (1 - chance),
    )


def _chance(first: int, second: int, total: int) -> float:
    """Share of tokens two readers would label alike who label so many, each at random."""
    return (first * second + (total - first) * (total - second)) / total**2
