"""Where in a text a concept or phrase stands, to mark it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from wagidx import _native
from wagidx.asking.expressions import Expression

__all__ = ["spans_of"]

Term = tuple[int, int, str]
"""First byte of a term's token, the one after its last, and its key."""


def spans_of(index: _native.Index, text: str, concept: str | Expression) -> list[tuple[int, int]]:
    """Ranges of characters, ascending; see `Index.spans`."""
    encoded = text.encode("utf-8", "replace")
    terms = index.analyze(encoded.decode(), False)
    return [
        (len(encoded[:start].decode()), len(encoded[:end].decode()))
        for start, end in _joined(sorted(set(_found(index, terms, concept))))
    ]


def _found(
    index: _native.Index, terms: Sequence[Term], concept: str | Expression
) -> Iterator[tuple[int, int]]:
    if isinstance(concept, str):
        wanted = {key for _, _, key in index.analyze(concept, True)}
        yield from ((start, end) for start, end, key in terms if key in wanted)
    elif concept.op == "phrase" and _is_paper(
        index
    ):  # places number nouns, which are not told here
        yield from _found(index, terms, str(concept.operands[0]))
    elif concept.op == "phrase":
        keys = [key for _, _, key in index.analyze(str(concept.operands[0]), True)]
        yield from _runs(terms, keys)
    elif concept.op != "none_of":  # what must not stand there is not to be marked
        for operand in concept.operands:
            yield from _found(index, terms, operand)


def _is_paper(index: _native.Index) -> bool:
    """Whether keys are the study's, which depend on what a tagger told."""
    return bool(json.loads(index.manifest())["analyzer"]["case"] == "paper")


def _joined(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ascending ranges, those that overlap made one: bigrams do."""
    before: tuple[int, int] | None = None
    for start, end in ranges:
        if before is not None and start < before[1]:
            before = before[0], max(before[1], end)
            continue
        if before is not None:
            yield before
        before = start, end
    if before is not None:
        yield before


def _runs(terms: Sequence[Term], wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the keys stand side by side; occurrences that share a term are one range."""
    keys = [key for _, _, key in terms]
    first = last = -1
    for at in range(len(keys) - len(wanted) + 1):
        if not wanted or keys[at : at + len(wanted)] != wanted:
            continue
        if at > last:
            if last >= 0:
                yield terms[first][0], terms[last][1]
            first = at
        last = at + len(wanted) - 1
    if last >= 0:
        yield terms[first][0], terms[last][1]
