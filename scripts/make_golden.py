"""Make the golden index of the current format: tests/golden/2/small.wagidx.

    python scripts/make_golden.py [FOLDER]

Run it when the format or the language data change, and only then; the test compares bytes.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import wagidx

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden" / "2" / "small.wagidx"


def captions() -> list[str | None]:
    """Rows that bring every form of list: single, packed with and without blocks, bitmap; and NULL,
    empty, a long key and characters that fold."""
    rows: list[str | None] = [
        "Two golden retrievers",
        None,
        "",
        "Straße",
        "x" * 300,
        "C++ & T-shirt",
    ]
    for i in range(3_000):
        rows.append(f"photo {'dog' if i % 17 == 0 else 'cat'} {'rare' if i % 900 == 0 else i}")
    return rows


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN
    shutil.rmtree(output, ignore_errors=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    wagidx.build(captions=captions(), output=output, analyzer="lemma", threads=1)


if __name__ == "__main__":
    main()
