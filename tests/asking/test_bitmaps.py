"""Sets of caption ids as Roaring bitmaps: what pyroaring writes and reads is what wagidx does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import wagidx
from wagidx import _native

pyroaring = pytest.importorskip("pyroaring", reason="pyroaring is not installed")

CONCEPTS = ["dog", "golden retriever", "zebra"]


def bitmaps(ids: Iterable[int]) -> list[Any]:
    """Of 64 bits, and where they fit of 32, each with and without runs of ids."""
    kinds = [pyroaring.BitMap64] + ([pyroaring.BitMap] if max(ids, default=0) < 2**32 else [])
    plain = [kind(ids) for kind in kinds]
    packed = [kind(ids) for kind in kinds]
    for bitmap in packed:
        bitmap.run_optimize()
    return plain + packed


@pytest.mark.parametrize(
    "ids",
    [
        [],
        [7],
        range(0, 20_000, 2),
        range(70_000),
        [*range(10), *range(100_000, 170_000), 2**20, 2**31],
        [5, 2**32 + 5, *range(2**33, 2**33 + 9_000, 2), 2**40],
    ],
)
def test_a_bitmap_has_as_many_ids_as_pyroaring_says(ids: Iterable[int]) -> None:
    for bitmap in bitmaps(ids):
        assert _native.roaring_len(bitmap.serialize()) == len(bitmap)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_pyroaring_reads_the_ids_of_a_concept(demo_index: wagidx.Index, concept: str) -> None:
    bitmap = pyroaring.BitMap64.deserialize(demo_index.bitmap(concept))
    assert list(bitmap) == demo_index.ids(concept).tolist()


def test_a_count_within_a_bitmap_is_the_count_within_its_ids(demo_index: wagidx.Index) -> None:
    kept = np.arange(0, len(demo_index), 3, dtype=np.uint64)
    within = [set(demo_index.ids(concept).tolist()) & set(kept.tolist()) for concept in CONCEPTS]
    expected = [len(ids) for ids in within]
    assert any(expected)
    assert demo_index.counts(CONCEPTS, docs=kept).tolist() == expected
    for bitmap in bitmaps(kept.tolist()):
        assert demo_index.counts(CONCEPTS, docs=bitmap.serialize()).tolist() == expected


@pytest.mark.parametrize("junk", [b"", b"junk", bytes(7), b"\xff" * 64])
def test_other_bytes_are_no_bitmap(demo_index: wagidx.Index, junk: bytes) -> None:
    with pytest.raises(ValueError, match="not a portable Roaring bitmap"):
        _native.roaring_len(junk)
    with pytest.raises(ValueError, match="not a portable Roaring bitmap"):
        demo_index.counts(CONCEPTS, docs=junk)
