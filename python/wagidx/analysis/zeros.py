"""What a frequency of zero means on a logarithmic axis.

log10(0) does not exist, so each rule is a decision, and decisions stand side by side:

=============  ===============================================================================
``floor``      0 counts as 1, the study's rule. The slope then depends on the corpus' size:
               multiply all counts by 1,000 and the zeros stay where they are
``drop``       rows with a count of 0 are left out
``offset``     ``log10(count + c)``
``indicator``  the zeros get an intercept of their own, so that they say nothing about the slope
=============  ===============================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wagidx.analysis.rows import Floats
from wagidx.exceptions import FitError

__all__ = ["RULES", "Axis", "axis"]

RULES = ("floor", "drop", "offset", "indicator")


@dataclass(frozen=True)
class Axis:
    """Frequencies made ready for a regression.

    Attributes
    ----------
    keep : numpy.ndarray of bool, shape (n,)
        The rows that stay.
    x : numpy.ndarray of float64, shape (m,)
        Of the rows that stay.
    zero : numpy.ndarray of float64, shape (m,), or None
        1 where the count is 0, where the rule gives the zeros an intercept and there are any.
    """

    keep: NDArray[np.bool_]
    x: Floats
    zero: Floats | None = None


def axis(count: Floats, rule: str = "floor", offset: float = 1.0) -> Axis:
    """Place counts on a log10 axis.

    Parameters
    ----------
    count : numpy.ndarray of float64, shape (n,)
        Frequencies.
    rule : str
        One of `RULES`.
    offset : float
        What `offset` adds, above 0.

    Raises
    ------
    FitError
        The rule is unknown or the offset is not positive.
    """
    zero = count <= 0
    keep = np.ones(len(count), bool)
    floored = np.log10(np.maximum(count, 1.0))
    if rule == "floor":
        return Axis(keep, floored)
    if rule == "drop":
        return Axis(~zero, floored[~zero])
    if rule == "indicator":
        mixed = zero.any() and not zero.all()
        return Axis(keep, floored, zero.astype(np.float64) if mixed else None)
    if rule != "offset" or not offset > 0:
        known = ", ".join(RULES)
        raise FitError(
            f"zero rule {rule!r} with offset {offset}: choose one of {known}, offset above 0"
        )
    return Axis(keep, np.log10(count + offset))
