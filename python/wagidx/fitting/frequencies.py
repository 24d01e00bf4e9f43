"""How often each concept occurs: a table with columns `concept` and `count`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wagidx.exceptions import FitError
from wagidx.fitting.tables import CONCEPTS, cells_of, column, names_of, numbers, read, records

__all__ = ["Frequencies", "normalised", "read_frequencies"]

COUNTS = ("count", "frequency", "freq")


def normalised(concept: str) -> str:
    """A name as names are compared when they are not equal: lower case, `_` for a blank."""
    return " ".join(concept.lower().replace("_", " ").split())


@dataclass(frozen=True)
class Frequencies:
    """Counts by name.

    Attributes
    ----------
    name : str
        Where they are from, for messages.
    exact : dict of str to float
        By the name as written.
    loose : dict of str to list of str
        Names as written, by the name they normalise to.
    """

    name: str
    exact: dict[str, float]
    loose: dict[str, list[str]] = field(repr=False)

    def find(self, concept: str) -> str | None:
        """The name under which a concept's count stands, or None.

        Raises
        ------
        FitError
            Several names normalise to the concept's, with different counts.
        """
        if concept in self.exact:
            return concept
        found = self.loose.get(normalised(concept), [])
        if len({self.exact[name] for name in found}) > 1:
            names = " and ".join(map(repr, found[:2]))
            raise FitError(f"{self.name}: {concept!r} could be {names}, whose counts differ")
        return found[0] if found else None


def read_frequencies(source: Any) -> Frequencies:
    """Read counts.

    Parameters
    ----------
    source : path, Arrow stream, data frame, dict or list of records
        With columns `concept` and `count`, or `{concept: count}`.

    Raises
    ------
    FitError
        A column is missing, a count is not a number, negative or a share, or a concept has two
        counts.
    """
    name, value = read(source, "frequencies")
    names, counts = _columns(name, value)
    if not names:
        raise FitError(f"{name}: the table holds no rows")
    exact: dict[str, float] = {}
    loose: dict[str, list[str]] = {}
    for concept, count in zip(names, counts):
        if exact.get(concept, count) != count:
            counts_of = f"with counts {exact[concept]:g} and {count:g}; keep one of them"
            raise FitError(f"{name}: the concept {concept!r} appears twice, {counts_of}")
        if count < 0:
            raise FitError(f"{name}: the count of {concept!r} is {count:g}, below 0")
        if 0 < count < 1:  # which would enter as 1, as if all shares were alike
            share = f"the count of {concept!r} is {count:g}, between 0 and 1"
            raise FitError(f"{name}: {share}; give the number of captions, not their share")
        if concept not in exact:
            loose.setdefault(normalised(concept), []).append(concept)
        exact[concept] = count
    return Frequencies(name, exact, loose)


def _columns(name: str, value: Any) -> tuple[list[str], list[float]]:
    if not isinstance(value, Mapping):
        raise FitError(f"{name}: neither a table nor an object of counts by concept")
    if isinstance(value.get("counts"), list) and "concept" not in value:  # `wagidx count --json`
        value = records(value["counts"], name)
    read_as = [(str(key), cells_of(cells)) for key, cells in value.items()]
    table = {key: cells for key, cells in read_as if cells is not None}
    if len(table) < len(read_as):
        names = [key for key, _ in read_as]
        return names, numbers(value.values(), "count", name, names)
    concept, count = column(table, CONCEPTS), column(table, COUNTS)
    if concept is None or count is None:
        there = ", ".join(map(repr, table)) or "none"
        raise FitError(f"{name}: needs the columns 'concept' and 'count'; has {there}")
    names = names_of(table[concept], "concept", name)
    if len(table[count]) != len(names):
        raise FitError(f"{name}: {len(names)} concepts but {len(table[count])} counts")
    return names, numbers(table[count], "count", name, names)
