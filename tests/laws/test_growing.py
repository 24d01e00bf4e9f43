"""Laws of append and merge: the answers, and where promised the bytes, of one build of all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from cases import CASES, ERROR, Case
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import ReferenceIndex, Tier
from wagidx.asking.expressions import Expression, any_of, none_of
from wagidx.building import assembly, units
from wagidx.tagging.files import load_tagger

Captions = list[str | None]

WORDS = ["dog", "dogs", "cat", "golden", "retriever", "snow", "a", "rose", "roses", "F-16", "café"]
QUESTIONS: list[str | Expression] = [
    "dog",
    "golden retriever",
    "a dog cat",
    "quokka",
    "dog quokka",
    any_of("rose", "cat"),
    none_of("dog"),
    none_of("quokka"),
]
captions_lists = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)), max_size=12
)
KEPT: list[dict[str, Any]] = [{}, {"store_captions": True}, {"store_keys": True}]
few = settings(deadline=None, max_examples=12)


@contextmanager
def workplace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def built(path: Path, captions: Sequence[str | None], **options: object) -> Path:
    wagidx.build(captions=list(captions), output=path, **options)  # type: ignore[arg-type]
    return path


def appended(path: Path, parts: Sequence[Sequence[str | None]], **options: object) -> Path:
    """An index over the first part, to which the others were added."""
    built(path, parts[0], **options)
    for part in parts[1:]:
        wagidx.append(path, captions=list(part))
    return path


def contents(index: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in index.iterdir()}


def answers(path: Path) -> object:
    """Everything that an index can be asked, but for its name."""
    with wagidx.open(path) as index:
        index.verify(deep=True)
        docs = np.arange(0, len(index), 2, dtype=np.uint64)
        return (
            index.info["stats"],
            [index.ids(one).tolist() for one in QUESTIONS],
            [index.ids(one, missing="ignore", docs=docs).tolist() for one in QUESTIONS],
            index.counts(QUESTIONS).tolist(),
            index.counts(QUESTIONS, missing="ignore", docs=docs).tolist(),
            dict(index.terms.items()),
            len(index.terms),
            index.top(5),
            [index.explain(one).to_dict() for one in ("dog roze", "golden dgo")],
        )


def cut(case: Case) -> list[list[str | None]]:
    """The captions of a case, one an index."""
    return [[caption] for caption in case.captions] or [[], []]


@pytest.mark.parametrize(
    ("case", "tier"),
    [pytest.param(c, t, id=f"{c.why} ({c.missing}, {t})") for c in CASES for t in c.tiers],
)
def test_an_appended_index_answers_the_table(case: Case, tier: Tier, tmp_path: Path) -> None:
    path = appended(tmp_path / "case.wagidx", cut(case), analyzer=tier, positions=case.positions)
    with wagidx.open(path) as index:
        assert len(index.info["segments"]) == max(1, len(case.captions))
        if case.found == ERROR:
            with pytest.raises(wagidx.ConceptError):
                index.count(case.expression, missing=case.missing)
            return
        assert tuple(index.ids(case.expression, missing=case.missing)) == case.found
        assert index.count(case.expression, missing=case.missing) == len(case.found)
        both = [case.expression, case.expression]
        assert index.counts(both, missing=case.missing).tolist() == [len(case.found)] * 2


@few
@given(parts=st.lists(captions_lists, min_size=1, max_size=4))
def test_appending_answers_as_building_all(parts: list[Captions]) -> None:
    everything = [caption for part in parts for caption in part]
    with workplace() as folder:
        one = built(folder / "one", everything)
        several = appended(folder / "several", parts)
        assert answers(several) == answers(one)
        with wagidx.open(several) as index:
            assert dict(index.terms.items()) == ReferenceIndex(everything).terms()


@few
@given(parts=st.lists(captions_lists, min_size=1, max_size=4), kept=st.sampled_from(KEPT))
def test_merging_an_appended_index_gives_the_bytes_of_a_build(
    parts: list[Captions], kept: dict[str, Any]
) -> None:
    with workplace() as folder:
        one = built(folder / "one", [c for part in parts for c in part], **kept)
        several = appended(folder / "several", parts, **kept)
        wagidx.merge([several], folder / "merged")
        assert contents(folder / "merged") == contents(one)


@few
@given(a=captions_lists, b=captions_lists, c=captions_lists)
def test_merging_is_associative(a: Captions, b: Captions, c: Captions) -> None:
    with workplace() as folder:
        one, two, three = (
            built(folder / name, captions) for name, captions in zip("abc", (a, b, c))
        )
        wagidx.merge([one, two], folder / "ab")
        wagidx.merge([folder / "ab", three], folder / "ab-c")
        wagidx.merge([two, three], folder / "bc")
        wagidx.merge([one, folder / "bc"], folder / "a-bc")
        wagidx.merge([one, two, three], folder / "abc")
        built(folder / "all", a + b + c)
        expected = contents(folder / "all")
        for merged in ("ab-c", "a-bc", "abc"):
            assert contents(folder / merged) == expected


@few
@given(a=captions_lists, b=captions_lists)
def test_merging_renumbers_in_the_order_given(a: Captions, b: Captions) -> None:
    with workplace() as folder:
        one, two = built(folder / "a", a), built(folder / "b", b)
        wagidx.merge([two, one], folder / "merged")
        assert answers(folder / "merged") == answers(built(folder / "all", b + a))


FORMATS = ["parquet", "txt", "csv"]


def shard(path: Path, number: int, rows: int) -> Path:
    texts = [None if row % 9 == 4 else f"dog {number} and cat {row}" for row in range(rows)]
    if path.suffix == ".parquet":
        keys = [f"key {number} {row}" for row in range(rows)]
        pq.write_table(pa.table({"TEXT": texts, "key": keys}), path, row_group_size=70)
    elif path.suffix == ".csv":
        path.write_text("caption,key\n" + "".join(f"{text},k\n" for text in texts))
    else:
        path.write_text("".join(f"{text}\n" for text in texts))
    return path


@pytest.fixture
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files of all sizes around the borders of units, and an empty one."""
    monkeypatch.setattr(units, "UNIT_ROWS", 150)
    monkeypatch.setattr(units, "UNIT_BYTES", 3_000)
    rows = [100, 20, 0, 400, 30, 150, 5, 151, 60]
    return [
        shard(tmp_path / f"{number}.{FORMATS[number % 3 if number != 3 else 0]}", number, count)
        for number, count in enumerate(rows)
    ]


