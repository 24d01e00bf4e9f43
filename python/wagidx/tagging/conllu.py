"""Treebanks in CoNLL-U: https://universaldependencies.org/format.html."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wagidx.exceptions import SourceError

__all__ = ["Sentence", "read_conllu"]

_FIELDS = 10


@dataclass
class Sentence:
    """The words of a sentence.

    Attributes
    ----------
    tokens : list of str
        The words of a treebank are spaCy's tokens but for rare cases.
    upos, xpos : list of str
        Their universal and their Penn Treebank tags.
    """

    tokens: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)


def read_conllu(path: str | os.PathLike[str]) -> Iterator[Sentence]:
    """Read the sentences of a file; those with a word that has no Penn Treebank tag are left out.

    Raises
    ------
    SourceError
        A line has not the fields of a word, or the file is no UTF-8.
    """
    sentence = Sentence()
    try:
        with Path(path).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                text = line.rstrip("\n")
                if not text:
                    if _is_tagged(sentence):
                        yield sentence
                    sentence = Sentence()
                elif not text.startswith("#"):
                    _add(sentence, text.split("\t"), f"{path}:{number}")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 ({error.reason}): not a CoNLL-U file") from error
    if _is_tagged(sentence):
        yield sentence


def _add(sentence: Sentence, fields: list[str], where: str) -> None:
    if len(fields) != _FIELDS:
        raise SourceError(f"{where}: {len(fields)} fields, where CoNLL-U has {_FIELDS}")
    number, token, _, upos, xpos = fields[:5]
    if number.isdecimal():  # not the span of a contraction, nor an elided word
        sentence.tokens.append(token)
        sentence.upos.append(upos)
        sentence.xpos.append(xpos)


def _is_tagged(sentence: Sentence) -> bool:
    return bool(sentence.tokens) and "_" not in sentence.xpos
