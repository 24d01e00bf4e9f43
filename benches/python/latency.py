"""How fast wagidx answers from Python, beside tantivy-py and pyroaring on the same captions.

    python benches/python/latency.py SHARD.parquet... --concepts FILE [--index INDEX] [-o FILE.json]

Every question is asked once a pass, so that no answer comes from a cache of the last one, and the
engines take turns pass by pass. Peers are given what they can be spared: tantivy's queries are
built beforehand, and pyroaring holds wagidx's own lists in memory, found by their terms. wagidx is
given the words as a user types them. Times are of one core, in microseconds; a ratio is the median
over passes of wagidx's quantile by the peer's in the same pass.

========== ==================================================================================
words      the distinct words of the concepts
uniform    terms drawn uniformly from the index's dictionary, most of them in one or two rows
pairs      the concepts of two words
frequent   pairs of the 2,000 most frequent words
list       all concepts in one call, in milliseconds of CPU
========== ==================================================================================
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyroaring
import tantivy
import wagidx

Call = tuple[Callable[[Any], Any], Sequence[Any]]
"""What is called, and with which arguments, one a question."""


class Tantivy:
    """The captions in tantivy, by its default tokenizer, in a segment, basic or with `position`."""

    def __init__(
        self, folder: Path, shards: Sequence[str], column: str, kept: str = "basic"
    ) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", stored=False, index_option=kept)
        self.index = tantivy.Index(schema.build(), path=os.fspath(folder))
        writer = self.index.writer(heap_size=1_000_000_000, num_threads=1)
        for shard in shards:
            for batch in pq.ParquetFile(shard).iter_batches(columns=[column]):
                for caption in batch.column(0).to_pylist():
                    document = tantivy.Document()
                    document.add_text("text", caption or "")
                    writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher: Any = self.index.searcher()  # its stub leaves the count out

        self.one = partial(self.searcher.doc_freq, "text")

    def query(self, words: Sequence[str]) -> Any:
        schema, must = self.index.schema, tantivy.Occur.Must
        terms = [tantivy.Query.term_query(schema, "text", word) for word in words]
        return tantivy.Query.boolean_query([(must, term) for term in terms])

    def count(self, query: Any) -> int:
        return int(self.searcher.search(query, limit=1, count=True).count)


class Roaring:
    """wagidx's lists as Roaring bitmaps in memory."""

    def __init__(self, index: wagidx.Index, concepts: Sequence[str]) -> None:
        self.index = index
        self.lists: dict[str, pyroaring.BitMap] = {}
        for concept in concepts:
            for term in self.terms(concept):
                if term not in self.lists:
                    self.lists[term] = pyroaring.BitMap(index.ids(term))

    def terms(self, concept: str) -> tuple[str, ...]:
        return tuple({report.term for report in self.index.explain(concept).terms})

    def one(self, term: str) -> int:
        return len(self.lists[term])

    def two(self, terms: tuple[str, str]) -> int:
        return self.lists[terms[0]].intersection_cardinality(self.lists[terms[1]])

    def count(self, terms: tuple[str, ...]) -> int:
        if len(terms) <= 2:
            return self.one(terms[0]) if len(terms) == 1 else self.two((terms[0], terms[1]))
        return len(pyroaring.BitMap.intersection(*[self.lists[term] for term in terms]))


