"""Sources that fail, change or go while they are read: one line, and the next run goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from wagidx.building import units

ROWS = 40


@pytest.fixture
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Six small files, a unit each."""
    monkeypatch.setattr(units, "UNIT_BYTES", 1)
    folder = tmp_path / "shards"
    folder.mkdir()
    for number in range(6):
        lines = "".join(f"dog {number} on page {row}\n" for row in range(ROWS))
        (folder / f"{number}.txt").write_text(lines)
    return sorted(folder.iterdir())


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.wagidx"


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


def records(output: Path) -> dict[str, int]:
    """Finished units and when each was written."""
    part = output.with_name(output.name + ".part")
    return {path.name: path.stat().st_mtime_ns for path in part.glob("unit-*.json")}


def stop_after(units_done: int, output: Path) -> Callable[[wagidx.Progress], None]:
    def stop(_: wagidx.Progress) -> None:
        if len(records(output)) >= units_done:
            raise KeyboardInterrupt

    return stop


def cut(shard: Path) -> None:
    os.truncate(shard, shard.stat().st_size - 20)


def break_shard(shard: Path) -> Callable[[], None]:
    """Make a gzip file that ends too soon of a text file; the callable repairs it."""
    import gzip

    whole = shard.read_bytes()
    shard.write_bytes(gzip.compress(whole)[:-9])

    def repair() -> None:
        shard.write_bytes(whole)

    return repair


@pytest.mark.parametrize("keep", [False, True], ids=["terms", "captions too"])
@pytest.mark.parametrize("bad", [0, 3, 5])
def test_a_repaired_source_is_read_again_and_no_other(
    shards: list[Path], output: Path, bad: int, keep: bool
) -> None:
    expected = output.with_name("expected.wagidx")
    wagidx.build(shards, expected, threads=1, store_captions=keep)
    repair = break_shard(shards[bad])
    with pytest.raises(wagidx.SourceError, match=shards[bad].name) as failure:
        wagidx.build(shards, output, threads=2, store_captions=keep)
    assert "\n" not in str(failure.value)
    assert not output.exists()
    finished = records(output)
    assert len(finished) == len(shards) - 1
    repair()
    seen: list[int] = []

    def watch(progress: wagidx.Progress) -> None:
        now = records(output)
        if now:
            assert finished.items() <= now.items()
        seen.append(progress.rows)

    wagidx.build(shards, output, threads=2, store_captions=keep, progress=watch)
    assert seen[0] >= ROWS * len(finished)
    assert contents(output) == contents(expected)


