"""What a noun is, against the same said plainly."""

from __future__ import annotations

import pytest
from wagidx.tagging.nouns import is_noun

NOUNS = ("NN", "NNS", "NNP", "NNPS")
OTHERS = ("VB", "VBD", "JJ", "PRP", "PRP$", "DT", ".", "_SP", "", "nn", "NOUN")
PRONOUNS = (
    *("anybody", "anyone", "anything", "everybody", "everyone", "everything"),
    *("nobody", "nothing", "somebody", "someone", "something"),
)


@pytest.mark.parametrize("token", ["dog", "Dogs", "somebodies", "", "Ä" * 40, "no one"])
def test_a_noun_is_what_has_the_tag_of_one(token: str) -> None:
    assert all(is_noun(token, tag) for tag in NOUNS)
    assert not any(is_noun(token, tag) for tag in OTHERS)


@pytest.mark.parametrize("token", PRONOUNS)
def test_a_pronoun_is_no_noun_whatever_its_tag(token: str) -> None:
    forms = (token, token.upper(), token.title())
    assert not any(is_noun(form, tag) for form in forms for tag in (*NOUNS, *OTHERS))
