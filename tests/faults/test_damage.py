"""Every byte of a small index, flipped one at a time: verify notices, and no query crashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
import wagidx

CAPTIONS = ["two dogs on a beach", "a dog, a cat", None, "", "golden retrievers", "a red rose"]
CONCEPTS: list[str | wagidx.Expression] = [
    "dog",
    "golden retriever",
    "a",
    wagidx.none_of("a"),
    wagidx.any_of("cat", "rose"),
    wagidx.phrase("a dog"),
]
MORE_THAN_ALL = 10_000
"""Terms that no damage can make of so few bytes."""
DAMAGE = (wagidx.WagidxError, OSError)


@pytest.fixture(scope="module", params=["rows", "positions", "captions", "keys", "segments"])
def pristine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("damage") / "small.wagidx"
    kind = request.param
    wagidx.build(
        captions=CAPTIONS,
        output=path,
        positions=kind == "positions",
        store_captions=kind == "captions",
        store_keys=kind == "keys",
    )
    if kind == "segments":
        wagidx.append(path, captions=CAPTIONS[1:])
    return path


def files(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir())


def questions(index: wagidx.Index) -> Iterator[Callable[[], object]]:
    """Every kind of question; each answers or tells of the damage."""
    for concept in CONCEPTS:
        yield partial(index.count, concept)
        yield partial(index.ids, concept)
        yield partial(index.captions, concept)
    yield lambda: index.counts(["dog", "golden retriever", "rose"])
    yield lambda: index.frequencies(["dog", "beach"])
    yield lambda: index.cooccurrences(["dog", "beach", "cat"])
    yield lambda: list(index.keys())
    yield lambda: index.top(5)
    yield lambda: index.explain("dogs on a beech")
    yield lambda: "dog" in index
    yield lambda: len(index.terms)
    yield lambda: next(islice(index.terms.items(), MORE_THAN_ALL, None), None)


def ask_everything(index: wagidx.Index) -> None:
    for question in questions(index):
        try:
            answer = question()
        except DAMAGE:
            continue
        if isinstance(answer, tuple):
            pytest.fail(f"terms that never end, with {answer} among them")


def check_damaged(path: Path) -> None:
    """The damage is told at the opening or by verify; questions answer or say so."""
    try:
        index = wagidx.open(path, mmap=False)
    except DAMAGE:
        return
    ask_everything(index)
    with pytest.raises(DAMAGE):
        index.verify()


def test_every_flipped_byte_is_noticed_and_no_question_crashes(pristine: Path) -> None:
    flipped = 0
    for name in files(pristine):
        file = pristine / name
        whole = file.read_bytes()
        try:
            for at in range(len(whole)):
                damaged = bytearray(whole)
                damaged[at] ^= 1 << (at % 8)
                file.write_bytes(damaged)
                check_damaged(pristine)
                flipped += 1
        finally:
            file.write_bytes(whole)
    assert flipped > 1_000
    wagidx.open(pristine).verify(deep=True)


def test_every_truncation_is_noticed(pristine: Path) -> None:
    for name in files(pristine):
        file = pristine / name
        whole = file.read_bytes()
        try:
            for length in range(len(whole)):
                file.write_bytes(whole[:length])
                check_damaged(pristine)
        finally:
            file.write_bytes(whole)


@pytest.mark.parametrize("mmap", [True, False])
def test_a_segment_cut_before_the_opening_is_told(pristine: Path, mmap: bool) -> None:
    segment = next(pristine.glob("segment-*"))
    whole = segment.read_bytes()
    try:
        for length in (0, 1, len(whole) // 2, len(whole) - 1):
            segment.write_bytes(whole[:length])
            told = f"{segment.name}: damaged: it has {length} bytes, where .* {len(whole)}; rebuild"
            with pytest.raises(wagidx.CorruptIndexError, match=told):
                wagidx.open(pristine, mmap=mmap)
    finally:
        segment.write_bytes(whole)
    assert wagidx.open(pristine, mmap=mmap).count("golden retriever") > 0


def test_a_missing_file_is_named(pristine: Path) -> None:
    segment = pristine / "segment-000001.wag"
    moved = segment.rename(segment.with_suffix(".moved"))
    try:
        with pytest.raises(FileNotFoundError, match="segment-000001"):
            wagidx.open(pristine)
    finally:
        moved.rename(segment)
