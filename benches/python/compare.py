"""Builds with wagidx and its peers on the same captions, as processes, in turn.

    python benches/python/compare.py [SHARD.parquet ...] [--pairs 5] [-o FILE.json]

Without shards, captions are drawn from the demo corpus's words. Each engine builds in a process of
its own, first pass, from Parquet to the finished index, on one thread; CPU is user and system of
that process and its children. wagidx takes part twice, without readings and with. Engines take
turns, and a ratio is the median over rounds, for machines are noisy. Before that, all engines index
the part of the captions about which their rules agree, and must give the same count of every word
in it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import wagidx
from process import Cost, measured, size_of
from shards import agreed_shard, demo_shard
from wagidx.sources import open_sources

PEERS = ["tantivy_py", "pyroaring_dict", "sqlite_fts5", "aho_corasick"]
OURS = {"wagidx": "lemma", "wagidx_noun": "noun"}
"""Rows of wagidx, and the analyzer of each; all are compared with the first."""
CONCEPT_WORDS = 4_000
PEER = Path(__file__).with_name("peer.py")
WAGIDX = [sys.executable, "-c", "from wagidx.cli import main; main(prog_name='wagidx')"]


def build_wagidx(output: Path, shards: list[str], column: str, analyzer: str = "lemma") -> Cost:
    options = ["--threads", 1, "--caption-column", column, "--analyzer", analyzer, "-q"]
    return measured([*WAGIDX, "build", *shards, "-o", output, *options])


def build_peer(name: str, output: Path, shards: list[str], column: str, words: Path) -> Cost:
    return measured([sys.executable, PEER, name, "build", output, words, column, *shards])


def listed(folder: Path, words: list[str]) -> Path:
    path = folder / "words.json"
    path.write_text(json.dumps(words), encoding="utf-8")
    return path


def agreement(folder: Path, shards: list[str], column: str, peers: list[str]) -> dict[str, int]:
    """Check that every engine gives every word the same count; says over how much."""
    shard, words = agreed_shard(folder, shards, column)
    words_file = listed(folder, words)
    build_wagidx(folder / "wagidx", [shard], "TEXT", "surface")
    ours = wagidx.open(folder / "wagidx").counts(words).tolist()
    for name in peers:
        build_peer(name, folder / name, [shard], "TEXT", words_file)
        command = [sys.executable, str(PEER), name, "counts", str(folder / name), str(words_file)]
        theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        differing = [row for row in zip(words, ours, theirs, strict=True) if row[1] != row[2]]
        if differing:
            raise SystemExit(f"{name} counts otherwise: {differing[:10]}")
    return {"words": len(words), "postings": sum(ours), "engines": 1 + len(peers)}


def spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 2),
        "least": round(min(values), 2),
        "most": round(max(values), 2),
    }


def summary(costs: list[Cost], ours: list[Cost], size: int, rows: int) -> dict[str, Any]:
    """What one engine took, and how much more CPU that is than wagidx took in the same round."""
    return {
        "captions_per_cpu_second": round(rows / statistics.median(c.cpu for c in costs)),
        "cpu_of_wagidx": spread([c.cpu / w.cpu for c, w in zip(costs, ours)]),
        "seconds": round(statistics.median(c.wall for c in costs), 2),
        "bytes_per_caption": round(size / rows, 2),
        "peak_rss_mib": max(c.peak for c in costs) >> 20,
    }


def rounds(
    folder: Path, shards: list[str], column: str, peers: list[str], pairs: int
) -> tuple[dict[str, list[Cost]], dict[str, int]]:
    """Let the engines build in turn; what each build took, and the bytes of each index."""
    build_wagidx(folder / "vocabulary", shards, column)
    with wagidx.open(folder / "vocabulary") as index:
        words = [term for term, _ in index.top(2 * CONCEPT_WORDS) if term.isalpha()]
    words_file = listed(folder, words[:CONCEPT_WORDS])
    costs: dict[str, list[Cost]] = {name: [] for name in [*OURS, *peers]}
    sizes: dict[str, int] = {}
    for _ in range(pairs):
        for name in costs:
            with tempfile.TemporaryDirectory(dir=folder) as made:
                output = Path(made) / name
                cost = (
                    build_wagidx(output, shards, column, OURS[name])
                    if name in OURS
                    else build_peer(name, output, shards, column, words_file)
                )
                costs[name].append(cost)
                sizes[name] = size_of(output)
    return costs, sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shards", nargs="*")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=300_000, help="without shards")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    peers = [name for name in options.peers.split(",") if name]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "agreement").mkdir()
        shards = options.shards or [demo_shard(folder, options.rows)]
        rows = sum(pq.ParquetFile(shard).metadata.num_rows for shard in shards)
        column = open_sources(shards)[0].columns().caption or "TEXT"
        agreed = agreement(folder / "agreement", shards, column, peers)
        costs, sizes = rounds(folder, shards, column, peers, options.pairs)
    result = {
        "captions": rows,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
        "agreed": agreed,
        "rounds": options.pairs,
        "build": {
            name: summary(taken, costs["wagidx"], sizes[name], rows)
            for name, taken in costs.items()
        },
    }
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
