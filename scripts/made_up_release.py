"""Write a small made-up release in the layout of arXiv 2404.04125's.

Its numbers mean nothing, but they are made so that what must come out is known: on the corpus
``even_3m`` scores rise by exactly `SLOPE` for ten times the count, while on ``tiny5m`` they waver
about that line. Nothing is drawn at random, so that two machines write the same files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

CLASSIFICATION = (
    *("imagenet", "cifar10", "cifar100", "caltech101", "caltech256", "sun397", "birdsnap"),
    *("country211", "cub", "dtd", "eurosat", "fgvcaircraft", "flowers102", "food101"),
    *("oxfordpets", "stanfordcars", "ucf101"),
)
RETRIEVAL = ("coco", "flickr")
CORPORA = ("even_3m", "tiny5m")
MODELS = ("RN50", "ViT-B-32")
SUFFIXES = {
    "lemmatized": 1.0,
    "rampp0.7": 10.0,
    "integrated_tlemmatized_i0.7": 0.5,
}
"""Endings of count files, and how their counts compare with those of the text."""

SLOPE = 4.0
"""Points of accuracy for ten times the text count, on the corpus ``even_3m``."""

CLASSES = 6
"""Concepts of each dataset."""


def count(dataset: str, i: int, scale: float) -> int:
    """Counts from 0 to some millions, spread evenly over their logarithm."""
    place = (7 * i + 3 * len(dataset) + ord(dataset[0])) % 29
    return 0 if place == 0 else round(scale * 10 ** (place / 4))


def concepts(dataset: str) -> list[str]:
    """Names of a dataset's concepts; ImageNet-Sketch has ImageNet's."""
    stem = "imagenet" if dataset == "imagenet-sketch" else dataset
    return [f"{stem}_Thing {i}" for i in range(CLASSES)]


CONTROLLED = {"laion400m": 4.0, "laion200m_train_test_sim_normalized": 3.0, "synthci30m": 2.0}
"""Corpora of `write_controlled` and their slopes: one, and two made to test what is seen on it."""


def score(corpus: str, dataset: str, i: int, base: float) -> float:
    """On ``even_3m`` exactly on a line over log10 of the text count, elsewhere about it."""
    from math import log10

    own = "imagenet" if dataset == "imagenet-sketch" else dataset
    on_line = base + CONTROLLED.get(corpus, SLOPE) * log10(max(count(own, i, 1.0), 1))
    return on_line if corpus == "even_3m" else on_line + (5 * i + len(dataset)) % 7 - 3


def write(folder: Path) -> None:
    """Write the release into a folder, which may be there."""
    _counts(folder)
    for dataset in (*CLASSIFICATION, "imagenet-sketch"):
        for prompt in ("class", "ensemble"):
            _scores(folder / "zero_shot_evaluations", dataset, prompt, "classwise", 1.0)
    for dataset in RETRIEVAL:
        _scores(folder / "retrieval_evaluations", dataset, "t2i_k=10", "conceptwise", 0.01)
    _generation(folder)
    _insights(folder)


def write_controlled(folder: Path) -> None:
    """Write a release of classification alone, with corpora that the study controlled.

    Joint counts are a share of the text's that differs between concepts. Of the filtered corpus
    only images were counted, as in the release.
    """
    for dataset in (*CLASSIFICATION, "imagenet-sketch"):
        own = "imagenet" if dataset == "imagenet-sketch" else dataset
        for corpus in CONTROLLED:
            for suffix, scale in SUFFIXES.items():
                if "200m" in corpus and not suffix.startswith("rampp"):
                    continue
                parts = (1 + (len(own) + 3 * i * i) % 5 for i in range(CLASSES))
                shares = [scale / part if scale < 1 else scale * part for part in parts]
                _count(folder, dataset, corpus, suffix, shares)
        scores = folder / "zero_shot_evaluations"
        _scores(scores, dataset, "class", "classwise", 1.0, tuple(CONTROLLED))


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def _counts(folder: Path) -> None:
    for dataset in (*CLASSIFICATION, "imagenet-sketch", *RETRIEVAL):
        for corpus in CORPORA:
            for suffix, scale in SUFFIXES.items():
                _count(folder, dataset, corpus, suffix, [scale] * CLASSES)
    found = {f"prompted {i}": count("t2i", i, 1.0) for i in range(12)}
    _dump(folder / "search_counts" / "t2i_drawn_9m_lemmatized_search_counts.json", found)


def _count(folder: Path, dataset: str, corpus: str, suffix: str, scales: Sequence[float]) -> None:
    own = "imagenet" if dataset == "imagenet-sketch" else dataset
    found = {n: count(own, i, scales[i]) for i, n in enumerate(concepts(dataset))}
    name = f"{dataset}_{corpus}_{suffix}_search_counts.json"
    _dump(folder / "search_counts" / name, found)


def _scores(
    folder: Path,
    dataset: str,
    variant: str,
    part: str,
    unit: float,
    corpora: Sequence[str] = CORPORA,
) -> None:
    found = {}
    for corpus in corpora:
        for base, model in enumerate(MODELS):
            scores = {
                name: unit * score(corpus, dataset, i, 20.0 + 5 * base)
                for i, name in enumerate(concepts(dataset))
            }
            full = sum(scores.values()) / len(scores)
            found[f"backbone{model}_pretrained{corpus}"] = {"full": full, part: scores}
    _dump(folder / f"{dataset}_{variant}_results.json", found)


def _generation(folder: Path) -> None:
    def prompts(shift: float) -> dict[str, list[float]]:
        return {f"prompted {i}": [shift + (3 * i + j) % 8 / 2 for j in range(i)] for i in range(12)}

    models = {name: {"classwise": prompts(i)} for i, name in enumerate(("painter", "drawer"))}
    _dump(folder / "t2i_evaluations" / "t2i_exp_lpips.json", models)


def _insights(folder: Path) -> None:
    keys = ("fixed conservative dataset size", "extracted dataset size")
    share: Callable[[str], str] = "misalignment_degree (percent); {}".format
    found = {"misalignment_counts": 30} | {share(keys[0]): 0.15, share(keys[1]): 0.2}
    _dump(folder / "misalignment_metrics" / "even_3m_misalignment_degree.json", found)
    wag = {
        f"backbone{model}_pretrained{corpus}": {"full": 10.0 + 3 * i, "classwise": {}}
        for i, (model, corpus) in enumerate((m, c) for m in (*MODELS, "RN101") for c in CORPORA)
    }
    place = folder / "let_it_wag_datasets"
    _dump(place / "evaluations" / "let_it_wag_ensemble_results.json", wag)
    (place / "let_it_wag_class_list.txt").write_text('"one"\n"two"\n', encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
