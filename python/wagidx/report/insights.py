"""Sections of the tables: long tail, misalignment, agreement between corpora, Let It Wag!."""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.analysis.distributions import share_interval
from wagidx.paper.reproduction import Reproduction
from wagidx.report.numbers import integer, interval, number, percent
from wagidx.report.section import Figure, Section, Table

__all__ = ["agreement_section", "misalignment_section", "tail_section", "wag_section"]

COMMAND = "wagidx reproduce RELEASE --json"


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
    return Section(
        title="The long tail",
        text=(
            "How unequal the counts of the study's concepts are. Rows are the classes of the 17 "
            "classification data sets, as in the study; names are distinct names of those and of "
            "retrieval, each once. Shares are of concepts, and of all their occurrences where it "
            "says hold. Intervals are Wilson's, as if names were drawn at random, which they were "
            "not: a list of test concepts is no sample of a vocabulary.",
        ),
        tables=(Table("Counts (captions or images)", columns, tuple(rows), numbers_from=3),),
        figures=tuple(figures),
        command=COMMAND,
    )


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
            "A pair is misaligned where its text and its image each have a concept of the list and "
            "none in common. Both denominators are larger than the number of pairs that have both, "
            "so both degrees are lower bounds. They are the release's own; its pairs are not in "
            "it, so they cannot be counted again, and as all pairs were counted there is no "
            "interval. Denominators are count over degree, rounded.",
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
            "that occur in neither are tied and count as agreement or, where they are many, as its "
            "absence; so the same is given for names found in both. Intervals are the middle 95 % "
            "of names drawn again 1,000 times, as if names were independent.",
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
            f"{len(lacking)} models have results on Let It Wag! and none on ImageNet in this "
            "release; --imagenet FILE adds them. The lines below are those of the models shown.",
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
        command="wagidx reproduce RELEASE --imagenet FILE --json",
    )


def _shares(pair: tuple[float, float]) -> str:
    return f"{percent(pair[0])} to {percent(pair[1])}"
