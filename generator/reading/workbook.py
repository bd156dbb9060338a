"""Reading an .xlsx as it stands in the file: sheets, cells with formulas and kept results, strings, styles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.office.ooxml import (
    MAX_COLUMN,
    MAX_ROW,
    R,
    Relations,
    S,
    column_letters,
    column_number,
    local,
    relations,
    xml,
)

_CODED = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
"""A coded character of ST_Xstring (ECMA-376 22.9.2.19); halves of surrogate pairs are none."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that the file holds; `row` and `column` count from 1.

    `kind` is the file's: n number, s text, b boolean, e error, d date, str a formula's text; `value` is the text itself
    for s and str, else what the file writes (a number's digits, "1" for true), and None for an empty cell. For a
    formula `value` is the result that the last program kept: it may be missing or wrong.
    """

    row: int
    column: int
    kind: str
    value: str | None
    formula: str | None
    style: int
    element: etree._Element = field(repr=False)

    @property
    def reference(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `state` is visible, hidden or veryHidden; `root` the part's XML; no cells for a chart sheet."""

    name: str
    state: str
    part: str
    root: etree._Element
    relations: Relations
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole workbook; `styles` and `strings` are None when the file has no such part."""

    part: str
    root: etree._Element
    sheets: tuple[Sheet, ...]
    styles: etree._Element | None
    styles_part: str
    strings: etree._Element | None
    strings_part: str


def read_workbook(parts: Mapping[str, bytes], main: str) -> Workbook:
    """The workbook whose main part is `main`; raises Problems when a part is broken or a cell outside any sheet."""
    rels = relations(parts, main)
    root = xml(parts[main], Where(main))
    by_type = {relation.type: relation.target for relation in rels.values() if relation.target in parts}
    styles, strings = by_type.get("styles", ""), by_type.get("sharedStrings", "")
    strings_root = xml(parts[strings], Where(strings)) if strings else None
    texts = [] if strings_root is None else [string_text(item) for item in strings_root.iterfind(f"{S}si")]
    sheets = []
    for element in root.iterfind(f"{S}sheets/{S}sheet"):
        relation = rels.get(element.get(f"{R}id", ""))
        if relation is None or relation.target not in parts:
            message = _("the sheet {name} is missing from the file").format(name=element.get("name", ""))
            raise Problems(
                [error("file-damaged", Where(main), message, _("Open it in Excel or WPS and save it again."))]
            )
        part = relation.target
        sheet = xml(parts[part], Where(part))
        cells = tuple(_cells(sheet, texts, Where(part)))
        name, state = element.get("name", ""), element.get("state", "visible")
        sheets.append(Sheet(name, state, part, sheet, relations(parts, part), cells))
    styles_root = xml(parts[styles], Where(styles)) if styles else None
    return Workbook(main, root, tuple(sheets), styles_root, styles, strings_root, strings)


def string_text(item: etree._Element) -> str:
    """The whole text of a string item or an inline string, without its phonetic guide."""
    runs = (child if child.tag == f"{S}t" else child.find(f"{S}t") for child in item if local(child) in ("t", "r"))
    text = "".join(run.text or "" for run in runs if run is not None)
    return _CODED.sub(lambda match: chr(int(match[1], 16)), text)


def _cells(sheet: etree._Element, texts: list[str], where: Where) -> Iterator[Cell]:
    """The cells in the file's order; a row or cell that does not say where it is comes after the one before."""
    row = 0
    for row_element in sheet.iterfind(f"{S}sheetData/{S}row"):
        row = _row_number(row_element, row + 1)
        column = 0
        for element in row_element.iterfind(f"{S}c"):
            row, column = _place(element, row, column + 1, where)
            yield _cell(element, row, column, texts)


def _row_number(element: etree._Element, following: int) -> int:
    given = element.get("r", "")
    return int(given) if given.isdecimal() else following


def _place(element: etree._Element, row: int, column: int, where: Where) -> tuple[int, int]:
    given = element.get("r")
    if given is not None:
        match = _REFERENCE.fullmatch(given)
        column, row = (column_number(match[1]), int(match[2])) if match else (0, 0)
    if 0 < row <= MAX_ROW and 0 < column <= MAX_COLUMN:
        return row, column
    message = _("{reference} is no cell of a sheet").format(reference=given or f"R{row}C{column}")
    raise Problems([error("file-damaged", where, message, _("Open it in Excel or WPS and save it again."))])


def _cell(element: etree._Element, row: int, column: int, texts: list[str]) -> Cell:
    kind, value = element.get("t", "n"), element.findtext(f"{S}v")
    value = None if value == "" and kind != "str" else value
    if kind == "inlineStr":
        inline = element.find(f"{S}is")
        kind, value = "s", None if inline is None else string_text(inline)
    elif kind == "s" and value is not None:
        index = int(value) if value.isdecimal() else len(texts)
        value = texts[index] if index < len(texts) else None
    style = element.get("s", "0")
    formula = element.findtext(f"{S}f")
    return Cell(row, column, kind, value, formula, int(style) if style.isdecimal() else 0, element)
