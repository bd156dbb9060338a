"""Writing a file so that under its final name there is only ever a whole one."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.base.i18n import _
from generator.base.problems import reason
from generator.kits.earlier import Earlier

TEMPORARY = ".~*.tmp"
"""What a write leaves when it is killed; the name of no file that is kept."""
_BUSY = (5, 32, 33)
"""Windows: access denied, sharing violation, lock violation. Word and virus scanners hold files for a moment."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
SAME, OTHER = "same", "other"
_PAUSES = (0.05, 0.1, 0.2, 0.4)


class NotWrittenError(Exception):
    """A file could not be written, and what was there before still is; says why, in words for a person."""


class NotSyncedError(NotWrittenError):
    """A file stands whole under its name, but the medium did not confirm that it will after a power cut."""


class Written(NamedTuple):
    """What became of a file: whether it had to be written, and the name that a changed one got before (or nothing).

    `stands` are the hash and the size of a file left alone that has the same content, packed by another library.
    """

    new: bool
    aside: str = ""
    stands: tuple[str, int] | None = None


class Disk:
    """The calls that can fail half-way."""

    def write(self, path: str, pieces: Iterable[bytes], durable: bool) -> None:
        """A new file; with `durable` it is on the medium when this returns."""
        try:
            handle = os.open(path, _NEW, 0o666)
        except FileExistsError:
            # Left by a killed run, or laid there as a link to what is not ours: never written through.
            os.unlink(path)
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
    """Writes below one folder: atomically, only what differs, and never through a link to somewhere else.

    With `earlier`, only what earlier runs made is written over: any other file is kept under a name that is free.
    """

    def __init__(
        self, out: Path, durable: bool = False, disk: Disk | None = None, earlier: Earlier | None = None
    ) -> None:
        self.out = out
        self._root = os.path.join(out, "")
        self.durable = durable
        self._disk = disk or Disk()
        self.earlier = earlier
        self._at = ("", False)

    def write(self, path: str, data: bytes, content: str = "") -> Written:
        """The file with these bytes, if it is not there already, nor one that a run has made of the same `content`.

        Raises NotWrittenError; NotSyncedError when the file is there all the same.
        """
        kit, _slash, name = path.rpartition("/")
        folder = self._root + kit
        aside = ""
        try:
            if not self._is_new(folder):
                _refuse_link(folder)
                held = _held(os.path.join(folder, name), data)
                if held == SAME:
                    return Written(False)
                if held and self.earlier:
                    if content and (size := self.earlier.same(path, held, content)):
                        return Written(False, stands=(held, size))
                    if not self.earlier.made(path, held):
                        aside = _set_aside(folder, name)
            self._put(folder, name, (data,), aside)
        except OSError as exc:
            raise NotWrittenError(os_reason(exc)) from exc
        try:
            self._sync(folder)
        except OSError as exc:
            raise NotSyncedError(os_reason(exc)) from exc
        return Written(True, aside)

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

    def _put(self, folder: str, name: str, pieces: Iterable[bytes], aside: str = "") -> None:
        temporary = f"{folder}{os.sep}.~{name}.{os.getpid()}.tmp"
        try:
            self._disk.write(temporary, pieces, self.durable)
            self._replace(temporary, f"{folder}{os.sep}{name}")
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            if aside:
                _take_back(folder, name, aside)
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


def os_reason(exc: OSError) -> str:
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
            # What is no file was not made here, and stays.
            if path.is_symlink() or not path.is_dir():
                path.unlink(missing_ok=True)


def _held(target: str, data: bytes) -> str:
    """What stands there: nothing, SAME for these bytes, else the SHA-256 of the file, or OTHER for what is none."""
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return ""
    if not stat.S_ISREG(status.st_mode):
        return OTHER
    with open(target, "rb", buffering=0) as file:
        if status.st_size == len(data) and file.read() == data:
            return SAME
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _set_aside(folder: str, name: str) -> str:
    """Give what stands there a second name that is free; the name."""
    stem, dot, ending = name.rpartition(".")
    for number in itertools.count(1):
        aside = f"{stem}（改动备份{number}）{dot}{ending}"
        try:
            os.link(os.path.join(folder, name), os.path.join(folder, aside), follow_symlinks=False)
        except FileExistsError:
            continue
        except OSError:  # a file system without second names
            if os.path.lexists(os.path.join(folder, aside)):
                continue
            os.rename(os.path.join(folder, name), os.path.join(folder, aside))
        break
    return aside


def _take_back(folder: str, name: str, aside: str) -> None:
    """As it was before `_set_aside`."""
    with suppress(OSError):
        # Where the first name still stands, the second is a second one; else there has only been another.
        os.replace(os.path.join(folder, aside), os.path.join(folder, name))
    with suppress(OSError):
        os.unlink(os.path.join(folder, aside))


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
