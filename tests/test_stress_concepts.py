"""Half a million concepts at once: the batch, one by one, as Arrow, and through the program.

Nothing here measures: `benches/python/concept_list.py` says what a batch costs beside a loop.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from reference import ReferenceIndex
from wagidx.asking.concepts import load_concepts

CONCEPTS = 500_000
REFERENCE_SAMPLE = 4_000
PROGRAM = "from wagidx.cli import main; main(prog_name='wagidx')"
ENDINGS = ["", "", "", "s", "es", "ing", "'s", "_2", "-like", "🐕", ".", "é"]


def generated(captions: list[str], seed: int = 11) -> list[str]:
    """Half a million concepts of one to three words: of captions, with endings, and made up."""
    draw = random.Random(seed)
    words = sorted({word.strip(".,!?()\"'") for text in captions for word in text.split()})
    words = [word for word in words if any(map(str.isalnum, word))]
    words += ["".join(draw.choices("abcdefgénrst", k=draw.randint(3, 11))) for _ in range(2_000)]

    def concept() -> str:
        chosen = draw.choices(words, k=draw.choice([1, 1, 2, 2, 3]))
        text = draw.choice([" ", " ", "_", "-", "  "]).join(chosen) + draw.choice(ENDINGS)
        return text.upper() if draw.random() < 0.1 else text

    return [concept() for _ in range(CONCEPTS)]


@pytest.fixture(scope="module", params=["published", "generated"])
def concepts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text file with a concept a line."""
    if request.param == "published":
        path = Path(request.getfixturevalue("lists")) / "stress_concepts_500k.txt"
        if not path.exists():
            pytest.skip(f"no {path.name} among the lists")
        return path
    path = tmp_path_factory.mktemp("stress") / "concepts.txt"
    lines = generated(request.getfixturevalue("demo_captions"))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_the_batch_is_the_single_answers(demo_index: wagidx.Index, concepts: Path) -> None:
    asked = load_concepts(concepts).names
    assert len(asked) == CONCEPTS
    batch = demo_index.counts(asked, threads=2)
    assert batch.shape == (CONCEPTS,)
    assert batch.tolist() == [demo_index.count(concept) for concept in asked]
    assert (batch > 0).sum() > 1_000
    for same in (
        demo_index.counts(pa.array(asked), threads=1),
        demo_index.counts(pa.array(asked, pa.large_string()), threads=2),
        demo_index.counts(wagidx.any_of(concept) for concept in asked),
    ):
        assert (same == batch).all()


def test_a_batch_is_what_its_parts_are(demo_index: wagidx.Index, concepts: Path) -> None:
    asked = load_concepts(concepts).names
    ignoring = demo_index.counts(asked, missing="ignore")
    docs = demo_index.ids("a")
    within = demo_index.counts(asked, docs=docs)
    for cut in (1, 65_536):
        assert (demo_index.counts(asked[:cut], missing="ignore") == ignoring[:cut]).all()
    assert (demo_index.counts(asked[-65_536:], docs=docs) == within[-65_536:]).all()
    assert (within <= demo_index.counts(asked)).all()


def test_a_sample_has_the_naive_answers(
    demo_index: wagidx.Index, demo_captions: list[str], concepts: Path
) -> None:
    reference = ReferenceIndex(demo_captions, tier="lemma")
    asked = load_concepts(concepts).names
    batch = demo_index.counts(asked)
    places = random.Random(3).sample(range(CONCEPTS), REFERENCE_SAMPLE)
    # Of those that are found, too: they are rare among names of every kind.
    places += batch.nonzero()[0][:REFERENCE_SAMPLE].tolist()
    wrong = [
        (asked[i], int(batch[i]), reference.count(asked[i]))
        for i in places
        if batch[i] != reference.count(asked[i])
    ]
    assert wrong == []


def test_the_program_counts_the_list(
    demo_index: wagidx.Index, concepts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "counts.parquet"
    path = demo_index.info["path"]
    command = [sys.executable, "-c", PROGRAM, "count", path, "--concepts", str(concepts)]
    subprocess.run([*command, "-o", str(out)], check=True)
    table = pq.read_table(out)
    asked = load_concepts(concepts).names
    assert table["concept"].to_pylist() == asked
    assert (table["count"].to_numpy() == demo_index.counts(asked)).all()


def test_wordless_concepts_among_many_are_all_told_in_one_line(
    demo_index: wagidx.Index, concepts: Path
) -> None:
    asked = load_concepts(concepts).names
    asked[7] = "..."
    asked[CONCEPTS - 1] = " _ "
    with pytest.raises(wagidx.ConceptError) as caught:
        demo_index.counts(asked)
    message = str(caught.value)
    assert message.startswith("2 concepts")
    assert "row 8" in message and f"row {CONCEPTS}" in message
    assert "\n" not in message
