"""How fast wagidx finds phrases from Python, beside tantivy-py on the same captions.

    python benches/python/phrases.py SHARD.parquet... --concepts FILE [-o FILE.json]

Both build an index with positions. Every concept of two words and of three is asked once a pass as
a phrase, and the engines take turns pass by pass; tantivy's queries are built beforehand, wagidx is
given the words as a user types them. wagidx reads lemmas, so that it matches plurals too. Times are
of one core, in microseconds; a ratio is the median over passes of wagidx's quantile by tantivy's.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy
import wagidx
from latency import Call, Tantivy, distinct_concepts, in_turn, words_of
from wagidx.sources import open_sources


class Phrases(Tantivy):
    """The same captions in tantivy, with positions."""

    def query(self, words: Sequence[str]) -> Any:
        """Beforehand."""
        return tantivy.Query.phrase_query(self.index.schema, "text", list(words))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--concepts", required=True)
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    asked = [words_of(concept) for concept in distinct_concepts(options.concepts)]
    column = open_sources(options.shards)[0].columns().caption or "TEXT"
    with tempfile.TemporaryDirectory() as made:
        path, folder = Path(made) / "phrases.wagidx", Path(made) / "tantivy"
        wagidx.build(options.shards, path, analyzer="lemma", positions=True, threads=1)
        folder.mkdir()
        index, peer = wagidx.open(path), Phrases(folder, options.shards, column, "position")
        result: dict[str, Any] = {"captions": index.info["stats"]["captions"]}
        for words in (2, 3):
            texts = [each for each in asked if len(each) == words]
            phrases = [wagidx.phrase(" ".join(each)) for each in texts]
            queries = [peer.query(each) for each in texts]
            engines: dict[str, Call] = {
                "wagidx": (index.count, phrases),
                "tantivy": (peer.count, queries),
            }
            result[f"{words} words"] = in_turn(engines, options.passes)
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
