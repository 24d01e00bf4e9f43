"""An open index: how often, in which captions, and why."""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, final

import numpy as np

from wagidx import _native
from wagidx._optional import require
from wagidx.asking.concepts import Concepts, concept_list
from wagidx.asking.cooccurrence import joint_matrix
from wagidx.asking.expressions import Expression
from wagidx.asking.frequencies import FrequencyTable
from wagidx.asking.spans import spans_of
from wagidx.asking.sweep import Sweep
from wagidx.building.manifest import manifest_of
from wagidx.exceptions import IndexFormatError
from wagidx.progress import Report
from wagidx.threads import thread_count

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from wagidx.asking.captions import Caption

__all__ = ["Explanation", "Index", "TermReport", "Terms", "open"]

_TERMS_AT_A_TIME = 4096


@dataclass(frozen=True)
class TermReport:
    """One term of a concept.

    Attributes
    ----------
    token, term : str
        As written in the concept, and the term that is looked up.
    count : int
        Captions that contain it as any part of speech.
    as_noun : int or None
        Captions that contain it as a noun; None on an index without readings.
    nearest : tuple of (str, int)
        Similar terms with their counts, if no caption contains it.
    """

    token: str
    term: str
    count: int
    as_noun: int | None
    nearest: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Explanation:
    """How a concept was parsed, and why its count is what it is.

    Attributes
    ----------
    concept : str
        The concept, or the text of a phrase.
    count : int
        Captions that contain it.
    terms : tuple of TermReport
        Its terms in order, including repeats.
    match : {"all", "phrase"}
        Whether the terms match in any order, or adjacent and in order.
    """

    concept: str
    count: int
    terms: tuple[TermReport, ...]
    match: str = "all"

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return asdict(self)


class Terms(Mapping[str, int]):
    """The dictionary of an index: each term and the number of captions that contain it.

    Terms are looked up verbatim, not analyzed. Iteration is in byte order and streams.
    """

    def __init__(self, native: _native.Index) -> None:
        self._native = native

    def __getitem__(self, term: str) -> int:
        try:
            count = self._native.term_count(term)
        except (TypeError, UnicodeEncodeError):  # no text, or none that UTF-8 can spell
            count = 0
        if count == 0:
            raise KeyError(term)
        return count

    def __len__(self) -> int:
        """O(1) for one segment, O(terms) for more, which may share terms."""
        return self._native.distinct_terms()

    def __iter__(self) -> Iterator[str]:
        return (term for term, _ in self.items_from(""))

    def items(self) -> ItemsView[str, int]:
        """Terms with their counts, read in one pass."""
        return _TermItems(self)

    def values(self) -> ValuesView[int]:
        """Counts in the order of their terms, read in one pass."""
        return _TermCounts(self)

    def items_from(self, term: str) -> Iterator[tuple[str, int]]:
        """Terms and counts in byte order, starting at the first term not below `term`.

        Raises
        ------
        CorruptIndexError
            The dictionary is damaged.
        """
        while found := self._native.terms(term, _TERMS_AT_A_TIME):
            yield from found
            term = found[-1][0] + "\0"


class _TermItems(ItemsView[str, int]):
    """Of a mapping's own view each term would be looked up again."""

    _mapping: Terms

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return self._mapping.items_from("")


class _TermCounts(ValuesView[int]):
    _mapping: Terms

    def __iter__(self) -> Iterator[int]:
        return (count for _, count in self._mapping.items_from(""))


