"""The claims table: what the study says, and what its concepts say, one row a claim.

No verdict is written by hand. Each follows from numbers by the rules that stand above the table,
and says what is associated with what, never what would happen if data were added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wagidx.analysis.distributions import share_interval
from wagidx.paper.evidence import (
    Evidence,
    FormCheck,
    evidence,
    mean_interval,
    slope_interval,
)
from wagidx.paper.protocol import CONTROLLED, CONTROLS, FEWEST_MODELS, MAIN_KINDS
from wagidx.paper.quoted import LET_IT_WAG, NEGLIGIBLE_LEAST, NEGLIGIBLE_SHARE
from wagidx.paper.reproduction import Reproduction
from wagidx.paper.statistics import PanelStatistics
from wagidx.report.numbers import (
    NONE,
    correlations,
    integer,
    interval,
    number,
    percent,
    probabilities,
    span,
)
from wagidx.report.section import Section, Table
from wagidx.report.summaries import told_wrongly

__all__ = ["Claim", "claims", "claims_section", "slope_verdict"]

RULES = (
    "Each row is one claim of the study. Its verdict follows from the numbers in the row by these "
    "rules. A claim about a trend is supported within datasets if the 95 % interval of the slope "
    "lies on the claimed side of 0 in every panel behind the claim; if only in some, their number "
    "is given. The slope has an intercept for each dataset, because easy datasets contain frequent "
    "concepts. Its interval is clustered by dataset or, with fewer than 10 datasets, a bootstrap "
    "interval over concept names (2,000 resamples). A count of 0 is taken as 1, as in the study; "
    "the section on zeros has the slopes under other rules.",
    "A binned r is distinguishable from shuffled scores if the permutation p, adjusted over the "
    "panels of its task (Benjamini and Hochberg), is at most .05. It is one-sided: how often the "
    "same r, with scores permuted within datasets 1,000 times, is as high (or as low, for a metric "
    "where lower is better). Panels share counts, "
    "concepts and models, so they are not independent tests of a claim, and the slope intervals "
    "are not adjusted for multiplicity. Supported means associated: nothing here says what adding "
    "data would do.",
    "Another curve is better than log-linear if its squared error on held-out names is smaller "
    "by 2 standard errors. A share, or a correlation ρ, counts as above a number if its whole "
    "interval is, and likewise as below it. “Over two thirds” is met if the share is above it in "
    "every corpus, by names and by rows; met in part if in some; not met if in none and below in "
    "at least one. Slopes of two lines differ if their intervals do not overlap; no line is fitted "
    "to fewer than 5 models. Corpora created to test the trend are only in their own row. "
    "The last rows compare what summaries say about the study with what "
    "its files contain.",
)
COLUMNS = (
    *("Claim", "Published", "Panels behind it", "Concept level: number (95 % interval)"),
    *("Permutation p", "Verdict", "Caveat"),
)
KIND_WORDS = {
    "integrated0.7": "text and image together",
    "text": "text",
    "image0.7": "image tags",
}
TASK_WORDS = {
    "zs": "Zero-shot accuracy rises",
    "ret": "Retrieval recall rises",
    "t2i": "Scores of generated images get better",
}
SE = 2.0
"""Standard errors by which one curve must predict better than another to be called better."""


@dataclass(frozen=True)
class Claim:
    """A row of the claims table, as text."""

    claim: str
    published: str
    panels: str
    concepts: str
    p: str
    verdict: str
    caveat: str

    @property
    def row(self) -> tuple[str, ...]:
        """Its cells, in the order of `COLUMNS`."""
        parts = (self.claim, self.published, self.panels, self.concepts)
        return (*parts, self.p, self.verdict, self.caveat)


def claims_section(found: Reproduction, forms: Sequence[FormCheck]) -> Section:
    """The section that opens the report."""
    rows = tuple(claim.row for claim in claims(found, forms))
    table = Table("The claims of the study", COLUMNS, rows, numbers_from=len(COLUMNS))
    return Section(
        title="The study's claims, and what concept-level analysis shows",
        text=RULES,
        tables=(table,),
        command="wagidx reproduce RELEASE -o DIR",
    )


def claims(found: Reproduction, forms: Sequence[FormCheck]) -> list[Claim]:
    """Every claim that the study makes and its files can speak to."""
    own = _uncontrolled(found)
    return [
        *_trends(own.panels),
        *_variants(own.panels),
        _form([one for one in forms if one.key.split("|")[1] not in CONTROLLED]),
        _tenfold(own.panels),
        _control(found.panels),
        _tail(own),
        _misalignment(own),
        _agreement(own),
        *_wag(found),
        *_told(found),
    ]


def _uncontrolled(found: Reproduction) -> Reproduction:
    """Without corpora made to test the trend: they are no evidence that there is one to test."""

    def kept(table: dict[str, Any]) -> dict[str, Any]:
        return {key: one for key, one in table.items() if not CONTROLLED & set(key.split("|"))}

    return replace(
        found,
        panels=[one for one in found.panels if one.corpus not in CONTROLLED],
        long_tail=kept(found.long_tail),
        misalignment=kept(found.misalignment),
        correlation=kept(found.correlation),
    )


def _told(found: Reproduction) -> list[Claim]:
    """What summaries of the study get wrong."""
    return [
        Claim(
            *(f"A summary: “{told}”", NONE, NONE, holds, NONE),
            "Not tested here" if holds.startswith(NONE) else "Not what the files show",
            note,
        )
        for told, holds, note in told_wrongly(found)
    ]


def _trends(panels: Sequence[PanelStatistics]) -> list[Claim]:
    """The main figures: each task by each kind of count."""
    kinds = [kind for kind in KIND_WORDS if kind in MAIN_KINDS]
    return [
        _trend(
            f"{words} with the log of a concept's frequency ({KIND_WORDS[kind]}){metric}",
            group,
            _trend_caveat(task),
        )
        for task, words in TASK_WORDS.items()
        for kind in kinds
        for metric, group in _by_metric(
            [one for one in panels if one.main and one.task == task and one.kind == kind]
        )
    ]


def _by_metric(panels: list[PanelStatistics]) -> list[tuple[str, list[PanelStatistics]]]:
    """Panels of one metric each: slopes of several have no unit, and no side of 0, in common."""
    metrics = list(dict.fromkeys(one.variant for one in panels))
    if len(metrics) < 2:
        return [("", panels)]
    return [(f", {name}", [one for one in panels if one.variant == name]) for name in metrics]


def _trend_caveat(task: str) -> str:
    if task == "zs":
        return "Binned r: means over a slice of bins chosen by hand."
    if task == "ret":
        return "Binned r: 4 means over two datasets; too few datasets for clustering."
    return (
        "Binned r: 4 means of one set of prompts; each metric has its own unit. The study's main "
        "metric is exp_aesthetics; if a release lacks it, other metrics are used."
    )


def _variants(panels: Sequence[PanelStatistics]) -> list[Claim]:
    """The study's checks that its choices do not matter."""
    published = [one for one in panels if one.published_dataset_set and not one.main]
    prompts = [one for one in published if one.task == "zs" and one.kind in MAIN_KINDS]
    cuts = [one for one in published if one.task == "ret" and one.kind in MAIN_KINDS]
    main = {one.variant for one in panels if one.main and one.task == "zs"}
    thresholds = [
        one
        for one in published
        if one.task == "zs" and one.kind not in (*MAIN_KINDS, "lower") and one.variant in main
    ]
    shuffled = all(one.resampled is not None for one in published)
    unshuffled = NONE if shuffled else "Permutation tests are run only with --resample."
    return [
        _trend("The trend in accuracy holds with other prompts", prompts, unshuffled),
        _trend("The trend in recall holds in both directions and at other k", cuts, unshuffled),
        _trend("The trend holds at other thresholds of the image tagger", thresholds, unshuffled),
    ]


