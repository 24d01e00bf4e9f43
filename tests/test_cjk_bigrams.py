"""Chinese, Japanese and Korean in pairs of characters: a table of questions, and the law."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import wagidx
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import Pos, ReferenceIndex, Tier
from wagidx import Index, phrase
from wagidx.asking.expressions import Expression, Query

TIERS: tuple[Tier, ...] = ("surface", "lemma", "noun")

TABLE: list[tuple[str, list[str], Query, list[int]]] = [
    ("a word inside a run is found", ["私は日本語を話す", "日本の犬", "犬"], "日本", [0, 1]),
    ("every pair has to occur", ["日本語", "日本と英語", "本語と日本"], "日本語", [0, 2]),
    ("a phrase keeps the order of the pairs", ["日本語", "本語日本"], phrase("日本語"), [0]),
    (
        "a phrase goes over scripts",
        ["犬のTシャツだ", "シャツのT"],
        phrase("Tシャツ"),
        [0],
    ),
    ("a character alone is itself", ["犬", "子犬", "犬 猫"], "犬", [0, 2]),
    ("katakana keeps its long sound", ["コーヒーカップ", "コヒ"], "コーヒー", [0]),
    ("hangul", ["한국어를 배우다", "한국 사람"], "한국", [0, 1]),
    ("hangul in letters of its own", ["\u1112\u1161\u11ab\u1100\u116e\u11a8"], "한국", [0]),
    ("what is of another script is a term", ["Tシャツ", "T-shirt", "シャツ"], "T", [0, 1]),
    ("numbers beside characters", ["2024年3月", "2024"], "2024", [0, 1]),
    ("dogs among characters are dogs", ["犬dogs", "dogs", "犬"], "dogs", [0, 1]),
    ("half-width katakana", ["ｶﾒﾗとﾚﾝｽﾞ", "ｶﾒ"], "ｶﾒﾗ", [0]),
    ("punctuation inside is no term", ["日本・東京"], phrase("日本東京"), []),
    ("punctuation inside takes no place", ["日本・東京"], phrase("日本・東京"), [0]),
    ("brackets", ["「東京」タワー", "東京"], "東京", [0, 1]),
    ("beyond the first plane", ["𠮷野家の牛丼"], "𠮷野家", [0]),
    ("a concept with a blank", ["東京タワー", "東京"], "東京 タワー", [0]),
    ("Latin is as it was", ["golden retrievers", "gold"], "golden_retrievers", [0]),
]


@contextmanager
def indexed(captions: list[str], **options: Any) -> Iterator[Index]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        wagidx.build(
            captions=captions, output=path, progress=False, **{"cjk_bigrams": True} | options
        )
        with wagidx.open(path) as index:
            yield index


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("captions", "query", "found"), [pytest.param(*row[1:], id=row[0]) for row in TABLE]
)
def test_questions_and_answers(
    captions: list[str], query: Query, found: list[int], tier: Tier
) -> None:
    reference = ReferenceIndex(captions, tier=tier, cjk_bigrams=True)
    assert reference.ids(query, pos="any") == found
    with indexed(captions, analyzer=tier, positions=True) as index:
        assert index.ids(query, pos="any").tolist() == found
        assert index.count(query, pos="any") == len(found)


PIECES = [*"日本語カースか\u3099한국T2・「 éｶﾞ", "dogs", "\ufe00"]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
asked = texts.filter(lambda text: any(char in text for char in "日本語カ한국Tds2"))


@settings(deadline=None, max_examples=60)
@given(
    captions=st.lists(texts, min_size=1, max_size=12),
    concepts=st.lists(asked, min_size=1, max_size=6),
    tier=st.sampled_from(TIERS),
    pos=st.sampled_from(["any", None]),
)
def test_the_index_is_the_reference(
    captions: list[str], concepts: list[str], tier: Tier, pos: Pos | None
) -> None:
    reference = ReferenceIndex(captions, tier=tier, cjk_bigrams=True)
    queries: list[str | Expression] = [*concepts, *map(phrase, concepts)]
    with indexed(captions, analyzer=tier, positions=True) as index:
        assert dict(index.terms.items()) == reference.terms()
        for query in queries:
            assert index.ids(query, pos=pos).tolist() == reference.ids(query, pos=pos), query


def test_without_the_option_a_run_is_one_word() -> None:
    with indexed(["日本語", "日本"], cjk_bigrams=False) as index:
        assert index.counts(["日本語", "日本", "本語"], pos="any").tolist() == [1, 1, 0]
        assert index.info["analyzer"]["cjk_bigrams"] is False


def test_pairs_are_marked_and_explained() -> None:
    with indexed(["私は日本語を話す", "Tシャツ dogs"]) as index:
        assert index.spans("私は日本語を話す", "日本語") == [(2, 5)]
        assert index.spans("赤いTシャツ", "シャツ") == [(3, 6)]
        terms = index.explain("日本語").terms
        assert [(term.token, term.term, term.count) for term in terms] == [
            ("日本", "日本", 1),
            ("本語", "本語", 1),
        ]


def test_merge_refuses_what_append_follows(tmp_path: Path) -> None:
    for name, bigrams in (("pairs", True), ("runs", False)):
        wagidx.build(
            captions=["日本語"], output=tmp_path / name, cjk_bigrams=bigrams, progress=False
        )
    with pytest.raises(wagidx.WagidxError, match=r"^[^\n]*--cjk-bigrams[^\n]*$"):
        wagidx.merge([tmp_path / "pairs", tmp_path / "runs"], tmp_path / "both", progress=False)
    wagidx.append(tmp_path / "pairs", captions=["日本"], progress=False)
    with wagidx.open(tmp_path / "pairs") as index:
        assert index.count("日本", pos="any") == 2
