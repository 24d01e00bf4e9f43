"""The released data of arXiv 2404.04125, and what follows from it.

The study asks how a model's zero-shot performance on a concept depends on how often the concept
occurs in its pretraining data. Its authors released the counts and the scores; this package reads
them in their original layout and recomputes every panel and table, so that what was published and
what the concepts themselves say can stand side by side.

Data flows one way: `files` knows the layout and reads JSON, `release` knows which corpora, models,
prompts and metrics are there, `protocol` holds what the study chose, `panels` and `tables` compute,
`questions` asks what the study left open, `reproduction` gathers, `written` puts it into a folder.
The statistics are `wagidx.analysis`'s.
"""

from wagidx.paper.panels import Panel
from wagidx.paper.release import Release
from wagidx.paper.reproduction import Reproduction, reproduce

__all__ = ["Panel", "Release", "Reproduction", "reproduce"]
