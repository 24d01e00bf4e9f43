"""The law of the tokeniser: no text has other tokens here than in spaCy.

There is no list of answers: spaCy runs beside, over real captions in any language and over texts
generated to differ. Each test prints what it compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from spacy_stress import compare, exhaustive_texts, long_texts, stress_texts
from wagidx import _native

CAPTIONS_PER_CORPUS = 6_000

Check = Callable[[str, Iterable[str]], None]


@pytest.fixture
def same_as_spacy(capsys: pytest.CaptureFixture[str]) -> Check:
    """Return a function that compares texts, prints the figures and fails on a difference."""

    def check(what: str, texts: Iterable[str]) -> None:
        result = compare(texts, _native.tokens)
        with capsys.disabled():
            print(f"\n{what}: {result}", end="")
        assert result.texts > 0
        assert result.differing == 0, result.examples

    return check


def parquet_files(folder: Path) -> list[Path]:
    """Return the corpora in the folder, of which there must be some."""
    paths = sorted(folder.glob("*.parquet"))
    assert paths, f"no Parquet file in {folder}"
    return paths


def captions(path: Path) -> list[str]:
    """Return the captions of a corpus that are not NULL."""
    column = pq.read_table(path, columns=["caption"]).column("caption")
    return [text for text in column.to_pylist() if text is not None]


def spread(texts: list[str], count: int) -> list[str]:
    """Return about ``count`` texts from everywhere in the list."""
    return texts[:: max(1, len(texts) // count)]


def test_a_comparison_notices_other_tokens() -> None:
    result = compare(["two words", "two, words"], lambda texts: [text.split() for text in texts])
    assert (result.texts, result.tokens, result.differing) == (2, 5, 1)
    assert result.examples == [("two, words", ["two", ",", "words"], ["two,", "words"])]


def test_stress_texts_are_varied_and_repeatable() -> None:
    texts = list(stress_texts(5_000, seed=1))
    assert texts == list(stress_texts(5_000, seed=1))
    assert len(set(texts)) > 4_500


def test_captions_have_spacys_tokens(corpora: Path, same_as_spacy: Check) -> None:
    for path in parquet_files(corpora):
        same_as_spacy(path.name, spread(captions(path), CAPTIONS_PER_CORPUS))


def test_stress_texts_have_spacys_tokens(same_as_spacy: Check) -> None:
    same_as_spacy("stress", stress_texts(100_000))


def test_long_chunks_have_spacys_tokens(same_as_spacy: Check) -> None:
    same_as_spacy("long chunks", long_texts())


@pytest.mark.slow
def test_all_captions_have_spacys_tokens(corpora: Path, same_as_spacy: Check) -> None:
    for path in parquet_files(corpora):
        same_as_spacy(path.name, captions(path))


@pytest.mark.slow
def test_all_lists_have_spacys_tokens(lists: Path, same_as_spacy: Check) -> None:
    paths = sorted(lists.glob("*.t[xs][tv]"))
    assert paths, f"no word list in {lists}"
    for path in paths:
        same_as_spacy(path.name, path.read_text(encoding="utf-8").split("\n"))


@pytest.mark.slow
def test_a_million_stress_texts_have_spacys_tokens(same_as_spacy: Check) -> None:
    same_as_spacy("stress", stress_texts(1_000_000, seed=2))


@pytest.mark.slow
def test_every_character_everywhere_has_spacys_tokens(same_as_spacy: Check) -> None:
    same_as_spacy("every character", exhaustive_texts())
