"""The rules of the study's code, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["RULES", "Rule", "chosen_rules"]


@dataclass(frozen=True)
class Rule:
    """One thing that the study's code does otherwise.

    Attributes
    ----------
    name : str
        What it is called here.
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
        "indexes nouns only, so every word of a concept has to stand there as a noun",
        "wants the last word as a noun, and the others in any reading",
    ),
    Rule(
        "last",
        "keeps the last token alone of a word that is cut into several: golf-ball is ball",
        "wants every token: golf-ball is golf and ball",
    ),
    Rule(
        "lemma",
        "lemmatises each word of a concept without a sentence, where verbs win: rose is rise",
        "reads the words of a concept as nouns, as in captions",
    ),
    Rule(
        "missing",
        "leaves out the words that no caption holds: Model B200 is model",
        "counts zero where a word is missing",
    ),
    Rule(
        "case",
        "keeps the capitals of names in captions and looks concepts up in small letters",
        "folds case on both sides",
    ),
)
"""Every rule, in the order in which the released code applies them."""


def chosen_rules(names: Iterable[str] | None) -> tuple[Rule, ...]:
    """The rules of these names, or all, in the order of `RULES`.

    Raises
    ------
    ValueError
        A name is no rule's, or there is none.
    """
    if names is None:
        return RULES
    wanted = set(names)
    known = {rule.name for rule in RULES}
    for name in sorted(wanted - known):
        raise ValueError(f"rule {name!r} is not known; there are {', '.join(sorted(known))}")
    if not wanted:
        raise ValueError("no rule is named: name one, or none at all for every one")
    return tuple(rule for rule in RULES if rule.name in wanted)
