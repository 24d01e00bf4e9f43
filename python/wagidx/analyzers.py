"""Which analyzer reads the captions: what `build` is asked for, and what an index says it had."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagidx import _native
from wagidx.exceptions import WagidxError
from wagidx.tagging.files import load_tagger

if TYPE_CHECKING:
    import pyarrow as pa

    from wagidx.tagging.spacy_tags import SpacyTagger

__all__ = [
    "ANALYZERS",
    "CASES",
    "DEFAULT",
    "Analyzer",
    "check_case",
    "check_choice",
    "chosen",
    "chosen_again",
    "tier_of",
]

ANALYZERS = ("noun", "lemma", "surface")
SPACY = "spacy:"
"""Begins the name of an analyzer whose nouns a spaCy model tells."""
DEFAULT = "noun"
CASES = ("fold", "paper")

TaggerPath = str | os.PathLike[str] | None


@dataclass(frozen=True)
class Analyzer:
    """What reads captions; a context manager, which ends the processes of a spaCy model.

    Attributes
    ----------
    name : str
        As it was asked for: ``surface``, ``lemma``, ``noun`` or ``spacy:MODEL``.
    tier : str
        What makes keys of tokens.
    tagger : Tagger or None
        What tells nouns from other words.
    model : SpacyTagger or None
        What does instead of a tagger.
    tagger_id : str or None
        What stands in an index for the one or the other.
    """

    name: str
    tier: str
    tagger: _native.Tagger | None = None
    model: SpacyTagger | None = None
    tagger_id: str | None = None

    def options(self) -> dict[str, Any]:
        """What decides the answers of an index."""
        return {"analyzer": self.name, "tagger": self.tagger_id}

    def nouns(self, captions: pa.Array, status: pa.Array | None) -> pa.Array | None:
        """Which tokens are nouns, where that is told outside of the native builder."""
        return None if self.model is None else self.model.nouns(captions, status)

    def __enter__(self) -> Analyzer:
        return self

    def __exit__(self, *_: object) -> None:
        if self.model is not None:
            self.model.close()


def tier_of(options: dict[str, Any]) -> str:
    """What makes keys of tokens in an index built with these options."""
    return "noun" if options["tagger"] is not None else str(options["analyzer"])


def check_choice(name: str, tagger: TaggerPath = None) -> None:
    """Refuse a name that no analyzer has, and a tagger where none is used.

    Raises
    ------
    ValueError
        There is no such analyzer, or it has no tagger.
    """
    if name not in ANALYZERS and name.removeprefix(SPACY) in ("", name):
        known = ", ".join((*ANALYZERS, f"{SPACY}MODEL"))
        raise ValueError(f"analyzer {name!r} is not known; choose from {known}")
    if tagger is not None and name != "noun":
        raise ValueError(f"a tagger needs analyzer noun, not {name}")


def check_case(case: str, analyzer: str, *, cjk_bigrams: bool) -> None:
    """Refuse keys that an analyzer cannot make.

    Raises
    ------
    ValueError
        There is no such case, or it does not go with the other options.
    """
    if case not in CASES:
        raise ValueError(f"case {case!r} is not known; choose {' or '.join(CASES)}")
    if case == "paper" and analyzer in ("lemma", "surface"):
        raise ValueError(
            f"case paper needs nouns: use analyzer noun or {SPACY}MODEL, not {analyzer}"
        )
    if case == "paper" and cjk_bigrams:
        raise ValueError("case paper keeps only ASCII letters: it excludes cjk_bigrams")


def chosen(
    name: str,
    tagger: TaggerPath = None,
    *,
    processes: int | None = None,
    cancel: _native.Cancel | None = None,
) -> Analyzer:
    """The analyzer of this name.

    Parameters
    ----------
    name : str
        One of `ANALYZERS`, or ``spacy:`` and the name or folder of a model.
    tagger : path, optional
        A tagger file for ``noun``; the one that is shipped if there is none.
    processes : int, optional
        Of a spaCy model.
    cancel : Cancel, optional
        Stops them.

    Raises
    ------
    ValueError
        There is no such analyzer, it has no tagger, or the file is none.
    ModuleNotFoundError, OSError
        spaCy or the model is not installed.
    """
    check_choice(name, tagger)
    if name == "noun":
        loaded = load_tagger(tagger)
        return Analyzer(name, name, tagger=loaded, tagger_id=loaded.hash)
    if name in ANALYZERS:
        return Analyzer(name, name)
    from wagidx.tagging.spacy_tags import SpacyTagger

    model = SpacyTagger(name.removeprefix(SPACY), processes=processes, cancel=cancel)
    return Analyzer(name, "noun", model=model, tagger_id=f"{model.name} ({model.hash})")


def chosen_again(
    options: dict[str, Any],
    tagger: TaggerPath,
    index: object,
    *,
    processes: int | None = None,
    cancel: _native.Cancel | None = None,
) -> Analyzer:
    """The analyzer that an index was built with, to add captions to it; parameters as `chosen`.

    Raises
    ------
    WagidxError
        The tagger is another one.
    """
    analyzer = chosen(options["analyzer"], tagger, processes=processes, cancel=cancel)
    if analyzer.tagger_id != options["tagger"]:
        analyzer.__exit__()
        raise WagidxError(
            f"{index}: was built with tagger {options['tagger']}, not {analyzer.tagger_id}; give "
            "the file of that tagger with --tagger, or rebuild"
        )
    return analyzer
