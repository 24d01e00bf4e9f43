"""What an index may take the place of: another index, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import wagidx

Make = Callable[[Path], object]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("two dogs\na cat\n")
    return path


@pytest.fixture(params=["build", "merge"])
def replace(request: pytest.FixtureRequest, source: Path, tmp_path: Path) -> Make:
    """Make an index at a path, replacing one that is there."""
    if request.param == "build":
        return lambda output: wagidx.build(source, output, resume=False)
    wagidx.build(source, tmp_path / "input.wagidx")
    return lambda output: wagidx.merge([tmp_path / "input.wagidx"], output, fresh=True)


def held(folder: Path) -> dict[str, bytes]:
    files = [folder] if folder.is_file() else folder.rglob("*")
    return {str(path): path.read_bytes() for path in files if path.is_file()}


def folder_of_captions(place: Path) -> None:
    place.mkdir()
    (place / "captions.txt").write_text("precious\n")


def file_of_captions(place: Path) -> None:
    place.write_text("precious\n")


def index_with_notes(place: Path) -> None:
    wagidx.build(captions=["a dog"], output=place)
    (place / "notes.txt").write_text("precious\n")


def folder_around_an_index(place: Path) -> None:
    wagidx.build(captions=["a dog"], output=place / "inner.wagidx")


def manifest_of_something_else(place: Path) -> None:
    place.mkdir()
    (place / "manifest.json").write_text("{}")
    (place / "index.html").write_text("precious\n")


def shards_named_as_ours(place: Path) -> None:
    place.mkdir()
    (place / "captions-000000.parquet").write_text("precious\n")


@pytest.mark.parametrize(
    "prepare",
    [
        folder_of_captions,
        file_of_captions,
        index_with_notes,
        folder_around_an_index,
        manifest_of_something_else,
        shards_named_as_ours,
    ],
)
def test_fresh_replaces_nothing_but_an_index(
    prepare: Callable[[Path], None], replace: Make, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    prepare(place)
    before = held(place)
    with pytest.raises(FileExistsError, match=r"place: .* not replaced; choose another name"):
        replace(place)
    assert held(place) == before
    assert not place.with_name("place.part").exists()


def test_fresh_replaces_an_index_whole_or_damaged_and_an_empty_folder(
    replace: Make, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    replace(place)
    assert wagidx.open(place).count("dog") == 1
    (place / "manifest.json").write_text("{")
    replace(place)
    assert wagidx.open(place).count("dog") == 1


def test_what_appears_during_a_build_is_not_replaced(source: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"

    def meanwhile(_: wagidx.Progress) -> None:
        if not place.exists():
            folder_of_captions(place)

    with pytest.raises(OSError, match="place"):
        wagidx.build(source, place, resume=False, progress=meanwhile)
    assert held(place) == {str(place / "captions.txt"): b"precious\n"}


def test_a_working_folder_of_somebody_else_is_left_alone(source: Path, tmp_path: Path) -> None:
    folder_of_captions(tmp_path / "x.part")
    with pytest.raises(FileExistsError, match=r"x\.part: .* holds captions\.txt"):
        wagidx.build(source, tmp_path / "x")
    assert set(held(tmp_path / "x.part")) == {str(tmp_path / "x.part" / "captions.txt")}


@pytest.mark.parametrize(("name", "said"), [("", "is empty"), ("s3://a/b", "is a local folder")])
def test_an_index_is_a_local_folder_with_a_name(
    name: str, said: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=said):
        wagidx.build(source, name)
    with pytest.raises(ValueError, match=said):
        wagidx.merge([source], name)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_current_folder_is_named_in_full(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(FileExistsError, match="here: exists"):
        wagidx.build(source, ".")
    wagidx.build(source, ".", resume=False)
    assert wagidx.open(tmp_path / "here").count("dog") == 1
