"""What calls give back is what their annotations say: array types, items of lists, None or not.

stubtest compares names and parameters of the compiled module with its stub. A result's type stands
in the stub alone, so each call is made here and its result looked into.
"""

from __future__ import annotations

import shutil
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
import wagidx
from wagidx import _native
from wagidx.asking.concepts import concept_list
from wagidx.asking.sweep import Sweep
from wagidx.tagging.files import load_tagger

STUB = Path(wagidx.__file__).with_name("_native.pyi")
CAPTIONS = ["a golden retriever", "two dogs", "a dog", None]
WORDS, TAGS = ["a", "dog"], ["DT", "NN"]


def is_of(value: Any, hint: Any) -> bool:
    """Whether a value has exactly the type of an annotation, inside as well; a bool is no int."""
    inside = get_args(hint)
    match get_origin(hint):
        case origin if origin in (np.ndarray, npt.NDArray):
            # From numpy 2.5 on an alias of its own, before it ndarray[..., dtype[scalar]].
            scalar = inside[0] if len(inside) == 1 else get_args(inside[1])[0]
            return type(value) is np.ndarray and value.dtype == np.dtype(scalar)
        case origin if origin in (Union, types.UnionType):
            return any(is_of(value, one) for one in inside)
        case origin if origin is list:
            return type(value) is list and all(is_of(one, inside[0]) for one in value)
        case origin if origin is tuple:
            alike = type(value) is tuple and len(value) == len(inside)
            return alike and all(map(is_of, value, inside))
        case origin if origin is Iterator:
            return isinstance(value, Iterator) and all(is_of(one, inside[0]) for one in value)
    return isinstance(value, Path) if hint is Path else type(value) is hint


def stub_hints() -> dict[str, Any]:
    """The result of each function, method and property of the stub that has one to look into."""
    names: dict[str, Any] = {}
    exec("from __future__ import annotations\n" + STUB.read_text(encoding="utf-8"), names)
    listed = {name: names[name] for name in names["__all__"] if callable(names.get(name))}
    scope = names | {name: getattr(_native, name) for name in listed}
    found = {}
    for name, one in listed.items():
        members = vars(one) if isinstance(one, type) else {"": one}
        for member, function in members.items():
            function = function.fget if isinstance(function, property) else function
            if isinstance(function, types.FunctionType) and member != "__new__":
                hint = get_type_hints(function, scope)["return"]
                found[f"{name}.{member}".rstrip(".")] = hint
    return {name: hint for name, hint in found.items() if hint is not types.NoneType}


HINTS = stub_hints()
BUILDING = {"UnitBuilder.push", "UnitBuilder.finish", "merge_runs"}
"""Calls that build on each other; `test_a_build_by_hand_gives_what_the_stub_says` makes them."""


@pytest.fixture(scope="module")
def index_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("types") / "x.wagidx"
    wagidx.build(captions=CAPTIONS, output=path, store_captions=True, progress=False)
    return path


def swept(index: _native.Index) -> _native.Sweep:
    sweep = _native.Sweep(index, ["dog", "golden retriever"])
    sweep.counts(1)
    sweep.count_joint(0, len(index), 1)
    return sweep


@pytest.fixture(scope="module")
def calls(
    index_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Callable[[], Any]]:
    """A call of each, by the name it has in the stub, that gives nothing empty."""
    path, folder = index_path, tmp_path_factory.mktemp("copies")
    index, tagger = _native.Index(str(path)), load_tagger()
    one, other = (Path(shutil.copytree(path, folder / name)) for name in ("one", "other"))
    trained = _native.train_tagger([WORDS], [TAGS], passes=1, runs=1, seed=0, recase=False)
    sweep = swept(index)
    draws = sweep.draws(["dog", "golden retriever"], [2, 1], 1, 0)
    return {
        "Cancel.is_set": _native.Cancel().is_set,
        "Index.__len__": index.__len__,
        "Index.manifest": index.manifest,
        "Index.count": lambda: index.count("dog"),
        "Index.counts": lambda: index.counts(["dog"]),
        "Index.ids": lambda: index.ids("dog"),
        "Index.explain": lambda: index.explain("golden dgo"),
        "Index.terms_asked": lambda: index.terms_asked("golden dogs"),
        "Index.distinct_terms": index.distinct_terms,
        "Index.top": lambda: index.top(2),
        "Index.terms": lambda: index.terms("", 2),
        "Index.term_count": lambda: index.term_count("dog"),
        "Index.analyze": lambda: index.analyze("two dogs", False),
        "Sweep.counts": lambda: sweep.counts(1),
        "Sweep.joint": sweep.joint,
        "Sweep.draws": lambda: draws,
        "Sweep.drawn": lambda: sweep.drawn(draws, 0, len(index), 1),
        "Tagger.to_bytes": tagger.to_bytes,
        "Tagger.hash": lambda: tagger.hash,
        "Tagger.tags": lambda: tagger.tags([WORDS]),
        "Tagger.nouns": lambda: tagger.nouns([WORDS]),
        "TrainedTagger.quantised": trained.quantised,
        "TrainedTagger.nouns": lambda: trained.nouns([WORDS]),
        "coarse_tags": lambda: _native.coarse_tags(TAGS),
        "crc32": lambda: _native.crc32(str(path / "manifest.json")),
        "exchange": lambda: _native.exchange(str(one), str(other)),
        "is_noun": lambda: _native.is_noun("dog", "NN"),
        "keys": lambda: _native.keys(["dogs", "!"], "lemma"),
        "publish_manifest": lambda: _native.publish_manifest(str(one), index.manifest()),
        "query_data_hash": _native.query_data_hash,
        "recased": lambda: _native.recased(WORDS, "upper"),
        "spacy_noun_lemmas": lambda: _native.spacy_noun_lemmas(WORDS, TAGS),
        "roaring_len": lambda: _native.roaring_len(_native.to_roaring(np.array([7], np.uint64))),
        "to_roaring": lambda: _native.to_roaring(index.ids("dog")),
        "tokens": lambda: _native.tokens(["a dog"]),
        "train_tagger": lambda: trained,
    }


