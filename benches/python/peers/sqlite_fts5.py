"""SQLite's FTS5: contentless, without positions, one transaction, optimised at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

TABLE = """create virtual table captions using fts5(
    text, content='', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0")"""


def build(output: Path, texts: Iterable[str], words: list[str]) -> None:
    connection = sqlite3.connect(output)
    connection.execute("pragma journal_mode = off")
    connection.execute("pragma synchronous = off")
    connection.execute(TABLE)
    insert = "insert into captions(rowid, text) values (?, ?)"
    connection.executemany(insert, enumerate(texts, 1))
    connection.execute("insert into captions(captions) values ('optimize')")
    connection.commit()
    connection.close()


def counts(output: Path, words: list[str]) -> list[int]:
    connection = sqlite3.connect(output)
    connection.execute("create virtual table temp.terms using fts5vocab(main, captions, row)")
    ask = "select coalesce(sum(doc), 0) from temp.terms where term = ?"
    return [connection.execute(ask, (word,)).fetchone()[0] for word in words]
