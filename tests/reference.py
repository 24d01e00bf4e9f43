"""The naive index every clever thing is compared with.

A dict from key to a set of caption ids, each caption's keys in their order for phrases, and nothing
else: no bytes, no threads, and no code shared with the engine. Tokens are spaCy's own; terms and
keys are those of `reference_keys`, which follows the written rules in plain Python. Which tokens
are nouns is asked of the tagger, caption by caption and without anything remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Literal

import spacy
from reference_keys import bigram_keys, can_be_noun, key
from spacy.language import Language
from wagidx import _native
from wagidx.asking.expressions import Expression, any_of
from wagidx.exceptions import ConceptError
from wagidx.tagging.files import load_tagger

Missing = Literal["zero", "ignore"]
Tier = Literal["surface", "lemma", "noun"]
Pos = Literal["head", "noun", "any"]
Term = tuple[str, bool]
"""A key, and whether it was read as a noun, or has to be."""

TAKEN, FILTERED, MALFORMED = 0, 1, 2


@lru_cache(maxsize=1)
def shipped_tagger() -> _native.Tagger:
    return load_tagger()


@lru_cache(maxsize=1)
def english() -> Language:
    return spacy.blank("en")


def tokens(text: str) -> list[str]:
    """Return spaCy's English tokens."""
    return [token.text for token in english().tokenizer(text)]