@pytest.mark.parametrize("name", sorted(HINTS.keys() - BUILDING))
def test_the_compiled_module_gives_what_its_stub_says(
    name: str, calls: dict[str, Callable[[], Any]]
) -> None:
    found = calls[name]()
    assert not isinstance(found, list) or found
    assert is_of(found, HINTS[name]), (found, HINTS[name])


def test_a_build_by_hand_gives_what_the_stub_says(tmp_path: Path) -> None:
    lemma, cancel = _native.Analyzer("lemma"), _native.Cancel()
    builder = _native.UnitBuilder(str(tmp_path), "unit", lemma, False, 1 << 20, cancel)
    too_long = "x" * ((16 << 20) + 1)  # such rows are given back
    pushed, finished = builder.push(pa.array(["a dog", too_long])), builder.finish()
    assert pushed and finished[0]
    assert is_of(pushed, HINTS["UnitBuilder.push"]), pushed
    assert is_of(finished, HINTS["UnitBuilder.finish"]), finished
    runs = [str(run) for run, _ in finished[0]]
    out = str(tmp_path / "segment.wag")
    merged = _native.merge_runs(runs, out, False, 1, 1 << 20, cancel)
    assert is_of(merged, HINTS["merge_runs"]), merged


ASKS: dict[Callable[..., Any], Callable[[wagidx.Index], Any]] = {
    wagidx.Index.count: lambda index: index.count("dog"),
    wagidx.Index.counts: lambda index: index.counts(["dog"]),
    wagidx.Index.ids: lambda index: index.ids("dog"),
    wagidx.Index.bitmap: lambda index: index.bitmap("dog"),
    wagidx.Index.captions: lambda index: index.captions("dog"),
    wagidx.Index.captions_of: lambda index: index.captions_of(index.ids("dog")),
    wagidx.Index.explain: lambda index: index.explain("golden dgo"),
    wagidx.Index.frequencies: lambda index: index.frequencies(["dog"]),
    wagidx.Index.drawn: lambda index: index.drawn(["dog"]),
    wagidx.Index.top: lambda index: index.top(2),
    wagidx.Index.terms_asked: lambda index: index.terms_asked("golden dogs"),
    wagidx.Index.spans: lambda index: index.spans("two dogs", "dog"),
    wagidx.Terms.items_from: lambda index: index.terms.items_from("d"),
    Sweep.pairs: lambda index: Sweep(
        _native.Index(str(index.info["path"])), concept_list(["dog", "a"])
    ).pairs(),
}


@pytest.mark.parametrize("method", ASKS, ids=lambda method: method.__qualname__)
def test_an_index_gives_what_its_annotations_say(
    method: Callable[..., Any], index_path: Path
) -> None:
    scope = {
        **vars(sys.modules[method.__module__]),
        "npt": npt,
        "pa": pa,
        "Caption": wagidx.Caption,
    }
    hint = eval(method.__annotations__["return"], scope)
    with wagidx.open(index_path) as index:
        found = ASKS[method](index)
        assert not isinstance(found, list) or found
        assert is_of(found, hint), (found, hint)


def test_counts_are_unsigned_wherever_they_stand(index_path: Path) -> None:
    with wagidx.open(index_path) as index:
        assert index.frequencies(["dog"]).counts.dtype == np.uint64
        assert index.cooccurrences(["dog", "a"]).dtype == np.uint64
        assert [ids.dtype for ids in index.drawn(["dog"])] == [np.dtype(np.uint64)]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (np.zeros(1, np.uint32), npt.NDArray[np.uint64]),
        (np.zeros(1, np.int64), npt.NDArray[np.uint64]),
        ([1], npt.NDArray[np.uint64]),
        (np.uint64(1), int),
        (True, int),
        (None, int),
        ("a", Path),
        (["a", None], list[str]),
        (("a", 1), tuple[str, str]),
        (("a",), tuple[str, int]),
        (("a", 1, 2), tuple[str, int]),
        ([(1, "a", 2.0)], list[tuple[int, str, int | None]]),
        (iter([[1]]), Iterator[list[str]]),
    ],
)
def test_a_wrong_annotation_is_noticed(value: Any, hint: Any) -> None:
    assert not is_of(value, hint)
