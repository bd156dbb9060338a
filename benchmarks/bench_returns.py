"""Returns: 500 forms of 200 rows collected and merged, beside the same by openpyxl as a user would write it.

Run: .venv/bin/python benchmarks/bench_returns.py [forms]. Figures are CPU seconds of one process, and their ratio.
"""

from __future__ import annotations

import datetime as dt
import io
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from generator.collect.ledger import Ledger
from generator.collect.merge import merge
from generator.collect.status import standings
from generator.collect.take import take_in
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.load import load_dispatch
from generator.kits.kinds.forms import documents

FORMS, ROWS, SHARE = 500, 200, 10
"""The contender reads one form in SHARE, and its time is multiplied: it is linear."""
MOMENT = dt.datetime(2026, 9, 9, 10, 0)
SPEC = f"""
issuing_authorities: [某某厅]
title: 关于报送情况的通知
recipients: [各市教育局]
status: issued
deadlines: {{report: {{due: 2026-09-10, what: 情况}}}}
forms:
  acts:
    title: 活动明细表
    due: report
    fields:
      - {{name: no, title: 序号, type: serial}}
      - {{name: school, title: 学校名称, constraints: {{required: true, maxLength: 20}}}}
      - {{name: day, title: 活动日期, type: date, constraints: {{minimum: 2026-01-01, maximum: 2026-12-31}}}}
      - {{name: kind, title: 活动类型, categories: [讲座, 竞赛, 展览]}}
      - {{name: people, title: 参与人数, type: integer, total: sum, constraints: {{required: true, minimum: "0"}}}}
      - {{name: men, title: 其中男, type: integer, total: sum}}
      - {{name: money, title: 经费, type: number, decimals: 2, total: sum}}
      - {{name: done, title: 是否完成, type: boolean}}
      - {{name: phone, title: 联系电话, format: phone}}
      - {{name: note, title: 备注, type: note}}
    rows: {{reserve: {ROWS}}}
body: 请按时报送。
"""
FIRST = b"00001"
"""What the first unit's code and its name have in common, and every unit has its own of."""


def made(folder: Path, units: int) -> Dispatch:
    folder.mkdir(parents=True)
    (folder / "dispatch.yaml").write_text(SPEC, encoding="utf-8")
    roster = "".join(f"{500000 + n},某某{n:05d}局,某{n:05d},all\n" for n in range(1, units + 1))
    (folder / "units.csv").write_text(f"code,name,short_name,class\n{roster}", encoding="utf-8")
    return load_dispatch(folder)


def filled_in(dispatch: Dispatch, returned: Path, number: int) -> None:
    """One form filled in by openpyxl, and the same for every other unit."""
    unit = dispatch.units[0]
    document = next(one for one in documents(dispatch) if one.ending == "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(document.compile(unit).stamp(document.values(unit)).data))
    sheet = book.worksheets[0]
    first = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == 1)
    for row in range(ROWS):
        values = [
            f"某某第{row}中学",
            dt.date(2026, 3, 1 + row % 28),
            "讲座",
            100 + row,
            50,
            row / 4,
            "是",
            "0471-1234567",
            "无",
        ]
        for column, value in zip("BCDEFGHIJ", values, strict=True):
            sheet[f"{column}{first + row}"] = value
    for cell in (cell for row in sheet.iter_rows(min_row=first + ROWS) for cell in row):
        if cell.value in ("填表人：", "联系电话：", "填报日期："):
            after = next(c for c in sheet[cell.row][cell.column :] if type(c).__name__ == "Cell")
            after.value = "0471-1234567"
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    returned.mkdir()
    for each in dispatch.units[:number]:
        with zipfile.ZipFile(returned / f"{each.short_name}.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part.replace(FIRST, each.code[1:].encode()))


def by_openpyxl(returned: Path, out: Path) -> int:
    """As a user would: open each workbook, check each cell, copy each row, add up."""
    merged = openpyxl.Workbook()
    sheet: Any = merged.active
    total = 0
    for path in sorted(returned.iterdir())[::SHARE]:
        book = openpyxl.load_workbook(path, data_only=True)
        source = book.worksheets[0]
        for row in source.iter_rows(min_row=4):
            values = [cell.value for cell in row]
            if not isinstance(values[4], int) or not values[1]:
                continue
            wrong = values[4] < 0 or len(values[1]) > 20 or values[3] not in ("讲座", "竞赛", "展览")
            wrong = wrong or not isinstance(values[2], dt.datetime) or values[7] not in ("是", "否")
            if not wrong:
                total += values[4]
                sheet.append([path.name, *values[1:10], row[1].coordinate])
    merged.save(out)
    return total


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main(number: int) -> None:
    root = Path(tempfile.mkdtemp(prefix="fawen-bench-"))
    dispatch = made(root / "d", number)
    filled_in(dispatch, root / "r", number)
    ours_in = cpu(lambda: take_in(dispatch, root / "r", MOMENT))
    ours_out = cpu(lambda: merge(dispatch, root / "o", MOMENT))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again = cpu(lambda: take_in(dispatch, root / "r", MOMENT))
    theirs = cpu(lambda: by_openpyxl(root / "r", root / "theirs.xlsx")) * SHARE
    print(f"{number} forms x {ROWS} rows: collect {ours_in:.1f} s, merge {ours_out:.1f} s, memory {memory:.0f} MB")
    print(f"openpyxl {theirs:.1f} s: {theirs / (ours_in + ours_out):.1f} times as long")
    print(f"collect with nothing new: {again:.2f} s")
    many = made(root / "many", 10_000)
    with Ledger(many.folder) as ledger:
        print(f"status of 10,000 units: {cpu(lambda: list(standings(many, ledger, MOMENT))):.2f} s")
    shutil.rmtree(root)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FORMS)