@pytest.mark.parametrize("kept", KEPT, ids=["terms", "captions too", "keys too"])
@pytest.mark.parametrize("first", [1, 3, 4, 8])
def test_files_appended_and_merged_give_the_bytes_of_a_build(
    shards: list[Path], tmp_path: Path, first: int, kept: dict[str, Any]
) -> None:
    one, grown, merged = (tmp_path / name for name in ("one", "grown", "merged"))
    wagidx.build(shards, one, **kept)
    wagidx.build(shards[:first], grown, **kept)
    for path in shards[first:]:
        wagidx.append(grown, path)
    with wagidx.open(one) as expected, wagidx.open(grown) as index:
        everything = list(range(len(expected)))
        assert index.captions_of(everything) == expected.captions_of(everything)
        assert pa.chunked_array(index.keys()).equals(pa.chunked_array(expected.keys()))
    wagidx.merge([grown], merged)
    assert contents(merged) == contents(one)
    for option, names in (("store_captions", "captions-*"), ("store_keys", "keys-*")):
        assert (len(list(merged.glob(names))) > 1) == (option in kept)


def test_a_merge_past_the_rows_of_a_segment_keeps_several(
    shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "_MAX_SEGMENT_ROWS", 500)
    parts = [tmp_path / str(number) for number in range(3)]
    for part, given_ in zip(parts, (shards[:3], shards[3:6], shards[6:])):
        wagidx.build(given_, part)
    wagidx.merge(parts, tmp_path / "merged")
    monkeypatch.undo()
    wagidx.build(shards, tmp_path / "one")
    with wagidx.open(tmp_path / "merged") as merged, wagidx.open(tmp_path / "one") as one:
        assert len(merged.info["segments"]) > 1
        assert merged.ids("dog").tolist() == one.ids("dog").tolist()
        assert dict(merged.terms.items()) == dict(one.terms.items())
        assert len(merged.terms) == len(one.terms)


def test_indexes_of_other_options_do_not_go_together(tmp_path: Path) -> None:
    one = built(tmp_path / "one", ["a dog"])
    surface = built(tmp_path / "surface", ["dogs"], analyzer="surface")
    kept = built(tmp_path / "kept", ["dogs"], store_captions=True)
    for other, name in ((surface, "analyzer"), (kept, "store_captions")):
        with pytest.raises(wagidx.WagidxError, match=name) as failure:
            wagidx.merge([one, other], tmp_path / "merged")
        assert "\n" not in str(failure.value)
    assert not (tmp_path / "merged").exists()
    assert not (tmp_path / "merged.part").exists()


