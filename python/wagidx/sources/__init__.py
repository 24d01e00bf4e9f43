"""Caption sources: from files, folders, URLs or Python data to batches of captions in Arrow arrays.

`open_sources` and `from_python` are the two ways in; `Source` says what they promise. A module each
holds one format, and those that read text share how bytes become lines (`lines`) and cells
(`cells`).
"""

from wagidx.sources.base import (
    FILTERED,
    MALFORMED,
    READ_ROWS,
    ROW_LIMIT,
    TAKEN,
    Columns,
    Source,
    SourceBatch,
)
from wagidx.sources.detect import FORMATS
from wagidx.sources.filters import Filter
from wagidx.sources.memory import from_python
from wagidx.sources.opening import open_all, open_source, open_sources

__all__ = [
    "FILTERED",
    "FORMATS",
    "MALFORMED",
    "READ_ROWS",
    "ROW_LIMIT",
    "TAKEN",
    "Columns",
    "Filter",
    "Source",
    "SourceBatch",
    "from_python",
    "open_all",
    "open_source",
    "open_sources",
]
