"""Coverage of intervals, size of tests, bias of estimates: `python scripts/interval_coverage.py`.

Thousands of tables are simulated from designs with a known truth, and every statement the package
makes about them is compared with it. The claims are listed with the designs, in `simulation`. The
results are written to `docs/coverage.json`, and to `docs/coverage.md` for reading; the tests
simulate fewer tables.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from simulation import BOUNDS, DESIGNS, Outcome

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "coverage.json"
CHUNK = 50
"""Tables one process draws at a time."""

HEAD = """\
# Coverage of the intervals

<!-- Written by scripts/interval_coverage.py (`make coverage`). -->

Each figure is from {tables:,} tables simulated from a design with a known truth. A 95 % interval
should cover the truth in {covers} of the tables, a test at .05 should reject it in
{rejects}, and the bias of an estimate should be {bias} of the truth. This allows for
chance: a share of .95 in {tables:,} tables has a standard error of {error:.4f}. If a method is
known to miss these bounds, the last column says why; these reasons are listed with the designs,
in `scripts/simulation`. A figure in bold is out of bounds.

Not simulated: standard errors of gains on held-out names, and the p of one form of a tail against
another. Slopes of scores above chance, of models on their mean scores, and under the other rules
for zeros use the same intervals as the slopes below.

"""

ASKED = {
    "covers": "share of tables whose interval covers the truth",
    "rejects": "share of tables in which the truth is rejected at .05",
    "bias": "bias of the estimate, as a share of the truth",
}


def outcomes(design: str, seeds: Iterable[int]) -> list[Mapping[str, Outcome]]:
    """What comes out of the tables of some seeds."""
    return [DESIGNS[design].outcomes(seed) for seed in seeds]


def figures(found: Iterable[Mapping[str, Outcome]]) -> dict[str, float]:
    """Mean outcome of each statement over the tables in which something is stated."""
    values: dict[str, list[float]] = defaultdict(list)
    for one in found:
        for name, outcome in one.items():
            if outcome is not None:
                values[name].append(outcome)
    return {name: round(float(np.mean(one)), 4) for name, one in values.items()}


def kept(design: str, statement: str, value: float) -> bool:
    """Whether a figure lies within the bounds of its kind."""
    low, high = DESIGNS[design].bounds(statement)
    return low <= value <= high


def broken(results: Mapping[str, Any]) -> list[str]:
    """Claims that the figures do not keep."""
    return [
        f"{design}: {name}: {value}"
        for design, one in results["designs"].items()
        for name, value in one["figures"].items()
        if name not in DESIGNS[design].unclaimed and not kept(design, name, value)
    ]


def drawn(
    names: Iterable[str], tables: int, processes: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each design with what is kept of it."""
    seeds = [range(start, min(start + CHUNK, tables)) for start in range(0, tables, CHUNK)]
    with ProcessPoolExecutor(processes) as pool:
        for name in names:
            design = DESIGNS[name]
            found = [one for part in pool.map(outcomes, repeat(name), seeds) for one in part]
            refused = sum(outcome is None for one in found for outcome in one.values())
            yield (
                name,
                {
                    "about": design.about,
                    "asks": dict(design.asks),
                    "figures": figures(found),
                    "refused": refused,
                    "unclaimed": dict(design.unclaimed),
                },
            )


def page(results: Mapping[str, Any]) -> str:
    """The figures as tables of Markdown."""
    bounds = {asks: f"{low:g} to {high:g}" for asks, (low, high) in BOUNDS.items()}
    error = float(np.sqrt(0.95 * 0.05 / results["tables"]))
    parts = [HEAD.format(tables=results["tables"], error=error, **bounds)]
    for asks, meaning in ASKED.items():
        parts += [
            f"## The {meaning}\n\n",
            "| design | statement | figure | not claimed, because |\n",
        ]
        parts += ["|---|---|---|---|\n"]
        parts += [
            _row(design, one, name)
            for design, one in results["designs"].items()
            for name in one["figures"]
            if one["asks"].get(name, "covers") == asks
        ]
        parts += ["\n"]
    about = [f"- **{design}**: {one['about']}.\n" for design, one in results["designs"].items()]
    return "".join([*parts, "## Designs\n\n", *about])


def _row(design: str, one: Mapping[str, Any], statement: str) -> str:
    value = one["figures"][statement]
    text = f"{value:.3f}" if kept(design, statement, value) else f"**{value:.3f}**"
    return f"| {design} | {statement} | {text} | {one['unclaimed'].get(statement, '')} |\n"


def written(path: Path, results: dict[str, Any]) -> None:
    """Both files, designs in the order of `DESIGNS`."""
    results["designs"] = {
        name: results["designs"][name] for name in DESIGNS if name in results["designs"]
    }
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Coverage of intervals, and sizes of tests.")
    parser.add_argument("--tables", type=int, default=2000, help="tables simulated per design")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--designs", nargs="+", choices=list(DESIGNS), help="simulate only these")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    asked = parser.parse_args()
    results: dict[str, Any] = {"tables": asked.tables, "designs": {}}
    if asked.designs and asked.output.exists():
        results = json.loads(asked.output.read_text(encoding="utf-8"))
        if results["tables"] != asked.tables:
            parser.error(f"{asked.output} has {results['tables']} tables: simulate all designs")
    for name, one in drawn(asked.designs or DESIGNS, asked.tables, asked.processes):
        results["designs"][name] = one
        print(name, json.dumps(one["figures"]), flush=True)
        written(asked.output, results)
    for line in broken(results):
        print("out of bounds:", line)
