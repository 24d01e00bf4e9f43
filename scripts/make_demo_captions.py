"""Make the demo captions: `python scripts/make_demo_captions.py [--check]`.

The captions that ship with the package are written for it: nothing in them is copied from any
dataset.  Some are written out by hand (`demo/handwritten.txt`, where an empty line is an empty
caption, and `demo/other_languages.tsv`); the others are drawn from hand-written grammars, one
domain a file, in `demo/*.txt`.  A grammar holds

* `share N`: how many captions the domain gives;
* `== concepts`: the things it is about, the most frequent first, `singular[=plural]` (an empty
  plural: a name or a mass, without plural and article).  The draw is Zipf-like, which gives the
  corpus its long tail;
* `== templates`: used in turn, so that none is worn out;
* `== NAME`: a list of phrases.  `common.txt` holds the lists every domain may use.

In a template `{name}` is a phrase of that list, `{Name}` the phrase in title case, `{a name}` the
phrase with its article, `{c}`, `{cs}`, `{ac}` the concept, its plural, and it with its article,
`{c-}`, `{c_}`, `{c+}` the concept as file names and hashtags have it, `{5..20}` a number,
`[one~or~the other]` a choice; `^` in front starts the caption with a capital.

The output is a function of SEED alone, on every Python version: of `random.Random` only
`random()` is used, whose sequence Python promises to keep.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SEED = 20240404
GRAMMARS = Path(__file__).parent / "demo"
TARGET = Path(__file__).parent.parent / "python" / "wagidx" / "data" / "demo_captions.tsv"
HEADER = ("key", "caption", "url", "language")

CHOICE = re.compile(r"\[([^][]*~[^][]*)\]")
NUMBER = re.compile(r"\{(\d+)\.\.(\d+)\}")
REFERENCE = re.compile(r"\{(a )?([A-Za-z]+\d?)([-_+]?)\}")
CONCEPT_FORM = re.compile(r"a?cs?", re.IGNORECASE)
APOSTROPHES = ["\u2019", "\u2019", "&#39;", "\u00e2\u20ac\u2122"]  # the last is mojibake
SMALL_WORDS = {"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"}
VOWEL_SOUND = re.compile(r"(?!eu|uni|us[eb]|uk|one)[aeiou]|hour|f-?\d|f/|8|11 |18|suv|lp ", re.I)


class Draw:
    """A seeded source of choices that needs nothing but a stream of uniform numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random

    def below(self, n: int) -> int:
        return int(self.random() * n)

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def choice(self, items: list[T]) -> T:
        return items[self.below(len(items))]

    def shuffled(self, items: list[T]) -> list[T]:
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result

    def zipf(self, items: list[T]) -> T:
        """Draw an item with a probability that falls as the power -1.1 of its rank."""
        weights = [1.0 / (rank + 2) ** 1.1 for rank in range(len(items))]
        left = self.random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]


@dataclass(frozen=True)
class Concept:
    """What a caption is about, in both numbers."""

    singular: str
    plural: str
    takes_article: bool

    @classmethod
    def parse(cls, line: str) -> Concept:
        singular, marked, plural = line.partition("=")
        if not marked:
            return cls(singular, singular + "s", True)
        return cls(singular, plural or singular, bool(plural))


@dataclass(frozen=True)
class Grammar:
    """One domain: its concepts, its templates, and the phrases they are filled with."""

    share: int
    concepts: list[Concept]
    templates: list[str]
    phrases: dict[str, list[str]]


def read_grammar(path: Path, common: dict[str, list[str]]) -> Grammar:
    share, sections = read_sections(path)
    concepts = [Concept.parse(line) for line in sections.pop("concepts")]
    return Grammar(share, concepts, sections.pop("templates"), common | sections)


def read_sections(path: Path) -> tuple[int, dict[str, list[str]]]:
    share = 0
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("share "):
            share = int(line.removeprefix("share "))
        elif line.startswith("== "):
            lines = sections.setdefault(line.removeprefix("== "), [])
        elif line:
            lines.append(line)
    return share, sections


