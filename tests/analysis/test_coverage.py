"""Intervals, tests and estimates keep what they claim; those that do not are named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from interval_coverage import RESULTS, broken, figures, kept, outcomes, page
from simulation import DESIGNS

OFTEN = ["gaussian", "names", "datasets unequal", "two models", "counts, lognormal", "two lists"]
"""Designs of which many tables are drawn in seconds."""


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def test_2000_tables_of_every_design_keep_what_is_claimed(recorded: dict[str, Any]) -> None:
    assert recorded["tables"] >= 2000 and list(recorded["designs"]) == list(DESIGNS)
    assert broken(recorded) == []


def test_what_was_recorded_is_what_the_designs_say_now(recorded: dict[str, Any]) -> None:
    for name, design in DESIGNS.items():
        one = recorded["designs"][name]
        assert (one["about"], one["asks"]) == (design.about, design.asks)
        assert one["unclaimed"] == design.unclaimed


def test_the_page_tells_the_recorded_figures(recorded: dict[str, Any]) -> None:
    assert RESULTS.with_suffix(".md").read_text(encoding="utf-8") == page(recorded)


def test_intervals_that_fail_are_named_with_the_figure(recorded: dict[str, Any]) -> None:
    figures = {name: one["figures"] for name, one in recorded["designs"].items()}
    assert figures["names"]["pooled slope, iid"] < 0.9
    assert figures["datasets"]["pooled slope, iid"] < 0.9
    assert figures["slopes"]["within slope, iid"] < 0.9
    assert figures["slopes"]["within slope, concept"] < 0.9
    assert figures["counts, power law"]["Gini"] < 0.93


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_states_what_it_says_it_states(name: str) -> None:
    design = DESIGNS[name]
    found = design.outcomes(0)
    assert set(design.asks) | set(design.unclaimed) <= set(found)
    assert all(outcome is not None for outcome in found.values())


@pytest.mark.parametrize("name", OFTEN)
def test_claimed_intervals_of_a_few_tables_hold_the_truth(name: str) -> None:
    for statement, share in figures(outcomes(name, range(60))).items():
        if statement not in DESIGNS[name].unclaimed:
            assert share >= 0.83, statement  # four standard errors below .95


def test_the_interval_that_takes_rows_of_a_name_for_independent_is_seen_to_fail() -> None:
    found = figures(outcomes("names", range(60)))
    assert found["pooled slope, iid"] < 0.85 < found["pooled slope, concept"]
    assert not kept("names", "pooled slope, iid", found["pooled slope, iid"])


def near(design: str, found: Mapping[str, float], tables: int) -> list[str]:
    """Claims that are farther out of bounds than chance in so many tables allows."""
    slack = 4 * (0.05 * 0.95 / tables) ** 0.5 - 0.02
    far = []
    for name, value in found.items():
        low, high = DESIGNS[design].bounds(name)
        if name not in DESIGNS[design].unclaimed and not low - slack <= value <= high + slack:
            far.append(f"{name}: {value}")
    return far


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_claims_are_kept_by_200_tables(name: str) -> None:
    assert near(name, figures(outcomes(name, range(200))), 200) == []
