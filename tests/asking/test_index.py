"""What an `Index` takes and refuses, in every shape in which a user might hand it over."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import wagidx
from wagidx import Index, any_of

Ask = Callable[..., Any]

ASKED = ["dog", "golden retriever", "dog"]
LISTS: dict[str, Any] = {
    "list": ASKED,
    "tuple": tuple(ASKED),
    "generator": ASKED,
    "numpy": np.array(ASKED),
    "arrow": pa.array(ASKED),
    "dictionary": pa.array(ASKED).dictionary_encode(),
    "large": pa.array(ASKED, pa.large_string()),
    "chunked": pa.chunked_array([ASKED[:1], ASKED[1:]]),
    "polars": pl.Series(ASKED),
    "pandas": pd.Series(ASKED),
    "concept list": wagidx.ConceptList(ASKED, list(ASKED)),
}


@pytest.mark.parametrize("pos", [None, "head", "noun", "any"])
def test_the_terms_asked_are_those_that_counting_looks_up(
    demo_captions: list[str], tmp_path: Path, pos: str | None
) -> None:
    path = tmp_path / "noun.wagidx"
    wagidx.build(captions=demo_captions, output=path, analyzer="noun", progress=False)
    index = wagidx.open(path)
    for concept in ("dog", "golden_retriever", "dog_dog_golden_retriever"):
        asked = index.terms_asked(concept, pos=pos)
        terms = list(dict.fromkeys(concept.split("_")))
        assert [term for term, _, _ in asked] == terms
        assert [noun for _, noun, _ in asked[:-1]] == [pos == "noun"] * (len(terms) - 1)
        assert asked[-1][1] == (pos != "any")
        for term, noun, rows in asked:
            assert rows == index.count(term, pos="noun" if noun else "any")
    assert index.terms_asked("!", pos=pos) == []
    assert index.terms_asked("boeing 747", pos="head")[1][1] is False  # a digit is no noun


@pytest.mark.parametrize("shape", LISTS)
def test_a_list_is_counted_in_every_shape(demo_index: Index, shape: str) -> None:
    def given() -> Any:
        return (one for one in ASKED) if shape == "generator" else LISTS[shape]

    expected = [demo_index.count(concept) for concept in ASKED]
    assert min(expected) > 0
    assert demo_index.counts(given()).tolist() == expected
    table = demo_index.frequencies(given())
    assert (table.concepts, table.counts.tolist()) == (ASKED, expected)


def test_a_loaded_list_is_counted_with_its_synonyms(demo_index: Index, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("concept,synonyms\ndog,puppy\ncat,\n")
    loaded = wagidx.load_concepts(tmp_path / "c.csv")
    expected = [demo_index.count(any_of("dog", "puppy")), demo_index.count("cat")]
    assert demo_index.counts(loaded).tolist() == expected
    assert demo_index.frequencies(loaded).concepts == ["dog", "cat"]


TABLE = {"concept": ["dog", "cat"], "synonyms": ["puppy", None], "count": [1, 2]}


@pytest.mark.parametrize(
    "table",
    [pd.DataFrame(TABLE), pl.DataFrame(TABLE), pa.table(TABLE), pa.record_batch(TABLE)],
    ids=["pandas", "polars", "arrow table", "record batch"],
)
def test_a_table_is_counted_by_its_columns_as_the_file_of_a_list_is(
    demo_index: Index, table: Any
) -> None:
    expected = [demo_index.count(any_of("dog", "puppy")), demo_index.count("cat")]
    assert demo_index.counts(table).tolist() == expected
    found = demo_index.frequencies(table)
    assert (found.concepts, found.counts.tolist()) == (["dog", "cat"], expected)
    assert demo_index.counts(found).tolist() == [demo_index.count("dog"), demo_index.count("cat")]


class Column:
    """An array of a library that offers the Arrow interface and little else."""

    def __init__(self, texts: list[str]) -> None:
        self._array = pa.array(texts)

    def __arrow_c_array__(self, schema: Any = None) -> Any:
        return self._array.__arrow_c_array__(schema)

    def __arrow_c_stream__(self, schema: Any = None) -> Any:
        return pa.chunked_array([self._array]).__arrow_c_stream__(schema)

    def __iter__(self) -> Iterator[str]:
        return iter(self._array.to_pylist())


def test_an_array_that_is_a_stream_too_is_no_table(demo_index: Index) -> None:
    expected = [demo_index.count("dog"), demo_index.count("cat")]
    assert demo_index.counts(Column(["dog", "cat"])).tolist() == expected


def test_a_table_without_concepts_is_refused_by_name(demo_index: Index) -> None:
    for ask in (demo_index.counts, demo_index.frequencies, demo_index.cooccurrences):
        with pytest.raises(wagidx.ConceptError, match="no column 'concept'; columns are name, n"):
            ask(pd.DataFrame({"name": ["dog"], "n": [1]}))


def test_a_null_among_concepts_is_told_by_its_row(demo_index: Index) -> None:
    for ask in (demo_index.counts, demo_index.frequencies):
        with pytest.raises(wagidx.ConceptError, match="row 2 is NULL"):
            ask(pa.array(["dog", None]))


@pytest.mark.parametrize("one", ["dog", any_of("dog", "cat")], ids=["text", "expression"])
def test_one_concept_is_not_taken_for_a_list_of_its_letters(demo_index: Index, one: Any) -> None:
    for ask in (demo_index.counts, demo_index.frequencies, demo_index.cooccurrences):
        with pytest.raises(TypeError, match="list of concepts"):
            ask(one)


@pytest.mark.parametrize("ids", [[-1], [0, 10**9], [2**64]])
def test_the_caption_of_no_row_is_refused(demo_index: Index, ids: list[int]) -> None:
    with pytest.raises(ValueError, match="is not a row: the index has 3,665"):
        demo_index.captions_of(ids)


def test_captions_of_ids_come_ascending_whatever_the_numbers_are(demo_index: Index) -> None:
    ids = demo_index.ids("snow leopard")
    found = demo_index.captions_of(ids[::-1])
    assert [caption.id for caption in found] == ids.tolist()
    assert all(type(caption.id) is int for caption in found)
    assert found == demo_index.captions("snow leopard")


def test_a_limit_is_no_negative_number(demo_index: Index) -> None:
    assert demo_index.ids("dog", limit=0).tolist() == []
    with pytest.raises(ValueError, match="limit=-1"):
        demo_index.ids("dog", limit=-1)


def test_a_concept_that_is_no_unicode_is_a_concept_error(demo_index: Index) -> None:
    byte = "caf\udce9"  # as a byte that is not UTF-8 comes from the command line
    asked: list[Ask] = [demo_index.count, demo_index.ids, demo_index.explain, demo_index.captions]
    asked.append(lambda concept: demo_index.counts([concept]))
    for ask in asked:
        with pytest.raises(wagidx.ConceptError, match=r"caf\\udce9' is not UTF-8"):
            ask(byte)


def test_info_has_the_figures_of_a_build(demo_index: Index) -> None:
    info = demo_index.info
    assert info["rows"] == len(demo_index) == 3665
    assert info["rows"] == sum(info[k] for k in ("captions", "nulls", "malformed", "filtered"))
    assert {name: info[name] for name in info["stats"]} == info["stats"]


def test_the_short_way_to_count_is_the_one_documented(demo_index: Index) -> None:
    documented = inspect.signature(Index.count).parameters.values()
    short = inspect.signature(demo_index.count).parameters.values()
    assert inspect.getdoc(Index.count)
    assert [(p.name, p.kind, p.default) for p in documented][1:] == [
        (p.name, p.kind, p.default) for p in short
    ]
    for options in ({}, {"missing": "ignore"}, {"docs": demo_index.bitmap("dog")}):
        asked: Any = options
        assert Index.count(demo_index, "big dog", **asked) == demo_index.count("big dog", **asked)


def test_what_is_no_number_term_or_concept_is_said_as_everywhere(demo_index: Index) -> None:
    no_text: Any = 3
    assert no_text not in demo_index.terms
    assert "\ud800" not in demo_index.terms
    assert demo_index.ids("dog", limit=2**70).tolist() == demo_index.ids("dog").tolist()
    assert len(demo_index.top(2**70)) == len(demo_index.terms)
    assert len(demo_index.captions_of(np.array([3, 3]))) == 2
    with pytest.raises(ValueError, match="n=-1: must be at least 0"):
        demo_index.top(-1)
    with pytest.raises(TypeError, match="takes a concept or a phrase, not int"):
        demo_index.explain(no_text)
    not_ids: Any = [1.5]
    with pytest.raises(TypeError, match="float"):
        demo_index.captions_of(not_ids)


def test_an_expression_nests_as_deep_as_an_index_takes(demo_index: Index) -> None:
    deep: Any = "dog"
    for _ in range(100):
        deep = wagidx.all_of(deep)
    assert demo_index.count(deep) == demo_index.count("dog")
    assert demo_index.counts([deep]).tolist() == [demo_index.count("dog")]
    with pytest.raises(ValueError, match="nest more than 100 deep"):
        wagidx.all_of(deep)


def test_ids_with_gaps_between_them_in_memory_filter_as_others(demo_index: Index) -> None:
    every = np.arange(len(demo_index), dtype=np.uint64)
    shifted = np.frombuffer(b"x" + every.tobytes(), np.uint64, offset=1)
    assert not shifted.flags.aligned
    for docs in (every[::2], every[::-1][::3], shifted):
        expected = demo_index.count("dog", docs=np.sort(docs))
        assert demo_index.count("dog", docs=docs) == expected
        assert demo_index.counts(["dog"], docs=docs).tolist() == [expected]
    assert demo_index.count("dog", docs=every[::2]) > 0


def test_an_index_of_captions_has_the_field_text(demo_index: Index) -> None:
    asks: list[Ask] = [demo_index.count, demo_index.ids, demo_index.captions, demo_index.bitmap]
    for ask in asks:
        assert np.array_equal(ask("dog", field="text"), ask("dog"))
    assert demo_index.counts(ASKED, field="text").tolist() == demo_index.counts(ASKED).tolist()
    for field in ("image", "joint"):
        for ask in asks:
            with pytest.raises(wagidx.MissingFieldError, match=f"field {field}.*field text"):
                ask("dog", field=field)
        for several in (demo_index.counts, demo_index.frequencies):
            with pytest.raises(wagidx.MissingFieldError):
                several(ASKED, field=field)
    for ask in asks:
        with pytest.raises(ValueError, match="text, image and joint"):
            ask("dog", field="smell")


def test_no_call_takes_no_threads_for_the_default(demo_index: Index) -> None:
    for ask in (
        lambda: demo_index.counts(ASKED, threads=0),
        lambda: demo_index.verify(threads=0),
        lambda: demo_index.cooccurrences(ASKED, threads=0),
        lambda: list(demo_index.drawn(ASKED, threads=0)),
    ):
        with pytest.raises(ValueError, match="threads=0"):
            ask()


def test_an_index_that_is_not_there_says_how_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="wagidx build"):
        wagidx.open(tmp_path / "none.wagidx")
