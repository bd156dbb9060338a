"""Forms as documents: names, who gets them, shapes, and the Word document read back."""

import io
from itertools import pairwise
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document as WordDocument
from docx.table import Table
from form_specs import LIST_FIELDS, dispatch, spec, units
from pages import Page, read_pages, squeeze, to_pdfs

from generator.base.problems import Problems
from generator.forms.layouts import form_grid
from generator.kits.kinds.forms import FormDocument, documents
from generator.word.table import line_count

FORM: dict[str, Any] = {"fields": LIST_FIELDS, "rows": {"reserve": "3"}, "notes": ["由各市汇总<后>报送。"]}
QUOTA: dict[str, Any] = {"name": "quota", "title": "名额", "type": "integer", "prefill": "名额"}
FIRST, SECOND, COLLEGE = units()


def form_document(form: dict[str, Any], ending: str, **rest: Any) -> FormDocument:
    return next(document for document in documents(dispatch(form, **rest)) if document.ending == ending)


def word(form: dict[str, Any], unit: Any = FIRST, **rest: Any) -> WordDocument:
    document = form_document(form, "docx", **rest)
    return docx.Document(io.BytesIO(document.compile(unit).stamp(document.values(unit)).data))


def lines(document: WordDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_one_document_for_each_format_and_none_for_what_is_issued_later() -> None:
    assert [document.ending for document in documents(dispatch(FORM))] == ["xlsx", "docx"]
    assert [document.ending for document in documents(dispatch({**FORM, "formats": ["docx"]}))] == ["docx"]
    assert not list(documents(dispatch({"issued_later": "true"})))


def test_a_form_is_named_after_its_title_and_each_unit_gets_its_own() -> None:
    document = form_document(FORM, "xlsx")
    assert (document.file_name, document.to_each) == ("附件 某表.xlsx", True)
    unlisted = form_document(FORM, "xlsx", attachments=[])
    assert unlisted.file_name == "某表.xlsx"


@pytest.mark.parametrize(("who", "expected"), [([], [True, True, False]), (["college"], [False, False, True])])
def test_who_gets_a_form(who: list[str], expected: list[bool]) -> None:
    document = form_document({**FORM, "who": who}, "xlsx")
    assert [document.concerns(unit) for unit in units()] == expected
    assert document.concerns(None)


def test_units_share_a_shape_unless_the_roster_fills_different_cells() -> None:
    plain = form_document(FORM, "xlsx")
    assert plain.shape(FIRST) == plain.shape(SECOND)
    assert plain.shape(None) != plain.shape(FIRST)
    filled = form_document({"fields": [QUOTA]}, "xlsx")
    assert filled.shape(FIRST) == filled.shape(COLLEGE) != filled.shape(SECOND)


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
@pytest.mark.parametrize("unit", [None, FIRST, SECOND], ids=["master", "given", "blank"])
def test_values_fill_exactly_the_slots(ending: str, unit: Any) -> None:
    document = form_document({"fields": [*LIST_FIELDS, QUOTA]}, ending)
    assert document.compile(unit).slots == set(document.values(unit))


def test_the_given_figure_is_a_number_in_the_workbook_and_blank_where_the_roster_has_none() -> None:
    document = form_document({"fields": [QUOTA]}, "xlsx")
    for unit, expected in ((FIRST, 1200), (SECOND, None)):
        book = openpyxl.load_workbook(io.BytesIO(document.compile(unit).stamp(document.values(unit)).data))
        ((sheet, area),) = book.defined_names["f.quota"].destinations
        assert book[sheet][area][0][0].value == expected


def test_word_form_has_title_head_table_signoff_and_identity() -> None:
    document = word(FORM, SECOND)
    found = [line for line in lines(document) if line]
    assert found[:3] == ["附件", "某表", "填报单位（盖章）：乙市<教育>局"]
    assert "单位负责人：\t填表人：\t联系电话：\t填报日期：　　年　月　日" in found
    assert "由各市汇总<后>报送。" in found[-2] + found[-3]
    assert found[-1] == "表单编码：f　版本：1　单位代码：002"
    assert document.core_properties.identifier == "f@1#002"
    (table,) = document.tables
    rows = texts(table)
    assert rows[0] == ["序号", "学校名称", "活动类型", "学生人数（人）", "视频数（个）", "备注"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "合计"]


def test_word_table_is_as_wide_as_its_page_and_repeats_its_heads() -> None:
    for orientation, width in (("portrait", 8844), ("landscape", 12756)):
        document = word({**FORM, "orientation": orientation})
        section = document.sections[0]
        assert section.page_width is not None
        assert section.left_margin is not None
        assert section.right_margin is not None
        room = (section.page_width - section.left_margin - section.right_margin) // 635
        assert abs(room - width) <= 1
        (table,) = document.tables
        grid = [int(column.get(column.nsmap["w"].join("{}") + "w")) for column in table._tbl.tblGrid]
        assert sum(grid) == width
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert not table.rows[1]._tr.xpath("./w:trPr/w:tblHeader")


@pytest.mark.parametrize("approval", ["某统制〔2026〕1号", "某统制〔2026〕12号A3批B4复"])
def test_the_legal_block_has_room_for_its_longest_line(approval: str) -> None:
    legal = {"number": "某统01表", "drafted_by": "某厅", "approval": approval, "valid_until": "2027年12月31日"}
    document = word({**FORM, "legal": legal})
    (line,) = [paragraph for paragraph in document.paragraphs if approval in paragraph.text]
    stop = line.paragraph_format.tab_stops[0].position
    section = document.sections[0]
    assert section.page_width is not None
    assert section.left_margin is not None
    assert section.right_margin is not None
    room = section.page_width - section.left_margin - section.right_margin - stop
    text = line.text.strip()
    # Half an em for each ASCII character, and a quarter between it and a Chinese one (autoSpaceDE), at 10.5 points.
    changes = sum(one.isascii() != other.isascii() for one, other in pairwise(text))
    ems = sum(0.5 if character.isascii() else 1 for character in text) + changes * 0.25
    assert room / 12700 >= ems * 10.5


LEGAL = {"number": "某统01表", "drafted_by": "某厅", "approval": "某统制〔2026〕1号", "valid_until": "2027年12月"}
PRINTED: dict[str, tuple[dict[str, Any], int]] = {
    "list": ({**FORM, "legal": LEGAL, "rows": {"reserve": "9"}}, 1),
    "long": ({**FORM, "legal": LEGAL, "rows": {"reserve": "21"}}, 2),
    "wide": ({**FORM, "orientation": "landscape", "legal": LEGAL, "rows": {"reserve": "10"}}, 2),
    "pairs": (
        {
            "layout": "pairs",
            "notes": ["由单位填写。"] * 3,
            "fields": [
                {"name": "name", "title": "姓名"},
                {"name": "id", "title": "身份证号码", "format": "id_card"},
                {"name": "photo", "title": "照片", "type": "photo"},
                {"name": "deeds", "title": "主要事迹", "type": "text", "lines": "17"},
                {"name": "opinion", "title": "单位意见", "seal": "true"},
            ],
        },
        1,
    ),
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Page]]:
    """The pages of each form and format, as LibreOffice prints them."""
    root, names = tmp_path_factory.mktemp("printed"), list[str]()
    for name, (form, _) in PRINTED.items():
        for ending in ("xlsx", "docx"):
            document = form_document(form, ending, status="draft")
            names.append(f"{name}-{ending}")
            (root / f"{names[-1]}.{ending}").write_bytes(document.compile(FIRST).stamp(document.values(FIRST)).data)
    pdfs = to_pdfs([root / f"{name}.{name[-4:]}" for name in names], root, root / "profile")
    return {name: read_pages(pdf) for name, pdf in zip(names, pdfs, strict=True)}


