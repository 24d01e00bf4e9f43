"""Asking writes nothing: an index in a read-only folder of somebody else's answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import wagidx

# Everything is imported, and done once, before the process becomes somebody else, for whom Python
# itself may be out of reach.
ASK = """
import os, sys, wagidx

def answers(path):
    with wagidx.open(path) as index:
        index.verify(deep=True)
        return index.count("dog"), index.captions("dog")[0].text, index.top(1), index.skipped

answers(sys.argv[2])
if sys.argv[3]:
    os.setgid(65534), os.setuid(65534)
print(*answers(sys.argv[1]))
"""

APPEND = """
import contextlib, difflib, os, sys
from wagidx.cli import main

def append(*arguments):
    main(["append", *arguments, "-q"], prog_name="wagidx")

with contextlib.suppress(SystemExit), open(os.devnull, "w") as nothing:
    with contextlib.redirect_stdout(nothing):
        append(sys.argv[2], sys.argv[4])
os.setgid(65534), os.setuid(65534)
append(sys.argv[1], sys.argv[3])
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter and nobody may write to."""
    made = Path(tempfile.mkdtemp(prefix="wagidx-read-only-"))
    wagidx.build(captions=["a dog", "a cat"], output=made / "a.wagidx", store_captions=True)
    for path in (made, made / "a.wagidx"):
        path.chmod(0o555)
    for path in (made / "a.wagidx").iterdir():
        path.chmod(0o444)
    yield made
    for path in (made, made / "a.wagidx"):
        path.chmod(0o755)
    shutil.rmtree(made)


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in (folder, *folder.rglob("*"))
    }


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


@pytest.mark.parametrize("other", ["", "another user"])
def test_asking_an_index_that_may_not_be_written_writes_nothing(
    folder: Path, tmp_path: Path, other: str
) -> None:
    if other and os.geteuid() != 0:
        pytest.skip("only root may become another user")
    wagidx.build(captions=["a dog"], output=tmp_path / "own.wagidx", store_captions=True)
    before = state(folder)
    result = run(ASK, folder / "a.wagidx", tmp_path / "own.wagidx", other)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "1 a dog [('a', 2)] []\n"
    assert state(folder) == before


def test_an_append_by_somebody_who_may_not_is_one_line(folder: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    own = tmp_path / "own.wagidx"
    wagidx.build(captions=["a dog"], output=own)
    shards = folder.with_suffix(".txt"), tmp_path / "own.txt"
    for shard in shards:
        shard.write_text("a dog\n")
        shard.chmod(0o444)
    before = state(folder)
    try:
        result = run(APPEND, folder / "a.wagidx", own, *shards)
    finally:
        shards[0].unlink()
    assert (result.returncode, result.stderr.count("\n")) == (1, 1), result.stderr
    assert "Permission denied" in result.stderr
    assert state(folder) == before
    assert wagidx.open(own).count("dog") == 2
