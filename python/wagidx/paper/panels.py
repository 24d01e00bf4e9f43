"""The study's panels: one model, one corpus, one kind of count, one task.

A panel's key says what it is::

    zs|CORPUS|MODEL|KIND|PROMPT|zs17         classification over 17 datasets, or zs18
    ret|CORPUS|MODEL|KIND|t2i_k=10           retrieval
    t2i|CORPUS|MODEL|KIND|METRIC|min_samples>0

A panel exists where its scores, its model and the count files of every dataset of its row set are
there. Where only some of the count files are, nothing is computed: the panel is `Incomplete`, with
the names of what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from wagidx.analysis.rows import Rows
from wagidx.paper.files import CountFile
from wagidx.paper.protocol import (
    MIN_SAMPLES,
    RETRIEVAL_SETS,
    ROW_SETS,
    T2I_SET,
    is_lower_better,
    is_main,
    is_published_row_set,
    unit_of,
)
from wagidx.paper.release import Release, Samples
from wagidx.paper.rows import Part, joined

__all__ = ["Incomplete", "Panel", "PanelName", "incomplete_panels", "lacking_of", "panels_of"]


@dataclass(frozen=True)
class PanelName:
    """What tells one panel from all others.

    Attributes
    ----------
    task : str
        ``zs``, ``ret`` or ``t2i``.
    corpus, model, kind : str
        Pretraining corpus, model, and kind of count, such as ``integrated0.7``.
    variant : str
        Prompt, direction and cut-off, or metric.
    row_set : str
        ``zs17``, ``zs18``, ``min_samples>N``, or nothing for retrieval.
    main : bool
        Whether it is one of the study's main figures.
    """

    task: str
    corpus: str
    model: str
    kind: str
    variant: str
    row_set: str
    main: bool

    @property
    def key(self) -> str:
        """Its parts between bars, as the study's tables name a panel."""
        parts = (self.task, self.corpus, self.model, self.kind, self.variant, self.row_set)
        return "|".join(part for part in parts if part)

    @property
    def unit(self) -> str:
        """Unit of its scores."""
        return unit_of(self.task, self.variant)

    @property
    def lower_is_better(self) -> bool:
        """Whether a good model has a low score."""
        return self.task == "t2i" and is_lower_better(self.variant)

    @property
    def has_published_row_set(self) -> bool:
        """Whether its datasets are those of the study's figures."""
        return self.task != "zs" or is_published_row_set(self.kind, self.row_set)


@dataclass(frozen=True)
class Panel(PanelName):
    """A panel and its rows."""

    rows: Rows = field(repr=False)


@dataclass(frozen=True)
class Incomplete:
    """Panels that cannot be computed for want of files.

    Attributes
    ----------
    name : str
        Their key without the model: ``zs|CORPUS|KIND|PROMPT|zs18``.
    lacking : tuple of str
        The files that are not there, or the files without the model, by name.
    """

    name: str
    lacking: tuple[str, ...]


def panels_of(release: Release) -> Iterator[Panel]:
    """Every panel that the release's files give; each is made when it is asked for."""
    yield from _pooled(release, "zs", ROW_SETS, release.prompts)
    yield from _pooled(release, "ret", {"": RETRIEVAL_SETS}, release.recalls)
    for metric in release.metrics:
        yield from _t2i(release, metric)


def incomplete_panels(release: Release) -> list[Incomplete]:
    """What some but not all files of a panel are there for."""
    found = list(_lacking(release, "zs", ROW_SETS, release.prompts))
    found += _lacking(release, "ret", {"": RETRIEVAL_SETS}, release.recalls)
    return found


def lacking_of(release: Release, key: str) -> list[str]:
    """What the panel of a key lacks where some of its files are there; else nothing."""
    task, corpus, model, kind, variant, row_set = (*key.split("|"), *[""] * 6)[:6]
    group = "|".join(part for part in (task, corpus, kind, row_set) if part)
    return [
        name
        for one in incomplete_panels(release)
        if one.name in (group, f"{group}|{variant}")
        for name in one.lacking
        if "(without " not in name or name.endswith(f"(without {model})")
    ]


def _kinds(release: Release, corpus: str) -> list[str]:
    return sorted({file.kind for file in release.count_files if file.corpus == corpus})


def _groups(
    release: Release, row_sets: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[CountFile]]]:
    """The count files that panels pool, for each corpus, kind of count and row set."""
    for corpus in release.corpora:
        for kind in _kinds(release, corpus):
            for row_set, datasets in row_sets.items():
                yield row_set, [CountFile(dataset, corpus, kind) for dataset in datasets]


