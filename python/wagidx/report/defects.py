"""The section on faults whose traces stand in the released counts."""

from __future__ import annotations

from wagidx.paper.defects import traces
from wagidx.paper.release import Release
from wagidx.report.numbers import integer, percent
from wagidx.report.section import Section, Table

__all__ = ["defects_section"]

SIGNS = {
    "same as a word": "A name of several words occurs exactly as often as one of its words",
    "capital": "A name with a capital letter is on 100 images or more and in no caption",
    "digit": "A name with a digit is on 100 images or more and in no caption",
    "plain": "For comparison: a name of one word in small letters, likewise",
    "lemma": "A name is found ten times as often without lemmas as with them",
    "larger": "A name is in no caption of this corpus and in 100 of a smaller one",
    "differs": "The joint count of one name depends on the dataset it was counted for",
    "threshold": "Ten times the images at the lowest threshold of the tagger as at the highest",
}
TEXT = (
    "Names are counted in the release's own files; each sign is one that a fault of the search "
    "leaves. Words of a query that the index lacked were dropped, and of a word cut at its hyphens "
    "only the last piece was kept: both give a name the count of a single word. The index kept "
    "capitals while queries were made small, and digits and hyphens were taken out of one of the "
    "two: such names are found nowhere. A query's words were lemmatised alone, where many nouns "
    "look like verbs, and on one corpus the lemma was looked up where only the surface form could "
    "be: names vanish that are frequent without lemmas, or in a smaller corpus.",
    "Not every name that shows a sign is wrong, for some concepts are truly rare in text; the row "
    "for comparison says how often that is so. The search of wagidx keeps one reading of a name on "
    "both sides, and a missing word makes a count 0.",
)


def defects_section(release: Release) -> Section:
    """Each fault by corpus: names that show it, and the most frequent of them."""
    rows = tuple(
        (
            *(SIGNS[one.fault], one.corpus, integer(one.affected), integer(one.of)),
            *(percent(one.affected / one.of), "; ".join(one.examples)),
        )
        for one in traces(release)
    )
    columns = ("Sign", "Corpus", "Names", "Of", "Share", "The most frequent")
    return Section(
        title="Faults that show in the released counts",
        text=TEXT,
        tables=(Table("Names, as written in the files", columns, rows, numbers_from=len(columns)),)
        if rows
        else (),
        command="wagidx reproduce RELEASE -o DIR",
    )
