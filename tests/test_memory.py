"""A build keeps within the memory it was given, and how much that was never shows in the index."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from hypothesis import given
from hypothesis import strategies as st
from wagidx import _native, memory
from wagidx.memory import LEAST, Budget, divide, parse_size, peak_rss

MIB = 1 << 20


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1GiB", 1 << 30),
        ("512MiB", 512 * MIB),
        ("512M", 512 * MIB),
        ("1.5g", 3 << 29),
        ("1GB", 10**9),
        (" 64 kb ", 64_000),
        ("1000", 1000),
        (1000, 1000),
        ("7B", 7),
    ],
)
def test_sizes_as_people_write_them(text: int | str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "lots", "-1GiB", "1 PiB", "GiB", "1,5GiB", "0x10", "1e9"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="not a size in bytes; write 2GiB"):
        parse_size(text)


@given(st.integers(LEAST, 1 << 44), st.integers(1, 256))
def test_threads_share_what_is_given_and_no_more(size: int, threads: int) -> None:
    budget = divide(size, threads)
    assert 1 <= budget.threads <= threads
    taken = budget.threads * (budget.run_bytes + memory._READING) + memory._ONCE
    assert taken <= size
    assert budget.run_bytes >= memory._LEAST_RUN


def test_the_least_is_enough_and_less_is_refused() -> None:
    assert divide(LEAST, 8).threads == 1
    with pytest.raises(ValueError, match="at least 384MiB of memory, not 100MiB"):
        divide("100MiB", 1)


def test_no_threads_are_refused() -> None:
    with pytest.raises(ValueError, match="threads=0: must be at least 1"):
        wagidx.build(captions=["a dog"], output="never.wagidx", threads=0)


def test_the_default_is_half_of_what_the_cgroup_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_CGROUP", (str(limit), str(tmp_path / "absent")))
    limit.write_text("max\n")
    assert divide(None, 1) == divide("2GiB", 1)
    limit.write_text(f"{1 << 30}\n")
    assert divide(None, 1) == divide("512MiB", 1)
    limit.write_text(f"{64 * MIB}\n")
    assert divide(None, 1) == divide(LEAST, 1)


def test_memory_never_shows_in_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(0)
    words = [f"word{i}" for i in range(3_000)] + ["dog", "dogs", "a" * 300, "don't", ":)"]
    source = tmp_path / "captions.txt"
    lines = (" ".join(draw.choices(words, k=draw.randint(0, 12))) for _ in range(20_000))
    source.write_text("\n".join([*lines, " ".join(words * 20)]))
    wagidx.build(source, tmp_path / "much.wagidx")
    runs = []

    def count_runs(paths: list[str], *rest: Any) -> str:
        runs.append(len(paths))
        return merge(paths, *rest)

    merge = _native.merge_runs
    monkeypatch.setattr(_native, "merge_runs", count_runs)
    module = sys.modules["wagidx.building.build"]
    monkeypatch.setattr(module, "divide", lambda *_: Budget(1, 600_000, 1 << 20))
    wagidx.build(source, tmp_path / "little.wagidx")
    assert runs[0] > 3
    for path in (tmp_path / "much.wagidx").iterdir():
        assert path.read_bytes() == (tmp_path / "little.wagidx" / path.name).read_bytes()


def test_the_peak_is_that_of_this_process_alone() -> None:
    code = "from wagidx.memory import peak_rss; print(peak_rss())"
    ballast = b"\1" * (peak_rss() + 64 * MIB)
    small = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert int(small.stdout) < len(ballast)


def like_shards(draw: random.Random) -> Iterator[str]:
    for i in range(1_200_000):
        yield f"photo of {draw.randrange(9_000)} and {draw.randrange(900_000)} by {i % 7_000}"


def all_distinct(_: random.Random) -> Iterator[str]:
    for i in range(400_000):
        yield f"x{i} y{i} z{i} u{i} v{i} w{i} some-longer-word-{i}-than-a-slot-holds"


def as_long_as_may_be(_: random.Random) -> Iterator[str]:
    for letter in "abcdefgh":
        yield f"{letter} " * (8 * MIB - 8)


def pages(draw: random.Random) -> Iterator[str]:
    for _ in range(3_000):
        yield " ".join(f"w{draw.randrange(1 << 20)}" for _ in range(7_000))


@pytest.mark.slow
@pytest.mark.parametrize("captions", [like_shards, all_distinct, as_long_as_may_be, pages])
@pytest.mark.parametrize("size", ["384MiB", "512MiB"])
def test_a_build_keeps_within_its_memory(
    captions: Callable[[random.Random], Iterator[str]], size: str, tmp_path: Path
) -> None:
    source = tmp_path / "captions.parquet"
    schema = pa.schema([("TEXT", pa.string())])
    with pq.ParquetWriter(source, schema) as writer:
        held: list[str] = []
        for caption in captions(random.Random(0)):
            held.append(caption)
            if len(held) * len(caption) > 16 * MIB:
                writer.write_table(pa.table({"TEXT": held}, schema=schema))
                held.clear()
        writer.write_table(pa.table({"TEXT": held}, schema=schema))
    cli = "from wagidx.cli import main; main(prog_name='wagidx')"
    command = ["-c", cli, "build", source, "-o", tmp_path / "x", "--threads", "2"]
    result = subprocess.run(
        [sys.executable, *map(str, command), "--memory", size, "--json"],
        capture_output=True,
        check=True,
    )
    assert json.loads(result.stdout)["peak_rss_bytes"] <= parse_size(size)
