"""Train a tagger to agree with a teacher on captions, which differ from treebanks.

The teacher is a spaCy model, which tags captions, or a treebank. One sentence in twenty is held
out: `distil` reports how often the shipped tagger and the new one agree with the teacher there on
whether a word is a noun. A sentence is held out by a hash of its text, not at random or by its
position: if the BLAKE2b hash (8-byte digest) of the case-folded text in UTF-8, with runs of white
space collapsed to one space, read as a little-endian number, is a multiple of 20. (Spellings of one
caption are thus on the same side.) If that holds for none, or for all, the one with the smallest
hash is held out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wagidx import _native
from wagidx.durable import new_file, refuse_taken
from wagidx.exceptions import SourceError
from wagidx.progress import Progress, Report, reporting
from wagidx.sources import TAKEN, Source, open_all
from wagidx.sources.base import text_at
from wagidx.tagging.conllu import read_conllu
from wagidx.tagging.files import load_tagger
from wagidx.tagging.nouns import is_noun

if TYPE_CHECKING:
    from wagidx.tagging.spacy_tags import SpacyTagger

__all__ = ["DistilStats", "distil", "is_treebank"]

_HELD_OUT = 20
_FEWEST = 2
_BATCH = 4_096

Sentence = tuple[list[str], list[str]]
"""Tokens, none of them white space, and their Penn Treebank tags."""


@dataclass(frozen=True)
class DistilStats:
    """The training data of a distilled tagger, and its agreement with the teacher.

    Attributes
    ----------
    teacher : str
        Name and version of the spaCy model, or the path of the treebank.
    sentences : int
        Captions, or sentences of the teacher's treebank, used for training.
    tokens : int
        Their tokens, excluding white space.
    treebank_sentences : int
        Sentences of other treebanks used for training.
    held_out, held_out_tokens : int
        Held-out sentences, and their tokens.
    before, after : float
        Share of those tokens on which the shipped tagger, and the new one, agree with the teacher
        on whether they are nouns.
    hash : str
        Hash of the new tagger, as recorded in an index built with it.
    seconds : float
        Wall-clock time.
    """

    teacher: str
    sentences: int
    tokens: int
    treebank_sentences: int
    held_out: int
    held_out_tokens: int
    before: float
    after: float
    hash: str
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return asdict(self)


def distil(
    teacher: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    sources: Any = None,
    captions: Any = None,
    caption_column: str | None = None,
    format: str = "auto",
    filters: Sequence[str] = (),
    limit: int = 100_000,
    treebanks: Iterable[str | os.PathLike[str]] = (),
    passes: int = 10,
    seed: int = 0,
    threads: int | None = None,
    progress: Report | bool | None = None,
) -> DistilStats:
    """Train a tagger on a teacher's tags, and write it to a tagger file.

    Captions and their tags are kept in memory, about 2 KB per caption. The same captions, teacher
    and seed give the same file.

    Parameters
    ----------
    teacher : str or path
        A spaCy model, by its name or folder, with the extra ``spacy``; or a treebank in CoNLL-U
        with Penn Treebank tags (XPOS), whose name ends in ``.conllu``.
    output : path
        The tagger file; it must not exist yet.
    sources, captions, caption_column, format, filters
        As for `build`: the captions that a spaCy model tags. A treebank needs none.
    limit : int
        Maximum number of distinct captions; the first ones are used.
    treebanks : iterable of path
        CoNLL-U files whose sentences are also used for training; none of them are held out.
    passes : int
        Training passes over the sentences.
    seed : int
        Random seed for shuffling training sentences; at least 0, below 2**64.
    threads : int, optional
        Number of spaCy processes; defaults to the CPUs this process may use.
    progress : callable, bool or None
        As for `build`.

    Raises
    ------
    FileExistsError
        `output` already exists.
    SourceError
        Captions or a treebank cannot be read, or have fewer than two distinct sentences.
    ModuleNotFoundError, OSError, ValueError
        spaCy or the model is missing, or has no tagger for English.
    """
    began = time.monotonic()
    for name, value in (("limit", limit), ("passes", passes)):
        if value < 1:
            raise ValueError(f"{name}={value}: must be at least 1")
    target = Path(output)
    refuse_taken(target)
    extra = _read(treebanks)
    with reporting(progress) as report:
        told = _Told(report, began)
        if is_treebank(teacher):
            if sources is not None or captions is not None:
                raise ValueError(f"{teacher}: is a treebank: omit sources and captions")
            name, taught = os.fspath(teacher), _read([teacher])
        else:
            opened = open_all(sources, captions, caption_column, None, format, filters)
            texts = list(islice(_distinct(opened, told), limit))
            name, taught = _taught(teacher, texts, threads, told)
        held, kept = _split(taught, os.fspath(teacher))
        # A treebank is in sentence case, captions are as the tagger will see them.
        made = _train(kept + extra, passes, seed, is_treebank(teacher), told)
    with new_file(target) as partial:
        partial.write_bytes(made.to_bytes())
    return DistilStats(
        teacher=name,
        sentences=len(kept),
        tokens=_tokens(kept),
        treebank_sentences=len(extra),
        held_out=len(held),
        held_out_tokens=_tokens(held),
        before=_agreement(load_tagger(), held),
        after=_agreement(made, held),
        hash=made.hash,
        seconds=time.monotonic() - began,
    )


class _Told:
    """Tells how far the work is."""

    def __init__(self, report: Report | None, began: float) -> None:
        self._report = report
        self._began = began

    def __call__(self, phase: str, rows: int, total: int | None) -> None:
        if self._report is not None:
            self._report(Progress(phase, rows, total, time.monotonic() - self._began))


def is_treebank(teacher: str | os.PathLike[str]) -> bool:
    """Whether a teacher is the file of a treebank, and no model."""
    return os.fspath(teacher).endswith(".conllu")


def _read(treebanks: Iterable[str | os.PathLike[str]]) -> list[Sentence]:
    return [_sentence(one.tokens, one.xpos) for path in treebanks for one in read_conllu(path)]


def _sentence(tokens: Sequence[str], tags: Sequence[str]) -> Sentence:
    """A sentence as the tagger learns it: it never sees white space."""
    pairs = [(token, tag) for token, tag in zip(tokens, tags) if not token.isspace()]
    return [token for token, _ in pairs], [tag for _, tag in pairs]


def _distinct(sources: Iterable[Source], told: _Told) -> Iterator[str]:
    """Captions with something in them, each once, in their order."""
    seen: set[bytes] = set()
    rows = 0
    for source in sources:
        for batch in source.batches():
            for row in range(len(batch)):
                if batch.status is not None and batch.status[row].as_py() != TAKEN:
                    continue
                text = text_at(batch.captions, row)
                if text is None or not text.strip():
                    continue
                digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield text
            rows += len(batch)
            told("read", rows, None)


def _taught(
    model: str | os.PathLike[str], texts: list[str], threads: int | None, told: _Told
) -> tuple[str, list[Sentence]]:
    """A spaCy model's name, and what it says of captions."""
    _check_enough(len(texts), os.fspath(model))
    # Here, so that `import wagidx` does not load what starts processes.
    from wagidx.tagging.spacy_tags import SpacyTagger

    with SpacyTagger(model, processes=threads) as tagger:
        return tagger.name, list(_tagged(tagger, texts, told))


