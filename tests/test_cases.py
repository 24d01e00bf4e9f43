"""The table of `cases` over every implementation: the naive reference, and the index itself.

Where nouns are told apart, words in any reading answer as they do where they are not.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import CASES, ERROR, Case
from reference import Pos, ReferenceIndex, Tier
from wagidx.exceptions import ConceptError

over_the_table = pytest.mark.parametrize(
    ("case", "tier"),
    [
        pytest.param(case, tier, id=f"{case.why} ({case.missing}, {tier})")
        for case in CASES
        for tier in (*case.tiers, *(["noun"] if "lemma" in case.tiers else []))
    ],
)


@over_the_table
def test_reference_answers_the_table(case: Case, tier: Tier) -> None:
    index = ReferenceIndex(case.captions, tier=tier)
    pos: Pos = "any"
    if case.found == ERROR:
        with pytest.raises(ConceptError):
            index.count(case.expression, case.missing, pos=pos)
        return
    assert tuple(index.ids(case.expression, case.missing, pos=pos)) == case.found
    assert index.count(case.expression, case.missing, pos=pos) == len(case.found)


@over_the_table
def test_index_answers_the_table(case: Case, tier: Tier, tmp_path: Path) -> None:
    import wagidx

    wagidx.build(
        captions=list(case.captions),
        output=tmp_path / "case.wagidx",
        analyzer=tier,
        positions=case.positions,
        progress=False,
    )
    with wagidx.open(tmp_path / "case.wagidx") as index:
        if case.found == ERROR:
            with pytest.raises(ConceptError):
                index.count(case.expression, missing=case.missing, pos="any")
            with pytest.raises(ConceptError):
                index.counts(["dog", case.expression], missing=case.missing, pos="any")
            return
        assert tuple(index.ids(case.expression, missing=case.missing, pos="any")) == case.found
        assert index.count(case.expression, missing=case.missing, pos="any") == len(case.found)
        assert index.counts([case.expression], missing=case.missing, pos="any").tolist() == [
            len(case.found)
        ]


def test_table_is_large_and_says_why_once() -> None:
    assert len(CASES) >= 120
    reasons = [(case.why, case.missing) for case in CASES]
    assert len(set(reasons)) == len(reasons)