class Writer:
    """Fills the templates of one grammar."""

    def __init__(self, grammar: Grammar, draw: Draw) -> None:
        self.grammar = grammar
        self.draw = draw

    def captions(self) -> Iterator[str]:
        """Yield captions without end, each template once before any comes again."""
        while True:
            for template in self.draw.shuffled(self.grammar.templates):
                yield self.fill(template)

    def fill(self, template: str) -> str:
        concept = self.draw.zipf(self.grammar.concepts)
        text = self.expand(template.removeprefix("^"), concept)
        return capital(text) if template.startswith("^") else text

    def expand(self, text: str, concept: Concept) -> str:
        text = CHOICE.sub(lambda found: self.draw.choice(found[1].split("~")), text)
        text = NUMBER.sub(lambda found: self.number(found[1], found[2]), text)
        return REFERENCE.sub(lambda found: self.reference(found, concept), text)

    def number(self, low: str, high: str) -> str:
        value = int(low) + self.draw.below(int(high) - int(low) + 1)
        return str(value).zfill(len(low) if low.startswith("0") else 0)

    def reference(self, found: re.Match[str], concept: Concept) -> str:
        article, name, joiner = found.groups()
        if CONCEPT_FORM.fullmatch(name):
            phrase = concept.plural if name.endswith("s") else concept.singular
            article = concept.takes_article and (article or name.lower().startswith("ac"))
        else:
            phrase = self.expand(self.draw.choice(self.grammar.phrases[name.lower()]), concept)
        if name[0].isupper():
            phrase = title(phrase)
        if joiner:
            phrase = joiner.strip("+").join(re.findall(r"[^\W_]+", phrase.lower()))
        return with_article(phrase) if article else phrase


def title(phrase: str) -> str:
    """Capitalise the words, as a shop does: small words and words with capitals stay."""
    words = phrase.split(" ")
    return " ".join(
        word if (position and word in SMALL_WORDS) or word != word.lower() else capital(word)
        for position, word in enumerate(words)
    )


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def with_article(phrase: str) -> str:
    return ("an " if VOWEL_SOUND.match(phrase) else "a ") + phrase


def weathered(caption: str, draw: Draw) -> str:
    """Let happen to a caption what happens to captions on the web."""
    fate = draw.random()
    if fate < 0.03:
        caption = caption.upper()
    elif fate < 0.07:
        caption = title(caption)
    elif fate < 0.11:
        caption = caption.lower()
    elif fate < 0.13 and len(caption) > 45:
        caption = caption[: 30 + draw.below(14)].rstrip() + draw.choice(["...", "…"])
    elif fate < 0.14:
        caption = caption.replace(" ", "  ", 1)
    elif fate < 0.17 and "." not in caption:
        caption += "."
    if "&" in caption and draw.chance(0.4):
        caption = caption.replace("&", "&amp;")
    if "'" in caption and draw.chance(0.3):
        caption = caption.replace("'", draw.choice(APOSTROPHES))
    return caption


def generated_captions(draw: Draw, seen: set[str]) -> list[str]:
    """Draw every domain's share of captions, each unlike all before it."""
    _, common = read_sections(GRAMMARS / "common.txt")
    captions: list[str] = []
    for path in sorted(GRAMMARS.glob("*.txt")):
        if path.stem in ("common", "handwritten"):
            continue
        grammar = read_grammar(path, common)
        stream = Writer(grammar, draw).captions()
        wanted = len(captions) + grammar.share
        while len(captions) < wanted:
            caption = weathered(next(stream), draw)
            if caption not in seen:
                seen.add(caption)
                captions.append(caption)
    return captions


def handwritten_captions() -> list[tuple[str, str]]:
    english = (GRAMMARS / "handwritten.txt").read_text(encoding="utf-8").splitlines()
    others = (GRAMMARS / "other_languages.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(caption, "en") for caption in english]
    for line in others:
        language, caption = line.split("\t")
        rows.append((caption, language))
    return rows


def address(row: int, caption: str, draw: Draw) -> str:
    """Make an image address as shops, blogs and agencies have them; the row keeps it unique."""
    slug = "-".join(re.findall(r"[a-z0-9]+", caption.lower())[:7]) or "image"
    number = draw.below(9000) + 1000
    form = draw.choice(
        [
            "wp-content/uploads/{year}/{month:02}/{slug}-{row}.jpg",
            "cdn/products/{row}_{number}_large.jpg",
            "images/I/{row}{number}._SL500_.jpg",
            "stock/{slug}-{number}{row}.jpg",
            "gallery/{row}/{slug}.png",
            "media/catalog/{number}/{row}.webp",
            "u/{row}/photos/IMG_{number}.JPG",
            "thumbs/{row}.jpg?w=300&h={number}",
        ]
    )
    year, month = 2008 + draw.below(14), 1 + draw.below(12)
    path = form.format(slug=slug, row=row, number=number, year=year, month=month)
    return f"https://example.org/{path}"


def demo_table(seed: int) -> str:
    """Return the whole file: TSV with a header and without any quoting."""
    draw = Draw(seed)
    rows = handwritten_captions()
    seen = {caption for caption, _ in rows}
    rows += [(caption, "en") for caption in generated_captions(draw, seen)]
    lines = ["\t".join(HEADER)]
    for row, (caption, language) in enumerate(draw.shuffled(rows)):
        lines.append("\t".join((f"{row:09}", caption, address(row, caption, draw), language)))
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare with the shipped file")
    table = demo_table(SEED)
    if not parser.parse_args().check:
        TARGET.write_text(table, encoding="utf-8", newline="\n")
        return 0
    if TARGET.read_text(encoding="utf-8") != table:
        print(f"{TARGET} differs: run {Path(__file__).name}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
