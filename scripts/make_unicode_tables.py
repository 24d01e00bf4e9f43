"""Generate rust/wagidx-text/src/unicode/tables.rs: categories, case folding, normalization.

The tables are pinned to one Unicode version, because an index built under one table and asked
under another would lose terms in silence. Categories and normalization come from the package
unicodedata2 of that version, full case folding from `str.casefold`: Unicode 14 to 15.1 fold alike,
and characters assigned later are left alone, so that every Python from 3.11 on makes the same file.

    pip install unicodedata2==15.1.0
    python scripts/make_unicode_tables.py            # write the file
    python scripts/make_unicode_tables.py --check    # exit 1 where the file differs
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import unicodedata2 as unicodedata

VERSION = "15.1.0"
TARGET = Path(__file__).parent.parent / "rust/wagidx-text/src/unicode/tables.rs"

# A folding that Unicode 14 added, the last version before the pinned one to add any.
NEWEST_FOLD = ("\u2c2f", "\u2c5f")

# Mirrors of the constants in src/unicode/category.rs.
PUNCTUATION = 1
KEYED = 2
UNSTABLE = 4
FOLDS = 8
DIGIT = 16
CJK = 32
MARK = 64

# Names of the letters and letter-like numbers of Han, Hiragana, Katakana and Hangul begin so.
# They are part of the pinned version, and Unicode never changes a name.
CJK_NAMES = (
    "CJK COMPATIBILITY IDEOGRAPH-",
    "CJK UNIFIED IDEOGRAPH-",
    "HALFWIDTH HANGUL ",
    "HALFWIDTH KATAKANA ",
    "HALFWIDTH KATAKANA-HIRAGANA PROLONGED SOUND MARK",
    "HANGUL ",
    "HANGZHOU NUMERAL ",
    "HENTAIGANA LETTER ",
    "HIRAGANA ",
    "IDEOGRAPHIC CLOSING MARK",
    "IDEOGRAPHIC ITERATION MARK",
    "IDEOGRAPHIC NUMBER ZERO",
    "KATAKANA ",
    "KATAKANA-HIRAGANA PROLONGED SOUND MARK",
    "VERTICAL IDEOGRAPHIC ITERATION MARK",
)

SURROGATES = range(0xD800, 0xE000)
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)


def scalars() -> Iterator[str]:
    """Every Unicode scalar value, in order."""
    return (chr(c) for c in range(0x110000) if c not in SURROGATES)


def casefold(char: str) -> str:
    """Fold a character that the pinned version has assigned; leave any other alone."""
    return char if unicodedata.category(char) == "Cn" else char.casefold()


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
    return [(char, casefold(char)) for char in scalars() if char != casefold(char)]


def is_cjk(char: str, category: str) -> bool:
    """Whether a character is one of the scripts that are written without blanks between words, or
    with few: punctuation, symbols and combining marks of theirs are not."""
    return category in ("Lo", "Lm", "Nl") and unicodedata.name(char, "").startswith(CJK_NAMES)


def properties() -> Callable[[str], int]:
    """Give the function from a character to its property bits."""
    swallowed = composes_backwards()

    def stable(char: str) -> bool:
        changed = unicodedata.normalize("NFC", char) != char
        return not changed and not unicodedata.combining(char) and char not in swallowed

    def bits(char: str) -> int:
        category = unicodedata.category(char)
        # Case folding is followed by NFC, so a character is stable only if its folding is too.
        unstable = not (stable(char) and all(map(stable, casefold(char))))
        return int(
            PUNCTUATION * category.startswith("P")
            + KEYED * (category[0] in "LN" or category == "So")
            + UNSTABLE * unstable
            + FOLDS * (char != casefold(char))
            + DIGIT * (category == "Nd")
            + CJK * is_cjk(char, category)
            + MARK * (category[0] == "M")
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
    """Give a Rust char literal in ASCII."""
    return f"'\\u{{{ord(char):x}}}'" if char != "\0" else r"'\0'"


def padded(text: str, width: int) -> str:
    """Give a Rust array of `width` chars: `text`, then NULs."""
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
    head = f"/// {doc}\n#[rustfmt::skip]\npub(super) static {name}: [{kind}; {count}] = ["
    return f"{head}\n{body}\n];\n"


def source() -> str:
    """Make the whole file."""

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
        "//! Unicode data as sorted arrays."
        " Generated by scripts/make_unicode_tables.py; do not edit.\n"
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
            f"unicodedata2 {unicodedata.unidata_version} is installed, the tables are pinned to"
            f" Unicode {VERSION}: pip install unicodedata2=={VERSION}"
        )
    if NEWEST_FOLD[0].casefold() != NEWEST_FOLD[1]:
        raise SystemExit("str.casefold of this Python is older than Unicode 14: use 3.11 or newer")
    text = source()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="ascii")
    elif TARGET.read_text(encoding="ascii") != text:
        raise SystemExit(f"{TARGET} differs from what the script makes: run it without --check")


if __name__ == "__main__":
    main()