def _trend(claim: str, panels: Sequence[PanelStatistics], caveat: str) -> Claim:
    said = evidence(panels)
    if said is None:
        return _untested(claim, "The release has no panel for it.")
    return Claim(
        claim=claim,
        published=f"r {correlations(said.published)} in {_many(len(said.published), 'legend')}"
        if said.published
        else NONE,
        panels=_panels(said),
        concepts=_middle(said),
        p=_p(said),
        verdict=slope_verdict(said),
        caveat=caveat,
    )


def _panels(said: Evidence) -> str:
    corpora = list(dict.fromkeys(one.corpus for one in said.panels))
    shown = ", ".join(corpora)
    rows = sorted({one.n_rows for one in said.panels})
    ends = integer(rows[0]) if len(rows) == 1 else f"{integer(rows[0])} to {integer(rows[-1])}"
    return f"{_many(len(said.panels), 'panel')} of {ends} rows ({shown})"


def _middle(said: Evidence) -> str:
    """The median slope with its interval, and what it is a slope of."""
    if said.slope.slope is None:
        return NONE
    slope, unit = number(said.slope.slope), _unit(said.middle)
    by = f"{interval(said.slope.ci95)}, by {said.slope.by}" if said.slope.ci95 else "no interval"
    return (
        f"{slope} {unit} per tenfold count ({by}; n {integer(said.middle.n_rows)}): "
        f"{said.middle.model} on {said.middle.corpus}, the median of {len(said.panels)}"
    )


