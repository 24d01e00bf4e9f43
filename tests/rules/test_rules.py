"""What each rule of the study's code does: cases by hand, and against the rules as they read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import wagidx
from reference_rules import ReferenceRules
from wagidx import Index, all_of, any_of, none_of, phrase
from wagidx.rules import RULES, Under, counts_by_rule

CAPTIONS = [
    "a bald eagle on a branch",
    "a golf-ball on the grass",
    "a ball in the sand",
    "a red rose in a glass vase",
    "prices are on the rise",
    "a sudden rise in prices",
    "he rose from the chair and left",
    "a bright living room with a sofa",
    "a small model of a ship",
    "a red sports car on the road",
    "a car on the road",
    "Acura TL Sedan 2012 in Chicago",
    "a portrait of a woman with braided hair",
    "a golden retriever and a car",
    "Two Dogs in Paris",
]
NAMES = [rule.name for rule in RULES]

# concept: the count by this library, and by each rule that changes it
TABLE: dict[str, tuple[int, dict[str, int]]] = {
    "bald eagle": (1, {"noun": 0}),
    "golf-ball": (1, {"last": 2}),
    "golf ball": (1, {}),
    "rose": (1, {"lemma": 2}),
    "living_room": (1, {"lemma": 0}),
    "Model B200": (0, {"missing": 1}),
    "sports car": (1, {}),
    "race car": (0, {"missing": 3}),
    "Acura TL Sedan": (1, {"case": 0}),
    "acura": (1, {"case": 0}),
    "Chicago": (1, {"case": 0}),
    "2012": (1, {"noun": 0}),
    "braided": (1, {"noun": 0, "lemma": 0}),
    "dog": (1, {}),
    "car": (3, {}),
    "quokka": (0, {}),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("rules") / "x.wagidx"
    wagidx.build(captions=CAPTIONS, output=path, store_captions=True, progress=False)
    with wagidx.open(path) as opened:
        yield opened


def counted(under: Under) -> list[float]:
    """The counts of a rule about which the index can tell."""
    assert under.counts is not None, under.reason
    return [float(count) for count in under.counts]


@pytest.mark.parametrize("concept", TABLE)
def test_a_rule_alone_changes_what_it_should(index: Index, concept: str) -> None:
    own, changed = TABLE[concept]
    expected = {name: own for name in NAMES} | changed
    reference = ReferenceRules(CAPTIONS)
    assert reference.count(concept) == own
    assert {name: reference.count(concept, [name]) for name in NAMES} == expected
    found = counts_by_rule(index, [concept])
    assert found.own.tolist() == [own]
    assert {name: counted(found.under(name))[0] for name in NAMES} == expected


def test_rules_together_are_the_rules_as_they_read(index: Index) -> None:
    reference = ReferenceRules(CAPTIONS)
    for rules in (NAMES, ["last", "missing"], ["lemma", "noun"], ["case", "missing", "last"]):
        found = counts_by_rule(index, list(TABLE), rules)
        assert counted(found.together) == [reference.count(c, rules) for c in TABLE]
        assert set(found.together.rules) == set(rules)


def test_on_captions_as_they_stand_on_the_web(demo_captions: list[str], tmp_path: Path) -> None:
    from wagidx import data

    wagidx.build(captions=demo_captions, output=tmp_path / "x", store_captions=True, progress=False)
    listed = wagidx.load_concepts(data.captions_path().with_name("demo_concepts.csv"))
    names = [name for name in listed.names if name.strip()]
    reference = ReferenceRules(demo_captions)
    with wagidx.open(tmp_path / "x") as index:
        found = counts_by_rule(index, names, sample=10**6)
    assert found.own.tolist() == [reference.count(name) for name in names]
    for under in (*found.each, found.together):
        expected = [reference.count(name, under.rules) for name in names]
        assert dict(zip(names, counted(under))) == dict(zip(names, expected)), under.rules
        assert under.estimated is not None and not under.estimated.any()


def test_expressions_are_rewritten_inside(index: Index) -> None:
    asked = [any_of("rose", "bald eagle"), all_of("race", "car"), all_of("golf-ball", "grass")]
    found = counts_by_rule(index, asked)
    assert found.own.tolist() == [2, 0, 1]
    assert counted(found.under("lemma")) == [3, 0, 1]
    assert counted(found.under("noun")) == [1, 0, 1]
    for asked_for in (none_of("rose"), phrase("red rose"), all_of("car", none_of("red"))):
        with pytest.raises(wagidx.ConceptError, match=r"^[^\n]*study's code has no equivalent of"):
            counts_by_rule(index, [asked_for])


def test_a_word_that_ends_in_punctuation_is_in_no_caption(index: Index) -> None:
    found = counts_by_rule(index, ["(red) car"], ["last", "missing"])
    assert (found.own[0], counted(found.under("last"))[0]) == (1, 0)
    assert counted(found.together)[0] == 3


def test_a_verb_that_is_no_token_of_its_own_is_looked_up_as_one(tmp_path: Path) -> None:
    # spaCy parts wed as it does we'd, but not WED
    captions = ["a wedding dress", "we d a dress", "WED, Thursday: the dress"]
    wagidx.build(captions=captions, output=tmp_path / "x", store_captions=True, progress=False)
    with wagidx.open(tmp_path / "x") as index:
        found = counts_by_rule(index, ["wedding dress"], ["lemma"])
    assert (found.own[0], counted(found.under("lemma"))[0]) == (1, 1)


def test_without_readings_nouns_are_not_told(tmp_path: Path) -> None:
    wagidx.build(
        captions=CAPTIONS,
        output=tmp_path / "x",
        analyzer="lemma",
        store_captions=True,
        progress=False,
    )
    with wagidx.open(tmp_path / "x") as index:
        found = counts_by_rule(index, ["rose", "Chicago", "golf-ball"])
    assert found.under("noun").counts is None
    assert "without readings" in found.under("noun").reason
    assert found.together.rules == ("last", "lemma", "missing", "case")
    assert found.own.tolist() == [2, 1, 1]
    assert counted(found.under("case")) == [2, 0, 1]


def test_a_paper_index_has_two_of_the_rules_built_in(tmp_path: Path) -> None:
    wagidx.build(captions=CAPTIONS, output=tmp_path / "x", case="paper", progress=False)
    with wagidx.open(tmp_path / "x") as index:
        found = counts_by_rule(index, ["Chicago", "Model B200", "747"])
    assert [one.counts is None for one in found.each] == [True, False, False, False, True]
    assert "--case paper" in found.under("case").reason
    assert found.own.tolist() == [0, 0, 0]
    assert counted(found.together) == [0, 1, 0]


def test_captions_that_are_gone_leave_the_case_untold(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("\n".join(CAPTIONS))
    wagidx.build([tmp_path / "c.txt"], tmp_path / "x", progress=False)
    (tmp_path / "c.txt").unlink()
    with wagidx.open(tmp_path / "x") as index:
        found = counts_by_rule(index, ["Chicago", "golf-ball"])
    assert found.under("case").counts is None
    assert "c.txt" in found.under("case").reason
    assert found.together.rules == ("noun", "last", "lemma", "missing")


def test_more_captions_than_the_sample_give_an_interval_that_holds_the_count(
    tmp_path: Path,
) -> None:
    captions = ["a walk in chicago", *["a street in Chicago"] * 3] * 250
    wagidx.build(captions=captions, output=tmp_path / "x", store_captions=True, progress=False)
    exact = ReferenceRules(captions).count("Chicago", ["case"])
    assert 0 < exact < 1000
    held = 0
    with wagidx.open(tmp_path / "x") as index:
        for seed in range(40):
            found = counts_by_rule(index, ["Chicago", "Chicago"], ["case"], sample=80, seed=seed)
            case = found.under("case")
            assert case.estimated is not None and case.estimated.all()
            assert counted(case)[0] == counted(case)[1]
            assert case.low is not None and case.high is not None
            held += bool(case.low[0] <= exact <= case.high[0])
        whole = counts_by_rule(index, ["Chicago"], ["case"], sample=1000).under("case")
    assert held >= 34  # 95 % of 40, less three standard deviations
    assert counted(whole) == [exact]
    assert whole.estimated is not None and not whole.estimated.any()


def test_what_is_asked_wrongly(index: Index) -> None:
    with pytest.raises(ValueError, match="nouns"):
        counts_by_rule(index, ["dog"], ["nouns"])
    with pytest.raises(ValueError, match="sample=0"):
        counts_by_rule(index, ["dog"], sample=0)
    with pytest.raises(ValueError, match="spacy:MODEL"):
        counts_by_rule(index, ["dog"], alone="en_core_web_sm")
    with pytest.raises(KeyError):
        counts_by_rule(index, ["dog"], ["last"]).under("noun")


def test_the_table_names_every_rule_that_was_told(index: Index) -> None:
    found = counts_by_rule(index, ["rose", "Chicago"], ["lemma", "case"])
    table = found.to_arrow()
    assert table.column_names[:3] == ["concept", "count", "lemma"]
    assert table["lemma"].to_pylist() == [2.0, 1.0]
    assert table["case_high"].to_pylist() == [1.0, 0.0]
    assert table["together"].to_pylist() == [2.0, 0.0]
    assert np.asarray(found.under("case").changed(found.own)).tolist() == [False, True]
