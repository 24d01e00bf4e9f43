"""Sections on anyone's counts: what was counted, and which names are frequent."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wagidx.report.numbers import integer
from wagidx.report.section import Section, Table

__all__ = ["Counted", "names_section", "what_section"]

SHOWN = 25
"""Concepts named at either end."""


@dataclass(frozen=True)
class Counted:
    """Counts of names, and what they were counted in.

    Attributes
    ----------
    source : str
        The index or the file of counts, as it was named.
    names : sequence of str
        Concepts, or terms where no concepts were asked for.
    counts : numpy.ndarray of float64, shape (len(names),)
        Captions that hold each.
    listed : str
        Where the names are from, as it was named; empty for all there are.
    concepts_file : str
        What a command takes as their list, where there is such a file.
    command : str
        What prints the counts again.
    asked : str
        How an index was asked where that is not its default way, as options.
    info : mapping or None
        What `Index.info` says; None for a file of counts.
    skipped : int
        Sources that the index lacks.
    """

    source: str
    names: Sequence[str]
    counts: NDArray[np.float64]
    listed: str = ""
    concepts_file: str = ""
    command: str = ""
    asked: str = ""
    info: Mapping[str, Any] | None = None
    skipped: int = 0


def what_section(counted: Counted) -> Section:
    """The corpus and how it was read."""
    facts = [("Counts of", counted.source), ("Names counted", integer(len(counted.names)))]
    if counted.listed:
        facts.append(("Names from", counted.listed))
    if counted.asked:
        facts.append(("Query options", counted.asked))
    if counted.info is None:
        text = "The counts come from a file that does not say what they were counted in."
        return Section("What was counted", (text,), (_facts(facts),))
    info, stats = counted.info, counted.info["stats"]
    analyzer = info["analyzer"]
    facts += [
        ("Captions", integer(stats["captions"])),
        ("Rows, including those without a caption", integer(stats["rows"])),
        ("Empty captions", integer(stats["empty"])),
        ("Tokens", integer(stats["tokens"])),
        ("Analyzer", str(analyzer["tier"])),
        ("Case", str(analyzer["case"])),
        ("Nouns distinguished from other words", "yes" if analyzer["readings"] else "no"),
        ("Sources skipped", integer(counted.skipped)),
        ("Written by wagidx", str(info["library"])),
    ]
    text = (
        "A count is the number of captions that contain a concept: all its words, in any order, as "
        "normalised by the analyzer. Captions are not deduplicated."
    )
    command = shlex.join(["wagidx", "info", counted.source])
    return Section("What was counted", (text,), (_facts(facts),), command=command)


def _facts(facts: Sequence[tuple[str, str]]) -> Table:
    return Table("The corpus", ("What", "Value"), tuple(facts), numbers_from=2)


def names_section(counted: Counted) -> Section:
    """The most frequent names, and those that occur nowhere."""
    order = np.argsort(-counted.counts, kind="stable")
    most = tuple((counted.names[i], integer(counted.counts[i])) for i in order[:SHOWN])
    zero = [counted.names[i] for i in order if counted.counts[i] == 0]
    text = []
    if zero:
        more = ", …" if len(zero) > SHOWN else ""
        text.append(f"In no caption ({integer(len(zero))}): {', '.join(zero[:SHOWN])}{more}")
    return Section(
        title="How often the concepts occur",
        text=tuple(text),
        tables=(Table(f"The {len(most)} most frequent names", ("Name", "Captions"), most),),
        command=counted.command,
    )
