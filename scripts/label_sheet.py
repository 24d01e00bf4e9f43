"""Print the captions that tests/labels asks readers to label, token by token.

The rows are drawn with a fixed seed from the Parquet corpus given; the corpus itself is not part
of the project.

    python scripts/label_sheet.py laion_cah_10k.parquet [--second]
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import pyarrow.parquet as pq
from wagidx import _native

SEED = "nouns in captions"
FIRST = 200
SECOND = 50


def labelled_rows(rows: int) -> tuple[list[int], list[int]]:
    """Return the rows the first reader labels, and those of them the second labels too."""
    draw = random.Random(SEED)
    first = sorted(draw.sample(range(rows), FIRST))
    return first, sorted(draw.sample(first, SECOND))


def sheet(corpus: Path, second: bool) -> list[str]:
    """Return a line a caption: its row, its text, its tokens with their numbers."""
    captions = pq.read_table(corpus, columns=["caption"]).column("caption").to_pylist()
    first, again = labelled_rows(len(captions))
    rows = again if second else first
    tokens = _native.tokens([captions[row] for row in rows])
    return [
        f"row {row}\n  {captions[row]!r}\n  " + " ".join(f"{i}:{t}" for i, t in enumerate(words))
        for row, words in zip(rows, tokens, strict=True)
    ]


def main() -> None:
    """Print the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--second", action="store_true", help="only the rows labelled twice")
    options = parser.parse_args()
    print("\n".join(sheet(options.corpus, options.second)))


if __name__ == "__main__":
    main()
