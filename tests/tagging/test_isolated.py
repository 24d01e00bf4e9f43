"""The lemma a word gets alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reference_rules import verb_of, verbs
from wagidx.tagging.isolated import SpacyAlone, verbs_win


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("rose", ["rise"]),
        ("living", ["live"]),
        ("striped", ["stripe"]),
        ("matted", ["mat"]),
        ("saw", ["see"]),
        ("roses", ["roses"]),
        ("leaves", ["leaves"]),
        ("seed", ["seed"]),
        ("king", ["king"]),
        ("dog", ["dog"]),
        ("golf-ball", ["golf", "-", "ball"]),
        ("hand-woven", ["hand", "-", "weave"]),
    ],
)
def test_a_verb_wins_where_there_is_one(word: str, found: list[str]) -> None:
    assert verbs_win([word]) == [found]


def test_verbs_are_those_of_the_lemma_tables() -> None:
    index, exceptions = verbs()
    stems = [verb[:-1] if verb.endswith("e") else verb for verb in index if verb.isalpha()]
    words = [*index, *exceptions, *(stem + end for stem in stems for end in ("ed", "ing"))]
    single = [word for word, read in zip(words, verbs_win(words)) if len(read) == 1]
    assert len(single) > 0.9 * len(words)
    assert verbs_win(single) == [[verb_of(word)] for word in single]


def test_most_of_them_are_changed_in_the_released_counts_too(study: Path) -> None:
    """In LAION-400M a word with another lemma than itself found nothing."""
    released: dict[str, int] = {}
    for file in sorted(study.rglob("*_laion400m_lemmatized_search_counts.json")):
        counts = json.loads(file.read_text(encoding="utf-8"))
        released |= {name.lower(): n for name, n in counts.items() if name.isalpha()}
    changed = [n for word, n in released.items() if verbs_win([word]) != [[word]]]
    stays = [n for word, n in released.items() if verbs_win([word]) == [[word]]]
    assert len(changed) > 50
    assert sum(n == 0 for n in changed) / len(changed) > 0.7
    assert sum(n == 0 for n in stays) / len(stays) < 0.1


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spaCy model that takes rose and painting for what a rule says, and lemmatises by tables."""
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    nlp.initialize()
    for word, pos in (("rose", "VERB"), ("painting", "NOUN"), ("eagles", "PROPN")):
        ruler.add([[{"LOWER": word}]], {"POS": pos})
    folder = tmp_path_factory.mktemp("alone") / "model"
    nlp.to_disk(folder)
    return folder


def test_a_pipeline_says_what_a_word_is_alone(pipeline: Path) -> None:
    alone = SpacyAlone(pipeline)
    assert alone(["rose", "painting", "eagles"]) == [["rise"], ["painting"], ["eagles"]]


def test_a_pipeline_decides_in_the_place_of_verbs_win(pipeline: Path, tmp_path: Path) -> None:
    import wagidx
    from wagidx.rules import counts_by_rule

    captions = ["a painting", "a red rose", "prices are on the rise", "a sudden rise"]
    wagidx.build(captions=captions, output=tmp_path / "x", progress=False)
    asked = ["rose", "painting"]
    with wagidx.open(tmp_path / "x") as index:
        ours = counts_by_rule(index, asked, ["lemma"])
        theirs = counts_by_rule(index, asked, ["lemma"], alone=f"spacy:{pipeline}")
    for found, expected in ((ours, [2, 0]), (theirs, [2, 1])):
        counts = found.under("lemma").counts
        assert counts is not None and counts.tolist() == expected
    assert theirs.alone == f"spacy:{pipeline}"


def test_a_model_that_cannot_is_named(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ValueError, match="no lemmatizer"):
        SpacyAlone(tmp_path / "blank")
    with pytest.raises(OSError, match="en_core_web_none is not installed"):
        SpacyAlone("en_core_web_none")
    french = spacy.blank("fr")
    french.add_pipe("lemmatizer", config={"mode": "lookup"})
    french.initialize()
    french.to_disk(tmp_path / "french")
    with pytest.raises(ValueError, match="English tokeniser"):
        SpacyAlone(tmp_path / "french")(["cannot"])
