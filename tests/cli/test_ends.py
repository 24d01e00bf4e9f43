"""How a run ends: exit codes, one line of error, closed pipes, full disks, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FULL = Path("/dev/full")
COMMANDS = [
    *("build", "append", "merge", "verify", "info"),
    *("count", "explain", "search", "top", "demo", "completion"),
    *("cooccur", "balance", "distil", "rules"),
    *("tail", "correlate", "fit", "reproduce", "report"),
]


def one_line_error(result: Any) -> str:
    """The error of a run, which must be all it wrote to stderr and in one line."""
    assert result.stdout == ""
    assert result.stderr.startswith("wagidx: error: ")
    assert result.stderr.count("\n") == 1
    return str(result.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_the_common_options(
    run: Run, command: str
) -> None:
    result = run(command, "--help")
    assert result.returncode == 0
    assert f"Example: wagidx {command}" in result.stdout or "$(wagidx" in result.stdout
    for option in ("-q, --quiet", "-v, --verbose", "--color", "--version"):
        assert option in result.stdout


def test_version(run: Run) -> None:
    import wagidx

    for arguments in (["--version"], ["count", "--version"]):
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (0, f"wagidx {wagidx.__version__}\n")


def test_no_command_shows_the_help_and_is_wrong_usage(run: Run) -> None:
    result = run()
    assert (result.returncode, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["count"],
        ["count", "INDEX"],
        ["count", "INDEX", "dog", "--no-such-flag"],
        ["count", "INDEX", "dog", "--missing", "some"],
        ["count", "INDEX", "dog", "--json", "--format", "csv"],
        ["count", "INDEX", "dog", "--format", "parquet"],
        ["count", "INDEX", "dog", "--pos", "verb"],
        ["build", "INDEX", "-o", "x", "--analyzer", "nouns"],
        ["build", "INDEX", "-o", "x", "--analyzer", "lemma", "--tagger", "x.wagtag"],
        ["count", "INDEX", "dog", "-q", "-v"],
        ["count", "INDEX", "dog", "-o", ""],
        ["count", "INDEX", "dog", "-o", "-"],
        ["build", "INDEX", "-o", ""],
        ["build", "INDEX", "-o", "s3://bucket/x"],
        ["build", "INDEX", "-o", ".", "--fresh"],
        ["merge", "INDEX", "-o", "s3://bucket/x"],
        ["search", "INDEX", "dog", "--limit", "-1"],
        ["build", "INDEX"],
        ["build", "INDEX", "-o", "INDEX"],
        ["append", "INDEX"],
        ["merge", "INDEX"],
        ["merge", "INDEX", "-o", "INDEX"],
        ["completion", "tcsh"],
        ["rules", "INDEX", "dog", "--seed", "-1"],
        ["tail", "INDEX", "--draws", "0"],
        ["correlate", "INDEX", "INDEX", "--draws", "some"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(run: Run, index: Path, arguments: list[str]) -> None:
    result = run(*(index if word == "INDEX" else word for word in arguments))
    one_line_error(result)
    assert result.returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["count", "not-there", "dog"],
        ["count", "INDEX", "dog", "--docs", "not-there"],
        ["build", "INDEX", "-o", "OUTPUT"],
        ["build", "", "-o", "OUTPUT"],
        ["info", "not-there"],
        ["verify", "not-there"],
        ["count", "INDEX", ""],
        ["count", "INDEX", "dog", "--concepts", "not-there.txt"],
        ["build", "not-there.parquet", "-o", "OUTPUT"],
        ["build", "not-there.parquet", "--dry-run"],
        ["append", "not-there", "not-there.parquet"],
        ["append", "INDEX", "not-there.parquet"],
        ["merge", "INDEX", "INDEX", "not-there", "-o", "OUTPUT"],
    ],
)
def test_failed_data_is_one_line_and_exit_1(
    run: Run, index: Path, tmp_path: Path, arguments: list[str]
) -> None:
    known = {"INDEX": index, "OUTPUT": tmp_path / "new.wagidx"}
    result = run(*(known.get(word, word) for word in arguments), cwd=tmp_path)
    one_line_error(result)
    assert result.returncode == 1


def test_a_flipped_byte_is_exit_1_and_names_the_file(run: Run, index: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.wagidx"
    copy.mkdir()
    for file in index.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    assert run("verify", copy, "--deep").returncode == 0
    segment = next(copy.glob("segment-*"))
    damaged = bytearray(segment.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    segment.write_bytes(damaged)
    result = run("verify", copy)
    assert segment.name in one_line_error(result)
    assert result.returncode == 1


def test_a_traceback_shows_only_when_asked_for(run: Run) -> None:
    plain = run("info", "not-there")
    debug = run("info", "not-there", env={"WAGIDX_DEBUG": "1"})
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr
    assert plain.returncode == debug.returncode == 1


@pytest.mark.parametrize("arguments", [["top", "INDEX"], ["--help"], ["count", "--version"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_ends_quietly(
    run: Run, index: Path, arguments: list[str], unbuffered: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [index if word == "INDEX" else word for word in arguments]
    result = run(*words, stdout=writing, env={"PYTHONUNBUFFERED": unbuffered})
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["top", "INDEX"], ["count", "INDEX", "dog", "--json"]])
def test_a_full_stdout_is_one_line_and_exit_1(run: Run, index: Path, arguments: list[str]) -> None:
    with FULL.open("w") as full:
        result = run(*(index if word == "INDEX" else word for word in arguments), stdout=full)
    assert result.returncode == 1
    assert result.stderr == "wagidx: error: stdout: No space left on device\n"


@pytest.mark.parametrize("arguments", [["top", "INDEX"], ["--help"], ["count", "INDEX"]])
def test_a_closed_stdout_is_one_line_and_exit_1(
    run: Run, index: Path, arguments: list[str]
) -> None:
    words = [index if word == "INDEX" else word for word in arguments]
    result = run(*words, stdout=None, preexec_fn=lambda: os.close(1))
    said = "wagidx: error: stdout is closed; point it at a file or /dev/null\n"
    assert (result.returncode, result.stderr) == (1, said)


ENDLESS = """
import time, wagidx
from wagidx.cli import main
def endless():
    print("begun", flush=True)
    while True:
        time.sleep(0.01)
