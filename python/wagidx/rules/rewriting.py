"""What the study's code would look for when it is asked for a concept.

Two of its rules change the words themselves. Both work on what stands between blanks, in small
letters: `last` keeps the last token of such a word, `lemma` takes each token for what it is alone.
A word whose last token is punctuation then holds nothing to look for; it is a word that no caption
holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wagidx import _native
from wagidx.asking.expressions import Expression
from wagidx.exceptions import ConceptError
from wagidx.tagging.isolated import Alone

__all__ = ["Rewriter", "words_of"]


def words_of(concepts: Iterable[str | Expression]) -> list[str]:
    """Every word of some concepts once, in small letters.

    Raises
    ------
    ConceptError
        An expression is one that the study's code has nothing like.
    """
    found: dict[str, None] = {}
    for concept in concepts:
        if isinstance(concept, str):
            found |= dict.fromkeys(_words(concept))
        elif concept.op in ("all_of", "any_of"):
            found |= dict.fromkeys(words_of(concept.operands))
        else:
            raise ConceptError(
                f"{concept}: the study's code has no equivalent of {concept.op}; use "
                "concepts, all_of and any_of"
            )
    return list(found)


def _words(concept: str) -> list[str]:
    return concept.replace("_", " ").lower().split()


@dataclass(frozen=True)
class Rewriter:
    """Concepts as some rules would have them.

    Attributes
    ----------
    tokens : dict of str to list of str
        The tokens that each word is looked up as.
    drop : bool
        Whether a word that holds nothing to look for is left out; otherwise no caption holds it.
    """

    tokens: dict[str, list[str]]
    drop: bool

    @classmethod
    def of(
        cls,
        words: list[str],
        is_term: Callable[[str], bool],
        *,
        last: bool,
        alone: Alone | None,
        drop: bool,
    ) -> Rewriter:
        """Prepare for concepts made of `words`; `is_term` says whether a text can be looked up."""
        plain = _native.tokens(words)
        read = plain if alone is None else alone(words)
        tokens = {}
        for word, before, after in zip(words, plain, read, strict=True):
            kept = after[-1:] if last else after
            if kept != before:
                written = [_as_one_token(token) for token in kept]
                tokens[word] = written if is_term(" ".join(written)) else []
        return cls(tokens, drop)

    def asked(self, concept: str | Expression) -> str | Expression | None:
        """What is looked for in place of a concept; None where no caption can hold it."""
        if isinstance(concept, str):
            return self._text(concept)
        operands = [self.asked(operand) for operand in concept.operands]
        left = tuple(operand for operand in operands if operand is not None)
        lost = len(left) < len(operands) and concept.op == "all_of" and not self.drop
        return Expression(concept.op, left) if left and not lost else None

    def _text(self, concept: str) -> str | None:
        words = _words(concept)
        if not any(word in self.tokens for word in words):
            return concept
        parts = [self.tokens.get(word, [word]) for word in words]
        if not any(parts) or (not all(parts) and not self.drop):
            return None
        return " ".join(token for part in parts for token in part)


def _as_one_token(token: str) -> str:
    """A token spelled so that it is read as one: wed alone is taken for we'd, WED is not."""
    as_it_is, in_capitals = map(len, _native.tokens([token, token.upper()]))
    return token.upper() if as_it_is > 1 == in_capitals else token
