"""The working folder of a build, INDEX.part, and how it becomes INDEX.

Everything is written here; the index appears by one rename when it is complete. A finished unit
leaves a record, so that the next build with the same options and the same sources reads the others
only. A lock names the process that holds the folder; the lock goes with the process, however it
ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any

from wagidx.exceptions import WagidxError
from wagidx.units import Unit

__all__ = ["Part"]

_PLAN = "build.json"
_LOCK = "lock"


class Part:
    """The working folder of the index at `output`; use it as a context manager.

    Parameters
    ----------
    output : Path
        Where the index will appear.
    plan : dict
        What decides the answers: options and source fingerprints.
    resumable : bool
        Whether units of an earlier build may be kept at all.
    fresh : bool
        Whether an earlier build is thrown away.

    Raises
    ------
    WagidxError
        Another process holds the folder, or it belongs to a build with other options or sources.
    """

    def __init__(self, output: Path, plan: dict[str, Any], *, resumable: bool, fresh: bool) -> None:
        self.output = output
        self.folder = output.with_name(output.name + ".part")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._take_lock()
        try:
            self._settle(plan, resumable=resumable, fresh=fresh)
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Part:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.close()

    def _take_lock(self) -> Any:
        lock = (self.folder / _LOCK).open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise WagidxError(
                f"{self.folder}: another build (process {holder}) is writing this index; "
                "wait for it or stop it"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock

    def _settle(self, plan: dict[str, Any], *, resumable: bool, fresh: bool) -> None:
        path = self.folder / _PLAN
        text = json.dumps(plan, indent=1, sort_keys=True)
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if before is not None and before != text and not fresh and resumable:
            raise WagidxError(
                f"{self.folder}: holds an unfinished build with other options or sources; "
                "finish it with those, or start anew with --fresh"
            )
        if before is None or before != text or fresh or not resumable:
            self._empty()
            _write_durably(path, text)

    def _empty(self) -> None:
        for path in self.folder.iterdir():
            if path.name == _LOCK:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def finished(self, unit: Unit) -> dict[str, Any] | None:
        """The record of a unit that an earlier build finished, if its files are all there."""
        path = self.folder / f"{unit.name}.json"
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        there = all((self.folder / run["file"]).is_file() for run in record["runs"])
        return record if there else None

    def record(self, unit: Unit, record: dict[str, Any]) -> None:
        """Remember that a unit is finished."""
        _write_durably(self.folder / f"{unit.name}.json", json.dumps(record))

    def publish(self, keep: set[str], *, replace: bool) -> None:
        """Remove what is no part of the index and let it appear as `output`."""
        for path in self.folder.iterdir():
            if path.name not in keep:
                path.unlink()
        old = self.output.with_name(self.output.name + ".old")
        if replace and self.output.exists():
            os.rename(self.output, old)
        os.rename(self.folder, self.output)
        _sync(self.output.parent)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(old)


def _write_durably(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
