"""What the installed program does not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pandas", reason="pandas is not installed")
SCRIPT = Path(sys.executable).parent / "wagidx"


def imported(folder: Path, *arguments: str) -> set[str]:
    """Names of the modules that a command imports, or tries to."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", str(SCRIPT), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-300:]
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def test_no_command_loads_pandas(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text('caption,key,n\n"a dog",007,1\n"two cats",008,2\n')
    (tmp_path / "l.csv").write_text("concept\ndog\ncat\n")
    for arguments in (
        ["build", "c.csv", "-o", "x.wagidx", "--filter", "n>=1", "--store-captions"],
        ["count", "x.wagidx", "--concepts", "l.csv", "-o", "counts.parquet"],
        ["count", "x.wagidx", "--concepts", "counts.parquet"],
        ["search", "x.wagidx", "dog"],
        ["balance", "x.wagidx", "--concepts", "l.csv", "-o", "keep.parquet"],
    ):
        found = imported(tmp_path, *arguments)
        assert "pyarrow" in found
        assert not {name for name in found if name.startswith("pandas.")}, arguments
