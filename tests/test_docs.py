"""`docs=`: caption ids, as an array or as portable Roaring bytes, that answers stay within.

The bytes are written here from the published format, so that reading them is not tested against a
writer of the same library.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pytest
import wagidx
from numpy.typing import NDArray
from wagidx.asking.expressions import any_of, none_of

CAPTIONS = ["a dog", "a cat", None, "a dog and a cat", "", "dogs", "a bird"]
SERIAL_COOKIE_NO_RUN = 12346
SERIAL_COOKIE = 12347


def roaring_32(ids: Iterable[int]) -> bytes:
    """Serialise ids as a 32-bit bitmap of array containers."""
    chunks: dict[int, list[int]] = defaultdict(list)
    for row in sorted(set(ids)):
        chunks[row >> 16].append(row & 0xFFFF)
    head = struct.pack("<II", SERIAL_COOKIE_NO_RUN, len(chunks))
    keys = b"".join(struct.pack("<HH", high, len(low) - 1) for high, low in chunks.items())
    offsets, at = b"", len(head) + len(keys) + 4 * len(chunks)
    for low in chunks.values():
        offsets += struct.pack("<I", at)
        at += 2 * len(low)
    return head + keys + offsets + b"".join(struct.pack(f"<{len(c)}H", *c) for c in chunks.values())


def roaring_64(ids: Iterable[int]) -> bytes:
    """Serialise ids as a 64-bit bitmap: one 32-bit bitmap for each value of the upper half."""
    halves: dict[int, list[int]] = defaultdict(list)
    for row in sorted(set(ids)):
        halves[row >> 32].append(row & 0xFFFFFFFF)
    parts = (struct.pack("<I", high) + roaring_32(low) for high, low in halves.items())
    return struct.pack("<Q", len(halves)) + b"".join(parts)


def roaring_run(start: int, length: int) -> bytes:
    """Serialise one run of ids below 65,536 as a 32-bit bitmap with a run container."""
    flag = b"\x01"
    header = struct.pack("<I", SERIAL_COOKIE) + flag + struct.pack("<HH", 0, length - 1)
    return header + struct.pack("<HHH", 1, start, length - 1)


def array(*ids: int) -> NDArray[np.uint64]:
    return np.array(ids, dtype=np.uint64)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> wagidx.Index:
    path = tmp_path_factory.mktemp("docs") / "docs.wagidx"
    wagidx.build(captions=CAPTIONS, output=path, analyzer="lemma", progress=False)
    return wagidx.open(path)


@pytest.mark.parametrize(
    "docs",
    [array(1, 3, 5), array(5, 3, 1, 3), roaring_32([1, 3, 5]), roaring_64([1, 3, 5])],
    ids=["array", "unsorted with a repeat", "32-bit", "64-bit"],
)
def test_answers_stay_within_the_ids_given(
    index: wagidx.Index, docs: NDArray[np.uint64] | bytes
) -> None:
    assert index.ids("dog", docs=docs).tolist() == [3, 5]
    assert index.count("dog", docs=docs) == 2
    assert index.counts(["dog", "cat", "bird"], docs=docs).tolist() == [2, 2, 0]


def test_run_containers_are_read(index: wagidx.Index) -> None:
    assert index.ids("dog", docs=roaring_run(2, 3)).tolist() == [3]


def test_a_set_is_applied_last_to_complements_too(index: wagidx.Index) -> None:
    assert index.ids(none_of("dog"), docs=array(0, 1, 2, 4)).tolist() == [1, 4]
    assert index.ids(none_of(none_of("dog")), docs=array(0, 1, 2)).tolist() == [0]
    assert index.ids(any_of("dog", none_of("dog")), docs=array(2)).tolist() == []


def test_missing_is_decided_by_the_whole_index(index: wagidx.Index) -> None:
    assert index.count("dog bird", missing="ignore", docs=array(0, 6)) == 0
    assert index.count("dog quokka", missing="ignore", docs=array(0, 6)) == 1


@pytest.mark.parametrize("docs", [array(), roaring_32([]), roaring_64([])])
def test_an_empty_set_gives_nothing(index: wagidx.Index, docs: NDArray[np.uint64] | bytes) -> None:
    assert index.ids("dog", docs=docs).tolist() == []
    assert index.counts(["dog", none_of("dog")], docs=docs).tolist() == [0, 0]


@pytest.mark.parametrize(
    "docs",
    [array(7), array(2**64 - 1), roaring_32([0, 7]), roaring_64([0, 7]), roaring_64([2**32])],
)
def test_an_id_that_is_no_row_is_refused(
    index: wagidx.Index, docs: NDArray[np.uint64] | bytes
) -> None:
    with pytest.raises(ValueError, match="7 rows"):
        index.count("dog", docs=docs)


@pytest.mark.parametrize(
    "docs",
    [b"", b"\x3a\x30", b"not a bitmap", roaring_32([1, 3])[:-1], b"\xff" * 64, roaring_64([1])[:9]],
)
def test_other_bytes_are_refused(index: wagidx.Index, docs: bytes) -> None:
    with pytest.raises(ValueError, match="Roaring"):
        index.count("dog", docs=docs)


def test_the_limit_cuts_after_the_set(index: wagidx.Index) -> None:
    assert index.ids("dog", limit=2).tolist() == [0, 3]
    assert index.ids("dog", docs=array(3, 5), limit=1).tolist() == [3]
    assert index.ids("dog", limit=0).tolist() == []
    assert index.ids("dog", limit=99).tolist() == [0, 3, 5]
