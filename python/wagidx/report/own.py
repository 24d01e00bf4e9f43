"""A report on anyone's index or counts: its sections, and what they are made of."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wagidx.concepts import load_concepts
from wagidx.fit import fit
from wagidx.fitting.frequencies import read_frequencies
from wagidx.fitting.performance import read_performance
from wagidx.index import open as open_index
from wagidx.report.corpus import Counted, counts_section, what_section
from wagidx.report.fit import fit_sections
from wagidx.report.page import page
from wagidx.report.section import Section

__all__ = ["of_file", "of_index", "own_page", "own_sections"]

LIMITS = (
    "A count is what a search found, not what the pictures show: a caption can name what is not on "
    "its image, and leave out what is. A count of 0 can mean that a concept is written in another "
    "way; 'wagidx explain' says how a name was read.",
    "The concepts are those of the list. How others behave, these numbers do not say. Where scores "
    "were fitted, frequent concepts may differ from rare ones in more than their frequency.",
)


def of_file(path: Path) -> Counted:
    """Counts from a file, as `wagidx.fit` reads them."""
    found = read_frequencies(path)
    counts = np.array(list(found.exact.values()), np.float64)
    return Counted(str(path), list(found.exact), counts, command=_again(path))


def of_index(path: Path, listed: str | None, performance: Sequence[Path]) -> Counted:
    """Counts of an index: of the concepts of a list, else of those with a score, else its terms."""
    with open_index(path) as index:
        if listed is not None:
            asked = load_concepts(listed)
            names, counts = list(asked.names), index.counts(asked)
        elif performance:
            names = list(dict.fromkeys(read_performance(list(performance)).concept))
            counts = index.counts(names)
        else:
            terms = list(index.terms.items_from(""))
            names, counts = [name for name, _ in terms], np.array([n for _, n in terms])
        return Counted(
            source=str(path),
            names=names,
            counts=counts.astype(np.float64),
            listed=listed or ", ".join(map(str, performance)),
            command=_again(path, listed, performance),
            info=index.info,
            skipped=len(index.skipped),
        )


def _again(path: Path, listed: str | None = None, performance: Sequence[Path] = ()) -> str:
    """The command that gives the counts again."""
    if listed is not None:
        return shlex.join(["wagidx", "count", str(path), "--concepts", listed])
    scores = [word for one in performance for word in ("--performance", str(one))]
    return shlex.join(["wagidx", "report", str(path), *scores, "-o", "FILE.html"])


def own_sections(
    counted: Counted, performance: Sequence[Path], *, model: str | None = None, command: str = ""
) -> list[Section]:
    """What was counted, how unequal the counts are, the fit where there are scores, and limits."""
    sections = [what_section(counted), counts_section(counted)]
    # A section on the counts under other rules goes here.
    if performance:
        # A name that a list repeats is one concept; with another count it is refused by the fit.
        pairs = dict.fromkeys(zip(counted.names, counted.counts.tolist()))
        records = [{"concept": name, "count": count} for name, count in pairs]
        result = fit(records, list(performance), model=model)
        sections += fit_sections(result, command=command)
    return [*sections, Section("What these numbers cannot say", LIMITS)]


def own_page(counted: Counted, sections: Sequence[Section]) -> str:
    """The report as one HTML file."""
    lead = (
        "How often concepts occur in the captions of a corpus. Every number is computed from the "
        "counts when this file is made, and the command under a section makes it again.",
    )
    return page(f"Concept frequencies: {counted.source}", lead, sections)
