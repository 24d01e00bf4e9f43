"""Expressions: what can be built, what is refused, and that they are plain values."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest
from wagidx.asking.expressions import Expression, all_of, any_of, as_phrases, none_of, phrase
from wagidx.exceptions import ConceptError


@pytest.mark.parametrize("make", [all_of, any_of, none_of])
def test_operator_and_operands_are_kept_in_order(make: Callable[..., Expression]) -> None:
    expression = make("dog", any_of("cat", "bird"))
    assert expression.op == make.__name__
    assert expression.operands == ("dog", Expression("any_of", ("cat", "bird")))


@pytest.mark.parametrize("make", [all_of, any_of, none_of])
def test_no_operand_is_a_concept_error(make: Callable[..., Expression]) -> None:
    with pytest.raises(ConceptError, match=f"{make.__name__}.*no operand"):
        make()


@pytest.mark.parametrize("operand", [None, 3, b"dog", ["dog", "cat"], ("dog",)])
def test_anything_but_text_and_expressions_is_a_type_error(operand: object) -> None:
    with pytest.raises(TypeError, match=type(operand).__name__):
        any_of("cat", operand)  # type: ignore[arg-type]


def test_expressions_are_immutable_hashable_and_picklable() -> None:
    expression = all_of("dog", none_of("cat"))
    with pytest.raises(FrozenInstanceError):
        expression.op = "any_of"  # type: ignore[misc]
    assert {expression: 1}[all_of("dog", none_of("cat"))] == 1
    assert pickle.loads(pickle.dumps(expression)) == expression
    assert expression != all_of("cat", none_of("dog"))


def test_text_reads_as_it_was_written() -> None:
    text = "all_of('golden retriever', none_of('cat', any_of('sofa')))"
    expression = all_of("golden retriever", none_of("cat", any_of("sofa")))
    assert str(expression) == text
    assert eval(text, {"all_of": all_of, "any_of": any_of, "none_of": none_of}) == expression


@pytest.mark.parametrize("text", [None, 3, b"dog", ["dog"], all_of("dog")])
def test_a_phrase_is_one_text(text: object) -> None:
    with pytest.raises(TypeError, match="phrase"):
        phrase(text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="phrase"):
        Expression("phrase", ("red", "dog"))


def test_a_phrase_is_a_value() -> None:
    assert phrase("golf ball") == Expression("phrase", ("golf ball",))
    assert phrase("golf ball") != phrase("ball golf")
    assert str(none_of(phrase("golf ball"))) == "none_of(phrase('golf ball'))"
    assert pickle.loads(pickle.dumps(phrase("golf ball"))) == phrase("golf ball")


def test_every_concept_of_a_query_becomes_a_phrase() -> None:
    query = all_of("red dog", none_of(phrase("blue cat"), any_of("a b")))
    expected = all_of(phrase("red dog"), none_of(phrase("blue cat"), any_of(phrase("a b"))))
    assert as_phrases(query) == expected
    assert as_phrases("red dog") == phrase("red dog")
