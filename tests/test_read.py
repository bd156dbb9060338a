"""Reading a superior's document: what a reader sees, in order, with tracked changes accepted."""

from __future__ import annotations

import io

import docx
import planted
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml

from generator.base.problems import Problems, Where
from generator.reading.document import Block, Document, Paragraph, Table, read_document, reading_order, refuse_foreign
from generator.reading.text import read_lines
from generator.reading.workbook import read_workbook

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WHERE = Where("source.docx")
TEXT_BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Choice>'
    "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
    "</mc:AlternateContent></w:r><w:r><w:t>框外</w:t></w:r>"
)
PARAGRAPHS = [
    ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>", ["甲\t乙\n丙"]),
    ('<w:r><w:t>甲</w:t></w:r><w:ins w:id="1" w:author="x"><w:r><w:t>增</w:t></w:r></w:ins>', ["甲增"]),
    ('<w:r><w:t>甲</w:t></w:r><w:del w:id="1" w:author="x"><w:r><w:delText>删</w:delText></w:r></w:del>', ["甲"]),
    ('<w:moveFrom w:id="1" w:author="x"><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:r><w:t>新</w:t></w:r>', ["新"]),
    ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>显</w:t></w:r>", ["显"]),
    ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>', ["显"]),
    ('<w:fldSimple w:instr="DATE"><w:r><w:t>2026年</w:t></w:r></w:fldSimple>', ["2026年"]),
    ('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r>', ["3"]),
    ("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", ["链接"]),
    ("<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", ["控件"]),
    ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t></w:r>', ["☑是"]),
    (TEXT_BOX, ["框外", "框内"]),
    ('<w:r><w:rPr><w:rStyle w:val="Gone"/></w:rPr><w:t>显</w:t></w:r>', ["显"]),
    ("<w:bdo><w:r><w:t>甲</w:t></w:r></w:bdo><w:dir><w:r><w:t>乙</w:t></w:r></w:dir>", ["甲乙"]),
    (
        "<w:r><w:ruby><w:rt><w:r><w:t>hū</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>呼</w:t></w:r></w:rubyBase></w:ruby>"
        "<w:t>和</w:t></w:r>",
        ["呼和"],
    ),
    (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice xmlns:x="urn:x" Requires="x"><x:symEx x:font="f" x:char="2605"/></mc:Choice>'
        "<mc:Fallback><w:t>★</w:t></mc:Fallback></mc:AlternateContent></w:r>",
        ["★"],
    ),
    (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText><w:fldChar w:fldCharType="separate"/>'
        '<w:t>未显</w:t><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/><w:t>显</w:t><w:fldChar w:fldCharType="end"/></w:r>',
        ["显"],
    ),
    ("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>末段</w:t></w:r>", ["末段"]),
    ("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p><w:p><w:r><w:t>下</w:t></w:r>", ["上下"]),
]


def _read(document: docx.document.Document) -> Document:
    out = io.BytesIO()
    document.save(out)
    return read_document(out.getvalue(), WHERE.file)


def _blocks(document: docx.document.Document) -> list[Block]:
    return list(reading_order(_read(document).blocks))


def _body(inner: str) -> docx.document.Document:
    document = docx.Document()
    for block in parse_xml(f"<w:body {W}>{inner}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, block)
    return document


@pytest.mark.parametrize(("inner", "texts"), PARAGRAPHS)
def test_what_a_reader_sees(inner: str, texts: list[str]) -> None:
    assert [block.shown for block in _blocks(_body(f"<w:p>{inner}</w:p>"))] == texts


def test_style_alignment_and_weight_as_they_apply() -> None:
    document = docx.Document()
    document.add_heading("标题", 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Body Text"].font.bold = True
    document.styles["Body Text"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("署名", style="Body Text")
    document.add_paragraph("署名", style="Body Text").runs[0].bold = False
    document.add_paragraph("正文").add_run("重点").bold = True
    found = [(paragraph.style, paragraph.align, paragraph.bold) for paragraph in _read(document).paragraphs]
    assert found == [
        ("Title", "center", False),
        ("Body Text", "right", True),
        ("Body Text", "right", False),
        ("Normal", "left", False),
    ]


def test_labels_that_word_counts_by_itself_are_part_of_the_text() -> None:
    document = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate(
            [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "%1.%3 ")]
        )
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for number, override in (("90", ""), ("91", again)):
        numbering.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="90"/>{override}</w:num>'))
    for number, level in [("90", 0), ("90", 1), ("90", 1), ("90", 2), ("90", 0), ("90", 1), ("91", 0), ("91", 0)]:
        properties = document.add_paragraph("项").paragraph_format.element.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'))
    texts = [block.shown for block in _blocks(document)]
    assert texts == ["一、项", "（一）项", "（二）项", "1.项", "二、项", "（一）项", "一、项", "二、项"]


def test_a_table_keeps_its_columns_where_cells_are_merged() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "宽"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "高"
    (block,) = [block for block in _blocks(document) if isinstance(block, Table)]
    assert block.rows == (("宽", "", "2"), ("3", "4", "高"), ("6", "7", ""))
    assert block.shown == "宽\t\t2\n3\t4\t高\n6\t7\t"


MERGED = (
    "<w:tbl><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>"
    "</w:tr>"
    "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr>"
    "<w:tr><w:trPr><w:del w:id='1' w:author='x'/></w:trPr><w:tc><w:p><w:r><w:t>删</w:t></w:r></w:p></w:tc></w:tr>"
    "</w:tbl>"
)


def test_cells_stand_on_the_grid_of_their_table() -> None:
    document = _read(_body(f"<w:p/>{MERGED}<w:p><w:r><w:t>后</w:t></w:r></w:p>"))
    table = document.blocks[1]
    assert isinstance(table, Table)
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells] == [
        (1, 2, 1, 1, "甲"),
        (2, 1, 2, 1, "乙"),
        (2, 2, 1, 2, ""),
        (3, 2, 1, 2, "内\n"),
    ]
    assert table.rows == (("", "甲", ""), ("乙", "", ""), ("", "内\n", ""))
    assert [p.number for p in document.paragraphs] == list(range(1, len(document.paragraphs) + 1))
    spots = {p.text: p.spot for p in document.paragraphs if p.text}
    assert spots == {"甲": "table 1, row 1, column 2", "乙": "table 1, row 2, column 1",
                     "内": "table 1, row 3, column 2", "后": f"paragraph {len(document.paragraphs)}"}  # fmt: skip


def test_text_boxes_headers_and_notes_are_read_where_they_stand() -> None:
    document = _body(f"<w:p>{TEXT_BOX}</w:p>")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0]._p.append(
        parse_xml(f'<w:fldSimple {W} w:instr="page \\* MERGEFORMAT"><w:r><w:t>7</w:t></w:r></w:fldSimple>')
    )
    found = _read(document)
    first = found.paragraphs[0]
    assert [(block.text, block.place, block.spot) for block in first.boxes if isinstance(block, Paragraph)] == [
        ("框内", "box", "text box at paragraph 1")
    ]
    assert sorted(p.text for story in found.stories.values() for p in story) == ["页眉", "\ufddf"]


