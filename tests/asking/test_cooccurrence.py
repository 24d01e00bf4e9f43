"""Joint counts of concepts against counting each pair on its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
import wagidx
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import ReferenceIndex
from wagidx import all_of, any_of, none_of
from wagidx.asking.expressions import Query

WORDS = ["dog", "dogs", "cat", "golden", "retriever", "white", "snow", "quokka"]
CONCEPTS: list[Query] = [
    "dog",
    "cat",
    "golden retriever",
    "white",
    "dogs",
    "kiwi",
    any_of("dog", "cat"),
    none_of("dog"),
    "dog",
]

captions_lists = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)), max_size=40
)


def reference_joint(captions: list[str | None], concepts: list[Query]) -> list[list[int]]:
    reference = ReferenceIndex(captions)
    rows = [set(reference.ids(concept)) for concept in concepts]
    return [[len(a & b) for b in rows] for a in rows]


@settings(deadline=None, max_examples=25)
@given(captions=captions_lists, threads=st.sampled_from([1, 3]))
def test_joint_counts_are_those_of_the_reference(captions: list[str | None], threads: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wagidx"
        wagidx.build(captions=captions, output=path, progress=False)
        with wagidx.open(path) as index:
            found = index.cooccurrences(CONCEPTS, threads=threads)
    assert found.dtype == np.uint64
    assert found.shape == (len(CONCEPTS), len(CONCEPTS))
    assert found.toarray().tolist() == reference_joint(captions, CONCEPTS)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, demo_captions: list[str]) -> wagidx.Index:
    path = tmp_path_factory.mktemp("joint") / "demo.wagidx"
    # More rows than a stripe has, so that threads have something to share.
    wagidx.build(captions=demo_captions * 40, output=path, progress=False)
    return wagidx.open(path)


def test_each_joint_count_is_the_count_of_both(index: wagidx.Index) -> None:
    words = [term for term, _ in index.top(120) if term.isalpha()][::3]
    found = index.cooccurrences(words).toarray()
    both = [[index.count(all_of(a, b)) for b in words] for a in words]
    assert found.tolist() == both
    assert found.diagonal().tolist() == index.counts(words).tolist()


def test_threads_change_nothing(index: wagidx.Index) -> None:
    words = [term for term, _ in index.top(60)]
    one = index.cooccurrences(words, threads=1)
    many = index.cooccurrences(words, threads=4)
    assert (one != many).nnz == 0
    assert one.nnz == many.nnz


def test_what_is_saved_is_loaded_here_and_by_scipy(index: wagidx.Index, tmp_path: Path) -> None:
    names = ["dog", "cat", "Straße", "quokka"]
    matrix = index.cooccurrences(names)
    path = tmp_path / "cooccurrence.npz"
    wagidx.save_cooccurrences(path, matrix, names)
    loaded, concepts = wagidx.load_cooccurrences(path)
    assert concepts == names
    for other in (loaded, scipy.sparse.load_npz(path)):
        assert isinstance(other, scipy.sparse.csr_array)
        assert other.dtype == np.uint64
        assert other.toarray().tolist() == matrix.toarray().tolist()


def test_names_that_do_not_fit_the_matrix_are_refused(index: wagidx.Index, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="shape"):
        wagidx.save_cooccurrences(tmp_path / "x.npz", index.cooccurrences(["dog"]), ["dog", "cat"])


def test_progress_is_told_to_the_last_row(index: wagidx.Index) -> None:
    seen: list[wagidx.Progress] = []
    index.cooccurrences(["dog"], progress=seen.append)
    assert [(one.phase, one.rows, one.total) for one in seen][-1] == (
        "pairs",
        len(index),
        len(index),
    )
