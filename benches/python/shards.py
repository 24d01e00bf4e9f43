"""The captions all engines are given: shards of one's own, or some made of the demo's words."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

AGREED_CAPTIONS = 50_000


def texts(shards: Sequence[str], column: str) -> Iterator[str]:
    """Captions in order, '' for NULL; read as wagidx reads them, a batch at a time."""
    for shard in shards:
        parquet = pq.ParquetFile(shard, pre_buffer=False, buffer_size=1 << 20)
        for batch in parquet.iter_batches(batch_size=65_536, columns=[column], use_threads=False):
            for text in batch.column(0).to_pylist():
                yield text or ""


def demo_shard(folder: Path, rows: int) -> str:
    """A shard of captions of words drawn by the demo corpus's frequencies."""
    from wagidx import data

    lines = data.captions_path().read_text(encoding="utf-8").split("\n")[1:-1]
    words = " ".join(line.split("\t")[1] for line in lines).split()
    draw = random.Random(0)
    captions = [" ".join(draw.choices(words, k=draw.randint(3, 14))) for _ in range(rows)]
    return _written(folder / "demo.parquet", captions)


def agreed_shard(folder: Path, shards: Sequence[str], column: str) -> tuple[str, list[str]]:
    """The part of the captions about which all engines' rules agree, and its words.

    What lies between blanks is kept where it is of ASCII letters and one token by every rule:
    spaCy parts some contractions, and tantivy drops words of 40 letters.
    """
    from wagidx import _native

    captions: list[str] = []
    known: dict[str, bool] = {}
    for text in texts(shards, column):
        chunks = [c for c in text.split() if c.isascii() and c.isalpha() and len(c) < 40]
        new = list({c for c in chunks if c not in known})
        found = zip(new, _native.tokens(new), _native.tokens([c.lower() for c in new]))
        known |= {c: (as_is, low) == ([c], [c.lower()]) for c, as_is, low in found}
        captions.append(" ".join(c for c in chunks if known[c]))
        if len(captions) == AGREED_CAPTIONS:
            break
    words = sorted({word.lower() for text in captions for word in text.split()})
    return _written(folder / "agreed.parquet", captions), words


def _written(path: Path, captions: list[str]) -> str:
    pq.write_table(pa.table({"TEXT": captions}), path)
    return str(path)
