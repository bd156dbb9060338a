"""Workbooks of forms: read back with openpyxl, they hold what the form says, within the limits of the format."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from form_specs import LIST_FIELDS, spec
from openpyxl import Workbook
from openpyxl.styles import Side
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation

from generator.forms.identity import form_digest
from generator.forms.layouts import form_grid
from generator.forms.workbook.build import sheet_title
from generator.forms.workbook.compile import compile_form
from generator.office.package import Stamped

VALUES = {"unit.name": "甲市<教育>局 & 某某", "unit.code": "001", "figure.unit.名额": "12"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
QUOTA_FIELD = {"name": "quota", "title": "名额", "type": "integer", "prefill": "名额", "total": "sum"}


def stamp(form: dict[str, Any], *, prefill: dict[str, Any] | None = None, **rest: Any) -> Stamped:
    whole = spec(form, **rest)
    package = compile_form(whole, form_grid(whole, "f", prefill=prefill), addressed=prefill is not None)
    return package.stamp(VALUES)


def open_book(form: dict[str, Any], **options: Any) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(stamp(form, **options).data))


def parts(form: dict[str, Any], **options: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(stamp(form, **options).data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rules(book: Workbook) -> list[DataValidation]:
    return list(book.worksheets[0].data_validations.dataValidation)


def rule_of(**field: Any) -> DataValidation:
    (rule,) = rules(open_book({"fields": [{"name": "a", "title": "栏目", **field}], "rows": {"reserve": "3"}}))
    return rule


def test_the_same_form_is_the_same_bytes() -> None:
    assert stamp({"fields": LIST_FIELDS}, prefill={}).data == stamp({"fields": LIST_FIELDS}, prefill={}).data


def test_the_day_of_issue_stands_for_the_clock() -> None:
    core = parts({"fields": LIST_FIELDS}, date_of_issue="2026-07-24")["docProps/core.xml"]
    assert re.findall(r"W3CDTF\">([^<]+)<", core) == ["2026-07-24T00:00:00Z"] * 2


def test_identity_is_carried_by_every_carrier() -> None:
    form = {"fields": LIST_FIELDS, "version": "2026.1"}
    book = open_book(form, prefill={}, date_of_issue="2026-07-24")
    assert book.properties.identifier == "f@2026.1#001"
    assert [(item.name, item.value) for item in book.custom_doc_props.props] == [("fawen", "f@2026.1#001")]  # type: ignore[attr-defined]
    meta = book["_meta"]
    assert meta.sheet_state == "veryHidden"
    facts = {row[0]: row[1] for row in meta.iter_rows(values_only=True)}
    assert {key: value for key, value in facts.items() if not str(key).startswith("field:")} == {
        "form_id": "f",
        "version": "2026.1",
        "form_sha256": form_digest(spec(form).forms["f"]),
        "unit_code": "001",
        "date_of_issue": "2026-07-24",
    }
    printed = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert "表单编码：f　版本：2026.1　单位代码：001" in printed
    names = {str(key).removeprefix("field:"): value for key, value in facts.items() if str(key).startswith("field:")}
    assert names["students"] == "f.students"
    assert set(names.values()) == set(book.defined_names)


def test_defined_names_reach_from_the_first_body_row_to_the_spacer() -> None:
    book = open_book({"fields": LIST_FIELDS, "rows": {"reserve": "3"}})
    sheet = book.worksheets[0]
    ((title, area),) = book.defined_names["f.students"].destinations
    cells = [row[0] for row in sheet[area]]
    assert title == "某表"
    assert len(cells) == 4
    assert sheet.cell(cells[0].row - 1, cells[0].column).value == "学生人数（人）"
    assert all(cell.value is None for cell in sheet[cells[-1].row][: len(LIST_FIELDS)])


@pytest.mark.parametrize("place", ["top", "bottom", "none"])
def test_the_spacer_row_is_read_on_the_screen_and_not_on_paper(place: str) -> None:
    sheet = open_book({"fields": LIST_FIELDS, "rows": {"reserve": "3", "total": place}}).worksheets[0]
    (hint,) = [cell for row in sheet for cell in row if cell.value == "请在本行以上插入行"]
    assert hint.column == len(LIST_FIELDS) + 1
    last_printed = range_boundaries(str(sheet.print_area).split("!")[1].replace("$", ""))[2]
    assert hint.column > last_printed
    assert sheet.row_dimensions[hint.row].height > hint.font.size * 1.2
    spacer, below = sheet[hint.row][:last_printed], sheet[hint.row + 1][:last_printed]
    assert not any(lined(cell.border.top) or lined(cell.border.bottom) for cell in spacer)
    if place == "bottom":
        # On paper the two rows are one: 合计 over three columns, and no line between.
        assert [lined(cell.border.left) for cell in spacer] == [True, False, False, True, True, True]
        assert lined(spacer[-1].border.right)
        assert not any(lined(cell.border.top) for cell in below)
    else:
        assert not any(lined(cell.border.left) or lined(cell.border.right) for cell in spacer)


def lined(side: Side | None) -> bool:
    return side is not None and side.style is not None


def test_checks_reach_the_spacer_row_so_that_inserted_rows_carry_them() -> None:
    book = open_book({"fields": LIST_FIELDS, "rows": {"reserve": "3"}})
    covered = {str(rule.sqref) for rule in rules(book)}
    for name in ("school", "kind", "students", "videos"):
        ((_, area),) = book.defined_names[f"f.{name}"].destinations
        assert area.replace("$", "") in covered


@pytest.mark.parametrize("place", ["top", "bottom"])
def test_totals_are_formulas_over_the_body_and_the_spacer_with_a_value(place: str) -> None:
    form = {"fields": LIST_FIELDS, "rows": {"reserve": "3", "total": place}}
    book = open_book(form)
    sheet = book.worksheets[0]
    ((_, area),) = book.defined_names["f.students"].destinations
    summed = area.replace("$", "")
    formula = f'=IF(COUNT({summed}),SUM({summed}),"")'
    (total,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == formula]
    assert total.protection.locked
    values = openpyxl.load_workbook(io.BytesIO(stamp(form).data), data_only=True).worksheets[0]
    # Nothing yet, and no 0 on a form that is printed to be filled in by hand.
    assert values[total.coordinate].value is None
    assert values[total.coordinate].data_type == "str"


def test_given_figures_are_numbers_and_their_total_is_told() -> None:
    fields = [{"name": "area", "title": "地区"}, {"name": "n", "title": "名额", "type": "integer", "total": "sum"}]
    given = [{"area": "甲", "n": "1,200"}, {"area": "乙", "n": "3"}]
    data = stamp({"layout": "quota", "fields": fields, "rows": {"given": given}}).data
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    assert [cell.value for row in sheet for cell in row if isinstance(cell.value, int)] == [1200, 3, 1203]


def test_a_units_figure_is_a_locked_number_and_its_name_escaped_text() -> None:
    form = {"fields": [{"name": "a", "title": "甲"}, QUOTA_FIELD], "rows": {"reserve": "2"}}
    data = stamp(form, prefill={"figure.unit.名额": "number"}).data
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    found = [(cell.value, cell.data_type, cell.protection.locked) for row in sheet for cell in row if cell.value == 12]
    assert found == [(12, "n", True), (12, "n", True)]  # the figure, and the total that it makes
    assert any(cell.value == "填报单位（盖章）：甲市<教育>局 & 某某" for row in sheet for cell in row)
    assert not re.search("[\ufdd0\ufdd1]", "".join(parts(form, prefill={"figure.unit.名额": "number"}).values()))


def test_text_never_becomes_a_formula() -> None:
    form = {
        "title": "=1+1",
        "fields": [{"name": "a", "title": "=HYPERLINK(1)", "categories": ["=A1,x", "=B1"], "description": "=C1"}],
        "notes": ["=2+2"],
    }
    for name, text in parts(form).items():
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in text


def test_only_open_cells_are_open_and_no_password_is_asked() -> None:
    sheet = open_book({"fields": LIST_FIELDS, "rows": {"reserve": "3"}}, prefill={}).worksheets[0]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    forbidden = (sheet.protection.insertRows, sheet.protection.deleteRows, sheet.protection.formatRows)
    assert forbidden == (False, False, False)
    body = [row for row in sheet.iter_rows(max_col=len(LIST_FIELDS)) if not any(cell.protection.locked for cell in row)]
    assert [row[0].value for row in body] == [1, 2, 3]


def test_page_set_up() -> None:
    sheet = open_book({"fields": LIST_FIELDS, "rows": {"reserve": "3"}}).worksheets[0]
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.page_setup.paperSize == 9
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.center.text == "第&P页 共&N页"
    head = next(cell.row for row in sheet for cell in row if cell.value == "学校名称")
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.page_margins.left * 25.4 == pytest.approx(28)
    wide = open_book({"fields": LIST_FIELDS, "orientation": "landscape"}).worksheets[0]
    assert wide.page_setup.orientation == "landscape"


RULES: list[tuple[dict[str, Any], tuple[str, str | None, str | None]]] = [
    ({"type": "integer", "constraints": {"minimum": "2"}}, ("whole", "2", "999999999999")),
    ({"type": "number", "constraints": {"maximum": "99.5"}}, ("decimal", "-999999999999", "99.5")),
    ({"type": "date", "constraints": {"minimum": "2026-09-01", "maximum": "2026-09-30"}}, ("date", "46266", "46295")),
    ({"type": "yearmonth", "constraints": {"minimum": "2026-09"}}, ("date", "46266", "2958465")),
    ({"type": "datetime", "constraints": {"minimum": "2026-09-01T12:00"}}, ("date", "46266.500000", "2958465.99")),
    ({"type": "time", "constraints": {"minimum": "06:00"}}, ("time", "0.250000000", "0.999988426")),
    ({"type": "year"}, ("whole", "1900", "2100")),
    ({"type": "duration", "unit": "分钟", "constraints": {"minimum": "PT3M"}}, ("decimal", "3", "999999999999")),
    ({"type": "boolean"}, ("list", '"是,否"', None)),
    ({"categories": ["讲座", "竞赛"]}, ("list", '"讲座,竞赛"', None)),
    ({"constraints": {"maxLength": "40"}}, ("textLength", "0", "40")),
    ({"format": "id_card"}, ("textLength", "18", None)),
]


@pytest.mark.parametrize(("field", "expected"), RULES)
def test_validation_by_type(field: dict[str, Any], expected: tuple[str, str | None, str | None]) -> None:
    rule = rule_of(**field)
    assert (rule.type, rule.formula1, rule.formula2) == expected
    assert len(str(rule.sqref).split(":")) == 2
    assert rule.showErrorMessage
    assert "栏目" in rule.error


WORDS = [
    ({"type": "date"}, "日期，如2026-09-01"),
    (
        {"type": "date", "constraints": {"minimum": "2026-05-01", "maximum": "2026-05-31"}},
        "日期，如2026-05-31，不早于2026-05-01，不晚于2026-05-31",
    ),
    ({"type": "date", "constraints": {"minimum": "2027-01-01"}}, "日期，如2027-01-01，不早于2027-01-01"),
    ({"type": "yearmonth", "constraints": {"maximum": "2026-03"}}, "年月，如2026-03，不晚于2026-03"),
    (
        {"type": "datetime", "constraints": {"minimum": "2026-10-01T12:00"}},
        "日期和时间，如2026-10-01 12:00，不早于2026-10-01 12:00",
    ),
    ({"type": "time", "constraints": {"minimum": "06:00"}}, "时间，如09:30，不早于06:00"),
    ({"type": "year", "constraints": {"minimum": "2020"}}, "四位数的年份，不早于2020"),
    ({"type": "number", "constraints": {"maximum": "99.5"}}, "数字，不大于99.5"),
]


@pytest.mark.parametrize(("field", "expected"), WORDS)
def test_limits_are_told_as_people_say_them_with_an_example_that_obeys_them(
    field: dict[str, Any], expected: str
) -> None:
    rule = rule_of(**field)
    assert rule.prompt == f"栏目：{expected}。"
    assert expected in rule.error


ODD_TEXTS = ["甲_x0041_局", " 两头 ", "甲  乙", "_x005F_"]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_text_is_kept_by_a_program_that_reads_coded_characters_and_trims(text: str) -> None:
    fields = [{"name": "a", "title": "栏目", "description": "甲_x0041_局"}, QUOTA_FIELD]
    whole = spec({"fields": fields, "notes": [f"甲{text}乙"]})
    package = compile_form(whole, form_grid(whole, "f", prefill={}), addressed=True)
    data = package.stamp(VALUES | {"unit.name": text}).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    shown = {shown_by_excel(element) for element in sheet.iter(f"{{{MAIN}}}t")}
    assert {f"填报单位（盖章）：{text}", f"说明：1.甲{text}乙"} <= shown
    (prompt,) = [rule.get("prompt", "") for rule in sheet.iter(f"{{{MAIN}}}dataValidation") if "甲" in str(rule.attrib)]
    assert decoded(prompt) == "栏目：甲_x0041_局。"


def decoded(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def shown_by_excel(element: ElementTree.Element) -> str:
    """What Excel makes of a string: ECMA-376 22.9.2.19, and blanks at the ends only where they are preserved."""
    text = decoded(element.text or "")
    kept = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if kept else re.sub(" +", " ", text).strip()


def test_a_refusal_reads_as_a_sentence() -> None:
    assert rule_of(categories=["讲座", "竞赛"]).error == "“栏目”应从列表中选择。请改正后再填。"
    assert rule_of(type="integer").error == "“栏目”应为整数。请改正后再填。"


def test_an_address_is_checked_for_its_at_sign_in_its_own_cell() -> None:
    rule = rule_of(format="email")
    assert rule.type == "custom"
    assert f'FIND("@",{str(rule.sqref).split(":")[0]})' in rule.formula1


def test_prompts_say_what_to_fill_in() -> None:
    rule = rule_of(type="integer", unit="个", constraints={"required": "true", "minimum": "2"}, example="3")
    assert rule.prompt == "栏目（个）：必填；整数，不小于2；计量单位：个；例：3。"
    assert rule.promptTitle == "栏目"


@pytest.mark.parametrize("categories", [["讲座，报告", "a,b"], [f"选项{number}" * 5 for number in range(20)]])
def test_choices_that_do_not_fit_the_sheet_stand_in_a_hidden_list(categories: list[str]) -> None:
    book = open_book({"fields": [{"name": "a", "title": "甲", "categories": categories}]})
    (rule,) = rules(book)
    assert rule.formula1 == "f._list.a"
    ((sheet, area),) = book.defined_names["f._list.a"].destinations
    assert [row[0].value for row in book[sheet][area]] == categories
    assert book[sheet].sheet_state == "hidden"


def test_two_long_lists_stand_side_by_side() -> None:
    fields = [{"name": name, "title": name, "categories": [f"{name},1", f"{name},2"]} for name in "ab"]
    book = open_book({"fields": fields})
    for name in "ab":
        ((sheet, area),) = book.defined_names[f"f._list.{name}"].destinations
        assert [row[0].value for row in book[sheet][area]] == [f"{name},1", f"{name},2"]


def test_texts_keep_within_the_limits_of_the_format() -> None:
    rule = rule_of(
        title="很长的栏目名称" * 10, type="integer", description="说明" * 300, constraints={"minimum": "1" * 15}
    )
    assert len(rule.promptTitle) <= 32
    assert len(rule.prompt) == 255
    assert len(rule.error) <= 224
    assert rule.prompt.endswith("…")


FORMATS = [
    ({"format": "id_card"}, "@"),
    ({"format": "phone"}, "@"),
    ({"type": "date"}, "yyyy-mm-dd"),
    ({"type": "yearmonth"}, "yyyy-mm"),
    ({"type": "integer"}, "0"),
    ({"type": "number", "decimals": "2"}, "0.00"),
    ({"type": "duration"}, "@"),
    ({"type": "duration", "unit": "分钟"}, "General"),
]


@pytest.mark.parametrize(("field", "expected"), FORMATS)
def test_number_formats(field: dict[str, Any], expected: str) -> None:
    book = open_book({"fields": [{"name": "a", "title": "栏目", **field}], "rows": {"reserve": "1"}})
    ((sheet, area),) = book.defined_names["f.a"].destinations
    assert book[sheet][area][0][0].number_format == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("某表", "某表"),
        ("甲/乙：[丙]*?", "甲 乙： 丙"),
        ("长" * 40, "长" * 31),
        ("'引'", "引"),
        ("///", "表"),
        ("𠮷" * 20, "𠮷" * 15),
    ],
)
def test_sheet_titles(title: str, expected: str) -> None:
    assert sheet_title(title) == expected


def texts_with_font(form: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    for row in open_book(form).worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                yield cell.value, cell.font.name, cell.font.size


def test_faces_follow_the_standards_of_documents() -> None:
    faces = {text: face for text, face, _ in texts_with_font({"fields": LIST_FIELDS, "rows": {"reserve": "1"}})}
    assert faces["某表"] == "方正小标宋简体"
    assert faces["学校名称"] == "黑体"
    assert faces["单位负责人："] == "仿宋_GB2312"


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_columns_fill_the_type_area(orientation: str) -> None:
    sheet = open_book({"fields": LIST_FIELDS, "orientation": orientation, "rows": {"reserve": "3"}}).worksheets[0]
    dimensions = [sheet.column_dimensions[letter] for letter in "ABCDEF"]
    # A column is so many digits wide, its padding included (ECMA-376 18.3.1.13): 8 pixels each at 96 to the inch.
    points = sum(dimension.width for dimension in dimensions) * 8 * 72 / 96
    assert points == pytest.approx(637.8 if orientation == "landscape" else 442.2, abs=1)


def test_a_form_of_one_page_stays_on_it_and_a_list_grows() -> None:
    pairs = {
        "layout": "pairs",
        "fields": [{"name": f"f{number}", "title": "事迹", "type": "text"} for number in range(7)],
    }
    sheet = open_book(pairs).worksheets[0]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    long = {**pairs, "fields": pairs["fields"] * 2}
    assert open_book(long).worksheets[0].page_setup.fitToHeight == 0
    # A list that is a little too long for its page is made smaller by being wider than the page.
    sheet = open_book({"fields": LIST_FIELDS, "rows": {"reserve": "10"}}).worksheets[0]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    points = sum(sheet.column_dimensions[letter].width for letter in "ABCDEF") * 6
    assert 442.2 * 1.03 < points <= 442.2 / 0.8
    heights = [sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]
    assert 637.8 < sum(heights) <= 637.8 * points / 442.2


def test_long_values_have_smaller_text_than_short_ones() -> None:
    fields = [{"name": "a", "title": "简介", "constraints": {"maxLength": "90"}}, *LIST_FIELDS]
    book = open_book({"fields": fields, "rows": {"reserve": "2"}})
    sizes = {}
    for name in ("a", "students"):
        ((sheet, area),) = book.defined_names[f"f.{name}"].destinations
        sizes[name] = book[sheet][area][0][0].font.size
    assert 9 <= sizes["a"] < sizes["students"]


def test_column_widths_count_digits_of_a_font_that_every_office_has() -> None:
    styles = parts({"fields": LIST_FIELDS})["xl/styles.xml"]
    first = re.search("<fonts[^>]*><font>(.*?)</font>", styles)
    assert first is not None
    assert '<name val="Times New Roman"/>' in first[1]
    assert re.search('<cellStyleXfs[^>]*><xf [^>]*fontId="0"', styles)
    assert "Calibri" not in styles
