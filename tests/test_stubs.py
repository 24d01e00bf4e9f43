"""The stub of the compiled module is checked against the module itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_stub_is_that_of_the_module() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "wagidx._native", "--concise"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_types_reach_a_type_checker_of_the_users(tmp_path: Path) -> None:
    script = tmp_path / "asks.py"
    script.write_text("import wagidx\nreveal_type(wagidx.open('x').count('dog'))\n")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(script)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert '"builtins.int"' in run.stdout or '"int"' in run.stdout
