"""What a build and a question cost as a corpus grows.

    python benches/python/scale.py FOLDER... [--analyzer noun] [--threads 2] [--memory 1GiB]
        [-o FILE.json]

Each folder holds Parquet shards; a `manifest.json` beside them may say of marker words, under
`marks` or `markers`, in how many captions each stands, and then every count must be that. A build
is a process of its own, first pass, from the shards to the finished index, its children's CPU
included. Look-ups are timed in this process on an index that was just opened: terms of the 200,000
most frequent in random order, each once, and pairs of the 2,000 most frequent.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import wagidx
from process import measured, size_of

WORDS = 4_000


def quantiles(call: Callable[[str], object], asked: Sequence[str]) -> dict[str, float]:
    """p50 and p99 of one call, in microseconds."""
    times = []
    for question in asked:
        began = time.perf_counter_ns()
        call(question)
        times.append((time.perf_counter_ns() - began) / 1000)
    cuts = statistics.quantiles(times, n=100)
    return {"p50_us": round(cuts[49], 2), "p99_us": round(cuts[98], 2)}


def opened_in(path: Path) -> float:
    """Milliseconds to open an index and ask one word, the best of five."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        with wagidx.open(path) as index:
            index.count("dog")
        best = min(best, time.perf_counter() - began)
    return round(best * 1000, 3)


def wrong_marks(folder: Path, index: wagidx.Index) -> dict[str, Any]:
    """How many marker words there are, and those whose count is not the planted one."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    marks = manifest.get("marks") or manifest["markers"]
    counts = {word: index.count(word, pos="any") for word in marks}
    wrong = {word: count for word, count in counts.items() if count != marks[word]}
    return {"markers": len(marks), "markers_wrong": wrong}


def questions(index: wagidx.Index) -> dict[str, Any]:
    """Latencies of single words and of two-word concepts."""
    draw = random.Random(0)
    frequent = [term for term, _ in index.top(2_000) if term.isalpha()]
    pairs = [" ".join(draw.sample(frequent, 2)) for _ in range(WORDS)]
    terms = [term for term, _ in index.top(200_000)]
    draw.shuffle(terms)
    return {
        "one_word": quantiles(index.count, terms[:WORDS]),
        "two_frequent_words": quantiles(index.count, pairs),
    }


def measure(folder: Path, output: Path, options: argparse.Namespace) -> dict[str, Any]:
    """One build and what can be asked of it."""
    program = Path(sys.executable).with_name("wagidx")
    limits = ["--threads", options.threads, "--memory", options.memory, "-q"]
    analyzer = ["--analyzer", options.analyzer]
    cost = measured([program, "build", folder, "-o", output, *analyzer, *limits])
    size = size_of(output)
    with wagidx.open(output) as index:
        rows = len(index)
        return {
            "captions": rows,
            "shards": sum(1 for _ in folder.glob("*.parquet")),
            "cpu_seconds": round(cost.cpu, 1),
            "wall_seconds": round(cost.wall, 1),
            "captions_per_cpu_second": round(rows / cost.cpu),
            "peak_rss_mib": cost.peak >> 20,
            "bytes_per_caption": round(size / rows, 2),
            "terms": len(index.terms),
            "open_ms": opened_in(output),
            **wrong_marks(folder, index),
            **questions(index),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--analyzer", default="noun")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="1GiB")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
        "analyzer": options.analyzer,
        "threads": options.threads,
        "memory": options.memory,
        "sizes": [],
    }
    for folder in options.folders:
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            output = Path(made) / "index.wagidx"
            result["sizes"].append(measure(folder, output, options))
        text = json.dumps(result, indent=1)
        if options.output:
            options.output.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
