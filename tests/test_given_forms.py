"""The superior's own forms go out as they were made: the unit's name is put, and every other cell is untouched."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import Result
from conftest import DispatchFolder
from openpyxl.styles import Font, PatternFill
from planted import unzip

Run = Callable[..., Result]

SPEC = """
kind: notice
status: issued
title: 关于报送实验室安全检查情况的通知
issuing_authorities: [某某省教育厅]
date_of_issue: 2026-05-08
recipients: [各高等学校]
deadlines:
  report: {due: 2026-06-30, what: 检查情况, to: 某某省教育厅}
forms:
  summary: {title: 实验室安全检查情况汇总表, file: 附件2.xlsx, due: report, copies: 2}
  hazard: {title: 安全隐患登记表, file: 附件3.docx, due: report}
"""
BODY = "请于{{ deadlines.report }}报送{{ forms.summary }}和{{ forms.hazard }}。\n"
UNITS = [(f"4{n:03d}", f"第{n}大学（<甲>&乙）" if n == 3 else f"第{n}大学") for n in range(10)]
ROSTER = "code,name,short_name\n" + "".join(f"{code},{name},{n}大\n" for n, (code, name) in enumerate(UNITS))


def ministry_sheet(head: str = "填报单位（盖章）：", beside: str | None = None) -> bytes:
    """A form with merged heads, colours, formulas, a list, a second sheet and a print area."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "汇总表（一）"
    sheet["A1"], sheet["A2"] = "实验室安全检查情况汇总表", head
    sheet["A1"].font = Font(name="方正小标宋简体", size=18)
    if beside is not None:
        sheet["C2"] = beside
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A2:B2")
    for column, text in enumerate(["序号", "实验室名称", "隐患数（处）", "已整改（处）", "整改率", "备注"], 1):
        sheet.cell(3, column, text).fill = PatternFill("solid", fgColor="DDDDDD")
    for row in range(4, 9):
        sheet.cell(row, 1, row - 3)
        sheet.cell(row, 5, f'=IF(C{row}=0,"",D{row}/C{row})').number_format = "0%"
    sheet["A9"] = "合计"
    sheet["C9"] = "=SUM(C4:C8)"
    other = book.create_sheet("填表说明")
    other["A1"] = "一、单位：处。"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ministry_document(*lines: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("安全隐患登记表")
    for line in lines or ("填报单位：____________  填报时间：    年  月  日",):
        document.add_paragraph(line)
    table = document.add_table(2, 4)
    table.cell(0, 0).text, table.cell(0, 2).text, table.cell(1, 0).text = "隐患名称", "所在楼宇", "整改措施"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def folder(dispatch_folder: DispatchFolder) -> Path:
    files = {"dispatch.yaml": SPEC, "body.md": BODY, "units.csv": ROSTER}
    return dispatch_folder({**files, "附件2.xlsx": ministry_sheet(), "附件3.docx": ministry_document()})


def cells(data: bytes) -> dict[str, bytes]:
    """Every cell of every sheet as it stands in the file, by sheet and address."""
    parts = unzip(data)
    found = {}
    for name in parts:
        if name.startswith("xl/worksheets/"):
            for match in re.finditer(rb'<c r="([A-Z]+\d+)".*?(?:/>|</c>)', parts[name]):
                found[f"{name}!{match[1].decode()}"] = match[0]
    return found


def test_ten_units_get_the_form_as_it_was_made_with_their_names(folder: Path, run: Run, tmp_path: Path) -> None:
    assert run("check", folder, "--strict").exit_code == 0
    out = tmp_path / "out"
    assert run("batch", folder, "-o", out).exit_code == 0
    before, given = cells(ministry_sheet()), unzip(ministry_sheet())
    for number, (code, name) in enumerate(UNITS):
        kit = next(out.glob(f"{code}-*"))
        data = (kit / f"{number}大-附件1 实验室安全检查情况汇总表.xlsx").read_bytes()
        after = cells(data)
        assert {at for at in before if before[at] != after[at]} == {"xl/worksheets/sheet1.xml!A2"}
        assert after.keys() == before.keys()
        untouched = [part for part in given if not part.startswith(("xl/worksheets/sheet1", "docProps", "_rels", "["))]
        assert {part: unzip(data)[part] for part in untouched} == {part: given[part] for part in untouched}
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book.worksheets[0]["A2"].value == f"填报单位（盖章）：{name}"
        assert book.properties.identifier == f"summary@1#{code}"
        assert book.custom_doc_props["fawen"].value == f"summary@1#{code}"
        document = docx.Document(str(kit / f"{number}大-附件2 安全隐患登记表.docx"))
        assert document.paragraphs[1].text.startswith(f"填报单位：{name}  ")
        assert document.paragraphs[1].text.endswith("填报时间：    年  月  日")
        assert document.core_properties.identifier == f"hazard@1#{code}"


def test_the_checklist_and_the_list_of_attachments_name_it(folder: Path, run: Run, tmp_path: Path) -> None:
    assert run("batch", folder, "-o", tmp_path / "out", "--unit", "4000").exit_code == 0
    kit = tmp_path / "out" / "4000-第0大学"
    checklist = run("show", kit / "0大-报送材料清单.docx").output
    assert "《实验室安全检查情况汇总表》（附件1）" in checklist
    assert "一式2份" in checklist
    assert "按所附原表填写" in checklist
    notice = run("show", kit / "关于报送实验室安全检查情况的通知.docx").output
    assert "附件：1.实验室安全检查情况汇总表" in notice
    assert "2.安全隐患登记表" in notice


@pytest.mark.parametrize(
    ("head", "beside", "at", "text"),
    [
        ("填报单位：", None, "A2", "填报单位：第1大学"),
        ("填 报 单 位：", None, "A2", "填 报 单 位：第1大学"),
        ("报送单位(公章):", None, "A2", "报送单位(公章):第1大学"),
        ("填报单位：            填报日期：", None, "A2", "填报单位：第1大学      填报日期："),
        ("填报单位", None, "C2", "第1大学"),
        ("单位名称", "", "C2", "第1大学"),
        ("填报单位：某某中学", None, "A2", "填报单位：某某中学"),
        ("填报单位", "某某中学", "C2", "某某中学"),
        ("单位：处", None, "A2", "单位：处"),
        ("单位：", None, "A2", "单位："),
        ("推荐单位意见：", None, "A2", "推荐单位意见："),
    ],
)
def test_where_the_name_stands(
    folder: Path, run: Run, tmp_path: Path, head: str, beside: str | None, at: str, text: str
) -> None:
    (folder / "附件2.xlsx").write_bytes(ministry_sheet(head, beside))
    assert run("batch", folder, "-o", tmp_path / "out", "--unit", "4001").exit_code == 0
    file = next((tmp_path / "out").glob("*/*汇总表.xlsx"))
    assert openpyxl.load_workbook(file).worksheets[0][at].value == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("填报单位（盖章）：", "填报单位（盖章）：第1大学"),
        ("推荐单位：＿＿＿＿＿＿", "推荐单位：第1大学"),
        ("填报单位：某某中学", "填报单位：某某中学"),
        ("请各填报单位：认真填写", "请各填报单位：认真填写"),
    ],
)
def test_where_the_name_stands_in_a_document(folder: Path, run: Run, tmp_path: Path, line: str, text: str) -> None:
    (folder / "附件3.docx").write_bytes(ministry_document(line))
    assert run("batch", folder, "-o", tmp_path / "out", "--unit", "4001").exit_code == 0
    file = next((tmp_path / "out").glob("*/*登记表.docx"))
    assert docx.Document(str(file)).paragraphs[1].text == text


