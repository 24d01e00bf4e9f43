"""The compiled part of wagidx; the public API is `wagidx`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, final

import numpy as np
import numpy.typing as npt

__all__ = [
    "INDEX_VERSION",
    "Analyzer",
    "Cancel",
    "Draws",
    "Index",
    "Sweep",
    "Tagger",
    "TrainedTagger",
    "UnitBuilder",
    "__version__",
    "coarse_tags",
    "crc32",
    "exchange",
    "is_noun",
    "keys",
    "merge_runs",
    "provoke_panic",
    "publish_manifest",
    "query_data_hash",
    "recased",
    "roaring_len",
    "spacy_noun_lemmas",
    "to_roaring",
    "tokens",
    "train_tagger",
]

INDEX_VERSION: int
__version__: str

@final
class Analyzer:
    def __new__(
        cls,
        tier: str,
        *,
        case: str = "fold",
        cjk_bigrams: bool = False,
        tagger: Tagger | None = None,
    ) -> Analyzer: ...

@final
class Cancel:
    def __new__(cls) -> Cancel: ...
    def set(self) -> None: ...
    def is_set(self) -> bool: ...

@final
class UnitBuilder:
    def __new__(
        cls,
        folder: str,
        prefix: str,
        analyzer: Analyzer,
        positions: bool,
        memory: int,
        cancel: Cancel,
    ) -> UnitBuilder: ...
    def push(self, captions: Any, status: Any = None, nouns: Any = None) -> list[int]: ...
    def finish(self) -> tuple[list[tuple[Path, int]], str]: ...

@final
class Index:
    def __new__(cls, folder: str, mmap: bool = True) -> Index: ...
    def __len__(self) -> int: ...
    def manifest(self) -> str: ...
    def count(
        self,
        concept: Any,
        *,
        field: str = "text",
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
    ) -> int: ...
    def counts(
        self,
        expressions: Any,
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
        threads: int = 1,
    ) -> npt.NDArray[np.uint64]: ...
    def ids(
        self,
        expression: Any,
        pos: str | None = None,
        missing: str = "zero",
        docs: Any = None,
        limit: int | None = None,
    ) -> npt.NDArray[np.uint64]: ...
    def explain(
        self,
        concept: str,
        phrase: bool = False,
        pos: str | None = None,
        missing: str = "zero",
    ) -> tuple[int, list[tuple[str, str, int, int | None, list[tuple[str, int]]]]]: ...
    def terms_asked(self, concept: str, pos: str | None = None) -> list[tuple[str, bool, int]]: ...
    def distinct_terms(self) -> int: ...
    def top(self, n: int) -> list[tuple[str, int]]: ...
    def terms(self, from_: str, limit: int) -> list[tuple[str, int]]: ...
    def term_count(self, term: str) -> int: ...
    def analyze(self, text: str, concept: bool) -> list[tuple[int, int, str]]: ...
    def require_field(self, field: str) -> None: ...
    def verify(self, deep: bool = False, threads: int = 1) -> None: ...

@final
class Draws: ...

@final
class Sweep:
    def __new__(
        cls, index: Index, expressions: Any, pos: str | None = None, missing: str = "zero"
    ) -> Sweep: ...
    def counts(self, threads: int) -> npt.NDArray[np.uint64]: ...
    def count_joint(self, from_: int, to: int, threads: int) -> None: ...
    def joint(
        self,
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint64]]: ...
    def draws(self, texts: list[str], counts: list[int], cap: int, seed: int) -> Draws: ...
    def drawn(self, draws: Draws, from_: int, to: int, threads: int) -> npt.NDArray[np.uint64]: ...

def crc32(path: str) -> tuple[str, int]: ...
def exchange(one: str, other: str) -> bool: ...
def keys(tokens: list[str], tier: str) -> list[str | None]: ...
def merge_runs(
    runs: list[str], out: str, positions: bool, threads: int, memory: int, cancel: Cancel
) -> str: ...
def publish_manifest(folder: str, manifest: str) -> str: ...
def query_data_hash() -> str: ...
def spacy_noun_lemmas(tokens: list[str], tags: list[str]) -> list[str | None]: ...
def roaring_len(bitmap: bytes) -> int: ...
def to_roaring(ids: npt.NDArray[np.uint64]) -> bytes: ...
def provoke_panic(place: Literal["attached", "detached", "thread"]) -> None: ...
def tokens(texts: list[str]) -> list[list[str]]: ...

@final
class Tagger:
    def __new__(cls, file: bytes) -> Tagger: ...
    def to_bytes(self) -> bytes: ...
    @property
    def hash(self) -> str: ...
    def tags(self, texts: list[list[str]]) -> list[list[str]]: ...
    def nouns(self, texts: list[list[str]]) -> list[list[bool]]: ...

@final
class TrainedTagger:
    def quantised(self) -> Tagger: ...
    def nouns(self, texts: list[list[str]]) -> list[list[bool]]: ...

def train_tagger(
    tokens: list[list[str]],
    tags: list[list[str]],
    *,
    passes: int,
    runs: int,
    seed: int,
    recase: bool,
    progress: Callable[[int, int], object] | None = None,
) -> TrainedTagger: ...
def coarse_tags(tags: list[str]) -> list[str]: ...
def is_noun(token: str, tag: str) -> bool: ...
def recased(tokens: list[str], case: str) -> list[str]: ...
