"""A bar appears in a notebook, or where it is asked for, and nowhere else."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
import wagidx
from wagidx.progress import reporting

CAPTIONS = ["a dog", "two dogs", "a cat"]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.wagidx"


def kernel(monkeypatch: pytest.MonkeyPatch, config: dict[str, object]) -> None:
    """Let this Python look like one that IPython runs, with this configuration."""
    module = types.ModuleType("IPython")
    shell = types.SimpleNamespace(config=config)
    module.get_ipython = lambda: shell  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", module)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """This Python looks like a notebook's kernel whose front end shows text only."""
    kernel(monkeypatch, {"IPKernelApp": {}})
    monkeypatch.setitem(sys.modules, "tqdm.auto", pytest.importorskip("tqdm.std"))


@pytest.mark.usefixtures("notebook")
def test_a_notebook_shows_a_bar_that_ends_full(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wagidx.build(captions=CAPTIONS, output=output)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "100%" in shown.err and "3.00/3.00" in shown.err


@pytest.mark.usefixtures("notebook")
def test_false_is_silent_in_a_notebook(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wagidx.build(captions=CAPTIONS, output=output, progress=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("config", [None, {"TerminalIPythonApp": {}}])
def test_none_is_silent_elsewhere(
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    config: dict[str, object] | None,
) -> None:
    if config is not None:
        kernel(monkeypatch, config)
    wagidx.build(captions=CAPTIONS, output=output)
    assert capsys.readouterr() == ("", "")


def test_true_shows_a_bar_anywhere(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm", reason="tqdm is not installed")
    wagidx.build(captions=CAPTIONS, output=output, progress=True)
    assert "3.00/3.00" in capsys.readouterr().err


def test_a_callable_is_told_of_both_phases_and_nothing_is_shown(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[wagidx.Progress] = []
    wagidx.build(captions=CAPTIONS, output=output, progress=seen.append)
    assert list(dict.fromkeys(one.phase for one in seen)) == ["read", "merge"]
    assert (seen[-1].rows, seen[-1].total) == (3, 3)
    assert [one.seconds for one in seen] == sorted(one.seconds for one in seen)
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("notebook")
def test_a_notebook_without_tqdm_builds_all_the_same(
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    caplog.set_level("INFO", logger="wagidx")
    assert wagidx.build(captions=CAPTIONS, output=output).captions == 3
    assert "wagidx[notebook]" in caplog.text


def test_true_without_tqdm_names_the_extra(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ModuleNotFoundError, match=r"wagidx\[notebook\]"):
        wagidx.build(captions=CAPTIONS, output=output, progress=True)
    assert not output.exists()


def test_what_is_done_already_is_no_speed(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm", reason="tqdm is not installed")
    with reporting(True) as report:
        assert report is not None
        report(wagidx.Progress("read", 4_000_000, 4_000_000, 0.1))
    assert "? captions/s" in capsys.readouterr().err


def test_anything_else_is_refused(output: Path) -> None:
    with pytest.raises(TypeError, match="progress must be None, True, False or a callable"):
        wagidx.build(captions=CAPTIONS, output=output, progress="bar")  # type: ignore[arg-type]
