"""The toy models of learning as a section of the report."""

from __future__ import annotations

from wagidx.analysis.learning import Drift
from wagidx.paper.learning import Learning
from wagidx.report.section import Section, Table

__all__ = ["curves_table", "pairs_table", "theory_section"]

TEXT = (
    "Two toy models of learning, derived in docs/theory.md. If each test image needs some number "
    "of examples, and these numbers are spread evenly over orders of magnitude, accuracy is linear "
    "in log frequency. If the error of a concept is a power of its frequency, accuracy bends.",
    "Each has a second prediction that the other does not share. Thresholds: the difference of two "
    "models' accuracies does not change with frequency. Power law: the ratio of their errors does "
    "not. A prediction is refuted if the 95 % interval of its drift, clustered by dataset, "
    "excludes 0. A prediction that is not refuted need not be true. Pairs of one corpus share rows "
    "and models; they are not independent tests.",
)
"""What the tables are about."""


def theory_section(found: Learning, command: str = "") -> Section:
    """Both tables, and how many pairs refute what.

    Parameters
    ----------
    found : Learning
        What `wagidx.paper.learning` computed.
    command : str
        The command that makes the numbers again.
    """
    verdicts = [one.pair.verdict for one in found.pairs]
    counted = [f"{name}: {verdicts.count(name)}" for name in dict.fromkeys(sorted(verdicts))]
    summary = f"Of {len(verdicts)} tests of pairs, {'; '.join(counted)}." if verdicts else ""
    return Section(
        title="Two toy models of learning",
        text=(*TEXT, *([summary] if summary else ["No corpus has scores of any model."])),
        tables=(curves_table(found), pairs_table(found)) if found.curves else (),
        command=command,
    )


def curves_table(found: Learning) -> Table:
    """The first predictions: which curve fits held-out names better."""
    rows = [
        (
            one.corpus,
            one.model,
            one.zeros,
            f"{one.curves.n:,}",
            f"{one.curves.slope:.2f}",
            f"{one.curves.exponent:.4f}",
            f"{one.curves.thresholds_mse:.1f}",
            f"{one.curves.difference:+.2f} ± {one.curves.difference_se:.2f}",
            _drift(one.curves.bend),
        )
        for one in found.curves
    ]
    return Table(
        "First predictions: a line and a power law of the error, each with a constant for each "
        "dataset. Zeros: counts of 0 are dropped, or taken as 1 (floor). Slope in points of "
        "accuracy per tenfold frequency; the error falls as the frequency to minus the exponent; "
        "squared error on held-out concept names, in squared points, ± one standard error over "
        "names: below 0 the power law is better. Bend: coefficient of squared decades added to "
        "the line, with an interval clustered by dataset; 0 for a line, below 0 for a power law.",
        (
            *("corpus", "model", "zeros", "rows", "slope", "exponent"),
            *("squared error of the line", "power law minus line", "bend"),
        ),
        tuple(rows),
        numbers_from=3,
    )


def pairs_table(found: Learning) -> Table:
    """The second predictions, pair by pair."""
    rows = [
        (
            one.corpus,
            f"{one.model} and {one.other}",
            one.zeros,
            f"{one.pair.n:,} in {one.pair.datasets}",
            f"{one.pair.error:.1f} and {one.pair.other_error:.1f}",
            _drift(one.pair.thresholds),
            _drift(one.pair.power_law),
            one.pair.verdict,
        )
        for one in found.pairs
    ]
    return Table(
        "Second predictions: drift in points per tenfold frequency, within datasets, with an "
        "interval clustered by dataset. The prediction is 0. Errors in percent.",
        (
            *("corpus", "models", "zeros", "rows in datasets", "errors"),
            *("drift of the difference", "drift of the ratio", "verdict"),
        ),
        tuple(rows),
        numbers_from=3,
    )


def _drift(drift: Drift) -> str:
    if drift.ci95 is None:
        return f"{drift.per_decade:.2f} (no interval)"
    return f"{drift.per_decade:.2f} ({drift.ci95[0]:.2f} to {drift.ci95[1]:.2f})"
