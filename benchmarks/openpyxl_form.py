"""The kit's form as somebody would write it with openpyxl: built anew for each unit, or kept and filled."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

HEADS = (
    ("序号", 5), ("学校名称", 20), ("学校标识码", 14), ("办学类型", 12), ("举办者", 9), ("负责人", 9), ("联系电话", 13),
    ("在校生数\n（人）", 10), ("教职工数\n（人）", 10), ("专任教师数\n（人）", 10), ("占地面积\n（平方米）", 11),
    ("建筑面积\n（平方米）", 11), ("是否寄宿制", 9), ("核查结果", 10), ("备注", 14),
)  # fmt: skip
ROWS = 40
FIRST = 4
_LAST = FIRST + ROWS - 1
_KINDS = ("幼儿园", "小学", "初中", "九年一贯制学校", "完全中学", "高级中学", "中等职业学校", "特殊教育学校")
_CHOICES = {4: ",".join(_KINDS), 5: "公办,民办,其他", 13: "是,否", 14: "相符,不相符,待核实"}


def build(name: str, code: str) -> Workbook:
    """The blank form of one unit."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "学校基本情况统计表"
    _heads(sheet)
    _body(sheet)
    _rules(sheet)
    sheet.freeze_panes = "B4"
    sheet.print_title_rows = "3:3"
    sheet.print_area = f"A1:O{_LAST + 2}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.protection.sheet = True
    book.properties.title, book.properties.creator = "学校基本情况统计表", "某某省教育厅"
    fill(book, name, code)
    return book


def fill(book: Workbook, name: str, code: str) -> None:
    """The unit's values in a form that is built."""
    sheet = book.worksheets[0]
    sheet["A2"] = f"填报单位（盖章）：{name}"
    sheet["K2"] = f"单位代码：{code}"


def _heads(sheet: Worksheet) -> None:
    count = len(HEADS)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=count)
    sheet.merge_cells("A2:J2")
    sheet.merge_cells("K2:O2")
    sheet["A1"] = "学校基本情况统计表"
    sheet["A1"].font = Font(name="方正小标宋简体", size=18)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    for number, (title, width) in enumerate(HEADS, 1):
        cell = sheet.cell(3, number, title)
        cell.font, cell.border, cell.alignment = _HEAD, _BOX, _MIDDLE
        cell.fill = PatternFill("solid", fgColor="F2F2F2")
        sheet.column_dimensions[get_column_letter(number)].width = width


def _body(sheet: Worksheet) -> None:
    for row in range(FIRST, _LAST + 1):
        sheet.row_dimensions[row].height = 22
        for column in range(1, len(HEADS) + 1):
            cell = sheet.cell(row, column)
            cell.font, cell.border, cell.alignment = _TEXT, _BOX, _MIDDLE
            cell.protection = Protection(locked=column == 1)
            cell.number_format = "0" if 8 <= column <= 10 else "0.00" if column in (11, 12) else "@"
        sheet.cell(row, 1, row - FIRST + 1).number_format = "0"
    total = _LAST + 1
    sheet.cell(total, 1, "合计")
    for column in range(1, len(HEADS) + 1):
        sheet.cell(total, column).border = _BOX
    for column in range(8, 13):
        letter = get_column_letter(column)
        sheet.cell(total, column, f"=SUM({letter}{FIRST}:{letter}{_LAST})").font = _TEXT
    sheet.merge_cells(start_row=total + 1, start_column=1, end_row=total + 1, end_column=len(HEADS))
    sheet.cell(total + 1, 1, "单位负责人：　　　　填表人：　　　　联系电话：　　　　填报日期：　　年　月　日")


def _rules(sheet: Worksheet) -> None:
    def rule(columns: str, **what: str) -> None:
        validation = DataValidation(allow_blank=True, showErrorMessage=True, **what)
        validation.error = "请按填表说明填写"
        first, _, last = columns.partition(":")
        validation.add(f"{first}{FIRST}:{last or first}{_LAST}")
        sheet.add_data_validation(validation)

    for column, choices in _CHOICES.items():
        rule(get_column_letter(column), type="list", formula1=f'"{choices}"')
    rule("H:J", type="whole", operator="greaterThanOrEqual", formula1="0")
    rule("K:L", type="decimal", operator="greaterThanOrEqual", formula1="0")


_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD, _TEXT = Font(name="黑体", size=10.5), Font(name="宋体", size=10.5)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
