"""How often the concepts of COCO occur, here and as the study's tagger saw it.

The study (arXiv 2404.04125) filed a caption under the lemma of each word that spaCy's
`en_core_web_lg` took for a noun, without the characters that are not letters of A to Z or blanks,
in the case it had, and asked in small letters. Its released recalls give the number of captions and
of images of COCO's Karpathy test split for every such lemma on ten images or more. All of these
names are in small letters, because no other could be asked for; so a key with a capital is no
concept here either.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

FEWEST_IMAGES = 10
NEAR = 0.15

Counts = dict[str, int]


@dataclass(frozen=True)
class Captions:
    """Captions as tokens without white space, with the image of each."""

    tokens: list[list[str]]
    images: list[int]


@dataclass(frozen=True)
class Agreement:
    """How far counts agree with the study's.

    Attributes
    ----------
    f1 : float
        Agreement on which concepts are on ten images or more.
    l1 : float
        Sum of what the counts of the study's concepts differ by, of the sum of the study's counts.
    near : float
        Share of the study's concepts whose count is within 15 % of the study's.
    """

    f1: float
    l1: float
    near: float


def agreement(
    keys: Iterable[Iterable[str | None]], images: Sequence[int], study: Counts
) -> Agreement:
    """Compare the concepts found in captions with the study's counts.

    Parameters
    ----------
    keys
        For each caption a key, or None where a word is no noun, for each word.
    images
        The image of each caption.
    study
        Captions that hold each concept.
    """
    captions: Counter[str] = Counter()
    seen: defaultdict[str, set[int]] = defaultdict(set)
    for words, image in zip(keys, images, strict=True):
        for concept in {as_studied(word) for word in words if word is not None}:
            captions[concept] += 1
            seen[concept].add(image)
    ours = {c for c in seen if len(seen[c]) >= FEWEST_IMAGES and c == c.lower()}
    off = {concept: abs(captions[concept] - count) for concept, count in study.items()}
    return Agreement(
        f1=2 * len(ours & study.keys()) / (len(ours) + len(study)),
        l1=sum(off.values()) / sum(study.values()),
        near=sum(off[c] <= NEAR * count for c, count in study.items()) / len(study),
    )


def as_studied(key: str) -> str:
    """Take out what the study takes out of a lemma."""
    return re.sub("[^A-Za-z ]", "", key)


def read_counts(path: Path) -> Counts:
    """Captions that hold each concept, as the study's tagger saw them."""
    counts = json.loads(path.read_text(encoding="utf-8"))
    return {concept: numbers["captions"] for concept, numbers in counts.items()}


def read_images(path: Path) -> list[int]:
    """Return the image of each caption of the split."""
    images: list[int] = pq.read_table(path, columns=["image_id"]).column("image_id").to_pylist()
    return images
