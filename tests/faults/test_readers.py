"""Whoever reads while an index is appended to, merged or replaced gets right answers throughout."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import wagidx

ROWS = 300

Answer = tuple[int, int, str | None, int]


def captions(number: int) -> list[str | None]:
    return [f"dog {number} page {row}" for row in range(ROWS)]


def ask(index: wagidx.Index) -> Answer:
    """Count, rows, the text of the last row, terms: all of one snapshot."""
    ids = index.ids("dog")
    assert len(ids) == index.count("dog") == index.counts(["dog", "page"])[1]
    last = index.captions_of([len(index) - 1])[0].text
    return len(ids), len(index), last, len(index.terms)


def expected(parts: int) -> Answer:
    rows = ROWS * parts
    return rows, rows, f"dog {parts - 1} page {ROWS - 1}", 2 + max(ROWS, parts)


@contextmanager
def reading(path: Path, allowed: set[Answer]) -> Iterator[set[Answer]]:
    """Open and ask in a loop, in two threads, while the body runs."""
    stop = threading.Event()
    failures: list[BaseException] = []
    seen: set[Answer] = set()

    def read() -> None:
        while not stop.is_set():
            try:
                answer = ask(wagidx.open(path))
                assert answer in allowed, answer
                seen.add(answer)
            except wagidx.IndexFormatError as error:
                # Replaced between the opening and the look-up of a caption by name.
                if "another index" not in str(error):
                    failures.append(error)
            except BaseException as error:
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        yield seen
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert failures == []


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "a.wagidx"
    wagidx.build(captions=captions(0), output=path, store_captions=True)
    return path


def test_readers_during_appends(index: Path) -> None:
    snapshot = wagidx.open(index)
    with reading(index, {expected(n) for n in range(1, 7)}) as seen:
        for number in range(1, 6):
            wagidx.append(index, captions=captions(number))
            assert ask(wagidx.open(index)) == expected(number + 1)
            assert ask(snapshot) == expected(1)
    assert expected(1) in seen or expected(6) in seen


def test_readers_while_an_index_is_merged_into_its_own_place(index: Path) -> None:
    for number in (1, 2):
        wagidx.append(index, captions=captions(number))
    snapshot = wagidx.open(index)
    before = snapshot.ids("dog").tolist()
    with reading(index, {expected(3)}) as seen:
        for _ in range(5):
            wagidx.merge([index], index, fresh=True)
    assert seen == {expected(3)}
    assert snapshot.ids("dog").tolist() == before
    assert len(wagidx.open(index).info["segments"]) == 1


def test_readers_while_an_index_is_replaced(index: Path) -> None:
    with reading(index, {expected(1), expected(2)}):
        for parts in (2, 1, 2, 1, 2):
            several = [c for number in range(parts) for c in captions(number)]
            wagidx.build(captions=several, output=index, store_captions=True, resume=False)
    assert ask(wagidx.open(index)) == expected(2)


def appended(index: Path) -> None:
    wagidx.append(index, captions=captions(1))


def merged(index: Path) -> None:
    appended(index)
    wagidx.merge([index], index, fresh=True)


@pytest.mark.parametrize("change", [appended, merged])
def test_a_pickle_of_before_says_that_its_index_is_gone(
    index: Path, change: Callable[[Path], None]
) -> None:
    pickled = pickle.dumps(wagidx.open(index))
    assert pickle.loads(pickled).count("dog") == ROWS
    change(index)
    with pytest.raises(wagidx.IndexFormatError, match="another index"):
        pickle.loads(pickled)
    again = pickle.loads(pickle.dumps(wagidx.open(index)))
    assert again.count("dog") == 2 * ROWS


def test_a_snapshot_never_shows_the_captions_of_another_index(index: Path) -> None:
    snapshot = wagidx.open(index)
    wagidx.append(index, captions=captions(1))
    assert snapshot.captions("page", limit=1)[0].text == "dog 0 page 0"
    wagidx.build(captions=captions(7), output=index, store_captions=True, resume=False)
    assert snapshot.count("dog") == ROWS
    with pytest.raises(wagidx.IndexFormatError, match="another index"):
        snapshot.captions("page", limit=1)


def test_a_snapshot_takes_another_index_for_no_damage_of_its_own(index: Path) -> None:
    snapshot = wagidx.open(index)
    before = snapshot.ids("dog").tolist()
    assert snapshot.skipped == []
    wagidx.append(index, captions=captions(1))
    snapshot.verify(deep=True)
    several = [c for number in range(2) for c in captions(number)]
    wagidx.build(captions=several, output=index, resume=False)
    for ask_files in (snapshot.verify, lambda: snapshot.skipped):
        with pytest.raises(wagidx.IndexFormatError, match="another index"):
            ask_files()
    assert snapshot.ids("dog").tolist() == before


def test_two_writers_of_one_index(index: Path) -> None:
    """While one appends, whoever else would write is told; afterwards it may."""
    told: list[str] = []

    def other(_: wagidx.Progress) -> None:
        writes: list[Callable[[], object]] = [
            lambda: wagidx.append(index, captions=captions(2)),
            lambda: wagidx.build(captions=captions(2), output=index, resume=False),
            lambda: wagidx.merge([index], index, fresh=True),
        ]
        for write in writes:
            with pytest.raises(wagidx.WagidxError, match="another build") as refusal:
                write()
            told.append(str(refusal.value))

    wagidx.append(index, captions=captions(1), progress=other)
    assert told and all("\n" not in line for line in told)
    assert ask(wagidx.open(index)) == expected(2)
    wagidx.append(index, captions=captions(2))
    assert ask(wagidx.open(index)) == expected(3)