def _tagged(tagger: SpacyTagger, texts: list[str], told: _Told) -> Iterator[Sentence]:
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        yield from map(_sentence, _native.tokens(part), tagger.tags(part).to_pylist())
        told("tag", start + len(part), len(texts))


def _split(sentences: list[Sentence], teacher: str) -> tuple[list[Sentence], list[Sentence]]:
    """Those held out, and the others."""
    hashes = [_hash(tokens) for tokens, _ in sentences]
    smallest = min(hashes, default=0)
    chosen = [number % _HELD_OUT == 0 for number in hashes]
    if all(chosen) or not any(chosen):
        chosen = [number == smallest for number in hashes]
    held = [one for one, out in zip(sentences, chosen) if out]
    kept = [one for one, out in zip(sentences, chosen) if not out]
    _check_enough(len(set(hashes)), teacher)
    return held, kept


def _check_enough(sentences: int, teacher: str) -> None:
    if sentences < _FEWEST:
        raise SourceError(
            f"{teacher}: {sentences} distinct sentences for training; at least {_FEWEST} are "
            "needed, and thousands to learn anything"
        )


def _hash(tokens: Sequence[str]) -> int:
    text = " ".join(" ".join(tokens).casefold().split())
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _train(
    sentences: list[Sentence], passes: int, seed: int, recase: bool, told: _Told
) -> _native.Tagger:
    def tell(done: int, _: int) -> None:
        told("train", (done + 1) * len(sentences), passes * len(sentences))

    tokens = [tokens for tokens, _ in sentences]
    tags = [tags for _, tags in sentences]
    trained = _native.train_tagger(
        tokens, tags, passes=passes, runs=1, seed=seed, recase=recase, progress=tell
    )
    return trained.quantised()


def _tokens(sentences: list[Sentence]) -> int:
    return sum(len(tokens) for tokens, _ in sentences)


def _agreement(tagger: _native.Tagger, sentences: list[Sentence]) -> float:
    """Share of the tokens that both call nouns or neither does."""
    found = tagger.nouns([tokens for tokens, _ in sentences])
    same = sum(
        noun == is_noun(token, tag)
        for nouns, sentence in zip(found, sentences)
        for noun, token, tag in zip(nouns, *sentence)
    )
    return same / _tokens(sentences)
