"""OPC packages (.docx, .xlsx) that are compiled once and stamped for each unit.

A package is compiled from its parts. Where a value of a unit belongs, the part's XML holds a slot: a name between two
noncharacters, which the value gate admits in no value, so that nothing a user writes can be taken for one. Members
without slots are deflated once and copied as bytes from then on; members with slots are cut into constant pieces, and a
unit costs one join, one deflate and one directory. No clock: every member is dated 1980-01-01, the zip epoch.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from xml.sax.saxutils import escape

SLOT_OPEN, SLOT_CLOSE = "\ufdd0", "\ufdd1"
_SLOT = re.compile(f"{SLOT_OPEN}([^{SLOT_OPEN}{SLOT_CLOSE}]+){SLOT_CLOSE}")


def slot(name: str) -> str:
    """The mark that stands for the unit's value `name` until the package is stamped."""
    return f"{SLOT_OPEN}{name}{SLOT_CLOSE}"


def fill_slots(text: str, values: Mapping[str, str]) -> str:
    """`text` with each slot replaced by its value, unescaped: for file names and for measuring text."""
    return _SLOT.sub(lambda match: values[match[1]], text) if SLOT_OPEN in text else text


def slots_in(text: str) -> set[str]:
    return set(_SLOT.findall(text))


class Stamped(NamedTuple):
    """A finished file: its bytes, their sha256, and the hash of its content, which no deflate library changes."""

    data: bytes
    sha256: str
    content: str


class Package(Protocol):
    """What a document is compiled to: bytes that wait for a unit's values."""

    slots: frozenset[str]

    def stamp(self, values: Mapping[str, str]) -> Stamped:
        """The unit's file. Raises ValueError for a value that XML cannot hold, KeyError for a slot without a value."""
        ...


class Verbatim:
    """A file passed on byte for byte."""

    slots: frozenset[str] = frozenset()

    def __init__(self, data: bytes) -> None:
        digest = hashlib.sha256(data).hexdigest()
        self._stamped = Stamped(data, digest, digest)

    def stamp(self, values: Mapping[str, str]) -> Stamped:
        return self._stamped


def verbatim(data: bytes) -> Package:
    return Verbatim(data)


# -- escaping ----------------------------------------------------------------------------------------------------------

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")


def _gate(value: str) -> str:
    """The loader's gate has seen every value; this one holds for whoever calls with values from elsewhere."""
    if not value.isprintable() and (bad := _NOT_XML.search(value)):
        raise ValueError(f"character U+{ord(bad[0]):04X} cannot stand in XML")
    return value


def _as_text(value: str) -> str:
    return escape(_gate(value))


def _as_attribute(value: str) -> str:
    return escape(_gate(value), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def _as_word_text(value: str) -> str:
    """Inside w:t a line break and a tab are elements of their own (what docxtpl makes of them, too)."""
    text = _as_text(value)
    if "\n" in text or "\t" in text:
        text = text.replace("\n", f"</w:t><w:br/>{_WORD_TEXT}").replace("\t", f"</w:t><w:tab/>{_WORD_TEXT}")
    return text


def _as_sheet_text(value: str) -> str:
    return _as_text(sheet_string(value))


def sheet_string(text: str) -> str:
    """A text as spreadsheets hold it, where `_x0041_` stands for A (ECMA-376 22.9.2.19, ST_Xstring); slots stay."""
    return _CODED.sub(lambda match: match[1] or "_x005F_", text) if "_x" in text else text


_CODED = re.compile(f"({SLOT_OPEN}[^{SLOT_CLOSE}]*{SLOT_CLOSE})|_(?=x[0-9A-Fa-f]{{4}}_)")
_WORD_TEXT = '<w:t xml:space="preserve">'
_Escape = Callable[[str], str]


def _escape_at(before: str) -> _Escape:
    """How a slot's value is escaped, told by the XML in front of it."""
    opened = before.rfind("<")
    if opened > before.rfind(">"):
        return _as_attribute
    if before.startswith(("<t>", "<t "), opened):
        return _as_sheet_text
    return _as_word_text if before.startswith(("<w:t>", "<w:t "), opened) else _as_text


# -- zip ---------------------------------------------------------------------------------------------------------------

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_EPOCH_DATE = (1 << 5) | 1
"""1980-01-01 in the DOS form of the zip directory."""
_UTF8 = 0x800
_XML_ENDINGS = (".xml", ".rels")
_STORED_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".zip")


