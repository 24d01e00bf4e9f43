"""What short accounts of the study get wrong, beside what its files say."""

from __future__ import annotations

from wagidx.paper.protocol import MAIN_KINDS
from wagidx.paper.quoted import LET_IT_WAG
from wagidx.paper.reproduction import Reproduction
from wagidx.report.numbers import NONE, integer

__all__ = ["told_wrongly"]


def told_wrongly(found: Reproduction) -> list[tuple[str, str, str]]:
    """What is told of the study, what can be counted in this release, and a note."""
    main = [one for one in found.panels if one.main]
    kinds = {kind: sum(one.kind == kind for one in main) for kind in MAIN_KINDS}
    by_kind = ", ".join(f"{integer(n)} by {kind}" for kind, n in kinds.items())
    counts = {(one.corpus, one.kind, one.task) for one in main}
    scores = {(one.corpus, one.model, one.task, one.variant) for one in main}
    classes = found.let_it_wag.get("n_classes")
    return [
        (
            "Let It Wag! has 34 concepts",
            f"Its class list names {integer(classes)}." if classes else f"{NONE} no class list",
            "34 is the number of models whose scores the trend rests on: 10 CLIP and 24 "
            f"text-to-image models. Let It Wag! was tried on {LET_IT_WAG['models']:g}.",
        ),
        (
            "Frequencies were counted in text only",
            f"Main panels of this release: {by_kind}.",
            "The study's main axis counts pairs with the concept in both text and image.",
        ),
        (
            "The trend was found in 16 configurations",
            f"{integer(len(main))} main panels of this release share {len(counts)} sets of counts "
            f"and {len(scores)} sets of scores.",
            "16 is 8 plots of CLIP models and 8 of text-to-image models. Those that share counts, "
            "scores or concepts are not independent tests.",
        ),
    ]
