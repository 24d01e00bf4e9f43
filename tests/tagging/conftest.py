"""A ud, and a small spaCy model that learned from it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from wagidx.tagging.conllu import Sentence, read_conllu

SENTENCES = 800
CAPTIONS = 600
WIDTH = 16


@pytest.fixture(scope="session")
def sentences(ud: Path) -> list[Sentence]:
    """Some sentences of the ud."""
    return list(islice(read_conllu(ud / "ewt-train.conllu"), SENTENCES))


@pytest.fixture(scope="session")
def captions(ud: Path) -> list[str]:
    """Texts that the model below has not learned from."""
    read = islice(read_conllu(ud / "ewt-dev.conllu"), CAPTIONS)
    return [" ".join(sentence.tokens) for sentence in read]


@pytest.fixture(scope="session")
def model(sentences: list[Sentence], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a spaCy model: a shared tok2vec, a tagger that listens, and one more."""
    nlp = _pipeline()
    _train(nlp, sentences)
    folder = tmp_path_factory.mktemp("spacy") / "model"
    nlp.to_disk(folder)
    return folder


def _pipeline() -> Any:
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    embed = {"width": WIDTH, "attrs": ["NORM", "SUFFIX", "SHAPE", "SPACY"]}
    embed |= {"@architectures": "spacy.MultiHashEmbed.v2", "include_static_vectors": False}
    encode = {"width": WIDTH, "window_size": 1, "maxout_pieces": 2, "depth": 2}
    tok2vec = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": embed | {"rows": [1_000, 500, 200, 10]},
        "encode": encode | {"@architectures": "spacy.MaxoutWindowEncoder.v2"},
    }
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}
    nlp.add_pipe("tok2vec", config={"model": tok2vec})
    tagger = {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}
    nlp.add_pipe("tagger", config={"model": tagger})
    return nlp


def _train(nlp: Any, sentences: list[Sentence]) -> None:
    from spacy.tokens import Doc
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(0)
    examples = [
        Example.from_dict(Doc(nlp.vocab, words=s.tokens), {"tags": s.xpos}) for s in sentences
    ]
    nlp.initialize(lambda: examples)
    shuffled = random.Random(0).sample(examples, len(examples))
    for batch in _batches(shuffled + shuffled, 64):
        nlp.update(batch)


def _batches(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
