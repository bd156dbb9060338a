"""Files that go out byte for byte: what comes in with them goes out to everyone."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from generator import wording
from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where
from generator.base.values import safe_name
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch, Path_
from generator.office.active import admit, fetches
from generator.word.appended import is_pdf

_PACKAGES = {".docx", ".dotx", ".xlsx", ".xltx", ".pptx"}
_OLD = {".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".wps", ".wpt", ".et", ".ett", ".dps", ".dpt", ".rtf", ".odt",
        ".ods", ".odp", ".ceb", ".cebx", ".gd", ".caj"}  # fmt: skip
_ARCHIVES = {".zip", ".rar", ".7z"}
_PLAIN = {".pdf", ".ofd", ".txt", ".md", ".csv", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp",
          ".heic", ".mp3", ".wav", ".m4a", ".mp4", ".mov", ".avi", ".wmv"}  # fmt: skip
"""Endings of what offices send one another. Nothing else goes out: too many kinds of file run when they are opened."""
_PROGRAM = (b"MZ", b"\x7fELF", b"#!", b"L\0\0\0\1\x14\2\0")
"""How programs, scripts and shortcuts begin."""

_PDF_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)s?\b")
_PDF_OBJECTS = re.compile(rb"/ObjStm\b.{0,500}?>>\s*stream\r?\n", re.DOTALL)
_PDF_UNPACKED = 2**22
"""Bytes that one stream of a PDF's objects is unpacked to; programs put some hundred objects in one."""


def passed_on(dispatch: Dispatch) -> Iterator[Problem]:
    """A document that is sent on runs nothing, fetches nothing and embeds nothing when a recipient opens it."""
    for path, name, title in _passed_on(dispatch):
        if name in dispatch.files:
            ending = PurePosixPath(safe_name((title or name) + PurePosixPath(name).suffix)).suffix.casefold()
            for code, fault, hint in _faults(dispatch.files[name], name, ending):
                message = _("{file} is sent to every unit, and {fault}").format(file=name, fault=fault)
                yield report(code, dispatch.where(*path), message, hint)


def _passed_on(dispatch: Dispatch) -> Iterator[tuple[Path_, str, str]]:
    """Each file that is sent as it is: the place in the spec that names it, its name, and its title, which is its name
    when it goes out."""
    spec = dispatch.spec
    if spec.issued_file:
        yield ("issued_file",), spec.issued_file, wording.title(spec)
    for key, source in spec.sources.items():
        if source.file and (source.attach == "beside" or is_pdf(source)):
            yield ("sources", key, "file"), source.file, source.title
    for key, form in spec.forms.items():
        if form.file:
            yield ("forms", key, "file"), form.file, form.title
    for entry in wording.attachment_entries(spec):
        if entry.origin == "file" and entry.name:
            yield ("attachments", _index(dispatch, entry.name), "file"), entry.name, entry.title


def _index(dispatch: Dispatch, name: str) -> int:
    listed = dispatch.spec.attachments or []
    return next((number for number, item in enumerate(listed) if item.file == name), 0)


def _faults(data: bytes, name: str, ending: str) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a file that goes out with this ending: the code, the fault and the hint of each."""
    hint = _("Save it as .docx, .xlsx or .pdf, and send that.")
    if data.startswith(_PROGRAM):
        yield "file-refused", _("it is a program, whatever its name says"), hint
    elif ending in _PACKAGES or _is_package(data):
        yield from _not_admitted(data, name)
    elif ending in _OLD:
        yield "file-unseen", _("nobody can look into it for macros"), hint
    elif ending in _ARCHIVES:
        yield "file-unseen", _("nobody has looked into it"), _("Send what it holds file by file.")
    elif ending not in _PLAIN:
        message = _("files that end in {ending} are not sent") if ending else _("its name has no ending")
        yield "file-refused", message.format(ending=ending), hint
    yield from _contents(data, ending)


def _is_package(data: bytes) -> bool:
    try:
        return "[Content_Types].xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _not_admitted(data: bytes, name: str) -> Iterator[tuple[str, str, str]]:
    try:
        admit(data, Where(name))
    except Problems as refused:
        for problem in refused.problems:
            yield "file-refused", problem.message, problem.hint


def _contents(data: bytes, ending: str) -> Iterator[tuple[str, str, str]]:
    if ending == ".csv":
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")
        for cell in re.findall(r"(?:^|[\r\n,;\t])[\s\"]*([=+@-][^\r\n]*)", text):
            if fetches(cell):
                hint = _("Delete the formula.")
                yield "file-refused", _("a cell of it is a formula that runs something: {cell}").format(cell=cell), hint
    elif ending == ".pdf":
        for what in sorted(set(_in_pdf(data))):
            hint = _("Print it to a new PDF, and send that, unless this is meant.")
            yield "file-active", _("this PDF holds {what}").format(what=what), hint


def _in_pdf(data: bytes) -> Iterator[str]:
    """What of a PDF runs or is carried along, as far as one can see without reading it as a PDF."""
    texts = [data]
    for match in _PDF_OBJECTS.finditer(data):
        try:
            texts.append(zlib.decompressobj().decompress(data[match.end() :], _PDF_UNPACKED))
        except zlib.error:
            continue
    for text in texts:
        # A name may be spelt with numbers: /J#61vaScript.
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), text) if b"#" in text else text
        yield from (match[1].decode() for match in _PDF_ACTIVE.finditer(plain))


RULES = (passed_on,)
