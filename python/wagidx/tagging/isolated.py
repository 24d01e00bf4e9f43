"""The lemma a word gets alone, without a sentence that would tell how it is meant.

The study's code lemmatised each word of a query by itself. A tagger that sees *rose* and nothing
else takes it for a verb as readily as for a noun, and *rose* became *rise*. Two readers are here:

* `verbs_win`, without any model: whatever can be the past or a participle of a verb is one;
* `SpacyAlone`, a spaCy pipeline with its lemmatiser; with ``en_core_web_sm`` it is the study's own.

Nouns are left as they are by either: an index lemmatises them by its own rule on both sides.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from wagidx import _native
from wagidx._optional import require

__all__ = ["Alone", "SpacyAlone", "verbs_win"]

ENDINGS = (("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""))
"""What regular participles end in, and what the verb has for it, in spaCy's order."""

Alone: TypeAlias = Callable[[Sequence[str]], list[list[str]]]
"""Words, in small letters, to the lemma of each of their tokens."""


def verbs_win(words: Sequence[str]) -> list[list[str]]:
    """The verb of each token that can be the past or a participle of one; others stay.

    Forms in -s stay too: alone they are read as plurals. A verb in its base form is changed only
    where it is an irregular form of another (*saw*, *ground*). The verbs and their irregular forms
    are those of spaCy's English lemmatiser.

    A tagger decides better, and takes fewer words for verbs. The counts that the study released for
    LAION-400M show what its own did, for there a word with another lemma found nothing: of 72
    concepts of one word that are changed here, it changed 54.
    """
    return [[_verb_of(token) for token in tokens] for tokens in _native.tokens(list(words))]


def _verb_of(token: str) -> str:
    verbs, irregular = _verbs()
    if token in irregular:
        return irregular[token]
    if token in verbs:
        return token
    stems = (token[: -len(old)] + new for old, new in ENDINGS if token.endswith(old))
    return next((stem for stem in stems if stem in verbs), token)


@cache
def _verbs() -> tuple[frozenset[str], dict[str, str]]:
    """Verbs, and the verb of each irregular form."""
    file = resources.files("wagidx") / "data" / "verbs" / "verbs.tsv"
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    verbs = frozenset(line[0] for line in lines if len(line) == 1)
    return verbs, {line[0]: line[1] for line in lines if len(line) == 2}


class SpacyAlone:
    """A spaCy pipeline asked for one word at a time.

    Parameters
    ----------
    model : str or path
        Name of an installed pipeline with a tagger and a lemmatiser, or a folder with one.

    Raises
    ------
    ModuleNotFoundError
        spaCy is not installed.
    OSError
        The model is not installed, or cannot be read.
    ValueError
        It has no lemmatiser, or another language's tokens.
    """

    def __init__(self, model: str | os.PathLike[str]) -> None:
        spacy = require("spacy", extra="spacy")
        if not (Path(model).is_dir() or spacy.util.is_package(str(model))):
            raise OSError(f"spaCy model {model} is not installed: python -m spacy download {model}")
        self._nlp = spacy.load(model, exclude=["parser", "ner", "senter"])
        if not any("lemmatizer" in name for name in self._nlp.pipe_names):
            raise ValueError(f"{model}: this spaCy model has no lemmatizer")

    def __call__(self, words: Sequence[str]) -> list[list[str]]:
        """As `Alone`; nouns and names stay."""
        read = []
        for word, tokens, doc in zip(words, _native.tokens(list(words)), self._nlp.pipe(words)):
            if [token.text for token in doc] != tokens:
                raise ValueError(
                    f"this spaCy model splits {word!r} into other tokens than wagidx; only models "
                    "with spaCy's English tokeniser can be used"
                )
            nouns = [token.pos_ in ("NOUN", "PROPN") for token in doc]
            read.append([t.text if noun else t.lemma_ for t, noun in zip(doc, nouns)])
        return read
