"""The command line: `wagidx COMMAND`, one module a command, what they share in `conventions`.

A command reads its arguments, calls the Python API and prints what comes back; it computes nothing
itself. Heavy modules are imported inside the commands, so that `wagidx --help` answers at once.
"""

from wagidx.cli.program import main

__all__ = ["main"]
