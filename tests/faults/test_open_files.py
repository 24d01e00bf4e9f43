"""More segments than a process may have files open: they merge all the same."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import wagidx

FILES = 32
PROGRAM = "from wagidx.cli import main; main(prog_name='wagidx')"


def test_more_indexes_merge_than_files_may_be_open(tmp_path: Path) -> None:
    parts = [tmp_path / f"{i}.wagidx" for i in range(2 * FILES)]
    for i, part in enumerate(parts):
        wagidx.build(
            captions=[f"a dog and toy {i}"],
            output=part,
            analyzer="lemma",
            store_captions=True,
            progress=False,
        )
    out = tmp_path / "all.wagidx"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "merge", *parts, "-o", out, "--threads", "1", "-q"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES)),
    )
    assert (done.returncode, done.stderr) == (0, "")
    with wagidx.open(out) as index:
        assert index.count("dog") == len(parts)
        assert index.count("toy 7") == 1
