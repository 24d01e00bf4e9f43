"""Writes rows in every format with plain code, and reads a source into plain rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from wagidx.sources import READ_ROWS, Source

Row = tuple[bytes | None, int]


def parquet(captions: Sequence[str | None]) -> bytes:
    sink = io.BytesIO()
    keys = [f"{i:05}" for i in range(len(captions))]
    table = pa.table({"key": keys, "TEXT": pa.array(captions, pa.string())})
    pq.write_table(table, sink, row_group_size=3)
    return sink.getvalue()


def comma(captions: Sequence[str | None]) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(["key", "caption"])
    writer.writerows([f"{i:05}", caption] for i, caption in enumerate(captions))
    return sink.getvalue().encode()


def tab(captions: Sequence[str | None]) -> bytes:
    rows = ["key\tcaption", *(f"{i:05}\t{caption}" for i, caption in enumerate(captions))]
    return "".join(row + "\n" for row in rows).encode()


def jsonl(captions: Sequence[str | None]) -> bytes:
    rows = [{"key": f"{i:05}", "text": caption} for i, caption in enumerate(captions)]
    return "".join(
        json.dumps(row, ensure_ascii=i % 2 == 0) + "\n" for i, row in enumerate(rows)
    ).encode()


def text(captions: Sequence[str | None]) -> bytes:
    return "".join(f"{caption}\n" for caption in captions).encode()


def webdataset(captions: Sequence[str | None]) -> bytes:
    members: list[tuple[str, bytes]] = []
    for i, caption in enumerate(captions):
        members.append((f"{i:05}.jpg", b"\xff\xd8" + bytes(700)))
        if caption is not None:
            members.append((f"{i:05}.txt", caption.encode()))
    return tar(members)


def webdataset_json(captions: Sequence[str | None]) -> bytes:
    return tar(
        [(f"{i:05}.json", json.dumps({"caption": c}).encode()) for i, c in enumerate(captions)]
    )


def tar(members: Sequence[tuple[str, bytes]], format: int = tarfile.GNU_FORMAT) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=format) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return sink.getvalue()


def plain(data: bytes) -> bytes:
    return data


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


WRITERS: dict[str, tuple[str, Callable[[Sequence[str | None]], bytes]]] = {
    "parquet": (".parquet", parquet),
    "csv": (".csv", comma),
    "tsv": (".tsv", tab),
    "jsonl": (".jsonl", jsonl),
    "text": (".txt", text),
    "webdataset": (".tar", webdataset),
    "webdataset json": (".tar", webdataset_json),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {"": plain, ".gz": gzip.compress, ".zst": zstd}


def written(path: Path, data: bytes | str) -> str:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def rows_of(source: Source, start: int = 0, stop: int | None = None) -> list[Row]:
    """All (caption, status) of a source, after checking what every batch promises."""
    rows: list[Row] = []
    for batch in source.batches(start=start, stop=stop, keys=True, urls=True):
        assert 0 <= len(batch) <= READ_ROWS
        assert batch.status is None or batch.status.type == pa.uint8()
        for column in (batch.status, batch.keys, batch.urls):
            assert column is None or len(column) == len(batch)
        status = [0] * len(batch) if batch.status is None else batch.status.to_pylist()
        rows.extend(zip(cells(batch.captions), status, strict=True))
    assert all(caption is None for caption, status in rows if status == 2)
    return rows


def cells(array: pa.Array) -> list[bytes | None]:
    """Cells of a text column of any layout, as raw bytes."""
    if pa.types.is_dictionary(array.type):
        values = cells(array.dictionary)
        return [None if i is None else values[i] for i in array.indices.to_pylist()]
    return [bytes(c.as_buffer()) if c.is_valid else None for c in array]
