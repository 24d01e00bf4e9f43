"""The further questions in words, tables and figures.

What was computed stands in `wagidx.paper.questions`; here it is only said. Every finding is an
association over concepts that were there to be counted, and is worded as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wagidx.paper.questions import Questions
from wagidx.report.questions.controls import control_section
from wagidx.report.questions.extra import extra_section
from wagidx.report.questions.scale import scale_section
from wagidx.report.questions.sketch import sketch_section
from wagidx.report.questions.spread import spread_section
from wagidx.report.section import Section

__all__ = ["question_sections"]


def question_sections(questions: Questions) -> list[Section]:
    """A section for each question that there are data for; that on controls always."""
    parts: tuple[tuple[Sequence[Any], Callable[[Any], Section]], ...] = (
        (questions.extra, extra_section),
        (questions.scale, scale_section),
        (questions.sketch, sketch_section),
        (questions.spread, spread_section),
    )
    found = [section(part) for part, section in parts if part]
    return [*found, control_section(questions)]
