"""An index over a few captions, and the program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import wagidx

CAPTIONS = [
    "a golden retriever",
    "two golden retrievers at play",
    "a golden ring",
    None,
    "",
    "a snow leopard \x1b[31m \x07",
    "the dog and the leopard",
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "small.wagidx"
    wagidx.build(captions=CAPTIONS, output=path, store_captions=True)
    return path


@pytest.fixture(scope="session")
def run() -> Run:
    """Run `wagidx ...` in a process; returns what it printed and its exit code."""

    def program(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "WAGIDX_DEBUG")}
        environment |= options.pop("env", {})  # type: ignore[call-overload]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [*PROGRAM, *map(str, arguments)], text=True, env=environment, timeout=120, **options
        )

    return program


PROGRAM = [sys.executable, "-c", "from wagidx.cli import main; main(prog_name='wagidx')"]