def test_options_that_differ_are_no_longer_claimed(shards: list[Path], tmp_path: Path) -> None:
    wagidx.build(shards[:1], tmp_path / "a", caption_column="TEXT")
    wagidx.build(shards[3:4], tmp_path / "b", filters=["key=key 3 7"])
    wagidx.merge([tmp_path / "a", tmp_path / "b"], tmp_path / "merged")
    with wagidx.open(tmp_path / "merged") as index:
        assert index.info["options"] == {
            "analyzer": "noun",
            "case": "fold",
            "cjk_bigrams": False,
            "format": "auto",
            "key_column": None,
            "positions": False,
            "store_captions": False,
            "store_keys": False,
            "tagger": load_tagger().hash,
        }
        assert index.info["stats"]["filtered"] == 399
    before = len(wagidx.open(tmp_path / "merged"))
    wagidx.append(tmp_path / "merged", shards[4])
    assert len(wagidx.open(tmp_path / "merged")) == before + 30


def test_an_append_reads_as_the_index_was_built(shards: list[Path], tmp_path: Path) -> None:
    index = tmp_path / "index"
    wagidx.build(shards[:1], index, filters=["key=key 0 7"], analyzer="surface")
    wagidx.append(index, shards[3])
    stats = wagidx.open(index).info["stats"]
    assert (stats["rows"], stats["filtered"]) == (500, 499)


def test_no_source_counts_twice(shards: list[Path], tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    wagidx.build(shards[:2], one)
    wagidx.build(shards[1:3], two)
    link = tmp_path / "link.parquet"
    link.symlink_to(shards[0])
    for again in (shards[0], link):
        with pytest.raises(wagidx.SourceError, match="already in the index"):
            wagidx.append(one, [shards[4], again])
    with pytest.raises(wagidx.SourceError, match=r"1\.txt: is in"):
        wagidx.merge([one, two], tmp_path / "both")
    with pytest.raises(wagidx.SourceError, match="twice"):
        wagidx.merge([one, one], tmp_path / "both")


def test_a_skipped_source_can_be_appended_when_it_is_repaired(
    shards: list[Path], tmp_path: Path
) -> None:
    whole = shards[3].read_bytes()
    shards[3].write_bytes(whole[:-9])
    index, merged = tmp_path / "index", tmp_path / "merged"
    wagidx.build(shards, index, skip_unreadable=True)
    wagidx.merge([index], merged)
    assert contents(merged) == contents(index)
    shards[3].write_bytes(whole)
    wagidx.append(index, shards[3])
    with wagidx.open(index) as opened:
        assert opened.count("dog 3 399") == 1
        assert [one["name"] for one in opened.skipped] == [str(shards[3])]


def test_damage_is_found_before_it_is_merged(tmp_path: Path) -> None:
    one, two = built(tmp_path / "one", ["a dog"]), built(tmp_path / "two", ["a cat"])
    segment = two / "segment-000001.wag"
    damaged = bytearray(segment.read_bytes())
    damaged[20] ^= 1
    segment.write_bytes(damaged)
    with pytest.raises(wagidx.CorruptIndexError, match="two"):
        wagidx.merge([one, two], tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_a_merge_may_replace_what_it_reads(tmp_path: Path) -> None:
    index = appended(tmp_path / "index", [["a dog"], ["a cat"], ["dogs"]])
    with pytest.raises(FileExistsError):
        wagidx.merge([index], index)
    with wagidx.open(index) as before:
        wagidx.merge([index], index, fresh=True)
        assert before.count("dog") == 2
    assert contents(index) == contents(built(tmp_path / "one", ["a dog", "a cat", "dogs"]))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "one"]


def test_an_append_of_nothing_changes_no_answer(tmp_path: Path) -> None:
    index = appended(tmp_path / "index", [["a dog"], [], ["a cat"]])
    with wagidx.open(index) as opened:
        assert len(opened.info["segments"]) == 2
        assert opened.ids("cat").tolist() == [1]


def test_a_folder_that_is_no_index_is_not_appended_to(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(wagidx.IndexFormatError, match="not an index"):
        wagidx.append(tmp_path / "folder", captions=["a dog"])
    with pytest.raises(FileNotFoundError):
        wagidx.append(tmp_path / "nothing", captions=["a dog"])
    shutil.rmtree(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []
