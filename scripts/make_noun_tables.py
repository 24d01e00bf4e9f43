"""Generate the word lists of the guarded lemma and the tagger in rust/wagidx-text/data.

Sources, both under the WordNet 3.0 licence (the first also under MIT):

* spacy-lookups-data 1.0.5 (`pip install spacy-lookups-data==1.0.5`): the words WordNet knows, by
  part of speech, and the irregular forms of each.
* the sense counts of WordNet 3.0, `cntlist.rev` of Debian's package wordnet-base.

Written, one word a line, sorted by bytes:

* nouns.txt: a noun, TAB, how often WordNet's tagged texts hold it as a noun;
* noun_exceptions.txt: an irregular plural, TAB, its singulars in the source's order;
* other_words.txt: words known as adjective, adverb or verb, in any of their forms, and as no noun;
* word_classes.txt: a word known as anything but a noun, TAB, what as (v verb, a adjective,
  r adverb, V irregular form of a verb, A of an adjective or adverb), TAB, how often WordNet's
  tagged texts hold it as one of these.

    python scripts/make_noun_tables.py [--wordnet /usr/share/wordnet/cntlist.rev] [--check]
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PACKAGE = "spacy-lookups-data"
PACKAGE_VERSION = "1.0.5"
TARGET = Path(__file__).parent.parent / "rust/wagidx-text/data"

# The ss_type digits of a WordNet sense key, and the parts of speech of the lookups.
KINDS = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
OTHERS = ("verb", "adj", "adv")


def lookups(table: str) -> dict[str, Any]:
    """One English lemma table of spacy-lookups-data, by part of speech."""
    package = importlib.metadata.distribution(PACKAGE)
    if package.version != PACKAGE_VERSION:
        raise SystemExit(
            f"{PACKAGE} {package.version} is installed, the tables are made from"
            f" {PACKAGE_VERSION}: pip install {PACKAGE}=={PACKAGE_VERSION}"
        )
    path = package.locate_file(f"spacy_lookups_data/data/en_lemma_{table}.json.gz")
    with gzip.open(str(path), "rt", encoding="utf-8") as file:
        loaded: dict[str, Any] = json.load(file)
    return loaded


def tag_counts(cntlist: Path) -> dict[str, Counter[str]]:
    """How often each word was tagged as each part of speech, summed over its senses."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS.values()}
    with cntlist.open(encoding="ascii") as lines:
        for line in lines:
            sense, _, count = line.split()
            word, _, lexical = sense.partition("%")
            counts[KINDS[lexical[0]]][word] += int(count)
    return counts


def word_classes(
    index: dict[str, list[str]], exceptions: dict[str, Any], counts: dict[str, Counter[str]]
) -> Iterable[str]:
    """Lines of what is known of words beside that they are nouns."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for kind in OTHERS:
        base = "r" if kind == "adv" else kind[0]
        for word in index[kind]:
            classes[word].add(base)
        for word in exceptions[kind]:
            if word not in index[kind]:
                classes[word].add("V" if kind == "verb" else "A")
    for word, letters in classes.items():
        if word.isascii() and word.replace("-", "").isalpha():
            seen = sum(counts[kind][word] for kind in OTHERS)
            yield f"{word}\t{''.join(sorted(letters))}\t{seen}"


def regular_past(verb: str) -> str:
    """Give the regular past of a verb, without doubled consonants (those are exceptions)."""
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ied"
    return verb + "ed"


def other_words(index: dict[str, list[str]], exceptions: dict[str, Any]) -> set[str]:
    """Words known, in any form but the -ing form, as something that is not a noun.

    The -ing form of a verb is left out, because it is as good as a noun: "a kayaking".
    """
    words = {word for kind in ("adj", "adv", "verb") for word in index[kind]}
    words.update(regular_past(verb) for verb in index["verb"])
    irregular = {word for kind in ("adj", "adv", "verb") for word in exceptions[kind]}
    words.update(word for word in irregular if not word.endswith("ing"))
    return {word for word in words if word.isascii() and word.isalpha()} - set(index["noun"])


def render(lines: Iterable[str]) -> str:
    """Lines in byte order, each ended by a newline."""
    return "".join(f"{line}\n" for line in sorted(lines))


def tables(cntlist: Path) -> dict[str, str]:
    """File name to content."""
    index, exceptions = lookups("index"), lookups("exc")
    counts = tag_counts(cntlist)
    return {
        "nouns.txt": render(f"{noun}\t{counts['noun'][noun]}" for noun in index["noun"]),
        "noun_exceptions.txt": render(
            f"{plural}\t{' '.join(singulars)}" for plural, singulars in exceptions["noun"].items()
        ),
        "other_words.txt": render(other_words(index, exceptions)),
        "word_classes.txt": render(word_classes(index, exceptions, counts)),
    }


def main() -> None:
    """Write the files, or with --check compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet/cntlist.rev"))
    parser.add_argument("--check", action="store_true", help="exit 1 where a file differs")
    options = parser.parse_args()
    for name, content in tables(options.wordnet).items():
        path = TARGET / name
        if not options.check:
            path.write_text(content, encoding="ascii", newline="\n")
        elif path.read_text(encoding="ascii") != content:
            raise SystemExit(f"{path} differs from what the script makes: run it without --check")


if __name__ == "__main__":
    main()
