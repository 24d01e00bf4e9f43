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
import subprocess
import sys
import weakref
from collections.abc import Iterator, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa

from wagidx import _native
from wagidx.exceptions import WagidxError
from wagidx.sources.base import TAKEN, text_at
from wagidx.threads import thread_count

__all__ = ["SpacyTagger"]

_CHUNK_ROWS = 512
_CHUNK_LETTERS = 1 << 16
_POLL_SECONDS = 0.1
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[3:]; from wagidx.tagging.spacy_worker import serve; "
    "serve(int(sys.argv[1]), sys.argv[2])"
)
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}

Captions: TypeAlias = pa.Array | Sequence[str | None]
"""Arrow text or binary, dictionaries of these too, or Python's texts; bytes that are no UTF-8 are
read as U+FFFD, as an index does."""


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
        self._workers: list[_Worker] = []
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._close = weakref.finalize(self, _end, self._workers)
        try:
            for _ in range(thread_count(processes)):
                self._workers.append(_Worker(os.fspath(model)))
            for worker in self._workers:
                self.name = self._answer(worker)
            self._workers[0].ask("hash", None)
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
        lengths, answers = self._tagged("nouns", captions, status)
        return _lists(lengths, pa.array(np.frombuffer(b"".join(answers), np.uint8)))

    def tags(self, captions: Captions, status: pa.Array | None = None) -> pa.ListArray:
        """Penn Treebank tags, as `nouns`; white space is ``_SP``.

        Returns
        -------
        pyarrow.ListArray of string, aligned with captions
        """
        lengths, answers = self._tagged("tags", captions, status)
        return _lists(lengths, pa.array([tag for tags in answers for tag in tags], pa.string()))

    def close(self) -> None:
        """End the processes at once; calls that are under way fail."""
        self._close()

    def __enter__(self) -> SpacyTagger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tagged(
        self, method: str, captions: Captions, status: pa.Array | None
    ) -> tuple[list[int | None], list[Any]]:
        """Tokens of each caption, and the values of all tokens by chunk."""
        rows: list[int | None] = []
        answers = self._asked(method, _chunks(captions, status, rows))
        found = iter(np.frombuffer(b"".join(lengths for lengths, _ in answers), np.int64))
        lengths = [None if row is None else int(next(found)) for row in rows]
        return lengths, [values for _, values in answers]

    def _asked(self, method: str, chunks: Iterator[list[str]]) -> list[Any]:
        """What the processes answer, in the order of the chunks."""
        answers: list[Any] = []
        busy: dict[Connection, tuple[int, _Worker]] = {}
        try:
            for chunk in chunks:
                while (worker := self._idle(block=not busy)) is None:
                    self._collect(busy, answers)
                worker.ask(method, chunk)
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

    def _idle(self, block: bool) -> _Worker | None:
        """A process with nothing to do; where none is, None, or wait for one."""
        while True:
            self._look()
            try:
                return self._free.get(block, _POLL_SECONDS)
            except queue.Empty:
                if not block:
                    return None

    def _collect(self, busy: dict[Connection, tuple[int, _Worker]], answers: list[Any]) -> None:
        self._look()
        for ready in wait(list(busy), _POLL_SECONDS):
            number, worker = busy.pop(cast("Connection", ready))
            answers[number] = worker.answer()
            self._free.put(worker)

    def _answer(self, worker: _Worker) -> Any:
        while not worker.connection.poll(_POLL_SECONDS):
            self._look()
        return worker.answer()

    def _look(self) -> None:
        if self._cancel.is_set():
            raise KeyboardInterrupt("cancelled")
        if not self._close.alive:
            raise self._failure or WagidxError("this tagger was closed")


class _Worker:
    """A process and the connection to it."""

    def __init__(self, model: str) -> None:
        self.connection, other = Pipe()
        command = [sys.executable, "-c", _PROGRAM, str(other.fileno()), model, *sys.path]
        quiet = None if os.environ.get("WAGIDX_DEBUG") == "1" else subprocess.DEVNULL
        with other:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=quiet,
                pass_fds=[other.fileno()],
                env=os.environ | _ONE_THREAD,
                start_new_session=True,  # Ctrl-C is for who started us, who then ends us
            )

    def ask(self, method: str, argument: Any) -> None:
        try:
            self.connection.send((method, argument))
        except OSError as error:
            raise self._ended() from error

    def answer(self) -> Any:
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._ended() from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ended(self) -> WagidxError:
        code = self.process.wait()
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return WagidxError(
            f"a process of spaCy ended {how}: fewer of them need less memory; WAGIDX_DEBUG=1 shows "
            "what they print"
        )


def _end(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.connection.close()
        worker.process.kill()
    for worker in workers:
        worker.process.wait()


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
