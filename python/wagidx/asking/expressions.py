"""Query expressions: concepts combined by "all of", "any of" and "none of", and phrases.

A *concept* is a string. Its terms form a set, and a caption contains the concept if it contains
every term, in any order. A *phrase* requires them adjacent and in order. An `Expression` combines
concepts, phrases, and other expressions:

>>> from wagidx.asking.expressions import all_of, any_of, none_of, phrase
>>> print(all_of(any_of("sofa", "couch"), none_of("leather")))
all_of(any_of('sofa', 'couch'), none_of('leather'))
>>> print(none_of(phrase("golf ball")))
none_of(phrase('golf ball'))

Expressions are plain immutable values: they can be compared, hashed, pickled and used with any
index. The queried index determines a concept's terms, never this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from wagidx.exceptions import ConceptError

__all__ = ["Expression", "Query", "all_of", "any_of", "as_phrases", "none_of", "phrase"]

DEEPEST = 100
"""Operators within each other; whatever walks an expression recurses."""

Operator: TypeAlias = Literal["all_of", "any_of", "none_of", "phrase"]


@dataclass(frozen=True)
class Expression:
    """An operator over concepts and expressions; made by `all_of`, `any_of`, `none_of`, `phrase`.

    Attributes
    ----------
    op : {"all_of", "any_of", "none_of", "phrase"}
        How the operands are combined.
    operands : tuple of str or Expression
        At least one; for a phrase exactly one, its text.
    """

    op: Operator
    operands: tuple[str | Expression, ...]

    def __post_init__(self) -> None:
        if not self.operands:
            raise ConceptError(f"{self.op}() has no operand: give it at least one concept")
        if self.op == "phrase" and (len(self.operands), type(self.operands[0])) != (1, str):
            given = ", ".join(type(operand).__name__ for operand in self.operands)
            raise TypeError(f"phrase() takes one text (str), not {given}")
        for operand in self.operands:
            if not isinstance(operand, (str, Expression)):
                raise TypeError(
                    f"{self.op}() takes concepts (str) and expressions, not "
                    f"{type(operand).__name__}: unpack a list with {self.op}(*concepts)"
                )
        if self._depth > DEEPEST:
            raise ValueError(f"expressions nest more than {DEEPEST} deep")

    @cached_property
    def _depth(self) -> int:
        """Operators within each other; operands know theirs, so this does not recurse."""
        inner = (part._depth for part in self.operands if isinstance(part, Expression))
        return 1 + max(inner, default=0)

    def __str__(self) -> str:
        inner = (
            str(part) if isinstance(part, Expression) else repr(part) for part in self.operands
        )
        return f"{self.op}({', '.join(inner)})"


Query: TypeAlias = "str | Expression"
"""A query to an index: a concept or an expression."""


def all_of(*operands: str | Expression) -> Expression:
    """Captions that contain every operand.

    Parameters
    ----------
    *operands : str or Expression
        Concepts and expressions, at least one; their order does not matter.

    Raises
    ------
    ConceptError
        There is no operand.
    TypeError
        An operand is neither a string nor an expression.
    """
    return Expression("all_of", operands)


def any_of(*operands: str | Expression) -> Expression:
    """Captions that contain at least one operand, such as a concept with its synonyms.

    Parameters and errors as for `all_of`.
    """
    return Expression("any_of", operands)


def none_of(*operands: str | Expression) -> Expression:
    """Captions that contain no operand: the complement of `any_of`.

    The complement is within the rows that have text (an empty caption is text, a NULL is not) and
    that no filter removed. Parameters and errors as for `all_of`.
    """
    return Expression("none_of", operands)


def phrase(text: str) -> Expression:
    """Captions that contain the terms of a text adjacent and in order.

    Positions number terms, so tokens that are not terms are skipped: ``phrase("golf ball")`` finds
    "golf-ball". Repeats count: ``phrase("chow chow")`` requires two in a row. A phrase of one term
    is that term. Needs an index built with positions, and excludes ``missing="ignore"``.

    Parameters
    ----------
    text : str
        At least one term, written like a concept: ``_`` is a space.

    Raises
    ------
    TypeError
        `text` is not a string.
    """
    return Expression("phrase", (text,))


def as_phrases(query: str | Expression) -> Expression:
    """The query with each of its concepts as a phrase; phrases are unchanged."""
    if isinstance(query, str):
        return phrase(query)
    if query.op == "phrase":
        return query
    return Expression(query.op, tuple(as_phrases(operand) for operand in query.operands))
