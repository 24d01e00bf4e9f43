"""A page taken apart, and the report on the made-up release."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from wagidx.paper import Release, Reproduction
from wagidx.report.folder import write_folder

EMPTY = {"meta", "img", "br"}


class Page(HTMLParser):
    """A page taken apart, which fails where a tag closes another."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.heads: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "h2":
            self.heads.append("")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        inside = self.open[-1] if self.open else ""
        if inside in ("td", "th"):
            self.rows[-1][-1] += data
        elif inside == "h2":
            self.heads[-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str | None]:
        """Every id, in order."""
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def fetched(self) -> list[str]:
        """Everything that a browser would ask for, or that a click leads to."""
        names = ("src", "href", "srcset", "action", "data", "poster", "background")
        return [
            str(value) for _, held in self.tags for name, value in held.items() if name in names
        ]


@pytest.fixture(scope="session")
def parsed() -> type[Page]:
    """The parser, as tests take it."""
    return Page


@pytest.fixture(scope="session")
def written(
    reproduced: Reproduction, made_up: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder that `wagidx reproduce -o` writes for the made-up release."""
    folder = tmp_path_factory.mktemp("reproduced") / "out"
    write_folder(reproduced, Release(made_up), folder)
    return folder
