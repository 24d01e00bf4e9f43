"""The figures of an index, as whatever wrote it returns them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from wagidx import _native
from wagidx.building.manifest import manifest_of
from wagidx.building.source_table import read_sources
from wagidx.memory import peak_rss

__all__ = ["BuildStats", "stats_of"]


@dataclass(frozen=True)
class BuildStats:
    """What a build saw and made. ``rows = captions + nulls + malformed + filtered``.

    Attributes
    ----------
    rows, captions, nulls, empty, filtered, malformed : int
        Rows by kind; `empty` counts captions that are the empty text.
    invalid_utf8 : int
        Captions with bytes that are no UTF-8, read with U+FFFD in their place.
    truncated_keys : int
        Keys cut to 255 bytes.
    tokens, terms, postings : int
        Tokens (white space apart), distinct terms, and rows over all posting lists, of which a
        term that readings are told of has two.
    bytes : int
        Size of the index.
    seconds : float
        Wall-clock time.
    peak_rss_bytes : int
        Largest resident memory of this process so far.
    columns : list of str
        For each choice of columns, a line that says it.
    skipped : list of str
        Sources left out because they could not be read.
    """

    rows: int
    captions: int
    nulls: int
    empty: int
    filtered: int
    malformed: int
    invalid_utf8: int
    truncated_keys: int
    tokens: int
    terms: int
    postings: int
    bytes: int
    seconds: float
    peak_rss_bytes: int
    columns: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return asdict(self)


def stats_of(target: Path, began: float, columns: list[str]) -> BuildStats:
    """The figures of the index at `target`, on which work began at that monotonic time."""
    index = _native.Index(str(target))
    manifest = manifest_of(index, target)
    return BuildStats(
        **manifest["stats"],
        terms=index.distinct_terms(),
        postings=sum(segment["postings"] for segment in manifest["segments"]),
        bytes=sum(path.stat().st_size for path in target.iterdir()),
        seconds=round(time.monotonic() - began, 3),
        peak_rss_bytes=peak_rss(),
        columns=columns,
        skipped=[line["skipped"] for line in read_sources(target, manifest) if line["skipped"]],
    )
