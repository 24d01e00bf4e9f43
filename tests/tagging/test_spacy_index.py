"""An index whose nouns a spaCy model tells: what the model tags as a noun is what counts as one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import wagidx
from reference_keys import key
from reference_lemma import noun_lemma
from wagidx import Index, _native
from wagidx.tagging.spacy_model import SpacyModel

Captions = list[str | None]


@pytest.fixture(scope="module")
def rows(captions: list[str]) -> Captions:
    """Captions with a NULL, an empty one and doubled blanks among them."""
    return [*captions[:60], None, "", "two  dogs\u3000in  the snow ", *captions[60:120]]


@pytest.fixture(scope="module")
def built(model: Path, rows: Captions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spacy-index") / "x.wagidx"
    wagidx.build(captions=rows, output=path, analyzer=f"spacy:{model}", positions=True, threads=2)
    return path


def test_nouns_are_those_of_the_model(model: Path, rows: Captions, built: Path) -> None:
    spacy_model = SpacyModel(model)
    expected: dict[str, set[int]] = {}
    every: dict[str, set[int]] = {}
    from wagidx import _native

    for row, caption in enumerate(rows):
        if caption is None:
            continue
        (tokens,), (nouns,) = _native.tokens([caption]), spacy_model.nouns([caption])
        for token, noun in zip(tokens, nouns, strict=True):
            term = None if token.isspace() else key(token, "noun")
            if term is not None:
                every.setdefault(term, set()).add(row)
                if noun:
                    expected.setdefault(term, set()).add(row)
    assert expected
    with wagidx.open(built) as index:
        assert {term: set(index.ids(term, pos="any").tolist()) for term in every} == every
        for term in every:
            assert set(index.ids(term, pos="noun").tolist()) == expected.get(term, set()), term


def test_the_study_s_keys_are_those_of_the_model(
    model: Path, rows: Captions, tmp_path: Path
) -> None:
    from wagidx import _native

    path = tmp_path / "paper.wagidx"
    wagidx.build(captions=rows, output=path, analyzer=f"spacy:{model}", case="paper")
    taken = [caption for caption in rows if caption is not None]
    expected: Counter[str] = Counter()
    for tokens, tags in zip(_native.tokens(taken), SpacyModel(model).tags(taken), strict=True):
        lemmas = [noun_lemma(*pair) for pair in zip(tokens, tags, strict=True)]
        expected.update({re.sub("[^A-Za-z ]", "", lemma or "") for lemma in lemmas} - {""})
    assert expected
    with wagidx.open(path) as index:
        assert dict(index.terms.items()) == expected


def test_the_index_opens_where_the_model_is_not(built: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved.wagidx"
    built.rename(moved)
    try:
        with wagidx.open(moved) as index:
            analyzer = index.info["analyzer"]
            assert (analyzer["tier"], analyzer["readings"]) == ("noun", True)
            assert "spaCy 3" in analyzer["tagger"]
            assert index.count("dog", pos="any") >= 1
    finally:
        moved.rename(built)


def test_several_processes_give_the_bytes_of_one(
    model: Path, rows: Captions, built: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.wagidx"
    wagidx.build(captions=rows, output=alone, analyzer=f"spacy:{model}", positions=True, threads=1)
    for file in built.iterdir():
        assert (alone / file.name).read_bytes() == file.read_bytes(), file.name


def test_an_append_is_read_by_the_same_model(model: Path, rows: Captions, tmp_path: Path) -> None:
    one, grown = tmp_path / "one", tmp_path / "grown"
    wagidx.build(captions=rows[:80], output=one, analyzer=f"spacy:{model}", threads=1)
    wagidx.build(captions=rows[:50], output=grown, analyzer=f"spacy:{model}", threads=1)
    wagidx.append(grown, captions=rows[50:80], threads=1)
    with Index(one) as first, Index(grown) as second:
        words = [term for term, _ in first.terms.items()]
        for pos in ("head", "noun", "any"):
            assert first.counts(words, pos=pos).tolist() == second.counts(words, pos=pos).tolist()


def test_a_model_that_is_not_installed_is_named(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    with pytest.raises(OSError, match=r"no_such_model.*spacy download"):
        wagidx.build(captions=["a dog"], output=tmp_path / "x", analyzer="spacy:no_such_model")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["spacy:", "nouns", "spacy", ""])
def test_an_analyzer_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="noun, lemma, surface, spacy:MODEL"):
        wagidx.build(captions=["a dog"], output=tmp_path / "x", analyzer=name)


def test_the_case_of_names_is_told_by_the_model_of_the_index(
    model: Path, captions: list[str], tmp_path: Path
) -> None:
    from wagidx.rules import counts_by_rule

    texts, own = captions[:300], f"spacy:{model}"
    wagidx.build(captions=texts, output=tmp_path / "x", analyzer=own, store_captions=True)
    reached, held = Counter[str](), Counter[str]()
    for tokens, tags in zip(_native.tokens(texts), SpacyModel(model).tags(texts)):
        nouns = [(t, tag, key(t, "noun")) for t, tag in zip(tokens, tags) if tag[:2] == "NN"]
        held.update({k for _, _, k in nouns if k})
        reached.update({k for t, tag, k in nouns if k and (tag[:3] != "NNP" or t == t.lower())})
    # digits count in any reading, and pronouns are no nouns whatever their tag
    asked = [
        word for word in held if word.isalpha() and not word.endswith(("one", "body", "thing"))
    ]
    with wagidx.open(tmp_path / "x") as index:
        found = counts_by_rule(index, asked, ["noun", "case"])
    nouns_held, nouns_reached = found.under("noun").counts, found.together.counts
    assert nouns_held is not None and nouns_reached is not None
    assert nouns_held.tolist() == [held[word] for word in asked]
    assert nouns_reached.tolist() == [reached[word] for word in asked]
    assert sum(reached.values()) < sum(held.values())
