"""A tagger that was distilled is nearer to its teacher, and stands in a file of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import wagidx
from click.testing import CliRunner, Result
from wagidx.cli import main
from wagidx.tagging.conllu import Sentence, read_conllu
from wagidx.tagging.distil import _hash, _split
from wagidx.tagging.files import load_tagger


def out(*words: object) -> Result:
    return CliRunner().invoke(main, ["distil", *map(str, words)])


def written(path: Path, sentences: list[Sentence]) -> Path:
    """A treebank of these sentences."""
    with path.open("w", encoding="utf-8") as file:
        for sentence in sentences:
            for number, (token, tag) in enumerate(zip(sentence.tokens, sentence.xpos), 1):
                file.write("\t".join([str(number), token, "_", "X", tag, *"_____"]) + "\n")
            file.write("\n")
    return path


NONSENSE = [
    Sentence([f"{name}o", "greb", f"the{i}"], ["X"] * 3, ["VB", "NN", "JJ"])
    for i, name in enumerate("abcdefghijklmnopqrstuvwxyz" * 4)
]
"""A language whose grammar no other tagger knows: a verb, "greb", an adjective."""


@pytest.fixture
def nonsense(tmp_path: Path) -> Path:
    return written(tmp_path / "nonsense.conllu", NONSENSE)


@pytest.fixture(scope="module")
def distilled(
    model: Path, captions: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path, dict[str, Any]]]:
    """Captions, the tagger that learned them from the model, and what the command printed."""
    folder = tmp_path_factory.mktemp("distil")
    texts = folder / "captions.txt"
    texts.write_text("\n".join([*captions, "", *captions[:50]]), encoding="utf-8")
    result = out(
        *("--teacher", model, "--captions", texts, "-o", folder / "own.wagtag", "--json"),
        *("--threads", 2, "--passes", 5),
    )
    assert result.exit_code == 0, result.output
    yield texts, folder / "own.wagtag", json.loads(result.stdout)


def test_the_distilled_tagger_is_nearer_to_its_teacher(
    distilled: tuple[Path, Path, dict[str, Any]], captions: list[str]
) -> None:
    _, tagger, printed = distilled
    assert printed["after"] > printed["before"] > 0.5
    assert printed["sentences"] + printed["held_out"] == len(set(captions))
    assert 0 < printed["held_out"] < printed["sentences"]
    assert printed["teacher"].startswith("en_pipeline 0.0.0, spaCy 3.")
    assert load_tagger(tagger).hash == printed["hash"] != load_tagger().hash


def test_the_same_captions_give_the_same_tagger(
    distilled: tuple[Path, Path, dict[str, Any]], model: Path, tmp_path: Path
) -> None:
    texts, tagger, printed = distilled
    again = wagidx.distil(
        model, tmp_path / "again.wagtag", sources=[texts], passes=5, threads=1, progress=False
    )
    assert again.hash == printed["hash"]
    assert (tmp_path / "again.wagtag").read_bytes() == tagger.read_bytes()


def test_limit_counts_distinct_captions(model: Path, tmp_path: Path) -> None:
    captions = ["a dog", "a dog", None, " ", "a cat", "a bird", "a fish"]
    stats = wagidx.distil(
        model, tmp_path / "x.wagtag", captions=captions, limit=3, passes=1, threads=1
    )
    assert stats.sentences + stats.held_out == 3


def test_a_treebank_teaches(nonsense: Path, tmp_path: Path) -> None:
    target = tmp_path / "own.wagtag"
    stats = wagidx.distil(nonsense, target, progress=False)
    assert (stats.after, stats.teacher) == (1.0, str(nonsense))
    assert stats.before < 1
    assert load_tagger(target).nouns([["wo", "greb", "the7"]]) == [[False, True, False]]
    assert stats.sentences + stats.held_out == len(NONSENSE)
    assert stats.tokens + stats.held_out_tokens == 3 * len(NONSENSE)


def test_other_treebanks_are_learned_and_not_held_out(nonsense: Path, tmp_path: Path) -> None:
    more = written(tmp_path / "more.conllu", [Sentence(["zzz", "greb"], ["X"] * 2, ["NNS", "NN"])])
    alone = wagidx.distil(nonsense, tmp_path / "a.wagtag")
    both = wagidx.distil(nonsense, tmp_path / "b.wagtag", treebanks=[more, more])
    assert (alone.treebank_sentences, both.treebank_sentences) == (0, 2)
    assert (alone.sentences, alone.held_out) == (both.sentences, both.held_out)
    assert alone.hash != both.hash


def test_the_seed_decides(nonsense: Path, tmp_path: Path) -> None:
    made = [
        wagidx.distil(nonsense, tmp_path / f"{name}.wagtag", seed=seed, passes=2).hash
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert made[0] == made[1] != made[2]


def test_what_is_held_out_follows_from_the_text_alone() -> None:
    sentences = [([f"word{i}", "dog"], ["NN", "NN"]) for i in range(2_000)]
    held, kept = _split(sentences, "x")
    assert 60 < len(held) < 140
    assert all(_hash(tokens) % 20 == 0 for tokens, _ in held)
    backwards, _ = _split(sentences[::-1], "x")
    assert sorted(backwards) == sorted(held)
    assert _hash(["Red", "DOG"]) == _hash(["red", "dog"]) != _hash(["red", "dogs"])
    assert len(held) + len(kept) == 2_000


def test_one_is_held_out_at_least() -> None:
    sentences = [([f"word{i}"], ["NN"]) for i in range(30) if _hash([f"word{i}"]) % 20]
    held, kept = _split(sentences, "x")
    assert held == [min(sentences, key=lambda sentence: _hash(sentence[0]))]
    assert len(held) + len(kept) == len(sentences)


def test_progress_is_told(nonsense: Path, tmp_path: Path) -> None:
    seen: list[wagidx.Progress] = []
    wagidx.distil(nonsense, tmp_path / "x.wagtag", passes=3, progress=seen.append)
    assert [progress.phase for progress in seen] == ["train"] * 3
    assert seen[-1].rows == seen[-1].total


def test_what_progress_raises_ends_it_and_nothing_is_written(
    nonsense: Path, tmp_path: Path
) -> None:
    def stop(_: wagidx.Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wagidx.distil(nonsense, tmp_path / "x.wagtag", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == [nonsense.name]


def test_the_command_prints_what_it_made(nonsense: Path, tmp_path: Path) -> None:
    result = out("--teacher", nonsense, "-o", tmp_path / "x.wagtag")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{tmp_path / 'x.wagtag'}: after {nonsense}\n")
    assert "agreement after     1.0000\n" in result.stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--teacher", "en_no_such", "--captions", "c.txt"], 1, "python -m spacy download"),
        (["--teacher", "en_no_such"], 2, "is a model and needs --captions"),
        (["--teacher", "x.conllu", "--captions", "c.txt"], 2, "omit --captions"),
        (["--teacher", "x.conllu"], 1, "x.conllu: No such file"),
        (["--teacher", "bad.conllu"], 1, "bad.conllu:2: 3 fields, where CoNLL-U has 10"),
        (["--teacher", "one.conllu"], 1, "at least 2 are needed"),
        (["--teacher", "german.conllu"], 2, '"NE" is no Penn Treebank tag'),
        (["--teacher", "one.conllu", "-o", "c.txt"], 2, "c.txt: already exists"),
        (["--teacher", "one.conllu", "-o", "no/x.wagtag"], 1, "no such folder: no;"),
    ],
)
def test_errors_are_one_line(
    words: list[str], code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.txt").write_text("a dog\na cat\n")
    Path("bad.conllu").write_text("# comment\n1\tdog\tNN\n")
    written(Path("one.conllu"), [Sentence(["dog"], ["X"], ["NN"])])
    written(Path("german.conllu"), [Sentence([w], ["X"], ["NE"]) for w in ("Hund", "Katze")])
    result = out("-o", "x.wagtag", *words)
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("x.wagtag").exists()


def test_captions_without_text_are_too_few(model: Path, tmp_path: Path) -> None:
    with pytest.raises(wagidx.SourceError, match="0 distinct sentences for training"):
        wagidx.distil(model, tmp_path / "x.wagtag", captions=[None, "", " "], threads=1)


def test_a_file_that_is_no_tagger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.wagtag"
    path.write_bytes(b"PAR1")
    with pytest.raises(wagidx.WagidxError, match=r"own.wagtag: not a tagger file; 'wagidx distil'"):
        load_tagger(path)
    with pytest.raises(FileNotFoundError):
        load_tagger(tmp_path / "absent.wagtag")


def test_the_shipped_tagger_reads_the_treebank(ud: Path) -> None:
    sentences = list(read_conllu(ud / "ewt-dev.conllu"))
    nouns = load_tagger().nouns([sentence.tokens for sentence in sentences])
    pairs = [
        (noun, upos in ("NOUN", "PROPN"))
        for found, sentence in zip(nouns, sentences)
        for noun, upos in zip(found, sentence.upos)
    ]
    assert sum(a == b for a, b in pairs) / len(pairs) > 0.97
