"""Make the golden indexes of the current format, in tests/golden/5.

    python scripts/make_golden.py [FOLDER]

Run it when the format or the language data change, and only then; the test compares bytes.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import wagidx

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden" / "5"


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
    output.mkdir(parents=True)
    options: dict[str, dict[str, Any]] = {
        "small": {"analyzer": "lemma"},
        "positions": {"analyzer": "lemma", "positions": True},
        "nouns": {"analyzer": "noun", "positions": True},
    }
    for name, chosen in options.items():
        wagidx.build(captions=captions(), output=output / f"{name}.wagidx", threads=1, **chosen)


if __name__ == "__main__":
    main()
