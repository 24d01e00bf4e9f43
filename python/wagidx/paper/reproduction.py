"""Everything a release gives, gathered: every panel's statistics and the four tables."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from wagidx.analysis.tail_law import TailLaw
from wagidx.exceptions import SourceError
from wagidx.json_values import json_ready
from wagidx.paper.panels import Incomplete, Panel, incomplete_panels, lacking_of, panels_of
from wagidx.paper.questions import Questions, answered, concerns
from wagidx.paper.release import Release
from wagidx.paper.resampled import adjusted, resampled
from wagidx.paper.statistics import PanelStatistics, statistics
from wagidx.paper.tables import (
    correlation_table,
    let_it_wag_table,
    long_tail_table,
    misalignment_table,
    tail_laws,
)
from wagidx.processes import Processes

__all__ = ["Reproduction", "reproduce"]

Resample = Literal["main", "all", "none"]


@dataclass(frozen=True)
class Reproduction:
    """The study's panels and tables, recomputed.

    Attributes
    ----------
    panels : list of PanelStatistics
        One for each panel whose files are there.
    missing : list of Incomplete
        Panels that lack some of their files.
    unread : tuple of str
        Files among the counts whose names say nothing.
    long_tail, misalignment, correlation, let_it_wag : dict
        The tables; see `wagidx.paper.tables`.
    tail_laws : dict of str to TailLaw or None, or None
        Power laws of the tails, by corpus and kind of count.
    questions : Questions or None
        The further questions. Both None for one panel alone, or without resampling.
    """

    panels: list[PanelStatistics]
    missing: list[Incomplete]
    unread: tuple[str, ...]
    long_tail: dict[str, Any]
    misalignment: dict[str, Any]
    correlation: dict[str, Any]
    let_it_wag: dict[str, Any]
    tail_laws: dict[str, TailLaw | None] | None = None
    questions: Questions | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it under the names of `docs/json.md`."""
        return {
            "panels": {panel.key: panel.to_json() for panel in self.panels},
            "missing": {one.name: list(one.lacking) for one in self.missing},
            "unread": list(self.unread),
            "long_tail": self.long_tail,
            "misalignment": self.misalignment,
            "correlation": self.correlation,
            "let_it_wag": self.let_it_wag,
            "tail_laws": self._laws(),
            "questions": None if self.questions is None else self.questions.to_json(),
        }

    def _laws(self) -> dict[str, Any] | None:
        if self.tail_laws is None:
            return None
        return {key: law and json_ready(law.to_dict()) for key, law in self.tail_laws.items()}


def _computed(
    release: Release, key: str | None, resample: Resample
) -> tuple[list[PanelStatistics], list[Panel]]:
    """Statistics of the panels asked for, and those panels that the further questions concern."""
    found, concerned = [], []
    for panel in panels_of(release):
        if key in (None, panel.key):
            wanted = resample == "all" or (resample == "main" and panel.main)
            again = resampled(panel) if wanted else None
            found.append(replace(statistics(panel), resampled=again))
            if key is None and resample != "none" and concerns(panel, every=resample == "all"):
                concerned.append(panel)
    return _adjusted(found), concerned


def _adjusted(panels: list[PanelStatistics]) -> list[PanelStatistics]:
    """Permutation p's adjusted over the panels of each task."""
    for task in sorted({panel.task for panel in panels}):
        family = [
            (i, panel.resampled)
            for i, panel in enumerate(panels)
            if panel.task == task and panel.resampled is not None
        ]
        for (i, _), better in zip(family, adjusted([one for _, one in family])):
            panels[i] = replace(panels[i], resampled=better)
    return panels


def reproduce(
    release: str | os.PathLike[str] | Release,
    *,
    panel: str | None = None,
    imagenet: str | os.PathLike[str] | None = None,
    resample: Resample = "main",
    processes: int | None = 1,
) -> Reproduction:
    """Recompute the study's panels and tables from its released files.

    Parameters
    ----------
    release : path or Release
        Folder in the layout of the authors' repository: a clone, or any part of one.
    panel : str, optional
        Key of the one panel to compute; all by default.
    imagenet : path, optional
        JSON of ImageNet accuracies that the release lacks; see `let_it_wag_table`.
    resample : {"main", "all", "none"}
        Panels whose scores are shuffled, whose names are resampled, and which the further
        questions are asked of: those of the main figures, all, or none. With none there are no
        power laws of the tails either.
    processes : int or None
        How many fit these power laws; None as many as CPUs this process may use. One alone is
        this process.

    Returns
    -------
    Reproduction

    Raises
    ------
    SourceError
        A file is absent, cut or holds what is no number; or there is no such panel.
    """
    data = release if isinstance(release, Release) else Release(Path(release))
    how: Resample = "all" if panel is not None and resample == "main" else resample
    further = panel is None and how != "none"
    with Processes("reproduce", processes) as beside:
        laws = tail_laws(data, beside) if further else None
        panels, concerned = _computed(data, panel, how)
        if panel is not None and not panels:
            raise _absent(data, panel)
        return Reproduction(
            panels=panels,
            missing=incomplete_panels(data),
            unread=data.unnamed,
            long_tail=long_tail_table(data),
            misalignment=misalignment_table(data),
            correlation=correlation_table(data),
            let_it_wag=let_it_wag_table(data, None if imagenet is None else Path(imagenet)),
            questions=answered(data, concerned) if further else None,
            tail_laws=None if laws is None else {key: law.result() for key, law in laws.items()},
        )


def _absent(release: Release, panel: str) -> SourceError:
    """Why a release does not have a panel."""
    if lacking := lacking_of(release, panel):
        names = ", ".join(lacking)
        return SourceError(f"{release.folder}: the panel {panel!r} lacks {names}; add the files")
    return SourceError(
        f"{release.folder}: has no panel {panel!r}; "
        "'wagidx reproduce RELEASE --json' lists those it has"
    )
