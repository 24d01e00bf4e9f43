"""spaCy 3.7's lemma of a noun, written from its rules, to test the library against.

Nothing is shared with the library: the tables are those of the package spacy-lookups-data. spaCy
3.8, which the tests install, orders the forms otherwise, so it cannot stand in.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
from functools import cache
from typing import Any

# What spaCy's English pipelines take for pronouns where the tagger says NN.
PRONOUNS = frozenset(
    f"{which}{what}"
    for which in ("some", "any", "no", "every")
    for what in ("thing", "one", "body")
    if which + what != "noone"
)


def noun_lemma(token: str, tag: str) -> str | None:
    """Give the lemma of a token with a Penn Treebank tag; None if it is no noun to spaCy."""
    if tag == "NN":
        return None if token.lower() in PRONOUNS else token.lower()
    if tag in ("NNP", "NNPS"):
        return token
    return plural_lemma(token) if tag == "NNS" else None


def plural_lemma(token: str) -> str:
    """Give the first form of a plural, or the token as it stands where there is none."""
    word = token.lower()
    known: list[str] = []
    unknown: list[str] = []
    for old, new in table("rules"):
        form = word[: len(word) - len(old)] + new
        if word.endswith(old) and form:
            is_known = form in nouns() or not form.isalpha()
            (known if is_known else unknown).append(form)
    for form in table("exc").get(word, []):
        if form not in known:
            known = [form, *known]
    return [*known, *unknown, token][0]


@cache
def nouns() -> frozenset[str]:
    """Every noun of the index."""
    return frozenset(table("index"))


@cache
def table(name: str) -> Any:
    """One English lemma table for nouns: rules, exc or index."""
    package = importlib.metadata.distribution("spacy-lookups-data")
    path = package.locate_file(f"spacy_lookups_data/data/en_lemma_{name}.json.gz")
    with gzip.open(str(path), "rt", encoding="utf-8") as file:
        return json.load(file)["noun"]
