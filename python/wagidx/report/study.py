"""The report on the study: all its sections, in the order in which they are read."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wagidx.paper.evidence import form_checks, strongest
from wagidx.paper.learning import learning
from wagidx.paper.panels import Panel
from wagidx.paper.release import Release
from wagidx.paper.reproduction import Reproduction
from wagidx.report.choices import legends_section, sensitivity_section, zeros_section
from wagidx.report.claims import claims_section
from wagidx.report.defects import defects_section
from wagidx.report.forms import forms_section
from wagidx.report.insights import (
    agreement_section,
    misalignment_section,
    tail_section,
    wag_section,
)
from wagidx.report.page import page
from wagidx.report.panels import task_sections
from wagidx.report.questions import question_sections
from wagidx.report.section import Figure, Section
from wagidx.report.theory import theory_section
from wagidx.report.unsettled import missing_section, unsettled_section

__all__ = ["study_report", "study_sections"]

GENERIC = "wagidx reproduce RELEASE"
"""How sections name the command that was run; its folder and flags stand in the report."""

TITLE = "Concept frequency and performance: the study recomputed"
LEAD = (
    "A recomputation of arXiv 2404.04125, which asks how a model's zero-shot performance on a "
    "concept depends on the concept's frequency in its pretraining data, from the files that its "
    "authors released. Each published statistic is shown next to the concept-level result. Every "
    "number was computed from the release when this file was written, except those under "
    "“published” and “in the legend”, which are quoted.",
    "n is the number of rows, a row being a concept of a dataset, unless stated otherwise. "
    "Intervals are 95 %. A slope is in units of score per tenfold count. –: not available.",
)


def study_sections(
    found: Reproduction,
    release: Release,
    panels: Sequence[Panel],
    figures: Mapping[str, Sequence[Figure]],
) -> list[Section]:
    """Every section whose data are there.

    Parameters
    ----------
    found : Reproduction
        What was recomputed.
    release : Release
        What it was recomputed from.
    panels : sequence of Panel
        The panels of the main figures, with their rows.
    figures : mapping of str to sequence of Figure
        By task (``zs``, ``ret``, ``t2i``) or table (``long-tail``, ``misalignment``,
        ``correlation``, ``let-it-wag``).
    """
    main = [one for one in found.panels if one.main]
    joint = {one.key for one in strongest(m for m in main if _cases(m.task, m.kind))}
    forms = form_checks(one for one in panels if one.key in joint)
    sections = [claims_section(found, forms), *task_sections(found, figures)]
    tables = (
        (found.long_tail, tail_section, "long-tail"),
        (found.misalignment, misalignment_section, "misalignment"),
        (found.correlation, agreement_section, "correlation"),
        (found.let_it_wag.get("models"), wag_section, "let-it-wag"),
    )
    sections += [make(found, figures.get(name, ())) for there, make, name in tables if there]
    sections += [forms_section(forms)] if forms else []
    if any(_cases(one.task, one.kind) for one in panels):
        sections += [sensitivity_section(panels), zeros_section(panels)]
    sections += [legends_section(found), defects_section(release)]
    if (curves := learning(panels)).curves:
        sections.append(theory_section(curves, "wagidx reproduce RELEASE -o DIR"))
    if found.questions is not None:
        sections += question_sections(found.questions)
    return [*sections, missing_section(found), unsettled_section(found, forms)]


def _cases(task: str, kind: str) -> bool:
    """Panels of the study's main axis, pairs with the concept in text and image."""
    return task != "t2i" and kind == "integrated0.7"


def study_report(
    found: Reproduction,
    release: Release,
    panels: Sequence[Panel],
    figures: Mapping[str, Sequence[Figure]],
    beside: Sequence[str] = (),
    flags: Sequence[str] = (),
) -> str:
    """The report as one HTML file.

    Parameters are those of `study_sections`; `beside` names figures that are files only, and
    `flags` are those of `wagidx reproduce` that were given beside the folder of the release.
    """
    typed = shlex.join(["wagidx", "reproduce", str(release.folder), *flags])
    sections = [
        replace(section, command=section.command.replace(GENERIC, typed))
        for section in study_sections(found, release, panels, figures)
    ]
    more = f"Further figures, in the folder figures: {', '.join(beside)}." if beside else ""
    lead = (*LEAD, more) if more else LEAD
    return page(TITLE, lead, sections)
