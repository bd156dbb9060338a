"""Returns from end to end: kits made, filled in, collected, merged, traced, and who is missing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
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
    run("merge", dispatch, "-o", tmp_path / "汇总", "--date", "2022-09-12")
    changed = list(openpyxl.load_workbook(tmp_path / "汇总" / "汇总.xlsx")["更正"].values)[2:]
    assert [row[3:7] for row in changed] == [("参与学生人数", "E7", None, "80")]


def test_reminders(dispatch: Path, kits: Path, tmp_path: Path, run: Run) -> None:
    returned, out = tmp_path / "报回", tmp_path / "催报"
    fill(kits, "150100", returned, E7="约80", B6=None)
    assert run("collect", dispatch, returned, "--date", "2022-09-08").exit_code == 1
    done = run("status", dispatch, "--date", "2022-09-12", "--reminders", "-o", out)
    assert done.exit_code == 0
    names = {path.name for path in out.iterdir()}
    assert {"催报通知.docx", "催报（群发文字）.txt", "报送期限.ics", "150100-呼和浩特市-退回意见.docx"} <= names
    assert "150200-包头市-催报通知.eml" in names
    back = docx.Document(str(out / "150100-呼和浩特市-退回意见.docx"))
    rows = [[cell.text for cell in row.cells] for row in back.tables[0].rows]
    assert rows[0] == ["序号", "材料", "位置", "问题", "怎样改"]
    assert [row[2] for row in rows[1:]] == ["B6", "E7"]
    assert rows[2][3:] == [
        "“参与学生人数”填的是“约80”：带“万”“约”等字的数不能计算",
        "请写出完整的阿拉伯数字：整数，不小于0。",
    ]
    chat = (out / "催报（群发文字）.txt").read_text(encoding="utf-8")
    assert "包头市（已逾期）" in chat
    calendar = (out / "报送期限.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20220910\r\n" in calendar
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    run("status", dispatch, "--date", "2022-09-12", "--reminders", "-o", out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_archives_mails_and_what_is_no_form(dispatch: Path, kits: Path, tmp_path: Path, run: Run) -> None:
    returned = tmp_path / "报回"
    form = fill(kits, "150100", tmp_path / "a")
    other = fill(kits, "150200", tmp_path / "a")
    returned.mkdir()
    with zipfile.ZipFile(returned / "呼和浩特市报送.zip", "w") as archive:
        archive.write(form, "材料/" + form.name)
    message = EmailMessage()
    message["Date"] = "Wed, 07 Sep 2022 01:30:00 +0000"
    message.add_attachment(other.read_bytes(), maintype="application", subtype="octet-stream", filename="表.xlsx")
    (returned / "包头市.eml").write_bytes(message.as_bytes())
    (returned / "空.xlsx").write_bytes(b"")
    (returned / "坏.xlsx").write_bytes(form.read_bytes()[:3000])
    (returned / "乌海市 本地区技工院校开学第一课活动组织情况.docx").write_bytes(b"PK\x03\x04")
    (returned / "随笔.txt").write_text("无")
    done = json.loads(run("collect", dispatch, returned, "--date", "2022-09-09", "--json").output)
    found = {file["file"]: (file["outcome"], [one["unit"] for one in file["returns"]]) for file in done["files"]}
    assert found == {
        f"呼和浩特市报送.zip/材料/{form.name}": ("form", ["150100"]),
        "包头市.eml/表.xlsx": ("form", ["150200"]),
        "空.xlsx": ("damaged", []),
        "坏.xlsx": ("damaged", []),
        "乌海市 本地区技工院校开学第一课活动组织情况.docx": ("material", ["150300"]),
        "随笔.txt": ("unknown", []),
    }
    assert {(one["code"], one["where"]["file"]) for one in done["problems"] if one["severity"] == "error"} >= {
        ("return-unreadable", "坏.xlsx"),
        ("form-unknown", "随笔.txt"),
    }
    standings = json.loads(run("status", dispatch, "--json").output)["standings"]
    (mailed,) = [one for one in standings if one["unit"] == "150200" and one["item"] == "stats"]
    assert mailed["received"] == "2022-09-07 09:30"


def test_an_unknown_unit_is_proposed_once_and_counts_when_confirmed(
    dispatch: Path, kits: Path, tmp_path: Path, run: Run
) -> None:
    returned = tmp_path / "报回"
    path = fill(kits, "150100", returned)
    book = openpyxl.load_workbook(path)
    for name in list(book.defined_names):
        del book.defined_names[name]
    del book["_meta"]
    book.properties.identifier = None
    book.custom_doc_props.props.clear()
    sheet = book.worksheets[0]
    sheet["A3"] = "填报单位（盖章）：呼市人社局"
    sheet["A20"] = None
    book.save(path.rename(returned / "统计表.xlsx"))
    assert run("collect", dispatch, returned, "--date", "2022-09-08").exit_code == 1
    aliases = (dispatch / "aliases.csv").read_text(encoding="utf-8-sig").splitlines()
    assert aliases[0] == "写法,单位代码,确认"
    assert aliases[1].startswith("呼市人社局,")
    (dispatch / "aliases.csv").write_text("写法,单位代码,确认\n呼市人社局,150100,是\n", encoding="utf-8-sig")
    assert run("collect", dispatch, returned, "--date", "2022-09-08").exit_code == 0
    standings = json.loads(run("status", dispatch, "--json").output)["standings"]
    assert [one["state"] for one in standings if (one["unit"], one["item"]) == ("150100", "stats")] == ["accepted"]
