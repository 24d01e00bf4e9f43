"""What `--json` prints is what was recorded, and docs/json.md describes all of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from record_json import COMMANDS, RECORDED, lost, paths
from wagidx.cli import main

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
TITLES = {"build-dry-run": "build --dry-run", "append": "build", "merge": "build"}
"""Sections of the document whose title is not the record's first word."""

IS: dict[str, Callable[[Any], bool]] = {
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) is float,
    "text": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, dict),
    "list of numbers or null": lambda value: (
        value is None or all(type(item) is float for item in value)
    ),
    "list of text": lambda value: all(isinstance(item, str) for item in value),
    "list of numbers": lambda value: (
        isinstance(value, list) and {type(item) for item in value} <= {int, float, type(None)}
    ),
    "list of objects": lambda value: all(isinstance(item, dict) for item in value),
    "list of pairs": lambda value: all(len(item) == 2 for item in value),
}


def described() -> dict[str, dict[str, str]]:
    """For each section of docs/json.md, its keys and their types."""
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    return {section.partition("\n")[0]: dict(ROW.findall(section)) for section in sections}


def section_of(record: str) -> str:
    """The title of the section that describes a record."""
    for start, title in TITLES.items():
        if record.startswith(start):
            return title
    return record.partition("-")[0]


def values(value: Any, path: str) -> Iterator[Any]:
    """The values at a way such as `counts[].concept` or `panels{}.task`; none in what is empty."""
    if not value:
        return
    step, _, rest = path.partition(".")
    name, *inside = re.split(r"(?=\[\]|\{\})", step)
    items = [value[name]]
    for kind in inside:
        held = [item for item in items if item is not None]
        items = [one for item in held for one in (item if kind == "[]" else item.values())]
    for item in items:
        if rest:
            yield from values(item, rest)
        else:
            yield item


def recorded(record: str) -> Any:
    return json.loads((RECORDED / f"{record}.json").read_text(encoding="utf-8"))


def test_commands_print_what_was_recorded() -> None:
    script = ROOT / "scripts" / "record_json.py"
    command = [sys.executable, str(script), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stderr) == (0, "")


def test_every_command_with_json_is_recorded() -> None:
    with_json = {
        name
        for name, command in main.commands.items()
        if any("--json" in option.opts for option in command.params)
    }
    assert {line.split()[0] for line in COMMANDS.values()} == with_json
    assert {path.stem for path in RECORDED.glob("*.json")} == set(COMMANDS)


@pytest.mark.parametrize("title", sorted({section_of(record) for record in COMMANDS}))
def test_the_document_lists_the_keys_printed_and_no_others(title: str) -> None:
    printed = set()
    for record in COMMANDS:
        if section_of(record) == title:
            printed |= set(paths(recorded(record)))
    assert set(described()[title]) == printed


@pytest.mark.parametrize("record", sorted(COMMANDS))
def test_values_have_the_types_the_document_says(record: str) -> None:
    found = recorded(record)
    for path, said in described()[section_of(record)].items():
        kinds = [IS[said]] if said in IS else [IS[kind] for kind in said.split(" or ")]
        for value in values(found, path):
            assert any(kind(value) for kind in kinds), (path, said, value)


def test_a_lost_key_is_noticed() -> None:
    before = '{"counts": [{"concept": "dog", "count": 1}], "docs": null}'
    assert lost(before, '{"counts": [{"concept": "dog"}], "docs": 2}') == {"counts[].count"}
    assert lost(before, before) == set()
