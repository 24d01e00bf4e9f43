"""`search --sources OLD=NEW`: captions are found where their sources have moved to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import wagidx

Completed = subprocess.CompletedProcess[str]
Search = Callable[..., Completed]


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index over two folders that have both gone elsewhere since."""
    monkeypatch.chdir(tmp_path)
    for folder, caption in (("shards", "a dog"), ("shards-more", "two dogs")):
        os.mkdir(folder)
        Path(folder, "captions.txt").write_text(f"{caption}\n")
    wagidx.build(["shards", "shards-more"], "moved.wagidx")
    os.rename("shards", "here")
    os.rename("shards-more", "there")
    return Path("moved.wagidx")


@pytest.fixture
def search(run: Callable[..., Completed], moved: Path) -> Search:
    """Search the index for a dog with `--sources` given so often."""

    def program(*sources: str) -> Completed:
        options = [word for one in sources for word in ("--sources", one)]
        return run("search", moved, "dog", *options)

    return program


def test_the_longest_beginning_counts_in_any_order(search: Search) -> None:
    names = ["shards=here", "shards-more=there"]
    for sources in (names, names[::-1]):
        assert search(*sources).stdout == "0  a [dog]\n1  two [dogs]\n"


def test_what_follows_the_first_equals_sign_is_the_new_beginning(search: Search) -> None:
    os.makedirs("to/lang=en")
    os.rename("here", "to/lang=en/here")
    assert "a [dog]" in search("shards/=to/lang=en/here/", "shards-more=there").stdout


@pytest.mark.parametrize("sources", [[], ["shards-more=there"], ["elsewhere=here"]])
def test_a_source_that_is_not_found_is_named_with_the_way_out(
    search: Search, sources: list[str]
) -> None:
    result = search(*sources)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "wagidx: error: shards/captions.txt: no such file; if it has moved, use "
        "--sources OLD=NEW (open(sources=...))\n"
    )


@pytest.mark.parametrize("value", ["shards", "=here", "shards=", "="])
def test_what_is_not_old_equals_new_is_wrong_usage(search: Search, value: str) -> None:
    result = search(value)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"'{value}' is not OLD=NEW" in result.stderr
    assert result.stderr.count("\n") == 1


def test_one_beginning_cannot_move_to_two_places(search: Search) -> None:
    assert search("shards=here", "shards=there").returncode == 2
    same = search("shards=here", "shards=here", "shards-more=there")
    assert same.returncode == 0


def test_a_changed_source_is_not_taken_for_a_moved_one(search: Search) -> None:
    Path("here/captions.txt").write_text("a cat\n")
    result = search("shards=here", "shards-more=there")
    assert result.returncode == 1
    assert "here/captions.txt: has changed since the index was built" in result.stderr
