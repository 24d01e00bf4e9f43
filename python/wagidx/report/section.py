"""What a report is made of: sections of plain words, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Figure", "Section", "Table"]


@dataclass(frozen=True)
class Table:
    """A table of text, as it is to be read.

    Attributes
    ----------
    caption : str
        What the table shows, with the unit of its numbers.
    columns : tuple of str
        Heads of the columns.
    rows : tuple of tuple of str
        A cell for each column.
    numbers_from : int
        First column whose cells are numbers, aligned to the right; those before it are names.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers_from: int = 1

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.caption}: a row has not {len(self.columns)} cells")


@dataclass(frozen=True)
class Figure:
    """A figure, drawn already.

    Attributes
    ----------
    caption : str
        What it shows, with units.
    alternative : str
        The same for who cannot see it: what a reader would take from it.
    svg : str
        The drawing as an SVG document, its clouds of points rasterised.
    """

    caption: str
    alternative: str
    svg: str


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Attributes
    ----------
    title : str
        Its head.
    text : tuple of str
        Paragraphs, in plain words.
    tables : tuple of Table
    figures : tuple of Figure
    command : str
        The command that makes the numbers again, or nothing.
    """

    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    command: str = ""
