"""One index in many threads and processes, and two builders of one index."""

from __future__ import annotations

import fcntl
import multiprocessing
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import wagidx

CONCEPTS = ["dog", "golden retriever", "snow leopard", "a photo", "quokka"]


def count_all(index: wagidx.Index) -> list[int]:
    return [int(count) for count in index.counts(CONCEPTS, threads=2)]


def test_threads_get_the_single_answers(demo_index: wagidx.Index) -> None:
    expected = [demo_index.count(concept) for concept in CONCEPTS]

    def ask(_: int) -> bool:
        return all(
            [demo_index.count(concept) for concept in CONCEPTS] == expected for _ in range(2_000)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_get_the_same_answers(demo_index: wagidx.Index, method: str) -> None:
    expected = count_all(demo_index)
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(count_all, (demo_index,)) == expected


def test_a_pickle_opens_the_same_index_or_says_that_it_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.wagidx"
    wagidx.build(captions=["a dog"], output=path)
    pickled = pickle.dumps(wagidx.open(path))
    assert pickle.loads(pickled).count("dog") == 1
    wagidx.build(captions=["a cat"], output=path, resume=False)
    with pytest.raises(wagidx.IndexFormatError, match="another index"):
        pickle.loads(pickled)


def test_a_second_builder_is_told_who_holds_the_index(tmp_path: Path) -> None:
    part = tmp_path / "a.wagidx.part"
    part.mkdir()
    with (part / "lock").open("w") as lock:
        lock.write("4711\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(wagidx.WagidxError, match="4711"):
            wagidx.build(captions=["a dog"], output=tmp_path / "a.wagidx")
    assert wagidx.build(captions=["a dog"], output=tmp_path / "a.wagidx").captions == 1


def test_damaged_sources_are_told_when_captions_are_looked_up(tmp_path: Path) -> None:
    shard = tmp_path / "captions.txt"
    shard.write_text("a dog\n")
    path = tmp_path / "a.wagidx"
    wagidx.build(shard, path)
    (path / "sources.jsonl").write_bytes(b'{"name": \xff}\n')
    with pytest.raises(wagidx.CorruptIndexError, match=r"sources\.jsonl"):
        wagidx.open(path).captions("dog")


def test_a_changed_source_is_not_shown_for_another(tmp_path: Path) -> None:
    shard = tmp_path / "captions.txt"
    shard.write_text("a dog\n")
    path = tmp_path / "a.wagidx"
    wagidx.build(shard, path)
    shard.write_text("a cat\n")
    with pytest.raises(wagidx.SourceError, match="changed"):
        wagidx.open(path).captions("dog")
