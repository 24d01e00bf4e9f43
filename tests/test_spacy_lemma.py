"""spaCy 3.7's noun lemma, against tests/reference_lemma.py: no token has another one here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import reference_lemma as reference
from hypothesis import given
from hypothesis import strategies as st
from wagidx import _native

NOUN_TAGS = ("NN", "NNS", "NNP", "NNPS")
ENDINGS = ["", *(old for old, _ in reference.table("rules")), "'s", "."]
TAGGER = Path(_native.__file__).parent / "data/tagger/english.wagtag"

Pair = tuple[str, str]


def differences(pairs: Iterable[Pair]) -> tuple[int, list[tuple[Pair, str | None, str | None]]]:
    """Count the tokens with tags, and give those with another lemma than the reference's."""
    asked = list(pairs)
    found = _native.spacy_noun_lemmas([token for token, _ in asked], [tag for _, tag in asked])
    cases = ((pair, lemma, reference.noun_lemma(*pair)) for pair, lemma in zip(asked, found))
    return len(asked), [case for case in cases if case[1] != case[2]]


def variants(word: str) -> Iterator[str]:
    """Give a word with the endings that the rules look for, and its plurals in other cases."""
    yield from (f"{word}s".capitalize(), f"{word}s".upper(), word.upper())
    yield from (word + ending for ending in ENDINGS)
    if word.endswith(("f", "fe")):
        yield word.rstrip("e")[:-1] + "ves"
    if word.endswith("y"):
        yield word[:-1] + "ies"
    if word.endswith("man"):
        yield word[:-3] + "men"


def test_every_known_noun_and_exception_has_spacys_lemma(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = {*reference.table("index"), *reference.table("exc")}
    types = sorted({variant for word in words for variant in variants(word)})
    count, differing = differences((word, "NNS") for word in types)
    with capsys.disabled():
        print(f"\nknown nouns: {count:,} plurals, {len(differing)} lemmas differ", end="")
    assert count > 500_000
    assert differing == []


def test_captions_have_spacys_lemmas(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    captions = [
        text
        for name in ("laion_cah_10k", "cc3m_val", "flickr8k", "coco_karpathy_test")
        for text in pq.read_table(corpora / f"{name}.parquet", columns=["caption"])
        .column("caption")
        .to_pylist()[:10_000]
        if text is not None
    ]
    tokens = [[t for t in text if not t.isspace()] for text in _native.tokens(captions)]
    tags = _native.Tagger(TAGGER.read_bytes()).tags(tokens)
    pairs = [pair for text in zip(tokens, tags) for pair in zip(*text, strict=True)]
    count, differing = differences(pairs)
    nouns = sum(tag in NOUN_TAGS for _, tag in pairs)
    with capsys.disabled():
        print(
            f"\n{len(captions):,} captions: {count:,} tokens, {nouns:,} tagged as nouns,"
            f" {len(differing)} lemmas differ",
            end="",
        )
    assert len(captions) >= 30_000
    assert differing == []


def test_words_of_the_corpora_have_spacys_lemmas(
    corpora: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = sorted(corpora.glob("*.parquet"))
    columns = [pq.read_table(path, columns=["caption"]).column("caption") for path in paths]
    texts = [text for column in columns for text in column.to_pylist() if text is not None]
    words = {token for text in _native.tokens(texts) for token in text}
    count, differing = differences((word, tag) for word in sorted(words) for tag in ("NN", "NNS"))
    with capsys.disabled():
        print(
            f"\ncorpora: {len(words):,} types, {count:,} tagged, {len(differing)} lemmas differ",
            end="",
        )
    assert len(words) >= 100_000
    assert differing == []


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=8),
    st.sampled_from(ENDINGS),
    st.sampled_from(NOUN_TAGS),
)
def test_any_token_has_spacys_lemma(stem: str, ending: str, tag: str) -> None:
    assert differences([(stem + ending, tag)])[1] == []


def test_the_rules_of_3_7_not_of_3_8() -> None:
    plurals = {"leaves": "leave", "vases": "vase", "cookies": "cookie", "scissors": "scissor"}
    assert _native.spacy_noun_lemmas(list(plurals), ["NNS"] * 4) == list(plurals.values())


def test_an_unknown_tag_is_refused() -> None:
    with pytest.raises(ValueError, match="NOUN"):
        _native.spacy_noun_lemmas(["dog"], ["NOUN"])
    with pytest.raises(ValueError, match="differ in length"):
        _native.spacy_noun_lemmas(["dog"], [])
