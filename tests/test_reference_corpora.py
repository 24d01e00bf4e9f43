"""Real captions, thousands of questions: the index and the naive reference never differ.

The quick suite asks over a sample of every corpus; `-m slow` asks over all captions.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import wagidx
from numpy.typing import NDArray
from reference import Missing, Pos, ReferenceIndex, Tier, tokens
from wagidx.asking.expressions import Expression, Query, all_of, any_of, none_of

SAMPLE = 1_500
RANDOM_CONCEPTS = 2_000
EXPRESSIONS = 600
SEED = 7

CORPORA = [
    "book_titles",
    "cc3m_val",
    "coco_cn_ext",
    "coco_karpathy_test",
    "coco_val2014",
    "flickr8k",
    "flickr8k_lemma",
    "laion_cah_10k",
    "moma_titles",
    "multi30k_de_fr_cs",
    "newyorker_contest_info",
    "pdf_alt_10k",
    "t2i_prompts",
    "tate_titles",
    "teenie_harris",
]


def captions_of(corpora: Path, name: str) -> list[str | None]:
    path = corpora / f"{name}.parquet"
    if not path.exists():
        pytest.skip(f"no {name} among the corpora")
    captions: list[str | None] = pq.read_table(path, columns=["caption"])["caption"].to_pylist()
    return captions


def class_names(lists: Path) -> list[str]:
    """Return the names of every class and tag list beside the corpora, if there are any."""
    names: set[str] = set()
    for path in sorted(lists.glob("classnames_*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            names |= {row["name"] for row in csv.DictReader(file, delimiter="\t")}
    for name in ("let_it_wag_290.txt", "ram_tags_4585.txt"):
        if (lists / name).exists():
            names |= set((lists / name).read_text(encoding="utf-8").splitlines())
    return sorted(names)


def random_concept(captions: list[str | None], draw: random.Random) -> str:
    """Join one to three tokens of one caption, or of two: some concepts occur, some do not."""
    found = tokens(draw.choice(captions) or "dog")
    if draw.random() < 0.3:
        found += tokens(draw.choice(captions) or "cat")
    return " ".join(draw.choice(found) for _ in range(draw.randint(1, 3))) if found else "dog"


def random_expression(concepts: list[str], draw: random.Random, depth: int = 2) -> Query:
    if depth == 0 or draw.random() < 0.3:
        return draw.choice(concepts)
    make = draw.choice([all_of, any_of, none_of])
    parts = [random_expression(concepts, draw, depth - 1) for _ in range(draw.randint(1, 3))]
    return make(*parts)


def askable(reference: ReferenceIndex, concepts: list[str]) -> list[str]:
    return [concept for concept in concepts if reference.keys(concept.replace("_", " "))]


def differences(
    index: wagidx.Index,
    reference: ReferenceIndex,
    queries: list[Query],
    missing: Missing = "zero",
    docs: NDArray[np.uint64] | None = None,
    pos: Pos | None = None,
) -> list[tuple[str, int, int]]:
    """Return (query, answer, right answer) where the two differ."""
    answers = index.counts(queries, missing=missing, docs=docs, pos=pos).tolist()
    right = reference.counts(queries, missing, None if docs is None else docs.tolist(), pos)
    return [
        (str(query), answer, truth)
        for query, answer, truth in zip(queries, answers, right, strict=True)
        if answer != truth
    ]


def assert_same(
    index: wagidx.Index, captions: list[str | None], names: list[str], tier: Tier
) -> None:
    """Compare every form of question over one corpus."""
    draw = random.Random(SEED)
    reference = ReferenceIndex(captions, tier=tier)
    info = index.info["stats"]
    assert (len(index), info["captions"], info["nulls"], info["empty"]) == (
        reference.rows,
        reference.captions,
        reference.nulls,
        reference.empty,
    )
    assert dict(index.terms.items()) == reference.terms()
    drawn = [random_concept(captions, draw) for _ in range(RANDOM_CONCEPTS)]
    concepts = askable(reference, names + drawn)
    expressions = [random_expression(concepts, draw) for _ in range(EXPRESSIONS)]
    queries: list[Query] = [*concepts, *expressions]
    docs = np.array(
        sorted(draw.sample(range(reference.rows), reference.rows // 3)), dtype=np.uint64
    )
    assert differences(index, reference, queries) == []
    assert differences(index, reference, queries, missing="ignore") == []
    assert differences(index, reference, queries, docs=docs) == []
    poses: tuple[Pos, ...] = ("noun", "any") if tier == "noun" else ()
    for pos in poses:
        assert differences(index, reference, queries, pos=pos) == []
    for query in draw.sample(queries, 100):
        assert index.ids(query).tolist() == reference.ids(query), str(query)


@pytest.mark.parametrize("tier", ["surface", "lemma", "noun"])
@pytest.mark.parametrize("name", CORPORA)
def test_sample_of_corpus(
    corpora: Path, lists: Path, tmp_path: Path, name: str, tier: Tier
) -> None:
    every = captions_of(corpora, name)
    captions = random.Random(SEED).sample(every, min(SAMPLE, len(every)))
    wagidx.build(
        captions=captions, output=tmp_path / "sample.wagidx", analyzer=tier, progress=False
    )
    with wagidx.open(tmp_path / "sample.wagidx") as index:
        assert_same(index, captions, class_names(lists), tier)


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["surface", "lemma", "noun"])
@pytest.mark.parametrize("name", CORPORA)
def test_whole_corpus(corpora: Path, lists: Path, tmp_path: Path, name: str, tier: Tier) -> None:
    captions = captions_of(corpora, name)
    source = corpora / f"{name}.parquet"
    wagidx.build([source], output=tmp_path / "whole.wagidx", analyzer=tier, progress=False)
    with wagidx.open(tmp_path / "whole.wagidx") as index:
        assert_same(index, captions, class_names(lists), tier)


@pytest.mark.parametrize("tier", ["surface", "lemma", "noun"])
def test_demo_captions(tmp_path: Path, tier: Tier, demo_captions: list[str]) -> None:
    captions: list[str | None] = [*demo_captions, None, "", None]
    wagidx.build(captions=captions, output=tmp_path / "demo.wagidx", analyzer=tier, progress=False)
    with wagidx.open(tmp_path / "demo.wagidx") as index:
        assert_same(index, captions, [], tier)


def test_expressions_of_every_form_are_drawn() -> None:
    draw = random.Random(SEED)
    drawn = [random_expression(["dog", "cat"], draw) for _ in range(EXPRESSIONS)]
    forms = {query.op for query in drawn if isinstance(query, Expression)}
    assert forms == {"all_of", "any_of", "none_of"}
