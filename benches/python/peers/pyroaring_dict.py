r"""A dict of Roaring bitmaps over `\w+`: what one writes in an afternoon with pyroaring."""

from __future__ import annotations

import pickle
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyroaring

WORDS = re.compile(r"\w+")


def build(output: Path, texts: Iterable[str], words: list[str]) -> None:
    rows: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for row, text in enumerate(texts):
        for word in set(WORDS.findall(text.lower())):
            rows[word].append(row)
    bitmaps = {word: pyroaring.BitMap(found).serialize() for word, found in rows.items()}
    output.write_bytes(pickle.dumps(bitmaps))


def counts(output: Path, words: list[str]) -> list[int]:
    bitmaps = pickle.loads(output.read_bytes())
    none = pyroaring.BitMap().serialize()
    return [len(pyroaring.BitMap.deserialize(bitmaps.get(word, none))) for word in words]
