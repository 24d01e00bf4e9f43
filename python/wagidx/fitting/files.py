"""A fit as files: fit.json, rows.parquet, residuals.csv, fit.png and fit.svg."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wagidx.analysis.rows import Floats
from wagidx.durable import new_folder
from wagidx.fitting.result import FitResult, ModelFit
from wagidx.plots import BLUE, VERMILION, Figure, bin_marks, new_figure, save
from wagidx.spreadsheet import spreadsheet_safe

__all__ = ["fit_figure", "folder_name", "write_fit"]

SHOWN = 25
"""Rows above and below the line in residuals.csv."""


def folder_name(model: str) -> str:
    """A model's name as that of a folder."""
    safe = "".join(c if c.isalnum() or c in "-_.=" else "_" for c in model).lstrip(".")
    return safe[:100] or "model"


def write_fit(result: FitResult, folder: Path) -> None:
    """Write a fit into a new or empty folder, with one subfolder per model if there are several.

    Parameters
    ----------
    result : FitResult
        What to write.
    folder : Path
        New or empty; appears only when complete.

    Raises
    ------
    FileExistsError
        The folder is not empty.
    """
    with new_folder(folder) as partial:
        if len(result.by_model) == 1:
            _write(result.only, partial)
            return
        for number, (name, fit) in enumerate(result.by_model.items()):
            own = partial / folder_name(name)
            own = own.with_name(f"{own.name}-{number}") if own.exists() else own
            own.mkdir()
            _write(fit, own)


def _write(fit: ModelFit, folder: Path) -> None:
    text = json.dumps(fit.to_dict(), indent=1, ensure_ascii=False)
    (folder / "fit.json").write_text(text + "\n", encoding="utf-8")
    table = _rows(fit)
    pq.write_table(table, folder / "rows.parquet")
    _residuals(table, folder / "residuals.csv")
    save(fit_figure(fit), folder, "fit")


def _rows(fit: ModelFit) -> pa.Table:
    rows = fit.joined.rows
    return pa.table(
        {
            "dataset": pa.array(rows.dataset.tolist(), pa.string()),
            "concept": pa.array(rows.concept.tolist(), pa.string()),
            "count": rows.count.astype(np.int64) if _whole(rows.count) else rows.count,
            "score": rows.score,
            "fitted": fit.fitted,
            "residual": fit.residual,
        }
    )


def _whole(counts: Floats) -> bool:
    """Whether all counts are whole numbers that a float tells apart."""
    return bool((counts == np.floor(counts)).all() and counts.max() <= 1 << 53)


def _residuals(table: pa.Table, path: Path) -> None:
    """The rows farthest above the line, the farthest first, then those farthest below it."""
    order = np.argsort(table["residual"].to_numpy(), kind="stable")
    half = min(SHOWN, len(order) // 2)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["side", *table.column_names])
        for side, chosen in (("above", order[::-1][:half]), ("below", order[:half])):
            for row in table.take(pa.array(chosen)).to_pylist():
                cells = [_cell(value) for value in row.values()]
                writer.writerow([side, *cells])


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return spreadsheet_safe(value)
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def fit_figure(fit: ModelFit) -> Figure:
    """Every row, the pooled line with its two 95 % intervals, and the bins of the binned r."""
    figure = new_figure(7, 5)
    rows, line, r = fit.joined.rows, fit.line, fit.binned.pearson_r
    axes = figure.add_subplot()
    axes.plot(
        np.maximum(rows.count, 1), rows.score, ".", markersize=5, alpha=0.35, color=BLUE,
        markeredgewidth=0, rasterized=True, label=f"{len(rows):,} rows",
    )  # fmt: skip
    grid = np.logspace(line.lowest, line.highest, 60)
    points = [line.at(float(count)) for count in grid]
    axes.plot(grid, [p.fitted for p in points], color="black", label=f"{line.slope:.2f} per decade")
    for name, pairs, alpha in (
        ("confidence band of the mean, 95 %", [p.mean_ci95 for p in points], 0.25),
        ("prediction band of a new concept, 95 %", [p.new_ci95 for p in points], 0.08),
    ):
        low, high = np.array(pairs).T
        axes.fill_between(grid, low, high, color="black", alpha=alpha, linewidth=0, label=name)
    shown = f"bins of the binned r = {r:.2f}" if math.isfinite(r) else "bins of the binned r"
    chosen = fit.binned.recipe.slice
    bin_marks(axes, fit.binned.bins, chosen, color=VERMILION, size=6, label=shown)
    axes.set(
        xscale="log",
        xlabel="captions with the concept (0 shown as 1)",
        ylabel="score, in the unit of the input",
    )
    figure.legend(frameon=False, fontsize="small", loc="outside upper center", ncols=2)
    return figure
