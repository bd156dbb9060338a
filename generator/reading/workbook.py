"""The one reading of an .xlsx: sheets, and of each cell what the file keeps, what a person sees, and what it is worth.

A sheet is taken apart when it is asked for. ISO/IEC 29500-1 18.2 to 18.8.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Literal

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
    main_part,
    relations,
    xml,
)
from generator.reading.number_formats import is_moment, moment, number_formats, rounded, shown_number

MAX_ELEMENTS = 1_500_000
"""Elements of a sheet; one of which every row has a format has a million."""
_CODED = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
"""A coded character of ST_Xstring (ECMA-376 22.9.2.19); halves of surrogate pairs are none."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")

Fault = Literal["", "formula", "error", "format", "damaged"]
"""Why a cell's text cannot be told: a formula without a result, an error, an unknown format, no value of its kind."""
Value = str | int | Decimal | bool | dt.datetime | dt.date | dt.time | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a workbook shows numbers: the format of each cell format, and the day that is number 0."""

    formats: tuple[str, ...]
    first_day: dt.datetime

    def code(self, style: int) -> str:
        return self.formats[style] if 0 <= style < len(self.formats) else "General"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that the file holds; `row` and `column` count from 1.

    `kind` is the file's: n number, s text, b boolean, e error, d date, str a formula's text; `kept` is the text itself
    for s and str, else what the file writes (a number's digits, "1" for true), and None for an empty cell. For a
    formula `kept` is the result that the last program kept: it may be missing or wrong.
    """

    row: int
    column: int
    kind: str
    kept: str | None
    formula: str | None
    style: int
    element: etree._Element = field(repr=False)
    numbers: Numbers = field(repr=False)

    @property
    def reference(self) -> str:
        return f"{column_letters(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """What a person sees there; of a fault, what causes it: the error, the format of the number, the value."""
        return self._shown()[0]

    @property
    def fault(self) -> Fault:
        return self._shown()[1]

    def _shown(self) -> tuple[str, Fault]:
        if self.kept is None or (self.kind == "n" and not self.kept.strip()):
            unmet = self.element.findtext(f"{S}v")
            if unmet is not None and unmet.strip() and self.kind == "s":
                return unmet, "damaged"
            return "", "formula" if self.element.find(f"{S}f") is not None else ""
        if self.kind == "e":
            return self.kept, "error"
        try:
            return self._as_shown(self.kept)
        except (ValueError, ArithmeticError, LookupError):
            return self.kept[:_SHOWN], "damaged"

    def _as_shown(self, kept: str) -> tuple[str, Fault]:
        if self.kind == "n":
            code = self.numbers.code(self.style)
            shown = shown_number(Decimal(kept.strip()), code, self.numbers.first_day)
            return (code, "format") if shown is None else (shown, "")
        if self.kind == "b":
            return {"0": "FALSE", "1": "TRUE"}[kept.strip()], ""
        if self.kind == "d":
            day = dt.datetime.fromisoformat(kept)
            return (day.date().isoformat() if day.time() == dt.time() else day.isoformat(" ", "minutes")), ""
        if self.kind in ("s", "str"):
            return kept, ""
        raise ValueError(self.kind)

    @property
    def value(self) -> Value:
        """What the cell is worth: text, an int or a Decimal, a boolean, a day or an hour; None for none or an error."""
        if self.kept is None or self.kind == "e":
            return None
        try:
            return self._worth(self.kept)
        except (ValueError, ArithmeticError, LookupError, InvalidOperation):
            return None

    def _worth(self, kept: str) -> Value:
        if self.kind == "b":
            return {"0": False, "1": True}[kept.strip()]
        if self.kind == "d":
            return _day_or_hour(dt.datetime.fromisoformat(kept), within_a_day=False)
        if self.kind != "n":
            return kept
        number = rounded(Decimal(kept.strip()))
        if is_moment(number, self.numbers.code(self.style)):
            return _day_or_hour(moment(number, self.numbers.first_day), within_a_day=0 <= number < 1)
        whole = abs(number.adjusted()) < _WHOLE and number == number.to_integral_value()
        return int(number) if whole else number


_SHOWN = 200
_WHOLE = 18
"""Digits up to which a number without decimals is an int."""


def _day_or_hour(found: dt.datetime, *, within_a_day: bool) -> Value:
    if within_a_day:
        return found.time()
    return found.date() if found.time() == dt.time() else found


@dataclass(frozen=True, slots=True)
class Range:
    """Cells from a first row and column to the last ones, both included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __contains__(self, place: tuple[int, int]) -> bool:
        row, column = place
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column


