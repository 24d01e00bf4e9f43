"""Why published counts differ, as a section of a report."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import numpy as np

from wagidx.report.section import Section, Table
from wagidx.rules import RuleCounts, Under

__all__ = ["rules_section"]


def rules_section(found: RuleCounts, *, concepts_file: str = "", shown: int = 8) -> Section:
    """What each rule of the study's code does to the counts of an index.

    Parameters
    ----------
    found : RuleCounts
    concepts_file : str
        The list that was asked for, to name the command.
    shown : int
        Concepts shown for each rule, those whose counts change most.
    """
    return Section(
        "Why published counts differ",
        tuple(_text(found)),
        (_rules(found), _most_changed(found, shown)),
        command=_command(found, concepts_file),
    )


def _text(found: RuleCounts) -> Iterator[str]:
    yield (
        "The code released with the study counts by rules that differ from those of this library. "
        f"Each rule is applied alone to the same index of {found.captions:,} captions, then all "
        f"together, for {len(found.concepts):,} concepts. A count is the number of captions that "
        "contain a concept."
    )
    if any(rule.name == "lemma" for rule in found.rules):
        yield _alone(found.alone)
    if any(one.estimated is not None and one.estimated.any() for one in _all(found)):
        yield (
            "An index does not keep the case of words, so captions are re-read for the rule case, "
            f"at most {found.sample:,} per concept. If a concept has more, its count is an "
            "estimate, marked ~, with Wilson's 95 % interval. It is reported as changed if that "
            "interval excludes the count of this library."
        )
    for rule, under in zip(found.rules, found.each, strict=True):
        if under.counts is None:
            yield f"Not determined: {rule.name}. {under.reason[:1].upper()}{under.reason[1:]}."


def _alone(name: str) -> str:
    if name.startswith("spacy:"):
        return f"Words in isolation are lemmatised by {name.removeprefix('spacy:')}."
    return (
        "For the lemma of a word in isolation, every word that can be the past or a participle of "
        "a verb is treated as one. The study used a spaCy model; so does --alone spacy:MODEL."
    )


def _all(found: RuleCounts) -> tuple[Under, ...]:
    return (*found.each, found.together)


def _rules(found: RuleCounts) -> Table:
    rows = [
        (rule.name, rule.released, rule.ours, *_totals(found, under))
        for rule, under in zip(found.rules, found.each, strict=True)
    ]
    together = " ".join(found.together.rules)
    rows.append(
        ("together", f"all of: {together}", "none of them", *_totals(found, found.together))
    )
    return Table(
        f"The rules, and how many of {len(found.concepts):,} concepts change",
        ("rule", "the released code", "this library", "changed", "fall to zero", "rise from zero"),
        tuple(rows),
        numbers_from=3,
    )


def _totals(found: RuleCounts, under: Under) -> tuple[str, str, str]:
    if under.counts is None:
        return "unknown", "unknown", "unknown"
    changed = under.changed(found.own)
    lost = (under.counts == 0) & (found.own > 0)
    risen = (under.counts > 0) & (found.own == 0)
    return f"{changed.sum():,}", f"{lost.sum():,}", f"{risen.sum():,}"


def _most_changed(found: RuleCounts, shown: int) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, under in zip((*(rule.name for rule in found.rules), "together"), _all(found)):
        rows += [(name, *_row(found, under, i)) for i in _largest(found, under, shown)]
    return Table(
        f"The concepts whose counts change most, up to {shown} for each rule; captions",
        ("rule", "concept", "this library", "under the rule", "95 % interval"),
        tuple(rows),
        numbers_from=2,
    )


def _largest(found: RuleCounts, under: Under, shown: int) -> list[int]:
    """Numbers of the concepts that change most, each name once."""
    if under.counts is None:
        return []
    by = np.abs(under.counts - found.own.astype(np.float64)) * under.changed(found.own)
    order = [int(i) for i in np.argsort(-by, kind="stable") if by[i] > 0]
    once = {found.concepts[i]: i for i in reversed(order)}
    return [i for i in order if once[found.concepts[i]] == i][:shown]


def _row(found: RuleCounts, under: Under, i: int) -> tuple[str, str, str, str]:
    value = under.at(i) or {}
    own = f"{int(found.own[i]):,}"
    if value["low"] == value["high"]:
        return found.concepts[i], own, f"{value['count']:,.0f}", "exact"
    interval = f"{value['low']:,.0f} to {value['high']:,.0f}"
    return found.concepts[i], own, f"~{value['count']:,.0f}", interval


def _command(found: RuleCounts, concepts_file: str) -> str:
    listed = f" --concepts {shlex.quote(concepts_file)}" if concepts_file else " --concepts FILE"
    rules = "".join(f" --rule {rule.name}" for rule in found.rules)
    alone = f" --alone {found.alone}" if found.alone.startswith("spacy:") else ""
    return f"wagidx rules {shlex.quote(found.index)}{listed}{rules}{alone} --sample {found.sample}"
