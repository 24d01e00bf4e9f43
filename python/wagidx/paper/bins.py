"""The bins of every panel as one table: a row for each bin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wagidx.analysis.binned import bin_means
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import recipe_of

__all__ = ["write_bins"]


def write_bins(panels: Iterable[Panel], folder: Path) -> None:
    """Write ``panel_bins.parquet``.

    Its columns are ``panel``, its key; ``bin``, from 0; ``right_edge``, as a frequency;
    ``mean`` and ``std`` of its scores, in the panel's unit, with divisor n and 0 where it has none;
    ``n``, its rows; and ``in_slice``, whether it enters the published correlation.
    """
    tables = [_table(panel) for panel in panels]
    if tables:
        pq.write_table(pa.concat_tables(tables), folder / "panel_bins.parquet")


def _table(panel: Panel) -> pa.Table:
    rows, recipe = panel.rows, recipe_of(panel.task, panel.corpus)
    number = recipe.n_bins
    bins = bin_means(np.log(np.maximum(rows.count, 1.0)), rows.score, number)
    within = np.zeros(number, bool)
    within[recipe.slice] = True
    return pa.table(
        {
            "panel": [panel.key] * number,
            "bin": np.arange(number),
            "right_edge": bins.right_edge,
            "n": bins.count,
            "mean": bins.mean,
            "std": bins.std,
            "in_slice": within,
        }
    )
