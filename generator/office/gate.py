"""The gate for every .docx and .xlsx from outside: a zip that is safe to read, and XML without a DTD."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error

MAX_FILE = 20 * 2**20
MAX_PARTS = 2000
MAX_PART = 50 * 2**20
MAX_TOTAL = 200 * 2**20
MAX_RATIO = 200
RATIO_FROM = 2**20
"""Bytes, but for MAX_PARTS (parts) and MAX_RATIO (unpacked to packed, for parts of RATIO_FROM bytes and more).

None of 1,171 real files, among them 1,000 made by Excel, comes near these limits.
"""

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1 | 0x40
_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)")
_DECLARED = re.compile(rb"""^<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")
_UTF8 = ("UTF-8", "UTF8", "US-ASCII", "ASCII")
_BOM = b"\xef\xbb\xbf"
_TYPES = "[Content_Types].xml"


def open_package(data: bytes, where: Where) -> dict[str, bytes]:
    """The parts of an OPC package (.docx, .xlsx) by name, once nothing about the container is dangerous.

    Raises Problems with everything found: not a zip, too large, too many parts, a part that unpacks beyond all
    proportion, overlapping, duplicate or unsafe names, encryption, damage, a DTD, or XML that is not UTF-8.
    """
    _refuse(_not_a_package(data, where))
    parts = _unpacked(data, where, package=True)
    _refuse(_bad_xml({_TYPES: parts[_TYPES]}, {}, where))
    _refuse(_bad_xml(parts, content_types(parts), where))
    return parts


def open_archive(data: bytes, where: Where) -> dict[str, bytes]:
    """The members of any other zip (.ofd, .zip) by name, once nothing about the container is dangerous.

    Names that are not marked as UTF-8 are read as GBK, as archivers on Chinese Windows write them. Raises Problems.
    """
    return _unpacked(data, where, package=False)


def _unpacked(data: bytes, where: Where, *, package: bool) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data), metadata_encoding=None if package else "gbk") as archive:
            members = [info for info in archive.infolist() if not info.filename.endswith("/")]
            _refuse([*_bad_container(members, where, package=package), *_bad_members(members, data, where)])
            return {info.filename: archive.read(info) for info in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError, ValueError) as reason:
        raise Problems([_damaged(where)]) from reason


def is_xml(name: str, data: bytes, kind: str = "") -> bool:
    """Whether a part is XML: by its name, by its content type where that is given, or by how it begins."""
    return (
        name.lower().endswith((".xml", ".rels", ".vml"))
        or kind.partition(";")[0].strip().lower().endswith(("+xml", "/xml"))
        or data.removeprefix(_BOM).lstrip().startswith(b"<?xml")
    )


def parsed(data: bytes, where: Where) -> etree._Element:
    """The root of a part, without comments; `where` names the part.

    Raises Problems when it is not well-formed, has a document type definition, or is not written in UTF-8.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as reason:
        message = _("the file is damaged: {part} is not well-formed ({reason})").format(part=where.file, reason=reason)
        hint = _("Open it in Word, Excel or WPS, save it as a new file, and use that one.")
        raise Problems([error("file-damaged", where, message, hint)]) from reason
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise Problems([_hostile(where, _("{part} has a document type definition").format(part=where.file))])
    if (document.encoding or "UTF-8").upper() not in _UTF8:
        raise Problems([_hostile(where, _("{part} is not written in UTF-8").format(part=where.file))])
    return root


def content_types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The content type of each part, from the overrides and the defaults by extension; empty when it has none.

    Names of parts are the same in any case (ECMA-376-2 6.2.2.3). Raises Problems when the list cannot be read.
    """
    named = {"Default": dict[str, str](), "Override": dict[str, str]()}
    for element in parsed(parts[_TYPES], Where(_TYPES)):
        name = element.get("Extension") or element.get("PartName", "").lstrip("/")
        named.get(str(element.tag).rpartition("}")[2], {})[name.lower()] = element.get("ContentType", "")
    by_ending, by_name = named.values()
    return {
        part: by_name.get(part.lower(), by_ending.get(part.rpartition(".")[2].lower(), ""))
        for part in parts
        if part != _TYPES
    }


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Problems(problems)


def _damaged(where: Where) -> Problem:
    return error(
        "file-damaged",
        where,
        _("the file is damaged and cannot be unpacked"),
        _("Open it in Word, Excel or WPS, save it as a new file, and use that one."),
    )