def _unit(panel: PanelStatistics) -> str:
    """What a slope is a slope of, to be read behind a number."""
    if panel.task == "t2i":
        return f"of {panel.unit.replace(', its own unit', ' in its own unit')}"
    return {"zs": "points of accuracy", "ret": "of recall, a fraction,"}[panel.task]


def _p(said: Evidence) -> str:
    """From the least p to the greatest, and the least once adjusted."""
    if not said.p:
        return NONE
    again = (one.resampled for one in said.panels if one.resampled is not None)
    least = min(one.permutation_q_bh for one in again if math.isfinite(one.permutation_q_bh))
    return f"{probabilities(said.p)}; adjusted at least {probabilities([least])}"


def slope_verdict(said: Evidence) -> str:
    """The verdict on a trend, by the rules above the table."""
    return f"{_within(said)}; {_shuffled(said)}"


def _within(said: Evidence) -> str:
    panels = len(said.panels)
    if not said.known:
        return "Not decided within datasets: no interval"
    if said.claimed == panels:
        verdict = "Supported within datasets"
    elif said.claimed:
        verdict = f"Supported within datasets in {said.claimed} of {panels} panels"
    else:
        verdict = "Not supported within datasets in any panel"
    if said.known < panels:
        verdict += f" ({panels - said.known} without an interval)"
    return verdict + (f"; the opposite in {said.other}" if said.other else "")


def _shuffled(said: Evidence) -> str:
    if not said.p:
        return "binned r not compared with shuffled scores"
    if not said.told_apart:
        return "binned r not distinguishable from shuffled scores"
    if said.told_apart == len(said.p):
        return "binned r distinguishable from shuffled scores"
    return (
        f"binned r distinguishable from shuffled scores in {said.told_apart} of "
        f"{_many(len(said.p), 'panel')}"
    )


def _form(forms: Sequence[FormCheck]) -> Claim:
    """Is it log-linear, rather than another curve?"""
    claim = "The relation is linear in the log of the count"
    keys = list(dict.fromkeys(one.key for one in forms))
    if not keys:
        return _untested(claim, "No panel with counts of text and image together.")
    better = {
        key: [one for one in forms if one.key == key and one.gain > SE * one.se > 0] for key in keys
    }
    beaten = [key for key, others in better.items() if others]
    names = sorted({one.form for others in better.values() for one in others})
    null = [one for one in forms if one.form == "constant"]
    over = sum(-one.gain > SE * one.se for one in null)
    r2 = [one.r2 for one in forms if one.form == "log-linear"]
    verdict = (
        f"Not the best curve in {len(beaten)} of {_many(len(keys), 'panel')}; better on held-out "
        f"names in at least one: {', '.join(names)}"
        if beaten
        else "No other curve predicts held-out names better"
    )
    return Claim(
        claim=claim,
        published="r of bin means near 1",
        panels=f"{_many(len(keys), 'panel')}: for each corpus and task the one with the highest "
        "binned r",
        concepts=f"R² on held-out names {span(r2)}; better than a constant by {SE:g} standard "
        f"errors in {over} of {len(keys)}",
        p=NONE,
        verdict=verdict,
        caveat=f"Seven curves; better means a smaller squared error on held-out names by {SE:g} "
        "standard errors. The data cannot distinguish several of the curves.",
    )


def _tenfold(panels: Sequence[PanelStatistics]) -> Claim:
    """An exponential need of data: how many decades go with ten points of accuracy."""
    claim = "Equal gains in accuracy correspond to exponentially larger counts"
    said = evidence(
        one for one in panels if one.main and one.task == "zs" and one.kind == "integrated0.7"
    )
    if said is None or not said.slope.slope:
        return _untested(claim, "The release has no panel for it.")
    ends = said.slope.ci95
    bounded = ends is not None and ends[0] > 0
    range_ = f"{number(10 / ends[1])} to {number(10 / ends[0])}" if ends and bounded else ""
    return Claim(
        claim=claim,
        published="“exponential”",
        panels=_panels(said),
        concepts=f"10 points correspond to a factor of 10^{number(10 / said.slope.slope)} in count "
        f"({'10^' + range_.replace(' to ', ' to 10^') if bounded else 'not bounded'}; "
        f"{said.middle.model} on {said.middle.corpus}, the median slope)",
        p=NONE,
        verdict="Follows from a log-linear slope, where there is one"
        if bounded
        else "Not bounded: the slope's interval is not above 0",
        caveat="An association between concepts, not the effect of adding data on a concept.",
    )


