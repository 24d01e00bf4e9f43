"""Sections of the tables: long tail, misalignment, agreement between corpora, Let It Wag!."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wagidx.analysis.distributions import share_interval
from wagidx.analysis.power_law import CANDIDATES, FEWEST
from wagidx.analysis.tail_forms import TailForm
from wagidx.analysis.tail_law import TailLaw
from wagidx.paper.reproduction import Reproduction
from wagidx.report.numbers import integer, interval, number, percent, probability
from wagidx.report.section import Figure, Section, Table

__all__ = ["agreement_section", "misalignment_section", "tail_section", "wag_section"]

COMMAND = "wagidx reproduce RELEASE --json"
LAWS = (
    "The second table fits a discrete power law to the counts above a lower bound, chosen to "
    "minimise the distance to the data (Clauset, Shalizi & Newman 2009) among at most {starts} "
    "bounds that leave {fewest} names or more. Exponent: of the share of names with a count; by "
    "rank: 1/(exponent - 1), how counts fall with rank. Other bounds often fit nearly as well with "
    "different exponents, so the interval is more informative than the exponent. Intervals are "
    "bootstrap intervals over names ({refits} resamples, the bound refitted in each). p: the share "
    "of synthetic lists from the law that lie at least as far from their own fit; below .1 speaks "
    "against the law. If a lognormal (Vuong's test), or a power law with a cutoff at the top "
    "(likelihood ratio), fits better at p below .05, the tail is not a plain power law. "
    "wagidx tail reports more on a single list."
)


def tail_section(found: Reproduction, figures: Sequence[Figure]) -> Section:
    """How unequal the frequencies are."""
    columns = (
        *("Corpus", "Counts", "Set", "n", "Zero", "95 %", "Median", "Largest", "Gini"),
        *("Top 1 % hold", "Top 10 % hold", "Below largest/10⁴"),
    )
    rows = [
        (
            *(*name.split("|"), words, integer(tail["n"]), percent(tail["zero_share"])),
            _shares(share_interval(round(tail["zero_share"] * tail["n"]), tail["n"])),
            *(integer(tail["median"]), integer(tail["max"]), number(tail["gini"])),
            *(percent(tail["top1pct_mass"]), percent(tail["top10pct_mass"])),
            percent(tail["frac_norm_lt"]["1e-4"]),
        )
        for name, parts in found.long_tail.items()
        for part, words in (("rows_zs17", "rows"), ("dedup_zs17_ret", "names"))
        if (tail := parts.get(part)) is not None
    ]
    tables = [Table("Counts (captions or images)", columns, tuple(rows), numbers_from=3)]
    laws = {name: law for name, law in (found.tail_laws or {}).items() if law is not None}
    if laws:
        tables.append(_laws(laws))
    return Section(
        title="The long tail",
        text=(
            "How unequal the counts of the study's concepts are. Rows are the classes of the 17 "
            "classification datasets, as in the study; names are the distinct names of those and "
            "of retrieval. Shares are of concepts; columns with “hold” give shares of all "
            "occurrences. Intervals are Wilson intervals that treat names as a random sample, "
            "which they are not: a list of test concepts is not a sample of a vocabulary.",
            *((_about(laws),) if laws else ()),
        ),
        tables=tuple(tables),
        figures=tuple(figures),
        command=COMMAND,
    )


def _about(laws: Mapping[str, TailLaw]) -> str:
    refits = next(iter(laws.values())).refits
    return LAWS.format(starts=CANDIDATES, fewest=FEWEST, refits=integer(refits))


def _laws(laws: Mapping[str, TailLaw]) -> Table:
    """A row for each corpus and kind of count."""
    columns = (
        *("Corpus", "Counts", "From a count of", "Names", "Exponent", "95 %", "By rank", "95 %"),
        *("Goodness-of-fit p", "Better than a lognormal?", "Better than with a cutoff?"),
    )
    rows = tuple(
        (
            *(*name.split("|"), integer(law.fit.xmin), integer(law.fit.n)),
            *(number(law.fit.alpha), interval(law.alpha_ci95)),
            *(number(law.fit.rank_exponent), interval(law.rank_exponent_ci95)),
            *(probability(law.p), *(_nearer(one) for one in law.others)),
        )
        for name, law in laws.items()
    )
    return Table("Power laws of the tails, distinct names", columns, rows, numbers_from=2)


def _nearer(other: TailForm) -> str:
    said = {"power_law": "yes", "this": "no"}.get(other.nearer, "undecided")
    return said if other.p is None else f"{said} (p {probability(other.p)})"


def misalignment_section(found: Reproduction, figures: Sequence[Figure]) -> Section:
    """Pairs whose text and image share no concept."""
    columns = ("Corpus", "Misaligned pairs", "Of the corpus", "n", "Of pairs with a concept", "n")
    rows = tuple(
        (
            *(corpus, integer(one["misaligned_pairs"]), percent(one["degree_fixed"], 2)),
            *(integer(one["fixed_denominator"]), percent(one["degree_extracted"], 2)),
            integer(one["extracted_denominator"]),
        )
        for corpus, one in found.misalignment.items()
    )
    return Section(
        title="Misalignment of captions and images",
        text=(
            "A pair is misaligned if its text and its image each have a concept of the list but "
            "none in common. Both denominators are larger than the number of pairs that have both, "
            "so both degrees are lower bounds. They are the release's own numbers; the release "
            "does not contain the pairs, so they cannot be recounted. All pairs were counted, so "
            "there is no interval. Denominators are count divided by degree, rounded.",
        ),
        tables=(Table("Image-text pairs", columns, rows),),
        figures=tuple(figures),
        command=COMMAND,
    )


def agreement_section(found: Reproduction, figures: Sequence[Figure]) -> Section:
    """How alike the corpora's frequencies are."""
    columns = (
        *("Corpora", "Counts", "Names", "Spearman", "95 %", "Zero in both", "Found in both"),
        *("Spearman of those", "95 %", "Pearson of log(1 + count)", "95 %"),
    )
    rows = tuple(
        (
            *(name.replace("|", " and "), kind, integer(one["n"]), number(one["spearman"])),
            interval(one["spearman_ci95"]),
            *(integer(one["n_zero_in_both"]), integer(one["n_nonzero_in_both"])),
            number(one["spearman_nonzero_in_both"]),
            interval(one["spearman_nonzero_in_both_ci95"]),
            *(number(one["pearson_log1p"]), interval(one["pearson_log1p_ci95"])),
        )
        for name, kinds in found.correlation.items()
        for kind, one in kinds.items()
    )
    return Section(
        title="Agreement between corpora",
        text=(
            "Correlation of the counts of two corpora over distinct names, joined by name. Names "
            "that occur in neither are tied, which can raise or, if they are many, lower the "
            "correlation; it is therefore also given for names found in both. Intervals are 95 % "
            "bootstrap intervals over names (1,000 resamples) that assume independent names.",
        ),
        tables=(Table("Rank correlation of concept frequencies", columns, rows, numbers_from=2),),
        figures=tuple(figures),
        command=COMMAND,
    )


def wag_section(found: Reproduction, figures: Sequence[Figure]) -> Section:
    """Accuracy on rare classes."""
    table = found.let_it_wag
    models = table.get("models", {})
    rows = tuple(
        (*name.split("|"), number(x), number(y), number(x - y)) for name, (x, y) in models.items()
    )
    lacking = table.get("models_without_imagenet", [])
    text: tuple[str, ...] = (
        f"Top-1 accuracy in percent with the ensemble of prompts, on ImageNet and on the "
        f"{integer(table.get('n_classes'))} classes of Let It Wag!, for {len(models)} models.",
    )
    if lacking:
        text += (
            f"{len(lacking)} models have results on Let It Wag! but not on ImageNet in this "
            "release; --imagenet FILE adds them. The lines below use only the models shown.",
        )
    return Section(
        title="Let It Wag!",
        text=text,
        tables=(
            Table(
                "Accuracy, %",
                ("Model", "Corpus", "ImageNet", "Let It Wag!", "Gap, points"),
                rows,
                numbers_from=2,
            ),
        ),
        figures=tuple(figures),
        command=COMMAND,
    )


def _shares(pair: tuple[float, float]) -> str:
    return f"{percent(pair[0])} to {percent(pair[1])}"