@final
class Index:
    """An index open for reading; `wagidx.open` returns one.

    An open index is a snapshot: later builds or appends do not change it. It can be shared between
    threads, used after a fork, and pickled; the pickle contains its path and id.

    Parameters
    ----------
    path : path
        The index folder.
    mmap : bool
        False reads the files into memory, for file systems where mapped files are unsafe.
    sources : dict of str to str, optional
        Old to new prefixes of source names, if sources have moved; the longest matching prefix
        applies.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        mmap: bool = True,
        sources: dict[str, str] | None = None,
    ) -> None:
        self._path = Path(path)
        self._mmap = mmap
        self._sources = dict(sources or {})
        try:
            self._native = _native.Index(os.fspath(self._path), mmap)
        except FileNotFoundError as error:
            what = "no index here; build one with 'wagidx build SOURCE... -o INDEX'"
            raise FileNotFoundError(error.errno, what, error.filename) from None
        # The same method without a call in between, which would cost a good part of a microsecond.
        self.count = self._native.count  # type: ignore[method-assign]

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Files are unmapped when the last reference goes."""

    def __repr__(self) -> str:
        return f"<wagidx.Index {os.fspath(self._path)!r}, {len(self):,} rows>"

    def __len__(self) -> int:
        """Number of rows; ids are 0 to ``len(index) - 1``."""
        return len(self._native)

    def __contains__(self, concept: str | Expression) -> bool:
        return self._native.count(concept) > 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self._path, self._mmap, self._sources, self.id)

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        return manifest_of(self._native, self._path)

    @property
    def id(self) -> str:
        """The index's id; changes with any change in the index."""
        checksum: str = self._manifest["checksum"]
        return checksum

    @property
    def info(self) -> dict[str, Any]:
        """Description of the index: rows, captions, nulls, empty, filtered, malformed and other
        values of ``stats``; version, library, analyzer, segments, files, options, checksum, and
        its path and size in bytes."""
        parts = self._manifest["segments"] + self._manifest["files"]
        size = sum(part["size"] for part in parts) + len(self._native.manifest().encode())
        here = {"path": os.fspath(self._path), "bytes": size}
        stats: dict[str, Any] = self._manifest["stats"]
        return self._manifest | stats | here

    @property
    def sources(self) -> list[dict[str, Any]]:
        """What the captions came from, in the order of their rows.

        Each has ``name``, ``format``, ``rows``, ``bytes``, the columns ``caption``, ``key`` and
        ``url``, a ``fingerprint`` that tells whether it has changed, and ``skipped``: why it was
        left out, or None. Read from the index at each call.
        """
        from wagidx.asking.captions import sources_of

        return sources_of(self._path, self._manifest)

    @property
    def skipped(self) -> list[dict[str, str]]:
        """Sources that were skipped because they could not be read: ``name`` and ``reason``."""
        return [
            {"name": one["name"], "reason": one["skipped"]}
            for one in self.sources
            if one["skipped"]
        ]

    @property
    def terms(self) -> Terms:
        """The dictionary."""
        return Terms(self._native)

    def count(
        self,
        concept: str | Expression,
        *,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
    ) -> int:
        """The number of captions that contain a concept.

        Parameters
        ----------
        concept : str or Expression
            A caption contains a concept if it contains every one of its terms, in any order.
        field : {"text", "image", "joint"}
            Field to search; an index of captions has only text.
        pos : {"head", "noun", "any"}, optional
            Parts of speech that count: the last term as a noun and the others as any, all as nouns,
            or all as any. Defaults to head if the index has readings, else to any.
        missing : {"zero", "ignore"}
            Whether a term that is in no caption makes the count zero or is ignored.
        docs : bytes or numpy.ndarray of uint64, optional
            Count only these caption ids: a portable Roaring bitmap, or the ids.

        Raises
        ------
        ConceptError
            The concept has no term.
        MissingFieldError
            The index has no such field, or no positions for a phrase.
        ValueError
            An option is not one of those above, an id is not below ``len(index)``, or the index has
            no readings for `pos`.
        CorruptIndexError
            The index is damaged.
        """
        return self._native.count(concept, field=field, pos=pos, missing=missing, docs=docs)

    def counts(
        self,
        concepts: Concepts,
        *,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
        threads: int | None = None,
    ) -> npt.NDArray[np.uint64]:
        """Count many concepts in one pass.

        Parameters
        ----------
        concepts : ConceptList, iterable of str or Expression, Arrow array of strings, or a table
            A data frame or Arrow table has a column ``concept`` and perhaps ``synonyms``, as the
            file of a list has. Lists of hundreds of thousands are best given as an Arrow array.
        field, pos, missing, docs
            As for `count`.
        threads : int, optional
            Defaults to the CPUs this process may use.

        Returns
        -------
        numpy.ndarray of uint64, shape (len(concepts),)
        """
        self._native.require_field(field)
        arrow = hasattr(concepts, "__arrow_c_array__") and not hasattr(concepts, "columns")
        asked = concepts if arrow else concept_list(concepts).expressions
        return self._native.counts(asked, pos, missing, docs, thread_count(threads))

    def ids(
        self,
        concept: str | Expression,
        *,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
        limit: int | None = None,
    ) -> npt.NDArray[np.uint64]:
        """Ids of the captions that contain a concept, ascending, at most `limit`."""
        self._native.require_field(field)
        if limit is not None and limit < 0:
            raise ValueError(f"limit={limit}: must be at least 0, or None for all")
        most = None if limit is None else min(limit, len(self))
        return self._native.ids(concept, pos, missing, docs, most)

    def bitmap(
        self,
        concept: str | Expression,
        *,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
        limit: int | None = None,
    ) -> bytes:
        """The ids of `ids` as a portable 64-bit Roaring bitmap, which pyroaring and `docs`
        accept."""
        ids = self.ids(concept, field=field, pos=pos, missing=missing, docs=docs, limit=limit)
        return _native.to_roaring(ids)

    def captions(
        self,
        concept: str | Expression,
        *,
        limit: int | None = 10,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
    ) -> list[Caption]:
        """The first captions that contain a concept, with text, key and URL.

        Raises
        ------
        SourceError
            A source is gone or has changed, or captions from memory were not stored.
        """
        ids = self.ids(concept, field=field, pos=pos, missing=missing, docs=docs, limit=limit)
        return self.captions_of(ids.tolist())

    def captions_of(self, ids: Iterable[int]) -> list[Caption]:
        """The captions with these ids, ascending.

        Raises
        ------
        ValueError
            An id is not a row of the index.
        SourceError
            As for `captions`.
        """
        wanted = sorted(operator.index(i) for i in ids)
        for i in (*wanted[:1], *wanted[-1:]):
            if not 0 <= i < len(self):
                raise ValueError(f"caption id {i} is not a row: the index has {len(self):,} rows")
        from wagidx.asking.captions import find_captions

        return find_captions(self._path, self._manifest, wanted, self._sources)

    def explain(
        self, concept: str | Expression, *, pos: str | None = None, missing: str = "zero"
    ) -> Explanation:
        """How a concept is parsed: its terms, their counts, and terms similar to missing ones.

        Parameters
        ----------
        concept : str or Expression
            A concept or a phrase.
        pos, missing
            As for `count`.
        """
        text, side_by_side = _text_of(concept)
        count, terms = self._native.explain(text, side_by_side, pos, missing)
        return Explanation(
            text,
            count,
            tuple(
                TermReport(token, term, rows, as_noun, tuple(near))
                for token, term, rows, as_noun, near in terms
            ),
            "phrase" if side_by_side else "all",
        )

    def frequencies(
        self,
        concepts: Concepts,
        *,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
        threads: int | None = None,
    ) -> FrequencyTable:
        """Concepts with their counts, as an Arrow-capable table. Parameters as for `counts`."""
        listed = concept_list(concepts)
        counts = self.counts(
            listed, field=field, pos=pos, missing=missing, docs=docs, threads=threads
        )
        return FrequencyTable(listed.names, counts, self._manifest["stats"]["captions"])

    def cooccurrences(
        self,
        concepts: Concepts,
        *,
        pos: str | None = None,
        missing: str = "zero",
        threads: int | None = None,
        progress: Report | bool | None = None,
    ) -> Any:
        """The number of captions in which each pair of concepts co-occurs, in one pass.

        Time grows with the captions, their concepts, and the pairs of these; memory with the pairs
        that occur.

        Parameters
        ----------
        concepts : ConceptList, or iterable of str or Expression
            Duplicates get their own rows and columns.
        pos, missing
            As for `count`.
        threads : int, optional
            Defaults to the CPUs this process may use.
        progress : callable, bool or None
            As for `wagidx.build`.

        Returns
        -------
        scipy.sparse.csr_array of uint64, shape (len(concepts), len(concepts))
            Symmetric; the diagonal holds the counts. `wagidx.save_cooccurrences` writes it.

        Raises
        ------
        ModuleNotFoundError
            scipy is not installed.
        """
        require("scipy.sparse", extra="scipy")
        listed = concept_list(concepts)
        sweep = Sweep(self._native, listed, pos, missing, threads, progress)
        return joint_matrix(*sweep.pairs(), len(listed))

    def drawn(
        self,
        concepts: Concepts,
        *,
        cap: int = 20_000,
        seed: int = 0,
        pos: str | None = None,
        missing: str = "zero",
        threads: int | None = None,
        progress: Report | bool | None = None,
    ) -> Iterator[npt.NDArray[np.uint64]]:
        """Ids of a balanced sample of captions, ascending, in arrays of uint64.

        `wagidx.balance` describes the sampling, and writes the ids with their keys.
        """
        listed = concept_list(concepts)
        return Sweep(self._native, listed, pos, missing, threads, progress).drawn(cap, seed)

    def keys(self) -> Iterator[pa.Array]:
        """Keys of all rows in order, in binary arrays; NULL if a row has none.

        Raises
        ------
        SourceError
            A source is gone or has changed, or captions from memory were not stored.
        """
        from wagidx.asking.captions import key_batches

        return key_batches(self._path, self._manifest, self._sources)

    def top(self, n: int = 50) -> list[tuple[str, int]]:
        """The `n` terms that occur in most captions, with their counts."""
        if n < 0:
            raise ValueError(f"n={n}: must be at least 0")
        return self._native.top(min(n, sys.maxsize))

    def terms_asked(self, concept: str, *, pos: str | None = None) -> list[tuple[str, bool, int]]:
        """The distinct terms that counting a concept looks up.

        Parameters
        ----------
        concept : str
        pos : {"head", "noun", "any"}, optional
            As for `count`.

        Returns
        -------
        list of (str, bool, int)
            Each term, whether it is looked up as a noun only, and the captions that hold it so.
        """
        return self._native.terms_asked(concept, pos)

    def spans(self, text: str, concept: str | Expression) -> list[tuple[int, int]]:
        """Where a concept occurs in a text, as ranges of characters.

        For a concept, each occurrence of a term is a range; for a phrase, each place where its
        terms are adjacent, with overlapping ones merged.
        """
        return spans_of(self._native, text, concept)

    def verify(self, *, deep: bool = False, threads: int | None = None) -> None:
        """Check every byte against its checksum; `deep` also decodes and checks every list.

        Raises
        ------
        CorruptIndexError
            The message names the file and the place.
        IndexFormatError
            Another index has replaced this one.
        """
        from wagidx.asking.captions import named_throughout

        with named_throughout(self._path, manifest_of(self._native, self._path)["files"]):
            self._native.verify(deep, thread_count(threads))


def _text_of(concept: str | Expression) -> tuple[str, bool]:
    """The text of a concept or phrase, and whether it is a phrase."""
    if isinstance(concept, str):
        return concept, False
    if not isinstance(concept, Expression):
        raise TypeError(f"explain() takes a concept or a phrase, not {type(concept).__name__}")
    text = concept.operands[0]
    if concept.op != "phrase" or not isinstance(text, str):
        raise TypeError(f"explain() takes a concept or a phrase, not {concept}: pass its operands")
    return text, True


def _reopen(path: Path, mmap: bool, sources: dict[str, str], wanted: str) -> Index:
    index = Index(path, mmap=mmap, sources=sources)
    if index.id != wanted:
        raise IndexFormatError(
            f"{path}: contains another index than the one that was pickled; reopen it"
        )
    return index


def open(
    path: str | os.PathLike[str], *, mmap: bool = True, sources: dict[str, str] | None = None
) -> Index:
    """Open an index; milliseconds at any size. Parameters as for `Index`."""
    return Index(path, mmap=mmap, sources=sources)
