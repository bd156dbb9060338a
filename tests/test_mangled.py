"""Forty ways in which people break a form: each is told by its code at its cell, and nothing else is accused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filled
import openpyxl
import pytest
from openpyxl.comments import Comment

Mangle = Callable[[Any], object]
"""Gets the workbook; its first sheet is the form, whose first two rows of answers are 5 and 6, its total row 12."""


def cell(name: str, value: Any) -> Mangle:
    return lambda book: book.worksheets[0].__setitem__(name, value)


def moved_total(book: Any) -> None:
    """Rows inserted above the total, outside the names and the sums, as Excel does right above a total."""
    sheet = book.worksheets[0]
    sheet.move_range("A12:J17", rows=2)
    for row, school in ((12, "丙校"), (13, "丁校")):
        for column, value in {"B": school, "C": dt.date(2026, 5, 1), "E": 7}.items():
            sheet[f"{column}{row}"] = value


def without(column: str) -> Mangle:
    def change(book: Any) -> None:
        book.worksheets[0].delete_cols(openpyxl.utils.column_index_from_string(column))
        for name in list(book.defined_names):
            del book.defined_names[name]

    return change


def nameless(book: Any) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


def copied(book: Any) -> None:
    """The sheet in a new book: no hidden sheet, no properties, no names."""
    nameless(book)
    del book["_meta"]
    book.properties.identifier = None
    book.custom_doc_props.props.clear()


def bare(book: Any) -> None:
    """As copied, and the printed line is gone, too."""
    copied(book)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for one in row:
            if isinstance(one.value, str) and one.value.startswith("表单编码"):
                one.value = None


def renamed(book: Any) -> None:
    book.worksheets[0].title = "Sheet1"
    nameless(book)


def title_row(book: Any) -> None:
    nameless(book)
    sheet = book.worksheets[0]
    merged = [str(area) for area in sheet.merged_cells.ranges]
    for area in merged:
        sheet.unmerge_cells(area)
    sheet.insert_rows(1)
    sheet["A1"] = "某某市教育局关于报送活动情况的报告"


def old_version(book: Any) -> None:
    meta = book["_meta"]
    for row in meta.iter_rows():
        if row[0].value == "version":
            row[1].value = "0"
    book.properties.identifier = "acts@0#150100"
    book.custom_doc_props.props[0].value = "acts@0#150100"
    change_line(book, "版本：1", "版本：0")


def change_line(book: Any, old: str, new: str) -> None:
    for row in book.worksheets[0].iter_rows():
        for one in row:
            if isinstance(one.value, str) and one.value.startswith("表单编码"):
                one.value = one.value.replace(old, new)


def last_year(book: Any) -> None:
    for row in book["_meta"].iter_rows():
        if row[0].value == "date_of_issue":
            row[1].value = "2025-09-01"


def doubled(book: Any) -> None:
    sheet = book.worksheets[0]
    for column in "BCDEFGHIJ":
        sheet[f"{column}7"] = sheet[f"{column}5"].value


def merged_down(book: Any) -> None:
    sheet = book.worksheets[0]
    sheet["D6"] = None
    sheet.merge_cells("D5:D6")


def hidden(book: Any) -> None:
    book.worksheets[0].row_dimensions[6].hidden = True


def extra_column(book: Any) -> None:
    sheet = book.worksheets[0]
    sheet["K4"], sheet["K5"] = "联系人", "某某"


def reordered(book: Any) -> None:
    """Two columns exchanged, heads and all; names stay behind."""
    sheet = book.worksheets[0]
    for row in range(4, 12):
        sheet[f"B{row}"].value, sheet[f"J{row}"].value = sheet[f"J{row}"].value, sheet[f"B{row}"].value


def gap(book: Any) -> None:
    sheet = book.worksheets[0]
    for column in "BCDEFGHIJ":
        sheet[f"{column}9"], sheet[f"{column}6"] = sheet[f"{column}6"].value, None


def repeated_head(book: Any) -> None:
    sheet = book.worksheets[0]
    for column in "ABCDEFGHIJ":
        sheet[f"{column}9"], sheet[f"{column}7"] = sheet[f"{column}6"].value, sheet[f"{column}4"].value
        if column != "A":
            sheet[f"{column}6"] = None


def comment(book: Any) -> None:
    book.worksheets[0]["E5"].comment = Comment("实为130人", "填表人")


CASES: dict[str, tuple[Mangle, list[tuple[str, str]]]] = {
    "a clean form": (lambda _book: None, []),
    "rows inserted above the total": (moved_total, []),
    "a column deleted": (without("E"), [("field-missing", "")]),
    "the sheet copied to a new book": (copied, []),
    "the printed line deleted too": (bare, []),
    "the sheet renamed, names lost": (renamed, []),
    "the hidden sheet removed": (lambda book: book.remove(book["_meta"]), []),
    "a head reworded": (cell("E4", "人数合计"), []),
    "a title row added": (title_row, []),
    "columns exchanged": (reordered, []),
    "a column added": (extra_column, [("column-unknown", "K4")]),
    "another edition": (old_version, [("form-old", "")]),
    "last year's form": (last_year, [("form-old", "")]),
    "a row pasted twice": (doubled, [("row-doubled", "B5、B7")]),
    "cells merged downwards": (merged_down, []),
    "a row hidden": (hidden, [("rows-hidden", "")]),
    "a blank row in between": (gap, []),
    "the head repeated": (repeated_head, []),
    "an answer in a comment": (comment, [("answer-in-comment", "E5")]),
    "a figure beside the table": (cell("M6", 35), [("cells-unread", "M6")]),
    "figures below the total": (cell("E18", 35), [("data-outside", "E18")]),
    "about": (cell("E5", "约200人"), [("cell-rough", "E5")]),
    "ten thousands": (cell("E5", "2000万"), [("cell-rough", "E5")]),
    "words for a figure": (cell("E5", "很多"), [("cell-type", "E5")]),
    "a fraction of a person": (cell("E5", 1.5), [("cell-type", "E5")]),
    "a negative number": (cell("E5", -3), [("cell-range", "E5")]),
    "a figure missing": (cell("E5", None), [("cell-required", "E5")]),
    "too many decimals": (cell("F5", 1.255), [("cell-precision", "F5")]),
    "ditto": (cell("B6", "同上"), [("cell-ditto", "B6")]),
    "a choice of one's own": (cell("D5", "座谈"), [("cell-choice", "D5")]),
    "a day that may be two": (cell("C5", "3/5"), [("cell-unclear", "C5")]),
    "a day that is none": (cell("C5", "2026-02-30"), [("cell-type", "C5")]),
    "a day of another year": (cell("C5", dt.date(2025, 3, 5)), [("cell-range", "C5")]),
    "a name that is too long": (cell("B5", "很长的校名" * 5), [("cell-length", "B5")]),
    "no telephone": (cell("I5", "见附件"), [("cell-format", "I5")]),
    "a formula to another book": (cell("E5", "=[1]Sheet1!A1"), [("cell-outside-link", "E5"), ("cell-required", "E5")]),
    "a total typed over": (cell("E12", 999), [("total-mismatch", "E12")]),
    "nobody signed": (cell("I13", None), [("signoff-blank", "G13")]),
    "full-width digits": (cell("E5", "１２０"), []),
    "a figure with its unit": (cell("E5", "120人"), []),
    "a day as text": (cell("C5", "2026年3月5日"), []),
    "an alias of a choice": (cell("D6", "比赛"), []),
    "thousands": (cell("E5", "1,200"), []),
    "blanks around values": (cell("B5", " 第一中学 "), []),
}
SAME = {
    "rows inserted above the total",
    "the sheet copied to a new book",
    "a head reworded",
    "a title row added",
    "columns exchanged",
    "cells merged downwards",
    "a blank row in between",
    "the head repeated",
    "full-width digits",
    "a figure with its unit",
    "a day as text",
    "an alias of a choice",
    "blanks around values",
    "the sheet renamed, names lost",
}
"""After these, the first two rows are read as if nothing had happened."""


@pytest.fixture(scope="module")
def dispatch(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return filled.make(tmp_path_factory.mktemp("d") / "事项")


@pytest.mark.parametrize("name", CASES)
def test_what_people_do(name: str, dispatch: Any, tmp_path: Path) -> None:
    mangle, expected = CASES[name]
    book = filled.fill_sheet(filled.blank(dispatch, "acts", "xlsx"), "acts")
    mangle(book)
    file = f"{filled.CITIES[0]}.xlsx"
    book.save(tmp_path / file)
    done = filled.taken(dispatch, tmp_path)
    assert [(code, cells) for _file, code, cells in filled.findings(done)] == expected
    (returned,) = done.kept[0].returns
    assert (returned.unit, returned.item) == (filled.CODES[0], "acts")
    if name in SAME:
        found = filled.kept(dispatch, file)[""][:2]
        kinds = ("讲座", "讲座") if name == "cells merged downwards" else ("讲座", "竞赛")
        assert [row[3] for row in found] == list(kinds)
        assert [row[:3] + row[4:] for row in found] == [row[:3] + row[4:] for row in filled.EXPECTED["acts"][""]]


def test_a_neighbours_form(dispatch: Any, tmp_path: Path) -> None:
    filled.fill_sheet(filled.blank(dispatch, "acts", "xlsx"), "acts").save(tmp_path / f"{filled.CITIES[1]}.xlsx")
    done = filled.taken(dispatch, tmp_path)
    assert [code for _file, code, _cells in filled.findings(done)] == ["unit-mismatch"]
    assert not done.kept[0].returns[0].counts