def _not_a_package(data: bytes, where: Where) -> list[Problem]:
    if data.startswith(_OLE2):
        return [
            error(
                "file-ole2",
                where,
                _("this is an old .doc or .xls file, or it is protected by a password"),
                _("Open it in Word, Excel or WPS, remove the password, and save it as .docx or .xlsx."),
            )
        ]
    if len(data) > MAX_FILE:
        size = f"{len(data) / 2**20:.1f}"
        return [
            error(
                "file-too-large",
                where,
                _("the file has {size} MB; at most {limit} MB are read").format(size=size, limit=MAX_FILE // 2**20),
                _("Compress its pictures, or send what is large beside it."),
            )
        ]
    if not data.startswith(b"PK"):
        return [
            error(
                "file-not-office",
                where,
                _("this is no .docx or .xlsx file, whatever its name says"),
                _("Open it with the program that made it, and save it as .docx or .xlsx."),
            )
        ]
    return []


def _bad_container(members: list[zipfile.ZipInfo], where: Where, *, package: bool) -> list[Problem]:
    found = []
    if package and _TYPES not in {info.filename for info in members}:
        found.append(
            error(
                "file-not-office",
                where,
                _("this is a zip file, but no .docx or .xlsx: it has no [Content_Types].xml"),
                _("Give the Word or Excel file itself, not an archive that holds it."),
            )
        )
    if len(members) > MAX_PARTS:
        message = _("the file has {count} parts; at most {limit} are read").format(count=len(members), limit=MAX_PARTS)
        found.append(_hostile(where, message))
    if sum(info.file_size for info in members) > MAX_TOTAL:
        message = _("the file unpacks to more than {limit} MB").format(limit=MAX_TOTAL // 2**20)
        found.append(_hostile(where, message))
    for name, count in Counter(info.filename.casefold() for info in members).items():
        if count > 1:
            found.append(_hostile(where, _("the file has {count} parts named {part}").format(count=count, part=name)))
    return found


def _hostile(where: Where, message: str) -> Problem:
    hint = _("No Office program writes such a file. Ask whoever sent it for a new copy.")
    return error("file-hostile", where, message, hint)


def _bad_members(members: list[zipfile.ZipInfo], data: bytes, where: Where) -> list[Problem]:
    found = []
    end = 0
    for info in sorted(members, key=lambda member: member.header_offset):
        found += [_hostile(where, message) for message in _bad_member(info)]
        if info.header_offset < end:
            found.append(_hostile(where, _("{part} overlaps another part").format(part=info.filename)))
        _signature, name, extra = _LOCAL_HEADER.unpack_from(data, info.header_offset)
        end = info.header_offset + _LOCAL_HEADER.size + name + extra + info.compress_size
    return found


def _bad_member(info: zipfile.ZipInfo) -> Iterator[str]:
    part = info.filename
    if not part or part.startswith("/") or re.search(r"[\\:\x00]", part) or ".." in part.split("/"):
        yield _("{part!r} is an unsafe name for a part").format(part=part)
    if info.flag_bits & _ENCRYPTED:
        yield _("{part} is encrypted").format(part=part)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield _("{part} is packed by an unknown method ({method})").format(part=part, method=info.compress_type)
    if stat.S_ISLNK(info.external_attr >> 16):
        yield _("{part} is a link to another file").format(part=part)
    if info.file_size > MAX_PART:
        yield _("{part} unpacks to more than {limit} MB").format(part=part, limit=MAX_PART // 2**20)
    elif info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size:
        yield _("{part} unpacks to more than {limit} times its size").format(part=part, limit=MAX_RATIO)


def _bad_xml(parts: Mapping[str, bytes], types: Mapping[str, str], where: Where) -> list[Problem]:
    found = []
    for name, data in parts.items():
        if not is_xml(name, data, types.get(name, "")):
            continue
        if not _is_utf8(data):
            found.append(_hostile(where, _("{part} is not written in UTF-8").format(part=name)))
        elif _DTD.search(data):
            found.append(_hostile(where, _("{part} has a document type definition").format(part=name)))
    return found


def _is_utf8(data: bytes) -> bool:
    declared = _DECLARED.match(data.removeprefix(_BOM))
    if declared and declared[1].decode().upper() not in _UTF8:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data


# -- files that are looked at element by element -----------------------------------------------------------------------

MAX_ELEMENTS = 150_000
"""XML elements of a file that `fawen show` or `fawen lint` reads; that many take about five seconds."""


def open_to_read(data: bytes, where: Where) -> dict[str, bytes]:
    """As `open_package`, for a file of which every element is looked at. Raises Problems for one of too many."""
    parts = open_package(data, where)
    count = sum(part.count(b"<") - part.count(b"</") for name, part in parts.items() if is_xml(name, part))
    if count > MAX_ELEMENTS:
        message = _("the file has {count} elements of XML; at most {limit} are read")
        hint = _("Cut it into several files, or save it without the parts that are not needed.")
        raise Problems([error("file-too-large", where, message.format(count=count, limit=MAX_ELEMENTS), hint)])
    return parts
