"""Generate the list of English verbs in python/wagidx/data/verbs.

Source: spacy-lookups-data 1.0.5 (MIT, with words of WordNet 3.0 under its licence).

Written to verbs.tsv, sorted: a verb, or an irregular form, TAB, its verb. Left out are forms that
end in -s, which alone are read as plurals, and those that the endings -ed and -ing tell by
themselves.

    python scripts/make_verb_table.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from make_noun_tables import lookups
from wagidx.tagging.isolated import ENDINGS

TARGET = Path(__file__).parent.parent / "python/wagidx/data/verbs/verbs.tsv"


def lines() -> Iterator[str]:
    """The lines of the table."""
    verbs = set(lookups("index")["verb"])
    yield from verbs
    for form, bases in lookups("exc")["verb"].items():
        told = [form[: -len(old)] + new for old, new in ENDINGS if form.endswith(old)]
        ruled = [one for one in told if one in verbs]
        # spaCy puts each before those it has, unless it has it
        first = [base for base in reversed(bases) if base not in ruled] + ruled
        by_ending = form if form in verbs else next(iter(ruled), form)
        if first[0] != by_ending and not form.endswith("s"):
            yield f"{form}\t{first[0]}"


def run(check: bool) -> int:
    """Write or compare; returns the exit code."""
    text = "".join(f"{line}\n" for line in sorted(lines()))
    if not check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") != text:
        print(f"{TARGET} is not what this script writes", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Generate the list of English verbs.")
    parser.add_argument("--check", action="store_true", help="only compare with what is there")
    sys.exit(run(parser.parse_args().check))
