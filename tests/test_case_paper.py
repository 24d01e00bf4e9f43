"""The study's keys: an index against the rule in plain Python, and its faults one by one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import wagidx
from reference import shipped_tagger, tokens
from reference_lemma import noun_lemma, nouns, plural_lemma
from wagidx import Index, _native, phrase

CAPTIONS = [
    "Los Angeles Golden Retrievers vs. Chicago Bears",
    "two golden retrievers play in the snow",
    "a woman and three women",
    "he rose from the chair",
    "a red rose in a glass vase",
    "a photo of 747 t-shirts",
    "",
]


def paper_rows(captions: list[str | None]) -> dict[str, set[int]]:
    """Give the rows of each key, by the rule as it reads."""
    rows: dict[str, set[int]] = defaultdict(set)
    for row, caption in enumerate(captions):
        words = [token for token in tokens(caption or "") if not token.isspace()]
        (tags,) = shipped_tagger().tags([words])
        for word, tag in zip(words, tags, strict=True):
            key = re.sub("[^A-Za-z ]", "", noun_lemma(word, tag) or "")
            if key:
                rows[key].add(row)
    return rows


def asked_key(token: str) -> str:
    """Give the key a token of a concept is looked up under."""
    lower = token.lower()
    return re.sub("[^A-Za-z ]", "", lower if lower in nouns() else plural_lemma(lower))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("paper") / "x"
    wagidx.build(captions=CAPTIONS, output=path, case="paper", positions=True, progress=False)
    with wagidx.open(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("concept", "found"),
    [
        ("retrievers", [0, 1]),
        ("Retriever", [0, 1]),
        ("women", [2]),
        ("woman", [2]),
        ("rose", [4]),
        ("roses", [4]),
        ("glass vases", [4]),
        ("chair", [3]),
        ("red", []),
        ("Bears", []),
        ("bear", []),
        ("chicago", []),
    ],
)
@pytest.mark.parametrize("pos", ["head", "noun", "any", None])
def test_questions_and_answers(
    index: Index, concept: str, found: list[int], pos: str | None
) -> None:
    assert index.ids(concept, pos=pos).tolist() == found
    assert index.counts([concept], pos=pos).tolist() == [len(found)]


def test_a_name_keeps_its_plural_and_its_case(index: Index) -> None:
    held = dict(index.terms.items())
    assert (held["Bears"], held["Chicago"]) == (1, 1)
    assert not {"bear", "bears", "chicago", "747"} & set(held)


def test_what_a_tagger_calls_names_is_out_of_reach(tmp_path: Path) -> None:
    words = ["Golden", "Retrievers"]
    trained = _native.train_tagger(
        [words], [["NNP", "NNPS"]], passes=3, runs=1, seed=0, recase=False
    )
    file = tmp_path / "own.wagtag"
    file.write_bytes(trained.quantised().to_bytes())
    wagidx.build(
        captions=[" ".join(words)],
        output=tmp_path / "x",
        tagger=file,
        case="paper",
        progress=False,
    )
    with wagidx.open(tmp_path / "x") as index:
        assert dict(index.terms.items()) == {"Golden": 1, "Retrievers": 1}
        assert index.counts(["golden retriever", "Golden Retrievers"]).tolist() == [0, 0]


def test_what_is_marked_and_explained(index: Index) -> None:
    text = "Two golden retrievers"
    assert index.spans(text, "retriever") == [(11, 21)]
    (term,) = index.explain("Retrievers").terms
    assert (term.term, term.count, term.as_noun) == ("retriever", 2, 2)
    assert index.count(phrase("glass vase")) == 1


def test_a_concept_without_a_letter_has_no_term(index: Index) -> None:
    with pytest.raises(wagidx.ConceptError):
        index.count("747")


@pytest.mark.parametrize("file", ["laion_cah_10k.parquet", "coco_karpathy_test.parquet"])
def test_the_index_is_the_rule(corpora: Path, tmp_path: Path, file: str) -> None:
    table = pq.read_table(corpora / file)
    column = next(n for n in table.column_names if n in ("TEXT", "text", "caption"))
    captions = table[column].to_pylist()[:5000]
    wagidx.build(captions=captions, output=tmp_path / "x", case="paper", progress=False)
    expected = paper_rows(captions)
    with wagidx.open(tmp_path / "x") as index:
        assert dict(index.terms.items()) == {key: len(rows) for key, rows in expected.items()}
        asked = sorted({word.lower() for word in expected if word.isalpha()})
        found = index.counts(asked).tolist()
        assert found == [
            len(set.intersection(*(expected.get(asked_key(t), set()) for t in tokens(word))))
            for word in asked
        ]


@pytest.mark.parametrize("analyzer", ["lemma", "surface"])
def test_it_goes_with_nouns_alone(tmp_path: Path, analyzer: str) -> None:
    with pytest.raises(ValueError, match="noun or spacy:MODEL"):
        wagidx.build(captions=CAPTIONS, output=tmp_path / "x", analyzer=analyzer, case="paper")
    with pytest.raises(ValueError, match="cjk_bigrams"):
        wagidx.build(captions=CAPTIONS, output=tmp_path / "x", cjk_bigrams=True, case="paper")
    with pytest.raises(ValueError, match="fold or paper"):
        wagidx.build(captions=CAPTIONS, output=tmp_path / "x", case="lower")


def test_merge_refuses_what_append_follows(tmp_path: Path) -> None:
    for case in ("fold", "paper"):
        wagidx.build(captions=CAPTIONS, output=tmp_path / case, case=case, progress=False)
    with pytest.raises(wagidx.WagidxError, match=r"^[^\n]*--case[^\n]*$"):
        wagidx.merge([tmp_path / "fold", tmp_path / "paper"], tmp_path / "both", progress=False)
    wagidx.append(tmp_path / "paper", captions=["a Rose by the vase"], progress=False)
    with wagidx.open(tmp_path / "paper") as index:
        assert index.count("vase") == 2
