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
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    """A finished file: its bytes, their sha256, and the hash of its content, which no deflate library changes: of the
    parts with their slots, and of the values."""

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

    def __init__(self, data: bytes, content: str = "") -> None:
        digest = hashlib.sha256(data).hexdigest()
        self._stamped = Stamped(data, digest, content or digest)

    def stamp(self, values: Mapping[str, str]) -> Stamped:
        return self._stamped


def verbatim(data: bytes, content: str = "") -> Package:
    """A file that is what it is for every unit; its content is its own, or what its maker says it is."""
    return Verbatim(data, content)


# -- escaping ----------------------------------------------------------------------------------------------------------

_BETWEEN = "\x1f"
"""What separates values in a row: the gate admits it in none."""
_ESCAPED = re.compile('[&<>"\x00-\x1e\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]')
"""What some place escapes or none can hold; `_x`, which a sheet escapes, is looked for apart."""
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


class _Values:
    """A unit's values, in the order of their slots' names.

    `plain` holds them encoded where none needs escapes anywhere, as nearly all units' values; `encoded` all in a row.
    """

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        row = _BETWEEN.join(texts)
        self.plain: list[bytes] | None = None
        if not (_ESCAPED.search(row) or "_x" in row):
            self.encoded = row.encode()
            self.plain = self.encoded.split(_BETWEEN.encode())
        if self.plain is None or len(self.plain) != len(texts):
            self.encoded = _BETWEEN.join(map(_gate, texts)).encode()
            self.plain = None


# -- zip ---------------------------------------------------------------------------------------------------------------

# Fields of a local header and of a directory entry (APPNOTE.TXT 4.3.7 and 4.3.12), by what fills them.
_VERSION_MADE_BY = struct.Struct("<H")
_VERSION = struct.Struct("<HHHHH")
_SIZES = struct.Struct("<III")
_LENGTHS = struct.Struct("<HH")
_OFFSET = struct.Struct("<I")
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


class _Headers:
    """What the zip says of one member: constant but for CRC, sizes and offset, which come with the data."""

    def __init__(self, name: str) -> None:
        encoded = name.encode()
        common = _VERSION.pack(20, _UTF8, _method(name), 0, _EPOCH_DATE)
        self._local = b"PK\3\4" + common
        self._local_end = _LENGTHS.pack(len(encoded), 0) + encoded
        self._central = b"PK\1\2" + _VERSION_MADE_BY.pack(20) + common
        self._central_end = _LENGTHS.pack(len(encoded), 0) + bytes(10)
        self._name = encoded

    def of(self, crc: int, packed: int, size: int, offset: int) -> tuple[bytes, bytes]:
        """What stands before the data, and the member's entry in the directory, for data that begins at an offset."""
        sizes = _SIZES.pack(crc, packed, size)
        local = b"".join((self._local, sizes, self._local_end))
        return local, b"".join((self._central, sizes, self._central_end, _OFFSET.pack(offset), self._name))


class _Run(NamedTuple):
    """Pieces of a member, from one to another, that become deflated data of their own: for each unit, or once."""

    start: int
    stop: int
    end: int
    """How the data end: zlib.Z_FINISH or Z_SYNC_FLUSH."""
    ready: bytes | None
    """The deflated data where no unit changes them: those of one piece."""


