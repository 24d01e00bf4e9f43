"""A score beside the frequency of its concept."""

from __future__ import annotations

from dataclasses import dataclass

from wagidx.analysis.rows import Rows
from wagidx.exceptions import FitError
from wagidx.fitting.frequencies import Frequencies
from wagidx.fitting.performance import Performance

__all__ = ["Joined", "join"]

FEWEST = 3
"""Concepts a fit needs."""


@dataclass(frozen=True)
class Joined:
    """The rows of one model that have a frequency.

    Attributes
    ----------
    rows : Rows
        In the order of the performance table.
    unmatched : list of str
        Concepts of the performance table without a frequency, each once.
    unused : int
        Concepts with a frequency that no score asks for.
    classes : dict of str to int
        Concepts scored in each dataset, whether or not they have a frequency.
    with_n : int
        Rows that name their samples; only where all do has `rows` any.
    """

    rows: Rows
    unmatched: list[str]
    unused: int
    classes: dict[str, int]
    with_n: int = 0


def join(frequencies: Frequencies, performance: Performance, model: str) -> Joined:
    """Join one model's scores by exact name, else by normalised name.

    Raises
    ------
    FitError
        Fewer than 3 concepts join, all their counts are 0 or alike, or two names of a dataset join
        one.
    """
    chosen = [i for i, name in enumerate(performance.model) if name == model]
    names = {performance.concept[i] for i in chosen}
    found = {concept: frequencies.find(concept) for concept in names}
    kept = [i for i in chosen if found[performance.concept[i]] is not None]
    concepts = [str(found[performance.concept[i]]) for i in kept]
    samples = [n for n in (performance.samples[i] for i in kept) if n is not None]
    classes: dict[str, int] = {}
    for i in chosen:
        classes[performance.dataset[i]] = classes.get(performance.dataset[i], 0) + 1
    used = {name for name in found.values() if name is not None}
    _refuse_twins(frequencies, performance, kept, concepts)
    _enough(frequencies, performance, used)
    # Names are those of the frequencies: what two datasets share, however each of them writes it.
    rows = Rows.of(
        count=[frequencies.exact[concept] for concept in concepts],
        score=[performance.score[i] for i in kept],
        concept=concepts,
        dataset=[performance.dataset[i] for i in kept],
        samples=samples if len(samples) == len(kept) else None,
    )
    unmatched = sorted(concept for concept, name in found.items() if name is None)
    unused = len(frequencies.exact) - len(used)
    return Joined(rows, unmatched, unused, classes, len(samples))


def _refuse_twins(
    frequencies: Frequencies, performance: Performance, kept: list[int], concepts: list[str]
) -> None:
    """Two spellings of a concept would be two rows of it."""
    first: dict[tuple[str, str], str] = {}
    for i, concept in zip(kept, concepts):
        dataset, name = performance.dataset[i], performance.concept[i]
        other = first.setdefault((dataset, concept), name)
        if other != name:
            where = f" of {dataset}" if dataset else ""
            raise FitError(
                f"{performance.name}: {other!r} and {name!r}{where} both match {concept!r} of "
                f"{frequencies.name}; keep one score"
            )


def _enough(frequencies: Frequencies, performance: Performance, used: set[str]) -> None:
    where = f"{frequencies.name} and {performance.name}"
    if len(used) < FEWEST:
        both = "1 concept is" if len(used) == 1 else f"{len(used) or 'no'} concepts are"
        raise FitError(
            f"{where}: {both} in both; a fit needs at least {FEWEST} with the same name in both"
        )
    counts = sorted({frequencies.exact[name] for name in used})
    if max(counts[-1], 1.0) == max(counts[0], 1.0):
        same = " or ".join(f"{count:g}" for count in counts)
        raise FitError(f"{where}: every joined concept has count {same}; there is no slope to fit")
