"""What was recomputed, as files that other programs read, and as figures."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wagidx.paper.bins import write_bins
from wagidx.paper.figures import Drawing, panel_drawings, table_drawings
from wagidx.paper.panels import Panel
from wagidx.paper.release import Release
from wagidx.paper.reproduction import Reproduction
from wagidx.processes import Processes

__all__ = ["draw", "write_files"]


def write_files(found: Reproduction, panels: Iterable[Panel], folder: Path) -> None:
    """Write panels, their bins and the tables into a folder; `panels` hold the rows to bin.

    ``reproduction.json`` holds all of it. ``panels.csv`` and ``panels.parquet`` have a row for each
    panel, ``panel_bins.parquet`` one for each bin of each panel, and a CSV file each the tables.
    """
    text = json.dumps(found.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "reproduction.json").write_text(text + "\n", encoding="utf-8")
    _panels(found, folder)
    keys = {one.key for one in found.panels}
    write_bins((panel for panel in panels if panel.key in keys), folder)
    _csv(folder / "long_tail.csv", _flat(found.long_tail, ("counts", "rows")))
    _csv(folder / "tail_laws.csv", list(_laws(found)))
    _csv(folder / "correlation.csv", _flat(found.correlation, ("corpora", "kind")))
    _csv(folder / "misalignment.csv", _flat(found.misalignment, ("corpus",)))
    models = found.let_it_wag.get("models", {})
    _csv(
        folder / "let_it_wag.csv",
        [{"model": m, "imagenet": pair[0], "let_it_wag": pair[1]} for m, pair in models.items()],
    )


def draw(
    found: Reproduction,
    release: Release,
    panels: Iterable[Panel],
    folder: Path,
    *,
    processes: int | None = 1,
) -> dict[str, tuple[str, ...]]:
    """Draw some panels, and a figure for each table, in as many processes; None as the CPUs.

    Returns
    -------
    dict of str to tuple of str
        The names of the figures, there as PNG and SVG; of a panel's figure the keys of its panels.
    """
    said = {one.key: one for one in found.panels}
    drawings = list(panel_drawings((panel for panel in panels if panel.key in said), said))
    drawings += table_drawings(release, found)
    with Processes("drawing", processes) as some:
        made = [some.submit(Drawing.drawn, one) for one in drawings]
        for one, figure in zip(drawings, made):
            figure.result().save(folder, one.name)
    return {one.name: one.keys for one in drawings}


def _panels(found: Reproduction, folder: Path) -> None:
    rows = [{"key": one.key} | one.to_json() for one in found.panels]
    _csv(folder / "panels.csv", rows)
    if rows:
        pq.write_table(pa.Table.from_pylist(rows), folder / "panels.parquet")


def _laws(found: Reproduction) -> Iterable[dict[str, Any]]:
    """A row for each power law; of the other forms whether they are nearer, and how sure."""
    for counts, law in (found.tail_laws or {}).items():
        if law is not None:
            row = law.to_dict()
            others = row.pop("others")
            said = {(one["form"], name): one[name] for one in others for name in ("p", "nearer")}
            yield {"counts": counts} | row | {" ".join(key): value for key, value in said.items()}


def _flat(table: Mapping[str, Any], levels: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a table of tables: the keys of the outer ones become columns named `levels`."""
    if len(levels) > 1:
        return [
            {levels[0]: key} | row
            for key, inner in table.items()
            for row in _flat(inner, levels[1:])
        ]
    return [{levels[0]: key} | dict(_leaves(row)) for key, row in table.items()]


def _leaves(row: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{name} ")
        else:
            yield f"{before}{name}", value


def _csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of the same columns; a list becomes its items with a blank between them."""
    if not rows:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return " ".join("" if one is None else str(one) for one in value)
    return value
