"""Files that somebody else wrote, with every checksum right over what is wrong."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wagidx
from click.testing import CliRunner
from wagidx import _native
from wagidx.cli import main

ROWS = ["two dogs on a beach", "a dog, a cat", "", "golden retrievers", *["a dog"] * 300]
FOOTER = 68


@pytest.fixture(params=[False, True], ids=["sources", "stored"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    source = tmp_path / "mine.tsv"
    source.write_text("id\tcaption\n" + "".join(f"{i}\t{row}\n" for i, row in enumerate(ROWS)))
    path = tmp_path / "mine.wagidx"
    wagidx.build(source, path, store_captions=request.param, positions=True)
    return path


def manifest(index: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((index / "manifest.json").read_text())
    return read


def seal(index: Path, forged: dict[str, Any]) -> None:
    _native.publish_manifest(str(index), json.dumps(forged))


def forge(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    """Put a value into a manifest."""

    def change(whole: Any) -> None:
        for name in path[:-1]:
            whole = whole[name]
        whole[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        forge("files", value=[]),
        forge("files", 0, "role", value="something"),
        forge("files", 0, "rows", value=2**63),
        forge("files", 0, "rows", value=0),
        forge("files", -1, "rows", value=1),
        forge("files", 0, "file", value="../mine.tsv"),
        forge("stats", "captions", value=2**64 - 1),
        forge("stats", "empty", value=10_000),
        forge("options", value=None),
        forge("options", value=[]),
        forge("options", value={}),
        forge("options", "filters", value="x"),
        forge("options", "filters", value=[1]),
        forge("options", "caption_column", value=3),
        forge("options", "analyzer", value=[]),
        forge("options", "store_captions", value="yes"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_told(
    index: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    forged = manifest(index)
    change(forged)
    seal(index, forged)
    (tmp_path / "more.tsv").write_text("id\tcaption\n1\ta cat\n")
    opened = wagidx.open(index)
    told = pytest.raises(wagidx.CorruptIndexError, match=r"manifest.json: damaged: [^\n]+$")
    asked: list[Callable[[], object]] = [
        lambda: opened.info,
        lambda: opened.captions("dog"),
        lambda: list(opened.keys()),
        opened.verify,
        lambda: wagidx.append(index, tmp_path / "more.tsv"),
        lambda: wagidx.merge([index], tmp_path / "merged.wagidx"),
    ]
    for question in asked:
        with told:
            question()
    assert opened.count("dog") == 302


@pytest.mark.parametrize(
    "table",
    [
        b"[" * 100_000 + b"\n",
        b'{"a": 1}\n',
        b"",
        *(
            json.dumps(
                dict.fromkeys(("caption", "key", "url", "bytes", "skipped"))
                | {"name": "x", "format": "tsv", "fingerprint": "", "rows": rows}
            ).encode()
            + b"\n"
            for rows in (1, 2**70, -5)
        ),
    ],
)
def test_a_table_of_sources_that_contradicts_the_manifest_is_told(
    index: Path, table: bytes
) -> None:
    (index / "sources.jsonl").write_bytes(table)
    forged = manifest(index)
    forged["files"][0] |= {"size": len(table), "checksum": f"{zlib.crc32(table):08x}"}
    seal(index, forged)
    opened = wagidx.open(index)
    told = pytest.raises(wagidx.CorruptIndexError, match=r"sources.jsonl: damaged: [^\n]+$")
    with told:
        assert opened.skipped
    if len(forged["files"]) == 1:
        with told:
            opened.captions("dog")


def reseal(data: bytearray) -> bytes:
    """The checksums of a segment of less than a MiB, made right."""
    end = len(data) - FOOTER - 4
    data[end : end + 4] = zlib.crc32(data[:end]).to_bytes(4, "little")
    data[-16:-12] = zlib.crc32(data[end:-16]).to_bytes(4, "little")
    return bytes(data)


def put_segment(index: Path, name: str, data: bytes, honest: dict[str, Any]) -> None:
    (index / name).write_bytes(data)
    forged = json.loads(json.dumps(honest))
    forged["segments"][0]["checksum"] = f"{int.from_bytes(data[-16:-12], 'little'):08x}"
    seal(index, forged)


def ask(index: Path) -> None:
    """Each answers or tells of the damage."""
    try:
        opened = wagidx.open(index, mmap=False)
    except wagidx.WagidxError:
        return
    concepts: list[str | wagidx.Expression] = ["dog", "dogs on a beach", wagidx.phrase("a dog")]
    concepts += [wagidx.none_of("dog"), wagidx.any_of("cat", "retriever")]
    questions: list[Callable[[], object]] = [
        *(lambda one=one, pos=pos: opened.ids(one, pos=pos) for one in concepts for pos in POS),
        *(lambda pos=pos: opened.counts(concepts, pos=pos, threads=2) for pos in POS),
        lambda: opened.top(10**9),
        lambda: opened.explain("dogs on a beech"),
        lambda: sum(1 for _ in opened.terms.items()),
        lambda: opened.verify(deep=True),
    ]
    for question in questions:
        try:
            question()
        except wagidx.WagidxError as error:
            assert "internal" not in str(error)


POS = ("head", "noun", "any")


def test_a_forged_segment_answers_or_is_told(index: Path) -> None:
    honest = manifest(index)
    name = honest["segments"][0]["file"]
    whole = (index / name).read_bytes()
    put_segment(index, name, reseal(bytearray(whole)), honest)
    assert manifest(index) == honest, "the checksums are those of the format"
    draw = random.Random(0)
    rows = range(len(whole) - FOOTER, len(whole) - FOOTER + 4)
    places = [at for at in range(16, len(whole) - 16) if at not in rows]
    for _ in range(1_000):
        forged = bytearray(whole)
        for at in draw.choices(places, k=draw.choice([1, 2, 4])):
            forged[at] = draw.choice([0, 1, 127, 128, 255, forged[at] ^ 1, draw.randrange(256)])
        put_segment(index, name, reseal(forged), honest)
        ask(index)


def test_info_shows_nothing_that_a_terminal_obeys_and_names_files(index: Path) -> None:
    forged = manifest(index)
    forged["library"] = "\x1b[31m0\n"
    seal(index, forged)
    result = CliRunner().invoke(main, ["info", str(index), "--verbose"])
    assert result.exit_code == 0
    assert "\\x1b[31m0\\x0a\n" in result.stdout
    assert "  sources.jsonl: role sources, size " in result.stdout
