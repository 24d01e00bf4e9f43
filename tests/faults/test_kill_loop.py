"""kill -9 at random, again and again: an index that was there answers, and the next run finishes.

The child says which phase it enters, so that the loop knows what each kill hit and goes on until
every phase was hit often enough. Half of the kills come at any moment; the others at a random
moment of the phase that was hit least, for publishing takes a small part of the time that reading
takes.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import wagidx
from wagidx.building import units

SHARDS, ROWS = 6, 15_000
ENOUGH = 3
MOST_KILLS = 400
PHASES = ["read", "spill", "merge", "publish"]
COMMANDS = ["build", "replace", "append", "merge"]

CHILD = """
import json, os, sys
import wagidx
from wagidx import _native
from wagidx.building import part, unit_reader, units

units.UNIT_BYTES = 1
pipe, work = int(sys.argv[1]), json.loads(sys.argv[2])

def saying(phase, function):
    def spoken(*args, **kwargs):
        os.write(pipe, phase.encode() + b" ")
        return function(*args, **kwargs)
    return spoken

class Builder:
    def __init__(self, *args):
        inner = Native(*args)
        self.push, self.finish = inner.push, saying("spill", inner.finish)

Native, _native.UnitBuilder = _native.UnitBuilder, Builder
reader = unit_reader.UnitReader
reader.read = saying("read", reader.read)
_native.merge_runs = saying("merge", _native.merge_runs)
part.Part.seal = saying("publish", part.Part.seal)
getattr(wagidx, work["call"])(*work["args"], **work["options"])
os.write(pipe, b"done ")
"""


def phases_of(command: str) -> list[str]:
    """A merge of indexes reads no source."""
    return PHASES[2:] if command == "merge" else PHASES


@dataclass
class Case:
    """A command, where it works, and what must come of it."""

    name: str
    folder: Path
    call: str
    args: list[object]
    options: dict[str, object]
    index: Path
    old: int
    """Dogs in the index that is there before; 0 for none."""
    expected: dict[str, bytes]

    def run(self) -> None:
        """To the end, in this process."""
        getattr(wagidx, self.call)(*self.args, **self.options)


@dataclass
class Tally:
    """What the kills hit."""

    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    kills: int = 0

    def of_phase(self, phase: str) -> int:
        if phase == "append":
            return sum(n for (command, _), n in self.hits.items() if command == "append")
        return sum(n for (_, hit), n in self.hits.items() if hit == phase)

    def enough(self) -> bool:
        often = all(self.of_phase(phase) >= ENOUGH for phase in (*PHASES, "append"))
        return often and all(self.hits[c, p] for c in COMMANDS for p in phases_of(c))

    def table(self) -> str:
        lines = [f"{'':8}" + "".join(f"{phase:>9}" for phase in PHASES)]
        for command in COMMANDS:
            counts = "".join(f"{self.hits[command, phase]:9}" for phase in PHASES)
            lines.append(f"{command:8}{counts}")
        return "\n".join([*lines, f"{self.kills} kills"])


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


class Workshop:
    """Shards, indexes to begin with, and what each command ends in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shards = [str(folder / f"{number}.txt") for number in range(SHARDS)]
        for number, shard in enumerate(self.shards):
            lines = (f"dog {number} x{row} y{row * 7}z{number}\n" for row in range(ROWS))
            Path(shard).write_text("".join(lines))
        half = SHARDS // 2
        wagidx.build(self.shards[:half], folder / "first")
        wagidx.build(self.shards[half:], folder / "second")
        wagidx.build(self.shards, folder / "all")
        shutil.copytree(folder / "first", folder / "grown")
        wagidx.append(folder / "grown", self.shards[half:])

    def case(self, command: str, number: int) -> Case:
        folder = self.folder / f"case-{number}"
        folder.mkdir()
        index, half = folder / "index", SHARDS // 2
        if command != "build":
            shutil.copytree(self.folder / "first", index)
        first, second = str(index), str(self.folder / "second")
        calls: dict[str, tuple[str, list[object], dict[str, object]]] = {
            "build": ("build", [self.shards, first], {"threads": 1}),
            "replace": ("build", [self.shards, first], {"threads": 1, "resume": False}),
            "append": ("append", [first, self.shards[half:]], {"threads": 1}),
            "merge": ("merge", [[first, second], first], {"threads": 1, "fresh": True}),
        }
        call, args, options = calls[command]
        ends_as = contents(self.folder / ("grown" if command == "append" else "all"))
        old = 0 if command == "build" else half * ROWS
        return Case(command, folder, call, args, options, index, old, ends_as)


def kill(case: Case, tally: Tally, chance: random.Random, phase: str | None) -> bool:
    """Run a case and kill it: in a phase, or at any moment. False where it ended before."""
    reading, writing = os.pipe()
    work = {"call": case.call, "args": case.args, "options": case.options}
    command = [sys.executable, "-c", CHILD, str(writing), json.dumps(work)]
    child = subprocess.Popen(command, pass_fds=[writing])
    os.close(writing)
    said: list[str] = []
    entered = time.monotonic()
    deadline: float | None = None
    while True:
        wait = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not select.select([reading], [], [], wait)[0]:
            break
        words = os.read(reading, 4096).decode().split()
        if not words:
            break
        now = time.monotonic()
        if said:
            longest = tally.seconds[case.name, said[-1]]
            tally.seconds[case.name, said[-1]] = max(longest, now - entered)
        said, entered = said + words, now
        if deadline is None and (phase is None or phase in words):
            known = tally.seconds[case.name, phase] if phase else 1.0
            deadline = now + chance.random() * (known or 0.05)
    child.send_signal(signal.SIGKILL)
    code = child.wait()
    os.close(reading)
    if code != -signal.SIGKILL or not said or said[-1] == "done":
        assert code in (0, -signal.SIGKILL), code
        return False
    tally.hits[case.name, said[-1]] += 1
    tally.kills += 1
    return True


def old_or_new_answers(case: Case) -> bool:
    """Whether the result has appeared; what is there is whole in either case."""
    if not case.index.exists():
        assert not case.old
        return False
    with wagidx.open(case.index) as index:
        index.verify(deep=True)
        assert index.count("dog") in {case.old or SHARDS * ROWS, SHARDS * ROWS}
        return bool(index.count("dog") == SHARDS * ROWS)


def finish(case: Case) -> None:
    """The same command again, to the end, however often it was killed."""
    if not old_or_new_answers(case) or case.name == "append":
        try:
            case.run()
        except wagidx.SourceError as error:
            # Killed as its last act, with all done and cleared away.
            assert case.name == "append" and "already in the index" in str(error)
    assert contents(case.index) == case.expected


@pytest.mark.slow
def test_killed_at_random_whatever_writes_is_finished_by_its_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "UNIT_BYTES", 1)
    seed = int(os.environ.get("WAGIDX_SEED", "0")) or time.time_ns()
    chance, tally = random.Random(seed), Tally()
    workshop = Workshop(tmp_path)
    number = 0
    while not tally.enough() and tally.kills < MOST_KILLS:
        command = COMMANDS[number % len(COMMANDS)]
        case = workshop.case(command, number)
        for _ in range(chance.randint(1, 3)):
            hits = {phase: tally.hits[command, phase] for phase in phases_of(command)}
            rarest = min(hits, key=lambda phase: (hits[phase], chance.random()))
            if not kill(case, tally, chance, chance.choice([None, rarest])):
                break
            if old_or_new_answers(case):
                break
        finish(case)
        shutil.rmtree(case.folder)
        number += 1
    print(f"\nseed {seed}\n{tally.table()}")
    assert tally.enough()
