"""Terms and keys, written a second time as naively as the rules read, to test the library against.

Nothing here is shared with the library but the word lists in rust/wagidx-text/data. Categories and
normalization come from the package unicodedata2, pinned to the library's Unicode version; full case
folding is Python's own `str.casefold`, which Unicode has not extended between 14 (Python 3.11) and
the pinned version. `foldable` tells which characters an older Python does not know.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

import unicodedata2

UNICODE_VERSION = "15.1.0"
DATA = Path(__file__).parent.parent / "rust/wagidx-text/data"
LONGEST_KEY = 255

# spaCy's noun rules, in its order.
RULES = [
    ("s", ""),
    ("ses", "s"),
    ("ves", "f"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("ies", "y"),
]


def term(token: str) -> str | None:
    """Strip punctuation at the ends of a token and fold it; None if it is no term."""
    while token and is_punctuation(token[0]):
        token = token[1:]
    while token and is_punctuation(token[-1]):
        token = token[:-1]
    if not any(makes_a_term(char) for char in token):
        return None
    return nfc(casefold(nfc(token)))


def key(token: str, tier: str) -> str | None:
    """Give the key of a token under the tier "surface" or "lemma"; None if it is no term."""
    folded = term(token)
    if folded is None:
        return None
    return cut(folded if tier == "surface" else guarded_lemma(folded))


def bigram_keys(token: str, tier: str) -> list[str]:
    """Give the keys of a token whose Han, Hiragana, Katakana and Hangul are cut into pairs."""
    folded = term(token)
    if folded is None:
        return []
    found: list[str] = []
    for run in cjk_runs(folded):
        if not is_cjk(run[0][0]):
            rest = key("".join(run), tier)
            found += [] if rest is None else [rest]
        elif len(run) == 1:
            found.append(cut(run[0]))
        else:
            found += [cut(one + other) for one, other in pairwise(run)]
    return found


def cjk_runs(word: str) -> list[list[str]]:
    """Cut a word into characters with their marks, and those into runs of one kind."""
    characters: list[str] = []
    for char in word:
        if characters and unicodedata2.category(char)[0] == "M":
            characters[-1] += char
        else:
            characters.append(char)
    return [list(run) for _, run in groupby(characters, lambda character: is_cjk(character[0]))]


def is_cjk(char: str) -> bool:
    """Whether a character is a letter or number of Han, Hiragana, Katakana or Hangul."""
    scripts = ("CJK ", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "HENTAIGANA", "HANGZHOU")
    name = unicodedata2.name(char, "").removeprefix("VERTICAL ")
    return unicodedata2.category(char) in ("Lo", "Lm", "Nl") and name.startswith(
        (*scripts, "IDEOGRAPHIC")
    )


def guarded_lemma(word: str) -> str:
    """Give the singular of a term as if it were a noun, unless that makes no noun."""
    if word in fixed_keys():
        return fixed_keys()[word]
    if word in word_list("function_words"):
        return word
    if word.endswith("ss"):
        return word
    if word.endswith(("us", "is")) and word in nouns():
        return word
    forms = list(exceptions().get(word, []))
    for suffix, replacement in RULES:
        if word.endswith(suffix):
            forms.append(word[: len(word) - len(suffix)] + replacement)
    known = [form for form in forms if form in nouns()]
    # max() gives the first of equals.
    return max(known, key=lambda form: nouns()[form]) if known else word


def can_be_noun(word: str) -> bool:
    """Whether a key can be a noun: no digit, and not known as something else only."""
    if any(unicodedata2.category(char) == "Nd" for char in word):
        return False
    known = word in word_list("other_words") or word in word_list("function_words")
    return word in nouns() or not known


def cut(text: str) -> str:
    """At most 255 bytes of UTF-8, cut at a character."""
    return text.encode()[:LONGEST_KEY].decode(errors="ignore")


def nfc(text: str) -> str:
    """Normalize to Form C of the pinned Unicode version."""
    assert unicodedata2.unidata_version == UNICODE_VERSION
    return str(unicodedata2.normalize("NFC", text))


def casefold(text: str) -> str:
    """Full case folding; characters that the pinned version has not assigned fold to themselves."""
    return "".join(c if unicodedata2.category(c) == "Cn" else c.casefold() for c in text)


def foldable(char: str) -> bool:
    """Whether `str.casefold` of this Python is that of the pinned version for the character."""
    assigned = unicodedata.category(char) != "Cn"
    return assigned or sys.version_info >= (3, 11) or unicodedata2.category(char) == "Cn"


def is_punctuation(char: str) -> bool:
    """General category P*."""
    return str(unicodedata2.category(char)).startswith("P")


def makes_a_term(char: str) -> bool:
    """General category L*, N* or So."""
    category = unicodedata2.category(char)
    return category[0] in "LN" or category == "So"


@cache
def word_list(name: str) -> frozenset[str]:
    """Read the words of a list without values."""
    return frozenset((DATA / f"{name}.txt").read_text(encoding="ascii").splitlines())


@cache
def pairs(name: str) -> dict[str, str]:
    """Read the words of a list with their values."""
    lines = (DATA / f"{name}.txt").read_text(encoding="ascii").splitlines()
    return {word: value for word, value in (line.split("\t") for line in lines)}


@cache
def nouns() -> dict[str, int]:
    """Every noun with its frequency as a noun; nouns that WordNet lacks have none."""
    counts = {word: int(count) for word, count in pairs("nouns").items()}
    return counts | {word: 0 for word in word_list("added_nouns")}


@cache
def exceptions() -> dict[str, list[str]]:
    """Irregular plurals with their singulars."""
    return {word: singulars.split(" ") for word, singulars in pairs("noun_exceptions").items()}


@cache
def fixed_keys() -> dict[str, str]:
    """Words whose key was decided by hand."""
    return pairs("fixed_keys")
