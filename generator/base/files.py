"""Opening files that anybody may have put where they lie: regular ones only, without waiting, within a size."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

from generator.base.i18n import _

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class NotAFileError(OSError):
    """What lies there is nothing that is ever read: a link, a folder, a pipe, a device, a file above the limit."""


def opened(path: Path, *, limit: int, links: bool = False) -> io.BufferedReader:
    """The file, to be read; `limit` is in bytes, `links` lets `path` be a link. Raises OSError (NotAFileError)."""
    return io.BufferedReader(_open(path, "r", limit, links=links))


def opened_to_append(path: Path, *, limit: int) -> io.FileIO:
    """The file, made if need be, to be read and written at its end, without a buffer. Raises OSError."""
    return _open(path, "a+", limit, links=False)


def _open(path: Path, mode: str, limit: int, *, links: bool) -> io.FileIO:
    def opener(name: str, flags: int) -> int:
        # To open a pipe may take for ever, and some devices are never read to their end.
        try:
            handle = os.open(name, flags | _WITHOUT_WAITING | (0 if links else _NO_LINK), 0o666)
        except IsADirectoryError as exc:
            raise _folder(path) from exc
        try:
            _refuse(path, os.fstat(handle), limit)
        except OSError:
            os.close(handle)
            raise
        return handle

    if not links and os.path.islink(path):
        raise NotAFileError(errno.ELOOP, _("it is a link"), str(path))
    return io.FileIO(path, mode, opener=opener)


def read(path: Path, *, limit: int, links: bool = False) -> bytes:
    """All of a file, as `opened` opens it."""
    with opened(path, limit=limit, links=links) as file:
        return file.read(limit + 1)


def is_inside(folder: Path, name: str) -> bool:
    """Whether `name`, from `folder` and through whatever links, lies in the folder."""
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return True  # there is no such file, as who opens it is told


def _refuse(path: Path, status: os.stat_result, limit: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _folder(path)
    if not stat.S_ISREG(status.st_mode):
        raise NotAFileError(errno.EINVAL, _("it is a pipe or a device, not a file"), str(path))
    if status.st_size > limit:
        size = _("it has {size} bytes; the limit is {limit}")
        raise NotAFileError(errno.EFBIG, size.format(size=status.st_size, limit=limit), str(path))


def _folder(path: Path) -> NotAFileError:
    return NotAFileError(errno.EISDIR, _("it is a folder"), str(path))
