"""What `wagidx reproduce -o` leaves behind: files, figures and the report, in a new folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from wagidx.durable import new_folder
from wagidx.paper.panels import Panel, panels_of
from wagidx.paper.release import Release
from wagidx.paper.reproduction import Reproduction
from wagidx.paper.statistics import PanelStatistics
from wagidx.paper.written import draw, write_files
from wagidx.report.numbers import correlations
from wagidx.report.section import Figure
from wagidx.report.study import study_report

__all__ = ["write_folder"]

EMBEDDED = 20_000_000
"""Bytes of figures that the report holds, so that it stays below 30 MB once they are encoded."""

CAPTIONS = {
    "long-tail": "Counts by rank, relative to the largest count, both axes logarithmic; the "
    "legend gives the share of concepts with a count of 0.",
    "correlation": "Spearman's rank correlation of the counts of two corpora, by kind of count.",
    "misalignment": "Pairs whose text and image share no concept, in percent, by corpus and "
    "denominator.",
    "let-it-wag": "Top-1 accuracy on Let It Wag! against ImageNet, percent, one mark per model, "
    "with a line on either side of 50 % if there are enough models.",
}
PANELS = (
    "Grey: a concept of a dataset. Blue: bin means, filled if used for the binned r, a cross for "
    "an empty bin that counts as 0, with their line. Orange: concept-level regression with the "
    "95 % confidence band of its mean, rows assumed independent. Horizontal axis logarithmic, a "
    "count of 0 as 1."
)


def write_folder(
    found: Reproduction,
    release: Release,
    folder: Path,
    *,
    all_figures: bool = False,
    flags: Sequence[str] = (),
    processes: int | None = 1,
) -> None:
    """Write all of it into a new folder, which appears only when it is whole.

    ``report.html`` is to be read first; `wagidx.paper.written` says what the other files are. Below
    ``figures`` stand the panels of the main figures, or all of them, and a figure for each table,
    as PNG and SVG, drawn in as many `processes`, or None for the CPUs this process may use. `flags`
    are those of `wagidx reproduce` that were given, for the commands in the report.

    Raises
    ------
    FileExistsError
        The folder already exists; nothing is overwritten.
    """
    with new_folder(folder) as partial:
        chosen = panels_of(release) if all_figures else None
        _fill(found, release, partial, chosen, flags, processes)


def _fill(
    found: Reproduction,
    release: Release,
    folder: Path,
    chosen: Iterable[Panel] | None,
    flags: Sequence[str],
    processes: int | None,
) -> None:
    """Draw the panels chosen, by default those of the main figures."""
    main: list[Panel] = []
    write_files(found, _kept(panels_of(release), main), folder)
    (folder / "figures").mkdir()
    shown = main if chosen is None else chosen
    drawn = draw(found, release, shown, folder / "figures", processes=processes)
    figures, beside = _figures(found, drawn, folder / "figures")
    text = study_report(found, release, main, figures, beside, flags)
    (folder / "report.html").write_text(text, encoding="utf-8")


def _kept(panels: Iterable[Panel], main: list[Panel]) -> Iterator[Panel]:
    """The same panels, those of the main figures kept, so that all are made only once more."""
    for panel in panels:
        if panel.main:
            main.append(panel)
        yield panel


def _figures(
    found: Reproduction, drawn: Mapping[str, Sequence[str]], folder: Path
) -> tuple[dict[str, list[Figure]], list[str]]:
    """Figures by table or task, as far as there is room, and the names of those left beside."""
    said = {one.key: one for one in found.panels}
    figures: dict[str, list[Figure]] = {}
    beside, room = [], EMBEDDED
    for name, keys in sorted(drawn.items(), key=lambda one: bool(one[1])):
        panels = [said[key] for key in keys]
        path = folder / f"{name}.svg"
        size = path.stat().st_size
        if size > room or not all(panel.main for panel in panels):
            beside.append(name)
            continue
        room -= size
        svg = path.read_text(encoding="utf-8")
        place = panels[0].task if panels else name
        figures.setdefault(place, []).append(_figure(name, panels, svg))
    return figures, beside


def _figure(name: str, panels: Sequence[PanelStatistics], svg: str) -> Figure:
    if not panels:
        return Figure(CAPTIONS[name], CAPTIONS[name] + " The numbers are in the table.", svg)
    first = panels[0]
    models = list(dict.fromkeys(panel.model for panel in panels))
    title = f"{first.corpus}, {first.variant} ({first.unit}): {', '.join(models)}."
    heard = (
        f"{len(panels)} panels on {first.corpus}. r of bin means "
        f"{correlations(panel.pearson_r for panel in panels)}; r of concepts "
        f"{correlations(panel.concept_pearson_r for panel in panels)}. "
        "The numbers are in the table."
    )
    return Figure(f"{title} {PANELS} Also saved as figures/{name}.png.", heard, svg)
