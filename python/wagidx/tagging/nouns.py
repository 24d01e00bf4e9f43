"""What a noun is, given its Penn Treebank tag."""

from __future__ import annotations

__all__ = ["is_noun"]

NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))

PRONOUNS = frozenset(
    (
        "anybody",
        "anyone",
        "anything",
        "everybody",
        "everyone",
        "everything",
        "nobody",
        "nothing",
        "somebody",
        "someone",
        "something",
    )
)
"""Pronouns whatever their tag, as spaCy's attribute ruler has it; the tagger's own list
(rust/wagidx-text/src/tagger/word.rs) holds the same."""


KINDS = {"NN": 1, "NNS": 2, "NNP": 3, "NNPS": 3}
"""Kinds of nouns by tag, as `SpacyTagger.nouns` hands them over."""


def is_noun(token: str, tag: str) -> bool:
    """Whether a token so tagged is a common noun or a name."""
    return tag in NOUN_TAGS and token.lower() not in PRONOUNS
