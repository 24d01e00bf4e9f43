"""Laws that hold for every corpus and every question, each a property test named after the law."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import wagidx
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import Missing, Pos, ReferenceIndex, Tier
from wagidx.asking.expressions import Expression, Query, all_of, any_of, none_of

WORDS = [
    "dog",
    "dogs",
    "cat",
    "cats",
    "golden",
    "retriever",
    "snow",
    "leopard",
    "the",
    "a",
    "rose",
    "roses",
    "leaf",
    "leaves",
    "woman",
    "women's",
    "black-and-white",
    "T-shirt",
    "747",
    "F-16",
    "C++",
    "10km",
    "café",
    "CAFÉ",
    "Straße",
    "STRASSE",
    "St.",
    "😀",
    "❤️",
    "&",
    "-",
    "#dog",
    "image",
    "photo",
    "of",
    "in",
    "with",
    "white",
    "blue",
    "quokka",
]

PLURALS = {
    "golden retriever": "golden retrievers",
    "puppy": "puppies",
    "box": "boxes",
    "church": "churches",
    "bus": "buses",
    "dress": "dresses",
    "vase": "vases",
    "cookie": "cookies",
    "leaf": "leaves",
    "wolf": "wolves",
    "knife": "knives",
    "woman": "women",
    "fisherman": "fishermen",
    "child": "children",
    "goose": "geese",
    "mouse": "mice",
    "ox": "oxen",
    "tooth": "teeth",
    "iris": "irises",
    "butterfly": "butterflies",
    "strawberry": "strawberries",
    "tomato": "tomatoes",
    "T-shirt": "T-shirts",
    "sports car": "sports cars",
    "snow leopard": "snow leopards",
    "watch": "watches",
    "mongoose": "mongooses",
    "menu": "menus",
    "bookshelf": "bookshelves",
    "rose": "roses",
}

captions_lists = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)), max_size=30
)
any_captions = st.lists(
    st.one_of(st.none(), st.text(max_size=40), st.sampled_from(WORDS), st.text("aA's-.1 \u00a0(")),
    max_size=12,
)
concepts = st.lists(
    st.sampled_from([word for word in WORDS if word not in "&-"]), min_size=1, max_size=3
).map(" ".join)


def joined(operands: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(operands, min_size=1, max_size=3)
    return st.sampled_from([all_of, any_of, none_of]).flatmap(
        lambda make: several.map(lambda parts: make(*parts))
    )


queries: st.SearchStrategy[Query] = st.recursive(concepts, joined, max_leaves=6)
several_builds = partial(settings, deadline=None)(max_examples=25)
many_questions = partial(settings, deadline=None)(max_examples=200)


@pytest.fixture(scope="session")
def index(
    tmp_path_factory: pytest.TempPathFactory, law_captions: list[str | None]
) -> Iterator[wagidx.Index]:
    path = tmp_path_factory.mktemp("laws") / "laws.wagidx"
    wagidx.build(captions=law_captions, output=path, analyzer="lemma", progress=False)
    with wagidx.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def law_captions(demo_captions: list[str]) -> list[str | None]:
    """Return the demo captions with a NULL after every tenth."""
    captions: list[str | None] = []
    for row, caption in enumerate(demo_captions):
        captions += [caption, None] if row % 10 == 0 else [caption]
    return captions


def ids(index: wagidx.Index, query: Query) -> set[int]:
    return set(index.ids(query).tolist())


def counts_over(captions: list[str | None], asked: list[str], tier: Tier) -> list[int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "law.wagidx"
        wagidx.build(captions=captions, output=path, analyzer=tier, progress=False)
        with wagidx.open(path) as index:
            answer: list[int] = index.counts(asked).tolist()
            return answer


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of an index, by its relative name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("tier", ["surface", "lemma", "noun"])
def test_thread_count_changes_no_byte(
    tmp_path: Path, law_captions: list[str | None], tier: Tier
) -> None:
    captions = law_captions * 40
    built = []
    for threads in (1, 2, 5):
        path = tmp_path / f"threads-{threads}.wagidx"
        wagidx.build(captions=captions, output=path, analyzer=tier, threads=threads, progress=False)
        built.append(bytes_of(path))
    assert built[0]
    assert built[0] == built[1] == built[2]


@several_builds
@given(captions=captions_lists, asked=st.lists(concepts, min_size=1, max_size=8))
def test_any_reading_is_that_of_an_index_without(
    captions: list[str | None], asked: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for tier in ("lemma", "noun"):
            path = Path(folder) / tier
            wagidx.build(captions=captions, output=path, analyzer=tier, progress=False)
        with (
            wagidx.open(Path(folder) / "lemma") as lemma,
            wagidx.open(Path(folder) / "noun") as noun,
        ):
            assert noun.counts(asked, pos="any").tolist() == lemma.counts(asked).tolist()
            assert dict(noun.terms.items()) == dict(lemma.terms.items())
            head, nouns = noun.counts(asked, pos="head"), noun.counts(asked, pos="noun")
            assert np.all(head <= noun.counts(asked, pos="any"))
            one_word = [len(concept.split()) == 1 and "-" not in concept for concept in asked]
            assert np.all(nouns[one_word] <= head[one_word])


@several_builds
@given(captions=captions_lists)
def test_building_twice_gives_the_same_bytes(captions: list[str | None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = []
        for name in ("first", "second"):
            wagidx.build(
                captions=captions, output=Path(folder) / name, analyzer="lemma", progress=False
            )
            built.append(bytes_of(Path(folder) / name))
        assert built[0] == built[1]


@several_builds
@given(
    captions=captions_lists,
    asked=st.lists(queries, min_size=1, max_size=8),
    missing=st.sampled_from(["zero", "ignore"]),
    tier=st.sampled_from(["surface", "lemma", "noun"]),
    pos=st.sampled_from([None, "head", "noun", "any"]),
)
def test_index_equals_reference(
    captions: list[str | None], asked: list[Query], missing: Missing, tier: Tier, pos: Pos | None
) -> None:
    pos = pos if tier == "noun" else None
    reference = ReferenceIndex(captions, tier=tier)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "law.wagidx"
        wagidx.build(captions=captions, output=path, analyzer=tier, progress=False)
        with wagidx.open(path) as index:
            right = reference.counts(asked, missing, pos=pos)
            assert index.counts(asked, missing=missing, pos=pos).tolist() == right
            for query in asked:
                ids = reference.ids(query, missing, pos=pos)
                assert index.ids(query, missing=missing, pos=pos).tolist() == ids
                assert index.count(query, missing=missing, pos=pos) == len(ids)


@many_questions
@given(captions=any_captions, tier=st.sampled_from(["surface", "lemma", "noun"]))
def test_any_text_gives_the_terms_of_the_reference(captions: list[str | None], tier: Tier) -> None:
    reference = ReferenceIndex(captions, tier=tier)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "law.wagidx"
        wagidx.build(captions=captions, output=path, analyzer=tier, progress=False)
        with wagidx.open(path) as index:
            assert dict(index.terms.items()) == reference.terms()
            assert {term: index.terms[term] for term in index.terms} == reference.terms()
            assert list(index.terms.values()) == list(dict(index.terms.items()).values())
            assert len(index) == reference.rows


@several_builds
@given(
    left=captions_lists,
    right=captions_lists,
    asked=st.lists(concepts, min_size=1, max_size=8),
    tier=st.sampled_from(["surface", "lemma", "noun"]),
)
def test_counts_of_a_concatenation_are_sums(
    left: list[str | None], right: list[str | None], asked: list[str], tier: Tier
) -> None:
    sums = np.add(counts_over(left, asked, tier), counts_over(right, asked, tier))
    assert counts_over(left + right, asked, tier) == sums.tolist()


@many_questions
@given(asked=st.lists(queries, min_size=1, max_size=12))
def test_a_batch_is_its_single_answers(index: wagidx.Index, asked: list[Query]) -> None:
    answers = index.counts(asked)
    assert answers.dtype == np.uint64
    assert answers.tolist() == [index.count(query) for query in asked]


@many_questions
@given(query=queries)
def test_count_is_the_number_of_ids(index: wagidx.Index, query: Query) -> None:
    found = index.ids(query)
    assert found.dtype == np.uint64
    assert index.count(query) == len(found)
    assert np.all(np.diff(found.astype(np.int64)) > 0)
    assert all(row < len(index) for row in found.tolist())


@many_questions
@given(operands=st.lists(queries, min_size=1, max_size=4))
def test_all_of_is_intersection(index: wagidx.Index, operands: list[Query]) -> None:
    expected = set.intersection(*(ids(index, operand) for operand in operands))
    assert ids(index, all_of(*operands)) == expected


@many_questions
@given(operands=st.lists(queries, min_size=1, max_size=4))
def test_any_of_is_union(index: wagidx.Index, operands: list[Query]) -> None:
    expected = set.union(*(ids(index, operand) for operand in operands))
    assert ids(index, any_of(*operands)) == expected


@many_questions
@given(operands=st.lists(queries, min_size=1, max_size=4))
def test_none_of_is_complement_within_captions(
    index: wagidx.Index, law_captions: list[str | None], operands: list[Query]
) -> None:
    captions = {row for row, caption in enumerate(law_captions) if caption is not None}
    assert ids(index, none_of(*operands)) == captions - ids(index, any_of(*operands))


@many_questions
@given(words=st.lists(concepts, min_size=1, max_size=3))
def test_a_concept_is_all_of_its_words(index: wagidx.Index, words: list[str]) -> None:
    assert ids(index, " ".join(words)) == ids(index, all_of(*words))


@many_questions
@given(data=st.data(), operands=st.lists(queries, min_size=2, max_size=4))
def test_order_of_operands_is_irrelevant(
    index: wagidx.Index, data: st.DataObject, operands: list[Query]
) -> None:
    shuffled = data.draw(st.permutations(operands))
    for make in (all_of, any_of, none_of):
        assert ids(index, make(*shuffled)) == ids(index, make(*operands))


@many_questions
@given(query=queries, docs=st.sets(st.integers(0, 3000)))
def test_docs_filter_is_intersection(index: wagidx.Index, query: Query, docs: set[int]) -> None:
    bitmap = np.array(sorted(docs), dtype=np.uint64)
    expected = sorted(ids(index, query) & docs)
    assert index.count(query, docs=bitmap) == len(expected)
    assert index.counts([query], docs=bitmap).tolist() == [len(expected)]
    assert index.ids(query, docs=bitmap).tolist() == expected


@many_questions
@given(concept=concepts)
def test_ignoring_missing_words_never_lowers_a_count(index: wagidx.Index, concept: str) -> None:
    assert index.count(concept, missing="ignore") >= index.count(concept, missing="zero")


@pytest.mark.parametrize(("singular", "plural"), PLURALS.items())
def test_singular_equals_plural(index: wagidx.Index, singular: str, plural: str) -> None:
    assert ids(index, singular) == ids(index, plural)


def test_singular_equals_plural_is_not_empty_handed(index: wagidx.Index) -> None:
    assert sum(index.count(singular) > 0 for singular in PLURALS) > len(PLURALS) // 2


@given(query=queries)
def test_expressions_are_values(query: Query) -> None:
    if isinstance(query, Expression):
        twin = Expression(query.op, tuple(query.operands))
        assert twin == query
        assert hash(twin) == hash(query)
        assert str(twin) == str(query)
