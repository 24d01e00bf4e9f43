"""Counts beside their concepts, as Arrow."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

__all__ = ["FrequencyTable"]

_SHOWN = 20


@dataclass(frozen=True)
class FrequencyTable:
    """Concepts and their counts; anything that reads Arrow streams accepts it directly.

    Attributes
    ----------
    concepts : list of str
        As given, including duplicates.
    counts : numpy.ndarray of uint64, shape (len(concepts),)
        Captions that contain each.
    captions : int
        Captions of the index, to convert counts to rates.
    """

    concepts: list[str]
    counts: npt.NDArray[np.uint64]
    captions: int

    def __len__(self) -> int:
        return len(self.concepts)

    def to_arrow(self) -> pa.Table:
        """Columns ``concept`` (string) and ``count`` (uint64)."""
        import pyarrow as pa

        return pa.table({"concept": pa.array(self.concepts, pa.string()), "count": self.counts})

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """As a pandas DataFrame; needs pandas."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """As a polars DataFrame; needs polars."""
        from wagidx._optional import require

        return require("polars", extra="polars").DataFrame(self.to_arrow())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(concept)}</td><td>{count:,}</td></tr>"
            for concept, count in zip(self.concepts[:_SHOWN], self.counts[:_SHOWN])
        )
        more = len(self) - _SHOWN
        rows += f"<tr><td>... {more:,} more</td><td></td></tr>" if more > 0 else ""
        return f"<table><tr><th>concept</th><th>count</th></tr>{rows}</table>"
