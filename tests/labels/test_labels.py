"""The hand-made labels are whole, and two readers made them alike."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from label_sheet import labelled_rows
from labels.labels import FIRST, SECOND, agreement, read_labels
from wagidx import _native


@pytest.fixture(scope="module")
def captions(corpora: Path) -> list[str]:
    """The captions that the rows number."""
    table = pq.read_table(corpora / "laion_cah_10k.parquet", columns=["caption"])
    found: list[str] = table.column("caption").to_pylist()
    return found


def test_every_label_is_of_a_token_of_a_drawn_row(captions: list[str]) -> None:
    for path, rows in zip((FIRST, SECOND), labelled_rows(len(captions)), strict=True):
        labels = read_labels(path)
        assert list(labels) == rows
        for row, nouns in labels.items():
            (tokens,) = _native.tokens([captions[row]])
            assert all(0 <= index < len(tokens) for index in nouns or {}), row
            assert list(nouns or {}) == sorted(nouns or {}), row


def test_two_readers_label_alike(captions: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    first, second = read_labels(FIRST), read_labels(SECOND)
    tokens = {row: len(_native.tokens([captions[row]])[0]) for row in second}
    found = agreement(first, second, tokens)
    with capsys.disabled():
        print(f"\n{found}", end="")
    assert found.captions >= 40
    assert found.tokens == sum(tokens[row] for row, of in second.items() if of is not None)


def test_agreement_is_counted() -> None:
    first = {1: {0: "dog", 2: "cat"}, 2: None, 3: {1: "leaf"}}
    second = {1: {0: "dog", 1: "red"}, 2: {0: "x"}, 3: {1: "leave"}}
    found = agreement(first, second, {1: 4, 2: 2, 3: 2})
    assert (found.captions, found.tokens, found.tokens_alike) == (2, 6, 4)
    assert (found.both, found.first_only, found.second_only) == (2, 1, 1)
    assert found.keys_alike == 1
    assert found.kappa == pytest.approx((4 / 6 - 0.5) / 0.5)
