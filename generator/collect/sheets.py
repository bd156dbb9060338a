"""Spreadsheets (.xlsx, .xls, .et, .ods) as pages: values by calamine, formulas, errors and marks from the parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import unescape

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from generator.base.i18n import _
from generator.base.problems import Problems, Where
from generator.collect.findings import Finding
from generator.collect.papers import Area, Page, Paper, Spot
from generator.office.gate import open_package
from generator.office.ooxml import column_number

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 500, 2_000_000
"""Of a sheet that is read; what lies beyond is told. A program may have formatted a million rows."""
MAX_SHEETS = 50
_ZIP, _OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_META, _PREFIX = "_meta", "field:"


class Unreadable(Exception):
    """Why a file cannot be read, as a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def read_sheets(data: bytes, file: str) -> Paper:
    """The workbook, whatever its name says it is. Raises Unreadable."""
    if data.startswith(_OLE2):
        return _read(data, {})
    if not data.startswith(_ZIP):
        raise Unreadable(Finding("return-unreadable", value=_("it is no workbook, whatever its name says")))
    if _is_opendocument(data):
        _refuse_wide_ods(data)
        return _read(data, {})
    try:
        parts = open_package(data, Where(file))
    except Problems as refused:
        first = refused.problems[0]
        code = "file-protected" if first.code == "file-ole2" else "return-unreadable"
        raise Unreadable(Finding(code, value=first.message)) from refused
    _refuse_wide(parts)
    return _read(data, parts)


def _read(data: bytes, parts: Mapping[str, bytes]) -> Paper:
    try:
        return _paper(CalamineWorkbook.from_filelike(io.BytesIO(data)), parts)
    except Unreadable:
        raise
    except BaseException as fault:
        # A panic of the library is no Exception; a broken file must cost no more than itself.
        if not isinstance(fault, Exception) and type(fault).__module__ != "pyo3_runtime":
            raise
        protected = "assword" in str(fault) or "ncrypted" in str(fault)
        code = "file-protected" if protected else "return-unreadable"
        raise Unreadable(Finding(code, value=str(fault)[:200] or type(fault).__name__)) from fault


def _paper(book: CalamineWorkbook, parts: Mapping[str, bytes]) -> Paper:
    paper = Paper()
    sheets = dict(_sheet_parts(parts)) if parts else {}
    for number, about in enumerate(book.sheets_metadata[:MAX_SHEETS]):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(number)
        rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
        if about.name == _META:
            paper.facts = {str(row[0]): str(row[1]) for row in rows if len(row) > 1 and row[0]}
            continue
        page = Page(about.name, rows, visible=about.visible == SheetVisibleEnum.Visible)
        page.merged = [(r0, c0, r1, c1) for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or ()]
        if xml := parts.get(sheets.get(about.name, "")):
            _diagnose(page, xml, parts, sheets[about.name])
        paper.pages.append(page)
    if parts:
        paper.names = dict(_names(parts))
        paper.marks = marks_of(parts)
    return paper


# -- what calamine does not tell ---------------------------------------------------------------------------------------

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</)", re.DOTALL)
_SPOT = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_CELL_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(.*?)</(?:\w+:)?c>', re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v>(.*?)</(?:\w+:)?v>", re.DOTALL)
_NAME = re.compile(rb"<(?:\w+:)?definedName\b([^>]*)>(.*?)</(?:\w+:)?definedName>", re.DOTALL)
_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MARK = re.compile(rb">([^<>@\s]+@[^<>#]*#[^<>]*)<")
_HIDDEN = re.compile(rb'<(?:\w+:)?(?:row|col)\b[^>]*\bhidden="(?:1|true)"')
_COMMENT = re.compile(
    rb'<(?:\w+:)?comment\b[^>]*\bref="([A-Z]{1,3})(\d{1,7})"[^>]*>(.*?)</(?:\w+:)?comment>', re.DOTALL
)
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)<")


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): _text(double or single) for key, double, single in _ATTRIBUTE.findall(tag)}


def _text(raw: bytes) -> str:
    text = unescape(raw.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})
    return re.sub(r"&#(x?)([0-9A-Fa-f]+);", _character, text)


def _character(match: re.Match[str]) -> str:
    number = int(match[2], 16 if match[1] else 10)
    return chr(number) if number <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"


def _main(parts: Mapping[str, bytes]) -> str:
    return next((name for name in parts if name.lower() == "xl/workbook.xml"), "")


def _relations(parts: Mapping[str, bytes], part: str) -> Iterator[tuple[str, str, str]]:
    """(id, type, part that it leads to) of each relationship of a part."""
    folder, _slash, base = part.rpartition("/")
    for tag in _RELATION.findall(parts.get(f"{folder}/_rels/{base}.rels", b"")):
        found = _attributes(tag)
        target = found.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
        yield found.get("Id", ""), found.get("Type", "").rpartition("/")[2], path


def _joined(folder: str, target: str) -> str:
    parts = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        else:
            parts.append(step)
    return "/".join(parts)