_Deflate = Callable[[bytes, int], bytes]
"""Bytes and how to end them, zlib.Z_FINISH or Z_SYNC_FLUSH → raw deflate."""
_TINY = 128
"""Bytes up to which deflate saves nothing worth its call."""
_SMALL = 16384
"""Bytes up to which isal's level 1, with tables of its own, costs more time than the bytes it saves are worth."""
_LONG = 4096
"""Bytes of a constant piece from which on it is deflated by itself, once; for less, the new start would cost more."""


def _deflate(data: bytes, end: int, level: int = 6) -> bytes:
    deflater = zlib.compressobj(level, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush(end)


def _stored(data: bytes, end: int) -> bytes:
    """Raw deflate that says the bytes as they are: one stored block (RFC 1951, 3.2.4)."""
    return struct.pack("<BHH", end == zlib.Z_FINISH, len(data), len(data) ^ 0xFFFF) + data


def _packed(data: bytes, end: int) -> bytes:
    """Raw deflate of a changing piece: stored where it is tiny, or where deflating would make it longer."""
    if len(data) < _TINY:
        return _stored(data, end)
    packed = _deflate_fast(data, end)
    return _stored(data, end) if len(data) < _SMALL and len(packed) > len(data) else packed


def _fast_deflate() -> tuple[_Deflate, Callable[[bytes, int], int]]:
    """The deflate of changing pieces and the CRC of members: isal's where installed (extra `fast`), else zlib's."""
    try:
        from isal import isal_zlib
    except ImportError:
        return lambda data, end: _deflate(data, end, 1), zlib.crc32

    def deflate(data: bytes, end: int) -> bytes:
        level = 0 if len(data) < _SMALL else 1
        if end == zlib.Z_FINISH:
            return isal_zlib.compress(data, level, -15)
        deflater = isal_zlib.compressobj(level, zlib.DEFLATED, -15)
        return deflater.compress(data) + deflater.flush(end)

    return deflate, isal_zlib.crc32


_deflate_fast, _crc = _fast_deflate()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One member: its constant header fields; CRC and sizes come with the data."""

    name: bytes
    method: int

    def local(self, crc: int, packed: int, size: int) -> bytes:
        fields = (20, _UTF8, self.method, 0, _EPOCH_DATE, crc, packed, size, len(self.name), 0)
        return _LOCAL.pack(b"PK\3\4", *fields) + self.name

    def central(self, crc: int, packed: int, size: int, offset: int) -> bytes:
        fields = (20, 20, _UTF8, self.method, 0, _EPOCH_DATE, crc, packed, size, len(self.name), 0, 0, 0, 0, 0, offset)
        return _CENTRAL.pack(b"PK\1\2", *fields) + self.name


class _Changing:
    """A member with slots: constant pieces and the slots between them, each distinct one escaped once.

    Long constant pieces are deflated once. A deflate stream may start anew at any byte, so that the member is a row of
    runs: from one piece to another, deflated for each unit (None) or ready.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.entry = _Entry(name.encode(), _method(name))
        self.place = 0
        self._pieces: list[bytes] = []
        self._slots: dict[tuple[str, _Escape], list[int]] = {}
        end = 0
        for match in _SLOT.finditer(text):
            self._pieces.append(text[end : match.start()].encode())
            escaped = _escape_at(text[: match.start()])
            self._slots.setdefault((match[1], escaped), []).append(len(self._pieces))
            self._pieces.append(b"")
            end = match.end()
        self._pieces.append(text[end:].encode())
        self._digest = hashlib.sha256(self._pieces[0])
        self._first_crc = _crc(self._pieces[0], 0)
        self._runs = self._cut()

    @property
    def slots(self) -> set[str]:
        return {name for name, _escaped in self._slots}

    def render(self, values: Mapping[str, str]) -> bytes:
        return b"".join(self._filled(values))

    def stamp(self, values: Mapping[str, str]) -> tuple[bytes, tuple[int, int, int], bytes]:
        """The member for these values: its digest, what the zip says of it (CRC, sizes), and its deflated bytes."""
        pieces = self._filled(values)
        packed = b"".join(
            [ready or _packed(b"".join(pieces[start:stop]), end) for start, stop, ready, end in self._runs]
        )
        # The first piece is the same for every unit: hashing goes on from where it ends.
        pieces[0] = b""
        rest = b"".join(pieces)
        digest = self._digest.copy()
        digest.update(rest)
        first = self._pieces[0]
        return digest.digest(), (_crc(rest, self._first_crc), len(packed), len(first) + len(rest)), packed

    def _filled(self, values: Mapping[str, str]) -> list[bytes]:
        pieces = self._pieces.copy()
        for (name, escaped), places in self._slots.items():
            text = values[name]
            # Letters and digits alone, as nearly every value is, need neither gate nor escapes.
            value = text.encode() if text.isalnum() else escaped(text).encode()
            for index in places:
                pieces[index] = value
        return pieces

    def _cut(self) -> list[tuple[int, int, bytes | None, int]]:
        runs: list[tuple[int, int, bytes | None, int]] = []
        start, last = 0, len(self._pieces) - 1
        for index, piece in enumerate(self._pieces):
            if len(piece) >= _LONG:
                if start < index:
                    runs.append((start, index, None, zlib.Z_SYNC_FLUSH))
                end = zlib.Z_FINISH if index == last else zlib.Z_SYNC_FLUSH
                runs.append((index, index + 1, _deflate(piece, end), end))
                start = index + 1
        if start <= last:
            runs.append((start, last + 1, None, zlib.Z_FINISH))
        return runs


def _method(name: str) -> int:
    """Pictures are stored: they do not get smaller, and trying costs most of the time (hardening.md 2)."""
    return 0 if name.lower().endswith(_STORED_ENDINGS) else zlib.DEFLATED


class Compiled:
    """A package with its constant members ready in one block, in front, and its changing members to be rendered."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
        slotted = (name for name in names if name.endswith(_XML_ENDINGS) and SLOT_OPEN.encode() in parts[name])
        self._changing = [_Changing(name, _keep_space(parts[name].decode())) for name in slotted]
        changing = {member.name for member in self._changing}
        self.slots = frozenset(slot for member in self._changing for slot in member.slots)
        self._constant, self._directory = _constant_block((name, parts[name]) for name in names if name not in changing)
        self._digest = hashlib.sha256(self._constant)
        self._names = sorted(names)
        # The text that the content hash is of: names and digests in order; those of changing parts are filled in.
        self._content = [piece for name in self._names for piece in (name.encode(), _part_digest(parts[name]))]
        for member in self._changing:
            member.place = 2 * self._names.index(member.name) + 1
        self._whole = None if changing else self._finish({})

    def stamp(self, values: Mapping[str, str]) -> Stamped:
        return self._whole or self._finish(values)

    def parts(self, values: Mapping[str, str]) -> dict[str, bytes]:
        """The changing parts as they are for these values: what structure checks look at."""
        return {member.name: member.render(values) for member in self._changing}

    def _finish(self, values: Mapping[str, str]) -> Stamped:
        block, directory = list[bytes](), [self._directory]
        offset = len(self._constant)
        content = self._content.copy()
        for member in self._changing:
            content[member.place], sizes, packed = member.stamp(values)
            header = member.entry.local(*sizes)
            block += (header, packed)
            directory.append(member.entry.central(*sizes, offset))
            offset += len(header) + len(packed)
        central = b"".join(directory)
        count = len(self._names)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(central), offset, 0)
        changed = b"".join((*block, central, end))
        digest = self._digest.copy()
        digest.update(changed)
        return Stamped(self._constant + changed, digest.hexdigest(), hashlib.sha256(b"".join(content)).hexdigest())


def _keep_space(text: str) -> str:
    """A value may begin or end with a space, which Word drops unless told to keep it."""
    return re.sub(rf"<w:t>(?=[^<]*{SLOT_OPEN})", _WORD_TEXT, text)


def _part_digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _constant_block(members: Iterable[tuple[str, bytes]]) -> tuple[bytes, bytes]:
    """Local members and their directory entries; offsets hold because the block stands at the start of the file."""
    block, directory, offset = [], [], 0
    for name, data in members:
        method = _method(name)
        packed = _deflate(data, zlib.Z_FINISH) if method else data
        entry = _Entry(name.encode(), method)
        sizes = (_crc(data, 0), len(packed), len(data))
        header = entry.local(*sizes)
        directory.append(entry.central(*sizes, offset))
        block += [header, packed]
        offset += len(header) + len(packed)
    return b"".join(block), b"".join(directory)


def compile_package(parts: Mapping[str, bytes]) -> Compiled:
    """Compile the parts of a package (name in the zip → bytes), with slots where a unit's values belong."""
    return Compiled(parts)
