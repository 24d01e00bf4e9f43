"""tantivy-py: one indexing thread, 1 GB of heap, no positions, default tokenizer, one commit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import tantivy


def build(output: Path, texts: Iterable[str], words: list[str]) -> None:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, index_option="basic")
    output.mkdir()
    index = tantivy.Index(schema.build(), path=str(output))
    writer = index.writer(heap_size=1_000_000_000, num_threads=1)
    for text in texts:
        writer.add_document(tantivy.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()


def counts(output: Path, words: list[str]) -> list[int]:
    searcher = tantivy.Index.open(str(output)).searcher()
    return [searcher.doc_freq("text", word) for word in words]
