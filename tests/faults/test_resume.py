"""An interrupted build is finished by the next one, to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from wagidx.building import units

ROWS = 3_000


@pytest.fixture
def shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(units, "UNIT_ROWS", 500)
    path = tmp_path / "shard.parquet"
    captions = [f"dog number {i}" if i % 3 else "two cats" for i in range(ROWS)]
    pq.write_table(pa.table({"TEXT": captions}), path, row_group_size=700)
    return path


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


def interrupt(progress: wagidx.Progress) -> None:
    if progress.rows:
        raise KeyboardInterrupt


def test_an_interrupted_build_resumes_to_the_same_bytes(shard: Path, tmp_path: Path) -> None:
    fresh, resumed = tmp_path / "fresh.wagidx", tmp_path / "resumed.wagidx"
    wagidx.build(shard, fresh, threads=1)
    with pytest.raises(KeyboardInterrupt):
        wagidx.build(shard, resumed, threads=1, progress=interrupt)
    part = resumed.with_name("resumed.wagidx.part")
    kept = sorted(part.glob("unit-*.json"))
    assert kept
    assert not resumed.exists()
    with pytest.raises(wagidx.IndexFormatError, match="not finished"):
        wagidx.open(resumed)
    times = [file.stat().st_mtime_ns for file in kept]
    seen: list[int] = []

    def watch(progress: wagidx.Progress) -> None:
        seen.append(progress.rows)
        assert [file.stat().st_mtime_ns for file in kept if file.exists()] == times

    wagidx.build(shard, resumed, threads=1, progress=watch)
    assert seen[0] >= 500 * len(kept)
    assert contents(resumed) == contents(fresh)
    assert not part.exists()


def test_a_build_with_other_options_does_not_resume(shard: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.wagidx"
    with pytest.raises(KeyboardInterrupt):
        wagidx.build(shard, output, threads=1, progress=interrupt)
    with pytest.raises(wagidx.WagidxError, match="--fresh"):
        wagidx.build(shard, output, analyzer="surface")
    wagidx.build(shard, output, analyzer="surface", resume=False)
    assert wagidx.open(output).info["analyzer"]["tier"] == "surface"


def test_an_index_that_exists_is_refused_kept_or_replaced(shard: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.wagidx"
    wagidx.build(shard, output)
    with pytest.raises(FileExistsError):
        wagidx.build(shard, output)
    before = contents(output)
    assert wagidx.build(shard, output, resume=True).rows == ROWS
    assert contents(output) == before
    wagidx.build(shard, output, analyzer="surface", resume=False)
    assert contents(output) != before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["out.wagidx"]


def test_an_unreadable_source_fails_the_build_or_is_left_out(shard: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(shard.read_bytes()[:-100])
    output = tmp_path / "out.wagidx"
    with pytest.raises(wagidx.SourceError, match=r"bad\.parquet"):
        wagidx.build([shard, bad], output)
    stats = wagidx.build([shard, bad], output, skip_unreadable=True)
    assert (stats.rows, len(stats.skipped)) == (ROWS, 1)
    assert wagidx.open(output).captions("dog", limit=1)[0].text == "dog number 1"
