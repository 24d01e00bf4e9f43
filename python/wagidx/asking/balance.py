"""A sample of a corpus in which frequent concepts do not dominate, after MetaCLIP (arXiv
2309.16671).

A concept that occurs in more than `cap` captions samples each with probability ``cap / count``, the
others always. A caption is kept if any of its concepts samples it; one without a concept is not.

Whether a concept samples a caption depends only on the seed, the concept's text as spelled in the
list, and the caption's id, not on threads or the order of the list, so anyone with the list can
reproduce it. All arithmetic is modulo 2**64::

    mix(z)   z += 0x9e3779b97f4a7c15
             z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9
             z = (z ^ z >> 27) * 0x94d049bb133111eb
             the result is z ^ z >> 31                                   (SplitMix64)
    stream   mix(fnv1a64(concept in UTF-8) ^ mix(seed))
    draw     mix(stream + 0x9e3779b97f4a7c15 * id)
    keep     where count <= cap, or draw < cap * 2**64 // count
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wagidx.asking.concepts import Concepts, concept_list
from wagidx.asking.index import Index
from wagidx.progress import Report

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["BalanceStats", "balance"]


@dataclass(frozen=True)
class BalanceStats:
    """The size of the sample.

    Attributes
    ----------
    captions : int
        Captions of the index.
    concepts : int
        Concepts of the list.
    cap, seed : int
        As given.
    kept : int
        Captions kept.
    """

    captions: int
    concepts: int
    cap: int
    seed: int
    kept: int

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return asdict(self)


def balance(
    index: Index,
    concepts: Concepts,
    output: str | os.PathLike[str],
    *,
    cap: int = 20_000,
    seed: int = 0,
    keys: bool = True,
    pos: str | None = None,
    missing: str = "zero",
    threads: int | None = None,
    progress: Report | bool | None = None,
) -> BalanceStats:
    """Write the ids and keys of a balanced sample of captions as Parquet.

    Memory is bounded by a block of rows, independent of the size of the index.

    Parameters
    ----------
    index : Index
        The index to sample from.
    concepts : ConceptList, or iterable of str or Expression
        An expression is sampled under its `str`, a row of a list under its concept.
    output : path
        The Parquet file: column ``id`` (uint64, ascending) and, with `keys`, ``key`` (binary; NULL
        if a caption has none).
    cap : int
        Approximate number of captions sampled for each frequent concept; at least 1.
    seed : int
        Random seed; at least 0, below 2**64.
    keys : bool
        Whether to look up keys, in the index if it stores captions, otherwise in the sources,
        which are then read completely.
    pos, missing
        As for `Index.count`.
    threads : int, optional
        Defaults to the CPUs this process may use.
    progress : callable, bool or None
        As for `wagidx.build`.

    Raises
    ------
    ValueError
        `cap` or `seed` is out of range.
    SourceError
        A source is gone or has changed, or captions from memory were not stored.
    """
    listed = concept_list(concepts)
    drawn = index.drawn(
        listed, cap=cap, seed=seed, pos=pos, missing=missing, threads=threads, progress=progress
    )
    kept = 0
    schema = pa.schema([("id", pa.uint64()), *([("key", pa.binary())] if keys else [])])
    reader = _Keys(index.keys()) if keys else None
    with pq.ParquetWriter(Path(output), schema, compression="zstd") as writer:
        for ids in drawn:
            columns = [pa.chunked_array([ids]), *([reader.take(ids)] if reader else [])]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            kept += len(ids)
    captions = index.info["stats"]["captions"]
    return BalanceStats(captions, len(listed), cap, seed, kept)


class _Keys:
    """Keys of ascending ids, from the keys of all rows in their order."""

    def __init__(self, batches: Iterator[pa.Array]) -> None:
        self._batches = batches
        self._batch = pa.nulls(0, pa.binary())
        self._base = 0

    def take(self, ids: npt.NDArray[np.uint64]) -> pa.ChunkedArray:
        """Keys of ids that are above those asked before."""
        chunks, at = [], 0
        while at < len(ids):
            while self._base + len(self._batch) <= ids[at]:
                self._base += len(self._batch)
                self._batch = next(self._batches)
            end = int(np.searchsorted(ids, np.uint64(self._base + len(self._batch))))
            chunks.append(self._batch.take(pa.array(ids[at:end] - self._base)))
            at = end
        return pa.chunked_array(chunks, pa.binary())
