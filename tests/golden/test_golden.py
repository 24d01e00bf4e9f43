"""The golden index: what was written stays readable, and the same input still gives its bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import wagidx

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "2" / "small.wagidx"
COUNTS = {
    "golden retriever": 1,
    "photo": 3_000,
    "dog": 177,
    "cat": 2_823,
    "rare": 4,
    "strasse": 1,
    "c++": 1,
    "shirt": 1,
    "quokka": 0,
    "x" * 300: 1,
    "rare dog": 1,
}


@pytest.mark.parametrize("concept", COUNTS)
def test_the_golden_index_answers(concept: str) -> None:
    assert wagidx.open(GOLDEN).count(concept) == COUNTS[concept]


def test_the_golden_index_is_sound() -> None:
    index = wagidx.open(GOLDEN)
    index.verify(deep=True)
    stats = index.info["stats"]
    assert (stats["rows"], stats["nulls"], stats["empty"]) == (3_006, 1, 1)
    assert stats["truncated_keys"] == 1


def test_the_same_input_gives_the_golden_bytes(tmp_path: Path) -> None:
    made = tmp_path / "small.wagidx"
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_golden.py"), str(made)], check=True
    )
    names = {path.name for path in GOLDEN.iterdir()}
    assert {path.name for path in made.iterdir()} == names
    assert all((made / name).read_bytes() == (GOLDEN / name).read_bytes() for name in names)
