"""The one reading of a workbook: what a person sees in a cell, what it is worth, and what stands around it."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from generator.base.problems import Problems, Where
from generator.office.gate import open_package
from generator.reading.metadata import metadata
from generator.reading.workbook import Range, Sheet, Workbook, read_workbook

WHERE = Where("表.xlsx")
GENERAL = "General"
WORTH = [
    (1, "000", "001", 1),
    (0.1 + 0.2, GENERAL, "0.3", Decimal("0.3")),
    (150100.0, GENERAL, "150100", 150100),
    (0.155, "0.0%", "15.5%", Decimal("0.155")),
    ("001", GENERAL, "001", "001"),
    (True, GENERAL, "TRUE", True),
    (dt.datetime(2026, 9, 10), 'yyyy"年"m"月"d"日"', "2026-09-10", dt.date(2026, 9, 10)),
    (dt.datetime(2026, 9, 10, 8, 30), "yyyy-mm-dd hh:mm", "2026-09-10 08:30", dt.datetime(2026, 9, 10, 8, 30)),
    (dt.time(8, 30), "h:mm", "08:30", dt.time(8, 30)),
]
UNTOLD = [
    (3.4, "0", "format", Decimal("3.4")),
    ("#N/A", GENERAL, "error", None),
    ("=1+1", GENERAL, "formula", None),
]


def saved(book: openpyxl.Workbook) -> dict[str, bytes]:
    stream = io.BytesIO()
    book.save(stream)
    return open_package(stream.getvalue(), WHERE)


def one_cell(value: Any, number_format: str) -> Any:
    book = openpyxl.Workbook()
    book.active["B2"] = value
    book.active["B2"].number_format = number_format
    (cell,) = read_workbook(saved(book), WHERE).sheets[0].cells
    return cell


@pytest.mark.parametrize(("value", "number_format", "text", "worth"), WORTH)
def test_a_cell_shows_a_text_and_is_worth_a_value(value: Any, number_format: str, text: str, worth: Any) -> None:
    cell = one_cell(value, number_format)
    assert (cell.reference, cell.text, cell.fault, cell.value) == ("B2", text, "", worth)
    assert type(cell.value) is type(worth)


@pytest.mark.parametrize(("value", "number_format", "fault", "worth"), UNTOLD)
def test_what_a_cell_shows_is_never_guessed(value: Any, number_format: str, fault: str, worth: Any) -> None:
    cell = one_cell(value, number_format)
    assert (cell.fault, cell.value) == (fault, worth)


def full_book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "统计表"
    for place, value in {
        "A1": "情况统计表",
        "A3": "学校",
        "B3": "人数",
        "A4": "一中",
        "B4": 3,
        "B5": "=SUM(B4)",
    }.items():
        sheet[place] = value
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions.group("D", "F", hidden=True)
    sheet["A3"].comment = Comment("填全称", "审核")
    book.create_sheet("选项").sheet_state = "hidden"
    book.defined_names["人数"] = DefinedName("人数", attr_text="统计表!$B$4")
    sheet.defined_names["此表"] = DefinedName("此表", attr_text="统计表!$A$1")
    book.properties.title = "统计表"
    book.custom_doc_props.append(StringProperty(name="fawen.form", value="统计表"))
    return book


def test_what_stands_around_the_cells() -> None:
    parts = saved(full_book())
    book = read_workbook(parts, WHERE)
    sheet = book.sheets[0]
    assert [(each.name, each.visible) for each in book.worksheets] == [("统计表", True), ("选项", False)]
    assert sheet.merged == (Range(1, 1, 1, 2),)
    assert [place in sheet.merged[0] for place in ((1, 2), (2, 1))] == [True, False]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({4}, {4, 5, 6})
    assert {place: text.splitlines()[-1] for place, text in sheet.comments.items()} == {(3, 1): "填全称"}
    assert {(name.name, name.sheet, name.refers_to) for name in book.names} == {
        ("人数", None, "统计表!$B$4"),
        ("此表", "统计表", "统计表!$A$1"),
    }
    assert [cell.formula for cell in sheet.cells if cell.reference == "B5"] == ["SUM(B4)"]
    said = metadata(parts)
    assert (said.core["title"], said.custom["fawen.form"]) == ("统计表", "统计表")


def sheet_of(rows: str) -> Sheet:
    parts = saved(openpyxl.Workbook())
    name = "xl/worksheets/sheet1.xml"
    data = parts[name].replace(b"</sheetData>", f"{rows}</sheetData>".encode())
    assert rows.encode() in data
    return read_workbook({**parts, name: data}, WHERE).sheets[0]


DISORDERED = [
    '<row r="2"><c r="A2"/></row><row r="2"/>',
    '<row r="3"/><row r="2"/>',
    '<row r="1"><c r="B1"/><c r="A1"/></row>',
    '<row r="1"><c r="A2"/></row>',
    '<row r="x"/>',
]


@pytest.mark.parametrize("rows", DISORDERED)
def test_a_sheet_says_when_its_cells_are_out_of_order(rows: str) -> None:
    assert sheet_of(rows).disorder
    assert not sheet_of('<row><c/><c r="C1"/></row><row r="3"/><row/>').disorder


@pytest.mark.parametrize(("cell", "text"), [('t="s"><v>7</v>', "7"), ("><v>一</v>", "一"), ('t="b"><v>2</v>', "2")])
def test_a_value_that_is_none_of_its_kind_is_told(cell: str, text: str) -> None:
    (found,) = sheet_of(f'<row r="1"><c r="A1" {cell}</c></row>').cells
    assert (found.fault, found.text, found.value) == ("damaged", text, None)


def test_a_broken_sheet_is_met_when_it_is_asked_for() -> None:
    book: Workbook = read_workbook(saved(full_book()), WHERE)
    assert book.sheets[1].cells == ()
    with pytest.raises(Problems, match="no cell"):
        assert sheet_of('<row r="1"><c r="XFE1"/></row>').cells
