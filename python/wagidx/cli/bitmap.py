"""How many ids a portable Roaring bitmap holds, from its headers alone.

Containers of one 16-bit prefix each stand behind a header that gives their cardinality less one;
only the bodies' lengths are needed to go from one 32-bit bitmap to the next of a 64-bit one. See
the Roaring format specification (github.com/RoaringBitmap/RoaringFormatSpec).

Only bytes that an index took as a filter come here, so they are known to be well formed.
"""

from __future__ import annotations

import struct

__all__ = ["cardinality"]

PLAIN = 12346
WITH_RUNS = 12347
OFFSETS_FROM = 4
"""A bitmap with run containers has offsets only from this many containers on."""

ARRAY_LIMIT = 4096
BITMAP_BYTES = 8192


def cardinality(bitmap: bytes) -> int:
    """Number of ids in a 32-bit or 64-bit portable Roaring bitmap."""
    if struct.unpack_from("<H", bitmap)[0] in (PLAIN, WITH_RUNS):
        return _bitmap_32(bitmap, 0)[0]
    (halves,) = struct.unpack_from("<Q", bitmap)
    total, at = 0, 8
    for _ in range(halves):
        size, at = _bitmap_32(bitmap, at + 4)
        total += size
    return total


def _bitmap_32(data: bytes, at: int) -> tuple[int, int]:
    """Cardinality of the bitmap that begins at `at`, and where it ends."""
    cookie, upper = struct.unpack_from("<HH", data, at)
    if cookie == WITH_RUNS:
        count = upper + 1
        flags = data[at + 4 : at + 4 + (count + 7) // 8]
        at += 4 + len(flags)
    else:
        (count,) = struct.unpack_from("<I", data, at + 4)
        flags = bytes((count + 7) // 8)
        at += 8
    sizes = [low + 1 for low in struct.unpack_from("<" + "2xH" * count, data, at)]
    at += 4 * count
    if cookie == PLAIN or count >= OFFSETS_FROM:
        at += 4 * count
    for number, size in enumerate(sizes):
        at += _body(data, at, size, bool(flags[number // 8] >> number % 8 & 1))
    return sum(sizes), at


def _body(data: bytes, at: int, size: int, runs: bool) -> int:
    """Bytes of a container."""
    if runs:
        return 2 + 4 * int(struct.unpack_from("<H", data, at)[0])
    return 2 * size if size <= ARRAY_LIMIT else BITMAP_BYTES
