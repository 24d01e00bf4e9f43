"""The sections that close the report: what this release lacks, and what is not settled."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.paper.evidence import FormCheck, evidence
from wagidx.paper.protocol import CONTROLLED, CONTROLS
from wagidx.paper.quoted import LET_IT_WAG
from wagidx.paper.reproduction import Reproduction
from wagidx.report.panels import TASKS
from wagidx.report.section import Section, Table

__all__ = ["missing_section", "unsettled_section"]


def missing_section(found: Reproduction) -> Section:
    """Parts of the study that this release cannot give, and the files that would."""
    tasks = {one.task for one in found.panels}
    absent = [
        f"{title}: no panel has all its files." for t, title in TASKS.items() if t not in tasks
    ]
    tables = {
        "Long tail": found.long_tail,
        "Misalignment": found.misalignment,
        "Agreement between corpora": found.correlation,
        "Let It Wag! against ImageNet": found.let_it_wag.get("models"),
    }
    absent += [f"{title}: its files are missing." for title, there in tables.items() if not there]
    corpora = {one.corpus for one in found.panels}
    absent += [
        f"A control ({one.what}): no corpus named {one.corpus}."
        for one in CONTROLS
        if one.corpus not in corpora
    ]
    rows = tuple((one.name, str(len(one.lacking)), _few(one.lacking)) for one in found.missing)
    columns = ("Panels", "Missing files", "Names")
    return Section(
        title="What this release lacks",
        text=tuple(absent) or ("Every part of the study is present.",),
        tables=(Table("Panels with only some of their files", columns, rows, numbers_from=3),)
        if rows
        else (),
        command="wagidx reproduce RELEASE",
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def unsettled_section(found: Reproduction, forms: Sequence[FormCheck]) -> Section:
    """What the data at hand cannot decide, each with the number that says so."""
    return Section(
        title="What is not settled",
        text=(
            *_dependence(found),
            *_curve(forms),
            *_wag(found),
            "Causation. Frequent concepts differ from rare ones in more than frequency: how easy "
            "they are to recognise, how many names they have, how their test images were chosen. "
            "All numbers here are associations between concepts; none shows the effect of adding "
            "data on one.",
            "The counts. They are what a search and an image tagger found, with the faults shown "
            "above and a chosen threshold. Errors in the counts flatten slopes, and can make one "
            "kind of count seem to add to another.",
            "The concepts. They are the classes and captions of test sets. These numbers do not "
            "apply to other concepts.",
        ),
        command="wagidx reproduce RELEASE -o DIR",
    )


def _dependence(found: Reproduction) -> list[str]:
    """How much of the binned r is that of datasets rather than of concepts."""
    lines = []
    for task, title in TASKS.items():
        main = (one for one in found.panels if one.main and one.corpus not in CONTROLLED)
        said = evidence(one for one in main if one.task == task)
        if said is None or not said.p:
            continue
        lines.append(
            f"{title}: concepts or datasets. The binned r is distinguishable from scores shuffled "
            f"within datasets in {said.told_apart} of {len(said.p)} main panels, and the slope "
            f"within datasets has an interval on the claimed side of 0 in {said.claimed} of "
            f"{len(said.panels)}. These panels do not decide the rest."
        )
    return lines


def _curve(forms: Sequence[FormCheck]) -> list[str]:
    keys = list(dict.fromkeys(one.key for one in forms))
    if not keys:
        return []
    open_ = [
        key
        for key in keys
        if any(
            one.key == key
            and one.form not in ("log-linear", "quadratic", "constant")
            and abs(one.gain) <= 2 * one.se
            for one in forms
        )
    ]
    return [
        f"The shape of the curve. In {len(open_)} of {len(keys)} panels tried, a curve other than "
        "log-linear predicts held-out names as well, within 2 standard errors. These rows cannot "
        "distinguish similar curves."
    ]


def _wag(found: Reproduction) -> list[str]:
    models = found.let_it_wag.get("models")
    if not models:
        return []
    return [
        f"Let It Wag!: {len(models)} of {LET_IT_WAG['models']:g} models are compared here, on one "
        "test set that was collected differently from ImageNet. Whether more data on the tail "
        "would close the gap is open."
    ]
