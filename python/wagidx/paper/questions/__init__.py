"""The further questions the study leaves open, asked of its released data.

One file for each: `extra` (do image-only and text-only counts, or alignment, add anything?),
`scale` (do larger models need frequency less?), `sketch` (what does ImageNet-Sketch do to the
trend?), `spread` (how different are the datasets, and what frequency goes with a score?) and
`controls` (corpora made to test the trend, against their originals). `answers` gathers them.

Everything here is association over the concepts of the release; nothing was done to a corpus to
see what happens, except where the study's authors did so.
"""

from wagidx.paper.questions.answers import Questions, answered, concerns

__all__ = ["Questions", "answered", "concerns"]
