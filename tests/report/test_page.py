"""The page holds what sections say, runs nothing and asks for nothing."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagidx.report.page import page
from wagidx.report.section import Figure, Section, Table

HOSTILE = "<script>alert('x')</script> & \"quoted\" ]]> --> \x00\u202e"
SHOWN = "<script>alert('x')</script> & \"quoted\" ]]> --> \\u0000\\u202e"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>'


def section(text: str, title: str = "A part") -> Section:
    table = Table(text, (text, text), ((text, text),))
    return Section(title, (text,), (table,), (Figure(text, text, SVG),), text)


def test_whatever_is_said_is_shown_and_nothing_of_it_runs(parsed: Any) -> None:
    found = parsed(page(HOSTILE, [HOSTILE], [section(HOSTILE, HOSTILE)]))
    assert found.named("script") == []
    # title, h1, lead, contents, h2, text, caption, 2 heads, 2 cells, command, figure's caption
    assert found.text.count(SHOWN) == 13
    assert found.named("img")[0]["alt"] == SHOWN


def test_nothing_is_fetched(parsed: Any) -> None:
    found = parsed(page("A title", [], [section("text")]))
    asked = [
        value
        for _, attributes in found.tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "action", "data", "poster")
    ]
    assert asked
    assert all(value and value.startswith(("#", "data:image/svg+xml;base64,")) for value in asked)
    policy = found.named("meta")[1]["content"]
    assert policy and policy.startswith("default-src 'none'")
    assert "@import" not in "".join(found.text) and "url(" not in "".join(found.text)


def test_a_figure_is_the_drawing_given(parsed: Any) -> None:
    source = parsed(page("t", [], [section("text")])).named("img")[0]["src"]
    assert source is not None
    assert base64.b64decode(source.partition(",")[2]).decode() == SVG


def test_the_contents_lead_to_every_section(parsed: Any) -> None:
    titles = ["One", "One", "One 2", "content", "", "Größe", "!"]
    found = parsed(page("t", [], [Section(title) for title in titles]))
    links = [a["href"] for a in found.named("a")]
    assert len(set(found.ids)) == len(found.ids)
    assert {link[1:] for link in links if link} <= set(found.ids)
    assert len(links) == 1 + len(titles)  # and the one that skips the contents


@given(st.lists(st.text(max_size=8), max_size=6))
def test_every_list_of_titles_gives_names_that_differ(parsed: Any, titles: list[str]) -> None:
    ids = parsed(page("t", [], [Section(title) for title in titles])).ids
    assert len(set(ids)) == len(ids)


def test_numbers_stand_to_the_right_and_names_head_their_rows(parsed: Any) -> None:
    table = Table("t", ("name", "kind", "n"), (("a", "b", "1"),), numbers_from=2)
    found = parsed(page("t", [], [Section("s", tables=(table,))]))
    assert [cell.get("class") for cell in found.named("th")] == [None, None, "number", None]
    assert [cell.get("scope") for cell in found.named("th")] == ["col", "col", "col", "row"]
    assert [cell.get("class") for cell in found.named("td")] == [None, "number"]


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="has not 2 cells"):
        Table("t", ("a", "b"), (("1",),))