def _sheet_parts(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Each sheet's name with its part."""
    main = _main(parts)
    targets = {key: path for key, _kind, path in _relations(parts, main)}
    for tag in _SHEET.findall(parts.get(main, b"")):
        found = _attributes(tag)
        relation = next((value for key, value in found.items() if key.endswith(":id")), "")
        yield found.get("name", ""), targets.get(relation, "")


def _spot(letters: bytes, digits: bytes) -> Spot:
    return int(digits) - 1, column_number(letters.decode()) - 1


def _diagnose(page: Page, xml: bytes, parts: Mapping[str, bytes], part: str) -> None:
    if b"<f" in xml or b":f" in xml:
        page.formulas = dict(_formulas(xml))
    if b't="e"' in xml:
        page.errors = {_spot(col, row): _value(rest) for col, row, rest in _CELL_ERROR.findall(xml)}
    page.hidden = b' hidden="' in xml and bool(_HIDDEN.search(xml))
    for _id, kind, path in _relations(parts, part):
        if kind == "comments":
            found = _COMMENT.findall(parts.get(path, b""))
            page.comments = {_spot(col, row): _text(b"".join(_TEXT.findall(rest))) for col, row, rest in found}


def _formulas(xml: bytes) -> Iterator[tuple[Spot, str]]:
    """The formulas of a sheet: there are few, so that each is found first, and then the cell that it stands in."""
    for match in _FORMULA.finditer(xml):
        cell = xml[xml.rfind(b"<", 0, match.start()) : match.start()]
        if found := _SPOT.search(cell):
            yield _spot(found[1], found[2]), _text(match[1] or b"")


def _value(rest: bytes) -> str:
    match = _VALUE.search(rest)
    return _text(match[1]) if match else ""


def _names(parts: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[str, Area]]]:
    """Defined names that are one area of a sheet."""
    for tag, reference in _NAME.findall(parts.get(_main(parts), b"")):
        match = _AREA.fullmatch(_text(reference).strip())
        if not match:
            continue
        sheet = (match[1] or match[2]).replace("''", "'")
        row, column = int(match[4]) - 1, column_number(match[3]) - 1
        last = (int(match[6]) - 1, column_number(match[5]) - 1) if match[5] else (row, column)
        yield _attributes(tag).get("name", ""), (sheet, (row, column, *last))


def marks_of(parts: Mapping[str, bytes]) -> list[str]:
    """Every `form@version#unit` of the document's properties."""
    properties = [parts.get(f"docProps/{name}.xml", b"") for name in ("core", "custom")]
    return [_text(mark).strip() for data in properties for mark in _MARK.findall(data)]


# -- sheets that are larger than any form ------------------------------------------------------------------------------

_REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


def _refuse_wide(parts: Mapping[str, bytes]) -> None:
    """calamine holds the whole rectangle from A1 to the last cell in memory, and one far cell makes that gigabytes."""
    for name, data in parts.items():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name, re.IGNORECASE):
            continue
        found = set(_REFERENCE.findall(data)) if _looks_far(data) else set()
        rows = max((int(row) for _column, row in found), default=0)
        columns = max((column_number(column.decode()) for column in {column for column, _row in found}), default=0)
        if rows * columns > MAX_CELLS:
            raise _too_large(rows, columns)


def _looks_far(data: bytes) -> bool:
    """Whether a sheet has a cell beyond column ZZ or beyond row 9999, told without reading every cell."""
    return bool(_FAR.search(data))


_FAR = re.compile(rb' r="(?:[A-Z]{3}\d|[A-Z]{1,2}\d{5})')


def _too_large(rows: int, columns: int) -> Unreadable:
    why = _("it has {rows} rows and {columns} columns, more than any form").format(rows=rows, columns=columns)
    return Unreadable(Finding("return-unreadable", value=why))


_REPEATED = re.compile(rb'number-(rows|columns)-repeated="(\d+)"[^>]*?(/?)>')


def _is_opendocument(data: bytes) -> bool:
    return b"mimetype" in data[:64] and b"opendocument" in data[:160]


_MOST_ODS, _MOST_RATIO = 50 * 2**20, 200


def _refuse_wide_ods(data: bytes) -> None:
    """Repeats of filled cells multiply; those of blank ones are dropped by the reader."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("content.xml")
            is_bomb = info.file_size > _MOST_ODS or info.file_size > _MOST_RATIO * max(info.compress_size, 2**13)
            content = b"" if is_bomb else archive.read(info)
    except Exception as fault:
        raise Unreadable(Finding("return-unreadable", value=str(fault)[:200])) from fault
    if is_bomb:
        raise _too_large(MAX_ROWS, MAX_COLUMNS)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable(Finding("return-unreadable", value=_("it has a document type definition")))
    # Only a far repeat in front of content counts: programs fill the sheet to its end with blank rows.
    far = sum(int(number) for _kind, number, closed in _REPEATED.findall(content) if not closed)
    if far > 10 * MAX_ROWS and far * content.count(b"<text:p") > 0 and _repeats_content(content):
        raise _too_large(far, 1)


def _repeats_content(content: bytes) -> bool:
    for match in re.finditer(rb'number-(?:rows|columns)-repeated="(\d{4,})"[^>]*>', content):
        if int(match[1]) > MAX_ROWS and b"<text:p" in content[match.end() : match.end() + 400]:
            return True
    return False
