"""The rules of the study's code, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["RULES", "Rule", "chosen_rules"]


@dataclass(frozen=True)
class Rule:
    """One thing that the study's code does differently.

    Attributes
    ----------
    name : str
        Its name here.
    released : str
        What the released code does.
    ours : str
        What this library does instead.
    """

    name: str
    released: str
    ours: str


RULES = (
    Rule(
        "noun",
        "indexes nouns only, so every word of a concept must occur as a noun",
        "requires the last word as a noun, and the others as any part of speech",
    ),
    Rule(
        "last",
        "keeps only the last token of a word split into several: golf-ball becomes ball",
        "requires every token: golf-ball becomes golf and ball",
    ),
    Rule(
        "lemma",
        "lemmatises each word of a concept in isolation, preferring verbs: rose becomes rise",
        "treats the words of a concept as nouns, as in captions",
    ),
    Rule(
        "missing",
        "ignores words that are in no caption: Model B200 becomes model",
        "counts zero if a word is missing",
    ),
    Rule(
        "case",
        "keeps the capitals of names in captions but looks concepts up in lower case",
        "folds case on both sides",
    ),
)
"""Every rule, in the order in which the released code applies them."""


def chosen_rules(names: Iterable[str] | None) -> tuple[Rule, ...]:
    """The rules with these names, or all, in the order of `RULES`.

    Raises
    ------
    ValueError
        A name is not known, or the list is empty.
    """
    if names is None:
        return RULES
    wanted = set(names)
    known = {rule.name for rule in RULES}
    for name in sorted(wanted - known):
        raise ValueError(f"rule {name!r} is not known; choose from {', '.join(sorted(known))}")
    if not wanted:
        raise ValueError("the list of rules is empty: name a rule, or pass None for all")
    return tuple(rule for rule in RULES if rule.name in wanted)
