"""A report on anyone's index or counts: its sections, in their order."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wagidx.fitting.fit import fit
from wagidx.insights.tail import tail
from wagidx.report.corpus import Counted, names_section, what_section
from wagidx.report.fit import fit_sections
from wagidx.report.page import page
from wagidx.report.rules import rules_section
from wagidx.report.section import Section
from wagidx.report.tail import tail_section
from wagidx.rules import RuleCounts

__all__ = ["Scores", "own_page", "own_sections"]

COUNTS = "counts.csv"
"""What the command under a fit calls the counts of an index."""

REFITS = 50
"""Resamples for which the power law is refitted: they take most of a report's time."""
LIMITS = (
    "A count is what the search found, not what the images show: a caption can name what its image "
    "does not show, and omit what it does. A count of 0 can mean that a concept is spelled "
    "differently; 'wagidx explain' shows how a name was parsed.",
    "The numbers apply only to the concepts that were counted. If scores were fitted, frequent "
    "concepts may differ from rare ones in more than frequency.",
)


@dataclass(frozen=True)
class Scores:
    """What to fit to the counts, and how."""

    files: Sequence[Path]
    keywords: Mapping[str, Any]
    """Of `wagidx.fit`."""
    options: Sequence[str]
    """The same as `wagidx fit` takes them, without those left at their default."""


def own_sections(
    counted: Counted, rules: RuleCounts | None = None, scores: Scores | None = None
) -> list[Section]:
    """What was counted, how unequal the counts are, other rules, the fit, and limits.

    Parameters
    ----------
    counted : Counted
    rules : RuleCounts, optional
        The same concepts under the rules of the study's code, where an index was asked.
    scores : Scores, optional
        What to fit to the counts; none, no fit.
    """
    # A list may repeat a name; as one concept it has one count.
    counts = dict(zip(counted.names, counted.counts.tolist()))
    sections = [what_section(counted), names_section(counted), _tail(counted, counts)]
    if rules is not None:
        sections.append(rules_section(rules, concepts_file=counted.concepts_file))
    if scores is not None:
        records = [{"concept": name, "count": count} for name, count in counts.items()]
        result = fit(records, list(scores.files), **scores.keywords)
        sections += fit_sections(result, command=_fit_command(counted, scores))
    return [*sections, Section("What these numbers cannot say", LIMITS)]


def _tail(counted: Counted, counts: dict[str, float]) -> Section:
    found = tail(counts, source=counted.source, refits=REFITS)
    asked = ["--concepts", counted.concepts_file or "FILE"] if counted.listed else []
    command = ["wagidx", "tail", counted.source, *asked, *shlex.split(counted.asked)]
    again = shlex.join([*command, "--refits", str(REFITS)])
    every_term = counted.info is not None and not counted.listed
    return tail_section(found, command=again, every_term=every_term)


def _fit_command(counted: Counted, scores: Scores) -> str:
    """The commands that make the fit again; counts of an index are a file first."""
    files = [word for path in scores.files for word in ("--performance", str(path))]
    if counted.info is None:  # no command picks a list's counts from a file
        counts = "COUNTS" if counted.concepts_file else counted.source
        return shlex.join(["wagidx", "fit", "--frequencies", counts, *files, *scores.options])
    concepts, again = counted.concepts_file or "FILE", shlex.split(counted.asked)
    count = ["wagidx", "count", counted.source, "--concepts", concepts, *again, "-o", COUNTS]
    fit_them = ["wagidx", "fit", "--frequencies", COUNTS, *files, *scores.options]
    return f"{shlex.join(count)} && {shlex.join(fit_them)}"


def own_page(counted: Counted, sections: Sequence[Section]) -> str:
    """The report as one HTML file."""
    lead = (
        "How often concepts occur in the captions of a corpus. Every number was computed from the "
        "counts when this file was written; the command under a section recomputes it.",
    )
    return page(f"Concept frequencies: {counted.source}", lead, sections)
