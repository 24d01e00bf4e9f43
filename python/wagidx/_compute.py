"""`pyarrow.compute`, imported when something is first asked of it.

It makes hundreds of functions on import, which takes longer than many a command, and a build of
Parquet shards without a filter never needs one.
"""

from typing import Any

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    import pyarrow.compute

    return getattr(pyarrow.compute, name)
