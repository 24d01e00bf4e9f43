"""Joint counts of concepts on disk: a sparse matrix as scipy writes it, with the concepts' names.

The file is an ``.npz`` without pickled objects: ``data`` (uint64), ``indices``, ``indptr``,
``shape``, ``format`` and ``_is_array``, which `scipy.sparse.load_npz` reads as a CSR array, and
``concepts``, the name of each row and column in the order of the list.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from wagidx._optional import require

__all__ = ["joint_matrix", "load_cooccurrences", "save_cooccurrences"]


def joint_matrix(first: Any, second: Any, rows: Any, concepts: int) -> Any:
    """The symmetric CSR array of pairs of concept numbers ``first <= second`` and their rows."""
    sparse = require("scipy.sparse", extra="scipy")
    apart = first != second
    at = (
        np.concatenate([first, second[apart]]).astype(np.int64),
        np.concatenate([second, first[apart]]).astype(np.int64),
    )
    matrix = sparse.coo_array((np.concatenate([rows, rows[apart]]), at), shape=(concepts, concepts))
    return matrix.tocsr()


def save_cooccurrences(path: str | os.PathLike[str], matrix: Any, concepts: Sequence[str]) -> None:
    """Write what `Index.cooccurrences` returned.

    Parameters
    ----------
    path : path
        Used as given, whatever its suffix.
    matrix : scipy.sparse.csr_array
        Joint counts, one row and column per concept.
    concepts : sequence of str
        Their names.
    """
    if matrix.shape != (len(concepts), len(concepts)):
        raise ValueError(f"matrix of shape {matrix.shape} does not fit {len(concepts)} concepts")
    with open(path, "wb") as file:
        np.savez_compressed(
            file,
            data=matrix.data,
            indices=matrix.indices,
            indptr=matrix.indptr,
            shape=np.array(matrix.shape),
            format=np.array(b"csr"),
            _is_array=np.array(True),
            concepts=np.array(concepts, dtype=np.str_),
        )


def load_cooccurrences(path: str | os.PathLike[str]) -> tuple[Any, list[str]]:
    """Read what `save_cooccurrences` wrote.

    Returns
    -------
    matrix : scipy.sparse.csr_array of uint64, shape (n, n)
        Joint counts, with the concepts' counts on the diagonal.
    concepts : list of str
        Names of its rows and columns.
    """
    sparse = require("scipy.sparse", extra="scipy")
    with np.load(path, allow_pickle=False) as kept:
        parts = (kept["data"], kept["indices"], kept["indptr"])
        return sparse.csr_array(parts, shape=tuple(kept["shape"])), kept["concepts"].tolist()
