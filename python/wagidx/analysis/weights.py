"""Weights for scores measured on few samples.

A score s on n samples has a sampling variance of s (1 - s) / n, but concepts differ for other
reasons too, by a variance tau2 that more samples do not shrink. Weights of n alone forget tau2 and
hand the fit to the few concepts with most samples; ``1 / (tau2 + s (1 - s) / n)`` does not.
"""

from __future__ import annotations

import numpy as np

from wagidx.analysis.regression import Line
from wagidx.analysis.rows import Floats, Rows
from wagidx.exceptions import FitError

__all__ = ["score_scale", "score_weights"]


def score_scale(score: Floats) -> float | None:
    """What a perfect score is: 1 for fractions, 100 for percent, None where it is neither."""
    if score.min() < 0 or score.max() > 100:
        return None
    return 1.0 if score.max() <= 1 else 100.0


def score_weights(rows: Rows, line: Line) -> tuple[Floats, float]:
    """Weights of shape ``(n,)`` and tau2, the variance between concepts, in squared units of score.

    Parameters
    ----------
    rows : Rows
        With `samples`, above 0, and scores that are fractions or percent.
    line : Line
        Unweighted, on the same rows; what its residuals exceed sampling by is tau2, and a
        thousandth of their variance at least, so that no row gets all the weight.

    Raises
    ------
    FitError
        Samples are missing, or the scores are no shares.
    """
    scale = score_scale(rows.score)
    if rows.samples is None or not (rows.samples > 0).all() or scale is None:
        raise FitError("weights need n above 0 and scores in fractions or percent")
    # Half a success more keeps a score of 0 or 1 from claiming that it has no sampling error.
    share = (rows.score / scale * rows.samples + 0.5) / (rows.samples + 1)
    sampling = share * (1 - share) / rows.samples * scale**2
    tau2 = max(line.variance - float(sampling.mean()), line.variance / 1000)
    if not tau2 > 0:
        return np.ones(len(rows)), 0.0
    return np.asarray(1 / (tau2 + sampling), np.float64), tau2
