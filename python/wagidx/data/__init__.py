"""The captions and concepts that ship with wagidx, for a first look and for tests."""

from pathlib import Path

__all__ = ["captions_path", "concepts_path", "scores_path"]


def captions_path() -> Path:
    """The demo captions: TSV with the columns key, caption, url and language."""
    return Path(__file__).parent / "demo_captions.tsv"


def concepts_path() -> Path:
    """The demo concepts: CSV with the columns concept and synonyms."""
    return Path(__file__).parent / "demo_concepts.csv"


def scores_path() -> Path:
    """Made-up scores of the demo concepts: CSV with the columns concept, dataset, score and n."""
    return Path(__file__).parent / "demo_scores.csv"
