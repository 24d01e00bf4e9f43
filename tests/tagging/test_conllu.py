"""Treebanks as CoNLL-U writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from wagidx import SourceError
from wagidx.tagging.conllu import Sentence, read_conllu


def line(number: str, token: str, upos: str, xpos: str) -> str:
    return "\t".join([number, token, "_", upos, xpos, "_", "_", "_", "_", "_"]) + "\n"


DOGS = line("1", "Dogs", "NOUN", "NNS") + line("2", "bark", "VERB", "VBP")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.conllu"


def test_sentences_are_read(file: Path) -> None:
    file.write_text(f"# text = Dogs bark\n{DOGS}\n# next\n{DOGS}", encoding="utf-8")
    dogs = Sentence(["Dogs", "bark"], ["NOUN", "VERB"], ["NNS", "VBP"])
    assert list(read_conllu(file)) == [dogs, dogs]


def test_spans_and_elided_words_are_no_tokens(file: Path) -> None:
    span, elided = line("1-2", "can't", "_", "_"), line("2.1", "go", "VERB", "VB")
    words = line("1", "ca", "AUX", "MD") + line("2", "n't", "PART", "RB")
    file.write_text(span + words + elided, encoding="utf-8")
    assert [sentence.tokens for sentence in read_conllu(file)] == [["ca", "n't"]]


def test_sentences_without_penn_tags_are_left_out(file: Path) -> None:
    file.write_text(f"{line('1', 'Hund', 'NOUN', '_')}\n{DOGS}\n\n\n", encoding="utf-8")
    assert [sentence.tokens for sentence in read_conllu(file)] == [["Dogs", "bark"]]


def test_a_line_that_is_no_word_is_named(file: Path) -> None:
    file.write_text(f"{DOGS}\n1\tDogs\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"some.conllu:4: 2 fields, where CoNLL-U has 10$"):
        list(read_conllu(file))


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"PAR1\xff\xfe")
    with pytest.raises(SourceError, match="not a CoNLL-U file"):
        list(read_conllu(file))


def test_an_absent_file_stays_absent(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_conllu(file))
