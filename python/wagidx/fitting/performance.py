"""How well a model performs on each concept.

======================  =========================================================================
form                    read as
======================  =========================================================================
columns                 `concept` and `score`, optionally `dataset`, `model`, `n` (CSV, TSV,
                        Parquet, JSON records, a data frame); names such as `class` and `acc1` are
                        also accepted, and clip-benchmark's `pretrained` joins the model's name
release of the study    ``{MODEL: {"classwise": {concept: percent}}}``, for retrieval
                        ``"conceptwise"``; a list of scores counts as its mean. The dataset is the
                        file's name up to the first `_`; cifar10's `plane` is `airplane`, as in the
                        release's counts
`evaluate --json`       ``{"classes": {concept: {"n": ..., "top1": ...}}}``
``{concept: score}``    one model, one dataset
======================  =========================================================================
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wagidx.exceptions import FitError
from wagidx.fitting.tables import (
    CONCEPTS,
    Columns,
    cells_of,
    column,
    names_of,
    numbers,
    read,
    text_of,
)

__all__ = ["Performance", "read_performance"]

SCORES = ("score", "accuracy", "acc1", "top1", "acc", "recall", "mean_per_class_recall")
SAMPLES = ("n", "support", "n_samples", "num_samples")


@dataclass(frozen=True)
class Performance:
    """Columns of equal length: one score a row; `samples` has None where a row names no n."""

    name: str
    model: list[str]
    dataset: list[str]
    concept: list[str]
    score: list[float]
    samples: list[float | None]

    def __len__(self) -> int:
        return len(self.score)

    @property
    def models(self) -> list[str]:
        """Distinct models, in the order of the rows."""
        return list(dict.fromkeys(self.model))


def read_performance(source: Any) -> Performance:
    """Read scores from one source, or from several.

    Parameters
    ----------
    source : path, data frame, Arrow stream, dict, records, or a list of paths
        In any form of this module.

    Raises
    ------
    FitError
        The form is not known, a score or n is not a number, or a (dataset, model, concept) repeats.
    """
    paths = isinstance(source, (list, tuple)) and all(
        isinstance(one, (str, os.PathLike)) for one in source
    )
    parts = [_one(one) for one in (source if paths and source else [source])]
    whole = Performance(
        name=", ".join(part.name for part in parts),
        model=[m for part in parts for m in part.model],
        dataset=[d for part in parts for d in part.dataset],
        concept=[c for part in parts for c in part.concept],
        score=[s for part in parts for s in part.score],
        samples=[n for part in parts for n in part.samples],
    )
    if not len(whole):
        raise FitError(f"{whole.name}: the table holds no rows")
    _refuse_duplicates(whole)
    return whole


def _refuse_duplicates(table: Performance) -> None:
    seen = set()
    for key in zip(table.dataset, table.model, table.concept):
        if key in seen:
            dataset, model, concept = key
            where = "".join([f" of {dataset}" if dataset else "", f" by {model}" if model else ""])
            raise FitError(f"{table.name}: the score of {concept!r}{where} appears twice")
        seen.add(key)


def _one(source: Any) -> Performance:
    name, value = read(source, "performance")
    if not isinstance(value, Mapping):
        raise FitError(f"{name}: neither a table nor an object of scores")
    stem = Path(source).stem.partition("_")[0] if isinstance(source, (str, os.PathLike)) else ""
    if isinstance(value.get("classes"), Mapping):
        return _evaluated(name, stem, value["classes"])
    cells = list(value.values())
    if cells and all(isinstance(cell, Mapping) for cell in cells):
        return _released(name, stem, value)
    read_as = [(str(key), cells_of(cell)) for key, cell in value.items()]
    table = {key: listed for key, listed in read_as if listed is not None}
    if len(table) == len(read_as):
        return _columns(name, table)
    concepts = [str(key) for key in value]
    return _rows(name, [("", "", c, s, None) for c, s in zip(concepts, cells)])


def _columns(name: str, table: Columns) -> Performance:
    concept, score = column(table, CONCEPTS), column(table, SCORES)
    if concept is None or score is None:
        there = ", ".join(map(repr, table)) or "none"
        raise FitError(
            f"{name}: needs one row per concept, with columns 'concept' and 'score', and 'model' "
            f"if there are several models; has {there}"
        )
    size = len(table[concept])
    if any(len(cells) != size for cells in table.values()):
        raise FitError(f"{name}: the columns differ in length")
    blank: list[Any] = [None] * size

    def optional(*wanted: str) -> list[Any]:
        found = column(table, wanted)
        return blank if found is None else table[found]

    parts = zip(map(text_of, optional("model")), map(text_of, optional("pretrained")))
    models = [" ".join(filter(None, pair)) for pair in parts]
    datasets = [text_of(dataset) for dataset in optional("dataset")]
    concepts = names_of(table[concept], "concept", name)
    return _rows(name, zip(models, datasets, concepts, table[score], optional(*SAMPLES)))


def _evaluated(name: str, dataset: str, classes: Mapping[str, Any]) -> Performance:
    for concept, found in classes.items():
        if not isinstance(found, Mapping) or "top1" not in found:
            raise FitError(f"{name}: the class {concept!r} has no 'top1'")
    return _rows(name, [("", dataset, c, f["top1"], f.get("n")) for c, f in classes.items()])


def _released(name: str, dataset: str, value: Mapping[str, Any]) -> Performance:
    from wagidx.paper.protocol import renamed  # all of `paper` comes with it

    rows: list[tuple[str, str, str, Any, Any]] = []
    for model, found in value.items():
        scores = found.get("classwise", found.get("conceptwise"))
        if not isinstance(scores, Mapping):
            raise FitError(f"{name}: {model!r} holds neither 'classwise' nor 'conceptwise' scores")
        for written, score in scores.items():
            concept = renamed(dataset, str(written))
            if not isinstance(score, list):
                rows.append((str(model), dataset, concept, score, None))
            elif score:
                several = numbers(score, "score", name, [concept] * len(score))
                rows.append((str(model), dataset, concept, sum(several) / len(several), None))
    return _rows(name, rows)


def _rows(name: str, rows: Iterable[tuple[str, str, str, Any, Any]]) -> Performance:
    listed = list(rows)
    concepts = [row[2] for row in listed]
    given = {i: row[4] for i, row in enumerate(listed) if row[4] not in (None, "")}
    given = {i: n for i, n in given.items() if n == n}  # data frames say NaN for a missing number
    read_as = numbers(given.values(), "n", name, [concepts[i] for i in given])
    samples = dict(zip(given, read_as))
    for i, n in samples.items():
        if n <= 0:
            what = f"the n of {concepts[i]!r} is {n:g}"
            raise FitError(f"{name}: {what}; n must be above 0")
    return Performance(
        name=name,
        model=[row[0] for row in listed],
        dataset=[row[1] for row in listed],
        concept=concepts,
        score=numbers([row[3] for row in listed], "score", name, concepts),
        samples=[samples.get(i) for i in range(len(listed))],
    )
