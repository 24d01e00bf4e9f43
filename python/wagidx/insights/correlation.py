"""`wagidx.correlate`: are the same concepts frequent in two corpora?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from wagidx.analysis.agreement import FEWEST, Agreement, Correlation, agreement
from wagidx.analysis.rows import Floats
from wagidx.exceptions import FitError
from wagidx.fitting.frequencies import Frequencies, normalised, read_frequencies

__all__ = ["CorrelationResult", "PairAgreement", "correlate", "paired"]


@dataclass(frozen=True)
class PairAgreement:
    """Two sources over the names that both list.

    Attributes
    ----------
    a, b : str
        The sources.
    names : list of str
        Names that join, as `a` writes them, sorted.
    counts : numpy.ndarray of float64, shape (n, 2)
        Their counts in `a` and `b`.
    unmatched_a, unmatched_b : int
        Names of one source that the other does not list.
    agreement : Agreement
        The correlations of the counts.
    """

    a: str
    b: str
    names: list[str] = field(repr=False)
    counts: Floats = field(repr=False)
    unmatched_a: int
    unmatched_b: int
    agreement: Agreement

    def to_dict(self) -> dict[str, Any]:
        """One of `pairs` of the object of `--json`."""
        every, both = self.agreement.all, self.agreement.nonzero_in_both
        return {
            "a": self.a,
            "b": self.b,
            **_values(every, ""),
            "n_zero_in_both": self.agreement.n_zero_in_both,
            **_values(both, "_nonzero_in_both"),
            "unmatched_a": self.unmatched_a,
            "unmatched_b": self.unmatched_b,
        }


def _values(found: Correlation, suffix: str) -> dict[str, Any]:
    return {
        f"n{suffix}": found.n,
        f"spearman{suffix}": found.spearman,
        f"spearman{suffix}_ci95": found.spearman_ci95,
        f"pearson_log1p{suffix}": found.pearson_log1p,
        f"pearson_log1p{suffix}_ci95": found.pearson_log1p_ci95,
    }


@dataclass(frozen=True)
class CorrelationResult:
    """The correlations of every pair of sources.

    Attributes
    ----------
    sources : list of str
        In the order given.
    pairs : list of PairAgreement
        The first source with each later one, then the second with those after it, and so on.
    draws, seed : int
        Bootstrap resamples of names for the intervals, and the random seed.
    """

    sources: list[str]
    pairs: list[PairAgreement]
    draws: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """The object of `wagidx correlate --json`."""
        return {
            "sources": self.sources,
            "pairs": [pair.to_dict() for pair in self.pairs],
            "draws": self.draws,
            "seed": self.seed,
        }


def correlate(
    frequencies: Mapping[str, Any], *, draws: int = 1000, seed: int = 0
) -> CorrelationResult:
    """Correlate the concept frequencies of several sources, pair by pair.

    Names are joined exactly, then the remaining ones ignoring case and with ``_`` as a space.

    Parameters
    ----------
    frequencies : mapping of str to path, Arrow stream, data frame, dict or list of records
        At least two, keyed by a name for each; each in a form that `wagidx.tail` accepts.
    draws : int
        Bootstrap resamples of names for the intervals.
    seed : int
        Random seed; the same seed gives the same result.

    Returns
    -------
    CorrelationResult
        For each pair, Spearman's correlation of the counts and Pearson's of log(count + 1), over
        all names and over those with a nonzero count in both.

    Raises
    ------
    FitError
        A table is damaged, fewer than 3 names join, or a name could match several counts.
    FileNotFoundError
        A file does not exist.
    ValueError
        There are fewer than two sources, or `draws` is below 1.
    """
    if not isinstance(frequencies, Mapping):
        kind = type(frequencies).__name__
        raise FitError(f"frequencies: a {kind} has no source names; give a dict of name to counts")
    if len(frequencies) < 2:
        raise ValueError(f"{len(frequencies)} source: a correlation needs two or more")
    if draws < 1:
        raise ValueError(f"draws={draws}: must be at least 1")
    read = {name: read_frequencies(source) for name, source in frequencies.items()}
    pairs = [_pair(a, read[a], b, read[b], draws, seed) for a, b in combinations(read, 2)]
    return CorrelationResult(list(read), pairs, draws, seed)


def _pair(
    a: str, first: Frequencies, b: str, second: Frequencies, draws: int, seed: int
) -> PairAgreement:
    joined = sorted(paired(a, first, b, second).items())
    if len(joined) < FEWEST:
        raise FitError(
            f"{a} and {b}: names in both: {len(joined)}; a correlation needs at least {FEWEST}"
        )
    counts = np.array([[first.exact[x], second.exact[y]] for x, y in joined], np.float64)
    return PairAgreement(
        a=a,
        b=b,
        names=[name for name, _ in joined],
        counts=counts,
        unmatched_a=len(first.exact) - len(joined),
        unmatched_b=len(second.exact) - len(joined),
        agreement=agreement(counts[:, 0], counts[:, 1], draws=draws, seed=seed),
    )


def paired(a: str, first: Frequencies, b: str, second: Frequencies) -> dict[str, str]:
    """Names of the first, each with its name in the second; no name is used twice.

    Raises
    ------
    FitError
        Several names that are left over normalise alike and their counts differ.
    """
    found = {name: name for name in first.exact if name in second.exact}
    left = _loose(a, first, found)
    right = _loose(b, second, found)
    return found | {left[key]: right[key] for key in left if key in right}


def _loose(source: str, read: Frequencies, used: Mapping[str, str]) -> dict[str, str]:
    """Names not used yet, by what they normalise to; of several with one count the first."""
    found: dict[str, str] = {}
    for name, count in read.exact.items():
        if name in used:
            continue
        other = found.setdefault(normalised(name), name)
        if read.exact[other] != count:
            raise FitError(
                f"{source}: {other!r} and {name!r} differ only in case and spaces, "
                "but their counts differ"
            )
    return found
