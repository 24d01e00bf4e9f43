"""`wagidx completion`: a script that lets a shell complete commands, options and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from wagidx.cli.conventions import Console, command_options

__all__ = ["completion"]


@click.command(epilog='Example: eval "$(wagidx completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@command_options
def completion(console: Console, shell: str) -> None:
    """Print the completion script for SHELL; load it from the shell's start-up file."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    program = click.get_current_context().find_root().command
    console.line(kind(program, {}, "wagidx", "_WAGIDX_COMPLETE").source())
