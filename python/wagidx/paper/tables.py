"""The study's tables: long tail, agreement between corpora, misalignment, Let It Wag!.

Each is a plain dictionary under the names of `docs/json.md`, made of nothing but the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from wagidx.analysis.agreement import agreement
from wagidx.analysis.binned import correlation
from wagidx.analysis.longtail import LongTail, long_tail
from wagidx.analysis.rows import Floats
from wagidx.analysis.tail_law import TailLaw, tail_law
from wagidx.analysis.tally import Tally
from wagidx.exceptions import SourceError
from wagidx.json_values import json_ready
from wagidx.paper.files import CountFile, mapping, number, read_json
from wagidx.paper.protocol import (
    FEWEST_MODELS,
    IMAGENET,
    MAIN_KINDS,
    RETRIEVAL_SETS,
    ROW_SETS,
    normalised,
)
from wagidx.paper.release import Model, Release
from wagidx.processes import Processes

__all__ = [
    "concept_counts",
    "correlation_table",
    "let_it_wag_table",
    "long_tail_table",
    "misalignment_table",
    "row_counts",
    "tail_laws",
]

Table = dict[str, Any]

DRAWS = 1000
"""Resamples of names behind the intervals of correlations."""

REFITS = 100
"""Resamples and made lists behind the interval and the p of a tail's exponent."""

HALF = 50.0
"""ImageNet accuracy, in percent, that parts the two lines of Let It Wag!."""


def concept_counts(
    release: Release, corpus: str, kind: str, *, normalise: bool
) -> dict[str, int] | None:
    """One count for each concept of classification and retrieval, or None where a file is absent.

    A name of several datasets has the count of the first of them, in the study's order; the empty
    name is left out. With `normalise`, names that differ only in case or underscores are one.
    """
    files = [CountFile(dataset, corpus, kind) for dataset in (*ROW_SETS["zs17"], *RETRIEVAL_SETS)]
    if not all(file in release.count_files for file in files):
        return None
    found: dict[str, int] = {}
    for file in files:
        for name, count in release.counts(file).items():
            if name:
                found.setdefault(normalised(name) if normalise else name, count)
    return found


def row_counts(release: Release, corpus: str, kind: str) -> list[int] | None:
    """Counts of every row of the 17 classification datasets, or None where a file is absent."""
    files = [CountFile(dataset, corpus, kind) for dataset in ROW_SETS["zs17"]]
    if not all(file in release.count_files for file in files):
        return None
    return [count for file in files for count in release.counts(file).values()]


def long_tail_table(release: Release) -> Table:
    """For each corpus and main kind of count: the rows of the 17 datasets, and distinct names."""
    table: Table = {}
    for corpus in release.corpora:
        for kind in MAIN_KINDS:
            rows = row_counts(release, corpus, kind)
            if rows is None:
                continue
            found = {"rows_zs17": _tail(long_tail(rows))}
            distinct = concept_counts(release, corpus, kind, normalise=True)
            if distinct is not None:
                found["dedup_zs17_ret"] = _tail(long_tail(list(distinct.values())))
            table[f"{corpus}|{kind}"] = found
    return table


def _tail(tail: LongTail) -> Table:
    return {
        "n": tail.n,
        "zero_share": tail.zero_share,
        "max": tail.max,
        "median": tail.median,
        "sum": tail.sum,
        "gini": json_ready(tail.gini),
        "top1pct_mass": json_ready(tail.top1pct_mass),
        "top10pct_mass": json_ready(tail.top10pct_mass),
        "frac_le_10k": {str(k): share for k, share in tail.frac_le.items()},
        "frac_norm_lt": {f"1e-{k}": json_ready(share) for k, share in tail.frac_below_max.items()},
    }


def tail_laws(release: Release, processes: Processes) -> dict[str, Future[TailLaw | None]]:
    """For each corpus and main kind of count: a power law for the most frequent distinct names.

    None where too few names occur. Half a second each, in the processes given.
    """
    found = {
        f"{corpus}|{kind}": concept_counts(release, corpus, kind, normalise=True)
        for corpus in release.corpora
        for kind in MAIN_KINDS
    }
    return {
        name: processes.submit(_law, list(counts.values()))
        for name, counts in found.items()
        if counts is not None
    }


def _law(counts: list[int]) -> TailLaw | None:
    return tail_law(Tally.of(counts), refits=REFITS, seed=0)


def correlation_table(release: Release) -> Table:
    """For each two corpora and main kind of count: how alike their frequencies are, by concept."""
    table: Table = {}
    for first, second in combinations(release.corpora, 2):
        found = {}
        for kind in MAIN_KINDS:
            a = concept_counts(release, first, kind, normalise=False)
            b = concept_counts(release, second, kind, normalise=False)
            if a is not None and b is not None:
                found[kind] = _agreement(a, b)
        if found:
            table[f"{first}|{second}"] = found
    return table


