"""Workbooks and parts that exhaust, hide or fetch something: how each is made from an ordinary file."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
from planted import excel_parts, rezip, unzip, word_parts

SHEET = "xl/worksheets/sheet1.xml"
READ = "read as if it were not there"


@dataclass(frozen=True)
class Bomb:
    """A workbook given as a roster: what it is, its bytes, and the code that refuses it, or READ."""

    name: str
    make: Callable[[], bytes]
    met: str


def roster() -> dict[str, bytes]:
    """The parts of an ordinary roster of one unit."""
    book = openpyxl.Workbook()
    for row in (["code", "name", "class"], ["1", "甲局", "盟市"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return unzip(stream.getvalue())


def _with(end: str, more: str) -> Callable[[], bytes]:
    """The roster with something before or after an end tag of its sheet."""

    def make() -> bytes:
        parts = roster()
        assert end.encode() in parts[SHEET]
        return rezip({**parts, SHEET: parts[SHEET].replace(end.encode(), more.encode(), 1)})

    return make


def _after(more: str) -> Callable[[], bytes]:
    return _with("</sheetData>", f"</sheetData>{more}")


def _rows(more: str) -> Callable[[], bytes]:
    return _with("</sheetData>", f"{more}</sheetData>")


def _part(name: str, data: bytes) -> Callable[[], bytes]:
    return lambda: rezip({**roster(), name: data})


def _overlapping() -> bytes:
    """Ten names in the directory for one packed member."""
    data = bytearray(rezip({**roster(), "xl/bomb.bin": bytes(900_000)}))
    end = data.rindex(b"PK\5\6")
    at = data.rindex(b"PK\1\2", 0, end)
    entry = bytes(data[at:end])
    names = b"".join(
        entry[:28] + struct.pack("<H", 12) + entry[30:46] + b"xl/bomb%d.bin" % n + entry[57:] for n in range(10)
    )
    count = struct.unpack_from("<H", data, end + 10)[0] + 9
    start = struct.unpack_from("<L", data, end + 16)[0]
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, at + len(names) - start, start, 0)
    return bytes(data[:at]) + names + tail


def _lied() -> bytes:
    """A member whose directory says that it is small."""
    data = bytearray(rezip({**roster(), "xl/bomb.bin": bytes(5_000_000)}))
    at = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, at + 24, 10)
    return bytes(data)


def _stored_twice() -> bytes:
    stream = io.BytesIO(rezip(roster()))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("XL/WORKSHEETS/SHEET1.XML", roster()[SHEET])
    return stream.getvalue()


BOMBS = [
    Bomb("the whole sheet merged", _after('<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'), READ),
    Bomb("half the sheet merged", _after('<mergeCells count="1"><mergeCell ref="A1:ZZ20000"/></mergeCells>'), READ),
    Bomb(
        "a link over the whole sheet",
        _after('<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'),
        READ,
    ),
    Bomb(
        "a list over the whole sheet",
        _after(
            '<dataValidations count="1"><dataValidation type="list" sqref="A1:XFD1048576"><formula1>"a"</formula1>'
            "</dataValidation></dataValidations>"
        ),
        READ,
    ),
    Bomb("a size that is a lie", _with('<dimension ref="A1:C2"', '<dimension ref="A1:XFD1048576"'), READ),
    Bomb("a blank cell in the last place", _rows('<row r="1048576"><c r="XFD1048576"/></row>'), READ),
    Bomb("a value in the last row", _rows('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "too-large"),
    Bomb("a value in a far column", _rows('<row r="3"><c r="XFD3"><v>1</v></c></row>'), "too-large"),
    Bomb("a million blank rows", _rows("".join(f'<row r="{n}"/>' for n in range(3, 1_000_000))), READ),
    Bomb(
        "thirty thousand units",
        _rows("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(3, 30_000))),
        "too-large",
    ),
    Bomb("a part of forty megabytes", _part("xl/media/a.png", bytes(40_000_000)), "file-hostile"),
    Bomb("members that overlap", _overlapping, "file-hostile"),
    Bomb("a member that lies about its size", _lied, "file-damaged"),
    Bomb("two parts of one name", _stored_twice, "file-hostile"),
    Bomb(
        "three thousand parts", lambda: rezip({**roster(), **{f"xl/{n}.bin": b"" for n in range(3000)}}), "file-hostile"
    ),
    Bomb("a name that climbs", _part("../../etc/cron.d/x", b"x"), "file-hostile"),
    Bomb("a text of forty megabytes", _rows(f"<!--{' ' * 40_000_000}-->"), "file-hostile"),
    Bomb("ten thousand levels", _rows("<a>" * 10_000 + "</a>" * 10_000), "roster-unreadable"),
    Bomb("a comment that is all cells", _after("<!--" + "<c " * 300_000 + "-->"), READ),
    Bomb("a comment that is all cells with a place", _after("<!--" + '<c r="A1" ' * 100_000 + "/-->"), READ),
    Bomb(
        "a value in a far row, without its place",
        _rows('<row r="30000"><c t="inlineStr"><is><t>999</t></is></c></row>'),
        "too-large",
    ),
    Bomb("a cell twice", _rows('<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>'), "roster-unreadable"),
    Bomb("a row twice", _rows('<row r="2"><c r="A2"><v>1</v></c></row>'), "roster-unreadable"),
    Bomb("a cell of another row", _rows('<row r="3"><c r="A4"><v>1</v></c></row>'), "roster-unreadable"),
    Bomb("a number beyond all others", _rows('<row r="3"><c r="A3"><v>1e999999</v></c></row>'), "roster-unreadable"),
    Bomb("two million blank cells", _rows('<row r="3">' + "<c/>" * 2_000_000 + "</row>"), "file-hostile"),
    Bomb("a row that is no number", _rows('<row r="x"><c r="A3"><v>1</v></c></row>'), "roster-unreadable"),
    Bomb("a text that is not there", _rows('<row r="3"><c r="A3" t="s"><v>999999</v></c></row>'), "roster-unreadable"),
]

_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XML_BOMBS = {
    "an entity": b'<!DOCTYPE a [<!ENTITY b "c">]>',
    "a billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "lol">{_LOL}]>'.encode(),
    "a quadratic blow-up": b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 50_000 + b'">]>',
    "a file of this machine": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    "an address": b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd">',
    "a parameter entity": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]>',
    "a document type in lower case": b'<!doctype a [<!entity b "c">]>',
}
"""What stands in front of the root element."""

ENCODINGS = {
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda data: data.decode().encode("utf-16-le"),
    "UTF-32": lambda data: data.decode().encode("utf-32"),
    "declared as UTF-7": lambda data: b'<?xml version="1.0" encoding="UTF-7"?>' + data,
    "declared as GBK": lambda data: b'<?xml version="1.0" encoding="gbk"?>' + data,
    "declared as EBCDIC": lambda data: b"<?xml version='1.0' encoding='cp037'?>" + data,
}
"""Encodings in which a document type would not be seen."""

FILES = {"Word": word_parts, "Excel": excel_parts}
"""An ordinary file of each program, as parts."""

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _related(parts: dict[str, bytes], kind: str, target: str, *, outside: bool) -> bytes:
    rels = next(name for name in parts if name.endswith(("document.xml.rels", "workbook.xml.rels")))
    mode = ' TargetMode="External"' if outside else ""
    relation = f'<Relationship Id="rId990" Type="{_R}/{kind}" Target="{target}"{mode}/></Relationships>'
    return rezip({**parts, rels: parts[rels].replace(b"</Relationships>", relation.encode())})


def _field(*runs: str) -> Callable[[], bytes]:
    """A field in a Word document, cut into these pieces; `{` and `}` among them begin and end one."""
    marks = {"{": '<w:fldChar w:fldCharType="begin"/>', "}": '<w:fldChar w:fldCharType="end"/>'}
    xml = "".join(f"<w:r>{marks.get(run, f'<w:instrText>{run}</w:instrText>')}</w:r>" for run in runs)

    def make() -> bytes:
        parts = word_parts()
        document = parts["word/document.xml"].replace(b"<w:tbl>", f"<w:p>{xml}</w:p><w:tbl>".encode(), 1)
        return rezip({**parts, "word/document.xml": document})

    return make


def _formula(text: str) -> Callable[[], bytes]:
    cell = f'<row r="900"><c r="A900"><f>{text}</f></c></row></sheetData>'

    def make() -> bytes:
        parts = excel_parts()
        return rezip({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", cell.encode(), 1)})

    return make


ACTIVE: dict[str, Callable[[], bytes]] = {
    "a macro": lambda: rezip({**word_parts(), "word/vbaProject.bin": b"x"}),
    "a macro in a workbook": lambda: rezip({**excel_parts(), "xl/vbaProject.bin": b"x"}),
    "a control": lambda: rezip({**word_parts(), "word/activeX/activeX1.bin": b"x"}),
    **{
        f"{kind} outside": lambda kind=kind: _related(word_parts(), kind, "http://example.com/x", outside=True)
        for kind in ("image", "attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "video", "audio")
    },
    **{
        f"{kind} within": lambda kind=kind: _related(word_parts(), kind, "media/image1.png", outside=False)
        for kind in ("oleObject", "package", "aFChunk", "subDocument", "control")
    },
    "a link to another workbook": lambda: _related(excel_parts(), "externalLink", "styles.xml", outside=False),
    "a connection": lambda: _related(excel_parts(), "connections", "styles.xml", outside=False),
    "DDE": _field("{", ' DDE excel "a" ', "}"),
    "DDEAUTO": _field("{", " DDEAUTO c:\\\\cmd.exe ", "}"),
    "DDEAUTO in small letters and quotation marks": _field("{", ' "ddeauto" c:\\\\cmd.exe ', "}"),
    "DDEAUTO cut into runs": _field("{", " DD", "EA", "UTO c:\\\\cmd.exe ", "}"),
    "DDEAUTO cut by a result": _field("{", " PAGE ", "{", " DDEAUTO x ", "}", "}"),
    "DDEAUTO by its characters' numbers": _field("{", "{", " QUOTE 68 68 69 65 85 84 79 ", "}", " c:\\\\cmd.exe ", "}"),
    "DDEAUTO without a begin": _field(" DDEAUTO c:\\\\cmd.exe "),
    "DDEAUTO without an end": _field("{", " DDEAUTO c:\\\\cmd.exe "),
    "INCLUDEPICTURE": _field("{", ' INCLUDEPICTURE "http://example.com/a.png" ', "}"),
    "INCLUDETEXT": _field("{", ' INCLUDETEXT "c:\\\\a.docx" ', "}"),
    "LINK": _field("{", " LINK Excel.Sheet.12 a.xlsx ", "}"),
    "IMPORT": _field("{", " IMPORT a.png ", "}"),
    "DATABASE": _field("{", " DATABASE \\\\d a.mdb ", "}"),
    "MACROBUTTON": _field("{", " MACROBUTTON Run x ", "}"),
    "a formula that fetches": _formula('WEBSERVICE("http://example.com")'),
    "a formula that starts a program": _formula("cmd|'/c calc'!A0"),
    "a formula that calls a library": _formula('CALL("Shell32","ShellExecuteA","J",1)'),
    "a formula that asks a server": _formula('RTD("x",,"y")'),
}
"""What would run, fetch or embed something when a recipient opens the file."""

HARMLESS: dict[str, Callable[[], bytes]] = {
    "a Word document with a link and a page number": lambda: rezip(word_parts()),
    "a workbook": lambda: rezip(excel_parts()),
    "fields of a table of contents": _field("{", ' TOC \\\\o "1-3" ', "{", ' PAGEREF _Toc1 "DDE" ', "}", "}"),
    "a text with a bar": _formula('IF(A1="a|b","LINK|x","CALL (x)")'),
    "a sum": _formula("SUM(A1:A9)*(1+B1)"),
}
