"""Print how far nouns, keys and counts are from those of the study, each figure beside its bound.

What it reads is not part of the project and stands in two folders:

* `--ud` or $WAGIDX_UD: `*train.conllu` and `*test.conllu` of UD English-EWT, and
  `lg_counts_coco.json`, the study's counts (see fidelity_coco.py);
* `--corpora` or $WAGIDX_CORPORA: captions in Parquet, among them `coco_karpathy_test.parquet` and
  `laion_cah_10k.parquet`, whose labels stand in tests/labels.

The exit code is 1 where a bound is not met. The figures are of test data: report them, and tune on
none of them.

    python scripts/fidelity.py --ud FOLDER --corpora FOLDER [--tagger FILE] [--spacy MODEL]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow.parquet as pq
from fidelity_coco import Agreement, agreement, read_counts, read_images
from fidelity_labels import Found, read_labelled, scores
from train_tagger import PASSES, SEED, accuracy, noun_f1, train
from wagidx import _native
from wagidx.tagging.conllu import Sentence, read_conllu
from wagidx.tagging.files import load_tagger

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import reference_lemma
from spacy_stress import SPACY_VERSION, compare

COCO = "coco_karpathy_test.parquet"
LABELLED = "laion_cah_10k.parquet"
COUNTS = "lg_counts_coco.json"
CAPTIONS_PER_CORPUS = 6_000

Texts = list[list[str]]


@dataclass(frozen=True)
class Line:
    """A figure of the table.

    Attributes
    ----------
    what, note : str
        What is measured, and what should be known of it.
    value : float
        A count where it is an int, else a share.
    least, most : float, optional
        The bound that it has to keep.
    """

    what: str
    value: float
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def bound(self) -> str:
        """The bound, with its sign."""
        if self.least is not None:
            return f">= {self.least:.3f}"
        if self.most is None:
            return ""
        return f"<= {self.most:.3f}" if isinstance(self.value, float) else f"<= {self.most}"

    @property
    def is_met(self) -> bool:
        """Whether there is no bound, or the value keeps it."""
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    def __str__(self) -> str:
        """Return the line as it is printed."""
        value = f"{self.value:.5f}" if isinstance(self.value, float) else f"{self.value:,}"
        verdict = ("met" if self.is_met else "MISSED") if self.bound else ""
        return f"{self.what:<46}{value:>9}  {self.bound:<9}{verdict:<8}{self.note}".rstrip()


def read_captions(path: Path) -> list[str]:
    """Return the captions of a corpus that are not NULL."""
    column = pq.read_table(path, columns=["caption"]).column("caption")
    return [text for text in column.to_pylist() if text is not None]


def tokenised(captions: list[str]) -> Texts:
    """Return the tokens of captions, those of white space left out."""
    return [[t for t in tokens if not t.isspace()] for tokens in _native.tokens(captions)]


def flat_lemmas(texts: Texts, tags: Texts) -> list[list[str | None]]:
    """Return spaCy's lemma of every noun, None for any other word."""
    lemmas = iter(_native.spacy_noun_lemmas(list(chain(*texts)), list(chain(*tags))))
    return [[next(lemmas) for _ in tokens] for tokens in texts]


def noun_keys(texts: Texts, nouns: Sequence[Sequence[bool]]) -> list[list[str | None]]:
    """Return our key of every noun, None for any other word."""
    keys = iter(_native.keys(list(chain(*texts)), "lemma"))
    pairs = [[(next(keys), noun) for noun in of] for of in nouns]
    return [[key if noun else None for key, noun in of] for of in pairs]


