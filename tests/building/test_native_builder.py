"""What a native builder takes: analyzers by name, and which Arrow types for which purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import wagidx
from wagidx import _native

CAPTIONS = ["a dog", None, "a dog and a cat", ""]
KEYS = [pa.int8, pa.int16, pa.int32, pa.int64, pa.uint8, pa.uint16, pa.uint32, pa.uint64]
LAYOUTS = {
    **{
        str(kind()): pa.array(CAPTIONS, kind())
        for kind in (pa.string, pa.large_string, pa.string_view)
    },
    **{
        str(kind()): pa.array([c and c.encode() for c in CAPTIONS], pa.binary()).cast(kind())
        for kind in (pa.binary, pa.large_binary)
    },
    "binary_view": pa.array([c and c.encode() for c in CAPTIONS], pa.binary_view()),
    **{
        f"dictionary of {key()}": pa.DictionaryArray.from_arrays(
            pa.array([2, None, 0, 1], key()), pa.array(["a dog and a cat", "", "a dog"])
        )
        for key in KEYS
    },
    "sliced": pa.array(["cut off", *CAPTIONS, "too"]).slice(1, 4),
}
NO_TEXTS: dict[str, Any] = {
    "uint8": pa.array([1, 2], pa.uint8()),
    "list of uint8": pa.array([[1], [2]], pa.list_(pa.uint8())),
    "int64": pa.array([1, 2]),
    "bool": pa.array([True, False]),
    "list of strings": pa.array([["a"], ["b"]]),
    "dictionary of int64": pa.array([1, 2]).dictionary_encode(),
}


def builder_of(folder: Path, tier: str) -> _native.UnitBuilder:
    analyzer, cancel = _native.Analyzer(tier), _native.Cancel()
    return _native.UnitBuilder(str(folder), "unit", analyzer, False, 1 << 20, cancel)


@pytest.fixture
def builder(tmp_path: Path) -> _native.UnitBuilder:
    return builder_of(tmp_path, "lemma")


def seen(builder: _native.UnitBuilder) -> tuple[int, ...]:
    stats = json.loads(builder.finish()[1])
    return tuple(stats[name] for name in ("rows", "captions", "nulls", "empty", "tokens"))


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    for tier in ("Lemma", ""):
        with pytest.raises(ValueError, match="is not known; there are surface, lemma and noun"):
            _native.Analyzer(tier)
        with pytest.raises(ValueError, match="is not known; there are surface, lemma and noun"):
            _native.keys(["dogs"], tier)
    with pytest.raises(ValueError, match=r"case .* is not known; there are fold and paper"):
        _native.Analyzer("noun", case="lower")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_captions_are_taken_in_every_layout(builder: _native.UnitBuilder, layout: str) -> None:
    builder.push(LAYOUTS[layout])
    assert seen(builder) == (4, 3, 1, 1, 7)


def test_an_array_of_nulls_holds_no_caption(builder: _native.UnitBuilder) -> None:
    builder.push(pa.nulls(3))
    assert seen(builder) == (3, 0, 3, 0, 0)


@pytest.mark.parametrize("kind", NO_TEXTS)
def test_what_is_no_text_is_neither_caption_nor_concept(
    builder: _native.UnitBuilder, demo_index: wagidx.Index, kind: str
) -> None:
    with pytest.raises(TypeError, match="captions: expected strings, binary or a dictionary"):
        builder.push(NO_TEXTS[kind])
    with pytest.raises(TypeError, match="concepts: expected strings, binary or a dictionary"):
        demo_index.counts(NO_TEXTS[kind])


@pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.bool_(), pa.string(), pa.null()])
def test_a_status_is_uint8(builder: _native.UnitBuilder, kind: pa.DataType) -> None:
    status = pa.nulls(4) if kind == pa.null() else pa.array([0, 1, 0, 1]).cast(kind)
    with pytest.raises(TypeError, match="status: expected uint8, not Arrow type"):
        builder.push(pa.array(CAPTIONS), status)
    with pytest.raises(ValueError, match="status: a value is null"):
        builder.push(pa.array(CAPTIONS), pa.array([0, None, 0, 0], pa.uint8()))
    builder.push(pa.array(CAPTIONS), pa.array([0, 1, 2, 0], pa.uint8()))
    assert seen(builder) == (4, 2, 0, 1, 2)


@pytest.mark.parametrize("kind", [pa.uint8(), pa.list_(pa.int64()), pa.list_(pa.string())])
def test_nouns_are_lists_of_uint8(tmp_path: Path, kind: pa.DataType) -> None:
    builder = builder_of(tmp_path, "noun")
    with pytest.raises(TypeError, match="nouns: expected lists of uint8, not Arrow type"):
        builder.push(pa.array(["a"]), None, pa.array([None], kind))
    builder.push(pa.array(["a dog"]), None, pa.array([[0, 1]], pa.list_(pa.uint8())))
    assert seen(builder)[:2] == (1, 1)


def test_columns_of_a_push_are_of_one_length(builder: _native.UnitBuilder) -> None:
    with pytest.raises(ValueError, match="differ in length"):
        builder.push(pa.array(CAPTIONS), pa.array([0], pa.uint8()))
    with pytest.raises(TypeError, match="captions: expected an Arrow array"):
        builder.push(["a dog"])
