"""The small parts of the command line."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from wagidx import Progress
from wagidx.cli.conventions import estimate, integer, size, span, table
from wagidx.cli.progress import described
from wagidx.printable import printable

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-c", "from wagidx.cli import main; main(prog_name='wagidx')"]


def on_a_terminal(*arguments: object, **env: str) -> str:
    """What a command prints where stdout is a terminal."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    environment |= {"TERM": "xterm", **env}
    command = [*PROGRAM, *map(str, arguments)]
    subprocess.run(command, stdout=theirs, env=environment, check=True, timeout=60)
    os.close(theirs)
    text = b""
    try:
        while chunk := os.read(ours, 65536):
            text += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def test_a_zero_is_explained_on_a_terminal_only(index: Path) -> None:
    text = on_a_terminal("count", index, "golden retreiver", NO_COLOR="1")
    first, reason = text.splitlines()
    assert first == "golden retreiver  0"
    assert reason == "  'retreiver' is in no caption; near: retriever (2)"


def test_color_obeys_the_terminal_no_color_and_the_flag(index: Path) -> None:
    search = ("search", index, "dog")
    assert "\x1b[" in on_a_terminal(*search)
    assert "\x1b[" not in on_a_terminal(*search, NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(*search, TERM="dumb")
    assert "\x1b[" not in on_a_terminal(*search, "--color", "never")
    assert "\x1b[" in on_a_terminal(*search, "--color", "always", NO_COLOR="1")


def test_numbers_are_readable() -> None:
    assert integer(1234567) == "1,234,567"
    assert [size(n) for n in (0, 1023, 1536, 3 * 2**30)] == ["0 B", "1023 B", "1.5 KiB", "3.0 GiB"]


def test_an_estimate_stands_before_its_interval() -> None:
    assert estimate(0.56, (0.511, 0.6021)) == "0.560 (0.511 to 0.602)"
    assert estimate(34.5678, (-1.5, 70), ".3g") == "34.6 (-1.5 to 70)"
    assert estimate(0.5, None) == "0.500"
    assert estimate(None, None) == "not defined"
    assert span(None) == "-"


def test_wide_letters_take_two_columns() -> None:
    assert list(table([("犬", "1"), ("dog", "10"), ("cafe\u0301", "3")])) == [
        "犬     1",
        "dog   10",
        "cafe\u0301   3",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 犬", "plain é 犬"),
        ("a\x1b[0m\n\tb", r"a\x1b[0m\x0a\x09b"),
        ("right\u202eleft", r"right\xe2\x80\xaeleft"),
        ("name\udcff", r"name\xff"),
        ("\ud800", r"\xed\xa0\x80"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_bytes(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_progress_tells_speed_and_time_left() -> None:
    known = described(Progress("read", 1_000_000, 4_000_000, 2.0))
    assert known == "read 1,000,000 of 4,000,000 captions, 500,000/s, ETA 0:00:06"
    assert described(Progress("read", 0, None, 0.0)) == "read 0 captions, 0/s"
    assert described(Progress("merge", 5, 5, 3725.0)) == "merge: 5 rows, 1:02:05"


@pytest.mark.skipif(
    tuple(int(part) for part in version("click").split(".")[:2]) < (8, 4),
    reason="click before 8.4 lays out help otherwise",
)
def test_the_reference_of_the_commands_is_up_to_date() -> None:
    script = ROOT / "scripts" / "make_cli_docs.py"
    result = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, timeout=60
    )
    assert (result.returncode, result.stderr) == (0, "")
