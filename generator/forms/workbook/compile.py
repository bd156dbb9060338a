"""A workbook's parts made fit to be stamped: slots as plain text, totals with a value, no clock."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from generator.dispatch.spec import Spec
from generator.forms.grid import Grid, totals
from generator.forms.workbook.build import build_workbook
from generator.office.package import Package, compile_package, sheet_string

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TERMS = "{http://purl.org/dc/terms/}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SAID = ("promptTitle", "prompt", "errorTitle", "error")
_EPOCH = dt.date(1980, 1, 1)
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
"""The order of a font's properties that Excel itself writes and the Open XML SDK asks for; openpyxl's is another."""


def compile_form(spec: Spec, grid: Grid, *, addressed: bool, status_mark: str = "") -> Package:
    """The package of a form's workbook; see `build_workbook`."""
    book = build_workbook(spec, grid, addressed=addressed, status_mark=status_mark)
    cached = {f"{get_column_letter(column + 1)}{row + 1}": text for (row, column), text in totals(grid).items()}
    return compile_package(workbook_parts(book, spec.date_of_issue or _EPOCH, cached))


def workbook_parts(book: Workbook, day: dt.date, cached: Mapping[str, str]) -> dict[str, bytes]:
    """The parts of a workbook, the same on every run; `day` stands as the day it was made.

    `cached` are the values of the formulas of the first sheet, by cell, shown until a program computes them.
    """
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: _settled(name, archive.read(name), day, cached) for name in archive.namelist()}


def _settled(name: str, data: bytes, day: dt.date, cached: Mapping[str, str]) -> bytes:
    # openpyxl writes whatever is not ASCII as numbers (&#64976;), in which no slot would be found.
    root = etree.fromstring(data)
    if name == "docProps/core.xml":
        for stamp in (*root.iter(f"{_TERMS}created"), *root.iter(f"{_TERMS}modified")):
            stamp.text = f"{day.isoformat()}T00:00:00Z"
    elif name == "docProps/app.xml":
        _name_maker(root)
    elif name == "xl/styles.xml":
        for font in root.iter(f"{_SHEET}font"):
            font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    elif name.startswith("xl/worksheets/"):
        _settle_strings(root)
        if name == "xl/worksheets/sheet1.xml":
            for formula in root.iter(f"{_SHEET}f"):
                _set_cached(formula, cached)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _settle_strings(root: etree._Element) -> None:
    for string in root.iter(f"{_SHEET}t"):
        string.text = sheet_string(string.text or "")
        # Every one, since nobody knows yet how a unit's value ends: Excel drops blanks that are not preserved.
        string.set(_SPACE, "preserve")
    for rule in root.iter(f"{_SHEET}dataValidation"):
        for said in _SAID:
            if text := rule.get(said):
                rule.set(said, sheet_string(text))


def _name_maker(root: etree._Element) -> None:
    for element in list(root):
        if etree.QName(element).localname == "Application":
            element.text = "fawen"
        else:
            root.remove(element)


def _set_cached(formula: etree._Element, cached: Mapping[str, str]) -> None:
    """openpyxl leaves the value of a formula empty, which reads as nothing until someone has saved the file."""
    cell, value = formula.getparent(), formula.getnext()
    if cell is None or value is None:
        return
    text = cached.get(cell.get("r", ""))
    if text is None:
        cell.remove(value)
        return
    value.text = text
    if not text:
        cell.set("t", "str")
