"""The study's released files give what was recomputed from them independently."""

from __future__ import annotations

import json
import math
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from wagidx.paper import Release, Reproduction, reproduce
from wagidx.paper.panels import panels_of
from wagidx.paper.statistics import statistics

PACKAGE = Path(__file__).parent.parent.parent / "python" / "wagidx"
QUOTED = ("stored_panel_", "figure_legend_")
"""Fields that quote the authors instead of being computed."""


@pytest.fixture(scope="module")
def expected(study: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((study / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def reproduction(study: Path) -> Reproduction:
    return reproduce(study / "release", resample="none")


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where two values differ: numbers by 1e-9, a p value by 1e-6, the rest at all.

    A p below the smallest normal number is 0 in one version of scipy and not quite 0 in another.
    """
    if isinstance(expected, dict):
        return [
            difference
            for key, value in expected.items()
            if not key.startswith(QUOTED)
            for difference in (
                differences(value, found[key], f"{path}/{key}")
                if key in found
                else [f"{path}/{key} is absent"]
            )
        ]
    if isinstance(expected, list):
        pairs = zip(expected, found, strict=True)
        return [d for i, pair in enumerate(pairs) for d in differences(*pair, f"{path}/{i}")]
    if isinstance(expected, float) and found is not None:
        within = 1e-6 if path.endswith("_p") else 1e-9
        least = sys.float_info.min if path.endswith("_p") else 0.0
        same = math.isclose(expected, found, rel_tol=within, abs_tol=least)
    else:
        same = expected == found
    return [] if same else [f"{path}: {found} instead of {expected}"]


def test_every_panel_is_reproduced_and_no_other_is_made(
    reproduction: Reproduction, expected: dict[str, Any]
) -> None:
    panels = reproduction.to_json()["panels"]
    assert panels.keys() == expected["panels"].keys()
    assert differences(expected["panels"], panels) == []


@pytest.mark.parametrize("table", ["long_tail", "misalignment", "correlation", "let_it_wag"])
def test_the_tables_are_reproduced(
    reproduction: Reproduction, expected: dict[str, Any], table: str
) -> None:
    found = reproduction.to_json()[table]
    assert found.keys() >= expected[table].keys()
    assert differences(expected[table], found) == []


def test_panels_with_some_of_their_files_are_named(reproduction: Reproduction) -> None:
    lacking = {one.name: one.lacking for one in reproduction.missing}
    assert lacking["zs|cc3m|text|zs18"] == ("imagenet-sketch_cc3m_lemmatized_search_counts.json",)
    assert all(not key.startswith("zs|cc3m|RN50|text|class|zs18") for key in lacking)


def test_one_count_moves_its_panel_and_no_other(study: Path, tmp_path: Path) -> None:
    shutil.copytree(study / "release", tmp_path / "release", copy_function=shutil.copyfile)
    path = tmp_path / "release" / "search_counts" / "dtd_cc3m_lemmatized_search_counts.json"
    counts = json.loads(path.read_text(encoding="utf-8"))
    name = next(name for name, count in counts.items() if count > 0)
    counts[name] *= 3
    path.write_text(json.dumps(counts), encoding="utf-8")

    def of_cc3m(folder: Path) -> dict[str, dict[str, Any]]:
        panels = panels_of(Release(folder))
        return {p.key: statistics(p).to_json() for p in panels if p.corpus == "cc3m"}

    before, after = of_cc3m(study / "release"), of_cc3m(tmp_path / "release")
    moved = {key for key in before if before[key] != after[key]}
    touched = {key for key in before if key.startswith("zs|cc3m") and "|text|" in key}
    assert moved == touched
    fields = ("concept_pearson_r", "concept_slope_per_decade")
    assert all(before[key][one] != after[key][one] for key in moved for one in fields)


def test_no_number_that_must_be_computed_stands_in_the_package(expected: dict[str, Any]) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    written = set(re.findall(r"\d+\.\d{4,}|\d{6,}", text.replace("_", "")))
    numbers = set(re.findall(r"\d+\.\d{4,}|\d{6,}", json.dumps(expected)))
    # A rounded copy would be found by the first digits of what it was rounded from.
    starts = {number[:6] for number in numbers if "." in number}
    assert written & numbers == set()
    assert {one for one in written if "." in one and one[:6] in starts} == set()
