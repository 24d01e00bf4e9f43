"""A release as a whole: which corpora, models, prompts, cut-offs and metrics it holds.

Nothing is read but names until it is asked for, and every file is read once.

Layout, below the folder given::

    search_counts/DATASET_CORPUS_SUFFIX_search_counts.json        {concept: count}
    zero_shot_evaluations/DATASET_PROMPT_results.json             {model: {"classwise": {class: %}}}
    retrieval_evaluations/DATASET_{i2t,t2i}_k=K_results.json      {model: {"conceptwise": {...}}}
    t2i_evaluations/t2i_METRIC.json                               {model: {"classwise": {c: [...]}}}
    misalignment_metrics/CORPUS_misalignment_degree.json
    let_it_wag_datasets/evaluations/let_it_wag_ensemble_results.json
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from wagidx.exceptions import SourceError
from wagidx.paper.files import (
    CountFile,
    count_file,
    counts_of,
    mapping,
    number,
    numbers,
    read_json,
)
from wagidx.paper.protocol import corpus_order, renamed

__all__ = ["Model", "Release"]

_MODEL = re.compile(r"backbone(?P<name>.+?)_pretrained(?P<corpus>.+)")
_RESULTS = re.compile(r"(?P<dataset>[^_]+)_(?P<variant>.+)_results\.json")
_T2I = re.compile(r"t2i_(?P<metric>.+)\.json")
_MISALIGNMENT = re.compile(r"(?P<corpus>.+)_misalignment_degree\.json")

COUNTS = "search_counts"
ZERO_SHOT = "zero_shot_evaluations"
RETRIEVAL = "retrieval_evaluations"
T2I = "t2i_evaluations"
MISALIGNMENT = "misalignment_metrics"
LET_IT_WAG = "let_it_wag_datasets"

Samples = Mapping[str, "list[float]"]
Value = TypeVar("Value")


class Model(NamedTuple):
    """A model of the zero-shot and retrieval files: its name and the corpus it was trained on."""

    name: str
    corpus: str

    @classmethod
    def parse(cls, key: str, path: Path) -> Model:
        """Take ``backboneNAME_pretrainedCORPUS`` apart."""
        found = _MODEL.fullmatch(key)
        if found is None:
            raise SourceError(f"{path}: {key!r} is not named backboneMODEL_pretrainedCORPUS")
        return cls(found["name"], found["corpus"])


class Release:
    """The released data in a folder.

    Parameters
    ----------
    folder : Path
        A clone of the authors' repository, or any part of it in the same layout.

    Raises
    ------
    SourceError
        There is no folder of count files below `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / COUNTS).is_dir():
            raise SourceError(
                f"{folder}: has no folder {COUNTS}; give the folder of the released data"
            )
        self._counts: dict[CountFile, Mapping[str, int]] = {}
        self._scores: dict[Path, Mapping[Model, Mapping[str, float]]] = {}

    @cached_property
    def count_files(self) -> Mapping[CountFile, Path]:
        """Every count file there is."""
        found = ((count_file(path.name), path) for path in self._json(COUNTS))
        return {named: path for named, path in found if named is not None}

    @cached_property
    def unnamed(self) -> tuple[str, ...]:
        """Names in the folder of count files that are not those of one; they are not read."""
        return tuple(path.name for path in self._json(COUNTS) if count_file(path.name) is None)

    @cached_property
    def corpora(self) -> tuple[str, ...]:
        """Corpora that were searched, the smaller first by what their names state."""
        return tuple(sorted({file.corpus for file in self.count_files}, key=corpus_order))

    @cached_property
    def prompts(self) -> tuple[str, ...]:
        """Prompts of the zero-shot evaluations."""
        return self._variants(ZERO_SHOT)

    @cached_property
    def recalls(self) -> tuple[str, ...]:
        """Directions and cut-offs of the retrieval evaluations, such as ``t2i_k=10``."""
        return self._variants(RETRIEVAL)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Metrics of the text-to-image evaluations."""
        found = (_T2I.fullmatch(path.name) for path in self._json(T2I))
        return tuple(sorted(match["metric"] for match in found if match))

    @cached_property
    def misaligned_corpora(self) -> tuple[str, ...]:
        """Corpora with a degree of misalignment."""
        found = (_MISALIGNMENT.fullmatch(path.name) for path in self._json(MISALIGNMENT))
        return tuple(sorted((match["corpus"] for match in found if match), key=corpus_order))

    def count_path(self, file: CountFile) -> Path:
        """Where the counts of `file` are, or would be."""
        stem = file.kind.rstrip("0123456789.")
        suffix = {
            "text": "lemmatized",
            "lower": "lowercased",
            "image": "rampp",
            "integrated": "integrated_tlemmatized_i",
        }[stem] + file.kind[len(stem) :]
        return self.folder / COUNTS / f"{file.dataset}_{file.corpus}_{suffix}_search_counts.json"

    def counts(self, file: CountFile) -> Mapping[str, int]:
        """Counts by concept, under the names that scores are joined on."""
        if file not in self._counts:
            found = counts_of(self.count_path(file))
            self._counts[file] = _joinable(file.dataset, found, self.count_path(file))
        return self._counts[file]

    def result_path(self, task: str, dataset: str, variant: str) -> Path:
        """Where the scores of a dataset are, or would be; `task` is ``zs`` or ``ret``."""
        folder = ZERO_SHOT if task == "zs" else RETRIEVAL
        return self.folder / folder / f"{dataset}_{variant}_results.json"

    def scores(self, task: str, dataset: str, variant: str) -> Mapping[Model, Mapping[str, float]]:
        """Scores by model and concept: percent for ``zs``, fractions for ``ret``."""
        path = self.result_path(task, dataset, variant)
        if path not in self._scores:
            part = "classwise" if task == "zs" else "conceptwise"
            self._scores[path] = {
                Model.parse(key, path): _joinable(dataset, _part(value, part, path, key), path)
                for key, value in read_json(path).items()
            }
        return self._scores[path]

    def t2i_path(self, metric: str) -> Path:
        """Where the scores of a text-to-image metric are."""
        return self.folder / T2I / f"t2i_{metric}.json"

    def t2i_samples(self, metric: str) -> Mapping[str, Samples]:
        """Scores of every prompt that names a concept, by model and concept."""
        path = self.t2i_path(metric)
        return {model: _samples(value, path, model) for model, value in read_json(path).items()}

    def misalignment(self, corpus: str) -> tuple[Path, dict[str, float]]:
        """The released misalignment of a corpus, and where it stands."""
        path = self.folder / MISALIGNMENT / f"{corpus}_misalignment_degree.json"
        return path, numbers(read_json(path), path, "the file")

    def overall(self, path: Path) -> Mapping[Model, float]:
        """Overall accuracy of each model in a file of zero-shot results, percent."""
        return {
            Model.parse(key, path): number(
                mapping(value, path, key).get("full"), path, f"'full' of {key}"
            )
            for key, value in read_json(path).items()
        }

    @property
    def let_it_wag_path(self) -> Path:
        """Where the results on Let It Wag! are, or would be."""
        return self.folder / LET_IT_WAG / "evaluations" / "let_it_wag_ensemble_results.json"

    @property
    def let_it_wag_classes_path(self) -> Path:
        """Where the classes of Let It Wag! are, or would be: one a line."""
        return self.folder / LET_IT_WAG / "let_it_wag_class_list.txt"

    def _json(self, folder: str) -> list[Path]:
        return sorted((self.folder / folder).glob("*.json"))

    def _variants(self, folder: str) -> tuple[str, ...]:
        found = (_RESULTS.fullmatch(path.name) for path in self._json(folder))
        return tuple(sorted({match["variant"] for match in found if match}))


def _joinable(dataset: str, found: Mapping[str, Value], path: Path) -> Mapping[str, Value]:
    """Values under the names that counts and scores are joined on."""
    named = {renamed(dataset, name): value for name, value in found.items()}
    if len(named) < len(found):
        raise SourceError(f"{path}: has one concept under both its old and its new name")
    return named


def _part(value: Any, part: str, path: Path, key: str) -> dict[str, float]:
    scores = mapping(value, path, key).get(part)
    return numbers(scores, path, f"{part!r} of {key}")


def _samples(value: Any, path: Path, model: str) -> Samples:
    concepts = mapping(
        mapping(value, path, model).get("classwise"), path, f"'classwise' of {model}"
    )
    found = {}
    for concept, scores in concepts.items():
        where = f"'classwise' of {model}, {concept!r}"
        if not isinstance(scores, list):
            raise SourceError(f"{path}: {where} is not a list of scores")
        found[concept] = [number(score, path, where) for score in scores]
    return found
