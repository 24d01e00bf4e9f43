"""wagidx beside tantivy-py and pyroaring on the same captions, as processes, in turn.

    python benches/python/compare.py [SHARD.parquet ...] [--pairs 5] [-o FILE.json]

Without shards, captions are drawn from the demo corpus's words. Each engine builds in a process of
its own, first pass, from Parquet to the finished index; CPU is user + system of that process and
its children. Engines take turns, and the ratio is the median over pairs, for machines are noisy.
pyroaring is given wagidx's lists and counts two-word concepts, in this process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WAGIDX = "import sys, wagidx; wagidx.build(sys.argv[2:], sys.argv[1], threads=1)"
TANTIVY = """
import os, sys
import pyarrow.parquet as pq
import tantivy
schema = tantivy.SchemaBuilder().add_text_field("text", stored=False, index_option="basic").build()
os.makedirs(sys.argv[1])
index = tantivy.Index(schema, path=sys.argv[1])
writer = index.writer(heap_size=1_000_000_000, num_threads=1)
for path in sys.argv[2:]:
    for batch in pq.ParquetFile(path).iter_batches(columns=[COLUMN], batch_size=65_536):
        for text in batch.column(0).to_pylist():
            writer.add_document(tantivy.Document(text=text or ""))
writer.commit()
writer.wait_merging_threads()
"""


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def build_cpu(code: str, output: Path, shards: list[str]) -> float:
    before = children_cpu()
    subprocess.run([sys.executable, "-c", code, str(output), *shards], check=True)
    return children_cpu() - before


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def demo_shard(folder: Path, rows: int) -> str:
    """A shard of captions of words drawn by the demo corpus's frequencies."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from wagidx import data

    lines = data.captions_path().read_text(encoding="utf-8").split("\n")[1:-1]
    words = " ".join(line.split("\t")[1] for line in lines).split()
    draw = random.Random(0)
    captions = [" ".join(draw.choices(words, k=draw.randint(3, 14))) for _ in range(rows)]
    path = folder / "demo.parquet"
    pq.write_table(pa.table({"TEXT": captions}), path)
    return str(path)


def quantiles(call: Callable[[Any], object], asked: list[Any]) -> dict[str, float]:
    """p50 and p99 of one call, in microseconds, each question once."""
    times = []
    for question in asked:
        began = time.perf_counter_ns()
        call(question)
        times.append((time.perf_counter_ns() - began) / 1000)
    cuts = statistics.quantiles(times, n=100)
    return {"p50_us": round(cuts[49], 2), "p99_us": round(cuts[98], 2)}


def compare_questions(index_path: Path) -> dict[str, Any]:
    """Two-word counts by wagidx and by pyroaring over the same lists; the counts must agree."""
    import pyroaring
    import wagidx

    index = wagidx.open(index_path)
    draw = random.Random(1)
    words = [term for term, _ in index.top(2_000) if term.isalpha()]
    pairs = [tuple(draw.sample(words, 2)) for _ in range(2_000)]
    lists = {word: pyroaring.BitMap(index.ids(word)) for word in words}
    for a, b in pairs[:200]:
        assert index.count(f"{a} {b}") == lists[a].intersection_cardinality(lists[b]), (a, b)
    return {
        "one word, wagidx": quantiles(index.count, words),
        "two words, wagidx": quantiles(lambda pair: index.count(f"{pair[0]} {pair[1]}"), pairs),
        "two words, pyroaring": quantiles(
            lambda pair: lists[pair[0]].intersection_cardinality(lists[pair[1]]), pairs
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shards", nargs="*")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    import pyarrow.parquet as pq
    from wagidx.sources import open_sources

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        shards = options.shards or [demo_shard(folder, options.rows)]
        rows = sum(pq.ParquetFile(shard).metadata.num_rows for shard in shards)
        column = open_sources(shards)[0].columns().caption
        peer = TANTIVY.replace("COLUMN", repr(column))
        cpu: dict[str, list[float]] = {"wagidx": [], "tantivy": []}
        for pair in range(options.pairs):
            cpu["wagidx"].append(build_cpu(WAGIDX, folder / f"w{pair}", shards))
            cpu["tantivy"].append(build_cpu(peer, folder / f"t{pair}", shards))
        ratios = [t / w for w, t in zip(cpu["wagidx"], cpu["tantivy"])]
        result = {
            "captions": rows,
            "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
            "python": platform.python_version(),
            "captions_per_cpu_second": {
                name: round(rows / statistics.median(seconds)) for name, seconds in cpu.items()
            },
            "ratio": {
                "median": round(statistics.median(ratios), 2),
                "least": round(min(ratios), 2),
                "most": round(max(ratios), 2),
            },
            "bytes_per_caption": {
                "wagidx": round(size_of(folder / "w0") / rows, 2),
                "tantivy": round(size_of(folder / "t0") / rows, 2),
            },
            "questions": compare_questions(folder / "w0"),
        }
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
