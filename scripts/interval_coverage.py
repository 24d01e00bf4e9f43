"""How often does a 95 % interval hold the true slope? `python scripts/interval_coverage.py`.

Tables with a planted slope are drawn by the thousand from designs that break one assumption each,
and every interval of the slope is asked whether it holds the truth. A good one does in 93 to 97 of
a hundred. The figures are in `docs/coverage.json`; the tests draw fewer tables.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from planted import SLOPE, table
from wagidx.analysis.regression import clustered, hc3, iid, least_squares
from wagidx.analysis.resampling import concept_interval, slope_draws
from wagidx.analysis.rows import Rows, codes
from wagidx.analysis.zeros import axis

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "coverage.json"
DESIGNS = ("gaussian", "binomial", "names", "datasets", "slopes", "zeros")


def covered(rows: Rows, within: bool, draws: int) -> dict[str, bool | None]:
    """Whether each interval holds the slope; None where it is refused."""
    dataset, names = codes(rows.dataset), codes(rows.concept)
    placed = axis(rows.count, "indicator")
    group = dataset if within else None
    line = least_squares(placed.x, rows.score, group=group, beside=placed.zero)
    drawn = slope_draws(placed.x, rows.score, names, group=group, beside=placed.zero, draws=draws)
    found = {
        "iid": iid(line),
        "hc3": hc3(line),
        "concept": concept_interval(drawn, int(names.max()) + 1),
        "dataset": clustered(line, dataset),
    }
    pairs = {name: interval.pair for name, interval in found.items()}
    return {name: pair and pair[0] <= SLOPE <= pair[1] for name, pair in pairs.items()}


def coverage(design: str, tables: int, draws: int = 1000) -> dict[str, dict[str, float]]:
    """Share of tables whose interval holds the slope, pooled and within datasets."""
    hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for seed in range(tables):
        rows = table(design, seed)
        for place, within in (("pooled", False), ("within", True)):
            for name, hit in covered(rows, within, draws).items():
                if hit is not None:
                    hits[place, name].append(hit)
    shares: dict[str, dict[str, float]] = {"pooled": {}, "within": {}}
    for (place, name), values in hits.items():
        shares[place][name] = round(float(np.mean(values)), 4)
    return shares


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Coverage of the intervals of a slope.")
    parser.add_argument("--tables", type=int, default=2000, help="tables drawn from each design")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    asked = parser.parse_args()
    found = {design: coverage(design, asked.tables) for design in DESIGNS}
    text = json.dumps({"tables": asked.tables, "coverage": found}, indent=2)
    asked.output.write_text(text + "\n", encoding="utf-8")
    print(text)
