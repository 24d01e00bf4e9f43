"""pyahocorasick: finds words that are given beforehand, and nothing else can be asked later.

Words are sought between blanks, with all that is no word character made one: only whole words
match, so that Python is not called for each "a" inside another word.
"""

from __future__ import annotations

import pickle
import re
from array import array
from collections.abc import Iterable
from pathlib import Path

import ahocorasick

BETWEEN = re.compile(r"\W+")


def build(output: Path, texts: Iterable[str], words: list[str]) -> None:
    automaton = ahocorasick.Automaton()
    for number, word in enumerate(words):
        automaton.add_word(f" {word} ", number)
    automaton.make_automaton()
    rows = [array("I") for _ in words]
    for row, text in enumerate(texts):
        spaced = f" {BETWEEN.sub(' ', text.lower())} "
        for number in {number for _, number in automaton.iter(spaced)}:
            rows[number].append(row)
    output.write_bytes(pickle.dumps(dict(zip(words, rows))))


def counts(output: Path, words: list[str]) -> list[int]:
    rows = pickle.loads(output.read_bytes())
    return [len(rows[word]) for word in words]