def test_grouped_files_around_a_repaired_one_are_kept(
    shards: list[Path], output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repaired file has another size, and must not move the borders of finished units."""
    monkeypatch.setattr(units, "UNIT_BYTES", 2 * shards[0].stat().st_size)
    expected = output.with_name("expected.wagidx")
    wagidx.build(shards, expected, store_captions=True)
    repair = break_shard(shards[2])
    with pytest.raises(wagidx.SourceError):
        wagidx.build(shards, output, store_captions=True)
    finished = records(output)
    assert finished
    repair()
    wagidx.build(shards, output, store_captions=True, progress=lambda _: None)
    assert contents(output) == contents(expected)


@pytest.mark.parametrize("touched", [False, True], ids=["new time", "same size and time"])
def test_a_source_changed_after_it_was_read_is_refused(
    shards: list[Path], output: Path, touched: bool
) -> None:
    with pytest.raises(KeyboardInterrupt):
        wagidx.build(shards, output, threads=1, progress=stop_after(2, output))
    status = shards[0].stat()
    shards[0].write_bytes(shards[0].read_bytes().replace(b"dog", b"cat"))
    if touched:
        os.utime(shards[0], ns=(status.st_atime_ns, status.st_mtime_ns))
        assert (shards[0].stat().st_size, shards[0].stat().st_mtime_ns) == (
            status.st_size,
            status.st_mtime_ns,
        )
    with pytest.raises(wagidx.SourceError, match=r"0\.txt.*--fresh"):
        wagidx.build(shards, output)
    wagidx.build(shards, output, resume=False)
    with wagidx.open(output) as index:
        assert (index.count("cat"), index.count("dog")) == (ROWS, 5 * ROWS)


def test_a_source_changed_before_it_was_read_is_read_as_it_is(
    shards: list[Path], output: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        wagidx.build(shards, output, threads=1, progress=stop_after(1, output))
    assert "unit-000005-000000000000.json" not in records(output)
    shards[5].write_text("a cat\n")
    wagidx.build(shards, output)
    with wagidx.open(output) as index:
        assert (index.count("cat"), index.count("dog")) == (1, 5 * ROWS)


def test_another_list_of_sources_is_refused_and_named(shards: list[Path], output: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        wagidx.build(shards, output, threads=1, progress=stop_after(1, output))
    with pytest.raises(wagidx.WagidxError, match=r"5\.txt.*--fresh"):
        wagidx.build(shards[:5], output)


def meddle(shard: Path, how: str) -> None:
    if how == "cut":
        cut(shard)
    elif how == "replaced":
        shard.with_suffix(".new").write_text("a cat\n" * 9)
        shard.with_suffix(".new").rename(shard)
    else:
        shard.unlink()


@pytest.mark.parametrize("how", ["cut", "replaced", "gone"])
@pytest.mark.parametrize("kind", ["text", "parquet"])
def test_a_source_that_changes_while_it_is_read_is_named_and_read_again(
    shards: list[Path], output: Path, kind: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = shards[-1]
    if kind == "parquet":
        last = last.with_suffix(".parquet")
        pq.write_table(pa.table({"text": [f"dog 5 {row}" for row in range(ROWS)]}), last)
        shards = [*shards[:-1], last]
    whole = last.read_bytes()
    done: list[str] = []

    def at_work(_: wagidx.Progress) -> None:
        if not done and len(records(output)) >= 1:
            meddle(last, how)
            done.append(how)

    with pytest.raises(wagidx.SourceError, match=last.name) as failure:
        wagidx.build(shards, output, threads=1, progress=at_work)
    assert done and "\n" not in str(failure.value)
    finished = records(output)
    assert len(finished) == len(shards) - 1
    last.write_bytes(whole)
    wagidx.build(shards, output)
    with wagidx.open(output) as index:
        assert index.count("dog") == 6 * ROWS
        index.verify(deep=True)


def test_a_source_replaced_between_its_batches_is_noticed(
    shards: list[Path], output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes read were whole, but nobody knows of which file: neither may be counted."""
    from wagidx.sources.text import TextSource

    batches = TextSource.batches

    def replaced_afterwards(self: TextSource, **options: object):  # type: ignore[no-untyped-def]
        yield from batches(self, **options)  # type: ignore[arg-type]
        if self.name == str(shards[3]):
            meddle(shards[3], "replaced")

    monkeypatch.setattr(TextSource, "batches", replaced_afterwards)
    with pytest.raises(wagidx.SourceError, match=r"3\.txt: changed while it was read"):
        wagidx.build(shards, output, threads=1)
    monkeypatch.undo()
    wagidx.build(shards, output)
    assert wagidx.open(output).count("cat") == 9


def test_a_skipped_source_is_recorded(shards: list[Path], output: Path) -> None:
    break_shard(shards[2])
    bad = shards[1].with_suffix(".parquet")
    bad.write_bytes(b"PAR1 this is none PAR1")
    given = [*shards[:2], bad, *shards[2:4], shards[5]]
    stats = wagidx.build(given, output, skip_unreadable=True)
    assert stats.rows == 4 * ROWS
    index = wagidx.open(output)
    assert [one["name"] for one in index.skipped] == [str(bad), str(shards[2])]
    assert all(one["name"] in one["reason"] for one in index.skipped)
    assert stats.skipped == [one["reason"] for one in index.skipped]
    assert index.captions_of([3 * ROWS])[0].text == "dog 5 on page 0"
    index.verify(deep=True)


def test_a_skipped_source_is_tried_again_by_a_resumed_build(
    shards: list[Path], output: Path
) -> None:
    expected = output.with_name("expected.wagidx")
    wagidx.build(shards, expected)
    repair = break_shard(shards[0])
    with pytest.raises(KeyboardInterrupt):
        wagidx.build(
            shards, output, threads=1, skip_unreadable=True, progress=stop_after(3, output)
        )
    repair()
    stats = wagidx.build(shards, output, skip_unreadable=True)
    assert stats.skipped == []
    assert contents(output) == contents(expected)


def test_a_large_file_with_a_bad_range_is_skipped_whole(
    tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "UNIT_ROWS", 100)
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    table = pa.table({"text": [f"dog {row}" for row in range(400)]})
    for path in (good, bad):
        pq.write_table(
            table, path, row_group_size=100, use_dictionary=False, write_page_checksum=True
        )
    damaged = bytearray(bad.read_bytes())
    start = pq.ParquetFile(bad).metadata.row_group(2).column(0).data_page_offset
    damaged[start + 60] ^= 0xFF
    bad.write_bytes(damaged)
    with pytest.raises(wagidx.SourceError, match=r"bad\.parquet"):
        wagidx.build([bad, good], output)
    stats = wagidx.build([bad, good], output, skip_unreadable=True)
    assert (stats.rows, len(stats.skipped)) == (400, 1)
    assert wagidx.open(output).captions("dog 7")[0].text == "dog 7"


def test_info_names_what_was_skipped(shards: list[Path], output: Path) -> None:
    from click.testing import CliRunner
    from wagidx.cli import main

    break_shard(shards[2])
    wagidx.build(shards, output, skip_unreadable=True)
    text = CliRunner().invoke(main, ["info", str(output)]).stdout
    assert f"skipped: {shards[2]}" in text
    known = json.loads(CliRunner().invoke(main, ["info", str(output), "--json"]).stdout)
    assert [one["name"] for one in known["skipped"]] == [str(shards[2])]