def test_in_a_table_the_name_stands_beside_its_label(folder: Path, run: Run, tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).text = "填报单位"
    stream = io.BytesIO()
    document.save(stream)
    (folder / "附件3.docx").write_bytes(stream.getvalue())
    assert run("batch", folder, "-o", tmp_path / "out", "--unit", "4001").exit_code == 0
    made = docx.Document(str(next((tmp_path / "out").glob("*/*登记表.docx"))))
    assert [cell.text for cell in made.tables[0].rows[0].cells] == ["填报单位", "第1大学", ""]


def test_other_files_go_out_byte_for_byte_and_are_told(folder: Path, run: Run, tmp_path: Path) -> None:
    (folder / "附件2.pdf").write_bytes(b"%PDF-1.4\n")
    spec = (folder / "dispatch.yaml").read_text(encoding="utf-8").replace("附件2.xlsx", "附件2.pdf")
    (folder / "dispatch.yaml").write_text(spec, encoding="utf-8")
    done = run("batch", folder, "-o", tmp_path / "out", "--unit", "4001")
    assert "[form-unnamed]" in done.stderr
    file = next((tmp_path / "out").glob("*/1大-附件1 实验室安全检查情况汇总表.pdf"))
    assert file.read_bytes() == b"%PDF-1.4\n"


def test_fields_are_named_in_the_workbook_for_reading_back(folder: Path, run: Run, tmp_path: Path) -> None:
    fields = "fields: [{name: total, title: 合计, type: integer, at: C9}, {name: remark, title: 备注}]"
    spec = (folder / "dispatch.yaml").read_text(encoding="utf-8")
    (folder / "dispatch.yaml").write_text(spec.replace("copies: 2", f"copies: 2, {fields}"), encoding="utf-8")
    assert run("batch", folder, "-o", tmp_path / "out", "--unit", "4001").exit_code == 0
    book = openpyxl.load_workbook(next((tmp_path / "out").glob("*/*汇总表.xlsx")))
    named = {name: defined.attr_text for name, defined in book.defined_names.items()}
    assert named == {"summary.total": "'汇总表（一）'!$C$9", "summary.remark": "'汇总表（一）'!$G$3"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("copies: 2", "issued_later: true", "form-file"),
        ("copies: 2", "fields: [{name: a, title: 没有的栏目}]", "form-place"),
        ("copies: 2", "fields: [{name: a, title: 甲, at: 没有的文字}]", "form-place"),
        ("附件2.xlsx", "没有的文件.xlsx", "missing-file"),
    ],
)
def test_what_is_wrong_with_it_is_told(folder: Path, run: Run, old: str, new: str, code: str) -> None:
    spec = (folder / "dispatch.yaml").read_text(encoding="utf-8")
    (folder / "dispatch.yaml").write_text(spec.replace(old, new), encoding="utf-8")
    done = run("check", folder)
    assert done.exit_code == 1
    assert f"[{code}]" in done.stderr


def test_a_damaged_form_is_told(folder: Path, run: Run) -> None:
    (folder / "附件2.xlsx").write_bytes(b"PK\3\4 no zip")
    assert "[file-refused]" in run("check", folder).stderr


def test_a_form_with_macros_is_not_passed_on(folder: Path, run: Run) -> None:
    data = ministry_sheet()
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    (folder / "附件2.xlsx").write_bytes(stream.getvalue())
    assert "[file-refused]" in run("check", folder).stderr
