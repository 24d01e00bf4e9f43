"""Write the measured tables of docs/theory.md: `python scripts/learning_curves.py RELEASE`.

RELEASE is the folder of the study's released data. `--check` writes nothing and fails where the
tables are not what the data give; `--json` prints the numbers instead.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from wagidx.paper.learning import Learning, learning
from wagidx.paper.panels import panels_of
from wagidx.paper.release import Release
from wagidx.report.section import Table
from wagidx.report.theory import curves_table, pairs_table

THEORY = Path(__file__).resolve().parent.parent / "docs" / "theory.md"
PLACE = re.compile(r"(<!-- (?P<name>\w+): written by .*?-->\n).*?(<!-- end -->)", re.DOTALL)


def markdown(table: Table) -> str:
    """A table in Markdown, its caption below it."""
    lines = [table.columns, ["-" * 3] * len(table.columns), *table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{table.caption}\n"


def filled(text: str, found: Learning) -> str:
    """The document with the tables of `found` in their places."""
    tables = {"curves": curves_table(found), "pairs": pairs_table(found)}
    return PLACE.sub(lambda m: f"{m[1]}\n{markdown(tables[m['name']])}\n{m[3]}", text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the toy models of docs/theory.md.")
    parser.add_argument("release", type=Path, help="folder of the released data")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    parser.add_argument("--json", action="store_true", help="print the numbers instead")
    asked = parser.parse_args()
    measured = learning(panels_of(Release(asked.release)))
    if asked.json:
        print(json.dumps(measured.to_json(), indent=1))
        raise SystemExit
    before = THEORY.read_text(encoding="utf-8")
    after = filled(before, measured)
    if asked.check and before != after:
        raise SystemExit(f"{THEORY}: is out of date: run scripts/learning_curves.py")
    THEORY.write_text(after, encoding="utf-8")
