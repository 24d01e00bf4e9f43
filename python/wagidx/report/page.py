"""Sections laid out as one HTML file that needs nothing else.

Whoever gets the file can open it in ten years without a network: style stands in it, figures are
data, there is no script, and a policy in its head forbids the browser to fetch anything. Figures
are images rather than parts of the document, so nothing in a drawing can run or clash with another.

All text is escaped here and nowhere else: sections hold text as it is to be read.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from wagidx.report.section import Figure, Section, Table

__all__ = ["page"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(title: str, lead: Sequence[str], sections: Sequence[Section]) -> str:
    """Lay sections out as a document with a table of contents.

    Parameters
    ----------
    title : str
        Of the document.
    lead : sequence of str
        Paragraphs before the contents: what this is, and of what.
    sections : sequence of Section
        In the order in which they are read.

    Returns
    -------
    str
        HTML, to be written as UTF-8. O(length).
    """
    names = _names([section.title for section in sections])
    style = (files("wagidx.report") / "page.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            *_head(title, style),
            '<a class="skip" href="#content">Skip the contents</a>',
            "<header>",
            f"<h1>{_shown(title)}</h1>",
            *_paragraphs(lead),
            "</header>",
            *_contents(sections, names),
            '<main id="content">',
            *(line for pair in zip(sections, names) for line in _section(*pair)),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _head(title: str, style: str) -> Iterator[str]:
    yield from ("<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">')
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield from (f"<title>{_shown(title)}</title>", f"<style>\n{style}</style>", "</head>", "<body>")


def _contents(sections: Sequence[Section], names: Sequence[str]) -> Iterator[str]:
    yield from ('<nav aria-labelledby="contents">', '<h2 id="contents">Contents</h2>', "<ol>")
    for section, name in zip(sections, names):
        yield f'<li><a href="#{name}">{_shown(section.title)}</a></li>'
    yield from ("</ol>", "</nav>")


def _section(section: Section, name: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{_shown(section.title)}</h2>'
    yield from _paragraphs(section.text)
    for number, table in enumerate(section.tables, 1):
        yield from _table(table, f"{name}-table-{number}")
    for figure in section.figures:
        yield from _figure(figure)
    if section.command:
        yield f'<p class="command">Command: <code>{_shown(section.command)}</code></p>'
    yield "</section>"


def _table(table: Table, name: str) -> Iterator[str]:
    """A table in a box of its own that scrolls, which a keyboard must be able to reach."""
    yield f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{name}">'
    yield f'<table>\n<caption id="{name}">{_shown(table.caption)}</caption>'
    heads = (
        f'<th scope="col"{_side(i, table)}>{_shown(head)}</th>'
        for i, head in enumerate(table.columns)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cell(i, cell, table) for i, cell in enumerate(row))}</tr>"
    yield "</tbody>\n</table>\n</div>"


def _cell(place: int, text: str, table: Table) -> str:
    if place == 0:
        return f'<th scope="row"{_side(place, table)}>{_shown(text)}</th>'
    return f"<td{_side(place, table)}>{_shown(text)}</td>"


def _side(place: int, table: Table) -> str:
    return ' class="number"' if place >= table.numbers_from else ""


def _figure(figure: Figure) -> Iterator[str]:
    data = base64.b64encode(figure.svg.encode("utf-8")).decode("ascii")
    source = f"data:image/svg+xml;base64,{data}"
    yield f'<figure>\n<img alt="{_shown(figure.alternative)}" src="{source}">'
    yield f"<figcaption>{_shown(figure.caption)}</figcaption>\n</figure>"


def _paragraphs(text: Sequence[str]) -> Iterator[str]:
    return (f"<p>{_shown(one)}</p>" for one in text)


def _names(titles: Sequence[str]) -> list[str]:
    """A name for each title to link to, in letters of which all links are made, each once."""
    found: list[str] = []
    for title in titles:
        plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"
        name, number = plain, 1
        while name in ("content", "contents", *found):
            number += 1
            name = f"{plain}-{number}"
        found.append(name)
    return found


def _shown(text: str) -> str:
    """Text as it is to be read, for content and for quoted attributes.

    What no browser shows, such as a control character or half of a pair, becomes its code.
    """
    clean = "".join(c if c.isprintable() or c == "\n" else _code(c) for c in text)
    return escape(clean, quote=True)


def _code(character: str) -> str:
    return " " if character.isspace() else f"\\u{ord(character):04x}"
