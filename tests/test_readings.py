"""Which reading of a word counts, on captions whose nouns leave no doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import wagidx
from reference import Pos, ReferenceIndex
from wagidx import Index, all_of, any_of, none_of, phrase
from wagidx.asking.expressions import Query

CAPTIONS = [
    "a red rose in a glass vase",
    "he rose from the chair and left",
    "a bald eagle on a branch",
    "the eagle is bald",
    "a woman with braided hair",
    "a Boeing 747 on the runway",
    "people watch a dog at the beach",
    "a gold watch on a wooden table",
    "a man is fishing with a fishing rod",
]

TABLE: list[tuple[Query, Pos | None, list[int]]] = [
    ("rose", None, [0]),
    ("rose", "head", [0]),
    ("rose", "noun", [0]),
    ("rose", "any", [0, 1]),
    ("roses", None, [0]),
    ("watch", None, [7]),
    ("watch", "any", [6, 7]),
    ("bald eagle", None, [2, 3]),
    ("bald eagle", "noun", []),
    ("bald eagle", "any", [2, 3]),
    ("braided", None, [4]),
    ("braided", "noun", []),
    ("747", None, [5]),
    ("Boeing 747", None, [5]),
    ("red rose", None, [0]),
    ("rose red", None, []),
    ("rose red", "any", [0]),
    (phrase("gold watch"), None, [7]),
    (phrase("people watch"), None, []),
    (phrase("people watch"), "any", [6]),
    (any_of("rose", "watch"), None, [0, 7]),
    (all_of("people", "watch"), None, []),
    (all_of("people", "watch"), "any", [6]),
    (none_of("rose", "watch", "eagle", "woman"), None, [1, 5, 6, 8]),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("readings") / "x.wagidx"
    wagidx.build(captions=CAPTIONS, output=path, positions=True, progress=False)
    with wagidx.open(path) as opened:
        yield opened


@pytest.mark.parametrize(("query", "pos", "found"), TABLE, ids=str)
def test_a_word_counts_in_the_reading_asked(
    index: Index, query: Query, pos: Pos | None, found: list[int]
) -> None:
    assert ReferenceIndex(CAPTIONS).ids(query, pos=pos) == found
    assert index.ids(query, pos=pos).tolist() == found
    assert index.count(query, pos=pos) == len(found)
    assert index.counts([query, "dog"], pos=pos).tolist()[0] == len(found)


def test_nouns_are_the_default(tmp_path: Path) -> None:
    wagidx.build(captions=CAPTIONS, output=tmp_path / "x", progress=False)
    with wagidx.open(tmp_path / "x") as index:
        analyzer = index.info["analyzer"]
    assert (analyzer["tier"], analyzer["readings"]) == ("noun", True)
    assert len(analyzer["tagger"]) == 32


@pytest.mark.parametrize("pos", ["head", "noun"])
def test_an_index_without_readings_has_none_to_ask_for(tmp_path: Path, pos: str) -> None:
    wagidx.build(captions=CAPTIONS, output=tmp_path / "x", analyzer="lemma", progress=False)
    with wagidx.open(tmp_path / "x") as index:
        assert index.count("rose") == index.count("rose", pos="any") == 2
        with pytest.raises(ValueError, match="readings"):
            index.count("rose", pos=pos)


def test_another_tagger_is_told_apart(tmp_path: Path) -> None:
    from wagidx import _native

    trained = _native.train_tagger(
        [["a", "dog"]], [["DT", "NN"]], passes=1, runs=1, seed=0, recase=False
    )
    file = tmp_path / "own.wagtag"
    file.write_bytes(trained.quantised().to_bytes())
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    wagidx.build(captions=CAPTIONS, output=own, tagger=file, progress=False)
    wagidx.build(captions=CAPTIONS, output=shipped, progress=False)
    with pytest.raises(wagidx.WagidxError, match="--tagger"):
        wagidx.merge([own, shipped], tmp_path / "both", progress=False)
    with pytest.raises(wagidx.WagidxError, match="--tagger"):
        wagidx.append(own, captions=["a cat"], progress=False)
    wagidx.append(own, captions=["a dog"], tagger=file, progress=False)
    with wagidx.open(own) as index:
        assert index.count("dog", pos="any") == 2


@pytest.mark.parametrize("analyzer", ["lemma", "surface"])
def test_a_tagger_goes_with_nouns_alone(tmp_path: Path, analyzer: str) -> None:
    with pytest.raises(ValueError, match="analyzer noun"):
        wagidx.build(captions=CAPTIONS, output=tmp_path / "x", analyzer=analyzer, tagger="t.wagtag")


def test_a_file_that_is_no_tagger_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.wagtag").write_bytes(b"PAR1")
    with pytest.raises(wagidx.WagidxError, match=r"t\.wagtag: not a tagger file"):
        wagidx.build(captions=CAPTIONS, output=tmp_path / "x", tagger=tmp_path / "t.wagtag")
    with pytest.raises(FileNotFoundError):
        wagidx.build(captions=CAPTIONS, output=tmp_path / "x", tagger=tmp_path / "none.wagtag")
