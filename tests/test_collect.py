"""Returns from end to end: kits made, filled in, collected, merged, traced, and who is missing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

Run = Callable[..., Result]
ROOT = Path(__file__).parent.parent
ROWS: list[list[Any]] = [
    ["甲技工学校", dt.date(2022, 9, 1), "某某校长", 120, 40, 2, 1, 3, "是", None],
    ["乙技工学校", dt.date(2022, 9, 2), "某某书记", 80, 30, 1, None, 0, "否", "线上"],
]


@pytest.fixture
def dispatch(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "specs" / "2022-first-lesson", tmp_path / "事项"))


@pytest.fixture
def kits(dispatch: Path, tmp_path: Path, run: Run) -> Path:
    assert run("batch", dispatch, "-o", tmp_path / "out", "--jobs", 1).exit_code == 0
    return tmp_path / "out"


def fill(kits: Path, code: str, target: Path, rows: list[list[Any]] = ROWS, **cells: Any) -> Path:
    """A unit's form, filled in by openpyxl and saved in the folder `target` under its own name."""
    source = next(next(kits.glob(f"{code}-*")).glob("*统计表.xlsx"))
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    for number, values in enumerate(rows, 6):
        for column, value in zip("BCDEFGHIJK", values, strict=True):
            sheet[f"{column}{number}"] = value
    for cell, value in {"I15": "某某", "D16": "0471-1234567", "I16": "2022年9月8日", **cells}.items():
        sheet[cell] = value
    target.mkdir(exist_ok=True)
    book.save(target / source.name)
    return target / source.name


def test_the_whole_way_from_kits_to_the_merged_table(dispatch: Path, kits: Path, tmp_path: Path, run: Run) -> None:
    returned = tmp_path / "报回"
    fill(kits, "150100", returned)
    fill(kits, "150200", returned, E7="约80")
    done = run("collect", dispatch, returned, "--date", "2022-09-09")
    assert done.exit_code == 1
    assert "包头市-附件 2022年秋季学期开学第一课活动情况统计表.xlsx" in done.output
    assert "E7" in done.output
    assert "[cell-rough]" in done.output
    assert "2 files: 2 taken in, 0 as before" in done.output
    again = run("collect", dispatch, returned, "--date", "2022-09-09")
    assert (again.exit_code, again.output) == (0, "2 files: 0 taken in, 2 as before\n")

    found = json.loads(run("status", dispatch, "--date", "2022-09-12", "--json").output)
    states = {(one["unit"], one["item"]): one["state"] for one in found["standings"]}
    assert states["150100", "stats"] == "accepted"
    assert states["150200", "stats"] == "sent_back"
    assert states["150300", "stats"] == "overdue"
    before = json.loads(run("status", dispatch, "--date", "2022-09-10 17:00", "--json").output)
    assert {one["state"] for one in before["standings"] if one["unit"] == "150300"} == {"missing", "exempt"}

    merged = run("merge", dispatch, "-o", tmp_path / "汇总", "--date", "2022-09-12")
    assert merged.exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "汇总" / "汇总.xlsx", data_only=True)
    assert book.sheetnames == ["汇总", "明细", "核对", "问题", "未报单位"]
    summary = [list(row) for row in book["汇总"].values]
    assert "已汇总1家" in summary[1][0]
    assert "包头市" in summary[1][0]
    assert summary[3][:9] == ["150100", "呼和浩特市人力资源和社会保障局", "盟市", 2, 200, 70, 3, 1, 3]
    assert summary[3][9] == "一致"
    assert summary[4][4:10] == [200, 70, 3, 1, 3, "一致"]
    details = [list(row) for row in book["明细"].values]
    assert details[3][4:8] == ["甲技工学校", "2022-09-01", "某某校长", 120]
    assert details[3][-1] == "B6:K6"
    assert {row[5] for row in list(book["核对"].values)[2:]} == {"一致"}

    way = json.loads(run("trace", dispatch, "汇总!E5", "--json").output)
    assert way["value"] == "200"
    assert [(part["unit"], part["cell"], part["value"]) for part in way["parts"]] == [
        ("150100", "E6", "120"),
        ("150100", "E7", "80"),
    ]
    assert run("trace", dispatch, "A1").exit_code == 2


def test_a_new_return_replaces_the_earlier_one(dispatch: Path, kits: Path, tmp_path: Path, run: Run) -> None:
    returned = tmp_path / "报回"
    fill(kits, "150100", returned, E7="约80")
    assert run("collect", dispatch, returned, "--date", "2022-09-08").exit_code == 1
    fill(kits, "150100", tmp_path / "again").rename(returned / "呼和浩特市 更正.xlsx")
    assert run("collect", dispatch, returned, "--date", "2022-09-09").exit_code == 0
    found = json.loads(run("status", dispatch, "--date", "2022-09-12", "--json").output)["standings"]
    (own,) = [one for one in found if one["unit"] == "150100" and one["item"] == "stats"]
    assert (own["state"], own["files"], own["received"]) == ("accepted", ["呼和浩特市 更正.xlsx"], "2022-09-09 00:00")