@dataclass(frozen=True)
class Sheet:
    """One sheet: `state` is visible, hidden or veryHidden; `kind` worksheet, chartsheet …; `part` the part's name.

    Raises Problems when its part is broken, too large, or holds a cell outside any sheet.
    """

    name: str
    state: str
    kind: str
    part: str
    data: bytes = field(repr=False)
    relations: Relations = field(repr=False)
    strings: tuple[str, ...] = field(repr=False)
    numbers: Numbers = field(repr=False)
    notes: bytes | None = field(repr=False, default=None)

    @property
    def visible(self) -> bool:
        return self.state == "visible"

    @cached_property
    def root(self) -> etree._Element:
        if self.data.count(b"<") - self.data.count(b"</") > MAX_ELEMENTS:
            message = _("a sheet holds more than {limit} cells, rows and formats").format(limit=MAX_ELEMENTS)
            raise Problems([error("file-too-large", Where(self.part), message, _("Delete the rows without content."))])
        return xml(self.data, Where(self.part))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the file's order; a row or cell that does not say where it is comes after the one before it."""
        return self._scanned[0]

    @property
    def disorder(self) -> str:
        """What no program writes: the first row or cell that is out of order; "" for a sheet in order."""
        return self._scanned[1]

    @cached_property
    def _scanned(self) -> tuple[tuple[Cell, ...], str, frozenset[int]]:
        """The cells, what is out of order, and the hidden rows: a sheet of a million rows is gone over once."""
        cells: list[Cell] = []
        hidden: set[int] = set()
        disorder, last = "", 0
        data = self.root.find(f"{S}sheetData")
        for row_element in () if data is None else data.iterchildren(f"{S}row"):
            given = row_element.get("r")
            row = _row_number(given, last + 1)
            if not disorder and (row <= last or not (given or "1").isdecimal()):
                disorder = f"row {given} after row {last}"
            last, column = row, 0
            if _on(row_element.get("hidden")) or row_element.get("ht") == "0":
                hidden.add(row)
            for element in row_element.iterchildren(f"{S}c") if len(row_element) else ():
                at, following = _place(element, row, column + 1, Where(self.part))
                if not disorder and (at != last or following <= column):
                    disorder = f"the cell {element.get('r')} in row {last}"
                row, column = at, following
                cells.append(self._cell(element, row, column))
        return tuple(cells), disorder, frozenset(hidden)

    def _cell(self, element: etree._Element, row: int, column: int) -> Cell:
        kind, kept = element.get("t", "n"), element.findtext(f"{S}v")
        kept = None if kept == "" and kind != "str" else kept
        if kind == "inlineStr":
            inline = element.find(f"{S}is")
            kind, kept = "s", None if inline is None else string_text(inline)
        elif kind == "s" and kept is not None:
            index = int(kept) if kept.isdecimal() else len(self.strings)
            kept = self.strings[index] if index < len(self.strings) else None
        elif kind == "str" and kept is not None:
            kept = _decoded(kept)
        style, formula = element.get("s", "0"), element.findtext(f"{S}f")
        return Cell(row, column, kind, kept, formula, int(style) if style.isdecimal() else 0, element, self.numbers)

    @cached_property
    def merged(self) -> tuple[Range, ...]:
        """The merged cells; what stands in the first of a range is what all of them show."""
        found = (_range(each.get("ref", "")) for each in self.root.iterfind(f"{S}mergeCells/{S}mergeCell"))
        return tuple(each for each in found if each)

    @property
    def hidden_rows(self) -> frozenset[int]:
        """The rows that are hidden, by a filter too, or have no height."""
        return self._scanned[2]

    @cached_property
    def hidden_columns(self) -> frozenset[int]:
        """The columns that are hidden or have no width."""
        found: set[int] = set()
        for element in self.root.iterfind(f"{S}cols/{S}col"):
            first, last = element.get("min", ""), element.get("max", "")
            gone = _on(element.get("hidden")) or element.get("width") == "0"
            if gone and first.isdecimal() and last.isdecimal():
                found |= set(range(int(first), min(int(last), MAX_COLUMN) + 1))
        return frozenset(found)

    @cached_property
    def comments(self) -> Mapping[tuple[int, int], str]:
        """The text of each comment by row and column; what it answers stands in it, as old programs read it."""
        if self.notes is None:
            return {}
        found = {}
        for each in xml(self.notes, Where(self.part)).iter(f"{S}comment"):
            text, place = each.find(f"{S}text"), _range(each.get("ref", ""))
            if text is not None and place:
                found[place.first_row, place.first_column] = string_text(text)
        return found


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name that a workbook, or the one sheet `sheet`, gives to what `refers_to` says."""

    name: str
    refers_to: str
    sheet: str | None
    hidden: bool


@dataclass(frozen=True)
class Workbook:
    """A whole workbook; `styles` and `strings` are None when the file has no such part."""

    part: str
    root: etree._Element
    sheets: tuple[Sheet, ...]
    styles: etree._Element | None
    styles_part: str
    strings: etree._Element | None
    strings_part: str

    @property
    def worksheets(self) -> tuple[Sheet, ...]:
        """The sheets of cells, hidden ones too."""
        return tuple(sheet for sheet in self.sheets if sheet.kind == "worksheet")

    @property
    def names(self) -> tuple[DefinedName, ...]:
        found = self.root.iterfind(f"{S}definedNames/{S}definedName")
        return tuple(
            DefinedName(each.get("name", ""), each.text or "", self._scope(each), _on(each.get("hidden")))
            for each in found
        )

    def _scope(self, name: etree._Element) -> str | None:
        index = name.get("localSheetId", "")
        known = index.isdecimal() and int(index) < len(self.sheets)
        return self.sheets[int(index)].name if known else None


def read_workbook(parts: Mapping[str, bytes], where: Where) -> Workbook:
    """The workbook in the parts of an .xlsx; raises Problems when it is none, or a part of it is broken."""
    main = main_part(parts)
    root = xml(parts[main], where) if main else None
    if root is None or local(root) != "workbook":
        message = _("this is no Excel workbook (.xlsx)")
        raise Problems([error("file-not-excel", where, message, _("Open it in Excel or WPS and save it as .xlsx."))])
    rels = relations(parts, main)
    by_type = {relation.type: relation.target for relation in rels.values() if relation.target in parts}
    styles, strings = by_type.get("styles", ""), by_type.get("sharedStrings", "")
    styles_root = xml(parts[styles], Where(styles)) if styles else None
    strings_root = xml(parts[strings], Where(strings)) if strings else None
    texts = () if strings_root is None else tuple(string_text(item) for item in strings_root.iterfind(f"{S}si"))
    numbers = Numbers(tuple(number_formats(styles_root)), _first_day(root))
    sheets = tuple(
        _sheet(element, parts, main, rels, texts, numbers) for element in root.iterfind(f"{S}sheets/{S}sheet")
    )
    return Workbook(main, root, sheets, styles_root, styles, strings_root, strings)


def _sheet(
    element: etree._Element,
    parts: Mapping[str, bytes],
    main: str,
    rels: Relations,
    texts: tuple[str, ...],
    numbers: Numbers,
) -> Sheet:
    relation = rels.get(element.get(f"{R}id", ""))
    if relation is None or relation.target not in parts:
        message = _("the sheet {name} is missing from the file").format(name=element.get("name", ""))
        raise Problems([error("file-damaged", Where(main), message, _("Open it in Excel or WPS and save it again."))])
    part = relation.target
    own = relations(parts, part)
    notes = next((parts.get(each.target) for each in own.values() if each.type == "comments"), None)
    name, state = element.get("name", ""), element.get("state", "visible")
    return Sheet(name, state, relation.type, part, parts[part], own, texts, numbers, notes)


def _first_day(root: etree._Element) -> dt.datetime:
    properties = root.find(f"{S}workbookPr")
    from_1904 = properties is not None and _on(properties.get("date1904"))
    return dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)


def string_text(item: etree._Element) -> str:
    """The whole text of a string item, an inline string or a comment, without its phonetic guide."""
    runs = (child if child.tag == f"{S}t" else child.find(f"{S}t") for child in item if local(child) in ("t", "r"))
    return _decoded("".join(run.text or "" for run in runs if run is not None))


def _decoded(text: str) -> str:
    return _CODED.sub(lambda match: chr(int(match[1], 16)), text)


def _on(value: str | None) -> bool:
    return value in ("1", "true")


def _range(reference: str) -> Range | None:
    match = _RANGE.fullmatch(reference)
    if not match:
        return None
    first = int(match[2]), column_number(match[1])
    last = (int(match[4]), column_number(match[3])) if match[3] else first
    return Range(*first, *last)


def _row_number(given: str | None, following: int) -> int:
    return int(given) if given and given.isdecimal() else following


def _place(element: etree._Element, row: int, column: int, where: Where) -> tuple[int, int]:
    given = element.get("r")
    if given is not None:
        match = _REFERENCE.fullmatch(given)
        column, row = (column_number(match[1]), int(match[2])) if match else (0, 0)
    if 0 < row <= MAX_ROW and 0 < column <= MAX_COLUMN:
        return row, column
    message = _("{reference} is no cell of a sheet").format(reference=given or f"R{row}C{column}")
    raise Problems([error("file-damaged", where, message, _("Open it in Excel or WPS and save it again."))])
