"""The working folder of whatever writes an index, INDEX.part, and how its result appears.

Everything is written here first. A finished unit leaves a record, so that the next run of the same
command over the same sources reads the others only. When all is written the folder is *sealed*, and
from then on the next run only finishes the publishing. A lock names the process that holds the
folder; the lock goes with the process, however it ends.

::

    INDEX.part/
    ├── lock                 held with flock
    ├── build.json           the plan: what is made, with which options, of which sources
    ├── unit-*.json, .run    finished units: their records and runs
    ├── sealed.json          the id of the result, once `index` is complete
    └── index/               the files that the index will be made of
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from wagidx import _native
from wagidx.building.output import MANIFEST, check_replaceable, first_foreign
from wagidx.building.units import Unit
from wagidx.durable import read_json, sync, write_json
from wagidx.exceptions import WagidxError
from wagidx.printable import printable

__all__ = ["Part", "clear_published", "index_id"]

_PLAN = "build.json"
_LOCK = "lock"
_SEALED = "sealed.json"
_OURS = re.compile(r"lock|build\.json|sealed\.json|unit-.*|index|old|.*\.tmp")


class Part:
    """The working folder of the index at `output`; use it as a context manager.

    Parameters
    ----------
    output : Path
        Where the index will appear, or is.
    plan : dict
        What is made: ``kind`` (build, append, merge), and all that decides the result. A key
        ``base`` is the id of the index that is appended to.
    resumable : bool
        Whether what an earlier run with the same plan left may be kept.
    fresh : bool
        Whether an earlier run is thrown away.

    Attributes
    ----------
    folder, index : Path
        The working folder, and the folder in it for the files of the index.
    published : bool
        An earlier run of this plan was stopped after its result had appeared.

    Raises
    ------
    FileExistsError
        The working folder holds files that are not from such work.
    WagidxError
        Another process holds the folder, or it holds finished work of another plan.
    """

    def __init__(self, output: Path, plan: dict[str, Any], *, resumable: bool, fresh: bool) -> None:
        self.output = output
        self.folder = output.with_name(output.name + ".part")
        self.index = self.folder / "index"
        self.published = False
        self._plan = plan | {"resumable": resumable}
        self._refuse_foreign()
        self._lock = self._take_lock()
        try:
            self._settle(fresh)
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
        with contextlib.suppress(OSError):
            self._tidy()
        self._lock.close()

    def _tidy(self) -> None:
        """Give back the space of what the next run will not use."""
        if self.sealed or not self.folder.exists():
            return
        shutil.rmtree(self.index, ignore_errors=True)
        if not self._plan["resumable"] or not any(self.folder.glob("unit-*.json")):
            shutil.rmtree(self.folder)

    def _refuse_foreign(self) -> None:
        """What lies in the folder may be thrown away, so all of it must be ours."""
        name = first_foreign(self.folder, _OURS) if self.folder.is_dir() else None
        if name is not None:
            raise FileExistsError(
                f"{printable(str(self.folder))}: this working folder would be made, but it "
                f"exists and holds {printable(name)}; move it, or choose another -o"
            )

    def _take_lock(self) -> Any:
        path = self.folder / _LOCK
        while True:
            self.folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                lock = path.open("a+", encoding="ascii")
                self._hold(lock)
                # Whoever held it may have finished and taken the folder away in the meantime.
                if path.exists() and os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                    break
                lock.close()
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock

    def _hold(self, lock: Any) -> None:
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

    def _settle(self, fresh: bool) -> None:
        """Keep what an earlier run left, throw it away, or refuse to."""
        before, sealed = read_json(self.folder / _PLAN), read_json(self.folder / _SEALED)
        done = sealed is not None and sealed["id"] == index_id(self.output)
        if sealed is not None and done and not fresh:
            if _without_base(sealed["plan"]) == _without_base(self._plan):
                self.published = True
                return
        elif not fresh and before is not None and before["resumable"]:
            if before == self._plan:
                return
            if self.sealed or any(self.folder.glob("unit-*.json")):
                raise WagidxError(f"{self.folder}: {_difference(before, self._plan)}")
        self._empty({_LOCK})
        write_json(self.folder / _PLAN, self._plan)

    def _empty(self, keep: set[str]) -> None:
        for path in self.folder.iterdir():
            if path.name in keep:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name and record of each finished unit whose files are all there, in the order of rows."""
        for path in sorted(self.folder.glob("unit-*.json")):
            record = read_json(path)
            if record is None:
                continue
            files = record["runs"] + ([record["stored"]] if record["stored"] else [])
            if all(self._holds(file) for file in files):
                yield path.stem, record

    def _holds(self, file: dict[str, Any]) -> bool:
        path = self.folder / file["file"]
        return path.is_file() and bool(path.stat().st_size == file["size"])

    def record(self, unit: Unit, record: dict[str, Any]) -> None:
        """Remember that a unit is finished."""
        write_json(self.folder / f"{unit.name}.json", record)

    def forget(self, name: str) -> None:
        """Have a unit read again."""
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    @property
    def sealed(self) -> bool:
        """Whether `index` is complete, so that publishing is all that is left."""
        return (self.folder / _SEALED).exists()

    def begin_index(self) -> Path:
        """An empty folder for the files of the index."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.index)
        self.index.mkdir()
        return self.index

    def seal(self, manifest: str) -> None:
        """Write the manifest (JSON, not yet sealed) beside the files that it names."""
        _native.publish_manifest(os.fspath(self.index), manifest)
        write_json(self.folder / _SEALED, {"id": index_id(self.index), "plan": self._plan})

    def publish_folder(self, *, replace: bool) -> None:
        """Let `index` appear as `output`, in the place of another where `replace` is true."""
        if not self.published:
            if replace and self.output.exists():
                self._replace()
            else:
                os.rename(self.index, self.output)
            sync(self.output.parent)
        self._remove()

    def _replace(self) -> None:
        check_replaceable(self.output)  # again, for a long build leaves time to put files there
        if _native.exchange(os.fspath(self.index), os.fspath(self.output)):
            return
        os.rename(self.output, self.folder / "old")
        os.rename(self.index, self.output)

    def publish_files(self) -> None:
        """Let the files in `index` appear in `output`, which is an index, the manifest last."""
        if not self.published:
            for path in self.index.iterdir():
                if path.name != MANIFEST:
                    os.replace(path, self.output / path.name)
            sync(self.output)
            os.replace(self.index / MANIFEST, self.output / MANIFEST)
            sync(self.output)
        self._remove()

    def _remove(self) -> None:
        """Take the working folder away; the seal goes last, for it says that all was done."""
        self._empty({_LOCK, _SEALED})
        (self.folder / _SEALED).unlink()
        shutil.rmtree(self.folder)


def clear_published(output: Path) -> None:
    """Take away what a run left that was stopped after the index at `output` had appeared."""
    sealed = read_json(output.with_name(output.name + ".part") / _SEALED)
    if sealed is None or sealed["id"] != index_id(output):
        return
    plan = sealed["plan"]
    with Part(output, plan, resumable=plan["resumable"], fresh=False) as part:
        if part.published:
            part.publish_folder(replace=False)


def index_id(folder: Path) -> str | None:
    """The id of the index in `folder`; None where there is none."""
    manifest = read_json(folder / MANIFEST)
    return None if manifest is None else manifest.get("checksum")


def _without_base(plan: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plan.items() if name != "base"}


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str:
    """What keeps one plan from going on with another."""
    held = f"holds an unfinished {before['kind']}"
    if before["kind"] != now["kind"]:
        return f"{held}; finish it with the same command, or drop it with --fresh"
    what = next(name for name in (*now, *before) if before.get(name) != now.get(name))
    if what == "options":
        old, new = before["options"], now["options"]
        name = next(name for name in new if old.get(name) != new[name])
        what = f"option {name} ({old.get(name)!r}, now {new[name]!r})"
    elif what == "sources":
        changed = set(before["sources"]) ^ set(now["sources"])
        what = f"sources ({min(changed)!r})" if changed else "order of sources"
    return f"{held} with another {what}; finish it unchanged, or start over with --fresh"