def words_of(concept: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", concept.lower())


def questions(
    index: wagidx.Index, concepts: list[str], peer: Tantivy
) -> dict[str, dict[str, Call]]:
    """For each kind of question, how each engine is asked it."""
    draw = random.Random(0)
    words = sorted({word for concept in concepts for word in words_of(concept)})
    words = [word for word in words if len(index.explain(word).terms) == 1]
    draw.shuffle(words)
    uniform = draw.sample([term for term in index.terms if term.isalnum()], 4_000)
    top = [term for term, _ in index.top(3_000) if term.isalpha()][:2_000]
    frequent = [" ".join(draw.sample(top, 2)) for _ in range(2_000)]
    pairs = [" ".join(words_of(c)) for c in concepts if len(words_of(c)) == 2]
    roaring = Roaring(index, [*words, *uniform, *pairs, *top, *concepts])

    def both(asked: list[str]) -> dict[str, Call]:
        terms = [roaring.terms(text) for text in asked]
        return {
            "wagidx": (index.count, asked),
            "tantivy": (peer.count, [peer.query(text.split()) for text in asked]),
            "pyroaring": (roaring.count, terms),
        }

    def single(asked: list[str]) -> dict[str, Call]:
        terms = [roaring.terms(text)[0] for text in asked]
        return {
            "wagidx": (index.count, asked),
            "tantivy": (peer.one, asked),
            "pyroaring": (roaring.one, terms),
        }

    return {
        "words": single(words),
        "uniform": single(uniform),
        "pairs": both(pairs),
        "frequent": both(frequent),
    }


def quantiles(call: Callable[[Any], object], asked: Sequence[Any]) -> tuple[float, float]:
    """p50 and p99 of one call, in microseconds, each question once."""
    times = []
    clock = time.perf_counter_ns
    for question in asked:
        began = clock()
        call(question)
        times.append(clock() - began)
    cuts = statistics.quantiles(times, n=100)
    return cuts[49] / 1000, cuts[98] / 1000


def in_turn(engines: dict[str, Call], passes: int) -> dict[str, Any]:
    """Quantiles of each engine, and the ratios of wagidx's to each peer's."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    for _ in range(passes):
        for name, (call, asked) in engines.items():
            seen[name].append(quantiles(call, asked))
    report: dict[str, Any] = {"questions": len(next(iter(engines.values()))[1])}
    for name, found in seen.items():
        p50, p99 = (round(statistics.median(values), 2) for values in zip(*found))
        report[name] = {"p50_us": p50, "p99_us": p99}
    for name in engines.keys() - {"wagidx"}:
        ratios = [
            (ours[0] / peers[0], ours[1] / peers[1])
            for ours, peers in zip(seen["wagidx"], seen[name])
        ]
        p50, p99 = (round(statistics.median(values), 2) for values in zip(*ratios))
        report[f"wagidx/{name}"] = {"p50": p50, "p99": p99}
    return report


def whole_list(
    index: wagidx.Index, concepts: list[str], peer: Tantivy, passes: int
) -> dict[str, Any]:
    """CPU of all concepts in one call, and of a loop over them in each peer; counts must agree."""
    roaring = Roaring(index, concepts)
    terms = [roaring.terms(concept) for concept in concepts]
    queries = [peer.query(words_of(concept)) for concept in concepts]
    engines: dict[str, Callable[[], Any]] = {
        "wagidx": lambda: index.counts(concepts, threads=1).tolist(),
        "tantivy": lambda: [peer.count(query) for query in queries],
        "pyroaring": lambda: [roaring.count(each) for each in terms],
    }
    assert engines["wagidx"]() == engines["pyroaring"](), "wagidx and pyroaring disagree"
    seen: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(passes):
        for name, run in engines.items():
            began = time.process_time()
            run()
            seen[name].append((time.process_time() - began) * 1000)
    report: dict[str, Any] = {"concepts": len(concepts)}
    report |= {f"{name}_ms": round(statistics.median(spent), 2) for name, spent in seen.items()}
    for name in ("tantivy", "pyroaring"):
        ratios = [ours / peers for ours, peers in zip(seen["wagidx"], seen[name])]
        report[f"wagidx/{name}"] = round(statistics.median(ratios), 2)
    return report


def distinct_concepts(path: str) -> list[str]:
    from wagidx.asking.concepts import load_concepts

    return list(dict.fromkeys(load_concepts(path).names))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--concepts", required=True)
    parser.add_argument("--index", help="an index of the shards; built where it is not there")
    parser.add_argument("--tantivy", help="a folder to keep tantivy's index in")
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    from wagidx.sources import open_sources

    concepts = distinct_concepts(options.concepts)
    with tempfile.TemporaryDirectory() as made:
        path = Path(options.index or Path(made) / "latency.wagidx")
        if not path.exists():
            wagidx.build(options.shards, path, analyzer="lemma", threads=1)
        index = wagidx.open(path)
        column = open_sources(options.shards)[0].columns().caption or "TEXT"
        folder = Path(options.tantivy or Path(made) / "tantivy")
        peer = tantivy_at(folder, options.shards, column)
        result: dict[str, Any] = {"captions": index.info["stats"]["captions"]}
        for kind, engines in questions(index, concepts, peer).items():
            result[kind] = in_turn(engines, options.passes)
        result["list"] = whole_list(index, concepts, peer, options.passes)
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")


def tantivy_at(folder: Path, shards: Sequence[str], column: str) -> Tantivy:
    """The index kept in `folder`, made where it is not there."""
    kept = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    return Tantivy(folder, [] if kept else shards, column)


if __name__ == "__main__":
    main()
