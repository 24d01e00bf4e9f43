"""Intervals hold the planted slope as often as they claim; those that do not are named."""

from __future__ import annotations

import json

import pytest
from interval_coverage import DESIGNS, RESULTS, coverage

CLAIMS = {
    ("gaussian", "pooled"): {"iid", "hc3", "concept", "dataset"},
    ("gaussian", "within"): {"iid", "hc3", "concept", "dataset"},
    ("binomial", "pooled"): {"hc3", "concept", "dataset"},
    ("binomial", "within"): {"hc3", "concept", "dataset"},
    ("names", "pooled"): {"concept"},
    ("names", "within"): {"concept"},
    ("datasets", "within"): {"iid", "hc3", "concept", "dataset"},
    ("slopes", "pooled"): {"dataset"},
    ("slopes", "within"): {"dataset"},
    ("zeros", "pooled"): {"iid", "hc3", "concept", "dataset"},
    ("zeros", "within"): {"iid", "hc3", "concept", "dataset"},
}
"""The intervals that are right under each design; `docs/coverage.json` has the others too."""


@pytest.mark.parametrize("design, place", CLAIMS)
def test_2000_tables_are_covered_as_claimed(design: str, place: str) -> None:
    recorded = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert recorded["tables"] >= 2000 and set(recorded["coverage"]) == set(DESIGNS)
    shares = recorded["coverage"][design][place]
    assert {name for name in CLAIMS[design, place] if not 0.93 <= shares[name] <= 0.97} == set()


def test_iid_fails_where_names_share_errors_and_where_datasets_differ() -> None:
    recorded = json.loads(RESULTS.read_text(encoding="utf-8"))["coverage"]
    assert recorded["names"]["pooled"]["iid"] < 0.9
    assert recorded["datasets"]["pooled"]["iid"] < 0.9
    assert recorded["slopes"]["within"]["iid"] < 0.9
    assert recorded["slopes"]["within"]["concept"] < 0.9


@pytest.mark.parametrize("design", ["gaussian", "names"])
def test_a_few_tables_cover_like_the_recorded_ones(design: str) -> None:
    recorded = json.loads(RESULTS.read_text(encoding="utf-8"))["coverage"][design]
    for place, shares in coverage(design, 60, draws=200).items():
        for name, share in shares.items():
            assert share == pytest.approx(recorded[place][name], abs=0.14), (place, name)
