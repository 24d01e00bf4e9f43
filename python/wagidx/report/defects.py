"""The section on faults whose traces are visible in the released counts."""

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
    "plain": "For comparison: a lower-case name of one word, likewise",
    "lemma": "A name is found ten times as often without lemmatisation as with it",
    "larger": "A name is in no caption of this corpus and in 100 of a smaller one",
    "differs": "The joint count of one name depends on the dataset it was counted for",
    "threshold": "Ten times the images at the lowest threshold of the tagger as at the highest",
}
TEXT = (
    "Names are counted in the release's own files; each sign is a trace that a search fault "
    "leaves. Query words missing from the index were dropped, and of a word split at hyphens only "
    "the last piece was kept: both give a name the count of a single word. The index kept capitals "
    "while queries were lower-cased, and digits and hyphens were removed from one of the two: such "
    "names are never found. Query words were lemmatised in isolation, where many nouns look like "
    "verbs, and on one corpus the lemma was looked up in an index of surface forms: names vanish "
    "that are frequent without lemmatisation, or in a smaller corpus.",
    "Not every name that shows a sign is wrong, because some concepts are truly rare in text; the "
    "comparison row shows how often that is so. wagidx normalises names and captions in the same "
    "way, and a missing word makes a count 0.",
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
    columns = ("Sign", "Corpus", "Names", "Of", "Share", "Most frequent")
    return Section(
        title="Faults visible in the released counts",
        text=TEXT,
        tables=(Table("Names, as written in the files", columns, rows, numbers_from=len(columns)),)
        if rows
        else (),
        command="wagidx reproduce RELEASE -o DIR",
    )
