"""A dispatch with a form of every layout, its kits, and a script that fills them in as a person does."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import docx
import openpyxl

from generator.collect.take import Taken, take_in
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.load import load_dispatch
from generator.kits.kinds.forms import documents

MOMENT = dt.datetime(2026, 9, 9, 10, 0)
SPEC = """
issuing_authorities: [某某厅]
title: 关于报送情况的通知
recipients: [各市教育局]
status: issued
date_of_issue: 2026-09-01
deadlines: {report: {due: 2026-09-10, what: 情况}}
forms:
  acts:
    title: 活动明细表
    due: report
    fields:
      - {name: no, title: 序号, type: serial}
      - {name: school, title: 学校名称, constraints: {required: true, maxLength: 20}}
      - {name: day, title: 活动日期, type: date, constraints: {minimum: 2026-01-01, maximum: 2026-12-31}}
      - {name: kind, title: 活动类型, categories: [讲座, 竞赛, 展览], aliases: {比赛: 竞赛}}
      - name: people
        title: 参与人数
        type: integer
        unit: 人
        total: sum
        constraints: {required: true, minimum: "0"}
      - {name: money, title: 经费, type: number, unit: 万元, decimals: 2, total: sum}
      - {name: done, title: 是否完成, type: boolean}
      - {name: length, title: 时长, type: duration, unit: 分钟}
      - {name: phone, title: 联系电话, format: phone}
      - {name: note, title: 备注, type: note}
    rows: {reserve: 6}
  teams:
    title: 队伍情况表
    layout: grouped
    fields:
      - {name: school, title: 学校, constraints: {required: true}}
      - {name: men, title: 男, group: 学生, type: integer, total: sum}
      - {name: women, title: 女, group: 学生, type: integer, total: sum}
      - {name: t_men, title: 男, group: 教师, type: integer, total: sum}
      - {name: t_women, title: 女, group: 教师, type: integer, total: sum}
    rows: {reserve: 4, total: top}
  person:
    title: 推荐表
    layout: pairs
    fields:
      - {name: name, title: 姓名, constraints: {required: true}}
      - {name: born, title: 出生年月, type: yearmonth}
      - {name: id, title: 身份证号码, format: id_card}
      - {name: years, title: 工作年限, type: integer, unit: 年}
      - {name: deeds, title: 主要事迹, type: text}
      - name: awards
        title: 获奖情况
        type: table
        rows: 3
        fields: [{name: year, title: 年份, type: year}, {name: award, title: 奖项}]
  staff:
    title: 教职工情况表
    layout: matrix
    unit_of_measure: 人
    fields: [{name: total, title: 合计, type: integer}, {name: women, title: 其中：女, type: integer}]
    rows:
      fixed: [{title: 教职工总数, total: true}, {title: 专任教师, indent: 1}, {title: 其他, indent: 1}]
body: |
  请按时报送。
"""
CODES = [f"15{number:02d}00" for number in range(1, 51)]
CITIES = [f"{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number:02d}市" for number in range(1, 51)]
ROSTER = "code,name,short_name,class\n" + "".join(
    f"{code},{city}教育局,{city},all\n" for code, city in zip(CODES, CITIES, strict=True)
)
ID, DEEDS = "11010519491231002X", "长期从事教学。\n成绩突出。"
ANSWERS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "acts": {
        "": [
            {"school": "第一中学", "day": dt.date(2026, 3, 5), "kind": "讲座", "people": 120, "money": 1.25,
             "done": "是", "length": 90, "phone": "0471-1234567", "note": "无"},
            {"school": "第二中学", "day": dt.date(2026, 12, 31), "kind": "竞赛", "people": 0, "money": 0.1,
             "done": "否", "length": 45, "phone": "13800000000", "note": "A<B & “C”"},
        ]
    },
    "teams": {"": [{"school": "甲校", "men": 1, "women": 2, "t_men": 3, "t_women": 4},
                   {"school": "乙校", "men": 10, "women": 20, "t_men": 30, "t_women": 40}]},
    "person": {
        "": [{"name": "某某", "born": dt.date(1990, 5, 1), "id": ID, "years": 12, "deeds": DEEDS}],
        "awards": [{"year": 2020, "award": "一等奖"}, {"year": 2021, "award": "二等奖"}],
    },
    "staff": {"": [{"total": 30, "women": 12}, {"total": 20, "women": 8}, {"total": 10, "women": 4}]},
}  # fmt: skip
EXPECTED: dict[str, dict[str, list[list[str | None]]]] = {
    "acts": {
        "": [
            [None, "第一中学", "2026-03-05", "讲座", "120", "1.25", "是", "90", "0471-1234567", "无"],
            [None, "第二中学", "2026-12-31", "竞赛", "0", "0.1", "否", "45", "13800000000", "A<B & “C”"],
        ]
    },
    "teams": {"": [["甲校", "1", "2", "3", "4"], ["乙校", "10", "20", "30", "40"]]},
    "person": {
        "": [["某某", "1990-05", ID, "12", DEEDS]],
        "awards": [["2020", "一等奖"], ["2021", "二等奖"]],
    },
    "staff": {"": [["30", "12"], ["20", "8"], ["10", "4"]]},
}
"""What the ledger holds of ANSWERS."""


def make(folder: Path, spec: str = SPEC) -> Dispatch:
    """The dispatch in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dispatch.yaml").write_text(spec, encoding="utf-8")
    (folder / "units.csv").write_text(ROSTER, encoding="utf-8")
    return load_dispatch(folder)


