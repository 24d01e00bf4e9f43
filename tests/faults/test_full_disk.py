"""A disk that fills up in every phase: one line, nothing lost, and the next run finishes.

A small file system of its own is mounted where that is allowed; a limit on the size of files, which
needs no permission, stands in for it in a second set of tests.
"""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import wagidx
from click.testing import CliRunner
from wagidx.building import units
from wagidx.building.part import Part
from wagidx.building.unit_reader import UnitReader
from wagidx.cli import main

ROWS = 12_000
CLI = "from wagidx.cli import main; main(prog_name='wagidx')"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An empty file system of 24 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no program to mount a file system with")
    if mounted.returncode:
        pytest.skip(f"may not mount a small file system: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three files of words that occur once, a unit each: runs of some hundred KiB."""
    monkeypatch.setattr(units, "UNIT_BYTES", 1)
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text("".join(f"dog x{row}y{number} z{row}w{number}\n" for row in range(ROWS)))
    return paths


def fill(disk: Path, leave: int) -> Callable[[], None]:
    """Take all space but `leave` bytes; the callable gives it back."""
    filler = disk / "filler"
    status = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(b"\0" * (status.f_bavail * status.f_frsize - leave))
    return filler.unlink


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


def fails_in_one_line(*arguments: object) -> None:
    result = CliRunner().invoke(main, [*map(str, arguments), "-q"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert os.strerror(errno.ENOSPC) in result.stderr
    assert "run the same command again" in result.stderr


def when(
    phase: str, disk: Path, monkeypatch: pytest.MonkeyPatch, done: list[Callable[[], None]]
) -> None:
    """Fill the disk when a phase begins."""
    owner: Any
    owner, name, leave = {
        "spill": (UnitReader, "read", 100_000),
        "merge": (Part, "begin_index", 100_000),
        "publish": (Part, "seal", 0),
    }[phase]
    original = getattr(owner, name)

    def full(*args: Any, **kwargs: Any) -> Any:
        if not done:
            done.append(fill(disk, leave))
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, full)


@pytest.mark.parametrize("keep", [False, True], ids=["terms", "captions too"])
@pytest.mark.parametrize("phase", ["spill", "merge", "publish"])
def test_a_build_on_a_full_disk_keeps_the_old_index_and_can_go_on(
    disk: Path,
    shards: list[Path],
    tmp_path: Path,
    phase: str,
    keep: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected, output = tmp_path / "expected.wagidx", disk / "out.wagidx"
    wagidx.build(shards, expected, store_captions=keep)
    done: list[Callable[[], None]] = []
    when(phase, disk, monkeypatch, done)
    options = ["--store-captions"] if keep else []
    fails_in_one_line("build", *shards, "-o", output, "--threads", 1, *options)
    assert not output.exists()
    done[0]()
    wagidx.build(shards, output, store_captions=keep)
    assert contents(output) == contents(expected)


@pytest.mark.parametrize(
    ("command", "phase"),
    [
        *(("build", phase) for phase in ("spill", "merge", "publish")),
        *(("append", phase) for phase in ("spill", "merge", "publish")),
        *(("merge", phase) for phase in ("merge", "publish")),
    ],
)
def test_on_a_full_disk_the_old_index_answers(
    disk: Path,
    shards: list[Path],
    tmp_path: Path,
    command: str,
    phase: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output, more = disk / "out.wagidx", tmp_path / "more.wagidx"
    wagidx.build(shards[:1], output)
    wagidx.build(shards[1:], more)
    arguments = {
        "build": ["build", *shards, "-o", output, "--fresh", "--threads", 1],
        "append": ["append", output, *shards[1:], "--threads", 1],
        "merge": ["merge", output, more, "-o", output, "--fresh"],
    }[command]
    done: list[Callable[[], None]] = []
    with monkeypatch.context() as patched:
        when(phase, disk, patched, done)
        fails_in_one_line(*arguments)
    with wagidx.open(output) as index:
        assert index.count("dog") == ROWS
        index.verify(deep=True)
    done[0]()
    result = CliRunner().invoke(main, [*map(str, arguments), "-q"])
    assert result.exit_code == 0, result.output
    with wagidx.open(output) as index:
        assert index.count("dog") == 3 * ROWS
        index.verify(deep=True)
    assert [path.name for path in disk.iterdir()] == ["out.wagidx"]


def test_what_cannot_fit_is_refused_before_anything_is_read(disk: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    shard = tmp_path / "shard.parquet"
    pq.write_table(pa.table({"text": pa.repeat(pa.scalar("a dog"), 4_000_000)}), shard)
    result = CliRunner().invoke(main, ["build", str(shard), "-o", str(disk / "out.wagidx"), "-q"])
    assert result.exit_code == 1
    assert "free, but this needs more than 30.5 MiB" in result.stderr


@pytest.mark.parametrize(("share", "phase"), [(0.1, "spill"), (0.7, "merge")])
def test_files_over_the_limit_are_one_line_and_the_build_can_go_on(
    shards: list[Path], tmp_path: Path, share: float, phase: str
) -> None:
    expected, output = tmp_path / "expected.wagidx", tmp_path / "out.wagidx"
    wagidx.build(shards, expected)
    limit = int((expected / "segment-000001.wag").stat().st_size * share)
    code = f"from wagidx.building import units; units.UNIT_BYTES = 1; {CLI}"
    result = subprocess.run(
        [sys.executable, "-c", code, "build", *map(str, shards), "-o", str(output), "-q"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert os.strerror(errno.EFBIG) in result.stderr
    kept = list(output.with_name("out.wagidx.part").glob("unit-*.json"))
    assert len(kept) == (0 if phase == "spill" else len(shards))
    wagidx.build(shards, output)
    assert contents(output) == contents(expected)
