"""The tagger of a spaCy model, and as little of the rest as it needs.

A model is a pipeline; its tagger reads what a shared ``tok2vec`` or a transformer says of the
words, or has a network of its own. Parser, entities, lemmas and rules are excluded when the model
is loaded, so neither their memory nor their time is paid for.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wagidx import _native
from wagidx._optional import require
from wagidx.exceptions import SourceError
from wagidx.tagging.nouns import is_noun

__all__ = ["SPACE", "SpacyModel"]

SPACE = "_SP"
"""The tag of every white-space token, whatever the model says."""

_SHARED = ("tok2vec", "transformer", "curated_transformer")
_BATCH = 256
_LONGEST = 10_000
_SHOWN = 60


class SpacyModel:
    """A tagger of spaCy in this process.

    Parameters
    ----------
    model : str or path
        Name of an installed model, or a folder that one was saved to.

    Attributes
    ----------
    name : str
        Language, name and version of the model and the version of spaCy.

    Raises
    ------
    ModuleNotFoundError
        spaCy is not installed.
    OSError
        The model is not installed, or cannot be read.
    ValueError
        It has no tagger, or one whose tags are no Penn Treebank tags.
    """

    def __init__(self, model: str | os.PathLike[str]) -> None:
        spacy = require("spacy", extra="spacy")
        config = spacy.util.load_config(_folder(spacy.util, model) / "config.cfg")
        parts = {name: config["components"][name] for name in config["nlp"]["pipeline"]}
        tagger = next((name for name in parts if parts[name].get("factory") == "tagger"), None)
        if tagger is None:
            raise ValueError(f"{model}: this spaCy model has no tagger")
        needed = {tagger, *_shared(parts, tagger)}
        self._nlp = spacy.load(model, exclude=[name for name in parts if name not in needed])
        self._nlp.max_length = 1 << 30  # a guard for parsers; `_pieces` bounds memory
        self._model = str(model)
        self._check_tags(self._nlp.get_pipe(tagger).labels)
        meta = self._nlp.meta
        self.name = f"{meta['lang']}_{meta['name']} {meta['version']}, spaCy {spacy.__version__}"

    def tags(self, captions: Sequence[str]) -> list[list[str]]:
        """The Penn Treebank tag of every token, in the order of `_native.tokens`.

        Raises
        ------
        SourceError
            The model cuts a caption into other tokens; the message names the caption.
        """
        docs = [self._nlp.make_doc(caption) for caption in captions]
        for caption, doc, tokens in zip(captions, docs, _native.tokens(list(captions))):
            if [token.text for token in doc] != tokens:
                raise SourceError(
                    f"{self._model}: splits the caption {_shortened(caption)} into other tokens "
                    "than wagidx; only models with spaCy's English tokeniser can be used"
                )
        pieces = [list(_pieces(doc)) for doc in docs]
        batch = _BATCH if all(len(parts) == 1 for parts in pieces) else 1
        tagged = self._nlp.pipe((piece for parts in pieces for piece in parts), batch_size=batch)
        return [_joined(next(tagged) for _ in parts) for parts in pieces]

    def nouns(self, captions: Sequence[str]) -> list[list[bool]]:
        """Whether every token is a noun; white space is none."""
        found = zip(_native.tokens(list(captions)), self.tags(captions))
        return [list(map(is_noun, tokens, tags)) for tokens, tags in found]

    def hash(self) -> str:
        """A hash of all that the tags follow from, in hexadecimal; reads the weights through."""
        digest = hashlib.blake2b(self.name.encode(), digest_size=16)
        for name, part in self._nlp.pipeline:
            digest.update(name.encode())
            digest.update(part.to_bytes(exclude=["vocab"]))
        digest.update(np.ascontiguousarray(self._nlp.vocab.vectors.data).data)
        return digest.hexdigest()

    def _check_tags(self, labels: Sequence[str]) -> None:
        try:
            _native.coarse_tags(list(labels))
        except ValueError as error:
            raise ValueError(
                f"{self._model}: the tagger is for another language: {error}"
            ) from error


def _folder(util: Any, model: str | os.PathLike[str]) -> Path:
    """Where a model keeps its configuration."""
    path = Path(model)
    if path.is_dir():
        return path
    if isinstance(model, str) and util.is_package(model):
        package: Path = util.get_package_path(model)
        meta = util.get_model_meta(package)
        return package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
    raise OSError(f"spaCy model {model} is not installed: python -m spacy download {model}")


def _shared(parts: dict[str, Any], tagger: str) -> Iterable[str]:
    """The components whose work the tagger listens to."""
    upstream = set(_upstreams(parts[tagger].get("model", {})))
    return [
        name
        for name, part in parts.items()
        if name in upstream or ("*" in upstream and part.get("factory") in _SHARED)
    ]


def _upstreams(config: Any) -> Iterator[str]:
    if isinstance(config, dict):
        if "Listener" in str(config.get("@architectures", "")):
            yield str(config.get("upstream", "*"))
        for value in config.values():
            yield from _upstreams(value)


def _pieces(doc: Any) -> Iterator[Any]:
    """A document in pieces that fit into memory; nearly all are one piece."""
    if len(doc) <= _LONGEST:
        yield doc
        return
    for start in range(0, len(doc), _LONGEST):
        yield doc[start : start + _LONGEST].as_doc()


def _joined(pieces: Iterable[Any]) -> list[str]:
    return [SPACE if token.is_space else token.tag_ for piece in pieces for token in piece]


def _shortened(caption: str) -> str:
    return repr(caption if len(caption) <= _SHOWN else caption[:_SHOWN] + "...")