def blank(dispatch: Dispatch, form: str, ending: str, code: str = CODES[0]) -> bytes:
    """A unit's blank form."""
    unit = next(unit for unit in dispatch.units if unit.code == code)
    document = next(one for one in documents(dispatch) if (one.name, one.ending) == (form, ending))
    return document.compile(unit).stamp(document.values(unit)).data


def fill_sheet(data: bytes, form: str, answers: dict[str, list[dict[str, Any]]] | None = None) -> openpyxl.Workbook:
    """The form with the answers in its named cells, and signed."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    for block, records in (answers or ANSWERS[form]).items():
        for name in {name for record in records for name in record}:
            key = f"{form}.{block}.{name}" if block else f"{form}.{name}"
            ((_title, area),) = book.defined_names[key].destinations
            cells = sheet[area]
            column = [row[0] for row in cells] if isinstance(cells, tuple) else [cells]
            column = [cell for cell in column if type(cell).__name__ == "Cell"]
            for record, cell in zip(records, column, strict=False):
                if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                    cell.value = record.get(name)
    for role, value in {"filler": "某某", "phone": "0471-1234567", "date": "2026-09-08"}.items():
        ((_title, area),) = book.defined_names[f"{form}._signoff.{role}"].destinations
        sheet[area].value = value
    return book


def fill_word(data: bytes, form: str) -> docx.document.Document:
    """The Word form with the answers beside its labels and below its heads, and signed."""
    document = docx.Document(io.BytesIO(data))
    (table,) = document.tables
    records = ANSWERS[form][""]
    texts = [[_written(value) for value in record.values()] for record in records]
    if form == "person":
        _fill_pairs(table, texts[0])
    else:
        first, column = {"acts": (1, 1), "teams": (3, 0), "staff": (2, 2)}[form]
        for number, values in enumerate(texts, first):
            for at, value in enumerate(values, column):
                table.rows[number].cells[at].text = value
    for paragraph in document.paragraphs:
        if "填表人：" in paragraph.text:
            paragraph.text = "单位负责人：\t填表人：某某\t联系电话：0471-1234567\t填报日期：2026年9月8日"
    return document


def _fill_pairs(table: Any, texts: list[str]) -> None:
    labels = {"姓名": 0, "出生年月": 1, "身份证号码": 2, "工作年限（年）": 3, "主要事迹": 4}
    for row in table.rows:
        for cell, after in zip(row.cells, row.cells[1:], strict=False):
            if cell.text in labels and after.text == "":
                after.text = texts[labels[cell.text]]
    heads = next(number for number, row in enumerate(table.rows) if "年份" in [cell.text for cell in row.cells])
    columns = [[cell.text for cell in table.rows[heads].cells].index(head) for head in ("年份", "奖项")]
    for number, award in enumerate(ANSWERS["person"]["awards"], heads + 1):
        for column, value in zip(columns, award.values(), strict=True):
            table.rows[number].cells[column].text = _written(value)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def taken(dispatch: Dispatch, returned: Path) -> Taken:
    """Everything in the folder, taken in."""
    return take_in(dispatch, returned, MOMENT)


def kept(dispatch: Dispatch, file: str) -> dict[str, list[list[str | None]]]:
    """The records of a file's return, by block."""
    db = sqlite3.connect(dispatch.folder / "returns.sqlite")
    query = (
        "SELECT c.block, c.contents FROM records c JOIN returns r ON r.id = c.return JOIN files f ON f.id = r.file"
        " WHERE f.id = (SELECT max(id) FROM files WHERE name = ?) ORDER BY c.block, c.number"
    )
    found: dict[str, list[list[str | None]]] = {}
    for block, contents in db.execute(query, (file,)):
        found.setdefault(block, []).append(json.loads(contents))
    db.close()
    return found


def findings(done: Taken) -> list[tuple[str, str, str]]:
    """(file, code, place) of all that is worth a word."""
    return [
        (file.name, one.code, "、".join(one.cells))
        for file in done.kept
        for one in (*file.findings, *(inner for ret in file.returns for inner in ret.findings))
        if one.severity != "info"
    ]
