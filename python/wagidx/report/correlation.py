"""Correlations of concept frequencies as a section of a report."""

from __future__ import annotations

from wagidx.insights.correlation import CorrelationResult, PairAgreement
from wagidx.insights.figures import correlation_figure
from wagidx.plots import svg
from wagidx.report.numbers import interval, number
from wagidx.report.section import Figure, Section, Table

__all__ = ["correlation_section"]


def correlation_section(
    result: CorrelationResult,
    *,
    title: str = "Do the corpora hold the same concepts?",
    command: str = "",
) -> Section:
    """Words, two tables and the figure; needs matplotlib.

    Parameters
    ----------
    result : CorrelationResult
        What `wagidx.correlate` says.
    title, command : str
        The head, and the command that makes the numbers again.
    """
    text = (
        "Names that no corpus holds agree without saying anything, so each correlation stands "
        "twice: over all names, and over the names that occur in both. Intervals are 95 % and "
        "resample names.",
    )
    tables = (_table(result, over_all=True), _table(result, over_all=False))
    return Section(title, text, tables, (_figure(result),), command)


def _table(result: CorrelationResult, *, over_all: bool) -> Table:
    rows = tuple(_row(pair, over_all) for pair in result.pairs)
    names = "Names" if over_all else "Names in both"
    zeros = ("Zero in both",) if over_all else ()
    heads = ("Spearman", "95 % interval", "Pearson of log(count + 1)", "95 % interval")
    over = "all names" if over_all else "the names that occur in both"
    return Table(
        f"Correlation of concept frequencies over {over}", ("Pair", names, *zeros, *heads), rows
    )


def _row(pair: PairAgreement, over_all: bool) -> tuple[str, ...]:
    found = pair.agreement.all if over_all else pair.agreement.nonzero_in_both
    zeros = (f"{pair.agreement.n_zero_in_both:,}",) if over_all else ()
    return (
        f"{pair.a} and {pair.b}",
        f"{found.n:,}",
        *zeros,
        number(found.spearman),
        interval(found.spearman_ci95),
        number(found.pearson_log1p),
        interval(found.pearson_log1p_ci95),
    )


def _figure(result: CorrelationResult) -> Figure:
    values = [
        pair.agreement.all.spearman
        for pair in result.pairs
        if pair.agreement.all.spearman is not None
    ]
    spread = f"from {min(values):.2f} to {max(values):.2f}" if values else "not defined"
    drawn = (
        "Captions of each name in both corpora, 1 added, on logarithmic axes"
        if len(result.pairs) == 1
        else "Spearman's correlation: above the diagonal of all names, below it of those in both"
    )
    said = f"Spearman's correlation over all names is {spread}."
    return Figure(drawn, said, svg(correlation_figure(result)))
