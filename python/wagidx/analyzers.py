"""Which analyzer reads the captions: what `build` is asked for, and what an index says it had."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from wagidx import _native
from wagidx.exceptions import WagidxError
from wagidx.tagging.files import load_tagger

__all__ = ["ANALYZERS", "DEFAULT", "Analyzer", "chosen", "chosen_again", "tier_of"]

ANALYZERS = ("noun", "lemma", "surface")
DEFAULT = "noun"

TaggerPath = str | os.PathLike[str] | None


@dataclass(frozen=True)
class Analyzer:
    """What reads captions.

    Attributes
    ----------
    name : str
        As it was asked for: ``surface``, ``lemma`` or ``noun``.
    tier : str
        What makes keys of tokens.
    tagger : Tagger or None
        What tells nouns from other words.
    tagger_id : str or None
        What stands for it in an index.
    """

    name: str
    tier: str
    tagger: _native.Tagger | None = None
    tagger_id: str | None = None

    def options(self) -> dict[str, Any]:
        """What decides the answers of an index."""
        return {"analyzer": self.name, "tagger": self.tagger_id}


def tier_of(options: dict[str, Any]) -> str:
    """What makes keys of tokens in an index built with these options."""
    return "noun" if options["tagger"] is not None else str(options["analyzer"])


def chosen(name: str, tagger: TaggerPath = None) -> Analyzer:
    """The analyzer of this name.

    Parameters
    ----------
    name : str
        One of `ANALYZERS`.
    tagger : path, optional
        A tagger file for ``noun``; the one that is shipped if there is none.

    Raises
    ------
    ValueError
        There is no such analyzer, it has no tagger, or the file is none.
    """
    if name == "noun":
        loaded = load_tagger(tagger)
        return Analyzer(name, name, loaded, loaded.hash)
    if name not in ANALYZERS:
        raise ValueError(f"analyzer {name!r} is not known; there are {', '.join(ANALYZERS)}")
    if tagger is not None:
        raise ValueError(f"a tagger goes with analyzer noun, not with {name}")
    return Analyzer(name, name)


def chosen_again(options: dict[str, Any], tagger: TaggerPath, index: object) -> Analyzer:
    """The analyzer that an index was built with, to add captions to it.

    Raises
    ------
    WagidxError
        The tagger is another one.
    """
    analyzer = chosen(options["analyzer"], tagger)
    if analyzer.tagger_id != options["tagger"]:
        raise WagidxError(
            f"{index}: was built with tagger {options['tagger']}, not {analyzer.tagger_id}; give "
            "the file of that tagger with --tagger, or build anew"
        )
    return analyzer
