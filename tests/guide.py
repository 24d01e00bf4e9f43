"""The blocks of a Markdown document, and what it means to run them.

A fence names how its block is held to account:

=========  =====================================================================================
console    `$ command` lines (`> ` where one goes on), each with what it prints, stdout and
           stderr together
pycon      `>>> expression` lines, each with what it prints
text       a figure, a layout, a help text: nothing to run
sh         cannot run in a test; the line above says why: `<!-- not run: it needs a network -->`
=========  =====================================================================================

In what is printed, `...` stands for the rest of a word or line that varies, and alone on a line for
any number of lines. Runs of blanks are one, since what varies moves the columns of a table.
The blocks of one document run in order in one folder, so that a later one finds what an earlier one
made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NOT_RUN", "Block", "Step", "agrees", "blocks", "steps"]

FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: .+ -->\n\Z")


@dataclass(frozen=True)
class Block:
    """A fenced block: what its fence says, its text, its first line, and what stands before it."""

    kind: str
    text: str
    line: int
    before: str


@dataclass(frozen=True)
class Step:
    """A command and what it prints."""

    command: str
    printed: str


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        yield Block(found[1], found[2], before.count("\n") + 2, before)


def steps(block: Block) -> Iterator[Step]:
    """The commands of a console block; what stands before the first is an error."""
    first, *rest = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert first == "" and rest, f"line {block.line}: a console block begins with '$ '"
    for step in rest:
        command, _, printed = step.partition("\n")
        while printed.startswith("> "):
            more, _, printed = printed.removeprefix("> ").partition("\n")
            command += "\n" + more
        yield Step(command, printed)


def agrees(shown: str, printed: str) -> bool:
    """Whether a document shows what was printed."""
    lines = [_line(line) for line in shown.splitlines()]
    return re.fullmatch("".join(lines), _single_blanks(printed)) is not None


def _line(shown: str) -> str:
    if shown.strip() == "...":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in _single_blanks(shown).split("...")) + r"\n"


def _single_blanks(text: str) -> str:
    return re.sub("[ \t]+", " ", text)
