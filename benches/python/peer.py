"""One engine's build, or its counts, as a process of its own.

python benches/python/peer.py NAME build OUTPUT WORDS.json COLUMN SHARD...
python benches/python/peer.py NAME counts OUTPUT WORDS.json
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from shards import texts


def main(name: str, action: str, output: str, listed: str, *source: str) -> None:
    peer = importlib.import_module(f"peers.{name}")
    words = json.loads(Path(listed).read_text(encoding="utf-8"))
    if action == "build":
        column, *shards = source
        peer.build(Path(output), texts(shards, column), words)
    else:
        sys.stdout.write(json.dumps(peer.counts(Path(output), words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
