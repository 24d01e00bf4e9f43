"""A panic in Rust is one error of this library, wherever it happens, and ends no process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Literal, get_args

import pytest
from wagidx import WagidxError, _native

Place = Literal["attached", "detached", "thread"]


@pytest.mark.parametrize("place", get_args(Place))
def test_a_panic_is_an_internal_error_and_prints_nothing(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        with pytest.raises(WagidxError, match=f"^internal error: provoked, {place}; please report"):
            _native.provoke_panic(place)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("debug", [False, True])
def test_a_command_that_panics_is_one_line_and_exit_1(debug: bool) -> None:
    code = (
        "import wagidx._native as native, wagidx.asking.index as index\n"
        "index.open = lambda *_, **__: native.provoke_panic('thread')\n"
        "import wagidx; wagidx.open = index.open\n"
        "from wagidx.cli import main; main(prog_name='wagidx')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "count", "x.wagidx", "dog"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"WAGIDX_DEBUG": "1" if debug else "0"},
    )
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert "internal error: provoked, thread" in lines[-1]
    assert (len(lines) > 1) == debug
