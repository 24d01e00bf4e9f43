"""Generate rust/wagidx-text/src/unicode/tables.rs: categories, case folding, normalization.

The tables are pinned to one Unicode version, because an index built under one table and asked under
another would lose terms in silence. The pin is the interpreter's: Python 3.13 carries Unicode 15.1.0
in `unicodedata` and in `str.casefold` alike, so that one source gives categories, full case folding
and normalization without a download. Any other interpreter is refused.

    python3.13 scripts/make_unicode_tables.py            # write the file
    python3.13 scripts/make_unicode_tables.py --check    # exit 1 where the file differs
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

VERSION = "15.1.0"
TARGET = Path(__file__).parent.parent / "rust/wagidx-text/src/unicode/tables.rs"

# Mirrors of the constants in src/unicode/category.rs.
PUNCTUATION = 1
KEYED = 2
UNSTABLE = 4
FOLDS = 8
DIGIT = 16

SURROGATES = range(0xD800, 0xE000)
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)


def scalars() -> Iterator[str]:
    """Every Unicode scalar value, in order."""
    return (chr(c) for c in range(0x110000) if c not in SURROGATES)


def folded(char: str) -> str:
    """NFC(casefold(c)): what one character becomes if its neighbours do not interfere."""
    return unicodedata.normalize("NFC", char.casefold())


def composes_backwards() -> frozenset[str]:
    """Characters that a preceding one can swallow: NFC_Quick_Check = Maybe."""
    seconds = {pair[1] for pair, _ in compositions()}
    jamo = {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    return frozenset(seconds | jamo)


def compositions() -> list[tuple[str, str]]:
    """Pairs that NFC composes, with the character they make; Hangul is left to arithmetic."""
    found = []
    for char in scalars():
        parts = unicodedata.decomposition(char)
        if not parts or parts.startswith("<") or " " not in parts:
            continue
        pair = "".join(chr(int(part, 16)) for part in parts.split())
        if unicodedata.normalize("NFC", pair) == char:
            found.append((pair, char))
    return sorted(found)


def decompositions() -> list[tuple[str, str]]:
    """Characters with a canonical decomposition, fully decomposed; Hangul is left to arithmetic."""
    pairs = ((char, unicodedata.normalize("NFD", char)) for char in scalars())
    return [(c, nfd) for c, nfd in pairs if c != nfd and ord(c) not in HANGUL_SYLLABLES]


def folds() -> list[tuple[str, str]]:
    """Characters that full case folding changes."""
    return [(char, char.casefold()) for char in scalars() if char != char.casefold()]


def properties() -> Callable[[str], int]:
    """Give the function from a character to its property bits."""
    swallowed = composes_backwards()

    def stable(char: str) -> bool:
        changed = unicodedata.normalize("NFC", char) != char
        return not changed and not unicodedata.combining(char) and char not in swallowed

    def bits(char: str) -> int:
        category = unicodedata.category(char)
        # Case folding is followed by NFC, so a character is stable only if its folding is too.
        unstable = not (stable(char) and all(map(stable, char.casefold())))
        return (
            PUNCTUATION * category.startswith("P")
            + KEYED * (category[0] in "LN" or category == "So")
            + UNSTABLE * unstable
            + FOLDS * (char != char.casefold())
            + DIGIT * (category == "Nd")
        )

    return bits


def ranges(value: Callable[[str], int]) -> list[tuple[int, int, int]]:
    """Maximal (first, last, value) ranges of scalar values whose value is not zero."""
    found: list[tuple[int, int, int]] = []
    for char in scalars():
        code, now = ord(char), value(char)
        if not now:
            continue
        if found and found[-1][1] == code - 1 and found[-1][2] == now:
            found[-1] = (found[-1][0], code, now)
        else:
            found.append((code, code, now))
    return found


def literal(char: str) -> str:
    """A Rust char literal in ASCII."""
    return f"'\\u{{{ord(char):x}}}'" if char != "\0" else r"'\0'"


def padded(text: str, width: int) -> str:
    """A Rust array of `width` chars: `text`, then NULs."""
    if len(text) > width:
        raise SystemExit(f"{text!a} is longer than the {width} characters its table holds")
    return "[" + ", ".join(literal(c) for c in text.ljust(width, "\0")) + "]"


def table(doc: str, name: str, kind: str, rows: Iterable[str]) -> str:
    """One static array, with its rows packed into lines."""
    lines, line, count = [], "   ", 0
    for row in rows:
        count += 1
        if len(line) + len(row) + 2 > 100:
            lines.append(line)
            line = "   "
        line += f" {row},"
    lines.append(line)
    body = "\n".join(lines)
    return f"/// {doc}\n#[rustfmt::skip]\npub(super) static {name}: [{kind}; {count}] = [\n{body}\n];\n"


def source() -> str:
    """The whole file."""

    def span(first: int, last: int, value: int) -> str:
        return f"(0x{first:x}, 0x{last:x}, {value})"

    blocks = [
        table(
            "(first, last, property bits), ascending; see `category`.",
            "PROPERTIES",
            "(u32, u32, u8)",
            (span(*r) for r in ranges(properties())),
        ),
        table(
            "(first, last, canonical combining class), ascending; class 0 is left out.",
            "COMBINING_CLASSES",
            "(u32, u32, u8)",
            (span(*r) for r in ranges(unicodedata.combining)),
        ),
        table(
            "Full case folding, padded with NUL, ascending.",
            "CASE_FOLDS",
            "(char, [char; 3])",
            (f"({literal(c)}, {padded(to, 3)})" for c, to in folds()),
        ),
        table(
            "Full canonical decompositions, padded with NUL, ascending; without Hangul.",
            "DECOMPOSITIONS",
            "(char, [char; 4])",
            (f"({literal(c)}, {padded(to, 4)})" for c, to in decompositions()),
        ),
        table(
            "Primary composites by their pair, ascending; without Hangul.",
            "COMPOSITIONS",
            "((char, char), char)",
            (f"(({literal(p[0])}, {literal(p[1])}), {literal(c)})" for p, c in compositions()),
        ),
    ]
    head = (
        "//! Unicode data as sorted arrays. Generated by scripts/make_unicode_tables.py; do not edit.\n"
        "//!\n"
        "//! Derived from the Unicode Character Database, (c) Unicode, Inc., Unicode License V3\n"
        "//! (data/LICENSE-unicode.txt).\n\n"
        "/// The Unicode version every table here comes from.\n"
        f'pub const VERSION: &str = "{VERSION}";\n\n'
    )
    return head + "\n".join(blocks)


def main() -> None:
    """Write the file, or with --check compare it."""
    if unicodedata.unidata_version != VERSION:
        raise SystemExit(
            f"this interpreter carries Unicode {unicodedata.unidata_version}, the tables are pinned"
            f" to {VERSION}: run the script with Python 3.13"
        )
    text = source()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="ascii")
    elif TARGET.read_text(encoding="ascii") != text:
        raise SystemExit(f"{TARGET} differs from what the script makes: run it without --check")


if __name__ == "__main__":
    main()
