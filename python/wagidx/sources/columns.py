"""Which column holds the captions: by convention, or as the user says.

Datasets disagree on the name (``TEXT`` in LAION, ``text`` in COYO and DataComp, ``caption`` in CC
and RedCaps, ``captions`` in SBU), so names are looked for in a fixed order of preference, without
regard to case, and ``-`` or a blank counts as ``_``. The first name of the list that the file has
wins; where the file has it twice in different case, the first column does.
"""

from __future__ import annotations

from collections.abc import Sequence

from wagidx.exceptions import SourceError
from wagidx.printable import printable

__all__ = ["CAPTION_NAMES", "KEY_NAMES", "URL_NAMES", "by_convention", "by_name", "no_caption"]

CAPTION_NAMES = (
    "text",
    "caption",
    "captions",
    "alt_text",
    "alttext",
    "alt",
    "title",
    "description",
    "txt",
    "sentence",
    "prompt",
)
KEY_NAMES = ("key", "uid", "id", "image_id", "sample_id", "__key__", "image_path")
URL_NAMES = ("url", "image_url", "img_url", "imageurl", "link")


def normal(name: str) -> str:
    """The form in which column names are compared with the conventions."""
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def by_convention(names: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The column whose name comes first in a list of conventional names, or None."""
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(normal(name), name)
    return next((spelled[name] for name in wanted if name in spelled), None)


def by_name(names: Sequence[str], given: str, *, source: str, option: str) -> str:
    """The column a user named: exactly, or in another case where only one column can be meant.

    Raises
    ------
    SourceError
        No such column; the message lists those there are.
    """
    if given in names:
        return given
    alike = [name for name in names if name.casefold() == given.casefold()]
    if len(alike) == 1:
        return alike[0]
    there = listed(names)
    raise SourceError(f"{printable(source)}: no column {given!r} ({option}); columns: {there}")


def no_caption(names: Sequence[str], *, source: str) -> SourceError:
    """The error for a file where no column looks like captions."""
    return SourceError(
        f"{printable(source)}: no caption column found; name it with --caption-column; "
        f"columns: {listed(names)}"
    )


def listed(names: Sequence[str]) -> str:
    """Names for a message, shortened where there are many."""
    head = ", ".join(printable(name) for name in names[:40])
    more = f", ... ({len(names)} in all)" if len(names) > 40 else ""
    return (head or "none") + more
