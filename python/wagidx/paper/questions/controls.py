"""The corpora made to test the trend, against those they were made from.

The study filtered LAION-400M of images that are close to test images, and trained a model on
captions and images that were generated. What either does to the trend is seen on the concepts that
both corpora were searched for, with the same model trained on each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wagidx.analysis.binned import binned_fit
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Floats, Pair, Rows, codes
from wagidx.exceptions import FitError
from wagidx.paper.panels import Panel, incomplete_panels
from wagidx.paper.protocol import CONTROLS, Control, recipe_of
from wagidx.paper.questions.aligned import aligned, name_of, pick
from wagidx.paper.release import Release

__all__ = ["Comparison", "Side", "comparisons", "lacking_controls"]


@dataclass(frozen=True)
class Side:
    """One corpus, over the rows that both have.

    Attributes
    ----------
    corpus : str
    mean_score : float
    n_zero : int
        Rows whose concept occurs nowhere.
    pearson_r, n_points
        Of bin means over the study's slice for this corpus, and the bins in it.
    within_slope, within_ci95_names, within_ci95_datasets
        With an intercept for each dataset, per tenfold count.
    """

    corpus: str
    mean_score: float
    n_zero: int
    pearson_r: float
    n_points: int
    within_slope: float
    within_ci95_names: Pair | None
    within_ci95_datasets: Pair | None


@dataclass(frozen=True)
class Comparison:
    """A controlled corpus and an original, the same model trained on each.

    Attributes
    ----------
    what : str
        What was done to the controlled corpus.
    key, unit : str
        The controlled corpus' panel, and the unit of its scores.
    n, names : int
        Rows and distinct names that both have.
    control, original : Side
    slope_difference, difference_ci95_names
        Controlled less original; the same drawn names in both.
    """

    what: str
    key: str
    unit: str
    n: int
    names: int
    control: Side
    original: Side
    slope_difference: float
    difference_ci95_names: Pair | None


def comparisons(panels: Sequence[Panel]) -> Iterator[Comparison]:
    """Every controlled panel against the same panel of each of its originals."""
    made = {control.corpus for control in CONTROLS}
    for control in CONTROLS:
        for panel in pick(panels, corpus=control.corpus):
            for other in panels:
                if other.corpus in made or (
                    control.originals and other.corpus not in control.originals
                ):
                    continue
                if name_of(panel, "corpus") == name_of(other, "corpus"):
                    yield from _compared(control, panel, other)


def _compared(control: Control, made: Panel, original: Panel) -> Iterator[Comparison]:
    tables = aligned([made.rows, original.rows])
    names = int(codes(tables[0].concept).max()) + 1
    try:
        drawn = [_draws(rows) for rows in tables]
        sides = [
            _side(panel, rows, one, names)
            for panel, rows, one in zip((made, original), tables, drawn)
        ]
    except FitError:
        return  # counts that do not vary within datasets have no slopes to compare
    yield Comparison(
        what=control.what,
        key=made.key,
        unit=made.unit,
        n=len(tables[0]),
        names=names,
        control=sides[0],
        original=sides[1],
        slope_difference=sides[0].within_slope - sides[1].within_slope,
        difference_ci95_names=concept_interval(drawn[0] - drawn[1], names).pair,
    )


def _draws(rows: Rows) -> Floats:
    return slope_draws(rows.log10_count, rows.score, codes(rows.concept), group=codes(rows.dataset))


def _side(panel: Panel, rows: Rows, drawn: Floats, names: int) -> Side:
    group = codes(rows.dataset)
    fit = binned_fit(rows.count, rows.score, recipe_of(panel.task, panel.corpus))
    line = least_squares(rows.log10_count, rows.score, group=group)
    return Side(
        corpus=panel.corpus,
        mean_score=float(rows.score.mean()),
        n_zero=int((rows.count <= 0).sum()),
        pearson_r=fit.pearson_r,
        n_points=fit.n_points,
        within_slope=line.slope,
        within_ci95_names=concept_interval(drawn, names).pair,
        within_ci95_datasets=clustered(line, group).pair,
    )


def lacking_controls(release: Release) -> dict[str, list[str]]:
    """For each controlled corpus that lacks files of any of its panels: which they are."""
    lacking = incomplete_panels(release)
    found = {}
    for control in CONTROLS:
        if control.corpus not in release.corpora:
            found[control.corpus] = [f"search_counts/*_{control.corpus}_*_search_counts.json"]
            continue
        own = [one for one in lacking if one.name.split("|")[1] == control.corpus]
        if own:
            found[control.corpus] = sorted({name for one in own for name in one.lacking})
    return found
