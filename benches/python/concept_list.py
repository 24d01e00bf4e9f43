"""What a list of concepts costs in one call, beside a loop that counts each alone.

    python benches/python/concept_list.py INDEX CONCEPTS [--passes 5]

All ways must agree. They take turns, on one thread; figures are seconds of CPU, the median over the
passes, and by how much a loop is slower than each. That a batch is never slower holds for lists of
all kinds, of names that no caption holds too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import wagidx


def ways(index: wagidx.Index, concepts: list[str]) -> dict[str, Callable[[], list[int]]]:
    """Each way to count the list."""
    arrow = pa.array(concepts)
    return {
        "loop": lambda: [index.count(concept) for concept in concepts],
        "list": lambda: index.counts(concepts, threads=1).tolist(),
        "Arrow": lambda: index.counts(arrow, threads=1).tolist(),
    }


def in_turn(asked: dict[str, Callable[[], Any]], passes: int) -> dict[str, float]:
    """Median CPU seconds of each way."""
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(passes):
        for name, ask in asked.items():
            began = time.process_time()
            ask()
            spent[name].append(time.process_time() - began)
    return {name: statistics.median(seconds) for name, seconds in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index")
    parser.add_argument("concepts", help="a concept list; synonyms are left out")
    parser.add_argument("--passes", type=int, default=5)
    options = parser.parse_args()
    concepts = wagidx.load_concepts(options.concepts).names
    with wagidx.open(options.index) as index:
        asked = ways(index, concepts)
        expected = asked["loop"]()
        differing = [name for name, ask in asked.items() if ask() != expected]
        if differing:
            raise SystemExit(f"a loop counts otherwise than {' and '.join(differing)}")
        spent = in_turn(asked, options.passes)
    found = sum(count > 0 for count in expected)
    sys.stdout.write(f"{len(concepts):,} concepts, {found:,} of them in a caption\n")
    for name, seconds in spent.items():
        slower = f"  loop / {name} {spent['loop'] / seconds:.2f}" if name != "loop" else ""
        sys.stdout.write(f"{name:6}{seconds:9.3f} s{slower}\n")


if __name__ == "__main__":
    main()
