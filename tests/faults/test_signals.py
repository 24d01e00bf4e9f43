"""Ctrl-C and SIGTERM at any moment: a build ends at once, leaves no index, and can go on.

Whoever started it in a thread of Python's has it stop as well, once the main thread is done.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import wagidx

LIMIT_SECONDS = 20
"""For the whole process to end, on a machine however busy: the build alone takes minutes."""

COMMAND = "from wagidx.building import units; units.UNIT_BYTES = 1 << 20; {}"
CLI = COMMAND.format("from wagidx.cli import main; main(prog_name='wagidx')")
THREAD = COMMAND.format(
    """
import signal, sys, threading, wagidx
def leave(*_):
    raise SystemExit(143)
if sys.argv[3] == "caught":
    signal.signal(signal.SIGTERM, leave)
thread = threading.Thread(target=wagidx.build, args=(sys.argv[1], sys.argv[2]))
thread.start()
thread.join()
"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many files that take far longer than any test waits."""
    folder = tmp_path_factory.mktemp("signals") / "many"
    folder.mkdir()
    for number in range(100):
        lines = (f"a golden retriever {number} in the snow x{row}\n" for row in range(30_000))
        (folder / f"{number:03}.txt").write_text("".join(lines))
    return folder


def interrupted(command: list[str], sent: signal.Signals, output: Path) -> int:
    """Send a signal once some units are finished; the exit code."""
    part = output.with_name(output.name + ".part")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list(part.glob("unit-*.json"))) < 2:
            time.sleep(0.005)
        process.send_signal(sent)
        code = process.wait(LIMIT_SECONDS)
    assert not output.exists()
    finished = list(part.glob("unit-*.json"))
    assert 2 <= len(finished) < 100
    return code


def goes_on(folder: Path, output: Path) -> None:
    """The next run keeps what is finished; it is interrupted in its turn."""
    part = output.with_name(output.name + ".part")
    finished = {path.name: path.stat().st_mtime_ns for path in part.glob("unit-*.json")}
    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("wagidx.building.units.UNIT_BYTES", 1 << 20)
        wagidx.build(folder, output, progress=stop)
    now = {path.name: path.stat().st_mtime_ns for path in part.glob("unit-*.json")}
    assert finished.items() <= now.items()


def stop(progress: wagidx.Progress) -> None:
    assert progress.rows >= 2 * 30_000
    raise KeyboardInterrupt


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_program_ends_with_the_code_of_the_signal(
    folder: Path, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    output = tmp_path / "out.wagidx"
    command = [sys.executable, "-c", CLI, "build", str(folder), "-o", str(output), "-q"]
    assert interrupted(command, sent, output) == code
    goes_on(folder, output)


@pytest.mark.parametrize(
    ("sent", "caught", "code"),
    [
        pytest.param(signal.SIGINT, "", -signal.SIGINT, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, "", -signal.SIGTERM, id="SIGTERM, 143 to a shell"),
        pytest.param(signal.SIGTERM, "caught", 143, id="SIGTERM that the program takes"),
    ],
)
def test_a_build_in_a_thread_ends_with_its_program(
    folder: Path, tmp_path: Path, sent: signal.Signals, caught: str, code: int
) -> None:
    output = tmp_path / "out.wagidx"
    command = [sys.executable, "-c", THREAD, str(folder), str(output), caught]
    assert interrupted(command, sent, output) == code
    goes_on(folder, output)
