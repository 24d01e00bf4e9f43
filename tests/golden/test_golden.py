"""The golden indexes: what was written stays readable, and the same input still gives its bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import wagidx

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "5"
NAMES = ["small.wagidx", "positions.wagidx"]
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


PHRASES = {
    "golden retriever": 1,
    "retriever golden": 0,
    "photo dog": 177,
    "photo cat rare": 3,
    "cat photo": 0,
    "photo": 3_000,
    "c++ t-shirt": 1,
    "quokka photo": 0,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("concept", COUNTS)
def test_the_golden_index_answers(name: str, concept: str) -> None:
    assert wagidx.open(GOLDEN / name).count(concept) == COUNTS[concept]


@pytest.mark.parametrize("text", PHRASES)
def test_the_golden_index_finds_phrases(text: str) -> None:
    index = wagidx.open(GOLDEN / "positions.wagidx")
    assert index.count(wagidx.phrase(text)) == PHRASES[text]


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_index_is_sound(name: str) -> None:
    index = wagidx.open(GOLDEN / name)
    index.verify(deep=True)
    stats = index.info["stats"]
    assert (stats["rows"], stats["nulls"], stats["empty"]) == (3_006, 1, 1)
    assert stats["truncated_keys"] == 1


def test_the_same_input_gives_the_golden_bytes(tmp_path: Path) -> None:
    made = tmp_path / "golden"
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_golden.py"), str(made)], check=True
    )
    for index in NAMES:
        names = {path.name for path in (GOLDEN / index).iterdir()}
        assert {path.name for path in (made / index).iterdir()} == names
        for name in names:
            assert (made / index / name).read_bytes() == (GOLDEN / index / name).read_bytes()
