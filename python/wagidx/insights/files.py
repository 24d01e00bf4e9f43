"""A tail or correlations as files in a new folder: JSON, CSV, PNG and SVG."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wagidx.durable import new_folder
from wagidx.insights.correlation import CorrelationResult
from wagidx.insights.figures import correlation_figure, tail_figure
from wagidx.insights.tail import TailResult
from wagidx.plots import save
from wagidx.spreadsheet import spreadsheet_safe

__all__ = ["write_correlation", "write_tail"]


def write_tail(result: TailResult, folder: Path, *, found: Mapping[str, Any] | None = None) -> None:
    """Write tail.json, tail.csv (rank, concept, count, rank of the law), tail.png and tail.svg.

    Parameters
    ----------
    result : TailResult
        What to write.
    folder : Path
        New or empty; appears only when complete.
    found : mapping, optional
        Content of the JSON file; by default `result.to_dict()`.

    Raises
    ------
    FileExistsError
        The folder is not empty.
    """
    ranked = result.ranked
    fitted = result.fitted_rank(np.array([count for _, count in ranked], np.float64))
    rows = (
        (rank, spreadsheet_safe(name), count, "" if law != law else f"{law:.12g}")
        for rank, ((name, count), law) in enumerate(zip(ranked, fitted.tolist()), start=1)
    )
    with new_folder(folder) as partial:
        _json(partial / "tail.json", result.to_dict() if found is None else found)
        _csv(partial / "tail.csv", ("rank", "concept", "count", "rank_of_power_law"), rows)
        save(tail_figure(result), partial, "tail")


def write_correlation(
    result: CorrelationResult, folder: Path, *, found: Mapping[str, Any] | None = None
) -> None:
    """Write correlation.json, correlation.csv (a row a pair), counts.csv (a row a name and pair),
    correlation.png and correlation.svg; parameters and errors as `write_tail`."""
    pairs = [pair.to_dict() for pair in result.pairs]
    rows = ([cell for key in pair for cell in _cells(key, pair[key])] for pair in pairs)
    head = [name for key in pairs[0] for name in _columns(key)]
    names = (
        (*map(spreadsheet_safe, (pair.a, pair.b, name)), f"{x:.12g}", f"{y:.12g}")
        for pair in result.pairs
        for name, (x, y) in zip(pair.names, pair.counts.tolist())
    )
    with new_folder(folder) as partial:
        _json(partial / "correlation.json", result.to_dict() if found is None else found)
        _csv(partial / "correlation.csv", head, rows)
        _csv(partial / "counts.csv", ("a", "b", "concept", "count_a", "count_b"), names)
        save(correlation_figure(result), partial, "correlation")


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _columns(key: str) -> list[str]:
    """An interval takes two columns."""
    return [f"{key}_low", f"{key}_high"] if key.endswith("_ci95") else [key]


def _cells(key: str, value: Any) -> list[Any]:
    if key.endswith("_ci95"):
        return [f"{bound:.12g}" for bound in value] if value else ["", ""]
    if isinstance(value, str):
        return [spreadsheet_safe(value)]
    return [f"{value:.12g}" if isinstance(value, float) else value]
