"""Do concepts seen in images alone, or in captions alone, tell more than joint counts do?

A pair counts as *joint* where text and image both hold the concept. Image-only pairs are the
image's less the joint ones, text-only pairs the text's less the joint ones; alignment is the joint
share of either. Each is added to ``score ~ dataset + log10 max(joint, 1) + [joint = 0]``.

Joint counts hold errors of a tagger and of a lemmatiser. Such noise alone makes a second count look
needed, so each answer stands beside what it would be were the joint counts less reliable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wagidx.analysis.measurement import ErrorsInFrequency, errors_in_frequency
from wagidx.analysis.nested import Nested, log_terms, nested
from wagidx.analysis.regression import clustered, least_squares
from wagidx.analysis.rows import Floats, Rows, codes
from wagidx.exceptions import FitError
from wagidx.paper.panels import Panel
from wagidx.paper.protocol import MAIN_KINDS
from wagidx.paper.questions.aligned import aligned, grouped, name_of

__all__ = ["PREDICTORS", "Extra", "Predictor", "extras"]

TEXT, IMAGE, JOINT = MAIN_KINDS

PREDICTORS = ("image_only", "text_only", "joint_per_text", "joint_per_image")


@dataclass(frozen=True)
class Predictor:
    """What one further count or share adds to the joint counts.

    Attributes
    ----------
    name : str
        One of `PREDICTORS`.
    n_negative : int
        Rows whose joint count is larger than the one it is a part of; treated as equal.
    nested : Nested
        Units of score: per tenfold count, or for a share of 1 instead of 0.
    errors : ErrorsInFrequency or None
        The same with joint counts less reliable; None where `nested` has a note.
    """

    name: str
    n_negative: int
    nested: Nested
    errors: ErrorsInFrequency | None


@dataclass(frozen=True)
class Extra:
    """The answers for one model.

    Attributes
    ----------
    key, unit : str
        The panel's without the kind of count, and the unit of its scores.
    n, n_zero : int
        Rows, and those with a joint count of 0.
    attenuation : ErrorsInFrequency or None
        The slope of joint counts alone by their reliability.
    predictors : list of Predictor
    """

    key: str
    unit: str
    n: int
    n_zero: int
    attenuation: ErrorsInFrequency | None
    predictors: list[Predictor]


def extras(panels: Sequence[Panel]) -> Iterator[Extra]:
    """The answers for every model whose text, image and joint counts have the same datasets."""
    for _, same in grouped(panels, "kind"):
        kinds = {panel.kind: panel for panel in same}
        if kinds.keys() >= set(MAIN_KINDS):
            yield _extra(*(kinds[kind] for kind in (TEXT, IMAGE, JOINT)))


def _extra(text: Panel, image: Panel, joint: Panel) -> Extra:
    words, pixels, both = aligned([text.rows, image.rows, joint.rows])
    group = codes(both.dataset)
    df = None
    try:
        indicator = log_terms(both.count)[:, 1:]
        beside = indicator if indicator.any() else None
        line = least_squares(both.log10_count, both.score, group=group, beside=beside)
        df = clustered(line, group).df
        attenuation = errors_in_frequency(both.count, both.score, group=group, df=df)
    except FitError:
        attenuation = None
    return Extra(
        key=name_of(joint, "kind"),
        unit=joint.unit,
        n=len(both),
        n_zero=int((both.count <= 0).sum()),
        attenuation=attenuation,
        predictors=[
            _predictor("image_only", both, pixels.count),
            _predictor("text_only", both, words.count),
            _predictor("joint_per_text", both, words.count),
            _predictor("joint_per_image", both, pixels.count),
        ],
    )


def _predictor(name: str, joint: Rows, whole: Floats) -> Predictor:
    """`whole` are the counts that the joint ones are a part of."""
    further = _terms(name, joint.count, whole)
    found = nested(
        joint.score,
        log_terms(joint.count),
        further,
        dataset=joint.dataset,
        concept=joint.concept,
    )
    errors = None
    if found.note is None:
        wald = found.wald
        df = None if wald.df1 is None or wald.df2 is None else wald.df2 + wald.df1 - 1
        errors = errors_in_frequency(
            joint.count, joint.score, group=codes(joint.dataset), further=further, df=df
        )
    return Predictor(name, int((whole < joint.count).sum()), found, errors)


def _terms(name: str, joint: Floats, whole: Floats) -> Floats:
    if name.endswith("_only"):
        return log_terms(np.maximum(whole - joint, 0.0))
    # Where the whole is 0 so is the part, and [joint = 0] has an intercept for it.
    return np.minimum(joint / np.maximum(whole, 1.0), 1.0)[:, None]
