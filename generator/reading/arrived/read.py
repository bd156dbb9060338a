"""A file from outside read by what it is, not by what it is called."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from generator.base import files
from generator.base.i18n import _
from generator.base.problems import Problems, Where, error, reason
from generator.office.gate import MAX_FILE
from generator.office.libreoffice import to_docx, to_xlsx
from generator.reading.arrived.ofd import ofd_text
from generator.reading.arrived.parcel import is_letter, letter, members
from generator.reading.arrived.pdf import pdf_text
from generator.reading.arrived.plain import decoded
from generator.reading.arrived.scan import scanned
from generator.reading.arrived.shape import MAX_TEXT, Arrived, Progress, refused
from generator.reading.arrived.sheet import sheet_text
from generator.reading.arrived.web import page_text
from generator.reading.arrived.word import word_text

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_STARTS = {
    "pdf": (b"%PDF",),
    "old_word": (_OLE2, b"{\\rtf"),
    "picture": (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*", b"GIF8", b"RIFF"),
}
_SHEETS = (".xls", ".et", ".xlt", ".ett")


def unpacked(path: Path) -> list[tuple[str, bytes]]:
    """The file, or the files that it holds, by name. Raises Problems when it cannot be read."""
    try:
        data = files.read(path, limit=MAX_FILE, links=True)
    except OSError as fault:
        message = _("the file cannot be read: {reason}").format(reason=reason(fault))
        raise Problems([error("file-unreadable", Where(str(path)), message, _("Name another file."))]) from fault
    return _opened(path.name, data)


def _opened(name: str, data: bytes) -> list[tuple[str, bytes]]:
    if _kind(data) == "archive":
        return [
            each for one in members(data, name) for each in ([one] if _kind(one[1]) != "letter" else letter(one[1]))
        ]
    if _kind(data) == "letter":
        return list(letter(data))
    return [(name, data)]


def read(name: str, data: bytes, progress: Progress | None = None) -> Arrived:
    """The text of one file. Raises Problems when it is empty, protected, damaged, or nothing that holds text."""
    if not data.strip():
        raise refused("file-empty", name, _("the file is empty"), _("Ask the sender for the document."))
    arrived = _READERS[_kind(data, name)](name, data, progress)
    if len(arrived.text) > MAX_TEXT:
        message = _("the text has {count} characters; at most {limit} are read").format(
            count=len(arrived.text), limit=MAX_TEXT
        )
        raise refused("file-too-large", name, message, _("Give the notice itself, without what came with it."))
    return arrived


def _kind(data: bytes, name: str = "") -> str:
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(_OLE2) and name.lower().endswith(_SHEETS):
        return "old_sheet"
    for kind, starts in _STARTS.items():
        if data.startswith(starts):
            return kind
    if is_letter(data):
        return "letter"
    return "page" if re.search(rb"<(?:!doctype html|html|body|div|p)\b", data[:3000], re.IGNORECASE) else "plain"


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "word"
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" not in names:
        return "archive"
    return "sheet" if any(name.startswith("xl/") for name in names) else "word"


def _pdf(name: str, data: bytes, progress: Progress | None) -> Arrived:
    text, breaks = pdf_text(data, name, progress)
    if not text:
        text, breaks = scanned(data, name, progress)
        return Arrived(name, "pdf", text, breaks, drawn=True, data=data)
    return Arrived(name, "pdf", text, breaks, data=data)


def _picture(name: str, data: bytes, progress: Progress | None) -> Arrived:
    text, breaks = scanned(data, name, progress)
    return Arrived(name, "picture", text, breaks, drawn=True, data=data)


def _word(name: str, data: bytes, _progress: Progress | None) -> Arrived:
    text, aside = word_text(data, name)
    return Arrived(name, "docx", text, aside=aside, data=data)


def _old_word(name: str, data: bytes, progress: Progress | None) -> Arrived:
    if _ENCRYPTED_OFFICE in data:
        hint = _("Open it in Word, Excel or WPS, remove the password, and save it as .docx or .xlsx.")
        raise refused("file-encrypted", name, _("the file is protected by a password"), hint)
    return _word(name, to_docx(data, Where(name)), progress)


def _ofd(name: str, data: bytes, _progress: Progress | None) -> Arrived:
    text, breaks = ofd_text(data, name)
    return Arrived(name, "ofd", text, breaks, data=data)


def _sheet(name: str, data: bytes, _progress: Progress | None) -> Arrived:
    return Arrived(name, "xlsx", sheet_text(data, name), data=data)


def _old_sheet(name: str, data: bytes, progress: Progress | None) -> Arrived:
    if _ENCRYPTED_OFFICE in data:
        return _old_word(name, data, progress)
    return _sheet(name, to_xlsx(data, Where(name)), progress)


def _page(name: str, data: bytes, _progress: Progress | None) -> Arrived:
    return Arrived(name, "html", page_text(data, name), data=data)


def _plain(name: str, data: bytes, _progress: Progress | None) -> Arrived:
    return Arrived(name, "txt", decoded(data, name), data=data)


_READERS: dict[str, Callable[[str, bytes, Progress | None], Arrived]] = {
    "pdf": _pdf,
    "picture": _picture,
    "word": _word,
    "old_word": _old_word,
    "ofd": _ofd,
    "sheet": _sheet,
    "old_sheet": _old_sheet,
    "letter": _plain,
    "archive": _word,
    "page": _page,
    "plain": _plain,
}
