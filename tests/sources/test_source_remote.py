"""Remote reads: fsspec URLs, retries that go on where they stood, errors that name the file."""

from __future__ import annotations

import uuid
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from source_files import WRITERS, rows_of
from wagidx import storage
from wagidx.exceptions import SourceError
from wagidx.sources import open_sources

CAPTIONS = [f"caption {i}" for i in range(300)]


@pytest.fixture
def folder() -> str:
    return f"memory://{uuid.uuid4().hex}"


def put(name: str, data: bytes) -> None:
    with fsspec.open(name, "wb") as file:
        file.write(data)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_url_reads_as_a_file_does(kind: str, folder: str) -> None:
    extension, write = WRITERS[kind]
    for name in ("b", "a", "_hidden"):
        put(f"{folder}/{name}{extension}", write([name, *CAPTIONS]))
    for given in (folder, f"{folder}/*{extension}", [f"{folder}/{n}{extension}" for n in "ab"]):
        sources = open_sources(given)
        assert [rows_of(source)[0] for source in sources] == [(b"a", 0), (b"b", 0)]
        assert all(len(rows_of(source)) == 1 + len(CAPTIONS) for source in sources)
        assert all(source.size() for source in sources)


@pytest.mark.parametrize("kind", ["parquet", "text", "webdataset"])
def test_reads_that_fail_now_and_then_change_nothing(
    kind: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extension, write = WRITERS[kind]
    put(f"{folder}/a{extension}", write(CAPTIONS))
    (source,) = open_sources(f"{folder}/a{extension}")
    opened = MemoryFileSystem.open
    calls: list[int] = []

    def failing(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) % 3:
            raise ConnectionError("reset by peer")
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(MemoryFileSystem, "open", failing)
    monkeypatch.setattr(storage, "_pause", lambda seconds: None)
    assert rows_of(source) == [(caption.encode(), 0) for caption in CAPTIONS]
    assert len(calls) >= 3


def test_a_store_that_stays_down_is_one_line_after_five_more_attempts(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(f"{folder}/a.txt", b"a\n")
    (source,) = open_sources(f"{folder}/a.txt")
    pauses: list[float] = []

    def down(*args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("refused")

    monkeypatch.setattr(MemoryFileSystem, "open", down)
    monkeypatch.setattr(storage, "_pause", pauses.append)
    with pytest.raises(SourceError, match=r"a\.txt: gave up after 6 attempts: refused"):
        rows_of(source)
    assert pauses == [0.5, 1, 2, 4, 8]


def test_what_is_not_there_is_not_tried_again(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_pause", lambda seconds: pytest.fail("waited"))
    for name in (f"{folder}/gone.txt", f"{folder}/*.txt"):
        with pytest.raises(SourceError, match="no such file"):
            open_sources(name)


def test_an_unknown_protocol_is_named() -> None:
    with pytest.raises(SourceError, match="nowhere://"):
        open_sources("nowhere://bucket/a.txt")