def _pooled(
    release: Release, task: str, row_sets: Mapping[str, Sequence[str]], variants: Sequence[str]
) -> Iterator[Panel]:
    for row_set, files in _groups(release, row_sets):
        if all(file in release.count_files for file in files):
            for variant in variants:
                yield from _models(release, task, files, variant, row_set)


def _models(
    release: Release, task: str, files: Sequence[CountFile], variant: str, row_set: str
) -> Iterator[Panel]:
    """A panel for each model of the corpus that every dataset was scored for."""
    paths = [release.result_path(task, file.dataset, variant) for file in files]
    if not all(path.is_file() for path in paths):
        return
    scores = [release.scores(task, file.dataset, variant) for file in files]
    corpus, kind = files[0].corpus, files[0].kind
    main = is_main(task, kind, variant, ()) and (
        task != "zs" or is_published_row_set(kind, row_set)
    )
    for model in scores[0]:
        if model.corpus != corpus or not all(model in one for one in scores):
            continue
        parts: list[Part] = [
            (file.dataset, release.counts(file), one[model]) for file, one in zip(files, scores)
        ]
        yield Panel(task, corpus, model.name, kind, variant, row_set, main, joined(parts))


def _t2i(release: Release, metric: str) -> Iterator[Panel]:
    samples = release.t2i_samples(metric)
    for corpus in release.corpora:
        for kind in _kinds(release, corpus):
            file = CountFile(T2I_SET, corpus, kind)
            if file not in release.count_files:
                continue
            main = is_main("t2i", kind, metric, release.metrics)
            for model, least in ((m, n) for m in samples for n in MIN_SAMPLES):
                part = (T2I_SET, release.counts(file), _means(samples[model], least))
                yield Panel(
                    *("t2i", corpus, model, kind, metric, f"min_samples>{least}"),
                    main=main and least == MIN_SAMPLES[0],
                    rows=joined([part]),
                )


def _means(samples: Samples, least: int) -> dict[str, float]:
    """Mean score of the concepts with more prompt scores than `least`."""
    return {name: float(np.mean(one)) for name, one in samples.items() if len(one) > least}


def _lacking(
    release: Release, task: str, row_sets: Mapping[str, Sequence[str]], variants: Sequence[str]
) -> Iterator[Incomplete]:
    for row_set, files in _groups(release, row_sets):
        corpus, kind = files[0].corpus, files[0].kind
        absent = [file for file in files if file not in release.count_files]
        if len(absent) == len(files) or not _scored(release, task, corpus, variants):
            continue
        name = "|".join(part for part in (task, corpus, kind, row_set) if part)
        if absent:
            yield Incomplete(name, tuple(release.count_path(file).name for file in absent))
        else:
            yield from _unscored(release, task, name, files, variants)


def _unscored(
    release: Release, task: str, name: str, files: Sequence[CountFile], variants: Sequence[str]
) -> Iterator[Incomplete]:
    """Prompts or cut-offs that some datasets have no scores for, or not for every model."""
    corpus = files[0].corpus
    for variant in variants:
        paths = [release.result_path(task, file.dataset, variant) for file in files]
        absent = tuple(path.name for path in paths if not path.is_file())
        if not absent:
            absent = tuple(_without_a_model(release, task, corpus, paths, files, variant))
        if absent:
            yield Incomplete(f"{name}|{variant}", absent)


def _without_a_model(
    release: Release,
    task: str,
    corpus: str,
    paths: Sequence[Path],
    files: Sequence[CountFile],
    variant: str,
) -> Iterator[str]:
    scores = [release.scores(task, file.dataset, variant) for file in files]
    models = sorted({model for one in scores for model in one if model.corpus == corpus})
    for path, one in zip(paths, scores):
        yield from (f"{path.name} (without {model.name})" for model in models if model not in one)


def _scored(release: Release, task: str, corpus: str, variants: Sequence[str]) -> bool:
    """Whether any model of the corpus was evaluated on the task at all."""
    datasets = ROW_SETS["zs17"] if task == "zs" else RETRIEVAL_SETS
    for variant in variants:
        for dataset in datasets:
            if release.result_path(task, dataset, variant).is_file():
                found = release.scores(task, dataset, variant)
                if any(model.corpus == corpus for model in found):
                    return True
    return False
