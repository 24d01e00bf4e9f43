"""Sections on anyone's counts: what was counted, and how unequal the counts are."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wagidx.analysis.longtail import long_tail
from wagidx.report.drawing import svg_of
from wagidx.report.numbers import integer, number, percent
from wagidx.report.section import Figure, Section, Table

__all__ = ["Counted", "counts_section", "what_section"]

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
    command : str
        What prints the counts again.
    info : mapping or None
        What `Index.info` says; None for a file of counts.
    skipped : int
        Sources that the index lacks.
    """

    source: str
    names: Sequence[str]
    counts: NDArray[np.float64]
    listed: str = ""
    command: str = ""
    info: Mapping[str, Any] | None = None
    skipped: int = 0


def what_section(counted: Counted) -> Section:
    """The corpus and how it was read."""
    facts = [("Counts of", counted.source), ("Names counted", integer(len(counted.names)))]
    if counted.listed:
        facts.append(("Names from", counted.listed))
    if counted.info is None:
        text = "The counts come from a file; what they were counted in, it does not say."
        return Section("What was counted", (text,), (_facts(facts),))
    info, stats = counted.info, counted.info["stats"]
    analyzer = info["analyzer"]
    facts += [
        ("Captions", integer(stats["captions"])),
        ("Rows, with those that hold no caption", integer(stats["rows"])),
        ("Empty captions", integer(stats["empty"])),
        ("Tokens", integer(stats["tokens"])),
        ("Analyzer", str(analyzer["tier"])),
        ("Case", str(analyzer["case"])),
        ("Readings told apart (noun or not)", "yes" if analyzer["readings"] else "no"),
        ("Sources skipped", integer(counted.skipped)),
        ("Written by wagidx", str(info["library"])),
    ]
    text = (
        "A count is the number of captions that hold a concept: all its words, in any order, each "
        "as the analyzer reads it. Captions are not freed of duplicates."
    )
    command = shlex.join(["wagidx", "info", counted.source])
    return Section("What was counted", (text,), (_facts(facts),), command=command)


def _facts(facts: Sequence[tuple[str, str]]) -> Table:
    return Table("The corpus", ("What", "Value"), tuple(facts), numbers_from=2)


def counts_section(counted: Counted) -> Section:
    """How unequal the counts are, the most frequent names, and those that occur nowhere."""
    tail = long_tail(counted.counts)
    rows = (
        ("Names", integer(tail.n)),
        ("Share with a count of 0", percent(tail.zero_share)),
        ("Median count, captions", number(tail.median)),
        ("Largest count, captions", integer(tail.max)),
        ("Sum of counts, captions", integer(tail.sum)),
        ("Gini coefficient, zeros in", number(tail.gini)),
        ("Share of the sum in the top 1 % of names", percent(tail.top1pct_mass)),
        ("Share of the sum in the top 10 % of names", percent(tail.top10pct_mass)),
    )
    decades = tuple((f"at most {10**k:,}", percent(share)) for k, share in tail.frac_le.items())
    order = np.argsort(-counted.counts, kind="stable")
    most = tuple((counted.names[i], integer(counted.counts[i])) for i in order[:SHOWN])
    zero = [counted.names[i] for i in order if counted.counts[i] == 0]
    text = [
        "The names were chosen by somebody. They are no sample of a vocabulary, and nothing here "
        "is an estimate of one, so there are no intervals.",
    ]
    if zero:
        more = ", …" if len(zero) > SHOWN else ""
        text.append(f"In no caption ({integer(len(zero))}): {', '.join(zero[:SHOWN])}{more}")
    return Section(
        title="How often the concepts occur",
        text=tuple(text),
        tables=(
            Table("All counts together", ("What", "Value"), rows),
            Table("Share of names by count", ("Captions", "Names"), decades),
            Table(f"The {len(most)} most frequent names", ("Name", "Captions"), most),
        ),
        figures=(_by_rank(counted.counts[order]),) if tail.max else (),
        command=counted.command,
    )


def _by_rank(counts: NDArray[np.float64]) -> Figure:
    held = counts[counts > 0]

    def draw(axes: Any) -> None:
        axes.plot(np.arange(1, len(held) + 1), held, color="#0072B2", rasterized=len(held) > 9999)
        axes.set(xscale="log", yscale="log", xlabel="rank of the name", ylabel="captions")

    said = f"{len(held):,} names that occur, from {held[0]:,.0f} captions to {held[-1]:,.0f}"
    return Figure(
        caption="Captions that hold a name, by the name's rank; both axes logarithmic. Names with "
        "a count of 0 have no place on it.",
        alternative=f"A falling curve of {said}.",
        svg=svg_of(draw),
    )
