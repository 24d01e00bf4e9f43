"""Which format a file has: from its name, else from its first bytes.

``part-00000.tsv.gz`` is TSV inside gzip. Compression is told by the first four bytes alone, so a
wrongly named file still opens; the format is told by the extension that is left once ``.gz`` or
``.zst`` is taken off. Only where that says nothing (``part-00000``, ``data.bin``, ``x.json``) do
the first bytes decide, and only formats that cannot be mistaken are guessed that way: Parquet, tar
and JSON Lines. Plain text, CSV and TSV look alike and must be named.
"""

from __future__ import annotations

import json
from typing import BinaryIO, cast

import pyarrow as pa

from wagidx.exceptions import SourceError
from wagidx.printable import printable
from wagidx.storage import open_binary, reading

__all__ = ["EXTENSIONS", "FORMATS", "by_content", "by_extension", "compression", "open_stream"]

EXTENSIONS = {
    ".parquet": "parquet",
    ".parq": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".txt": "text",
    ".text": "text",
    ".tar": "webdataset",
    ".tgz": "webdataset",
}
FORMATS = ("parquet", "csv", "tsv", "jsonl", "webdataset", "text")
_PACKED = (".gz", ".gzip", ".zst", ".zstd")
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_HEAD = 1 << 16


def by_extension(name: str) -> str | None:
    """The format a file name speaks of, or None."""
    low = name.rsplit("/", 1)[-1].lower()
    for packed in _PACKED:
        low = low.removesuffix(packed)
    return next((kind for end, kind in EXTENSIONS.items() if low.endswith(end)), None)


def by_content(name: str) -> str:
    """The format the first bytes speak of.

    Raises
    ------
    SourceError
        They do not say; the message names ``--format``.
    """
    with open_stream(name) as stream, reading(name):
        head = stream.read(_HEAD)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[257:262] == b"ustar":
        return "webdataset"
    if _is_json_lines(head):
        return "jsonl"
    raise SourceError(
        f"{printable(name)}: cannot detect its format; give --format {'|'.join(FORMATS)}"
    )


def _is_json_lines(head: bytes) -> bool:
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def compression(head: bytes) -> str | None:
    """``"gzip"``, ``"zstd"`` or None, from the first bytes of a file."""
    return next((codec for magic, codec in _MAGIC.items() if head.startswith(magic)), None)


def open_stream(name: str) -> BinaryIO:
    """Open a file for reading from start to end, decompressed.

    All members of a gzip file and all frames of a zstd file are read; one that ends early raises
    when its end is reached. Memory does not depend on the ratio.

    Raises
    ------
    SourceError
        The file cannot be opened, or its name promises a compression its bytes do not have.
    """
    file = open_binary(name)
    with reading(name):
        head = file.read(4)
        file.seek(0)
    codec = compression(head)
    if codec is not None:
        return cast(BinaryIO, pa.CompressedInputStream(file, codec))
    if name.lower().endswith((*_PACKED, ".tgz")):
        file.close()
        raise SourceError(
            f"{printable(name)}: has a compressed suffix, but is neither gzip nor zstd"
        )
    return file
