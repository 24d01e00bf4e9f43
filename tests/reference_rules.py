"""The rules of the study's code, each as it reads, over a list of captions.

No index, and nothing shared with the library but the tagger: tokens are spaCy's, keys and readings
those of the other references, and verbs those of the package spacy-lookups-data.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from reference import shipped_tagger, tokens
from reference_keys import can_be_noun, key

Occurrence = tuple[str, bool, bool]
"""A key, whether it is a noun, and whether small letters reach it."""


class ReferenceRules:
    """Captions, read once."""

    def __init__(self, captions: Sequence[str]) -> None:
        self.read = [list(map(_occurrence, *_tagged(caption))) for caption in captions]

    def count(self, concept: str, rules: Collection[str] = ()) -> int:
        """Count the captions that hold a concept under some rules."""
        wanted = self._wanted(concept, rules)
        if "missing" in rules:
            wanted = [one for one in wanted if one is not None and self._rows([one], False)]
        known = [one for one in wanted if one is not None]
        if not known or len(known) < len(wanted):
            return 0
        return self._rows(known, "case" in rules)

    def _rows(self, wanted: Sequence[tuple[str, bool]], case: bool) -> int:
        return sum(all(_is_held(caption, *one, case) for one in wanted) for caption in self.read)

    def _wanted(self, concept: str, rules: Collection[str]) -> list[tuple[str, bool] | None]:
        """List the keys asked for, each with whether it has to be a noun; None is in no caption."""
        keys: list[str | None] = []
        for word in concept.replace("_", " ").lower().split():
            parts = tokens(word)
            if "lemma" in rules:
                parts = [verb_of(part) for part in parts]
            if "last" in rules and len(parts) > 1:
                keys.append(key(parts[-1], "lemma"))
            else:
                keys += [found for part in parts if (found := key(part, "lemma")) is not None]
        last = [found for found in keys if found is not None][-1:]
        return [
            found and (found, "noun" in rules or ([found] == last and can_be_noun(found)))
            for found in keys
        ]


def _tagged(caption: str) -> tuple[list[str], list[str]]:
    words = [token for token in tokens(caption) if not token.isspace()]
    return words, shipped_tagger().tags([words])[0]


def _occurrence(word: str, tag: str) -> Occurrence:
    noun = tag in ("NN", "NNS", "NNP", "NNPS")
    return key(word, "lemma") or "", noun, word == word.lower() or tag not in ("NNP", "NNPS")


def _is_held(caption: list[Occurrence], wanted: str, as_noun: bool, case: bool) -> bool:
    return any(
        found == wanted and (noun or not as_noun) and (reached or not case)
        for found, noun, reached in caption
    )


def verb_of(word: str) -> str:
    """Give the verb of which a word can be the past or a participle, or the word."""
    index, exceptions = verbs()
    if word in exceptions and not word.endswith("s"):
        return exceptions[word][-1]
    if word in index:
        return word
    for ending, replaced in (("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")):
        if word.endswith(ending) and word[: -len(ending)] + replaced in index:
            return word[: -len(ending)] + replaced
    return word


@cache
def verbs() -> tuple[frozenset[str], dict[str, list[str]]]:
    """Every verb, and the verbs of each irregular form."""
    return frozenset(_table("index")), _table("exc")


def _table(name: str) -> Any:
    package = importlib.metadata.distribution("spacy-lookups-data")
    path = package.locate_file(f"spacy_lookups_data/data/en_lemma_{name}.json.gz")
    with gzip.open(str(path), "rt", encoding="utf-8") as file:
        return json.load(file)["verb"]
