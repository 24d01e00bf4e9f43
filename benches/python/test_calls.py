"""Single calls from Python under pytest-benchmark: `pytest benches/python/test_calls.py`.

Over the demo captions, so that it runs anywhere; `latency.py` measures quantiles over many
questions beside other engines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import wagidx
from wagidx.asking.concepts import load_concepts
from wagidx.data import captions_path, concepts_path


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wagidx.Index]:
    path = tmp_path_factory.mktemp("bench") / "demo.wagidx"
    wagidx.build([str(captions_path())], path, progress=False)
    with wagidx.open(path) as opened:
        yield opened


@pytest.mark.parametrize("concept", ["dog", "golden retriever", "black and white photo", "quokka"])
def test_count(benchmark: Any, index: wagidx.Index, concept: str) -> None:
    assert benchmark(index.count, concept) == len(index.ids(concept))


def test_count_of_synonyms(benchmark: Any, index: wagidx.Index) -> None:
    asked = wagidx.any_of("sofa", "couch")
    assert benchmark(index.count, asked) == len(index.ids(asked))


def test_counts_of_a_list(benchmark: Any, index: wagidx.Index) -> None:
    concepts = load_concepts(concepts_path()).expressions
    found = benchmark(index.counts, concepts, threads=1)
    assert found.tolist() == [index.count(concept) for concept in concepts]
