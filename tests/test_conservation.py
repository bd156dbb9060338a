"""No number is lost: over random sets of returns, cells, merged totals and the database's own totals agree."""

from __future__ import annotations

import io
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import filled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from generator.collect.book import PLAIN, Sheet, workbook
from generator.collect.ledger import Ledger
from generator.collect.merge import report
from generator.office.ooxml import column_number

SPEC = """
issuing_authorities: [某某厅]
title: 关于报送情况的通知
recipients: [各市教育局]
forms:
  acts:
    title: 活动表
    fields:
      - {name: no, title: 序号, type: serial}
      - {name: school, title: 学校名称}
      - {name: people, title: 参与人数, type: integer, unit: 人, total: sum, constraints: {required: true}}
      - {name: money, title: 经费, type: number, unit: 万元, decimals: 2, total: sum}
body: 请按时报送。
"""
HEADS = ["序号", "学校名称", "参与人数（人）", "经费（万元）"]
people = st.one_of(st.integers(0, 10**9), st.sampled_from(["约200", "", "１２", "3人", "2000万"]))
money = st.one_of(st.none(), st.decimals(-(10**6), 10**9, places=2))
rows = st.lists(st.tuples(st.text("甲乙丙丁", min_size=1, max_size=4), people, money), min_size=1, max_size=6)
returns = st.lists(st.tuples(st.integers(0, 5), rows), min_size=1, max_size=5)


def written(unit: int, records: list[tuple[str, Any, Any]]) -> bytes:
    """A workbook with the form's heads, the records below them, and the printed line."""
    body = [(PLAIN, [Decimal(n), school, Decimal(p) if isinstance(p, int) else p, m])
            for n, (school, p, m) in enumerate(records, 1)]  # fmt: skip
    tail = ["填表人：某某", "联系电话：0471-1234567", "填报日期：2026-09-08"]
    line = f"表单编码：acts　版本：1　单位代码：{filled.CODES[unit]}"
    return workbook([Sheet("表", [9] * 4, [(PLAIN, HEADS), *body, (PLAIN, tail), (PLAIN, [line])])])


def cell_of(folder: Path, file: str, cell: str) -> Decimal:
    """What the returned file itself holds there."""
    letters = cell.rstrip("0123456789")
    rows = CalamineWorkbook.from_filelike(io.BytesIO((folder / file).read_bytes())).get_sheet_by_index(0).to_python()
    value = rows[int(cell.removeprefix(letters)) - 1][column_number(letters) - 1]
    return Decimal(str(value).translate(str.maketrans("１２", "12")).removesuffix("人"))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(returns)
def test_no_number_is_lost(sets: list[tuple[int, list[tuple[str, Any, Any]]]]) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        dispatch = filled.make(root / "事项", SPEC)
        (root / "报回").mkdir()
        latest: dict[int, list[tuple[str, Any, Any]]] = {}
        for number, (unit, records) in enumerate(sets):
            (root / "报回" / f"{number:02d}.xlsx").write_bytes(written(unit, records))
            latest[unit] = records
        filled.taken(dispatch, root / "报回")
        with Ledger(dispatch.folder) as ledger:
            made = report(dispatch, ledger, filled.MOMENT)
        assert made.faults == []
        merged = next(iter(made.sums.values())).merged if made.sums else None
        for summed in made.sums.values():
            parts = [
                (row.file, row.cell(summed.number), row.values[summed.number])
                for code in summed.codes
                for row in summed.merged.rows[slice(summed.merged.spans[code][0], summed.merged.spans[code][1] + 1)]
                if row.values[summed.number] is not None
            ]
            for file, cell, value in parts:
                assert cell_of(root / "报回", file, cell) == Decimal(value)
            assert summed.merged.total(summed.number, summed.codes) == sum(Decimal(value) for *_rest, value in parts)
        if merged:
            for unit, records in latest.items():
                if filled.CODES[unit] in merged.spans:
                    own = sum(12 if p == "１２" else 3 if p == "3人" else p for _school, p, _money in records)
                    assert merged.total(merged.summed[0], [filled.CODES[unit]]) == own
    finally:
        shutil.rmtree(root, ignore_errors=True)
