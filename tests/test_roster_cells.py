"""What a roster's cell shows is what is read, whatever the file keeps of it; what cannot be told is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from planted import rezip, unzip

from generator.base.problems import Problems
from generator.dispatch.roster import Roster, read_roster

GENERAL = "General"
SHOWN = [
    (1, "000", "001"),
    (150100, GENERAL, "150100"),
    (150100.0, GENERAL, "150100"),
    (0.1 + 0.2, GENERAL, "0.3"),
    (1.5, GENERAL, "1.5"),
    (1.5, "0.00", "1.50"),
    (1.5, "0.0#", "1.5"),
    (1234567, "#,##0", "1234567"),
    (1234.5, "#,##0.00", "1234.50"),
    (-3, "#,##0_);(#,##0)", "-3"),
    (-3, "0;[Red]-0", "-3"),
    (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0"),
    (12, '"第"000"号"', "第012号"),
    (12, '0"人"', "12人"),
    (3, "0_ ", "3"),
    (0.15, "0%", "15%"),
    (0.155, "0.0%", "15.5%"),
    (12, "@", "12"),
    (True, GENERAL, "TRUE"),
    (False, GENERAL, "FALSE"),
    (dt.datetime(2026, 9, 10), "yyyy-mm-dd", "2026-09-10"),
    (dt.datetime(2026, 9, 10), 'yyyy"年"m"月"d"日";@', "2026-09-10"),
    (dt.datetime(2026, 9, 10), "[$-804]yyyy/m/d", "2026-09-10"),
    (dt.datetime(2026, 9, 10), 'm"月"d"日"', "2026-09-10"),
    (dt.datetime(1900, 1, 1), "yyyy-mm-dd", "1900-01-01"),
    (dt.datetime(2026, 9, 10, 8, 30), "yyyy-mm-dd hh:mm", "2026-09-10 08:30"),
    (dt.datetime(2026, 9, 10, 8, 30, 5), "yyyy-mm-dd hh:mm:ss", "2026-09-10 08:30:05"),
    (dt.time(8, 30), "h:mm", "08:30"),
    ("001", GENERAL, "001"),
    ("_x005F_x0041_", GENERAL, "_x0041_"),
    ("甲_x000D_\n乙", GENERAL, "甲\n乙"),
    ("_x7532_", GENERAL, "甲"),
]
REFUSED = [
    (3.4, "0", "roster-number"),
    (0.155, "0%", "roster-number"),
    (5, "[>3]0", "roster-number"),
    (5, "[DBNum1]General", "roster-number"),
    (0.5, "# ?/?", "roster-number"),
    (5, ";;;", "roster-number"),
    (dt.timedelta(hours=30), "[h]:mm", "roster-number"),
    (dt.datetime(2026, 9, 1), 'yyyy"年"m"月"', "roster-number"),
    (dt.datetime(2026, 9, 1, 8, 30), "yyyy-mm-dd", "roster-number"),
    (5, "0" * 300, "roster-number"),
    ("甲_x0007_局", GENERAL, "bad-character"),
    ("_xFFFF_", GENERAL, "bad-character"),
    ("#N/A", GENERAL, "roster-formula"),
]


def workbook(value: Any, number_format: str) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["code", "name", "值"])
    book.active.append(["1", "甲局", value])
    book.active["C2"].number_format = number_format
    book.save(stream)
    return stream.getvalue()


def read(content: bytes) -> Roster:
    return read_roster(content, "units.xlsx", None)


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN)
def test_a_cell_is_read_as_it_is_shown(value: Any, number_format: str, text: str) -> None:
    assert read(workbook(value, number_format)).units[0].columns == {"值": text}


@pytest.mark.parametrize(("value", "number_format", "code"), REFUSED)
def test_what_cannot_be_told_is_refused_with_its_place(value: Any, number_format: str, code: str) -> None:
    with pytest.raises(Problems) as caught:
        read(workbook(value, number_format))
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line, problem.where.column) == (code, 2, 3)
    assert code != "roster-number" or "C2" in problem.message


def changed(before: str, after: str) -> bytes:
    parts = unzip(workbook("一", GENERAL))
    (sheet,) = [name for name in parts if name.endswith("sheet1.xml")]
    assert before.encode() in parts[sheet]
    return rezip({**parts, sheet: parts[sheet].replace(before.encode(), after.encode(), 1)})


def test_cells_without_a_place_follow_one_another() -> None:
    row = "<row><c><v>150100000000000001</v></c><c t='str'><v>乙局</v></c><c t='str'><v/></c></row>"
    content = changed("</sheetData>", f"{row}</sheetData>")
    assert [(unit.code, unit.name, unit.columns["值"]) for unit in read(content).units] == [
        ("1", "甲局", "一"),
        ("150100000000000001", "乙局", ""),
    ]


def test_a_formula_is_its_result_and_none_is_an_error() -> None:
    kept = "<row r='3'><c r='A3' t='str'><f>T(1)</f><v>2</v></c><c r='B3' t='str'><f>T(2)</f><v>乙局</v></c></row>"
    assert read(changed("</sheetData>", f"{kept}</sheetData>")).units[1].name == "乙局"
    with pytest.raises(Problems) as caught:
        read(changed("</sheetData>", f"{kept.replace('<v>乙局</v>', '')}</sheetData>"))
    assert [(p.code, p.where.line, p.where.column) for p in caught.value.problems] == [("roster-formula", 3, 2)]


def test_rich_text_is_read_without_its_reading() -> None:
    rich = "<is><r><t>呼和</t></r><r><t>浩特</t></r><rPh sb='0' eb='1'><t>hūhé</t></rPh></is>"
    row = f"<row r='3'><c r='A3'><v>2</v></c><c r='B3' t='inlineStr'>{rich}</c></row></sheetData>"
    assert read(changed("</sheetData>", row)).units[1].name == "呼和浩特"


def test_days_of_the_calendar_of_1904() -> None:
    parts = unzip(workbook(dt.datetime(2026, 9, 10), "yyyy-mm-dd"))
    book = parts["xl/workbook.xml"]
    assert b"<workbookPr" in book
    parts["xl/workbook.xml"] = book.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)
    assert read(rezip(parts)).units[0].columns == {"值": "2030-09-11"}


@pytest.mark.parametrize("cell", ["甲局\x1f", "\x0c甲局", "甲局\x85", "\x1c", "甲\u2028"])
def test_a_csv_loses_no_character_at_the_end_of_a_cell(cell: str) -> None:
    with pytest.raises(Problems) as caught:
        read_roster(f"code,name,值\n1,甲局,{cell}\n".encode(), "units.csv", None)
    assert [(p.code, p.where.line, p.where.column) for p in caught.value.problems] == [("bad-character", 2, 3)]


def test_blanks_at_the_ends_of_a_cell_go() -> None:
    roster = read_roster("code,name,值\n 1\t,　甲局\xa0,　\n".encode(), "units.csv", None)
    assert [(unit.code, unit.name, unit.columns) for unit in roster.units] == [("1", "甲局", {"值": ""})]
