"""Query expressions: concepts joined by "all of", "any of" and "none of".

A *concept* is a string. Its terms form a set, and a caption holds the concept when it holds every
term, in any order. An `Expression` joins concepts, and other expressions:

>>> from wagidx.expressions import all_of, any_of, none_of
>>> print(all_of(any_of("sofa", "couch"), none_of("leather")))
all_of(any_of('sofa', 'couch'), none_of('leather'))

Expressions are plain immutable values: they can be compared, hashed, pickled and used against any
index. What a concept's terms are is decided by the index that is asked, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from wagidx.exceptions import ConceptError

__all__ = ["Expression", "Query", "all_of", "any_of", "none_of"]

Operator: TypeAlias = Literal["all_of", "any_of", "none_of"]


@dataclass(frozen=True)
class Expression:
    """An operator over concepts and expressions; made by `all_of`, `any_of` and `none_of`.

    Attributes
    ----------
    op : {"all_of", "any_of", "none_of"}
        How the operands are joined.
    operands : tuple of str or Expression
        At least one.
    """

    op: Operator
    operands: tuple[str | Expression, ...]

    def __post_init__(self) -> None:
        if not self.operands:
            raise ConceptError(f"{self.op}() has no operand: give it at least one concept")
        for operand in self.operands:
            if not isinstance(operand, (str, Expression)):
                raise TypeError(
                    f"{self.op}() takes concepts (str) and expressions, not "
                    f"{type(operand).__name__}: unpack a list with {self.op}(*concepts)"
                )

    def __str__(self) -> str:
        inner = (
            str(part) if isinstance(part, Expression) else repr(part) for part in self.operands
        )
        return f"{self.op}({', '.join(inner)})"


Query: TypeAlias = "str | Expression"
"""What an index can be asked: a concept or an expression."""


def all_of(*operands: str | Expression) -> Expression:
    """Captions that hold every operand.

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
    """Captions that hold at least one operand; a concept with its synonyms is this.

    Parameters and errors as `all_of`.
    """
    return Expression("any_of", operands)


def none_of(*operands: str | Expression) -> Expression:
    """Captions that hold no operand: the complement of `any_of`.

    Taken within the rows that have text (an empty caption is text, a NULL is not) and that no
    filter removed. Parameters and errors as `all_of`.
    """
    return Expression("none_of", operands)
