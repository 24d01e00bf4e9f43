"""Laws of positions and phrases, each a property test named after the law."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import wagidx
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import ReferenceIndex, Tier
from wagidx.asking.expressions import Query, all_of, any_of, none_of, phrase
from wagidx.building import units

Captions = list[str | None]

WORDS = [
    "a",
    "a",
    "b",
    "b",
    "c",
    "dogs",
    "dog",
    "chow",
    "golf-ball",
    "-",
    "&",
    "can't",
    "😀",
    "St.",
]
captions_lists = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)), max_size=14
)
texts = st.lists(
    st.sampled_from([word for word in WORDS if word not in "-&"]), min_size=1, max_size=4
).map(" ".join)
phrases = texts.map(phrase)


def joined(operands: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(operands, min_size=1, max_size=3)
    return st.sampled_from([all_of, any_of, none_of]).flatmap(
        lambda make: several.map(lambda parts: make(*parts))
    )


queries: st.SearchStrategy[Query] = st.recursive(st.one_of(texts, phrases), joined, max_leaves=5)
tiers: st.SearchStrategy[Tier] = st.sampled_from(["surface", "lemma", "noun"])
few = settings(deadline=None, max_examples=25)


@contextmanager
def workplace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def built(path: Path, captions: Sequence[str | None], **options: object) -> Path:
    options = {"positions": True} | options
    wagidx.build(captions=list(captions), output=path, progress=False, **options)  # type: ignore[arg-type]
    return path


def appended(path: Path, parts: Sequence[Sequence[str | None]]) -> Path:
    built(path, parts[0])
    for part in parts[1:]:
        wagidx.append(path, captions=list(part), progress=False)
    return path


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, demo_captions: list[str]
) -> Iterator[wagidx.Index]:
    path = tmp_path_factory.mktemp("phrases") / "demo.wagidx"
    built(path, demo_captions, analyzer="lemma")
    with wagidx.open(path) as opened:
        yield opened


@few
@given(captions=captions_lists, asked=st.lists(queries, min_size=1, max_size=8), tier=tiers)
def test_index_equals_reference(captions: Captions, asked: list[Query], tier: Tier) -> None:
    reference = ReferenceIndex(captions, tier=tier)
    docs = range(0, len(captions), 2)
    ids = np.array(docs, dtype=np.uint64)
    with workplace() as folder, wagidx.open(built(folder / "x", captions, analyzer=tier)) as index:
        index.verify(deep=True)
        assert index.counts(asked).tolist() == reference.counts(asked)
        assert index.counts(asked, threads=3).tolist() == reference.counts(asked)
        assert index.counts(asked, docs=ids).tolist() == reference.counts(asked, docs=docs)
        for query in asked:
            assert index.count(query) == reference.count(query)
            assert index.ids(query).tolist() == reference.ids(query)
            assert index.ids(query, docs=ids).tolist() == reference.ids(query, docs=docs)


@few
@given(parts=st.lists(captions_lists, min_size=1, max_size=4), asked=st.lists(queries, min_size=1))
def test_appended_and_merged_indexes_are_those_of_one_build(
    parts: list[Captions], asked: list[Query]
) -> None:
    everything = [caption for part in parts for caption in part]
    reference = ReferenceIndex(everything)
    with workplace() as folder:
        one = built(folder / "one", everything)
        several = appended(folder / "several", parts)
        wagidx.merge([several], folder / "merged", progress=False)
        assert contents(folder / "merged") == contents(one)
        with wagidx.open(several) as index:
            index.verify(deep=True)
            assert index.counts(asked).tolist() == reference.counts(asked)
            for query in asked:
                assert index.ids(query).tolist() == reference.ids(query)


@pytest.mark.parametrize("tier", ["surface", "lemma", "noun"])
def test_thread_count_changes_no_byte(tmp_path: Path, demo_captions: list[str], tier: Tier) -> None:
    captions = demo_captions * 40
    made = [
        contents(built(tmp_path / f"{threads}", captions, analyzer=tier, threads=threads))
        for threads in (1, 2, 5)
    ]
    assert made[0] == made[1] == made[2]


@few
@given(captions=captions_lists, asked=st.lists(st.one_of(texts), min_size=1, max_size=6))
def test_positions_change_no_other_answer(captions: Captions, asked: list[str]) -> None:
    with workplace() as folder:
        answers = []
        for positions in (False, True):
            path = built(folder / f"{positions}", captions, positions=positions)
            with wagidx.open(path) as index:
                ids = [index.ids(text).tolist() for text in asked]
                answers.append((ids, index.counts(asked).tolist(), dict(index.terms.items())))
        assert answers[0] == answers[1]


@settings(deadline=None, max_examples=100)
@given(text=texts)
def test_a_phrase_is_within_its_words(index: wagidx.Index, text: str) -> None:
    within = set(index.ids(all_of(*text.split())).tolist())
    assert set(index.ids(phrase(text)).tolist()) <= within


def test_a_phrase_of_one_word_is_the_word(index: wagidx.Index) -> None:
    words = [word for word, _ in index.top(200)]
    ours = [word for word in words if len(index._native.analyze(word, True)) == 1]
    assert len(ours) > 150
    asked = [phrase(word) for word in ours]
    assert index.counts(asked).tolist() == index.counts(ours).tolist()
    assert [index.count(one) for one in asked] == index.counts(ours).tolist()


def test_neighbours_in_real_captions_are_phrases(
    index: wagidx.Index, demo_captions: list[str]
) -> None:
    reference = ReferenceIndex(demo_captions, tier="lemma")
    asked: list[Query] = []
    for row in range(0, len(demo_captions), 20):
        keys = [term for term, _ in reference.sequences[row]]
        asked += [phrase(" ".join(keys[at : at + 3])) for at in range(0, max(1, len(keys) - 2), 4)]
    asked = [one for one in asked if one.operands != ("",)]  # type: ignore[union-attr]
    counts = reference.counts(asked)
    assert len(asked) > 200 and sum(counts) > len(asked)
    assert index.counts(asked).tolist() == counts
    assert [index.count(one) for one in asked] == counts


def test_order_matters(index: wagidx.Index) -> None:
    asked = ["golden retriever", "snow leopard", "black and white", "fire truck"]
    backwards = [" ".join(reversed(text.split())) for text in asked]
    there = index.counts([phrase(text) for text in asked])
    back = index.counts([phrase(text) for text in backwards])
    assert index.counts(asked).tolist() == index.counts(backwards).tolist()
    assert all(there > back)


def test_a_phrase_needs_positions(tmp_path: Path) -> None:
    path = built(tmp_path / "without", ["a red dog"], positions=False)
    with wagidx.open(path) as index:
        for query in (phrase("red dog"), phrase("dog"), all_of("dog", none_of(phrase("red dog")))):
            with pytest.raises(wagidx.MissingFieldError, match="--positions") as failure:
                index.count(query)
            assert "\n" not in str(failure.value)
            with pytest.raises(wagidx.MissingFieldError):
                index.ids(query)
            with pytest.raises(wagidx.MissingFieldError):
                index.explain(phrase("red dog"))


def test_a_phrase_takes_no_missing_words(index: wagidx.Index) -> None:
    for query in (phrase("red dog"), any_of("dog", phrase("red dog"))):
        with pytest.raises(ValueError, match="phrase"):
            index.count(query, missing="ignore")
    with pytest.raises(ValueError, match="phrase"):
        index.explain(phrase("red dog"), missing="ignore")


def test_indexes_with_and_without_positions_do_not_merge(tmp_path: Path) -> None:
    one = built(tmp_path / "with", ["a dog"])
    two = built(tmp_path / "without", ["a cat"], positions=False)
    for pair in ([one, two], [two, one]):
        with pytest.raises(wagidx.WagidxError, match="--positions") as failure:
            wagidx.merge(pair, tmp_path / "merged")
        assert "\n" not in str(failure.value)
    assert not (tmp_path / "merged").exists()


def test_an_append_inherits_positions(tmp_path: Path) -> None:
    for positions in (True, False):
        path = built(tmp_path / f"{positions}", ["a red dog"], positions=positions)
        wagidx.append(path, captions=["red dog", "dog red"])
        with wagidx.open(path) as index:
            assert index.info["options"]["positions"] is positions
            if positions:
                assert index.ids(phrase("red dog")).tolist() == [0, 1]


def test_an_unfinished_build_does_not_go_on_under_another_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "UNIT_BYTES", 1)
    good, bad = tmp_path / "a.txt", tmp_path / "b.txt.gz"
    good.write_text("a red dog\n")
    bad.write_bytes(b"no gzip")
    output = tmp_path / "x.wagidx"
    with pytest.raises(wagidx.SourceError):
        wagidx.build([good, bad], output, positions=True)
    with pytest.raises(wagidx.WagidxError, match="fresh") as failure:
        wagidx.build([good, bad], output, skip_unreadable=True)
    assert "\n" not in str(failure.value)
    wagidx.build([good, bad], output, positions=True, skip_unreadable=True)
    assert wagidx.open(output).count(phrase("red dog")) == 1


def test_explaining_a_phrase_counts_the_phrase(index: wagidx.Index) -> None:
    found, words = index.explain(phrase("leopard snow")), index.explain("leopard snow")
    assert (found.count, words.count) == (index.count(phrase("leopard snow")), 7)
    assert (found.match, words.match) == ("phrase", "all")
    assert found.terms == words.terms


def test_spans_show_the_phrase_only(index: wagidx.Index) -> None:
    def marked(text: str, query: Query) -> list[str]:
        return [text[start:end] for start, end in index.spans(text, query)]

    assert marked("a ball, a golf-ball on golf", phrase("golf ball")) == ["golf-ball"]
    assert marked("a ball, a golf-ball on golf", "golf ball") == ["ball", "golf", "ball", "golf"]
    assert marked("chow chow chow chowder chow", phrase("chow chow")) == ["chow chow chow"]
    assert marked("😀 snow leopards!", phrase("snow leopard")) == ["snow leopards"]
    assert marked("a dog and a cat", any_of(phrase("a dog"), "cat")) == ["a dog", "cat"]
    assert marked("a dog and a cat", all_of("dog", none_of("cat"))) == ["dog"]
    assert marked("ball golf", phrase("golf ball")) == []
