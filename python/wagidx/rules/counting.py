"""Query an index as this library does, and again under each rule of the study's code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wagidx.asking.concepts import Concepts, concept_list
from wagidx.asking.index import Index
from wagidx.exceptions import ConceptError, WagidxError
from wagidx.rules.kept_case import CaseReader, Kept, Unread
from wagidx.rules.result import RuleCounts, Under
from wagidx.rules.rewriting import Rewriter, words_of
from wagidx.rules.rule import chosen_rules
from wagidx.tagging.files import load_tagger
from wagidx.tagging.isolated import Alone, SpacyAlone, verbs_win

if TYPE_CHECKING:
    import os

    import numpy.typing as npt

    from wagidx.asking.expressions import Expression

__all__ = ["counts_by_rule"]

VERBS = "verbs win"
"""The name of the default lemmatiser of isolated words."""


def counts_by_rule(
    index: Index,
    concepts: Concepts,
    rules: Iterable[str] | None = None,
    *,
    alone: str | None = None,
    sample: int = 200,
    seed: int = 0,
    tagger: str | os.PathLike[str] | None = None,
    threads: int | None = None,
) -> RuleCounts:
    """Count a list as this library does, under each rule of the study's code, and under all rules.

    The index answers all rules but ``case`` exactly. An index does not keep the case of its words,
    so for ``case`` the captions that contain a concept are re-read, re-tagged, and searched for
    the words in lower case or as common nouns. If a concept has more than `sample` captions, that
    many are sampled, and the count is an estimate with a Wilson interval. Under ``case`` together
    with ``missing``, a word is missing if no caption contains it in any case.

    Parameters
    ----------
    index : Index
    concepts : ConceptList or iterable of str or Expression
        Concepts, and `all_of` and `any_of` of them.
    rules : iterable of str, optional
        Names of `RULES`; all by default.
    alone : str, optional
        The lemmatiser of words in isolation: a spaCy pipeline as ``spacy:MODEL``; the study used
        ``en_core_web_sm``. By default every word that can be the past or a participle of a verb is
        treated as one, see `wagidx.tagging.isolated`.
    sample : int
        Maximum captions per concept that are re-read, at least 1.
    seed : int
        Random seed of the sample.
    tagger : path, optional
        The tagger of the index, if it is not the shipped one.
    threads : int, optional
        As for `Index.counts`.

    Returns
    -------
    RuleCounts
        A rule that this index cannot evaluate has no counts and says why.

    Raises
    ------
    ConceptError
        An expression is not one of those above, or a concept has no term.
    FileNotFoundError
        The tagger file does not exist.
    ValueError
        A rule or `alone` is not known, `sample` is below 1, or the file is not a tagger.
    """
    chosen = chosen_rules(rules)
    if sample < 1:
        raise ValueError(f"sample={sample}: must be at least 1")
    if tagger is not None:
        load_tagger(tagger)  # one that is not there is a mistake, and nothing the index cannot tell
    names = {rule.name for rule in chosen}
    listed = concept_list(concepts)
    asking = _Asking(index, listed.expressions, _alone(alone), sample, seed, tagger, threads)
    each = tuple(asking.under({rule.name}, (rule.name,)) for rule in chosen)
    told = tuple(found.rules[0] for found in each if found.counts is not None)
    return RuleCounts(
        index=str(index.info["path"]),
        captions=int(index.info["stats"]["captions"]),
        concepts=listed.names,
        own=asking.counts(set()),
        rules=chosen,
        each=each,
        together=asking.together(names, told),
        alone=alone or VERBS,
        sample=sample,
    )


def _alone(name: str | None) -> Alone:
    if name is None:
        return verbs_win
    model = name.removeprefix("spacy:")
    if model in ("", name):
        raise ValueError(f"alone={name!r}: must be a spaCy pipeline, spacy:MODEL")
    return SpacyAlone(model)


@dataclass
class _Asking:
    """A list, an index, and how to ask it under any set of rules."""

    index: Index
    concepts: list[str | Expression]
    alone: Alone
    sample: int
    seed: int
    tagger: Any
    threads: int | None

    def under(self, names: set[str], shown: tuple[str, ...]) -> Under:
        """The counts under rules, or why there are none."""
        for name in sorted(names):
            if reason := self._untold(name):
                return Under(shown, None, reason=reason)
        if "case" not in names:
            exact = self.counts(names).astype(np.float64)
            return Under(shown, exact, exact, exact)
        try:
            return self._kept(names, shown)
        except (WagidxError, Unread, ModuleNotFoundError, OSError) as error:
            return Under(shown, None, reason=str(error))

    def together(self, names: set[str], told: tuple[str, ...]) -> Under:
        """The counts under all rules that the index can tell about."""
        if not told:
            return Under((), None, reason="this index can evaluate none of the rules")
        return self.under(names & set(told), told)

    def counts(self, names: set[str]) -> npt.NDArray[np.uint64]:
        """The index's own counts under rules that are questions."""
        asked = self._questions(names)
        known = [i for i, question in enumerate(asked) if question is not None]
        counts = np.zeros(len(asked), np.uint64)
        questions = [asked[i] for i in known]
        counts[known] = self.index.counts(questions, threads=self.threads, **self._options(names))
        return counts

    def _kept(self, names: set[str], shown: tuple[str, ...]) -> Under:
        asked = self._questions(names)
        options = self._options(names)
        kept = self._reader.kept(asked, self.counts(names), options, self.sample, self.seed)
        return Under(shown, *_estimates(kept))

    def _untold(self, name: str) -> str:
        """Why this index cannot tell about a rule, or nothing."""
        analyzer = self.index.info["analyzer"]
        if analyzer["case"] == "paper" and name in ("noun", "case"):
            return "this index already follows this rule (--case paper)"
        if name == "noun" and not analyzer["readings"]:
            return "this index was built without readings: build with --analyzer noun"
        return ""

    def _options(self, names: set[str]) -> dict[str, str]:
        options = {"missing": "ignore" if "missing" in names else "zero"}
        return options | ({"pos": "noun"} if "noun" in names else {})

    def _questions(self, names: set[str]) -> list[Any]:
        rewriter = Rewriter.of(
            self._words,
            self._is_term,
            last="last" in names,
            alone=self.alone if "lemma" in names else None,
            drop="missing" in names,
        )
        asked = [rewriter.asked(concept) for concept in self.concepts]
        if self.index.info["analyzer"]["case"] != "paper":
            return asked
        # the study's keys are letters alone: 747 is nothing to look for there, and no mistake
        return [None if isinstance(one, str) and not self._is_term(one) else one for one in asked]

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self.concepts)

    @cached_property
    def _reader(self) -> CaseReader:
        return CaseReader(self.index, self.tagger)

    def _is_term(self, text: str) -> bool:
        try:
            self.index.count(text, pos="any")
        except ConceptError:
            return False
        return True


def _estimates(kept: list[Kept]) -> tuple[Any, Any, Any]:
    """Counts and the ends of their intervals."""
    found = np.array([one.estimate() for one in kept], np.float64).reshape(-1, 3)
    return found[:, 0], found[:, 1], found[:, 2]