class ReferenceIndex:
    """Captions, and for each key the ids of the captions that hold it.

    Parameters
    ----------
    captions : list of str or None
        One a row; None is NULL.
    status : list of int, optional
        Per row 0 (taken), 1 (removed by a filter) or 2 (malformed).
    tier : {"surface", "lemma", "noun"}
        What keys are, and whether nouns are told from other words.
    cjk_bigrams : bool
        Whether Han, Hiragana, Katakana and Hangul are cut into pairs of characters.
    """

    def __init__(
        self,
        captions: Sequence[str | None],
        status: Sequence[int] | None = None,
        tier: Tier = "noun",
        cjk_bigrams: bool = False,
    ) -> None:
        self.cjk_bigrams = cjk_bigrams
        self.tier: Tier = tier
        self.rows = len(captions)
        self.universe: set[int] = set()
        self.postings: dict[str, set[int]] = defaultdict(set)
        self.noun_postings: dict[str, set[int]] = defaultdict(set)
        self.sequences: dict[int, list[Term]] = {}
        self.nulls = self.empty = self.filtered = self.malformed = 0
        self._keys_of: dict[str, list[str]] = {}
        for row, caption in enumerate(captions):
            self._add(row, caption, TAKEN if status is None else status[row])

    def _add(self, row: int, caption: str | None, status: int) -> None:
        if status == MALFORMED:
            self.malformed += 1
        elif status == FILTERED:
            self.filtered += 1
        elif caption is None:
            self.nulls += 1
        else:
            self.universe.add(row)
            self.empty += caption == ""
            self.sequences[row] = self._read(caption)
            for found, noun in self.sequences[row]:
                self.postings[found].add(row)
                if noun:
                    self.noun_postings[found].add(row)

    @property
    def captions(self) -> int:
        """Rows that have text and passed the filter."""
        return len(self.universe)

    def keys(self, text: str) -> set[str]:
        """Return the keys of a caption's terms."""
        return set(self.sequence(text))

    def sequence(self, text: str) -> list[str]:
        """Return the keys of a text's terms in their order, repeats kept."""
        return [found for token in tokens(text) for found in self._keys(token)]

    def _read(self, caption: str) -> list[Term]:
        """Return the keys of a caption's terms, each with whether it is a noun there."""
        words = [token for token in tokens(caption) if not token.isspace()]
        nouns = [False] * len(words)
        if self.tier == "noun":
            (nouns,) = shipped_tagger().nouns([words])
        read = zip(words, nouns, strict=True)
        return [(term, noun) for word, noun in read for term in self._keys(word)]

    def _wanted(self, concept: str, pos: Pos | None) -> list[Term]:
        """Return the keys of a concept, each with whether it is asked for as a noun."""
        keys = self.sequence(concept.replace("_", " "))
        if self.tier != "noun" or pos == "any":
            return [(term, False) for term in keys]
        if pos == "noun":
            return [(term, True) for term in keys]
        last = len(keys) - 1
        return [(term, place == last and can_be_noun(term)) for place, term in enumerate(keys)]

    def _keys(self, token: str) -> list[str]:
        if token not in self._keys_of:
            one = key(token, self.tier)
            whole = [] if one is None else [one]
            self._keys_of[token] = bigram_keys(token, self.tier) if self.cjk_bigrams else whole
        return self._keys_of[token]

    def terms(self) -> dict[str, int]:
        """Return in how many captions each key stands."""
        return {found: len(rows) for found, rows in self.postings.items()}

    def ids(
        self,
        expression: str | Expression,
        missing: Missing = "zero",
        docs: Collection[int] | None = None,
        pos: Pos | None = None,
    ) -> list[int]:
        """Return the ids of the captions that answer, ascending; `docs` is applied last."""
        found = self._rows(expression, missing, pos)
        return sorted(found if docs is None else found & set(docs))

    def count(
        self,
        expression: str | Expression,
        missing: Missing = "zero",
        docs: Collection[int] | None = None,
        pos: Pos | None = None,
    ) -> int:
        return len(self.ids(expression, missing, docs, pos))

    def counts(
        self,
        expressions: Iterable[str | Expression],
        missing: Missing = "zero",
        docs: Collection[int] | None = None,
        pos: Pos | None = None,
    ) -> list[int]:
        return [self.count(expression, missing, docs, pos) for expression in expressions]

    def count_with_synonyms(self, concept: str, synonyms: Iterable[str]) -> int:
        return self.count(any_of(concept, *synonyms))

    def _rows(self, expression: str | Expression, missing: Missing, pos: Pos | None) -> set[int]:
        if isinstance(expression, str):
            return self._concept_rows(expression, missing, pos)
        if expression.op == "phrase":
            (text,) = expression.operands
            return self._phrase_rows(str(text), missing, pos)
        operands = [self._rows(operand, missing, pos) for operand in expression.operands]
        if expression.op == "all_of":
            return set.intersection(*operands)
        union = set.union(*operands)
        return union if expression.op == "any_of" else self.universe - union

    def _concept_rows(self, concept: str, missing: Missing, pos: Pos | None) -> set[int]:
        wanted = set(self._wanted(concept, pos))
        if not wanted:
            raise ConceptError(f"concept {concept!r} holds no term")
        nouns = {term for term, noun in wanted if noun}
        wanted = {(term, noun) for term, noun in wanted if noun or term not in nouns}
        lists = [(self.noun_postings if noun else self.postings).get(term) for term, noun in wanted]
        present = [rows for rows in lists if rows is not None]
        if not present or (missing == "zero" and len(present) < len(lists)):
            return set()
        return set.intersection(*present)

    def _phrase_rows(self, text: str, missing: Missing, pos: Pos | None) -> set[int]:
        if missing != "zero":
            raise ValueError("a phrase does not go with missing words ignored")
        wanted = self._wanted(text, pos)
        if not wanted:
            raise ConceptError(f"phrase {text!r} holds no term")
        return {row for row, found in self.sequences.items() if holds_run(found, wanted)}


def holds_run(found: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Say whether `wanted` stands somewhere in `found`, one after the other, each so read."""

    def fits(start: int) -> bool:
        here = found[start : start + len(wanted)]
        return all(
            a == b and (noun or not must) for (a, noun), (b, must) in zip(here, wanted, strict=True)
        )

    return any(fits(start) for start in range(len(found) - len(wanted) + 1))