def _control(panels: Sequence[PanelStatistics]) -> Claim:
    """The two stress tests, on corpora that only a full clone holds."""
    claim = "The trend holds without training images similar to test images, and on synthetic data"
    found = [
        one
        for one in panels
        if one.task == "zs"
        and one.published_dataset_set
        and one.corpus in CONTROLLED
        and one.kind in MAIN_KINDS
    ]
    if not found:
        named = ", ".join(control.corpus for control in CONTROLS)
        return _untested(claim, f"Its counts and scores ({named}) are missing.")
    return _trend(claim, found, "Compare with the corpora these were derived from.")


def _tail(found: Reproduction) -> Claim:
    """The published share, compared by distinct names and by rows of the 17 datasets."""
    claim = "Most concepts almost never occur"
    shares = {
        words: {
            name.partition("|")[0]: (share, parts[part]["n"])
            for name, parts in found.long_tail.items()
            if name.endswith("|integrated0.7") and (share := _below(parts.get(part))) is not None
        }
        for words, part in (("names", "dedup_zs17_ret"), ("rows", "rows_zs17"))
    }
    shares = {words: known for words, known in shares.items() if known}
    if not shares:
        return _untested(claim, "No counts of text and image together.")
    corpora = {name for known in shares.values() for name in known}
    said = ". ".join(_shares_said(words, known) for words, known in shares.items())
    return Claim(
        claim=claim,
        published=NEGLIGIBLE_SHARE,
        panels=f"{_many(len(corpora), 'corpus', 'corpora')}, counts of text and image together",
        concepts=f"Share below a ten thousandth of the largest count. {said}",
        p=NONE,
        verdict=_tail_verdict(shares),
        caveat="The threshold for negligible is a choice. A row is a concept of a dataset, so rows "
        "repeat some names. The list is of test concepts, not a sample of a vocabulary, and a "
        "count of 0 can be a counting error (see below).",
    )


Shares = Mapping[str, tuple[float, int]]
"""By corpus a share, and of how many."""


def _intervals(known: Shares) -> dict[str, tuple[float, float]]:
    return {name: share_interval(round(share * n), n) for name, (share, n) in known.items()}


def _shares_said(words: str, known: Shares) -> str:
    within = _intervals(known)
    return f"Of {words}: " + "; ".join(
        f"{name} {percent(share)} ({_percents(within[name])}; n {integer(n)})"
        for name, (share, n) in known.items()
    )


def _tail_verdict(shares: Mapping[str, Shares]) -> str:
    """Whether the published share is met, by the rule above the table, and in how many corpora."""
    pairs = {words: list(_intervals(known).values()) for words, known in shares.items()}
    above = {words: _over(ends, NEGLIGIBLE_LEAST) for words, ends in pairs.items()}
    below = {
        words: sum(high < NEGLIGIBLE_LEAST for _, high in ends) for words, ends in pairs.items()
    }
    if all(above[words] == len(ends) for words, ends in pairs.items()):
        verdict = "Met"
    elif any(above.values()):
        verdict = "Met in part"
    else:
        verdict = "Not met" if any(below.values()) else "Not decided"
    counted = "; ".join(
        f"share of {words} above two thirds in {above[words]} of "
        f"{_many(len(ends), 'corpus', 'corpora')}, below in {below[words]}, above one half in "
        f"{_over(ends, 0.5)}"
        for words, ends in pairs.items()
    )
    return f"{verdict}: {counted}"


def _over(pairs: Sequence[tuple[float, float]], bound: float) -> int:
    return sum(low > bound for low, _ in pairs)


def _below(tail: dict[str, dict[str, float | None]] | None) -> float | None:
    return None if tail is None else tail["frac_norm_lt"]["1e-4"]


def _percents(pair: tuple[float, float]) -> str:
    return f"{percent(pair[0])} to {percent(pair[1])}"


def _misalignment(found: Reproduction) -> Claim:
    claim = "Captions and images often share no concept"
    table = found.misalignment
    if not table:
        return _untested(claim, "The release contains no degrees of misalignment.")
    said = "; ".join(
        f"{corpus} {percent(one['degree_fixed'])} of the corpus, "
        f"{percent(one['degree_extracted'])} of pairs with a concept "
        f"(n {integer(one['fixed_denominator'])} and {integer(one['extracted_denominator'])} pairs)"
        for corpus, one in table.items()
    )
    return Claim(
        claim=claim,
        published=span(one["degree_fixed"] * 100 for one in table.values()) + " %",
        panels=_many(len(table), "corpus", "corpora"),
        concepts=f"{said}; all pairs were counted, so there is no interval",
        p=NONE,
        verdict="As released; a lower bound",
        caveat="Both denominators are larger than the number of pairs with a text and an image "
        "concept. Names of several words could not match in most corpora.",
    )


