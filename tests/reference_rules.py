"""The rules of the study's code, each as it reads, over a list of captions.

No index, and nothing shared with the library but the tagger: tokens are spaCy's, keys and readings
those of the other references, and verbs those of the package spacy-lookups-data.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from reference import shipped_tagger, tokens
from reference_keys import can_be_noun, key


class ReferenceRules:
    """Captions, and in which of them each key stands as what, and within reach of what."""

    def __init__(self, captions: Sequence[str]) -> None:
        self.rows: dict[tuple[str, bool, bool], set[int]] = defaultdict(set)
        for row, caption in enumerate(captions):
            for word, tag in zip(*_tagged(caption), strict=True):
                found = key(word, "lemma") or ""
                noun = tag in ("NN", "NNS", "NNP", "NNPS")
                reached = word == word.lower() or tag not in ("NNP", "NNPS")
                for as_noun in {False, noun}:
                    for case in {False, reached}:
                        self.rows[found, as_noun, case].add(row)

    def count(self, concept: str, rules: Collection[str] = ()) -> int:
        """Count the captions that hold a concept under some rules."""
        wanted = self._wanted(concept, rules)
        if "missing" in rules:
            wanted = [one for one in wanted if one is not None and self.rows.get((*one, False))]
        if not wanted:
            return 0
        case = "case" in rules
        lists = [set() if one is None else self.rows.get((*one, case), set()) for one in wanted]
        return len(set.intersection(*lists))

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
            None
            if found is None
            else (found, "noun" in rules or ([found] == last and can_be_noun(found)))
            for found in keys
        ]


def _tagged(caption: str) -> tuple[list[str], list[str]]:
    words = [token for token in tokens(caption) if not token.isspace()]
    return words, shipped_tagger().tags([words])[0]


def verb_of(word: str) -> str:
    """Give the verb of which a word can be the past or a participle, or the word."""
    index, exceptions = verbs()
    endings = (("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""))
    forms = [word[: -len(old)] + new for old, new in endings if word.endswith(old)]
    forms = [form for form in forms if form in index]
    if word.endswith("s"):
        return word
    if word not in exceptions:
        return word if word in index else [*forms, word][0]
    for form in exceptions[word]:
        forms = forms if form in forms else [form, *forms]
    return forms[0]


@cache
def verbs() -> tuple[frozenset[str], dict[str, list[str]]]:
    """Every verb, and the verbs of each irregular form."""
    return frozenset(_table("index")), _table("exc")


def _table(name: str) -> Any:
    package = importlib.metadata.distribution("spacy-lookups-data")
    path = package.locate_file(f"spacy_lookups_data/data/en_lemma_{name}.json.gz")
    with gzip.open(str(path), "rt", encoding="utf-8") as file:
        return json.load(file)["verb"]
