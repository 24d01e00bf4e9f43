"""The command line: `wagidx COMMAND`, one module a command, what they share in `conventions`.

A command reads its arguments, calls the Python API and prints what comes back; it computes nothing
itself. What only one command needs is imported inside it.
"""

from wagidx.cli.program import main, run

__all__ = ["main", "run"]
