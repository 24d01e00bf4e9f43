"""Counts for the commands that take `INDEX|COUNTS`: a folder is asked, a file is read.

An index is asked for a list of concepts. Without one it gives its terms, which are counted as they
stand in the dictionary, in any reading.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wagidx.cli.conventions import Console, integer, matched
from wagidx.exceptions import FitError

if TYPE_CHECKING:
    from wagidx.asking.concepts import ConceptList

__all__ = ["Asked", "Counted", "concepts_of", "count_all"]


@dataclasses.dataclass(frozen=True)
class Asked:
    """How indexes are asked, as the options say it."""

    listed: ConceptList | None
    field: str
    pos: str | None
    match: str
    missing: str

    @classmethod
    def of(
        cls, concepts: str | None, field: str, pos: str | None, match: str, missing: str
    ) -> Asked:
        """Read the list that `--concepts` names, if it does."""
        from wagidx.asking.concepts import load_concepts

        listed = None if concepts is None else load_concepts(concepts)
        return cls(listed, field, pos, match, missing)


@dataclasses.dataclass(frozen=True)
class Counted:
    """The counts of one source.

    Attributes
    ----------
    path : str
        Index or file, as given.
    kind : {"index", "counts"}
    names : {"concepts", "terms", "all"}
        Whose counts: of the list, of all terms of an index, of all names of a file.
    captions : int or None
        Of an index.
    field, pos, match, missing : str or None
        How an index was asked.
    absent : int
        Concepts of the list without a count in a file.
    counts : dict of str to float
        By name.
    """

    path: str
    kind: str
    names: str
    captions: int | None
    field: str | None
    pos: str | None
    match: str | None
    missing: str | None
    absent: int
    counts: Mapping[str, float] = dataclasses.field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The part of `--json` that says what was counted."""
        return {key: value for key, value in vars(self).items() if key != "counts"}


def count_all(console: Console, paths: list[Path], asked: Asked) -> list[Counted]:
    """Counts of each source.

    Without a list, indexes are asked for the names of the count files beside them; where there are
    only indexes, for the terms of all of them, and a term that one of them has not counts 0.
    """
    indexes = [path for path in paths if path.is_dir()]
    _usable(indexes, paths, asked)
    files = {path: _of_file(path, asked) for path in paths if path not in indexes}
    for path, one in files.items():
        if one.absent:
            console.note(f"{path}: concepts of the list without a count: {integer(one.absent)}")
    if asked.listed is None and files:
        names = dict.fromkeys(name for one in files.values() for name in one.counts)
        asked = dataclasses.replace(asked, listed=concepts_of(names))
    if asked.listed is not None:
        return [files.get(path) or _of_concepts(path, asked, asked.listed) for path in paths]
    return _of_terms(paths)


def _usable(indexes: list[Path], paths: list[Path], asked: Asked) -> None:
    options = [
        name
        for name, given in (
            ("--pos", asked.pos is not None),
            ("--match", asked.match != "all"),
            ("--missing", asked.missing != "zero"),
            ("--field", asked.field != "text"),
        )
        if given
    ]
    if options and not indexes:
        raise click.UsageError(f"{options[0]} asks an index, and there are only files of counts")
    if options and asked.listed is None and indexes == paths:
        raise click.UsageError(
            f"{options[0]} needs --concepts: terms are counted as the dictionary has them"
        )


def concepts_of(names: Iterable[str]) -> ConceptList:
    """Names as a list of concepts; one without a letter or figure is no concept."""
    from wagidx.asking.concepts import ConceptList

    kept = [name for name in names if name.strip()]
    return ConceptList(kept, list(kept))


def _of_file(path: Path, asked: Asked) -> Counted:
    from wagidx.fitting.frequencies import read_frequencies

    read = read_frequencies(path)
    counts: Mapping[str, float] = read.exact
    absent = 0
    if asked.listed is not None:
        wanted = dict.fromkeys(asked.listed.names)
        found = {name: read.find(name) for name in wanted}
        counts = {name: read.exact[own] for name, own in found.items() if own is not None}
        absent = len(wanted) - len(counts)
    names = "all" if asked.listed is None else "concepts"
    return Counted(str(path), "counts", names, None, None, None, None, None, absent, counts)


def _of_concepts(path: Path, asked: Asked, listed: ConceptList) -> Counted:
    import wagidx

    expressions = matched(listed.expressions, asked.match)
    with wagidx.open(path) as index:
        counts = index.counts(expressions, field=asked.field, pos=asked.pos, missing=asked.missing)
        readings = index.info["analyzer"]["readings"]
        captions = index.info["stats"]["captions"]
    return Counted(
        path=str(path),
        kind="index",
        names="concepts",
        captions=captions,
        field=asked.field,
        pos=asked.pos or ("head" if readings else "any"),
        match=asked.match,
        missing=asked.missing,
        absent=0,
        counts=dict(zip(listed.names, counts.tolist())),
    )


def _of_terms(paths: list[Path]) -> list[Counted]:
    import wagidx

    found, captions = [], []
    for path in paths:
        with wagidx.open(path) as index:
            found.append(dict(index.terms.items_from("")))
            captions.append(index.info["stats"]["captions"])
    every = dict.fromkeys(term for terms in found for term in terms)
    if not every:
        raise FitError(f"{', '.join(map(str, paths))}: no caption with a word is in it to count")
    return [
        Counted(
            path=str(path),
            kind="index",
            names="terms",
            captions=number,
            field="text",
            pos="any",
            match=None,
            missing=None,
            absent=0,
            counts={term: terms.get(term, 0) for term in every},
        )
        for path, number, terms in zip(paths, captions, found)
    ]
