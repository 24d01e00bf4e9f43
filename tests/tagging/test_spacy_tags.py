"""Tags of a spaCy model stand beside the right tokens, however many processes give them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from processes_ended import alive, gone
from wagidx import WagidxError, _native
from wagidx.tagging.nouns import KINDS, is_noun
from wagidx.tagging.spacy_tags import SpacyTagger

ODD = [
    None,
    "",
    "  two  blanks \n and a line ",
    "I'm someone's T-shirt, can't cost $4.99",
    "SOMETHING 犬と猫 ok",
    "\u00a0",
]


@pytest.fixture(scope="module")
def tagger(model: Path) -> Iterator[SpacyTagger]:
    with SpacyTagger(model, processes=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(model: Path) -> Any:
    """The model with all its parts, as a user of spaCy has it."""
    import spacy

    return spacy.load(model)


def test_tags_are_those_of_the_whole_model(
    tagger: SpacyTagger, whole: Any, captions: list[str]
) -> None:
    given = [*ODD, *captions]
    tags = tagger.tags(given).to_pylist()
    for text, found in zip(given, tags, strict=True):
        if text is None:
            assert found is None
        else:
            doc = whole(text)
            assert [token.text for token in doc] == _native.tokens([text])[0]
            assert found == ["_SP" if token.is_space else token.tag_ for token in doc]
    assert {"NN", "NNS", "NNP", "DT", "IN", "_SP"} <= {tag for row in tags if row for tag in row}


def test_nouns_are_aligned_with_tokens(tagger: SpacyTagger, captions: list[str]) -> None:
    given = [*ODD, *captions]
    nouns = tagger.nouns(given)
    assert nouns.type == pa.list_(pa.uint8())
    tags = tagger.tags(given).to_pylist()
    for text, found, row in zip(given, nouns.to_pylist(), tags, strict=True):
        if text is None:
            assert found is None
        else:
            assert found == [KINDS.get(tag, 0) for tag in row]
    assert {0, 1, 2, 3} == {kind for row in nouns.to_pylist() if row for kind in row}


@pytest.mark.parametrize("token", ["someone", "Someone", "NOTHING"])
def test_pronouns_are_no_nouns_whatever_their_tag(token: str) -> None:
    assert not is_noun(token, "NN")
    assert is_noun(f"{token}x", "NN")
    assert not is_noun("dog", "JJ")


def test_several_processes_give_what_one_gives(
    tagger: SpacyTagger, model: Path, captions: list[str]
) -> None:
    with SpacyTagger(str(model), processes=1) as alone:
        assert alone.nouns(captions).equals(tagger.nouns(captions))
        assert (alone.hash, alone.name) == (tagger.hash, tagger.name)


def test_threads_share_the_processes(tagger: SpacyTagger, captions: list[str]) -> None:
    parts = [captions[i::4] for i in range(4)]
    found: dict[int, pa.Array] = {}

    def work(number: int) -> None:
        found[number] = tagger.nouns(parts[number])

    crew = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    for number, part in enumerate(parts):
        assert found[number].equals(tagger.nouns(part))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_binary(), pa.string_view()])
def test_captions_may_be_arrow_of_any_kind(tagger: SpacyTagger, kind: pa.DataType) -> None:
    expected = tagger.nouns(ODD)
    array = pa.array(ODD, kind)
    assert tagger.nouns(array).equals(expected)
    assert tagger.nouns(array.slice(2)).equals(expected.slice(2))
    if kind == pa.string():
        assert tagger.nouns(array.dictionary_encode()).equals(expected)


def test_bytes_that_are_no_utf8_are_replaced(tagger: SpacyTagger) -> None:
    broken = pa.array([b"a \xff dog \xe2\x82"], pa.binary())
    assert tagger.nouns(broken).equals(tagger.nouns(["a \ufffd dog \ufffd"]))


def test_rows_left_out_are_not_tagged(tagger: SpacyTagger) -> None:
    status = pa.array([0, 1, 2, 0], pa.uint8())
    nouns = tagger.nouns(["a dog"] * 4, status).to_pylist()
    assert [row is None for row in nouns] == [False, True, True, False]


def test_a_long_caption_is_tagged_in_pieces(tagger: SpacyTagger) -> None:
    text = "a dog and a cat " * 5_000
    (nouns,) = tagger.nouns([text]).to_pylist()
    assert len(nouns) == len(_native.tokens([text])[0]) == 25_000


def test_nothing_gives_nothing(tagger: SpacyTagger) -> None:
    assert tagger.nouns([]).to_pylist() == []
    assert tagger.tags([None, None]).to_pylist() == [None, None]


def test_an_absent_model_is_named() -> None:
    wanted = "spaCy model en_no_such is not installed: python -m spacy download en_no_such"
    with pytest.raises(OSError, match=f"^{wanted}$"):
        SpacyTagger("en_no_such", processes=1)


def test_a_model_without_a_tagger_is_refused(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "none")
    with pytest.raises(ValueError, match=r"none: this spaCy model has no tagger$"):
        SpacyTagger(tmp_path / "none", processes=1)


def tagger_of(language: str, tag: str, folder: Path) -> Path:
    """A model whose tagger knows one tag."""
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank(language)
    nlp.add_pipe("tagger").add_label(tag)
    nlp.initialize()
    nlp.to_disk(folder)
    return folder


def test_a_tagger_with_other_tags_is_refused(tmp_path: Path) -> None:
    german = tagger_of("de", "ADJA", tmp_path / "de")
    with pytest.raises(ValueError, match='"ADJA" is no Penn Treebank tag'):
        SpacyTagger(german, processes=1)


def test_a_model_with_other_tokens_is_refused(tmp_path: Path) -> None:
    model = tagger_of("de", "NN", tmp_path / "de")
    with SpacyTagger(model, processes=1) as tagger:
        assert tagger.nouns(["a dog"]).to_pylist() == [[True, True]]
        with pytest.raises(WagidxError, match='splits the caption "I can\'t go" into other tokens'):
            tagger.nouns(["I can't go"])
        with pytest.raises(WagidxError, match="I can't go"):
            tagger.nouns(["a dog"])


def test_without_spacy_the_extra_is_named(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wagidx.tagging.spacy_model import SpacyModel

    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'wagidx\[spacy\]'"):
        SpacyModel(model)


def processes_of(tagger: SpacyTagger) -> list[int]:
    return [worker.process.pid for worker in tagger._workers]


def test_no_process_is_left(model: Path) -> None:
    with SpacyTagger(model, processes=2) as tagger:
        pids = processes_of(tagger)
        assert all(map(alive, pids))
    assert gone(pids)
    with pytest.raises(WagidxError, match="closed"):
        tagger.nouns(["a dog"])


def test_a_process_that_was_killed_is_told(model: Path) -> None:
    with SpacyTagger(model, processes=1) as tagger:
        os.kill(processes_of(tagger)[0], 9)
        with pytest.raises(WagidxError, match="ended by signal 9"):
            tagger.nouns(["a dog"])


def test_a_cancel_ends_a_call(model: Path, captions: list[str]) -> None:
    cancel = _native.Cancel()
    with SpacyTagger(model, processes=1, cancel=cancel) as tagger:
        pids = processes_of(tagger)
        cancel.set()
        with pytest.raises(KeyboardInterrupt):
            tagger.nouns(captions)
        assert gone(pids)


def test_killing_the_caller_ends_the_processes(model: Path) -> None:
    code = (
        "import sys, time; from wagidx.tagging.spacy_tags import SpacyTagger\n"
        "t = SpacyTagger(sys.argv[1], processes=1)\n"
        "print(*[w.process.pid for w in t._workers], flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", code, str(model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        pids = [int(pid) for pid in caller.stdout.readline().split()]
        assert len(pids) == 1 and all(map(alive, pids))
        caller.kill()
    assert gone(pids)
