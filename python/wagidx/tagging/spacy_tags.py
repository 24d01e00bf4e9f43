"""Tags of captions by a spaCy model, in processes of their own.

spaCy holds the interpreter's lock while it works, so threads would wait for each other. Here each
process has its own copy of the tagger; threads of the caller share the processes, and each gets
back the tags of what it gave.

>>> with SpacyTagger("en_core_web_sm", processes=2) as tagger:      # doctest: +SKIP
...     tagger.nouns(["a rose in the garden"]).to_pylist()
[[0, 1, 0, 0, 1]]
"""

from __future__ import annotations

import os
import queue
import weakref
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa

from wagidx import _native
from wagidx.exceptions import WagidxError
from wagidx.processes import Process
from wagidx.sources.base import TAKEN, text_at
from wagidx.tagging import spacy_worker
from wagidx.threads import thread_count

__all__ = ["SpacyTagger"]

_CHUNK_ROWS = 512
_CHUNK_LETTERS = 1 << 16
_POLL_SECONDS = 0.1

Captions: TypeAlias = pa.Array | Sequence[str | None]
"""Arrow text or binary, dictionaries of these too, or Python's texts; bytes that are no UTF-8 are
read as U+FFFD, as an index does."""

_Tag: TypeAlias = Callable[[str, list[str]], tuple[bytes, Any]]


class SpacyTagger:
    """The tagger of a spaCy model; may be used by several threads at once.

    Only the tagger is loaded and what it listens to. Tags depend on the captions of a call alone,
    not on the number of processes. A caption is tagged in pieces of 10,000 tokens, so memory is
    bounded whatever it holds: about that of the model for each process.

    Parameters
    ----------
    model : str or path
        Name of an installed model, or a folder that one was saved to.
    processes : int, optional
        Defaults to the CPUs this process may use.
    cancel : Cancel, optional
        Once it is set, calls end with KeyboardInterrupt.

    Attributes
    ----------
    name : str
        Language, name and version of the model and the version of spaCy.
    hash : str
        Of all that the tags follow from, in hexadecimal: what stands in an index for the tagger.

    Raises
    ------
    ModuleNotFoundError
        spaCy is not installed; the message names the extra.
    OSError
        The model is not installed, or cannot be read.
    ValueError
        It has no tagger, or one whose tags are no Penn Treebank tags; there would be no process.
    WagidxError
        A process ended, of too little memory perhaps.
    """

    name: str
    hash: str

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        processes: int | None = None,
        cancel: _native.Cancel | None = None,
    ) -> None:
        self._cancel = cancel or _native.Cancel()
        self._failure: BaseException | None = None
        self._model = os.fspath(model)
        self._workers: list[Process] = []
        self._free: queue.SimpleQueue[Process] = queue.SimpleQueue()
        self._close = weakref.finalize(self, _end, self._workers)
        try:
            for _ in range(thread_count(processes)):
                self._workers.append(Process("spaCy"))
                self._workers[-1].start(spacy_worker.name_of, self._model)
            for worker in self._workers:
                self.name = self._answer(worker)
            self._workers[0].start(spacy_worker.hash_of, self._model)
            self.hash = self._answer(self._workers[0])
        except BaseException:
            self.close()
            raise
        for worker in self._workers:
            self._free.put(worker)

    def nouns(self, captions: Captions, status: pa.Array | None = None) -> pa.ListArray:
        """Tell nouns from other tokens.

        Parameters
        ----------
        captions : Arrow array, or sequence of str or None
        status : Arrow array of uint8, optional
            Where it is not 0 the caption is passed over; its row is NULL.

        Returns
        -------
        pyarrow.ListArray of uint8, aligned with captions
            Each row is aligned with `_native.tokens`: 1 for NN, 2 for NNS, 3 for NNP and NNPS, 0
            for another token, white space among them. Pronouns so tagged are not told apart, which
            the builder does. The row of a NULL caption is NULL.

        Raises
        ------
        SourceError
            The model cuts a caption into other tokens than this library.
        WagidxError
            A process ended. Whatever a call raises, the calls of other threads raise it too, and so
            do later ones.
        KeyboardInterrupt
            `cancel` was set.
        """
        lengths, answers = self._tagged(spacy_worker.nouns, captions, status)
        return _lists(lengths, pa.array(np.frombuffer(b"".join(answers), np.uint8)))

    def tags(self, captions: Captions, status: pa.Array | None = None) -> pa.ListArray:
        """Penn Treebank tags, as `nouns`; white space is ``_SP``.

        Returns
        -------
        pyarrow.ListArray of string, aligned with captions
        """
        lengths, answers = self._tagged(spacy_worker.tags, captions, status)
        return _lists(lengths, pa.array([tag for tags in answers for tag in tags], pa.string()))

    def close(self) -> None:
        """End the processes at once; calls that are under way fail."""
        self._close()

    def __enter__(self) -> SpacyTagger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tagged(
        self, function: _Tag, captions: Captions, status: pa.Array | None
    ) -> tuple[list[int | None], list[Any]]:
        """Tokens of each caption, and the values of all tokens by chunk."""
        rows: list[int | None] = []
        answers = self._asked(function, _chunks(captions, status, rows))
        found = iter(np.frombuffer(b"".join(lengths for lengths, _ in answers), np.int64))
        lengths = [None if row is None else int(next(found)) for row in rows]
        return lengths, [values for _, values in answers]

    def _asked(self, function: _Tag, chunks: Iterator[list[str]]) -> list[Any]:
        """What the processes answer, in the order of the chunks."""
        answers: list[Any] = []
        busy: dict[Connection, tuple[int, Process]] = {}
        try:
            for chunk in chunks:
                while (worker := self._idle(block=not busy)) is None:
                    self._collect(busy, answers)
                worker.start(function, self._model, chunk)
                busy[worker.connection] = (len(answers), worker)
                answers.append(None)
            while busy:
                self._collect(busy, answers)
        except BaseException as error:
            # An answer that nobody waits for would be taken for another's. Other threads fail too,
            # and say why this one did.
            self._failure = self._failure or error
            self.close()
            raise self._failure from None
        return answers

    def _idle(self, block: bool) -> Process | None:
        """A process with nothing to do; where none is, None, or wait for one."""
        while True:
            self._look()
            try:
                return self._free.get(block, _POLL_SECONDS)
            except queue.Empty:
                if not block:
                    return None

    def _collect(self, busy: dict[Connection, tuple[int, Process]], answers: list[Any]) -> None:
        self._look()
        for ready in wait(list(busy), _POLL_SECONDS):
            number, worker = busy.pop(cast("Connection", ready))
            answers[number] = worker.result()
            self._free.put(worker)

    def _answer(self, worker: Process) -> Any:
        while not worker.connection.poll(_POLL_SECONDS):
            self._look()
        return worker.result()

    def _look(self) -> None:
        if self._cancel.is_set():
            raise KeyboardInterrupt("cancelled")
        if not self._close.alive:
            raise self._failure or WagidxError("this tagger was closed")