class Finalised:
    def __del__(self):
        endless()
def caught():
    try:
        endless()
    except BaseException as error:
        raise RuntimeError("the library cannot be loaded") from error
def finalised():
    Finalised()
    while True:
        time.sleep(0.01)
wagidx.open = lambda *args, **kwargs: {}()
main(["info", "x"], prog_name="wagidx")
"""


@pytest.mark.parametrize("where", ["endless", "caught", "finalised"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_without_a_word(sent: signal.Signals, code: int, where: str) -> None:
    command = [sys.executable, "-c", ENDLESS.format(where)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "begun\n"
        process.send_signal(sent)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert errors.strip() == ""


WAITS = "import time; print('waiting', flush=True); time.sleep(60)"
AT_THE_END = f"import atexit; atexit.register(exec, {WAITS!r}, {{}})"


@pytest.mark.parametrize(
    ("file", "text", "arguments"),
    [
        pytest.param("click.py", WAITS, ["--help"], id="before the commands are there"),
        pytest.param("numpy.py", WAITS, ["count", "x", "dog"], id="while a command loads"),
        pytest.param("sitecustomize.py", AT_THE_END, ["--version"], id="after a command has ended"),
    ],
)
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_from_its_first_module_to_its_last(
    tmp_path: Path, file: str, text: str, arguments: list[str], sent: signal.Signals
) -> None:
    (tmp_path / file).write_text(text)
    process = subprocess.Popen(
        [sys.executable, "-m", "wagidx", *arguments],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        while process.stdout.readline() != "waiting\n":
            assert process.poll() is None
        process.send_signal(sent)
        _, errors = process.communicate(timeout=20)
    ends = {signal.SIGINT: [130], signal.SIGTERM: [143, -signal.SIGTERM]}  # the same to a shell
    assert process.returncode in ends[sent]
    assert errors.strip() == ""


def test_an_interrupted_build_leaves_no_index(tmp_path: Path) -> None:
    source, output = tmp_path / "many.txt", tmp_path / "out.wagidx"
    source.write_text("a golden retriever in the snow with a ball and a stick\n" * 3_000_000)
    code = "from wagidx.cli import main; main(prog_name='wagidx')"
    command = [sys.executable, "-c", code, "build", str(source), "-o", str(output), "-q"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert not output.exists()