def _agreement(a: Mapping[str, int], b: Mapping[str, int]) -> Table:
    names = [name for name in a if name in b]
    x = np.array([a[name] for name in names], np.float64)
    y = np.array([b[name] for name in names], np.float64)
    found = agreement(x, y, draws=DRAWS)
    return {
        "n": len(names),
        "spearman": found.all.spearman,
        "spearman_ci95": _listed(found.all.spearman_ci95),
        "pearson": json_ready(correlation(x, y)[0]),
        "pearson_log1p": found.all.pearson_log1p,
        "pearson_log1p_ci95": _listed(found.all.pearson_log1p_ci95),
        "n_nonzero_in_both": found.nonzero_in_both.n,
        "n_zero_in_both": found.n_zero_in_both,
        "spearman_nonzero_in_both": found.nonzero_in_both.spearman,
        "spearman_nonzero_in_both_ci95": _listed(found.nonzero_in_both.spearman_ci95),
    }


def _listed(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)


def misalignment_table(release: Release) -> Table:
    """For each corpus: pairs whose text and image share no concept, and what share they are.

    Both denominators are larger than the number of pairs that have a text and an image concept, so
    both degrees are lower bounds. The release has degrees; a denominator is count / degree.
    """
    table: Table = {}
    for corpus in release.misaligned_corpora:
        path, released = release.misalignment(corpus)
        pairs = int(_field(released, "misalignment_counts", path))
        fixed = _field(released, "fixed", path)
        extracted = _field(released, "extracted", path)
        table[corpus] = {
            "misaligned_pairs": pairs,
            "degree_fixed": fixed,
            "fixed_denominator": round(pairs / fixed) if fixed else None,
            "degree_extracted": extracted,
            "extracted_denominator": round(pairs / extracted) if extracted else None,
        }
    return table


def _field(released: Mapping[str, float], part: str, path: Path) -> float:
    found = [value for name, value in released.items() if part in name]
    if len(found) != 1:
        raise SourceError(f"{path}: has {len(found)} values named {part!r}, not one")
    return found[0]


def let_it_wag_table(release: Release, imagenet: Path | None = None) -> Table:
    """Accuracy on Let It Wag! against ImageNet: each model's two numbers, lines, and gaps.

    Parameters
    ----------
    release : Release
        The released data.
    imagenet : Path, optional
        JSON of ImageNet accuracies, percent, for models whose results are not in the release:
        ``{model: number}`` or ``{model: {"full": number}}``.

    Returns
    -------
    dict
        Empty where the release has no results on Let It Wag!.
    """
    path = release.let_it_wag_path
    if not path.is_file():
        return {}
    wagged = release.overall(path)
    known = _imagenet(release, imagenet)
    paired = {model: (known[model], score) for model, score in wagged.items() if model in known}
    pairs = np.array(list(paired.values()), np.float64).reshape(-1, 2)
    table: Table = {
        "models": {_name(model): list(pair) for model, pair in paired.items()},
        "n_classes": _classes(release),
        "models_without_imagenet": [_name(model) for model in wagged if model not in paired],
    }
    return table | _lines(pairs[:, 0], pairs[:, 1])


def _lines(imagenet: Floats, wag: Floats) -> Table:
    """Two lines parted at 50 % ImageNet accuracy, the correlation, and the gaps."""
    low = imagenet < HALF
    gap = imagenet - wag
    has = len(gap) > 0
    found: Table = {}
    for name, part in (("below50", low), ("above50", ~low)):
        slope, intercept = _line(imagenet[part], wag[part])
        found |= {
            f"slope_{name}": slope,
            f"intercept_{name}": intercept,
            f"n_{name}": int(sum(part)),
        }
    return found | {
        "pearson_all": json_ready(correlation(imagenet, wag)[0]),
        "mean_gap": float(gap.mean()) if has else None,
        "min_gap": float(gap.min()) if has else None,
        "max_gap": float(gap.max()) if has else None,
    }


def _line(x: Floats, y: Floats) -> tuple[float | None, float | None]:
    """Least squares, or nothing where models are too few or have one accuracy."""
    if len(x) < FEWEST_MODELS or np.ptp(x) == 0:
        return None, None
    centred = x - x.mean()
    slope = float(centred @ (y - y.mean()) / (centred @ centred))
    return slope, float(y.mean() - slope * x.mean())


def _imagenet(release: Release, more: Path | None) -> dict[Model, float]:
    path = release.result_path("zs", IMAGENET, "ensemble")
    found = dict(release.overall(path)) if path.is_file() else {}
    if more is not None:
        if not more.is_file():
            raise FileNotFoundError(f"{more}: no such file; --imagenet takes a JSON file")
        for key, value in read_json(more).items():
            score = mapping(value, more, key).get("full") if isinstance(value, dict) else value
            found[_model(key, more)] = number(score, more, f"the accuracy of {key!r}")
    return found


def _model(key: str, path: Path) -> Model:
    """A model named as released, or as this table names it: ``MODEL|CORPUS``."""
    name, bar, corpus = key.partition("|")
    return Model(name, corpus) if bar else Model.parse(key, path)


def _name(model: Model) -> str:
    return f"{model.name}|{model.corpus}"


def _classes(release: Release) -> int | None:
    path = release.let_it_wag_classes_path
    if not path.is_file():
        return None
    return sum(1 for one in path.read_text(encoding="utf-8").splitlines() if one.strip())