def _end(workers: list[Process]) -> None:
    for worker in workers:
        worker.connection.close()
        worker.kill()


def _chunks(
    captions: Captions, status: pa.Array | None, rows: list[int | None]
) -> Iterator[list[str]]:
    """Texts of captions in chunks of a bounded size. Which rows have one is told in `rows` by 0,
    and by None which have none."""
    chunk: list[str] = []
    letters = 0
    for text in _texts(captions, status):
        rows.append(None if text is None else 0)
        if text is None:
            continue
        if chunk and (len(chunk) >= _CHUNK_ROWS or letters + len(text) > _CHUNK_LETTERS):
            yield chunk
            chunk, letters = [], 0
        chunk.append(text)
        letters += len(text)
    if chunk:
        yield chunk


def _texts(captions: Captions, status: pa.Array | None) -> Iterator[str | None]:
    """The text of each row that is taken; None for the others."""
    for row in range(len(captions)):
        if status is not None and status[row].as_py() != TAKEN:
            yield None
        elif isinstance(captions, pa.Array):
            yield text_at(captions, row)
        else:
            yield captions[row]


def _lists(lengths: list[int | None], values: pa.Array) -> pa.ListArray:
    ends = np.cumsum([0, *(length or 0 for length in lengths)])
    offsets = pa.array(ends, pa.int32())
    missing = pa.array([length is None for length in lengths], pa.bool_())
    return pa.ListArray.from_arrays(offsets, values, mask=missing)