@pytest.mark.rendered
@pytest.mark.parametrize("ending", ["xlsx", "docx"])
@pytest.mark.parametrize("name", PRINTED)
def test_a_form_stands_on_its_pages(name: str, ending: str, printed: dict[str, list[Page]]) -> None:
    found = printed[f"{name}-{ending}"]
    form, count = PRINTED[name]
    assert len(found) == count
    texts = [[squeeze(line.text) for line in page.lines] for page in found]
    assert any(line.startswith("表单编码：f") for line in texts[-1])
    assert not any("插入行" in line for lines in texts for line in lines)
    if "legal" in form:
        assert "批准文号：某统制〔2026〕1号" in texts[0]
    if count > 1:
        assert sum(line.isdecimal() for line in texts[-1]) >= 3


@pytest.mark.parametrize(
    "signoff", [["unit_head"], ["unit_head", "reviewer", "statistician", "filler", "phone", "date"]]
)
def test_lines_around_the_table_are_counted_as_they_are_set(signoff: list[str]) -> None:
    for form in ({**FORM, "signoff": signoff}, {**FORM, "signoff": []}):
        grid = form_grid(spec(form), "f", prefill={})
        set_lines = [paragraph for paragraph in word(form).paragraphs if paragraph.style.name == "表头行"]
        assert sum(line_count(grid)) == len(set_lines)


def test_word_table_shows_what_given_figures_add_up_to() -> None:
    fields = [{"name": "area", "title": "地区"}, {"name": "n", "title": "名额", "type": "integer", "total": "sum"}]
    given = [{"area": "甲", "n": "1,200"}, {"area": "乙", "n": "3"}]
    document = word({"layout": "quota", "fields": fields, "rows": {"given": given}})
    assert texts(document.tables[0])[-1] == ["合计", "1203"]


def test_key_value_forms_merge_in_both_directions() -> None:
    fields = [
        {"name": "name", "title": "姓名"},
        {"name": "photo", "title": "照片", "type": "photo"},
        {"name": "job", "title": "工作单位", "span": "full"},
        {"name": "opinion", "title": "单位意见", "seal": "true"},
    ]
    rows = texts(word({"layout": "pairs", "fields": fields}).tables[0])
    assert rows[0][0] == "姓名"
    assert [row[-1] for row in rows[:2]] == ["照片", "照片"]
    assert [row[0] for row in rows[2:]] == ["单位意见", "单位意见"]
    assert "（盖章）" in rows[3][-1]


@pytest.mark.parametrize(("status", "mark"), [("draft", "送审稿"), ("sample", "样例"), ("issued", "")])
def test_the_status_is_marked_on_every_page(status: str, mark: str) -> None:
    section = word(FORM, status=status).sections[0]
    assert "".join(paragraph.text for paragraph in section.header.paragraphs) == mark
    document = form_document(FORM, "xlsx", status=status)
    book = openpyxl.load_workbook(io.BytesIO(document.compile(FIRST).stamp(document.values(FIRST)).data))
    assert (book.worksheets[0].oddHeader.right.text or "") == mark


def test_a_text_that_no_cell_holds_is_refused() -> None:
    with pytest.raises(Problems, match="text-too-long"):
        form_document({**FORM, "notes": ["长" * 40_000]}, "xlsx").compile(None)
