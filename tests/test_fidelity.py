"""What `make fidelity` prints: that it is counted rightly, and that its bounds are met."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import fidelity
import pytest
from fidelity import Line
from fidelity_coco import agreement, as_studied
from fidelity_labels import Labelled, scores
from wagidx.tagging.conllu import read_conllu
from wagidx.tagging.files import load_tagger

# Strict: a bound that is met after all fails here, and the mark goes.
COCO_LINES = [
    "COCO, our keys, concept F1",
    "COCO, our keys, count L1",
    "COCO, spaCy's lemmas, concept F1",
    "COCO, spaCy's lemmas, count L1",
]


def held(lines: Iterable[Line], capsys: pytest.CaptureFixture[str]) -> list[Line]:
    """Print lines; give those whose bound is not met."""
    found = list(lines)
    with capsys.disabled():
        print("".join(f"\n{line}" for line in found), end="")
    assert any(line.bound for line in found)
    return [line for line in found if not line.is_met]


@pytest.fixture(scope="module")
def coco(corpora: Path, ud: Path) -> dict[str, Line]:
    """The lines of COCO's captions by what they measure."""
    counts = ud / fidelity.COUNTS
    lines = fidelity.coco_lines(load_tagger(), corpora / fidelity.COCO, counts)
    return {line.what: line for line in lines}


def test_treebank_bounds_are_met(ud: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = list(read_conllu(fidelity.treebank(ud, "test")))
    assert held(fidelity.treebank_lines(load_tagger(), sentences), capsys) == []


@pytest.mark.parametrize("what", COCO_LINES)
def test_coco_bounds_are_met(
    what: str, coco: dict[str, Line], capsys: pytest.CaptureFixture[str]
) -> None:
    assert held([coco[what]], capsys) == []


@pytest.mark.slow
def test_small_weights_tell_nouns_as_float_ones_do(
    corpora: Path, ud: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [sentence.tokens for sentence in read_conllu(fidelity.treebank(ud, "test"))]
    texts += fidelity.tokenised(fidelity.read_captions(corpora / fidelity.COCO))
    train_on = list(read_conllu(fidelity.treebank(ud, "train")))
    assert held([fidelity.quantised_line(train_on, texts)], capsys) == []


def test_agreement_on_concepts_and_counts() -> None:
    # Ten images hold a dog, eleven captions; "Rex" could not be asked for; nine hold a cat.
    keys: list[list[str | None]] = [["dog", None, "dog"] for _ in range(11)]
    keys.extend(["cat", "Rex"] for _ in range(9))
    keys += [["Rex"], ["t-shirt"]]
    images = [*range(10), 0, *range(9), 9, 0]
    found = agreement(keys, images, {"dog": 10, "cat": 10})
    assert found.f1 == pytest.approx(2 * 1 / (1 + 2))
    assert found.l1 == pytest.approx((1 + 1) / 20)
    assert found.near == 1.0
    assert agreement(keys, images, {"dog": 22, "tshirt": 1}).near == pytest.approx(1 / 2)


def test_the_study_keeps_letters_and_blanks() -> None:
    assert [as_studied(key) for key in ("T-Shirt", "'s", "caf\u00e9", "7", "a b")] == [
        "TShirt", "s", "caf", "", "a b",
    ]  # fmt: skip


def test_nouns_are_scored_against_labels() -> None:
    labelled = Labelled([["red", "dogs", "run"], ["leaves"]], [{1: "dog"}, {0: "leaf"}])
    found = scores([["red", "dog", None], ["leave"]], labelled)
    assert (found.precision, found.recall) == pytest.approx((2 / 3, 1.0))
    assert (found.keys, found.found) == (0.5, 0.5)
    misplaced = scores([["dog", None, None], [None]], labelled)
    assert (misplaced.precision, misplaced.recall, misplaced.found) == (0.0, 0.0, 0.5)


def test_a_line_says_whether_its_bound_is_met() -> None:
    assert "0.95000  >= 0.950 met" in str(Line("x", 0.95, least=0.95))
    assert "0.03010  <= 0.030 MISSED" in str(Line("x", 0.0301, most=0.030))
    assert "1,234  <= 0     MISSED" in str(Line("x", 1_234, most=0))
    assert str(Line("x", 0.5)).endswith("0.50000")


def test_lemmas_of_a_pipeline(tmp_path: Path) -> None:
    import spacy
    from spacy.training import Example

    pipeline = spacy.blank("en")
    pipeline.add_pipe("tagger")
    words = ["red", "Dogs", "run"]
    gold = {"words": words, "tags": ["JJ", "NNS", "VBP"]}
    example = Example.from_dict(spacy.tokens.Doc(pipeline.vocab, words=words), gold)
    optimizer = pipeline.initialize(lambda: [example])
    for _ in range(30):
        pipeline.update([example], sgd=optimizer)
    pipeline.to_disk(tmp_path / "model")
    assert fidelity.model_lemmas(str(tmp_path / "model"), [words]) == [[None, "dog", None]]
    spacy.blank("en").to_disk(tmp_path / "blank")
    for model, reason in (("blank", "no tagger"), ("absent", "no such pipeline")):
        with pytest.raises(SystemExit, match=reason):
            fidelity.model_lemmas(str(tmp_path / model), [words])


def test_a_folder_that_is_absent_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(named: Path | None) -> Path:
        return fidelity.folder(named, "--ud", "WAGIDX_UD", ["counts.json"])

    monkeypatch.delenv("WAGIDX_UD", raising=False)
    with pytest.raises(SystemExit, match=r"which folder has counts.json: --ud or \$WAGIDX_UD"):
        asked(None)
    with pytest.raises(SystemExit, match=r"has no counts.json: --ud or \$WAGIDX_UD is wrong"):
        asked(tmp_path)
    (tmp_path / "counts.json").touch()
    assert asked(tmp_path) == tmp_path
    monkeypatch.setenv("WAGIDX_UD", str(tmp_path))
    assert asked(None) == tmp_path