def _agreement(found: Reproduction) -> Claim:
    claim = "Concept frequencies of different corpora agree"
    rows = [
        (f"{name.replace('|', ' and ')} {one['spearman']:.2f}", one["spearman_ci95"], one["n"])
        for name, kinds in found.correlation.items()
        for kind, one in kinds.items()
        if kind == "integrated0.7" and one["spearman"] is not None
    ]
    if not rows:
        return _untested(claim, "Counts of two corpora are needed.")
    said = "; ".join(
        f"{text} ({interval(pair, 2)}; n {integer(n)} names)" for text, pair, n in rows
    )
    above = sum(pair is not None and pair[0] > 0.5 for _, pair, _ in rows)
    return Claim(
        claim=claim,
        published="not quoted: the released code joins lists by position",
        panels=f"{_many(len(rows), 'pair')} of corpora, counts of text and image together",
        concepts=f"Spearman's ρ: {said}",
        p=NONE,
        verdict=f"ρ above .5 in {above} of {_many(len(rows), 'pair')}",
        caveat="Joined by name here. Names with count 0 in both corpora are tied and count as "
        "agreement; the section on agreement has those found in both. Bootstrap over names.",
    )


def _wag(found: Reproduction) -> list[Claim]:
    worse = "Models do much worse on a test set of rare concepts than on ImageNet"
    lines = "Accuracy on rare concepts follows two lines against ImageNet accuracy"
    table = found.let_it_wag
    if not table.get("models"):
        absent = "The release has no model scored on both."
        return [_untested(worse, absent), _untested(lines, absent)]
    gaps = [x - y for x, y in table["models"].values()]
    ends = mean_interval(gaps)
    below = sum(gap > 0 for gap in gaps)
    few = f"{len(gaps)} of the study's {LET_IT_WAG['models']:g} models, which share corpora."
    return [
        Claim(
            claim=worse,
            published=f"{LET_IT_WAG['mean_gap']:g} points lower on average",
            panels=f"{_many(len(gaps), 'model')}, {table['n_classes'] or 'unknown'} classes",
            concepts=f"Mean gap {number(table['mean_gap'])} points ({interval(ends)}; "
            f"n {len(gaps)} models), individual gaps {number(table['min_gap'])} to "
            f"{number(table['max_gap'])}",
            p=NONE,
            verdict=f"Lower in {below} of {_many(len(gaps), 'model')}",
            caveat=f"{few} The two test sets differ in more than how rare their concepts are.",
        ),
        Claim(
            claim=lines,
            published=f"slopes {LET_IT_WAG['slope_below50']:g} below 50 % ImageNet accuracy and "
            f"{LET_IT_WAG['slope_above50']:g} above",
            panels=_many(len(gaps), "model"),
            concepts="; ".join(
                f"{number(table[f'slope_{part}50'])} {part} ({interval(pair)}; "
                f"n {table[f'n_{part}50']} models)"
                for part, pair in _line_intervals(found).items()
            ),
            p=NONE,
            verdict=_lines_verdict(found),
            caveat=f"{few} Add the other models' ImageNet accuracies with --imagenet FILE.",
        ),
    ]


def _line_intervals(found: Reproduction) -> dict[str, tuple[float, float] | None]:
    return {
        "below": slope_interval(found.let_it_wag, below=50.0, above=None),
        "above": slope_interval(found.let_it_wag, below=None, above=50.0),
    }


def _lines_verdict(found: Reproduction) -> str:
    """Two lines differ if their slopes' intervals do not overlap."""
    table, pairs = found.let_it_wag, _line_intervals(found)
    fewest = min(table["n_below50"], table["n_above50"])
    if fewest < FEWEST_MODELS or pairs["below"] is None or pairs["above"] is None:
        return f"Not decided: {fewest} models on one of the lines"
    if pairs["below"][1] < pairs["above"][0]:
        return "Slopes differ: steeper above"
    if pairs["above"][1] < pairs["below"][0]:
        return "Slopes differ: steeper below, the opposite"
    return "Slopes not distinguishable"


def _untested(claim: str, why: str) -> Claim:
    return Claim(claim, NONE, NONE, NONE, NONE, "Not tested here", why)


def _many(number_: int, one: str, more: str = "") -> str:
    return f"{number_} {one if number_ == 1 else more or one + 's'}"
