"""What JSON leaves open: numbers that are not defined, and keys that stand twice in an object."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["json_ready", "unique_keys"]


def json_ready(value: Any) -> Any:
    """A value as strict JSON can hold it: NaN and infinities become None, tuples lists."""
    if isinstance(value, dict):
        return {key: json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_ready(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object read from JSON, for `object_pairs_hook`.

    Raises
    ------
    ValueError
        A key stands in it twice; `json` would keep the last value and say nothing.
    """
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} appears twice in one object; write a list instead")
        found[key] = value
    return found
