"""`wagidx.tail`: how unequal concept frequencies are, and which power law fits their upper part.

A chosen list of concepts is not a sample of a vocabulary. All results describe the given names; an
interval shows the variation over other names of the same kind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wagidx.analysis.distributions import share_interval
from wagidx.analysis.power_law import FEWEST
from wagidx.analysis.rows import Floats
from wagidx.analysis.tail_law import TailLaw, tail_law
from wagidx.analysis.tally import Tally
from wagidx.analysis.unequal import Measure, below_largest, decades, measures
from wagidx.exceptions import FitError
from wagidx.fitting.frequencies import Frequencies, read_frequencies

__all__ = ["TailResult", "tail"]

TOP = (0.01, 0.05, 0.1, 0.2, 0.5)
"""Shares of the names whose share of all occurrences is reported."""

BELOW = (1, 2, 3, 4)
"""For each k the share of names below 10^-k of the largest count is reported."""

TOO_FEW = f"under {FEWEST} names occur, or all their counts are equal: too few for a power law"
"""Why there is no power law."""

LARGEST = float(1 << 53)
"""The largest integer up to which a float distinguishes every integer."""


@dataclass(frozen=True)
class TailResult:
    """Description of a list of counts.

    Attributes
    ----------
    source : str
        The origin of the counts.
    frequencies : Frequencies
        The counts by name.
    tally : Tally
        The same as distinct counts.
    n, n_nonzero : int
        Distinct names, and those that occur.
    zero_share : Measure
        Share of the names that occur nowhere, with Wilson's interval.
    gini : Measure
        Zeros included; 0 if all counts are equal, near 1 if one name has all occurrences.
    top : dict of float to Measure
        By share of the names: the share of all occurrences held by the most frequent of them.
    below_max : dict of int to Measure
        By k: the share of names with a count below 10^-k of the largest, zeros included.
    decades : list of (float, float, int)
        Smallest count, exclusive upper bound, number of names.
    law : TailLaw or None
        None if `law_note` says why.
    draws, seed : int
        Bootstrap resamples for the intervals, and the random seed.
    """

    source: str
    frequencies: Frequencies = field(repr=False)
    tally: Tally = field(repr=False)
    n: int
    n_nonzero: int
    zero_share: Measure
    gini: Measure
    top: dict[float, Measure]
    below_max: dict[int, Measure]
    decades: list[tuple[float, float, int]]
    law: TailLaw | None
    law_note: str | None
    draws: int
    seed: int

    @property
    def ranked(self) -> list[tuple[str, int]]:
        """Names and counts, the most frequent first, equal ones by name."""
        pairs = self.frequencies.exact.items()
        return [(k, int(v)) for k, v in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))]

    def fitted_rank(self, counts: Floats) -> Floats:
        """How many names the law gives at least each count; NaN below `xmin` or without a law."""
        from wagidx._optional import require

        found = np.full(len(counts), np.nan)
        if self.law is not None:
            zeta, law = require("scipy.special", extra="fit").zeta, self.law.fit
            inside = counts >= law.xmin
            share = zeta(law.alpha, counts[inside]) / zeta(law.alpha, float(law.xmin))
            found[inside] = law.n * share
        return found

    def to_dict(self) -> dict[str, Any]:
        """The object of `wagidx tail --json`."""
        counts = self.tally
        return {
            "source": self.source,
            "n": self.n,
            "n_nonzero": self.n_nonzero,
            "zero_share": self.zero_share.value,
            "zero_share_ci95": self.zero_share.ci95,
            "max": int(counts.values[-1]),
            "sum": int(counts.values @ counts.times),
            "median": float(np.median(np.fromiter(self.frequencies.exact.values(), np.float64))),
            "gini": self.gini.value,
            "gini_ci95": self.gini.ci95,
            "top": [
                {"share": share, "names": round(share * self.n)}
                | {"mass": one.value, "mass_ci95": one.ci95}
                for share, one in self.top.items()
            ],
            "below_max": [
                {"k": k, "share": one.value, "share_ci95": one.ci95}
                for k, one in self.below_max.items()
            ],
            "n_zero": self.n - self.n_nonzero,
            "decades": [
                {"from": int(least), "below": int(end), "n": n} for least, end, n in self.decades
            ],
            "power_law": None if self.law is None else self.law.to_dict(),
            "power_law_note": self.law_note,
            "draws": self.draws,
            "seed": self.seed,
        }


def tail(
    frequencies: Any,
    *,
    source: str | None = None,
    draws: int = 1000,
    refits: int = 200,
    seed: int = 0,
) -> TailResult:
    """Describe how unequal counts are, and fit a power law to their upper part.

    Parameters
    ----------
    frequencies : path, Arrow stream, data frame, dict or list of records
        Columns `concept` and `count`, or ``{concept: count}``; what `Index.frequencies` returns.
    source : str, optional
        Name of the counts; by default the path.
    draws : int
        Bootstrap resamples of names for the intervals of shares.
    refits : int
        Resamples and synthetic lists for which the power law is refitted: for the interval of its
        exponent, and for its p value, which is then accurate to about ``0.5 / sqrt(refits)``.
    seed : int
        Random seed; the same seed gives the same result.

    Raises
    ------
    FitError
        The table is damaged, or a count is not an integer.
    FileNotFoundError
        The file does not exist.
    ModuleNotFoundError
        scipy is not installed; the message names the extra.
    ValueError
        `draws` or `refits` is below 1.
    """
    if draws < 1 or refits < 1:
        raise ValueError(f"draws={draws}, refits={refits}: each must be at least 1")
    read = read_frequencies(frequencies)
    name = source or read.name
    _whole(name, read)
    tally = Tally.of(list(read.exact.values()))
    nonzero = tally.above(1.0).n
    gini, top = measures(tally, top=TOP, draws=draws, seed=seed)
    law = tail_law(tally, refits=refits, seed=seed)
    return TailResult(
        source=name,
        frequencies=read,
        tally=tally,
        n=tally.n,
        n_nonzero=nonzero,
        zero_share=_zero_share(tally.n - nonzero, tally.n),
        gini=gini,
        top=dict(zip(TOP, top)),
        below_max={k: below_largest(tally, k) for k in BELOW},
        decades=decades(tally),
        law=law,
        law_note=TOO_FEW if law is None else None,
        draws=draws,
        seed=seed,
    )


def _zero_share(zeros: int, n: int) -> Measure:
    return Measure(zeros / n, share_interval(zeros, n))


def _whole(source: str, read: Frequencies) -> None:
    for concept, count in read.exact.items():
        if count != math.floor(count) or count > LARGEST:
            what = "an integer" if count <= LARGEST else "exactly representable"
            raise FitError(f"{source}: the count of {concept!r} is {count:g}, not {what}")
