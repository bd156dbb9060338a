"""The files that came back: a folder with sub-folders, .zip and .eml, within limits, none of them ever written to."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import hashlib
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path

from generator.base.i18n import _
from generator.base.problems import reason
from generator.collect.findings import Finding

MAX_READ = 64 * 2**20
"""Bytes of a file that is looked into; what is larger is material, and only measured."""
MAX_FILES, MAX_INNER, MAX_INNER_TOTAL, MAX_RATIO, MAX_DEPTH = 20_000, 500, 512 * 2**20, 200, 3
"""Files in all; files, unpacked bytes and bytes to packed ones of an archive; archives within one another."""
_CHUNK = 2**20
_SKIPPED = re.compile(r"^(~\$|\.~|\._)|^(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX)$|\.tmp$", re.IGNORECASE)
"""What systems and office programs leave in folders beside the files of people."""
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError, ValueError,
           RuntimeError, KeyError)  # fmt: skip


@dataclass
class Arrival:
    """A file that came: `name` from the folder, through archives and mails (`甲市.zip/表.xlsx`).

    `received` is when its mail was delivered, None for a file that lay there. `faults` are of the container.
    """

    name: str
    size: int
    stamp: int = 0
    received: dt.datetime | None = None
    path: Path | None = None
    inner: bytes | None = None
    faults: list[Finding] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def ending(self) -> str:
        return self.base.rpartition(".")[2].lower() if "." in self.base else ""

    @cached_property
    def data(self) -> bytes:
        """All of it, or its first MAX_READ bytes. Raises OSError."""
        if self.inner is not None:
            return self.inner
        assert self.path is not None
        with self.path.open("rb") as file:
            return file.read(MAX_READ)

    @cached_property
    def sha256(self) -> str:
        """Of the whole file. Raises OSError."""
        if self.inner is not None or self.size <= MAX_READ:
            return hashlib.sha256(self.data).hexdigest()
        digest = hashlib.sha256()
        assert self.path is not None
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def arrivals(place: Path) -> Iterator[Arrival]:
    """Every file in a folder (or the one file), sorted by name; links, devices and what no person made are left out."""
    for number, (name, path) in enumerate(_files(place), 1):
        if number > MAX_FILES:
            yield _left_out(name, _("there are more than {limit} files").format(limit=MAX_FILES))
            return
        try:
            status = path.lstat()
        except OSError as fault:
            yield _left_out(name, reason(fault))
            continue
        if stat.S_ISREG(status.st_mode):
            yield Arrival(name, status.st_size, status.st_mtime_ns, path=path)
        elif not stat.S_ISDIR(status.st_mode):
            yield _left_out(name, _("it is a link or a device, not a file"))


def _files(place: Path) -> Iterator[tuple[str, Path]]:
    if not place.is_dir():
        yield place.name, place
        return
    for folder, folders, files in os.walk(place):
        folders[:] = sorted(name for name in folders if not _SKIPPED.search(name) and not name.startswith("."))
        here = Path(folder)
        for name in sorted(files):
            if not _SKIPPED.search(name):
                yield (here / name).relative_to(place).as_posix(), here / name


def _left_out(name: str, why: str) -> Arrival:
    return Arrival(name, 0, inner=b"", faults=[Finding("file-left-out", value=why)])


# -- what a file holds -------------------------------------------------------------------------------------------------


def opened(arrival: Arrival, depth: int = 0) -> Iterator[Arrival]:
    """The file itself, or in place of an archive or a mail what it holds; raises OSError."""
    if arrival.faults or arrival.size > MAX_READ or arrival.ending not in ("zip", "eml"):
        yield arrival
        return
    if depth == MAX_DEPTH:
        yield _left_out(arrival.name, _("it lies in too many archives, one within another"))
        return
    try:
        found = _of_mail(arrival) if arrival.ending == "eml" else _of_zip(arrival)
    except _FAULTS as fault:
        arrival.faults.append(Finding("file-archive", value=str(fault) or type(fault).__name__))
        yield arrival
        return
    for inner in found:
        yield from opened(inner, depth + 1)


def _of_zip(arrival: Arrival) -> list[Arrival]:
    with zipfile.ZipFile(io.BytesIO(arrival.data)) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        names = {info: _member_name(info) for info in members}
        members = [info for info in members if not any(map(_SKIPPED.search, names[info].split("/")))]
        if len(members) > MAX_INNER:
            raise ValueError(_("it holds more than {limit} files").format(limit=MAX_INNER))
        if sum(info.file_size for info in members) > MAX_INNER_TOTAL:
            raise ValueError(_("it unpacks to more than {limit} MB").format(limit=MAX_INNER_TOTAL // 2**20))
        return [_member(arrival, archive, info, names[info]) for info in members]


def _member(arrival: Arrival, archive: zipfile.ZipFile, info: zipfile.ZipInfo, inner_name: str) -> Arrival:
    name = f"{arrival.name}/{inner_name}"
    if info.flag_bits & 0x1:
        return Arrival(name, info.file_size, inner=b"", faults=[Finding("file-protected", value=inner_name)])
    if info.file_size > _CHUNK and info.file_size > MAX_RATIO * info.compress_size:
        why = _("it unpacks to more than {limit} times its size").format(limit=MAX_RATIO)
        return Arrival(name, info.file_size, inner=b"", faults=[Finding("file-archive", value=why)])
    with archive.open(info) as file:
        # What a member says of its size may be a lie.
        data = file.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise ValueError(_("a size in it is wrong"))
    return Arrival(name, len(data), arrival.stamp, arrival.received, inner=data)


def _member_name(info: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 are GB 18030, as Chinese Windows packs them; folders that lead out go."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = info.filename
    parts = [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]
    return "/".join(parts) or "_"


def _of_mail(arrival: Arrival) -> list[Arrival]:
    message = email.message_from_bytes(arrival.data, policy=email.policy.default)
    received = _delivered(message)
    found = []
    for number, part in enumerate(message.walk(), 1):
        name = part.get_filename() if isinstance(part, EmailMessage) else None
        if not name or part.is_multipart():
            continue
        data = part.get_payload(decode=True)
        inner = data if isinstance(data, bytes) else b""
        base = re.sub(r"[/\\]", "_", name) or f"_{number}"
        found.append(Arrival(f"{arrival.name}/{base}", len(inner), arrival.stamp, received, inner=inner))
    if len(found) > MAX_INNER:
        raise ValueError(_("it holds more than {limit} files").format(limit=MAX_INNER))
    return found


def _delivered(message: email.message.Message) -> dt.datetime | None:
    """When the mail came, else when it says that it was sent, in the office's own time."""
    stamps = [str(message.get("Received", "")).rpartition(";")[2], str(message.get("Date", ""))]
    for stamp in stamps:
        try:
            moment = parsedate_to_datetime(stamp.strip())
        except (TypeError, ValueError, IndexError):
            continue
        return moment.astimezone(OFFICE_TIME).replace(tzinfo=None, second=0, microsecond=0)
    return None


OFFICE_TIME = dt.timezone(dt.timedelta(hours=8))
"""北京时间: deadlines are in it, wherever a mail was sent from."""
