"""A balanced choice of captions against the draw as it is written down, in plain Python."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from reference import ReferenceIndex
from wagidx import ConceptList, all_of, any_of, none_of
from wagidx.asking.expressions import Query

MODULUS = 1 << 64
CONCEPTS: list[Query] = [
    "dog",
    "cats",
    "white",
    "golden retriever",
    "Straße",
    "quokka",
    any_of("dog", "cat"),
    all_of("white", none_of("snow")),
]


def mix(z: int) -> int:
    z = (z + 0x9E3779B97F4A7C15) % MODULUS
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) % MODULUS
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) % MODULUS
    return z ^ z >> 31


def fnv1a64(data: bytes) -> int:
    state = 0xCBF29CE484222325
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) % MODULUS
    return state


def kept_by(text: str, row: int, count: int, cap: int, seed: int) -> bool:
    """Return whether the concept's draw keeps the caption."""
    stream = mix(fnv1a64(text.encode()) ^ mix(seed))
    draw = mix((stream + 0x9E3779B97F4A7C15 * row) % MODULUS)
    return count <= cap or draw < cap * MODULUS // count


def reference_choice(
    reference: ReferenceIndex, concepts: list[Query], cap: int, seed: int
) -> list[int]:
    kept: set[int] = set()
    for concept in concepts:
        rows = reference.ids(concept)
        kept |= {row for row in rows if kept_by(str(concept), row, len(rows), cap, seed)}
    return sorted(kept)


@pytest.fixture(scope="module")
def captions(demo_captions: list[str]) -> list[str | None]:
    return [*demo_captions, None, "", *(f"white dog {i}" for i in range(500))]


@pytest.fixture(scope="module")
def reference(captions: list[str | None]) -> ReferenceIndex:
    return ReferenceIndex(captions)


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, captions: list[str | None]
) -> Iterator[wagidx.Index]:
    folder = tmp_path_factory.mktemp("balance")
    keys = [None if i % 7 == 0 else f"key-{i}" for i in range(len(captions))]
    table = pa.table({"caption": captions, "key": keys})
    pq.write_table(table, folder / "captions.parquet", row_group_size=1_000)
    wagidx.build([str(folder / "captions.parquet")], folder / "x.wagidx", progress=False)
    with wagidx.open(folder / "x.wagidx") as opened:
        yield opened


def drawn(index: wagidx.Index, concepts: object, **options: int) -> list[int]:
    pieces = list(index.drawn(concepts, **options))  # type: ignore[arg-type]
    assert all(piece.dtype == np.uint64 for piece in pieces)
    return [row for piece in pieces for row in piece.tolist()]


@pytest.mark.parametrize(("cap", "seed"), [(1, 0), (20, 0), (20, 1), (100, 2**64 - 1), (10**6, 3)])
def test_the_choice_is_that_of_the_reference(
    index: wagidx.Index, reference: ReferenceIndex, cap: int, seed: int
) -> None:
    expected = reference_choice(reference, CONCEPTS, cap, seed)
    assert drawn(index, CONCEPTS, cap=cap, seed=seed) == expected
    assert expected


def test_the_choice_knows_no_threads_and_no_order(index: wagidx.Index) -> None:
    expected = drawn(index, CONCEPTS, cap=20)
    shuffled = [*CONCEPTS, *CONCEPTS[:3]]
    random.Random(0).shuffle(shuffled)
    for threads in (1, 2, 5):
        assert drawn(index, shuffled, cap=20, threads=threads) == expected


def test_a_concept_alone_is_kept_about_cap_times(index: wagidx.Index) -> None:
    assert index.count("dog") > 400
    sizes = [len(drawn(index, ["dog"], cap=200, seed=seed)) for seed in range(40)]
    # The mean of 40 binomials of mean 200 and deviation below 12 strays by more than 10 once in
    # ten million.
    assert abs(sum(sizes) / 40 - 200) < 10
    assert len(set(sizes)) > 5


def test_a_row_with_synonyms_draws_under_its_name(
    index: wagidx.Index, reference: ReferenceIndex
) -> None:
    listed = ConceptList(["pet"], [any_of("dog", "cat")])
    rows = reference.ids(any_of("dog", "cat"))
    expected = [row for row in rows if kept_by("pet", row, len(rows), 20, 0)]
    assert drawn(index, listed, cap=20) == expected


@pytest.mark.parametrize("stored", [None, "captions", "keys"])
def test_ids_and_keys_are_written(
    index: wagidx.Index, captions: list[str | None], tmp_path: Path, stored: str | None
) -> None:
    if stored is not None:
        source = tmp_path / "gone.parquet"
        shutil.copyfile(Path(index.info["path"]).parent / "captions.parquet", source)
        kept: dict[str, Any] = {f"store_{stored}": True}
        wagidx.build([source], tmp_path / "s.wagidx", **kept)
        source.unlink()  # keys that are kept need no source
        index = wagidx.open(tmp_path / "s.wagidx")
    stats = wagidx.balance(index, CONCEPTS, tmp_path / "keep.parquet", cap=20, progress=False)
    table = pq.read_table(tmp_path / "keep.parquet")
    ids = table.column("id").to_pylist()
    assert ids == drawn(index, CONCEPTS, cap=20)
    keys = [None if i % 7 == 0 else f"key-{i}".encode() for i in ids]
    assert table.column("key").to_pylist() == keys
    assert stats == wagidx.BalanceStats(index.info["stats"]["captions"], 8, 20, 0, len(ids))
    without = tmp_path / "ids.parquet"
    wagidx.balance(index, CONCEPTS, without, cap=20, keys=False)
    assert pq.read_table(without).column_names == ["id"]
    assert pq.read_table(without).column("id") == table.column("id")


def test_keys_of_captions_from_memory_are_an_error(tmp_path: Path) -> None:
    wagidx.build(captions=["a dog"], output=tmp_path / "m.wagidx", progress=False)
    index = wagidx.open(tmp_path / "m.wagidx")
    with pytest.raises(wagidx.SourceError, match="memory"):
        wagidx.balance(index, ["dog"], tmp_path / "keep.parquet")
    assert wagidx.balance(index, ["dog"], tmp_path / "ids.parquet", keys=False).kept == 1


def test_keys_of_a_changed_source_are_an_error(tmp_path: Path) -> None:
    source = tmp_path / "captions.tsv"
    source.write_text("key\tcaption\n1\ta dog\n2\ttwo dogs\n")
    wagidx.build([str(source)], tmp_path / "x.wagidx", progress=False)
    source.write_text("key\tcaption\n1\ta dog\n2\ttwo cats\n")
    with pytest.raises(wagidx.SourceError, match="changed"):
        wagidx.balance(wagidx.open(tmp_path / "x.wagidx"), ["dog"], tmp_path / "keep.parquet")


@pytest.mark.parametrize("wrong", [{"cap": 0}, {"cap": 2**64}, {"seed": -1}, {"seed": 2**64}])
def test_a_cap_or_seed_out_of_range_is_an_error(index: wagidx.Index, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"cap=|seed="):
        drawn(index, ["dog"], **wrong)
