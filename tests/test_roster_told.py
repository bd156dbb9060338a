"""Rosters as spreadsheets leave them: totals, lost zeros, hidden rows, merged cells, names in two lines."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from conftest import DispatchFolder

Run = Callable[..., Result]

SPEC = """
kind: notice
title: 关于报送工作总结的通知
issuing_authorities: [某某市教育局]
recipients: [各单位]
body: 请认真总结。
"""
HEAD = "单位代码,单位全称,简称\n"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("001,甲局,甲\n合计,合计,7\n", "total-row"),
        ("001,甲局,甲\n999,总 计,\n", "total-row"),
        ("001,甲局,甲\n小计,2,2\n", "total-row"),
        ("1.50101E+11,甲局,甲\n", "code-number"),
        ("1e5,甲局,甲\n", "code-number"),
        ('"=""001""",甲局,甲\n', "code-number"),
        ("'001,甲局,甲\n", "code-number"),
        ("010101,甲局,甲\n10102,乙局,乙\n110101,丙局,丙\n", "code-shorter"),
        ("0471,甲局,甲\n471,乙局,乙\n0472,丙局,丙\n", "code-shorter"),
        ('001,"某某市\n教育局",甲\n', "name-broken"),
        ('001,甲局,"甲\n局"\n', "name-broken"),
        ("001,甲县教育局,教育局\n002,乙县教育局,教育局\n", "short-name-twice"),
    ],
)
def test_it_is_told(dispatch_folder: DispatchFolder, run: Run, rows: str, code: str) -> None:
    folder = dispatch_folder({"dispatch.yaml": SPEC, "units.csv": HEAD + rows})
    assert f"[{code}]" in run("check", folder).stderr


@pytest.mark.parametrize(
    "rows",
    [
        "".join(f"{number},第{number}局,{number}局\n" for number in range(1, 121)),
        "A01,甲局,甲\nB1,乙局,乙\n",
        "150100,总计局,总计局\n150200,乙局,乙\n",
        "12E,甲局,甲\n",
    ],
    ids=["counted", "letters", "a name", "no number"],
)
def test_what_is_in_order_is_not_told(dispatch_folder: DispatchFolder, run: Run, rows: str) -> None:
    folder = dispatch_folder({"dispatch.yaml": SPEC, "units.csv": HEAD + rows})
    assert run("check", folder, "--strict").exit_code == 0


def sheet(folder: Path, *, hidden: int = 0, merged: str = "") -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["单位代码", "单位全称", "类别"],
        ["001", "甲局", "区县"],
        ["002", "乙局", "区县"],
        ["003", "丙局", "学校"],
    ):
        page.append(row)
    if hidden:
        page.row_dimensions[hidden].hidden = True
    if merged:
        page.merge_cells(merged)
    stream = io.BytesIO()
    book.save(stream)
    (folder / "units.xlsx").write_bytes(stream.getvalue())


@pytest.mark.parametrize(
    ("hidden", "merged", "said"),
    [
        (4, "", "row 4 is hidden, and names a unit: 003、丙局"),
        (2, "", "row 2 is hidden, and names a unit: 001、甲局"),
        (0, "C2:C3", '"区县" is merged over rows 2 to 3'),
        (0, "B3:B4", '"乙局" is merged over rows 3 to 4'),
    ],
)
def test_hidden_rows_and_merged_cells(
    dispatch_folder: DispatchFolder, run: Run, hidden: int, merged: str, said: str
) -> None:
    folder = dispatch_folder({"dispatch.yaml": SPEC + "classes: {county: 区县, school: 学校}\n"})
    sheet(folder)
    assert run("check", folder).exit_code == 0
    sheet(folder, hidden=hidden, merged=merged)
    done = run("check", folder)
    assert done.exit_code == 1
    assert said in done.stderr
