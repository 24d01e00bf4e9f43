"""Make the demo scores: `python scripts/make_demo_scores.py [--check]`.

No model was evaluated: the scores are made up, so that a fit of them has a right answer. Each demo
concept is put into one of twelve made-up datasets, and its score is

    ease of the dataset + SLOPE * log10(max(count, 1)) + luck of the concept

in percent, of which IMAGES test images are drawn. Easier datasets hold more frequent concepts, as
in the study, so the slope of all rows is steeper than SLOPE, and the slope within datasets is not.

Counts are those of the demo captions. The draw needs the stream of `random.Random.random` alone,
whose sequence Python promises to keep.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import tempfile
from pathlib import Path

import wagidx
from wagidx import data
from wagidx.cli.demo import write_shards

TARGET = Path(__file__).resolve().parent.parent / "python" / "wagidx" / "data" / "demo_scores.csv"
SLOPE = 15.0
"""Points of score for ten times the frequency."""
DATASETS = 12
IMAGES = 50
SEED = 20240404


def counted() -> dict[str, int]:
    """How often each demo concept occurs in the demo captions."""
    concepts = wagidx.load_concepts(data.concepts_path())
    with tempfile.TemporaryDirectory() as folder:
        shards, index = Path(folder) / "shards", Path(folder) / "demo.wagidx"
        write_shards(data.captions_path(), shards)
        wagidx.build([str(shards)], index, progress=False)
        with wagidx.open(index) as opened:
            table = opened.frequencies(concepts)
    return dict(zip(table.concepts, map(int, table.counts)))


def bell(draw: random.Random) -> float:
    """A draw that is nearly normal, with mean 0 and deviation 1: twelve uniform ones less 6."""
    return sum(draw.random() for _ in range(12)) - 6


def scores(counts: dict[str, int]) -> list[tuple[str, str, str, int]]:
    """Concept, dataset, score in percent and test images, in the order of the concepts."""
    draw = random.Random(SEED)
    place = {name: math.log10(max(count, 1)) for name, count in counts.items()}
    order = sorted(counts, key=lambda name: place[name] + 0.8 * bell(draw))
    number = {name: i * DATASETS // len(order) for i, name in enumerate(order)}
    found = []
    for name in counts:
        expected = 20 + 1.5 * number[name] + SLOPE * place[name] + 6 * bell(draw)
        right = sum(100 * draw.random() < expected for _ in range(IMAGES))
        dataset = f"made-up-{number[name] + 1:02}"
        found.append((name, dataset, f"{100 * right / IMAGES:g}", IMAGES))
    return found


def written() -> str:
    """The table as CSV."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("concept", "dataset", "score", "n"))
    writer.writerows(scores(counted()))
    return file.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the demo scores, a slope planted in them.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    asked = parser.parse_args()
    text = written()
    if asked.check and TARGET.read_text(encoding="utf-8") != text:
        raise SystemExit(f"{TARGET}: is out of date: run scripts/make_demo_scores.py")
    TARGET.write_text(text, encoding="utf-8")
