"""Record batches out of the datasets of Hugging Face's package `datasets`.

Such a dataset is iterated as dictionaries, a row at a time, and has no Arrow stream of its own;
but it hands out its rows as Arrow tables where it is asked to, without a Python object a cell. A
selection or a shuffle of rows is kept, and a dataset that streams is streamed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from wagidx.sources.base import READ_ROWS

__all__ = ["dataset_batches", "is_dataset"]


def is_dataset(data: Any) -> bool:
    """Whether this is a dataset; who holds one has imported the package."""
    package = sys.modules.get("datasets")
    return package is not None and isinstance(data, (package.Dataset, package.IterableDataset))


def dataset_batches(data: Any) -> Iterator[pa.RecordBatch]:
    """The rows of a dataset in its order."""
    for table in data.with_format("arrow").iter(batch_size=READ_ROWS):
        yield from table.to_batches()
