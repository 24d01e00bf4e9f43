"""What was recomputed, as files that other programs read."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wagidx.paper.figures import draw_panels, draw_tables
from wagidx.paper.panels import panels_of
from wagidx.paper.release import Release
from wagidx.paper.reproduction import Reproduction

__all__ = ["write"]


def write(
    found: Reproduction, release: Release, folder: Path, *, all_figures: bool = False
) -> None:
    """Write panels, tables and figures into a new folder, which appears only when it is whole.

    ``reproduction.json`` holds all of it, ``panels.csv`` a line for each panel, and a CSV file each
    the tables. Below ``figures`` stand the panels of the main figures, or all of them, and a figure
    for each table, as PNG and SVG.

    Raises
    ------
    FileExistsError
        The folder is there already: nothing is overwritten.
    """
    if folder.exists():
        raise FileExistsError(f"{folder}: is there already; remove it or choose another -o")
    partial = folder.with_name(f".{folder.name}.part{os.getpid()}")
    partial.mkdir(parents=True)
    try:
        _fill(found, partial)
        _draw(found, release, partial / "figures", all_figures)
        os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fill(found: Reproduction, folder: Path) -> None:
    text = json.dumps(found.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "reproduction.json").write_text(text + "\n", encoding="utf-8")
    _csv(folder / "panels.csv", [{"key": one.key} | one.to_json() for one in found.panels])
    _csv(folder / "long_tail.csv", _flat(found.long_tail, ("counts", "rows")))
    _csv(folder / "correlation.csv", _flat(found.correlation, ("corpora", "kind")))
    _csv(folder / "misalignment.csv", _flat(found.misalignment, ("corpus",)))
    models = found.let_it_wag.get("models", {})
    _csv(
        folder / "let_it_wag.csv",
        [{"model": m, "imagenet": pair[0], "let_it_wag": pair[1]} for m, pair in models.items()],
    )


def _draw(found: Reproduction, release: Release, folder: Path, all_figures: bool) -> None:
    folder.mkdir()
    said = {one.key: one for one in found.panels if all_figures or one.main}
    draw_panels((panel for panel in panels_of(release) if panel.key in said), said, folder)
    draw_tables(release, found, folder)


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
    if isinstance(value, list):
        return " ".join("" if one is None else str(one) for one in value)
    return value
