"""Captions nobody would write: of 61 kB, of one emoji, of mojibake; never a differing count."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wagidx
from reference import ReferenceIndex, Tier
from test_reference_corpora import captions_of, differences, random_expression

LONG_BYTES = 61_000
EMOJI = [
    "🐕", "❤️", "❤", "👩‍🚀", "👍🏽", "🇩🇪", "🇩", "1️⃣", "#️⃣", "🏴\U000e0067\U000e0062\U000e007f",
    "👨‍👩‍👧‍👦", "☺", "☺️", "🐕🐕", "🐕 🐕", ":)", "🐕.", "(🐕)", "\U0001faff", "\ufe0f", "\u200d",
]  # fmt: skip
WRONG_CODECS = [
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("utf-8", "cp437"),
    ("utf-16", "latin-1"),
]
CONTROLS = [
    "\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\u202edog\u202c", "d\u00ado\u200bg", "\ufeffdog",
    "dog\x85cat", "dog\u2028cat", "dog\x1ccat", "\u0301", "e\u0301" * 300, "\ufffd\ufffd",
    "\U000e0001", "\u0f71\u0f72\u0f74" * 40, "ﷺ", "İ" * 100, "ß" * 200,
    "a" + "\u0315\u0300\u05ae" * 60,
]  # fmt: skip


def assert_naive(captions: list[str | None], tier: Tier, path: Path) -> None:
    """Every term's count, and expressions over them, are those of the naive reference."""
    draw = random.Random(9)
    wagidx.build(captions=captions, output=path, analyzer=tier, progress=False)
    reference = ReferenceIndex(captions, tier=tier)
    with wagidx.open(path) as index:
        assert dict(index.terms.items()) == reference.terms()
        terms = [term for term in reference.terms() if reference.keys(term.replace("_", " "))]
        asked = draw.sample(terms, min(len(terms), 1_500))
        questions = [*asked, *(random_expression(asked, draw) for _ in range(300))]
        assert differences(index, reference, questions) == []
        assert differences(index, reference, questions, missing="ignore") == []
        for question in draw.sample(questions, 40):
            assert index.ids(question).tolist() == reference.ids(question), str(question)


def mojibake(captions: list[str], draw: random.Random) -> list[str]:
    """Captions whose bytes were read by the wrong codec, once or twice."""
    accented = [text.replace("e", "é").replace("'", "’").replace("a", "ä") for text in captions]
    spoiled = []
    for text in draw.sample(accented + [text for text in captions if not text.isascii()], 250):
        for right, wrong in WRONG_CODECS:
            once = text.encode(right).decode(wrong, "replace")
            spoiled += [once, once.encode("utf-8").decode("latin-1")]
    return spoiled


def long_captions(captions: list[str], draw: random.Random) -> list[str]:
    """Captions of 61 kB and more: sentences, one word, no blank, only blanks, only punctuation.

    Not one run of emoji: spaCy takes a minute for it, its time being quadratic there.
    """
    sentences = [" ".join(draw.choices(captions, k=1_200))[:LONG_BYTES] for _ in range(6)]
    repeated = ["dog " * 15_250, "dog" * 20_000, "🐕 " * 12_200, " " * LONG_BYTES, "-" * LONG_BYTES]
    mixed = "".join(draw.choices("ab1'\"().,:;/-–%$€é犬🐕 \u3000", k=LONG_BYTES))
    words = " ".join(f"word{i}" for i in range(8_000))
    address = "http://example.org/" + "a-b/" * 15_000
    return [*sentences, *repeated, mixed, words, address, "犬と猫。" * 5_000, "don't" * 12_000]


@pytest.mark.parametrize("tier", ["surface", "lemma"])
@pytest.mark.parametrize("kind", ["emoji", "controls", "mojibake", "long"])
def test_generated(tmp_path: Path, demo_captions: list[str], kind: str, tier: Tier) -> None:
    draw = random.Random(61)
    captions: list[str | None] = [None, "", "a dog"]
    captions += {
        "emoji": lambda: EMOJI * 3,
        "controls": lambda: CONTROLS,
        "mojibake": lambda: mojibake(demo_captions, draw),
        "long": lambda: long_captions(demo_captions, draw),
    }[kind]()
    draw.shuffle(captions)
    assert_naive(captions, tier, tmp_path / "a.wagidx")


@pytest.mark.parametrize("tier", ["surface", "lemma"])
@pytest.mark.parametrize("name", ["pdf_alt_10k", "laion_cah_10k"])
def test_the_strangest_of_real_captions(
    corpora: Path, tmp_path: Path, name: str, tier: Tier
) -> None:
    every = [caption for caption in captions_of(corpora, name) if caption]
    by_length = sorted(every, key=len)
    strange = sorted(every, key=lambda text: sum(c > "\x7f" for c in text) / len(text))[-400:]
    joined = " ".join(strange + by_length[-200:])
    long = [joined[at : at + LONG_BYTES] for at in range(0, len(joined), LONG_BYTES)]
    captions: list[str | None] = [*by_length[-150:], *strange, *by_length[:300], *long]
    assert_naive(captions, tier, tmp_path / "a.wagidx")


@pytest.mark.parametrize("suffix", [".parquet", ".txt"])
def test_a_caption_over_the_limit_is_malformed_and_its_row_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, suffix: str
) -> None:
    limit = 16 << 20
    captions = ["a dog", "x" * limit, "x" * (limit + 1), "a dog"]
    path = tmp_path / f"long{suffix}"
    if suffix == ".txt":
        path.write_text("\n".join(captions))
    else:
        pq.write_table(pa.table({"TEXT": captions}), path, row_group_size=1)
    with caplog.at_level("WARNING", logger="wagidx"):
        stats = wagidx.build([str(path)], tmp_path / "x.wagidx", progress=False)
    assert (stats.rows, stats.captions, stats.malformed) == (4, 3, 1)
    assert caplog.messages == [f"{path}: row 2 is malformed: its caption is longer than 16 MiB"]
    assert wagidx.open(tmp_path / "x.wagidx").ids("dog").tolist() == [0, 3]
