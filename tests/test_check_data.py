"""`make check-data` tells a table that differs from one that this machine cannot check."""

from __future__ import annotations

from pathlib import Path

import check_data
import pytest


def fake(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str, *needs: check_data.Need) -> None:
    """Let one script with this code and these needs be all there is to check."""
    (folder / "make_fake.py").write_text(code)
    monkeypatch.setattr(check_data, "SCRIPTS", folder)
    monkeypatch.setattr(check_data, "GENERATORS", {"make_fake.py": needs})


def test_a_script_that_agrees_is_called_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake(monkeypatch, tmp_path, "import sys; assert sys.argv[1:] == ['--check']")
    assert check_data.main() == 0
    assert capsys.readouterr().out.split() == ["make_fake.py", "same"]


def test_a_table_that_differs_fails_with_what_its_script_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake(monkeypatch, tmp_path, "raise SystemExit('nouns.txt differs')")
    assert check_data.main() == 1
    assert "DIFFERS: nouns.txt differs" in capsys.readouterr().out


def test_what_cannot_run_here_is_named_with_every_reason_and_does_not_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs = (
        check_data.package("no-such-package", "1.0"),
        check_data.package("pytest", "0.1"),
        check_data.file(tmp_path / "not-there", "nobody has it"),
        check_data.unicode_of_python("1.1", "none"),
        check_data.python_from(99, 0),
        check_data.package("pytest", pytest.__version__),
        check_data.file(Path(__file__), "this one"),
    )
    fake(monkeypatch, tmp_path, "raise SystemExit('must not run')", *needs)
    assert check_data.main() == 0
    said = capsys.readouterr().out
    assert said.count("needs") == 5
    assert "NOT CHECKED: needs no-such-package 1.0, which is not installed" in said
    assert "1 of 1 could not be checked on this machine" in said


def test_every_script_that_makes_a_table_is_checked() -> None:
    makers = {path.name for path in check_data.SCRIPTS.glob("make_*.py")}
    assert makers - set(check_data.GENERATORS) == {"make_cli_docs.py", "make_golden.py"}
