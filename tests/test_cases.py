"""The table of `cases` over every implementation: the naive reference, and the index itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import CASES, ERROR, Case
from reference import ReferenceIndex, Tier
from wagidx.exceptions import ConceptError

over_the_table = pytest.mark.parametrize(
    ("case", "tier"),
    [
        pytest.param(case, tier, id=f"{case.why} ({case.missing}, {tier})")
        for case in CASES
        for tier in case.tiers
    ],
)


@over_the_table
def test_reference_answers_the_table(case: Case, tier: Tier) -> None:
    index = ReferenceIndex(case.captions, tier=tier)
    if case.found == ERROR:
        with pytest.raises(ConceptError):
            index.count(case.expression, case.missing)
        return
    assert tuple(index.ids(case.expression, case.missing)) == case.found
    assert index.count(case.expression, case.missing) == len(case.found)


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
                index.count(case.expression, missing=case.missing)
            with pytest.raises(ConceptError):
                index.counts(["dog", case.expression], missing=case.missing)
            return
        assert tuple(index.ids(case.expression, missing=case.missing)) == case.found
        assert index.count(case.expression, missing=case.missing) == len(case.found)
        assert index.counts([case.expression], missing=case.missing).tolist() == [len(case.found)]


def test_table_is_large_and_says_why_once() -> None:
    assert len(CASES) >= 120
    reasons = [(case.why, case.missing) for case in CASES]
    assert len(set(reasons)) == len(reasons)
