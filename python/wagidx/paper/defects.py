"""Traces that faults of the study's search left in its released counts.

How the released counts were made is told by the authors' code; what is looked for here are names
whose counts only such a fault explains, found in the files at hand. A trace is a number of names
and the most frequent of them, never a correction: a count that was made wrongly cannot be mended
without the captions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from wagidx.paper.files import CountFile
from wagidx.paper.protocol import RETRIEVAL_SETS, ROW_SETS, corpus_order
from wagidx.paper.release import Release

__all__ = ["Trace", "traces"]

EXAMPLES = 5
OFTEN = 100
"""Occurrences from which a name counts as found by one of two ways of counting."""
FACTOR = 10
"""How many times one way must find what the other finds."""

Counts = Mapping[str, int]
Found = Iterator[tuple[str, int, str]]
"""Names, how frequent they are, and what is said of each."""


@dataclass(frozen=True)
class Trace:
    """What one fault left in the counts of one corpus.

    Attributes
    ----------
    fault : str
        Which, by its name in `wagidx.report.defects`.
    corpus : str
        Where.
    affected, of : int
        Names that show it, and names that could.
    examples : tuple of str
        The most frequent of them, each with its counts.
    """

    fault: str
    corpus: str
    affected: int
    of: int
    examples: tuple[str, ...]


def traces(release: Release) -> list[Trace]:
    """Every trace that the release's files can show, by fault and corpus; O(counts)."""
    found = []
    for fault, look in _FAULTS.items():
        for corpus in release.corpora:
            trace = look(release, corpus, fault)
            if trace is not None and trace.of:
                found.append(trace)
    return found


def names(release: Release, corpus: str, kind: str) -> dict[str, int]:
    """Counts of names as written, of the first dataset in the study's order that has each."""
    found: dict[str, int] = {}
    for dataset in (*ROW_SETS["zs18"], *RETRIEVAL_SETS):
        file = CountFile(dataset, corpus, kind)
        if file in release.count_files:
            for name, count in release.counts(file).items():
                found.setdefault(name, count)
    found.pop("", None)
    return found


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s_-]+", name.lower()) if word]


def _trace(fault: str, corpus: str, of: int, found: Found) -> Trace:
    shown = sorted(found, key=lambda one: (-one[1], one[0]))
    examples = tuple(text for _, _, text in shown[:EXAMPLES])
    return Trace(fault, corpus, len(shown), of, examples)


def _same_as_a_word(release: Release, corpus: str, fault: str) -> Trace | None:
    """Names of several words that occur exactly as often as one of their words alone."""
    counts = names(release, corpus, "text")
    alone = {word[0]: count for name, count in counts.items() if len(word := _words(name)) == 1}
    several = {n: c for n, c in counts.items() if c > 0 and len(_words(n)) > 1}

    def found() -> Found:
        for name, count in several.items():
            same = [word for word in _words(name) if alone.get(word) == count]
            if same:
                yield name, count, f"{name} = {same[-1]}: {count:,}"

    return _trace(fault, corpus, len(several), found())


def _unseen_in_text(wanted: Callable[[str], bool]) -> Callable[[Release, str, str], Trace]:
    """Names of a kind that no caption is said to hold, although many images show them."""

    def look(release: Release, corpus: str, fault: str) -> Trace:
        text, image = names(release, corpus, "text"), names(release, corpus, "image0.7")
        seen = [n for n in text if wanted(n) and image.get(n, 0) >= OFTEN]
        found = (
            (name, image[name], f"{name}: 0 captions, {image[name]:,} images")
            for name in seen
            if text[name] == 0
        )
        return _trace(fault, corpus, len(seen), found)

    return look


def _capital(name: str) -> bool:
    return name != name.lower() and not _digit(name)


def _digit(name: str) -> bool:
    return any(character.isdigit() for character in name)


def _plain(name: str) -> bool:
    return name.islower() and name.isalpha()


def _lost_by_lemma(release: Release, corpus: str, fault: str) -> Trace:
    """Names that are found as written and hardly once they are lemmatised."""
    text, lower = names(release, corpus, "text"), names(release, corpus, "lower")
    often = [name for name, count in lower.items() if count >= OFTEN and name in text]
    found = (
        (name, lower[name], f"{name}: {text[name]:,} with lemmas, {lower[name]:,} without")
        for name in often
        if lower[name] >= FACTOR * max(text[name], 1)
    )
    return _trace(fault, corpus, len(often), found)


def _zero_in_the_larger(release: Release, corpus: str, fault: str) -> Trace | None:
    """Names that a smaller corpus holds often and this one never."""
    smaller = [one for one in release.corpora if corpus_order(one) < corpus_order(corpus)]
    text = names(release, corpus, "text")
    if not smaller or not text:
        return None
    less = {one: names(release, one, "text") for one in smaller}
    best = {name: max(smaller, key=lambda one: less[one].get(name, 0)) for name in text}
    often = [name for name in text if less[best[name]].get(name, 0) >= OFTEN]
    found = (
        (name, less[best[name]][name], f"{name}: 0, {less[best[name]][name]:,} in {best[name]}")
        for name in often
        if text[name] == 0
    )
    return _trace(fault, corpus, len(often), found)


def _differs(release: Release, corpus: str, fault: str) -> Trace:
    """Names whose joint count depends on the dataset it was counted for."""
    counts: dict[str, dict[str, int]] = {}
    for dataset in (*ROW_SETS["zs18"], *RETRIEVAL_SETS):
        file = CountFile(dataset, corpus, "integrated0.7")
        if file in release.count_files:
            for name, count in release.counts(file).items():
                counts.setdefault(name, {})[dataset] = count
    several = {name: by for name, by in counts.items() if name and len(by) > 1}

    def found() -> Found:
        for name, by in several.items():
            most, least = max(by, key=by.__getitem__), min(by, key=by.__getitem__)
            if by[most] != by[least]:
                said = f"{name}: {by[most]:,} for {most}, {by[least]:,} for {least}"
                yield name, by[most] - by[least], said

    return _trace(fault, corpus, len(several), found())


def _by_threshold(release: Release, corpus: str, fault: str) -> Trace | None:
    """Names whose images mostly go when the tagger's threshold rises."""
    kinds = {file.kind for file in release.count_files if file.corpus == corpus}
    marks = sorted(float(kind[5:]) for kind in kinds if kind.startswith("image"))
    if len(marks) < 2:
        return None
    low, high = (names(release, corpus, f"image{mark:g}") for mark in (marks[0], marks[-1]))
    often = [name for name, count in low.items() if count >= OFTEN and name in high]
    found = (
        (name, low[name], f"{name}: {low[name]:,} at {marks[0]:g}, {high[name]:,} at {marks[-1]:g}")
        for name in often
        if low[name] >= FACTOR * max(high[name], 1)
    )
    return _trace(fault, corpus, len(often), found)


_FAULTS: Mapping[str, Callable[[Release, str, str], Trace | None]] = {
    "same as a word": _same_as_a_word,
    "capital": _unseen_in_text(_capital),
    "digit": _unseen_in_text(_digit),
    "plain": _unseen_in_text(_plain),
    "lemma": _lost_by_lemma,
    "larger": _zero_in_the_larger,
    "differs": _differs,
    "threshold": _by_threshold,
}
