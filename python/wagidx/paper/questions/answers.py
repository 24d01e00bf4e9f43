"""The further questions, all of them asked of the panels of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from wagidx.json_values import json_ready
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import CONTROLS, MAIN_KINDS, SKETCH, is_main
from wagidx.paper.questions.controls import Comparison, comparisons, lacking_controls
from wagidx.paper.questions.extra import Extra, extras
from wagidx.paper.questions.scale import Scale, scales
from wagidx.paper.questions.sketch import Sketch, sketches
from wagidx.paper.questions.spread import Spread, spreads
from wagidx.paper.release import Release

__all__ = ["Questions", "answered", "concerns"]

JOINT = MAIN_KINDS[-1]


@dataclass(frozen=True)
class Questions:
    """What the released data say to the further questions.

    Attributes
    ----------
    extra : list of Extra
        Image-only and text-only counts and alignment, for each model.
    scale : list of Scale
        Models of one corpus, side by side.
    sketch : list of Sketch
        With and without ImageNet-Sketch.
    spread : list of Spread
        Datasets apart, and frequencies that go with scores.
    controls : list of Comparison
        Controlled corpora against their originals.
    missing_controls : dict of str to list of str
        Controlled corpora that no comparison is made of, and the files that they lack; none where
        only an original with the same model is wanting.
    partial_controls : dict of str to list of str
        Those that are compared, and the files that they lack for more.
    """

    extra: list[Extra]
    scale: list[Scale]
    sketch: list[Sketch]
    spread: list[Spread]
    controls: list[Comparison]
    missing_controls: dict[str, list[str]]
    partial_controls: dict[str, list[str]]

    def to_json(self) -> dict[str, Any]:
        """All of it under the names of `docs/json.md`; lists become objects by key."""
        found: dict[str, Any] = json_ready(asdict(self))
        for part in ("extra", "scale", "sketch", "spread"):
            found[part] = {one.pop("key"): one for one in found[part]}
        return found


def concerns(panel: Panel, *, every: bool = False) -> bool:
    """Whether a panel is asked: those of the main figures, in both row sets, or `every` variant."""
    if panel.kind not in MAIN_KINDS:
        return False
    if every or panel.main:
        return panel.task != "t2i" or panel.row_set == "min_samples>0"
    return panel.task == "zs" and is_main("zs", panel.kind, panel.variant, ())


def answered(release: Release, panels: Sequence[Panel]) -> Questions:
    """Ask everything of the panels that are concerned.

    Scale, ImageNet-Sketch and the datasets apart are asked of joint counts, the study's main axis.

    Parameters
    ----------
    release : Release
        Says which files of controlled corpora are missing.
    panels : sequence of Panel
        Those that `concerns`, with their rows.
    """
    published = [one for one in panels if one.has_published_row_set]
    joint = [one for one in published if one.kind == JOINT]
    without_sketch = [one for one in panels if one.task != "zs" or one.row_set == SKETCH[0]]
    controls, lacking = list(comparisons(published)), lacking_controls(release)
    compared = {one.control.corpus for one in controls}
    return Questions(
        extra=list(extras(without_sketch)),
        scale=list(scales(joint)),
        sketch=list(sketches([one for one in panels if one.kind == JOINT])),
        spread=list(spreads(joint)),
        controls=controls,
        missing_controls={
            one.corpus: lacking.get(one.corpus, [])
            for one in CONTROLS
            if one.corpus not in compared
        },
        partial_controls={name: files for name, files in lacking.items() if name in compared},
    )
