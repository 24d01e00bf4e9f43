"""Compare the Rust tokeniser with spaCy's, without building the Python package.

``cargo build --release -p wagidx-text --example tokens``, then
``python scripts/compare_tokens.py BINARY --stress 1000000`` or
``python scripts/compare_tokens.py BINARY FILE...`` with Parquet files (column ``caption``) or text
files (one text a line). Exits 1 where any text differs.
"""

from __future__ import annotations

import argparse
import struct
import subprocess
import sys
from array import array
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from spacy_stress import Tokenise, compare, stress_texts


def tokeniser(binary: Path) -> Tokenise:
    """Return a tokeniser that asks the example program ``tokens``."""

    def tokenise(texts: list[str]) -> list[list[str]]:
        encoded = [text.encode() for text in texts]
        framed = b"".join(struct.pack("<I", len(text)) + text for text in encoded)
        answer = subprocess.run([binary], input=framed, capture_output=True, check=True).stdout
        numbers = iter(array("I", answer))
        return [
            [text[next(numbers) : next(numbers)].decode() for _ in range(next(numbers))]
            for text in encoded
        ]

    return tokenise


def read(path: Path) -> Iterable[str]:
    """Return the texts of a file."""
    if path.suffix == ".parquet":
        column = pq.read_table(path, columns=["caption"]).column("caption")
        return [text for text in column.to_pylist() if text is not None]
    return path.read_text(encoding="utf-8").split("\n")


def main() -> int:
    """Compare what was asked for and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=Path)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--stress", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    work = [(path.name, read(path)) for path in options.files]
    if options.stress:
        work.append((f"stress, seed {options.seed}", stress_texts(options.stress, options.seed)))
    differing = 0
    for name, texts in work:
        result = compare(texts, tokeniser(options.binary))
        print(f"{name}: {result}", flush=True)
        for text, expected, found in result.examples:
            print(f"  {text!r}\n    spaCy {expected}\n    here  {found}")
        differing += result.differing
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
