"""In how many of its captions could the study's code find a concept, for all that they keep case?

It files a common noun in small letters but a name as it is written, and looks concepts up in small
letters. So of a word that a caption holds, an occurrence is out of reach where it was tagged as a
name and holds a capital. An index folds case and does not tell, so the captions are read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

import numpy as np

from wagidx import _native
from wagidx.analysis.distributions import share_interval
from wagidx.analyzers import Analyzer, chosen_again
from wagidx.asking.index import Index
from wagidx.tagging.files import load_tagger
from wagidx.tagging.nouns import KINDS, is_noun

if TYPE_CHECKING:
    import os

    import numpy.typing as npt

    from wagidx.asking.expressions import Expression

__all__ = ["CaseReader", "Kept", "Unread"]

_AT_A_TIME = 8192
_NAME = KINDS["NNP"]

Held: TypeAlias = "tuple[set[str], set[str]]"
"""Keys within reach in a caption: of nouns, and of any word."""


class Unread(Exception):
    """The captions cannot be read as the index read them."""


@dataclass(frozen=True)
class Kept:
    """Captions of a concept, those of them read again, and those in which it can be found."""

    captions: int
    read: int
    found: int

    def estimate(self) -> tuple[float, float, float]:
        """Captions in which it can be found, and the ends of Wilson's 95 % interval, narrower the
        more of them were read; all the same where every one was."""
        if self.read == self.captions:
            return float(self.found), float(self.found), float(self.found)
        least, most = share_interval(self.found, self.read, self.captions)
        # what was read is known, whatever the rest may hold
        low = max(least * self.captions, self.found)
        high = min(most * self.captions, self.captions - (self.read - self.found))
        return self.found / self.read * self.captions, low, high


class CaseReader:
    """Reads captions of an index again.

    Parameters
    ----------
    index : Index
    tagger : path, optional
        Its tagger, where it is not the one that is shipped.
    """

    def __init__(self, index: Index, tagger: str | os.PathLike[str] | None = None) -> None:
        self._index = index
        self._options: dict[str, Any] = index.info["analyzer"]
        self._tagger = tagger

    def kept(
        self,
        asked: Sequence[str | Expression | None],
        counts: npt.NDArray[np.uint64],
        options: dict[str, Any],
        sample: int,
        seed: int,
    ) -> list[Kept]:
        """For each question the captions that hold it and those in which it can be found.

        Parameters
        ----------
        asked : sequence of str, Expression or None
        counts : numpy.ndarray of uint64, aligned with asked
        options : dict
            ``pos`` and ``missing`` of the counts.
        sample, seed : int
            Captions read of each question at most, and what draws them.

        Raises
        ------
        SourceError
            A source of the captions is gone or has changed.
        WagidxError
            The index has another tagger.
        Unread
            The index cuts words into bigrams.
        """
        if self._options["cjk_bigrams"]:
            raise Unread("this index splits words into character bigrams, which have no case")
        drawn = [self._drawn(one, options, sample, seed) for one in asked]
        trees = [self._tree(one, options) for one in asked]
        found = np.zeros(len(asked), np.int64)
        for i, held in self._held(drawn):
            found[i] += _holds(trees[i], held)
        return [Kept(int(n), len(ids), int(k)) for n, ids, k in zip(counts, drawn, found)]

    def _drawn(
        self, asked: str | Expression | None, options: dict[str, Any], sample: int, seed: int
    ) -> npt.NDArray[np.uint64]:
        """Ids of the captions of a question to be read: the same for the same question."""
        if asked is None:
            return np.zeros(0, np.uint64)
        ids = self._index.ids(asked, **options)
        if len(ids) <= sample:
            return ids
        random = np.random.default_rng([seed, crc32(str(asked).encode("utf-8", "replace"))])
        return random.choice(ids, sample, replace=False)

    def _held(self, drawn: list[npt.NDArray[np.uint64]]) -> Iterator[tuple[int, Held]]:
        """Each question with what each of its captions holds; every caption is read once."""
        questions = np.repeat(np.arange(len(drawn)), [len(ids) for ids in drawn])
        ids = np.concatenate([np.zeros(0, np.uint64), *drawn])
        order = np.argsort(ids, kind="stable")
        wanted, starts = np.unique(ids[order], return_index=True)
        groups = np.split(questions[order], starts[1:])
        with self._analyzer() as analyzer:
            for start in range(0, len(wanted), _AT_A_TIME):
                part = wanted[start : start + _AT_A_TIME].tolist()
                texts = [caption.text or "" for caption in self._index.captions_of(part)]
                for group, held in zip(groups[start:], self._reach(analyzer, texts)):
                    yield from ((int(i), held) for i in group)

    def _analyzer(self) -> Analyzer:
        """What told nouns in the index; where nothing did, what is shipped."""
        if self._options["tagger"] is None:
            tagger = load_tagger(self._tagger)
            return Analyzer(str(self._options["tier"]), str(self._options["tier"]), tagger=tagger)
        return chosen_again(self._index.info["options"], self._tagger, self._index.info["path"])

    def _reach(self, analyzer: Analyzer, texts: list[str]) -> Iterator[Held]:
        for tokens, kinds in zip(_native.tokens(texts), _kinds(analyzer, texts), strict=True):
            keys = _native.keys(tokens, analyzer.tier)
            within = [
                (key, kind)
                for token, key, kind in zip(tokens, keys, kinds, strict=True)
                if key is not None and (kind != _NAME or token == token.lower())
            ]
            yield {key for key, kind in within if kind}, {key for key, _ in within}

    def _tree(self, asked: str | Expression | None, options: dict[str, Any]) -> Any:
        """A question as its operator and what it joins; a concept as its terms, each a key and
        whether it has to be a noun."""
        if asked is None:
            return "terms", set()
        if not isinstance(asked, str):
            return asked.op, [self._tree(operand, options) for operand in asked.operands]
        terms = self._index.terms_asked(asked, pos=options.get("pos"))
        kept = [(key, noun) for key, noun, rows in terms if rows or options["missing"] == "zero"]
        return "terms", set(kept)


def _kinds(analyzer: Analyzer, texts: list[str]) -> Iterator[list[int]]:
    """The kind of noun of each token, as `KINDS` numbers them; 0 for none."""
    if analyzer.model is not None:
        for tokens, kinds in zip(_native.tokens(texts), analyzer.model.nouns(texts).to_pylist()):
            yield [kind if kind and is_noun(t, "NN") else 0 for t, kind in zip(tokens, kinds)]
        return
    tagger = analyzer.tagger
    if tagger is None:
        raise Unread("this index has no tagger to identify nouns")
    read = _native.tokens(texts)
    tags = tagger.tags([[token for token in tokens if not token.isspace()] for tokens in read])
    for tokens, told in zip(read, map(iter, tags)):
        pairs = [(token, "" if token.isspace() else next(told)) for token in tokens]
        yield [KINDS.get(tag, 0) if is_noun(token, tag) else 0 for token, tag in pairs]


def _holds(tree: Any, held: Held) -> bool:
    """Whether a caption holds a question within reach."""
    kind, inside = tree
    if kind == "terms":
        nouns, words = held
        return bool(inside) and all(key in (nouns if noun else words) for key, noun in inside)
    return (all if kind == "all_of" else any)(_holds(operand, held) for operand in inside)