class _Changing:
    """A member with slots: constant pieces and the slots between them.

    Long constant pieces are deflated once. A deflate stream may start anew at any byte, so that the member is a row of
    runs.
    """

    def __init__(self, name: str, text: str, numbers: Mapping[str, int]) -> None:
        self.headers = _Headers(name)
        self._pieces: list[bytes] = []
        self._places: list[tuple[int, int, _Escape]] = []
        """Where a slot stands among the pieces, the number of its value, and how that is escaped there."""
        end = 0
        for match in _SLOT.finditer(text):
            self._pieces.append(text[end : match.start()].encode())
            self._places.append((len(self._pieces), numbers[match[1]], _escape_at(text[: match.start()])))
            self._pieces.append(b"")
            end = match.end()
        self._pieces.append(text[end:].encode())
        self._runs = list(self._cut())
        # CRC and size of the first run, where every unit's member begins with the same one.
        self._begun = (_crc(self._pieces[0], 0), len(self._pieces[0])) if self._runs[0].ready else None

    def stamp(self, values: _Values) -> tuple[tuple[int, int, int], list[bytes]]:
        """The member for these values: what the zip says of it (CRC, sizes), and its deflated bytes in pieces."""
        pieces = self._pieces.copy()
        if values.plain:
            for place, number, _escaped in self._places:
                pieces[place] = values.plain[number]
        else:
            for place, number, escaped in self._places:
                pieces[place] = escaped(values.texts[number]).encode()
        crc, size = self._begun or (0, 0)
        packed = []
        for start, stop, end, ready in self._runs:
            if ready is None:
                data = b"".join(pieces[start:stop])
                packed.append(_packed(data, end))
            else:
                data = pieces[start]
                packed.append(ready)
            if start or not self._begun:
                crc = _crc(data, crc)
                size += len(data)
        return (crc, sum(map(len, packed)), size), packed

    def _cut(self) -> Iterator[_Run]:
        start, last = 0, len(self._pieces) - 1
        for index, piece in enumerate(self._pieces):
            if len(piece) >= _LONG:
                if start < index:
                    yield _Run(start, index, zlib.Z_SYNC_FLUSH, None)
                end = zlib.Z_FINISH if index == last else zlib.Z_SYNC_FLUSH
                yield _Run(index, index + 1, end, _deflate(piece, end))
                start = index + 1
        if start <= last:
            yield _Run(start, last + 1, zlib.Z_FINISH, None)


def _method(name: str) -> int:
    """Pictures are stored: they do not get smaller, and trying costs most of the time."""
    return 0 if name.lower().endswith(_STORED_ENDINGS) else zlib.DEFLATED


class Compiled:
    """A package with its constant members ready in one block, in front, and its changing members to be filled."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
        slotted = {
            name: _keep_space(parts[name].decode())
            for name in names
            if name.endswith(_XML_ENDINGS) and SLOT_OPEN.encode() in parts[name]
        }
        self.slots = frozenset(name for text in slotted.values() for name in slots_in(text))
        self._names = sorted(self.slots)
        numbers = {name: number for number, name in enumerate(self._names)}
        self._changing = [_Changing(name, text, numbers) for name, text in slotted.items()]
        self._count = len(names)
        self._constant, self._directory = _constant_block((name, parts[name]) for name in names if name not in slotted)
        self._digest = hashlib.sha256(self._constant)
        self._content = hashlib.sha256()
        for name in sorted(names):
            self._content.update(name.encode() + hashlib.sha256(parts[name]).digest())
        self._whole = None if slotted else self._finish({})

    def stamp(self, values: Mapping[str, str]) -> Stamped:
        return self._whole or self._finish(values)

    def _finish(self, given: Mapping[str, str]) -> Stamped:
        values = _Values([given[name] for name in self._names])
        block, directory = list[bytes](), [self._directory]
        offset = len(self._constant)
        for member in self._changing:
            sizes, packed = member.stamp(values)
            local, central = member.headers.of(*sizes, offset)
            block += (local, *packed)
            directory.append(central)
            offset += len(local) + sizes[1]
        entries = b"".join(directory)
        end = _END.pack(b"PK\5\6", 0, 0, self._count, self._count, len(entries), offset, 0)
        changed = b"".join((*block, entries, end))
        digest, content = self._digest.copy(), self._content.copy()
        digest.update(changed)
        content.update(values.encoded)
        return Stamped(self._constant + changed, digest.hexdigest(), content.hexdigest())


def _keep_space(text: str) -> str:
    """A value may begin or end with a space, which Word drops unless told to keep it."""
    return re.sub(rf"<w:t>(?=[^<]*{SLOT_OPEN})", _WORD_TEXT, text)


def _constant_block(members: Iterable[tuple[str, bytes]]) -> tuple[bytes, bytes]:
    """Local members and their directory entries; offsets hold because the block stands at the start of the file."""
    block, directory, offset = [], [], 0
    for name, data in members:
        method = _method(name)
        packed = _deflate(data, zlib.Z_FINISH) if method else data
        local, central = _Headers(name).of(_crc(data, 0), len(packed), len(data), offset)
        directory.append(central)
        block += [local, packed]
        offset += len(local) + len(packed)
    return b"".join(block), b"".join(directory)


def compile_package(parts: Mapping[str, bytes]) -> Compiled:
    """Compile the parts of a package (name in the zip → bytes), with slots where a unit's values belong."""
    return Compiled(parts)
