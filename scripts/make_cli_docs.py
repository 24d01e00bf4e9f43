"""Write docs/cli.md from the commands themselves: `python scripts/make_cli_docs.py [--check]`.

`--check` writes nothing and fails where the file is not what the commands say.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from wagidx.cli import main

TARGET = Path(__file__).parent.parent / "docs" / "cli.md"
WIDTH = 96
HEAD = """# The command line

Written by `scripts/make_cli_docs.py`; change the commands in `python/wagidx/cli/`.

Results go to stdout, notes and progress to stderr. Exit codes: 0 on success, 1 on failure, 2 on
wrong usage, 130 on Ctrl-C, 143 on SIGTERM. An error is one line on stderr; `WAGIDX_DEBUG=1` adds
the traceback. The JSON output is described in [json.md](json.md).
"""


def helps() -> Iterator[str]:
    """Each command's help as a section, in the order of `wagidx --help`."""
    settings: dict[str, Any] = {"terminal_width": WIDTH, "max_content_width": WIDTH, "color": False}
    with click.Context(main, info_name="wagidx", **settings) as root:
        yield section("wagidx", main.get_help(root))
        for name in main.list_commands(root):
            command = main.commands[name]
            with click.Context(command, parent=root, info_name=name, **settings) as context:
                yield section(f"wagidx {name}", command.get_help(context))


def section(title: str, text: str) -> str:
    """A heading and the help as a terminal shows it."""
    return f"## {title}\n\n```text\n{text.rstrip()}\n```\n"


def run(arguments: list[str]) -> int:
    """Write or check; returns the exit code."""
    os.environ["COLUMNS"] = str(WIDTH)
    whole = "\n".join([HEAD, *helps()])
    if arguments == ["--check"]:
        same = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == whole
        if not same:
            print(f"{TARGET.name} is out of date: run scripts/make_cli_docs.py", file=sys.stderr)
        return 0 if same else 1
    if arguments:
        print("usage: make_cli_docs.py [--check]", file=sys.stderr)
        return 2
    TARGET.write_text(whole, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
