"""A form as its maker made it (.xlsx, .docx): the unit's name is written where it asks for one, all else stays.

Every other byte of its cells and paragraphs is kept; the identity goes into the properties of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from xml.parsers.expat import ExpatError

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.office.active import admit
from generator.office.ooxml import column_letters, column_number, main_part, relations
from generator.office.package import Package, compile_package, sheet_string
from generator.office.properties import identify
from generator.office.spans import Span, escaped, spans, spliced

PROPERTY = "fawen"
"""The custom property that carries the identity, as in the forms that are made here."""
OPEN = (".xlsx", ".docx")
"""The endings of forms that can be written into; others go out as they are."""
_BLANK = r"[\s_＿\u3000\xa0]"
_ASKING = re.compile(
    r"\s*(?:填\s*报|填\s*表|上\s*报|报\s*送|报名|选送|推荐|申报|参赛|填写)?\s*单\s*位(?:名称|全称)?(?:[（(][^（）()]*[）)])?\s*"
)
_PLAIN = re.compile(r"\s*单\s*位\s*")
"""单位 alone may as well head 单位：元, or a column."""
_COLON = re.compile(rf"[：:]{_BLANK}*")
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
Edit = tuple[int, int, bytes]


def compile_given(data: bytes, where: Where, name: str, identity: str, cells: Mapping[str, str]) -> Package:
    """The package of a form file, `name` (a slot; "" for the master's) written where the unit's name belongs.

    `cells` are defined names for cells of a workbook's first sheet: name → address or label. Raises Problems for a file
    that may not be passed on, or cannot be read.
    """
    parts = admit(data, where)
    try:
        for part, text in list(parts.items()):
            reader = _reader(parts, part)
            if reader and name:
                parts[part] = spliced(text, list(reader.named(name))[:1])
        if cells and _is_workbook(parts):
            _name_cells(parts, cells)
    except (ExpatError, LookupError, ValueError) as fault:
        message = _("the form cannot be read ({detail})").format(detail=f"{type(fault).__name__}: {fault}"[:200])
        hint = _("Open it in Excel, Word or WPS, save it anew, and use that file.")
        raise Problems([error("form-file", where, message, hint)]) from None
    identify(parts, PROPERTY, identity)
    return compile_package(parts)


def asks_for_unit(data: bytes, where: Where) -> bool:
    """Whether there is a place for the unit's name in the form. Raises Problems."""
    parts = admit(data, where)
    readers = (_reader(parts, part) for part in parts)
    return any(list(reader.named("某")) for reader in readers if reader)


def located(data: bytes, where: Where, place: str) -> str | None:
    """The address of the cell of a workbook's first sheet that is meant by an address or a label; for a document, the
    label itself. None where there is none. Raises Problems."""
    parts = admit(data, where)
    if not _is_workbook(parts):
        text = "".join("".join(each.text for each in spans(parts[main_part(parts)]).iter("t")).split())
        return place if "".join(place.split()) in text else None
    return _address(_Sheet(parts, _first_sheet(parts)), place)


def _is_workbook(parts: Mapping[str, bytes]) -> bool:
    return main_part(parts).startswith("xl/")


def _reader(parts: Mapping[str, bytes], part: str) -> _Sheet | _Document | None:
    if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
        return _Sheet(parts, part)
    return _Document(parts[part]) if part == main_part(parts) and part.startswith("word/") else None


def _place_in(text: str) -> tuple[int, int] | None:
    """Where in a text the unit's name belongs, which may be blanks or underscores that it takes the place of.

    None where nothing asks for it or it is filled in already.
    """
    asked = _ASKING.match(text)
    colon = _COLON.match(text, asked.end()) if asked else None
    if not asked or not colon or _PLAIN.fullmatch(asked[0]):
        return None
    start = colon.start() + 1
    # What follows after a gap is another label; without one, the name is there.
    gap = colon.end() - start
    if colon.end() < len(text) and gap < 2:
        return None
    return start, colon.end()


def _is_label(text: str) -> bool:
    """Whether a cell's text asks for the unit's name in the cell beside it."""
    return bool(_ASKING.fullmatch(text)) and not _PLAIN.fullmatch(text)


def _filled(text: str, place: tuple[int, int], name: str) -> str:
    """The text with the name in its place; a label that follows keeps two blanks' distance."""
    start, end = place
    rest = text[end:]
    return text[:start] + name + (" " * max(2, (end - start) // 2) + rest if rest else "")


# -- workbooks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _SheetCell:
    span: Span
    row: int
    column: int
    text: str


class _Sheet:
    """A sheet and the texts of its cells."""

    def __init__(self, parts: Mapping[str, bytes], part: str) -> None:
        self.data = parts[part]
        self.root = spans(self.data)
        strings = next((parts[name] for name in parts if name.casefold() == "xl/sharedstrings.xml"), b"<sst/>")
        self._strings = [_text(item) for item in spans(strings).children]
        self.cells = list(self._cells())
        self._at = {(cell.row, cell.column): cell for cell in self.cells}
        self.merged = [_area(each.attributes.get("ref", "")) for each in self.root.iter("mergeCell")]

    def _cells(self) -> Iterator[_SheetCell]:
        for cell in self.root.iter("c"):
            match = _ADDRESS.fullmatch(cell.attributes.get("r", ""))
            if match:
                yield _SheetCell(cell, int(match[2]), column_number(match[1].upper()), self._said(cell))

    def _said(self, cell: Span) -> str:
        kind, value, inline = cell.attributes.get("t"), cell.child("v"), cell.child("is")
        if kind == "s" and value:
            return self._strings[int(value.text)]
        if inline:
            return _text(inline)
        return value.text if value else ""

    def named(self, name: str) -> Iterator[Edit]:
        """The edits that would write the name, the best place first."""
        for cell in self.cells:
            if (place := _place_in(cell.text)) and not cell.span.child("f"):
                text = sheet_string(_filled(cell.text, place, name))
                yield self._written(cell.span, f"{column_letters(cell.column)}{cell.row}", text)
        for cell in self.cells:
            if _is_label(cell.text) and (edit := self._beside(cell, name)):
                yield edit

    def _beside(self, label: _SheetCell, name: str) -> Edit | None:
        column = self._end(label) + 1
        address = f"{column_letters(column)}{label.row}"
        target = self._at.get((label.row, column))
        if target:
            blank = not target.text.strip() and not target.span.child("f")
            return self._written(target.span, address, sheet_string(name)) if blank else None
        row = next(row for row in self.root.iter("row") if label.span in row.children)
        at = next((cell.span.start for cell in self.cells if cell.row == label.row and cell.column > column), row.close)
        return at, at, self._cell(address, b"", sheet_string(name), label.span.prefix)

    def _end(self, label: _SheetCell) -> int:
        """The last column of the label's cell."""
        areas = (area for area in self.merged if area and area[:2] == (label.row, label.column))
        return next((area[3] for area in areas), label.column)

    def _written(self, cell: Span, address: str, text: str) -> Edit:
        style = cell.attributes.get("s")
        dressed = f' s="{int(style)}"'.encode() if style else b""
        return cell.start, cell.stop, self._cell(address, dressed, text, cell.prefix)

    @staticmethod
    def _cell(address: str, style: bytes, text: str, prefix: str) -> bytes:
        p = f"{prefix}:".encode() if prefix else b""
        string = b"<" + p + b"t" + b' xml:space="preserve">' + escaped(text) + b"</" + p + b"t>"
        inside = b"<" + p + b"is>" + string + b"</" + p + b"is>"
        return b"<" + p + b'c r="' + address.encode() + b'"' + style + b' t="inlineStr">' + inside + b"</" + p + b"c>"


def _text(item: Span) -> str:
    """A string's text without its phonetic reading."""
    texts = [each for child in item.children if child.tag in ("t", "r") for each in child.iter("t")]
    return "".join(each.text for each in texts)


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """First row and column, last row and column."""
    first, _colon, last = reference.partition(":")
    ends = [_ADDRESS.fullmatch(end) for end in (first, last or first)]
    if not all(ends):
        return None
    numbers = [(int(end[2]), column_number(end[1].upper())) for end in ends if end]
    return *numbers[0], *numbers[1]


def _first_sheet(parts: Mapping[str, bytes]) -> str:
    main = main_part(parts)
    rels = relations(parts, main)
    sheets = spans(parts[main]).iter("sheet")
    ids = [value for sheet in sheets for key, value in sheet.attributes.items() if key.endswith(":id")]
    return rels[ids[0]].target


def _address(sheet: _Sheet, place: str) -> str | None:
    if match := _ADDRESS.fullmatch(place.strip()):
        return f"{match[1].upper()}{match[2]}"
    wanted = "".join(place.split()).rstrip("：:")
    for cell in sheet.cells:
        if "".join(cell.text.split()).rstrip("：:") == wanted:
            return f"{column_letters(sheet._end(cell) + 1)}{cell.row}"
    return None


def _name_cells(parts: dict[str, bytes], cells: Mapping[str, str]) -> None:
    """Defined names for the cells that are read back, which follow them when rows are inserted."""
    main = main_part(parts)
    sheet = _Sheet(parts, _first_sheet(parts))
    root = spans(parts[main])
    title = next(root.iter("sheet")).attributes["name"].replace("'", "''")
    p = f"{root.prefix}:" if root.prefix else ""
    made = b""
    for name, place in cells.items():
        if match := _ADDRESS.fullmatch(_address(sheet, place) or ""):
            target = escaped(f"'{title}'!${match[1]}${match[2]}")
            made += f'<{p}definedName name="{name}">'.encode() + target + f"</{p}definedName>".encode()
    known = root.child("definedNames")
    if known and not known.is_empty_tag:
        parts[main] = spliced(parts[main], [(known.close, known.close, made)])
        return
    whole = f"<{p}definedNames>".encode() + made + f"</{p}definedNames>".encode()
    after = next(
        child for child in reversed(root.children) if child.tag in ("sheets", "functionGroups", "externalReferences")
    )
    edit = (known.start, known.stop, whole) if known else (after.stop, after.stop, whole)
    parts[main] = spliced(parts[main], [edit])


# -- documents ---------------------------------------------------------------------------------------------------------


class _Document:
    """A Word document and the texts of its paragraphs."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = spans(data)

    def named(self, name: str) -> Iterator[Edit]:
        """The edits that would write the name, the best place first."""
        for paragraph in self.root.iter("p"):
            pieces = list(_pieces(paragraph))
            text = "".join(piece.text for piece in pieces)
            if place := _place_in(text):
                yield self._inside(pieces, text, place, name)
        for row in self.root.iter("tr"):
            cells = [child for child in row.children if child.tag == "tc"]
            for label, target in pairwise(cells):
                if _is_label(_words(label)) and not _words(target).strip():
                    yield self._into(target, label, name)

    def _inside(self, pieces: list[Span], text: str, place: tuple[int, int], name: str) -> Edit:
        """The piece of text that holds the place, with the name in it; blanks of a piece of its own are its own."""
        start, end = place
        at = 0
        for number, piece in enumerate(pieces):
            stop = at + len(piece.text)
            last = number + 1 == len(pieces)
            if start < stop or last:
                inner = (max(0, start - at), min(end, stop) - at)
                filled = _filled(piece.text, inner, name)
                return piece.start, piece.stop, self._t(piece.prefix, filled)
            at = stop
        raise LookupError(text)

    def _into(self, cell: Span, label: Span, name: str) -> Edit:
        paragraph = next(cell.iter("p"))
        p = f"{paragraph.prefix}:".encode() if paragraph.prefix else b""
        look = next(
            (properties for run in label.iter("r") for properties in run.children if properties.tag == "rPr"), None
        )
        dressed = self.data[look.start : look.stop] if look else b""
        run = b"<" + p + b"r>" + dressed + self._t(paragraph.prefix, name) + b"</" + p + b"r>"
        if paragraph.is_empty_tag:
            opened = self.data[paragraph.start : paragraph.stop - 2].rstrip() + b">"
            return paragraph.start, paragraph.stop, opened + run + b"</" + p + b"p>"
        return paragraph.close, paragraph.close, run

    @staticmethod
    def _t(prefix: str, text: str) -> bytes:
        p = f"{prefix}:".encode() if prefix else b""
        return b"<" + p + b't xml:space="preserve">' + escaped(text) + b"</" + p + b"t>"


def _pieces(paragraph: Span) -> Iterator[Span]:
    """The texts of a paragraph, but not those of a box that is anchored in it."""
    for child in paragraph.children:
        if child.tag == "t":
            yield child
        elif child.tag not in ("p", "drawing", "pict", "AlternateContent", "del", "instrText"):
            yield from _pieces(child)


def _words(cell: Span) -> str:
    return "".join(piece.text for paragraph in cell.iter("p") for piece in _pieces(paragraph))
