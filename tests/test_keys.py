"""Keys: against tests/reference_keys.py, by the laws they keep, and case by case."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import reference_keys as reference
import unicodedata2
from hypothesis import given
from hypothesis import strategies as st
from wagidx._native import keys

ROOT = Path(__file__).parent.parent
TIERS = ("surface", "lemma")

# What folding acts on, beside anything else: letters that fold to several, marks, Greek, Hangul.
TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cn"]),
        st.sampled_from(
            "aeiouAEIOUsS.-'\u00df\u0130\u0149\u01f0\ufb03\u1e9e\u212b\u1112\u1161\u11ab"
        ),
        st.characters(min_codepoint=0x300, max_codepoint=0x345),
        st.characters(min_codepoint=0x1F00, max_codepoint=0x1FFF),
    ),
    max_size=12,
)

# Heads whose regular plural is another word, which stays (function words, letters, Fijis).
NOT_PLURALS = """
a da do doe e fiji hi i it m mr s u v
"""
# Heads that share their regular plural with a noun met more often, mostly their own other spelling.
SHARED_PLURALS = """
adz aery assegai aunty ax beany bogie bolshy breakax broadax brummy burnous caddie cartouch chilly
cowry deary dicky doggie dogy eyry floozy frijole goony grannie hanky hoagy ichthyosaurus junky
knobkerry leave lense loony marquis mollie orach organdy pantie pavis pickax pinche pixy poleax
punky reeve revers sharpy smoothy weirdy
"""


def differences(tokens: Iterable[str], tier: str) -> list[tuple[str, str | None, str | None]]:
    """Tokens that library and reference key differently, with both keys."""
    asked = list(tokens)
    pairs = zip(asked, keys(asked, tier), strict=True)
    cases = ((token, found, reference.key(token, tier)) for token, found in pairs)
    return [case for case in cases if case[1] != case[2]]


def characters() -> Iterator[str]:
    """Every scalar value, but for those that an old Python cannot fold."""
    scalars = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    return filter(reference.foldable, scalars)


def test_every_character_alone_has_the_same_key() -> None:
    assert differences(characters(), "surface") == []


def test_every_character_between_others_has_the_same_key() -> None:
    # Unassigned and private characters, nine in ten, act on no neighbour: one in 64 stands for all.
    inert = {"Cn", "Co"}
    telling = (c for c in characters() if ord(c) % 64 == 0 or unicodedata2.category(c) not in inert)
    between = (f"(A{char}\u0323\u0301{char}" for char in telling)
    assert differences(between, "surface") == []


def test_combining_sequences_have_the_same_key() -> None:
    active = [
        char
        for char in characters()
        if unicodedata2.combining(char)
        or char != unicodedata2.normalize("NFD", char)
        or char != reference.casefold(char)
    ]
    # Syllables outnumber everything else that decomposes.
    hangul = [char for char in active if "\uac00" <= char <= "\ud7a3"]
    marks = [char for char in active if unicodedata2.combining(char)]
    others = sorted(set(active) - set(hangul))
    jamo = [chr(code) for code in range(0x1100, 0x1200)]
    pool = others * 2 + marks * 4 + hangul[::50] + jamo + list("aeiouAEIOU.-") * 8
    draw = random.Random(0)
    sequences = ["".join(draw.choices(pool, k=draw.randint(2, 8))) for _ in range(100_000)]
    assert differences(sequences, "surface") == []


def test_every_listed_word_has_the_same_key() -> None:
    words = set(reference.nouns()) | set(reference.exceptions()) | set(reference.fixed_keys())
    words |= reference.word_list("function_words") | reference.word_list("other_words")
    assert differences(sorted(words), "lemma") == []
    plurals = {plural for word in words for plural in (f"{word}s", regular_plural(word))}
    assert differences(sorted(plurals), "lemma") == []


def test_every_rule_on_every_noun_has_the_same_key() -> None:
    endings = {suffix for rule in reference.RULES for suffix in rule} | {"es", "us", "is", "ss"}
    nouns = sorted(reference.nouns())[::10]
    stems = {noun[: len(noun) - cut] for noun in nouns for cut in (0, 1)}
    assert differences(sorted(s + e for s in stems for e in endings), "lemma") == []


def test_every_token_of_the_corpora_has_the_same_keys(corpora: Path) -> None:
    tokens = sorted(corpus_tokens(corpora))
    assert len(tokens) > 100_000
    for tier in TIERS:
        assert differences(tokens, tier) == []


def corpus_tokens(folder: Path) -> set[str]:
    """Distinct pieces of every caption, cut at white space and at punctuation as well."""
    words: set[str] = set()
    for path in sorted(folder.glob("*.parquet")):
        for text in pq.read_table(path, columns=["caption"])["caption"].to_pylist():
            words.update((text or "").split())
    pieces = {piece for word in words for piece in re.split(r"(\W|_)", word)}
    return {token for token in words | pieces if all(map(reference.foldable, token))}


def regular_plural(noun: str) -> str:
    """Spell the plural that English forms by rule."""
    if re.search("(s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search("[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"


def heads_without_a_plural(heads: Iterable[str]) -> set[str]:
    """Heads that are singular nouns, and whose regular plural has another key."""
    nouns = sorted(h for h in set(heads) & set(reference.nouns()) if keys([h], "lemma") == [h])
    assert len(nouns) > 500
    plurals = keys([regular_plural(noun) for noun in nouns], "lemma")
    return {noun for noun, key in zip(nouns, plurals, strict=True) if key != noun}


def test_singular_and_plural_have_the_same_key() -> None:
    text = (ROOT / "rust/wagidx-text/tests/cases/plurals.tsv").read_text(encoding="utf-8")
    singulars, plurals = zip(*(line.split("\t") for line in text.splitlines()), strict=True)
    assert keys(list(plurals), "lemma") == list(singulars)
    assert keys(list(singulars), "lemma") == list(singulars)


def test_singular_and_regular_plural_of_every_concept_head_have_the_same_key(lists: Path) -> None:
    names: list[str] = []
    for name, column in (("classnames_openai_clip.tsv", 2), ("classnames_clip_benchmark.tsv", 3)):
        with (lists / name).open(encoding="utf-8", newline="") as rows:
            names += [row[column] for row in csv.reader(rows, delimiter="\t", quoting=3)]
    for name in ("ram_tags_4585.txt", "imagenet21k_lemmas.txt", "let_it_wag_290.txt"):
        names += (lists / name).read_text(encoding="utf-8").splitlines()
    terms = (re.findall(r"\w+", name.replace("_", " ").casefold()) for name in names)
    found = heads_without_a_plural(words[-1] for words in terms if words)
    assert found == set(f"{NOT_PLURALS} {SHARED_PLURALS}".split())


def test_a_shared_plural_goes_to_another_noun() -> None:
    heads = SHARED_PLURALS.split()
    for head, key in zip(heads, keys(list(map(regular_plural, heads)), "lemma"), strict=True):
        assert key != head
        assert key in reference.nouns()


@given(TEXT)
def test_a_surface_key_is_its_own_key(token: str) -> None:
    (key,) = keys([token], "surface")
    if key is not None:
        assert keys([key], "surface") == [key]


@given(TEXT)
def test_composed_and_decomposed_have_the_same_key(token: str) -> None:
    forms = [unicodedata2.normalize(form, token) for form in ("NFC", "NFD")]
    for tier in TIERS:
        assert len(set(keys([token, *forms], tier))) == 1


@given(TEXT)
def test_case_does_not_reach_the_key(token: str) -> None:
    for tier in TIERS:
        assert len(set(keys([token, reference.casefold(reference.nfc(token))], tier))) == 1


@given(TEXT, st.text(st.sampled_from(".,;:!?()[]{}\"'-_/\\@#%&*\u2014\u201c\u3002"), max_size=4))
def test_punctuation_around_a_token_does_not_reach_the_key(token: str, around: str) -> None:
    for tier in TIERS:
        assert len(set(keys([token, around + token, token + around], tier))) == 1


@given(TEXT)
def test_tiers_agree_on_what_is_a_term(token: str) -> None:
    (surface,), (lemma,) = keys([token], "surface"), keys([token], "lemma")
    assert (surface is None) == (lemma is None)
    assert surface != "" and lemma != ""


@given(st.lists(TEXT, max_size=6))
def test_a_key_is_a_function_of_the_token_alone(tokens: list[str]) -> None:
    for tier in TIERS:
        assert keys(tokens, tier) == [key for token in tokens for key in keys([token], tier)]


@given(st.sampled_from("xS\u00e9\u00df\u65e5\U0001f600"), st.integers(0, 300))
def test_a_long_key_is_cut_at_a_character(char: str, length: int) -> None:
    token = "S" + char * length
    (key,) = keys([token], "surface")
    assert key == reference.key(token, "surface")
    assert key is not None and len(key.encode()) <= 255


def same(words: str) -> dict[str, str]:
    """Words that are their own key."""
    return {word: word for word in words.split()}


CASES: dict[str, dict[str, str]] = {
    "function words are no plurals": same(
        "as was is has its does this his us goes hers ours yours theirs thus always across"
        " perhaps besides towards whereas less"
    ),
    "-ss stays": same("glass grass dress class cross princess chess mattress fitness ss"),
    "-us of a noun stays": same("bus cactus virus octopus campus circus lotus walrus hibiscus"),
    "-us of no noun goes": {"emus": "emu", "menus": "menu", "gnus": "gnu", "tutus": "tutu"},
    "-is of a noun stays": same("iris tennis oasis chrysalis pelvis trellis ibis"),
    "-is of no noun goes": {"okapis": "okapi", "bikinis": "bikini", "kiwis": "kiwi"},
    "the most frequent noun wins": {
        "leaves": "leaf",
        "vases": "vase",
        "cookies": "cookie",
        "knives": "knife",
        "movies": "movie",
        "axes": "axe",
    },
    "irregular plurals": {
        "children": "child",
        "geese": "goose",
        "mice": "mouse",
        "women": "woman",
        "firemen": "fireman",
        "fungi": "fungus",
    },
    "no form is a noun": same("news clothes scissors jpgs beautiful qqqs"),
    "the study's spelling": {
        "St.": "st",
        "'s": "s",
        "C++": "c++",
        "(Dogs)": "dog",
        "WOMEN": "woman",
    },
    "full folding": {
        "Stra\u00dfe": "strasse",
        "STRA\u1e9eE": "strasse",
        "\ufb01sh": "fish",
        "Cafe\u0301": "caf\u00e9",
    },
}


@pytest.mark.parametrize("reason", CASES)
def test_cases(reason: str) -> None:
    cases = CASES[reason]
    found = keys(list(cases), "lemma")
    assert dict(zip(cases, found, strict=True)) == cases
    assert differences(cases, "lemma") == []


def test_what_is_no_term_has_no_key() -> None:
    tokens = ["", " ", "-", ",", "(", "...", "\u2014", "+", "$", "\u0301", "\u200d", "\n"]
    for tier in TIERS:
        assert keys(tokens, tier) == [None] * len(tokens)


def test_an_unknown_tier_is_refused() -> None:
    with pytest.raises(ValueError, match="lemmma"):
        keys(["dog"], "lemmma")
