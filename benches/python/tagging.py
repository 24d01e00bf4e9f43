"""Captions a CPU-second: an index of nouns, beside spaCy's tagger and lemmatiser.

    python benches/python/tagging.py SHARD.parquet... [--spacy-rows N] [--rounds N] [-o FILE.json]

wagidx builds as a process, first pass, from the shards to the finished index, on one thread. spaCy
runs `nlp.pipe` on one thread over captions of the same shards, drawn evenly: a tok2vec of width 96
and depth 4, the tagger and the rule lemmatiser, whose speed does not depend on what its weights
have learned; loading it is not counted. The two take turns, and the ratio is the median over
rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pyarrow.parquet as pq
import spacy
from compare import build_wagidx, spread
from spacy.tokens import Doc
from spacy.training import Example
from wagidx.sources import open_sources

TAGS = ["NN", "NNS", "NNP", "NNPS", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "JJ", "RB", "IN"]
TOK2VEC = {
    "@architectures": "spacy.HashEmbedCNN.v2",
    "width": 96,
    "depth": 4,
    "embed_size": 2000,
    "window_size": 1,
    "maxout_pieces": 3,
    "subword_features": True,
    "pretrained_vectors": None,
}


def pipeline() -> Any:
    """A tagger and a lemmatiser with weights by chance."""
    nlp = spacy.blank("en")
    nlp.add_pipe(
        "tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": TOK2VEC}}
    )
    ruler: Any = nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    examples = [
        Example(Doc(nlp.vocab, words=TAGS), Doc(nlp.vocab, words=TAGS, tags=TAGS)) for _ in range(2)
    ]
    nlp.initialize(lambda: examples)
    ruler.add_patterns(
        [{"patterns": [[{"TAG": tag}]], "attrs": {"POS": pos}} for tag, pos in coarse()]
    )
    return nlp


def coarse() -> Iterator[tuple[str, str]]:
    """The part of speech of each tag."""
    kinds = {"NNP": "PROPN", "NN": "NOUN", "VB": "VERB", "JJ": "ADJ", "RB": "ADV", "IN": "ADP"}
    for tag in TAGS:
        yield tag, next(pos for prefix, pos in kinds.items() if tag.startswith(prefix))


def captions_of(shards: list[str], column: str, rows: int) -> list[str]:
    """Captions from everywhere in the shards."""
    found = [
        caption
        for shard in shards
        for caption in pq.read_table(shard, columns=[column])[column].to_pylist()
        if caption is not None
    ]
    return found[:: max(1, len(found) // rows)]


def spacy_cpu(nlp: Any, captions: list[str]) -> float:
    """CPU-seconds of tagging and lemmatising."""
    began = time.process_time()
    for doc in nlp.pipe(captions):
        _ = [token.lemma_ for token in doc]
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--spacy-rows", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    column = open_sources(options.shards)[0].columns().caption or "TEXT"
    rows = sum(pq.ParquetFile(shard).metadata.num_rows for shard in options.shards)
    captions = captions_of(options.shards, column, options.spacy_rows)
    nlp = pipeline()
    ours, theirs = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            cost = build_wagidx(Path(folder) / "x.wagidx", options.shards, column, "noun")
        ours.append(rows / cost.cpu)
        theirs.append(len(captions) / spacy_cpu(nlp, captions))
    result = {
        "captions": rows,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
        "spacy": version("spacy"),
        "spacy_captions": len(captions),
        "captions_per_cpu_second": {
            "wagidx_noun": round(statistics.median(ours)),
            "spacy_tagger_and_lemmatiser": round(statistics.median(theirs)),
        },
        "ratio": spread([one / other for one, other in zip(ours, theirs)]),
    }
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
