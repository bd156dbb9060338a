"""Writing a file so that under its final name there is only ever a whole one."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from generator.i18n import _
from generator.problems import reason

TEMPORARY = ".~*.tmp"
"""What a write leaves when it is killed; the name of no file that is kept."""
_BUSY = (5, 32, 33)
"""Windows: access denied, sharing violation, lock violation. Word and virus scanners hold files for a moment."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_PAUSES = (0.05, 0.1, 0.2, 0.4)


class NotWrittenError(Exception):
    """A file could not be written, and what was there before still is; says why, in words for a person."""


class NotSyncedError(NotWrittenError):
    """A file stands whole under its name, but the medium did not confirm that it will after a power cut."""


class Disk:
    """The calls that can fail half-way."""

    def write(self, path: str, pieces: Iterable[bytes], durable: bool) -> None:
        """A new file; with `durable` it is on the medium when this returns."""
        handle = os.open(path, _NEW, 0o666)
        try:
            for piece in pieces:
                _write_all(handle, piece)
            if durable:
                os.fsync(handle)
        finally:
            os.close(handle)

    def replace(self, source: str, target: str | Path) -> None:
        os.replace(source, target)


def _write_all(handle: int, data: bytes) -> None:
    written = os.write(handle, data)
    while written < len(data):
        written += os.write(handle, memoryview(data)[written:])


class Writer:
    """Writes below one folder: atomically, only what differs, and never through a link to somewhere else."""

    def __init__(self, out: Path, durable: bool = False, disk: Disk | None = None) -> None:
        self.out = out
        self._root = os.fspath(out)
        self.durable = durable
        self._disk = disk or Disk()
        self._at = ("", False)

    def write(self, path: str, data: bytes) -> bool:
        """Whether the file had to be written; False when it is there with these bytes.

        Raises NotWrittenError; NotSyncedError when the file is there all the same.
        """
        kit, _slash, name = path.rpartition("/")
        folder = os.path.join(self._root, kit)
        try:
            if not self._is_new(folder):
                _refuse_link(folder)
                if _holds(os.path.join(folder, name), data):
                    return False
            self._put(folder, name, (data,))
        except OSError as exc:
            raise NotWrittenError(explain(exc)) from exc
        try:
            self._sync(folder)
        except OSError as exc:
            raise NotSyncedError(explain(exc)) from exc
        return True

    def replace(self, target: str | Path, pieces: Iterable[bytes]) -> None:
        """`target` with this content, whole or not at all. Raises OSError."""
        folder, name = os.path.split(target)
        self._put(folder, name, pieces)
        self._sync(folder)

    def _is_new(self, folder: str) -> bool:
        """Whether this writer has just made the folder, so that nothing of earlier runs need be looked for there."""
        if self._at[0] != folder:
            self._at = folder, _make_folder(folder)
        return self._at[1]

    def _put(self, folder: str, name: str, pieces: Iterable[bytes]) -> None:
        temporary = os.path.join(folder, f".~{name}.{os.getpid()}.tmp")
        try:
            self._disk.write(temporary, pieces, self.durable)
            self._replace(temporary, os.path.join(folder, name))
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def _sync(self, folder: str) -> None:
        if self.durable:
            _sync_folder(folder)

    def _replace(self, temporary: str, target: str | Path) -> None:
        for pause in _PAUSES:
            try:
                return self._disk.replace(temporary, target)
            except PermissionError as exc:
                if getattr(exc, "winerror", None) not in _BUSY:
                    raise
                time.sleep(pause)
        return self._disk.replace(temporary, target)


def explain(exc: OSError) -> str:
    """Why a file cannot be written or read, and what to do where it is plain."""
    if getattr(exc, "winerror", None) in _BUSY:
        return _("the file is open in another program; close it there and run again")
    return reason(exc)


def sweep(out: Path) -> None:
    """Remove what a killed run left half-written, in the output folder and its folders. Raises OSError."""
    with os.scandir(out) as entries:
        folders = [out, *(Path(entry) for entry in entries if entry.is_dir(follow_symlinks=False))]
    for folder in folders:
        for path in folder.glob(TEMPORARY):
            path.unlink(missing_ok=True)


def _holds(target: str, data: bytes) -> bool:
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
        return False
    with open(target, "rb", buffering=0) as file:
        return file.read() == data


def _make_folder(folder: str) -> bool:
    try:
        os.mkdir(folder)
    except FileExistsError:
        return False
    return True


def _refuse_link(folder: str) -> None:
    if os.path.islink(folder):
        raise OSError(_("{folder} is a link; move it away").format(folder=os.path.basename(folder)))


def _sync_folder(folder: str) -> None:
    # Windows has no handle on a folder to flush; NTFS journals renames.
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
