"""A tail as a section of a report: how unequal the counts are, and what law their top follows."""

from __future__ import annotations

from wagidx.analysis.tail_law import TailLaw
from wagidx.analysis.unequal import Measure
from wagidx.insights.figures import tail_figure
from wagidx.insights.tail import TailResult
from wagidx.plots import svg
from wagidx.report.numbers import NONE, interval, number, probability
from wagidx.report.section import Figure, Section, Table

__all__ = ["tail_section"]


def tail_section(
    result: TailResult,
    *,
    title: str = "How long is the tail?",
    command: str = "",
    every_term: bool = False,
) -> Section:
    """Words, two tables and the figure; needs matplotlib.

    Parameters
    ----------
    result : TailResult
        What `wagidx.tail` says.
    title, command : str
        The head, and the command that makes the numbers again.
    every_term : bool
        Whether the names are all the terms of an index, rather than a list that was chosen.
    """
    tables = [_shares(result), _decades(result)]
    if result.law is not None:
        tables.append(_law(result.law))
    return Section(title, _words(result, every_term), tuple(tables), (_figure(result),), command)


def _words(result: TailResult, every_term: bool) -> tuple[str, ...]:
    zeros = result.n - result.n_nonzero
    first = (
        f"Of {result.n:,} names, {zeros:,} occur nowhere "
        f"({_percent(result.zero_share)}). Intervals are 95 %. Those of the Gini coefficient and "
        "of the top shares are bootstrap intervals over names, too narrow if a few names hold "
        "most occurrences; those of other shares are Wilson intervals."
    )
    caveat = (
        "The names are all terms of the index, which has no word that its captions lack: the "
        "length of the tail depends on how many captions were read."
        if every_term
        else "The names are a chosen list, not a sample of a vocabulary; nothing here describes "
        "the distribution of words in general."
    )
    if result.law is None:
        return first, f"No power law was fitted: {result.law_note}.", caveat
    return first, _about(result.law), caveat


def _about(law: TailLaw) -> str:
    verdict = "speaks against a power law" if law.p < 0.1 else "finds nothing against a power law"
    against = [
        f"a {one.form.replace('_', ' ')} fits better"
        for one in law.others
        if one.nearer == "this"
    ]  # fmt: skip
    but = f" But {' and '.join(against)} (p < .05)." if against else ""
    return (
        f"The {law.fit.n:,} names with at least {law.fit.xmin:,} captions are fitted best by a "
        f"power law of exponent {law.fit.alpha:.2f}, {law.fit.rank_exponent:.2f} by rank. Compared "
        f"with {law.refits:,} synthetic lists from that law, the distance {verdict} "
        f"(p {law.p:.2f}).{but}"
    )


def _shares(result: TailResult) -> Table:
    rows = [
        ("Share of names with count 0", f"{result.n:,}", *_cells(result.zero_share)),
        ("Gini coefficient, zeros included", f"{result.n:,}", *_cells(result.gini)),
    ]
    rows += [
        (f"Held by the top {100 * share:g} %", f"{round(share * result.n):,}", *_cells(one))
        for share, one in result.top.items()
    ]
    rows += [
        (f"Share of names below max / 10^{k}", f"{result.n:,}", *_cells(one))
        for k, one in result.below_max.items()
    ]
    caption = "How unequal the counts are; shares as fractions"
    return Table(caption, ("Measure", "Names", "Value", "95 % interval"), tuple(rows))


def _decades(result: TailResult) -> Table:
    rows = [("0", f"{result.n - result.n_nonzero:,}")]
    rows += [(f"{int(a):,} to {int(b) - 1:,}", f"{n:,}") for a, b, n in result.decades]
    return Table("Names by number of captions", ("Captions", "Names"), tuple(rows))


def _law(law: TailLaw) -> Table:
    rows = [
        (
            "Exponent of the counts",
            f"{law.fit.n:,}",
            number(law.fit.alpha),
            interval(law.alpha_ci95),
        ),
        (
            "Exponent by rank",
            f"{law.fit.n:,}",
            number(law.fit.rank_exponent),
            interval(law.rank_exponent_ci95),
        ),
        ("Goodness-of-fit p", f"{law.fit.n:,}", probability(law.p), NONE),
    ]
    for one in law.others:
        name = one.form.replace("_", " ")
        rows.append(
            (
                f"Log likelihood minus that of a {name}",
                f"{law.fit.n:,}",
                f"{one.log_ratio:.2f}",
                NONE if one.p is None else "p < .001" if one.p < 0.001 else f"p {one.p:.3f}",
            )
        )
    caption = f"Power law for counts of at least {law.fit.xmin:,} captions"
    return Table(caption, ("Measure", "Names", "Value", "95 % interval, or p"), tuple(rows))


def _figure(result: TailResult) -> Figure:
    lead = max(result.decades, key=lambda one: one[2], default=None)
    most = "" if lead is None else f" Most names that occur have {int(lead[0]):,} captions or more"
    within = "" if lead is None else f", fewer than {int(lead[1]):,}."
    return Figure(
        "Captions with a name, by the name's rank, with the power law if one was fitted; and "
        "names by decade of their caption count",
        f"A falling curve on two logarithmic axes, from {int(result.tally.values[-1]):,} captions "
        f"down, and bars.{most}{within}",
        svg(tail_figure(result)),
    )


def _percent(measure: Measure) -> str:
    if measure.value is None or measure.ci95 is None:
        return "not defined"
    low, high = (100 * bound for bound in measure.ci95)
    return f"{100 * measure.value:.1f} %, interval {low:.1f} to {high:.1f}"


def _cells(measure: Measure) -> tuple[str, str]:
    return number(measure.value), interval(measure.ci95)
