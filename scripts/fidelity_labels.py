"""How well a way to find nouns does on the captions of tests/labels, labelled by hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wagidx import _native

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from labels.labels import FIRST, Labels, read_labels

Found = Sequence[Sequence["str | None"]]
"""For each caption and token the key it is found under, None where it is no noun."""


@dataclass(frozen=True)
class Labelled:
    """Captions with a label for each noun; those that are not English are left out.

    Attributes
    ----------
    tokens : list of list of str
        White-space tokens are left out, as a tagger does not see them.
    nouns : list of dict
        Token number to key.
    """

    tokens: list[list[str]]
    nouns: list[Labels]


@dataclass(frozen=True)
class Scores:
    """Nouns found against those labelled.

    Attributes
    ----------
    precision, recall : float
        Of tokens called nouns.
    keys : float
        Share of the labelled nouns that were found whose key is the labelled one.
    found : float
        Share of the labels whose key the caption is found under, by whichever token.
    """

    precision: float
    recall: float
    keys: float
    found: float


def read_labelled(captions: Sequence[str]) -> Labelled:
    """Read the first reader's labels; `captions` are those that the rows number."""
    labelled = Labelled([], [])
    for row, labels in read_labels(FIRST).items():
        if labels is None:
            continue
        (words,) = _native.tokens([captions[row]])
        kept = [i for i, word in enumerate(words) if not word.isspace()]
        labelled.tokens.append([words[i] for i in kept])
        labelled.nouns.append({n: labels[i] for n, i in enumerate(kept) if i in labels})
    return labelled


def scores(found: Found, labelled: Labelled) -> Scores:
    """Score keys by token against the labels."""
    called = both = alike = reached = total = 0
    for keys, nouns in zip(found, labelled.nouns, strict=True):
        ours = {i: key for i, key in enumerate(keys) if key is not None}
        called += len(ours)
        total += len(nouns)
        both += len(ours.keys() & nouns.keys())
        alike += sum(ours[i] == nouns[i] for i in ours.keys() & nouns.keys())
        reached += sum(key in ours.values() for key in nouns.values())
    return Scores(
        precision=share(both, called),
        recall=share(both, total),
        keys=share(alike, both),
        found=share(reached, total),
    )


def share(part: int, whole: int) -> float:
    """Give the share of a part; that of nothing is nothing."""
    return part / whole if whole else 0.0