HELD = {
    "<w:r><w:t>甲</w:t><w:tab/><w:br/></w:r>": (True, False),
    "": (True, True),
    '<w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkEnd w:id="1"/>': (False, True),
    '<w:r><w:br w:type="page"/></w:r>': (False, True),
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>": (False, True),
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>': (False, True),
    '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>': (False, False),
    "<w:r><w:drawing/></w:r>": (False, False),
    "<w:r><w:footnoteReference w:id='1'/></w:r>": (False, False),
    '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r/></m:oMath>': (False, False),
    "<w:r><w:ruby><w:rubyBase/></w:ruby></w:r>": (False, False),
    '<w:ins w:id="1" w:author="x"><w:r><w:t>增</w:t></w:r></w:ins>': (False, False),
}


@pytest.mark.parametrize(("inner", "plain_and_empty"), HELD.items())
def test_what_a_paragraph_holds_besides_plain_runs(inner: str, plain_and_empty: tuple[bool, bool]) -> None:
    paragraph = _read(_body(f"<w:p>{inner}</w:p>")).paragraphs[0]
    assert (paragraph.plain, paragraph.empty) == plain_and_empty


def test_text_outside_the_document_is_not_lost_in_silence() -> None:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:altChunk {W}/>"))
    with pytest.raises(Problems, match="kept outside the document"):
        refuse_foreign(_read(document))


def test_a_workbook_is_no_source_document() -> None:
    with pytest.raises(Problems, match="no Word document"):
        read_document(planted.rezip(planted.excel_parts()), WHERE.file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_plain_text(encoding: str) -> None:
    data = "关于开展统计工作的通知\r\n\r\n  各单位：\n".encode(encoding)
    assert read_lines(data, "来文.txt") == ["关于开展统计工作的通知", "各单位："]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Problems, match=r"GB 18030"):
        read_lines(b"\xff\xff\xff", "来文.txt")


@pytest.mark.parametrize("sign", ["\ufdd0unit.phone\ufdd1", "\u202e", "\x85", "\u2028", "\x0c", "\x07", "\r", "\x1f"])
def test_a_plain_text_passes_the_value_gate(sign: str) -> None:
    with pytest.raises(Problems) as caught:
        read_lines(f"关于开展统计工作的通知\r\n\r\n各单位：{sign}完\n".encode(), "来文.txt")
    assert [(p.code, p.where) for p in caught.value.problems] == [("bad-character", Where("来文.txt", 3, 5))]


def test_a_workbook_as_it_stands_in_the_file() -> None:
    parts = planted.excel_parts()
    book = read_workbook(parts, WHERE)
    assert [(sheet.name, sheet.state) for sheet in book.sheets] == [("统计表", "visible"), ("填表说明", "visible")]
    cells = {cell.reference: (cell.kind, cell.kept, cell.formula) for cell in book.sheets[0].cells}
    assert cells["B2"] == ("s", "学校", None)
    assert cells["B3"] == ("n", None, None)
    assert cells["C6"][1:] == (None, "SUM(C3:C5)")


def test_a_cell_outside_any_sheet_is_refused() -> None:
    far = planted.Change("", "xl/worksheets/sheet1.xml", 'r="C6"', 'r="XFE1"', "")
    parts = planted.changed(planted.excel_parts(), far)
    with pytest.raises(Problems, match="XFE1 is no cell"):
        assert read_workbook(parts, WHERE).sheets[0].cells
