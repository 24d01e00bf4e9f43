"""Train the tagger that is shipped: python/wagidx/data/tagger/english.wagtag.

The treebank is UD English-EWT r2.16 (universaldependencies.org, CC BY-SA 4.0), which is not part of
the project; so are the weights trained on it, which stand in a file of their own beside their
licence. The same file, seed and version of the library give the same bytes.

    python scripts/train_tagger.py en_ewt-ud-train.conllu [--dev en_ewt-ud-dev.conllu] [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wagidx import _native
from wagidx.tagging.conllu import Sentence, read_conllu

TARGET = Path(__file__).parent.parent / "python/wagidx/data/tagger/english.wagtag"
PASSES = 14
RUNS = 7
SEED = 0


def train(sentences: list[Sentence], passes: int, seed: int) -> _native.TrainedTagger:
    """Train on sentences, telling of each pass."""
    tokens = [sentence.tokens for sentence in sentences]
    words = sum(map(len, tokens))

    def tell(number: int, wrong: int) -> None:
        print(f"pass {number + 1}: {1 - wrong / words:.4f}", file=sys.stderr)

    tags = [sentence.xpos for sentence in sentences]
    return _native.train_tagger(
        tokens, tags, passes=passes, runs=RUNS, seed=seed, recase=True, progress=tell
    )


def noun_f1(found: list[list[bool]], sentences: list[Sentence]) -> float:
    """F1 of telling nouns and names, as one class, from other words."""
    pairs = [
        (noun, upos in ("NOUN", "PROPN"))
        for nouns, sentence in zip(found, sentences, strict=True)
        for noun, upos in zip(nouns, sentence.upos, strict=True)
    ]
    both = sum(a and b for a, b in pairs)
    return 2 * both / (sum(a for a, _ in pairs) + sum(b for _, b in pairs))


def accuracy(found: list[list[str]], sentences: list[Sentence]) -> float:
    """Share of the words that have the coarse tag of the treebank."""
    pairs = [
        pair
        for tags, sentence in zip(found, sentences, strict=True)
        for pair in zip(tags, _native.coarse_tags(sentence.xpos), strict=True)
    ]
    return sum(a == b for a, b in pairs) / len(pairs)


def report(tagger: _native.Tagger, sentences: list[Sentence]) -> None:
    """Print what the tagger gets right of a treebank, as it stands and in each case."""
    tokens = [sentence.tokens for sentence in sentences]
    print(f"noun F1        {noun_f1(tagger.nouns(tokens), sentences):.4f}")
    print(f"coarse tags    {accuracy(tagger.tags(tokens), sentences):.4f}")
    for case in ("lower", "title", "upper"):
        recased = [_native.recased(words, case) for words in tokens]
        print(f"  in {case:<10} {accuracy(tagger.tags(recased), sentences):.4f}")


def main() -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("treebank", type=Path)
    parser.add_argument("--dev", type=Path, help="a treebank to report on")
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--check", action="store_true", help="exit 1 where the file differs")
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    options = parser.parse_args()
    trained = train(list(read_conllu(options.treebank)), options.passes, options.seed)
    tagger = trained.quantised()
    if options.dev is not None:
        report(tagger, list(read_conllu(options.dev)))
    if not options.check:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_bytes(tagger.to_bytes())
    elif options.output.read_bytes() != tagger.to_bytes():
        raise SystemExit(f"{options.output} differs from what the script makes: run it anew")


if __name__ == "__main__":
    main()
