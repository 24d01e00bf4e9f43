"""What the study chose and its files do not tell: row sets, slices, the panels of its figures.

Corpora, models, prompts, cut-offs, metrics and concepts are read from the files. What stands here
are the choices behind the figures, each of which a reader may want to vary.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import NamedTuple

from wagidx.analysis.binned import CLASSIFICATION, RETRIEVAL, Recipe

__all__ = [
    "CONTROLLED",
    "CONTROLS",
    "FEWEST_MODELS",
    "IMAGENET",
    "MAIN_KINDS",
    "MIN_SAMPLES",
    "RETRIEVAL_SETS",
    "ROW_SETS",
    "SKETCH",
    "T2I_SET",
    "Control",
    "corpus_order",
    "is_lower_better",
    "is_main",
    "is_published_row_set",
    "normalised",
    "perfect_score",
    "recipe_of",
    "renamed",
    "unit_of",
]

_SEVENTEEN = (
    *("imagenet", "cifar10", "cifar100", "caltech101", "caltech256", "sun397", "birdsnap"),
    *("country211", "cub", "dtd", "eurosat", "fgvcaircraft", "flowers102", "food101"),
    *("oxfordpets", "stanfordcars", "ucf101"),
)

ROW_SETS: Mapping[str, tuple[str, ...]] = {
    "zs17": _SEVENTEEN,
    "zs18": (*_SEVENTEEN, "imagenet-sketch"),
}
"""Datasets pooled in a classification panel, in the order in which the study lists them.

ImageNet's classes appear twice in ``zs18``: ImageNet-Sketch has the same.
"""

RETRIEVAL_SETS = ("coco", "flickr")
"""Datasets pooled in a retrieval panel."""

T2I_SET = "t2i"
"""Dataset name of the count files of the text-to-image prompts."""

MIN_SAMPLES = (0, 5)
"""A text-to-image concept is kept with more prompt scores than this; a panel for each."""

MAIN_KINDS = ("text", "image0.7", "integrated0.7")
"""Kinds of count in the study's figures and tables."""

FEWEST_MODELS = 5
"""Models that a line is drawn through: chance draws one as good through fewer."""

IMAGENET = "imagenet"

SKETCH = ("zs17", "zs18")
"""Row sets that differ by ImageNet-Sketch alone, without and with it."""


class Control(NamedTuple):
    """A corpus made to test the trend, and what it is compared with.

    Attributes
    ----------
    corpus : str
        As in the names of its count files.
    what : str
        What was done to it.
    originals : tuple of str
        Corpora it was made from; where it was made from none, every other corpus with the model.
    """

    corpus: str
    what: str
    originals: tuple[str, ...]


CONTROLS = (
    Control(
        "laion200m_train_test_sim_normalized",
        "without images closer to a test image than its nearest training image",
        ("laion400m",),
    ),
    Control("synthci30m", "generated captions and images", ()),
)
"""The study's stress tests."""

CONTROLLED = frozenset(control.corpus for control in CONTROLS)
"""Names of their corpora."""

_MAIN_VARIANTS = {"zs": ("class",), "ret": ("t2i_k=10",), "t2i": ("exp_aesthetics",)}
_CLASSIFICATION_SLICES = {
    "laion400m": Recipe(CLASSIFICATION.n_bins, 2, -1),
    "synthci30m": Recipe(CLASSIFICATION.n_bins, 0, -4),
}
_RENAMED = {("cifar10", "plane"): "airplane"}
_LOWER_IS_BETTER = "lpips"
_PERFECT = {"zs": 100.0, "ret": 1.0}
_SIZES = {"k": 1e3, "m": 1e6, "b": 1e9}


def recipe_of(task: str, corpus: str) -> Recipe:
    """Bins and slice of a panel's figure; the slice was set by hand for two corpora."""
    if task != "zs":
        return RETRIEVAL
    return _CLASSIFICATION_SLICES.get(corpus, CLASSIFICATION)


def is_published_row_set(kind: str, row_set: str) -> bool:
    """Whether a classification figure pooled this row set for this kind of count."""
    return (row_set == "zs17") == (kind in ("text", "lower"))


def is_main(task: str, kind: str, variant: str, metrics: tuple[str, ...]) -> bool:
    """Whether a panel is one of the study's main figures.

    `metrics` are the text-to-image metrics there are: where the main one is not among them, the
    others stand in for it.
    """
    wanted = _MAIN_VARIANTS[task]
    stand_in = task == "t2i" and not set(wanted) & set(metrics)
    return kind in MAIN_KINDS and (stand_in or variant in wanted)


def unit_of(task: str, variant: str) -> str:
    """Unit of a panel's scores, as released."""
    if task == "zs":
        return "accuracy, %"
    if task == "ret":
        return "recall, fraction"
    lower = " (lower is better)" if is_lower_better(variant) else ""
    return f"{variant}, its own unit{lower}"


def perfect_score(task: str) -> float | None:
    """The score of a model that makes no error; None where the scores are no shares."""
    return _PERFECT.get(task)


def is_lower_better(metric: str) -> bool:
    """Whether a good model has a low score."""
    return _LOWER_IS_BETTER in metric


def renamed(dataset: str, concept: str) -> str:
    """A concept under the name that both counts and scores are joined on."""
    return _RENAMED.get((dataset, concept), concept)


@functools.lru_cache(maxsize=1 << 16)
def normalised(concept: str) -> str:
    """A concept's name without what differs only in writing: case and underscores."""
    return concept.lower().replace("_", " ")


def corpus_order(corpus: str) -> tuple[float, str]:
    """Sorts corpora by the size their names state (cc3m, yfcc15m, laion400m), then by name."""
    found = re.search(r"(\d+)([kmb])(?![a-z])", corpus)
    return (float(found[1]) * _SIZES[found[2]] if found else float("inf")), corpus
