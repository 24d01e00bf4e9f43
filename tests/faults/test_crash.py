"""Killed before any step that changes the disk, whatever writes is finished by its next run.

Each step in turn: every rename, link, flush, removal and native write of the command is one moment
at which the process is killed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wagidx
from wagidx import _native
from wagidx.building import units

ROWS = 60
STEPS: list[tuple[Any, str]] = [
    *((os, name) for name in ("replace", "rename", "link", "fsync", "unlink", "rmdir", "mkdir")),
    *((_native, name) for name in ("merge_runs", "publish_manifest", "exchange", "crc32")),
]


@pytest.fixture
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(units, "UNIT_BYTES", 1)
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text("".join(f"dog {number} page {row}\n" for row in range(ROWS)))
    return paths


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that is killed before its n-th step; false where it has fewer."""
    child = os.fork()
    if child == 0:
        counter = itertools.count(1)
        for owner, name in STEPS:
            setattr(owner, name, _deadly(getattr(owner, name), counter, step))
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


def _deadly(
    function: Callable[..., Any], counter: itertools.count[int], step: int
) -> Callable[..., Any]:
    def deadly(*args: Any, **kwargs: Any) -> Any:
        if next(counter) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return deadly


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


def dogs(index: Path) -> int:
    with wagidx.open(index) as opened:
        opened.verify(deep=True)
        return int(opened.count("dog"))


def remains(index: Path) -> set[str]:
    """What was left behind; an empty working folder with its lock takes no space."""
    return {path.name for path in index.with_name(index.name + ".part").glob("*")} - {"lock"}


def each_step(tmp_path: Path, prepare: Callable[[Path], object], *works: Any) -> list[Path]:
    """Folders in which the work was killed at one step each; the last was not killed any more."""
    folders = []
    for step in itertools.count(1):
        folder = tmp_path / f"step-{step}"
        folder.mkdir()
        prepare(folder)
        folders.append(folder)
        if not killed_at(step, lambda folder=folder: works[0](folder)):  # type: ignore[misc]
            return folders
    raise AssertionError("unreachable")


@pytest.mark.parametrize("keep", [False, True], ids=["terms", "captions too"])
def test_a_build_killed_at_any_step(shards: list[Path], tmp_path: Path, keep: bool) -> None:
    expected = tmp_path / "expected"
    wagidx.build(shards, expected, store_captions=keep)

    def build(folder: Path, resume: bool | None = None) -> None:
        wagidx.build(shards, folder / "out", threads=1, store_captions=keep, resume=resume)

    folders = each_step(tmp_path, lambda _: None, build)
    assert len(folders) > 15
    for folder in folders:
        if (folder / "out").exists():
            assert contents(folder / "out") == contents(expected)
            with pytest.raises(FileExistsError):
                build(folder)
        build(folder, resume=(folder / "out").exists() or None)
        assert contents(folder / "out") == contents(expected)
        assert remains(folder / "out") == set()


def test_a_build_that_replaces_an_index_killed_at_any_step(
    shards: list[Path], tmp_path: Path
) -> None:
    old, expected = tmp_path / "old", tmp_path / "expected"
    wagidx.build(shards[:1], old)
    wagidx.build(shards, expected)

    def build(folder: Path) -> None:
        wagidx.build(shards, folder / "out", threads=1, resume=False)

    seen = set()
    for folder in each_step(tmp_path, lambda f: shutil.copytree(old, f / "out"), build):
        seen.add(dogs(folder / "out"))
        build(folder)
        assert contents(folder / "out") == contents(expected)
        assert remains(folder / "out") == set()
    assert seen == {ROWS, 3 * ROWS}


@pytest.mark.parametrize("keep", [False, True], ids=["terms", "captions too"])
def test_an_append_killed_at_any_step(shards: list[Path], tmp_path: Path, keep: bool) -> None:
    old, expected = tmp_path / "old", tmp_path / "expected"
    wagidx.build(shards[:1], old, store_captions=keep)
    shutil.copytree(old, expected)
    wagidx.append(expected, shards[1:])

    def append(folder: Path) -> None:
        wagidx.append(folder / "out", shards[1:], threads=1)

    seen, refused = set(), 0
    for folder in each_step(tmp_path, lambda f: shutil.copytree(old, f / "out"), append):
        seen.add(dogs(folder / "out"))
        try:
            append(folder)
        except wagidx.SourceError as error:
            # All was done and cleared away, so the next run is a second append of the same.
            assert "already in the index" in str(error)
            refused += 1
        assert contents(folder / "out") == contents(expected)
        assert remains(folder / "out") == set()
    assert seen == {ROWS, 3 * ROWS}
    assert refused <= 4


def test_a_merge_killed_at_any_step(shards: list[Path], tmp_path: Path) -> None:
    parts, expected = [tmp_path / "a", tmp_path / "b"], tmp_path / "expected"
    for part, given in zip(parts, (shards[:1], shards[1:])):
        wagidx.build(given, part, store_captions=True)
    wagidx.build(shards, expected, store_captions=True)

    def merge(folder: Path) -> None:
        wagidx.merge([folder / "a", folder / "b"], folder / "a", threads=1, fresh=True)

    def copy(folder: Path) -> None:
        for part in parts:
            shutil.copytree(part, folder / part.name)

    seen = set()
    for folder in each_step(tmp_path, copy, merge):
        seen.add(dogs(folder / "a"))
        if dogs(folder / "a") == ROWS:
            merge(folder)
        assert contents(folder / "a") == contents(expected)
        assert dogs(folder / "b") == 2 * ROWS
        assert dogs(folder / "a") == 3 * ROWS
    assert seen == {ROWS, 3 * ROWS}
