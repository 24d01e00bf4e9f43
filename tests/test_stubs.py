"""The stub of the compiled module is checked against the module itself."""

from __future__ import annotations

import subprocess
import sys


def test_the_stub_is_that_of_the_module() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "wagidx._native", "--concise"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
