"""The document's tables are what the released data give, and the section says what they hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import made_up_release
from wagidx.paper.learning import learning
from wagidx.paper.panels import panels_of
from wagidx.paper.release import Release
from wagidx.report.theory import theory_section

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "learning_curves.py"


def test_the_tables_of_the_document_are_measured(study: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--check", str(study / "release")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_the_section_has_a_row_for_each_model_and_pair(tmp_path: Path) -> None:
    made_up_release.write(tmp_path / "release")
    found = learning(panels_of(Release(tmp_path / "release")))
    section = theory_section(found, "wagidx reproduce release")
    assert [len(table.rows) for table in section.tables] == [len(found.curves), len(found.pairs)]
    assert found.to_json()["curves"][0]["curves"]["bend"].keys() == {
        "per_decade", "ci95", "refuted",
    }  # fmt: skip
    assert section.command and f"Of {len(found.pairs)} tests" in section.text[-1]


def test_without_models_the_section_says_so() -> None:
    section = theory_section(learning([]))
    assert section.tables == () and "No corpus has scores" in section.text[-1]