def spacy_lines(tagger: _native.Tagger, corpora: Path) -> Iterable[Line]:
    """Tokens and lemmas beside spaCy's, over some captions of every corpus."""
    captions = []
    for path in sorted(corpora.glob("*.parquet")):
        found = read_captions(path)
        captions += found[:: max(1, len(found) // CAPTIONS_PER_CORPUS)]
    result = compare(captions, _native.tokens)
    note = f"{result.texts:,} captions, {result.tokens:,} tokens, spaCy {SPACY_VERSION}"
    yield Line("captions whose tokens differ from spaCy's", result.differing, most=0, note=note)
    texts = tokenised(captions)
    tags = tagger.tags(texts)
    ours = chain(*flat_lemmas(texts, tags))
    tagged = list(zip(chain(*texts), chain(*tags), strict=True))
    theirs = [reference_lemma.noun_lemma(token, tag) for token, tag in tagged]
    differing = sum(a != b for a, b in zip(ours, theirs, strict=True))
    nouns = sum(lemma is not None for lemma in theirs)
    note = f"{nouns:,} nouns, rule of spaCy 3.7"
    yield Line("noun lemmas that differ from spaCy's", differing, most=0, note=note)


def treebank_lines(tagger: _native.Tagger, sentences: list[Sentence]) -> Iterable[Line]:
    """Tags of gold tokens beside a treebank's."""
    tokens = [sentence.tokens for sentence in sentences]
    note = f"{sum(map(len, tokens)):,} words"
    yield Line("EWT test, coarse tags", accuracy(tagger.tags(tokens), sentences), 0.949, note=note)
    yield Line("EWT test, noun F1", noun_f1(tagger.nouns(tokens), sentences), 0.948)
    for case in ("lower", "title", "upper"):
        recased = [_native.recased(words, case) for words in tokens]
        found = accuracy(tagger.tags(recased), sentences)
        yield Line(f"EWT test in {case} case, coarse tags", found, 0.938)


def coco_lines(tagger: _native.Tagger, coco: Path, counts: Path) -> Iterable[Line]:
    """Counts of concepts beside the study's, with our keys and with spaCy's lemmas."""
    texts, images, study = tokenised(read_captions(coco)), read_images(coco), read_counts(counts)
    by_key = agreement(noun_keys(texts, tagger.nouns(texts)), images, study)
    yield from agreement_lines("our keys", by_key)
    by_lemma = agreement(flat_lemmas(texts, tagger.tags(texts)), images, study)
    yield from agreement_lines("spaCy's lemmas", by_lemma)


def agreement_lines(keys: str, found: Agreement) -> Iterable[Line]:
    """Lines of one way to make keys."""
    yield Line(f"COCO, {keys}, concept F1", found.f1, least=0.955, note="stretch .970")
    yield Line(f"COCO, {keys}, count L1", found.l1, most=0.030, note="stretch .020")
    yield Line(f"COCO, {keys}, counts within 15 %", found.near)


def quantised_line(train_on: list[Sentence], texts: Texts) -> Line:
    """Noun decisions of a tagger before and after its weights are made small."""
    trained = train(train_on, PASSES, SEED)
    before, after = chain(*trained.nouns(texts)), chain(*trained.quantised().nouns(texts))
    alike = [a == b for a, b in zip(before, after, strict=True)]
    is_shipped = trained.quantised().hash == load_tagger().hash
    which = "the shipped tagger" if is_shipped else "trained anew, NOT the shipped tagger"
    share = sum(alike) / len(alike)
    return Line(
        "quantised = float, noun or not", share, 0.999, note=f"{len(alike):,} words, {which}"
    )


def label_lines(tagger: _native.Tagger, captions: list[str], model: str | None) -> Iterable[Line]:
    """Nouns of captions labelled by hand, by every way to find them."""
    labelled = read_labelled(captions)
    texts = labelled.tokens
    ways: dict[str, Found] = {
        "noun": noun_keys(texts, tagger.nouns(texts)),
        "lemma": noun_keys(texts, [[True] * len(tokens) for tokens in texts]),
    }
    if model is not None:
        ways[f"spacy:{model}"] = model_lemmas(model, texts)
    note = f"{len(texts)} captions, {sum(map(len, labelled.nouns)):,} nouns"
    for way, found in ways.items():
        score = scores(found, labelled)
        yield Line(f"labels, {way}, precision", score.precision, note=note)
        yield Line(f"labels, {way}, recall", score.recall)
        yield Line(f"labels, {way}, keys alike", score.keys, note="of the nouns found")
        yield Line(f"labels, {way}, labels found", score.found, note="key anywhere in the caption")


def model_lemmas(model: str, texts: Texts) -> Found:
    """Return the lemmas, in small letters, of what a spaCy pipeline tags as nouns."""
    import spacy
    from spacy.tokens import Doc

    try:
        pipeline = spacy.load(model)
    except OSError as error:
        raise SystemExit(f"--spacy {model}: no such pipeline is installed: {error}") from None
    if "tagger" not in pipeline.pipe_names:
        raise SystemExit(f"--spacy {model}: the pipeline has no tagger")
    tags: Texts = []
    for tokens in texts:
        doc = Doc(pipeline.vocab, words=tokens)
        for name, component in pipeline.pipeline:
            if name in ("tok2vec", "transformer", "tagger"):
                doc = component(doc)
        tags.append([token.tag_ for token in doc])
    lemmas = flat_lemmas(texts, tags)
    return [[lemma and lemma.lower() for lemma in of] for of in lemmas]


def lines(options: argparse.Namespace) -> Iterable[Line]:
    """Give every line of the table, as it is measured."""
    tagger = load_tagger(options.tagger)
    test = list(read_conllu(treebank(options.ud, "test")))
    coco = options.corpora / COCO
    yield from treebank_lines(tagger, test)
    yield from coco_lines(tagger, coco, options.ud / COUNTS)
    yield from spacy_lines(tagger, options.corpora)
    yield from label_lines(tagger, read_rows(options.corpora / LABELLED), options.spacy)
    texts = [sentence.tokens for sentence in test] + tokenised(read_captions(coco))
    yield quantised_line(list(read_conllu(treebank(options.ud, "train"))), texts)


def read_rows(path: Path) -> list[str]:
    """Return the captions of a corpus by row, "" where there is none."""
    column = pq.read_table(path, columns=["caption"]).column("caption")
    return [text or "" for text in column.to_pylist()]


def treebank(folder: Path, part: str) -> Path:
    """Return the one treebank of a folder with this part."""
    found = sorted(folder.glob(f"*ewt*{part}.conllu"))
    if len(found) != 1:
        raise SystemExit(f"{folder}: {len(found)} files *ewt*{part}.conllu, where one is needed")
    return found[0]


def folder(value: Path | None, option: str, variable: str, holds: Sequence[str]) -> Path:
    """Return a folder that is given by option or environment, and has to hold some files."""
    named = value or (Path(os.environ[variable]) if variable in os.environ else None)
    if named is None:
        raise SystemExit(f"say which folder has {', '.join(holds)}: {option} or ${variable}")
    missing = [name for name in holds if not (named / name).is_file()]
    if missing:
        raise SystemExit(f"{named} has no {', '.join(missing)}: {option} or ${variable} is wrong")
    return named


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ud", type=Path, help="folder of the treebank and the study's counts")
    parser.add_argument("--corpora", type=Path, help="folder of captions")
    parser.add_argument("--tagger", type=Path, help="a tagger file, if not the shipped one")
    parser.add_argument("--spacy", metavar="MODEL", help="a pipeline with a tagger, for the labels")
    options = parser.parse_args()
    options.ud = folder(options.ud, "--ud", "WAGIDX_UD", [COUNTS])
    options.corpora = folder(options.corpora, "--corpora", "WAGIDX_CORPORA", [COCO, LABELLED])
    missed = 0
    for line in lines(options):
        print(line, flush=True)
        missed += not line.is_met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
