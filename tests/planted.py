"""Two small documents and the changes planted in them, one attribute each, that `show` must make readable.

A change replaces `old` by `new` in one part; `shown` is what one line of the difference must say.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import openpyxl
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from lxml import etree
from openpyxl.formatting.rule import CellIsRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DOCUMENT, _SHEET, _BOOK, _STYLES = "word/document.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"


@dataclass(frozen=True)
class Change:
    name: str
    part: str
    old: str
    new: str
    shown: str


def rezip(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word_parts() -> dict[str, bytes]:
    """A notice with a numbered list, a table, a page number, a footnote, a picture and a custom property."""
    document = Document()
    title = document.add_paragraph("关于开展统计工作的通知")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].font.bold = True
    body = document.add_paragraph("各单位要")
    body.add_run("高度重视").font.size = Pt(16)
    body.add_run("，按时报送。")
    body.paragraph_format.first_line_indent = Pt(32)
    document.add_paragraph("第一项", style="List Number")
    table = document.add_table(2, 2)
    table.style = "Table Grid"
    table.cell(0, 0).text = "单位"
    table.cell(0, 1).text = "人数"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    out = io.BytesIO()
    document.save(out)
    parts = unzip(out.getvalue())
    return _with_extras(parts)


def _with_extras(parts: dict[str, bytes]) -> dict[str, bytes]:
    """What python-docx does not write: field, footnote, picture, language, East Asian font, custom property."""
    properties = '<w:rPr><w:rFonts w:hint="eastAsia" w:eastAsia="仿宋"/><w:lang w:eastAsia="zh-CN"/></w:rPr>'
    image = f'<v:imagedata xmlns:r="{_R}" r:id="rId90"/>'
    shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:10pt">{image}</v:shape>'
    extra = (
        f'<w:p><w:r>{properties}<w:t>附：</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
        f"<w:r><w:pict>{shape}</w:pict></w:r>"
        f'<w:hyperlink xmlns:r="{_R}" r:id="rId91"><w:r><w:t>网址</w:t></w:r></w:hyperlink></w:p>'
    )
    _edit(parts, _DOCUMENT, "<w:tbl>", extra + "<w:tbl>")
    _edit(parts, _DOCUMENT, '<w:docGrid w:linePitch="360"/>', '<w:docGrid w:type="lines" w:linePitch="579"/>')
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end")]
    field = "<w:r><w:instrText> PAGE </w:instrText></w:r>".join(marks)
    _edit(parts, "word/footer1.xml", "</w:p>", f"{field}</w:p>")
    relation = f'<Relationship Id="%s" Type="{_R}/%s" Target="%s"%s/>'
    added = relation % ("rId90", "image", "media/image1.png", "") + relation % (
        "rId92",
        "footnotes",
        "footnotes.xml",
        "",
    )
    added += relation % ("rId91", "hyperlink", "https://www.example.gov.cn/a", ' TargetMode="External"')
    _edit(parts, "word/_rels/document.xml.rels", "</Relationships>", added + "</Relationships>")
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>以公章为准</w:t></w:r></w:p></w:footnote>'
    parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{_W}">{note}</w:footnotes>'.encode()
    parts["word/media/image1.png"] = b"\x89PNG first"
    parts["docProps/custom.xml"] = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        b'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property '
        b'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="dispatch">'
        b"<vt:lpwstr>2026-58</vt:lpwstr></property></Properties>"
    )
    _edit(parts, "[Content_Types].xml", "</Types>", '<Default Extension="png" ContentType="image/png"/></Types>')
    return parts


def _edit(parts: dict[str, bytes], part: str, old: str, new: str) -> None:
    text = parts[part].decode()
    if old not in text:
        raise LookupError(f"{part} holds no {old}")
    parts[part] = text.replace(old, new, 1).encode()


def changed(parts: dict[str, bytes], change: Change) -> dict[str, bytes]:
    """The parts with one change planted; LookupError when there is nothing to change."""
    copy = dict(parts)
    if change.part.endswith(".png"):
        copy[change.part] = copy[change.part].replace(change.old.encode(), change.new.encode())
    else:
        _edit(copy, change.part, change.old, change.new)
    return copy


WORD = [
    Change("bold off", _DOCUMENT, "<w:b/>", "", "-    run b"),
    Change("text", _DOCUMENT, "按时报送", "及时报送", "及时报送"),
    Change("alignment", _DOCUMENT, '<w:jc w:val="center"/>', '<w:jc w:val="right"/>', "jc=right"),
    Change("indent", _DOCUMENT, 'w:firstLine="640"', 'w:firstLine="600"', "ind(firstLine=600)"),
    Change("run size", _DOCUMENT, '<w:sz w:val="32"/>', '<w:sz w:val="30"/>', "‹高度重视› sz=30"),
    Change("font hint", _DOCUMENT, 'w:hint="eastAsia"', 'w:hint="default"', "hint=default"),
    Change("East Asian font", _DOCUMENT, 'w:eastAsia="仿宋"', 'w:eastAsia="楷体"', "eastAsia=楷体"),
    Change("language", _DOCUMENT, 'w:eastAsia="zh-CN"', 'w:eastAsia="ja-JP"', "lang(eastAsia=ja-JP)"),
    Change("paragraph style", _DOCUMENT, 'w:val="ListNumber"', 'w:val="ListBullet"', "List Bullet | 第一项"),
    Change("docGrid", _DOCUMENT, 'w:linePitch="579"', 'w:linePitch="580"', "docGrid(linePitch=580 type=lines)"),
    Change("margin", _DOCUMENT, 'w:left="1800"', 'w:left="1587"', "left=1587"),
    Change("page size", _DOCUMENT, 'w:w="12240"', 'w:w="11906"', "w 210.0 mm"),
    Change("page number", _DOCUMENT, "<w:docGrid", '<w:pgNumType w:fmt="numberInDash"/><w:docGrid', "fmt=numberInDash"),
    Change("table width", _DOCUMENT, '<w:tblW w:type="auto"', '<w:tblW w:type="pct"', "tblW(type=pct"),
    Change("cell shading", _DOCUMENT, "</w:tcPr>", '<w:shd w:fill="EEEEEE"/></w:tcPr>', "shd(fill=EEEEEE)"),
    Change("cell text", _DOCUMENT, "人数", "人次", "| 单位 | 人次"),
    Change("row height", _DOCUMENT, "<w:tr>", '<w:tr><w:trPr><w:trHeight w:val="567"/></w:trPr>', "trHeight=567"),
    Change("link", "word/_rels/document.xml.rels", "gov.cn/a", "gov.cn/b", "https://www.example.gov.cn/b"),
    Change("field", "word/footer1.xml", " PAGE ", " NUMPAGES ", "页脚{NUMPAGES}"),
    Change("footer text", "word/footer1.xml", "页脚", "页 脚", "页 脚{PAGE}"),
    Change("footnote", "word/footnotes.xml", "公章", "印章", "以印章为准"),
    Change("style font", "word/styles.xml", 'w:eastAsiaTheme="minorEastAsia"', 'w:eastAsia="宋体"', "eastAsia=宋体"),
    Change("table border", "word/styles.xml", '<w:top w:val="single" w:sz="4"', '<w:top w:val="single" w:sz="8"',
           "top(color=auto space=0 sz=8 val=single)"),
    Change("numbering", "word/numbering.xml", '<w:numFmt w:val="decimal"/>', '<w:numFmt w:val="chineseCounting"/>',
           "numFmt=chineseCounting"),
    Change("setting", "word/settings.xml", '<w:defaultTabStop w:val="720"/>', '<w:defaultTabStop w:val="420"/>',
           "defaultTabStop=420"),
    Change("theme font", "word/theme/theme1.xml", 'typeface="Calibri"', 'typeface="Arial"', "typeface=Arial"),
    Change("custom property", "docProps/custom.xml", "2026-58", "2026-59", "2026-59"),
    Change("author", "docProps/core.xml", "<dc:creator>python-docx", "<dc:creator>办公室", 'dc:creator:"办公室"'),
    Change("picture", "word/media/image1.png", "first", "other", "word/media/image1.png | image/png"),
    Change("deleted text", _DOCUMENT, "<w:r><w:t>，按时报送。</w:t></w:r>",
           '<w:del w:author="甲"><w:r><w:delText>，按时报送。</w:delText></w:r></w:del>',
           "{del(author=甲) ，按时报送。}"),
]  # fmt: skip


def excel_parts() -> dict[str, bytes]:
    """A form with a validated column, a total, a second sheet, print set-up, protection and a custom property."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "统计表"
    sheet["A1"] = "2026年统计表"
    sheet["A1"].font = Font(name="黑体", sz=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A1:C1")
    sheet["A2"], sheet["B2"], sheet["C2"] = "序号", "学校", "人数"
    sheet["A2"].fill = PatternFill("solid", fgColor="FFEEEEEE")
    for row in range(3, 6):
        sheet[f"B{row}"].border = Border(left=Side("thin"))
        sheet[f"C{row}"].number_format = "0.000"
        sheet[f"C{row}"].protection = Protection(locked=False)
    sheet["C6"] = "=SUM(C3:C5)"
    sheet.row_dimensions[2].height = 28
    sheet.column_dimensions["B"].width = 30
    sheet.freeze_panes = "A3"
    choice = DataValidation("list", formula1='"是,否"', showInputMessage=True, promptTitle="填写", prompt="请选择")
    choice.add("B3:B5")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("C3:C5", CellIsRule("lessThan", ["0"], fill=PatternFill(bgColor="FFFF0000")))
    sheet.print_title_rows, sheet.print_area = "1:2", "A1:C6"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.center.text = "第&P页"
    sheet.protection.sheet = True
    book.create_sheet("填表说明")["A1"] = "逐项填写"
    book.defined_names["total"] = DefinedName("total", attr_text="统计表!$C$6")
    book.custom_doc_props.append(StringProperty(name="dispatch", value="2026-58"))
    out = io.BytesIO()
    book.save(out)
    # openpyxl writes Chinese as character references; as text, a change can be read in the list below.
    return {
        name: etree.tostring(etree.fromstring(data), encoding="unicode").encode()
        for name, data in unzip(out.getvalue()).items()
    }


EXCEL = [
    Change("number format", _STYLES, 'formatCode="0.000"', 'formatCode="0.0"', "number('0.0')"),
    Change("font", _STYLES, 'val="黑体"', 'val="宋体"', "name=宋体"),
    Change("fill", _STYLES, "FFEEEEEE", "FFDDDDDD", "FFDDDDDD"),
    Change("border", _STYLES, '<left style="thin"', '<left style="medium"', "left(style=medium)"),
    Change("alignment", _STYLES, 'horizontal="center"', 'horizontal="left"', "alignment(horizontal=left)"),
    Change("unlocked cell", _STYLES, 'locked="0"', 'locked="1"', "protection(hidden=0 locked=1)"),
    Change("conditional fill", _STYLES, "FFFF0000", "FFFFFF00", "FFFFFF00"),
    Change("conditional rule", _SHEET, 'operator="lessThan"', 'operator="greaterThan"', "operator=greaterThan"),
    Change("list", _SHEET, "是,否", "有,无", "有,无"),
    Change("prompt", _SHEET, "请选择", "请填写", "prompt=请填写"),
    Change("validated range", _SHEET, 'sqref="B3:B5"', 'sqref="B3:B4"', "sqref=B3:B4"),
    Change("frozen pane", _SHEET, 'ySplit="2"', 'ySplit="1"', "ySplit=1"),
    Change("protection", _SHEET, 'sheet="1"', 'sheet="0"', "sheet=0"),
    Change("merge", _SHEET, 'ref="A1:C1"/></mergeCells>', 'ref="A1:B1"/></mergeCells>', "mergeCell(ref=A1:B1)"),
    Change("column width", _SHEET, 'width="30"', 'width="31"', "width=31"),
    Change("row height", _SHEET, 'ht="28"', 'ht="30"', "ht=30"),
    Change("cell text", _SHEET, "人数", "人次", "C2 | - | 人次"),
    Change("formula", _SHEET, "SUM(C3:C5)", "SUM(C3:C4)", "C6 | - | =SUM(C3:C4)"),
    Change("kept result", _SHEET, "</f><v/>", "</f><v>7</v>", "→ #7"),
    Change("number", _SHEET, '<c r="C6"', '<c r="A6"><v>1</v></c><c r="C6"', "A6 | - | #1"),
    Change("footer", _SHEET, "第&amp;P页", "共&amp;N页", "共&N页"),
    Change("orientation", _SHEET, 'orientation="landscape"', 'orientation="portrait"', "orientation=portrait"),
    Change("fit to width", _SHEET, 'fitToHeight="0"', 'fitToHeight="1"', "fitToHeight=1"),
    Change("page margin", _SHEET, 'left="0.75"', 'left="0.5"', "left=0.5"),
    Change("print titles", _BOOK, "$1:$2", "$1:$1", "_xlnm.Print_Titles"),
    Change("print area", _BOOK, "$A$1:$C$6", "$A$1:$C$5", "_xlnm.Print_Area = '统计表'!$A$1:$C$5"),
    Change("defined name", _BOOK, 'name="total"', 'name="sum_total"', "name sum_total = 统计表!$C$6"),
    Change("hidden sheet", _BOOK, 'name="填表说明" sheetId="2" state="visible"',
           'name="填表说明" sheetId="2" state="veryHidden"', "填表说明 veryHidden"),
    Change("sheet name", _BOOK, 'name="填表说明"', 'name="说明"', "sheet 说明 visible"),
    Change("custom property", "docProps/custom.xml", "2026-58", "2026-59", "2026-59"),
]  # fmt: skip
