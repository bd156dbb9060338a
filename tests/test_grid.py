"""Grids: every layout's heads, body, totals and furniture."""

import math
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from form_specs import LIST_FIELDS, spec, units

from generator.forms.fields import head_text
from generator.forms.grid import LANDSCAPE_POINTS, PORTRAIT_POINTS, Cell, Grid
from generator.forms.identity import form_digest
from generator.forms.layouts import form_grid
from generator.forms.matrix import matrix_rows, total_of
from generator.forms.measure import text_lines
from generator.forms.paging import fit, pages
from generator.forms.prefill import figure, prefill_of, slot_value
from generator.forms.sizes import holds_allowed, value_points
from generator.office.package import slot

EXTRA_ROWS = [{"title": "学生", "indent": "1"}]
LAYOUTS: dict[str, dict[str, Any]] = {
    "table": {"fields": LIST_FIELDS, "rows": {"reserve": "3"}, "unit_of_measure": "人", "head": ["学科"]},
    "one column": {"fields": [{"name": "a", "title": "甲"}], "head": ["学科", "选送总数"]},
    "grouped": {
        "layout": "grouped",
        "legal": {"number": "某统1表", "drafted_by": "某某厅", "approval": "某统〔2026〕1号", "valid_until": "2028年"},
        "fields": [
            {"name": "school", "title": "学校"},
            {"name": "a", "title": "姓名", "group": "领队"},
            {"name": "b", "title": "电话", "group": "领队", "format": "phone"},
            {"name": "c", "title": "姓名", "group": "队员"},
        ],
    },
    "pairs": {
        "layout": "pairs",
        "fields": [
            {"name": "name", "title": "姓名"},
            {"name": "sex", "title": "性别", "categories": ["男", "女"]},
            {"name": "photo", "title": "照片", "type": "photo"},
            {"name": "job", "title": "工作单位", "span": "full"},
            {"name": "odd", "title": "民族"},
            {
                "name": "family", "title": "家庭成员", "type": "table", "rows": "2",
                "fields": [{"name": "no", "title": "序号", "type": "serial"}, {"name": "name", "title": "姓名"}],
            },
            {"name": "deeds", "title": "事迹", "type": "text"},
            {"name": "one", "title": "单位意见", "seal": "true", "span": "half"},
            {"name": "two", "title": "审批意见", "seal": "true", "span": "half"},
        ],
    },
    "matrix": {
        "layout": "matrix",
        "fields": [{"name": "n", "title": "人数", "type": "integer"}, {"name": "m", "title": "女", "type": "integer"}],
        "rows": {
            "fixed": [{"title": "合计", "total": "true"}, {"title": "教师", "indent": "1"}, *EXTRA_ROWS]
        },
    },
    "quota": {
        "layout": "quota",
        "fields": [
            {"name": "no", "title": "序号", "type": "serial"},
            {"name": "area", "title": "地区"},
            {"name": "n", "title": "名额", "type": "integer", "total": "sum"},
        ],
        "rows": {"given": [{"area": "甲市", "n": "1,200"}, {"area": "乙市", "n": "3"}]},
    },
}  # fmt: skip


LONG = "广泛宣传展示职业教育改革发展成果，营造良好社会氛围"
LAYOUTS["long"] = LAYOUTS["grouped"] | {"fields": [{"name": name, "title": LONG, "group": LONG * 2} for name in "ab"]}
LAYOUTS["long given"] = LAYOUTS["quota"] | {"rows": {"given": [{"area": LONG * 3, "n": "1"}]}}


def grid_of(form: dict[str, Any], **options: Any) -> Grid:
    return form_grid(spec(form), "f", **options)


def covered(cell: Cell) -> set[tuple[int, int]]:
    return {(cell.row + down, cell.column + across) for down in range(cell.rows) for across in range(cell.columns)}


def column(grid: Grid, key: str) -> list[Cell]:
    return [cell for cell in grid.cells if cell.key == key]


@pytest.mark.parametrize("name", LAYOUTS)
def test_cells_fill_the_table_and_never_overlap(name: str) -> None:
    grid = grid_of(LAYOUTS[name], prefill={})
    for one, other in combinations(grid.cells, 2):
        assert not covered(one) & covered(other), (one, other)
    table = {
        (row, column)
        for row, band in enumerate(grid.rows)
        if band.band in ("head", "body", "total", "spacer")
        for column in range(len(grid.widths))
    }
    assert table <= set().union(*(covered(cell) for cell in grid.cells))
    area = LANDSCAPE_POINTS if grid.landscape else PORTRAIT_POINTS
    assert sum(grid.widths) == pytest.approx(area)


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_locked_text_of_the_table_is_cut_off(name: str) -> None:
    grid = grid_of(LAYOUTS[name])
    for cell in grid.cells:
        if cell.role in ("head", "stub", "total", "value") and cell.text and cell.locked:
            room = sum(grid.widths[cell.column : cell.column + cell.columns]) / grid.points
            height = sum(row.height for row in grid.rows[cell.row : cell.row + cell.rows])
            assert text_lines(cell.text, room) <= height // (grid.points * 1.2), cell


LONG_FIELDS: list[dict[str, Any]] = [
    {"name": "no", "title": "序号", "type": "serial"},
    {"name": "school", "title": "学校名称", "constraints": {"maxLength": "40"}},
    {"name": "id", "title": "身份证号码", "format": "id_card"},
    {"name": "post", "title": "职务", "constraints": {"maxLength": "30"}},
    {"name": "story", "title": "简介", "type": "text", "constraints": {"maxLength": "80"}},
    {"name": "n", "title": "人数", "type": "integer", "total": "sum"},
]
PHOTO = {"name": "photo", "title": "照片", "type": "photo"}
ALLOWED: dict[str, dict[str, Any]] = {
    "table": {"fields": LONG_FIELDS},
    "narrow": {"fields": LONG_FIELDS[:4], "orientation": "portrait"},
    "many rows": {"fields": LONG_FIELDS, "rows": {"reserve": "8"}},
    "grouped": {"layout": "grouped", "fields": [{**field, "group": "某类"} for field in LONG_FIELDS]},
    "pairs": {"layout": "pairs", "fields": LONG_FIELDS[1:]},
    "pairs beside a photo": {"layout": "pairs", "fields": [PHOTO, *LONG_FIELDS[1:4], LONG_FIELDS[2] | {"name": "two"}]},
    "long text": {
        "layout": "pairs",
        "fields": [{"name": "deeds", "title": "事迹", "type": "text", "constraints": {"maxLength": "600"}}],
    },
}


@pytest.mark.parametrize("name", ALLOWED)
def test_the_longest_value_that_is_allowed_can_be_read(name: str) -> None:
    form = grid_of(ALLOWED[name])
    page = PORTRAIT_POINTS if form.landscape else LANDSCAPE_POINTS
    rows, scale = fit(form.rows, page, form.points, form.least_row)
    grid = replace(form, rows=tuple(rows), widths=tuple(width / scale for width in form.widths))
    open_cells = [cell for cell in grid.cells if cell.role == "value" and not cell.locked and cell.field]
    assert open_cells
    for cell in open_cells:
        points = value_points(grid, cell)
        assert 9 <= points <= grid.points
        # A millimetre at each side, and lines of 1.45 the size, as the stand-ins for 仿宋 have them.
        width = sum(grid.widths[cell.column : cell.column + cell.columns]) - 5.6
        height = sum(row.height for row in grid.rows[cell.row : cell.row + cell.rows])
        assert cell.field
        if cell.field.format == "id_card":
            assert 18 * points / 2 <= width, cell
        elif longest := cell.field.constraints.max_length:
            assert math.ceil(longest / (width // points)) * points * 1.45 <= height, cell


def test_what_does_not_fit_is_known() -> None:
    fields = [{"name": "deeds", "title": "事迹", "type": "text", "lines": "12", "constraints": {"maxLength": "1500"}}]
    grid = grid_of({"layout": "pairs", "fields": fields})
    (cell,) = column(grid, "deeds")
    assert not holds_allowed(grid, cell)


def test_no_row_is_higher_than_a_sheet_may_have_it() -> None:
    fields = [{"name": name, "title": "事迹", "type": "text", "lines": "40", "seal": seal} for name, seal in
              (("a", "false"), ("b", "true"))]  # fmt: skip
    grid = grid_of({"layout": "pairs", "fields": fields})
    assert max(row.height for row in grid.rows) <= 409
    for name, lines in (("a", 40), ("b", 37)):
        (cell,) = column(grid, name)
        assert sum(row.height for row in grid.rows[cell.row : cell.row + cell.rows]) >= lines * 12 * 1.2
    assert max(row.height for row in grid_of({"fields": [fields[0]]}).rows) <= 409


PAGE_FORMS: dict[str, tuple[dict[str, Any], int]] = {
    "a little more than a page": ({"fields": LIST_FIELDS, "rows": {"reserve": "10"}}, 1),
    "a list of two pages": ({"fields": LIST_FIELDS, "rows": {"reserve": "26"}}, 2),
    "a list of many pages": ({"fields": LIST_FIELDS, "rows": {"reserve": "100"}}, 8),
    "on its side": ({"fields": LIST_FIELDS, "rows": {"reserve": "13"}, "orientation": "landscape"}, 2),
    "pairs": (
        {"layout": "pairs", "fields": [{"name": f"f{number}", "title": "事迹", "type": "text"} for number in range(7)]},
        1,
    ),
    "many pairs": (
        {"layout": "pairs", "fields": [{"name": f"f{number}", "title": "事迹", "type": "text"} for number in range(9)]},
        2,
    ),
}


@pytest.mark.parametrize("name", PAGE_FORMS)
def test_no_page_has_the_closing_rows_alone(name: str) -> None:
    form, most = PAGE_FORMS[name]
    grid = grid_of(form, prefill={}, label="附件1")
    page = PORTRAIT_POINTS if grid.landscape else LANDSCAPE_POINTS
    rows, scale = fit(grid.rows, page, grid.points, grid.least_row)
    assert scale >= 0.8
    starts = pages([replace(row, height=row.height * scale) for row in rows], page)
    assert len(starts) <= most
    if len(starts) > 1:
        assert [row.band for row in rows[starts[-1] :]].count("body") >= 3


@pytest.mark.parametrize("reserve", range(3, 60))
def test_every_length_of_a_list_ends_with_rows_above_its_sign_off(reserve: int) -> None:
    grid = grid_of({"fields": LIST_FIELDS, "rows": {"reserve": str(reserve)}}, prefill={})
    rows, scale = fit(grid.rows, LANDSCAPE_POINTS, grid.points, grid.least_row)
    starts = pages([replace(row, height=row.height * scale) for row in rows], LANDSCAPE_POINTS)
    assert [row.band for row in rows[starts[-1] :]].count("body") >= 3


@pytest.mark.parametrize("place", ["top", "bottom"])
def test_totals_include_the_spacer_row(place: str) -> None:
    grid = grid_of({"fields": LIST_FIELDS, "rows": {"reserve": "4", "total": place}})
    spacer = next(index for index, row in enumerate(grid.rows) if row.band == "spacer")
    totals = [cell for cell in grid.cells if cell.sums]
    assert [cell.field.name for cell in totals if cell.field] == ["students", "videos"]
    body = [index for index, row in enumerate(grid.rows) if row.band == "body"]
    assert len(body) == 4
    assert {cell.sums for cell in totals} == {((body[0], spacer),)}
    assert (totals[0].row < body[0]) is (place == "top")
    assert not grid.band_texts("spacer")


def test_a_form_without_sums_has_no_total_row() -> None:
    grid = grid_of({"fields": [{"name": "a", "title": "甲"}]})
    assert "total" not in {row.band for row in grid.rows}


def test_every_body_cell_is_open_and_everything_else_of_the_table_locked() -> None:
    grid = grid_of(LAYOUTS["table"])
    for cell in grid.cells:
        band = grid.rows[cell.row].band
        if band in ("head", "body", "total", "spacer", "title"):
            assert cell.locked is (band != "body"), cell


def test_common_heads_span_their_fields() -> None:
    grid = grid_of(LAYOUTS["grouped"])
    heads = {(cell.text, cell.rows, cell.columns) for cell in grid.cells if cell.role == "head"}
    assert heads == {("学校", 2, 1), ("领队", 1, 2), ("队员", 1, 1), ("姓名", 1, 1), ("电话", 1, 1)}


def test_legal_block_stands_at_the_right_in_its_order() -> None:
    grid = grid_of(LAYOUTS["grouped"])
    assert grid.band_texts("legal") == [
        "表　　号：某统1表",
        "制定机关：某某厅",
        "批准文号：某统〔2026〕1号",
        "有效期至：2028年",
    ]
    block = [cell for cell in grid.cells if cell.role == "legal"]
    assert len({cell.column for cell in block}) == 1
    assert all(cell.column + cell.columns == len(grid.widths) and cell.column for cell in block)


def test_furniture_of_a_units_copy_and_of_the_master() -> None:
    form = LAYOUTS["table"] | {"notes": ["甲", "乙"], "copies": "3", "signoff": ["unit_head", "date"]}
    grid = grid_of(form, prefill={}, label="附件2")
    assert grid.band_texts("label") == ["附件2"]
    assert grid.band_texts("line") == [f"填报单位（盖章）：{slot('unit.name')}", "学科：", "计量单位：人"]
    assert grid.band_texts("signoff") == ["单位负责人：", "填报日期："]
    assert grid.band_texts("identity") == [f"表单编码：f　版本：1　单位代码：{slot('unit.code')}"]
    notes = grid.band_texts("note")
    assert notes[:2] == ["说明：1.甲", "　　　2.乙"]
    assert notes[2:] == ["　　　3.“活动类型”栏：从下列选项中选填：讲座、竞赛。", "　　　4.本表一式3份。"]
    master = grid_of(form)
    assert master.band_texts("identity") == ["表单编码：f　版本：1　单位代码："]
    assert not any("\ufdd0" in cell.text for cell in master.cells)


def test_a_page_to_be_read_has_no_unit_and_a_list_nothing_to_send_back() -> None:
    assert grid_of(LAYOUTS["table"], bound=True).band_texts("identity") == ["表单编码：f　版本：1"]
    assert not grid_of(LAYOUTS["quota"], bound=True).band_texts("identity")
    assert grid_of(LAYOUTS["quota"]).band_texts("identity") == ["表单编码：f　版本：1　单位代码："]


def test_pairs_put_photo_inner_table_and_seals_in_their_places() -> None:
    grid = grid_of(LAYOUTS["pairs"])
    (photo,) = column(grid, "photo")
    assert photo.column + photo.columns == len(grid.widths)
    assert photo.rows == 3  # it ends above the inner table
    assert [cell.text for cell in column(grid, "family.no")] == ["1", "2"]
    label = next(cell for cell in grid.cells if cell.text == "家庭成员")
    assert label.rows == 3
    one, two = column(grid, "one")[0], column(grid, "two")[0]
    assert one.row == two.row
    seals = [cell for cell in grid.cells if cell.role == "seal"]
    assert [(cell.row, cell.column) for cell in seals] == [(one.row + 1, one.column), (two.row + 1, two.column)]
    assert all(cell.locked and "（盖章）" in cell.text for cell in seals)


def test_matrix_has_row_and_column_numbers_and_sums_what_is_indented() -> None:
    grid = grid_of(LAYOUTS["matrix"])
    assert [cell.text for cell in grid.cells if cell.role == "number"] == ["甲", "乙", "1", "2"]
    assert [cell.text for cell in grid.cells if cell.column == 1 and cell.role in ("stub", "total")] == [
        "01",
        "02",
        "03",
    ]
    first = column(grid, "n")[0]
    assert first.sums == ((first.row + 1, first.row + 2),)


TOTALS = [
    ([("合计", 0), ("甲", 1), ("甲一", 2), ("乙", 1)], 0, [1, 3]),
    ([("甲", 0), ("乙", 0), ("合计", 0)], 2, [0, 1]),
    ([("合计", 0), ("甲", 0), ("乙", 0)], 0, [1, 2]),
    ([("甲", 0), ("合计", 0), ("乙", 0), ("丙", 0), ("合计", 0)], 4, [2, 3]),
    ([("甲", 0), ("乙", 1)], 0, []),
]


@pytest.mark.parametrize(("rows", "index", "expected"), TOTALS)
def test_what_a_total_row_adds_up(rows: list[tuple[str, int]], index: int, expected: list[int]) -> None:
    fixed = [{"title": title, "indent": str(indent), "total": title == "合计"} for title, indent in rows]
    form = spec({"layout": "matrix", "rows": {"fixed": fixed}}).forms["f"]
    assert total_of(matrix_rows(form), index) == expected


def test_a_matrix_with_summed_columns_gets_its_total_row() -> None:
    fields = [{"name": "n", "title": "人数", "type": "integer", "total": "sum"}]
    form = {"layout": "matrix", "fields": fields, "rows": {"fixed": ["甲", "乙"]}}
    assert [row.title for row in matrix_rows(spec(form).forms["f"])] == ["甲", "乙", "合计"]
    form["rows"] = {"fixed": ["甲", "乙"], "total": "top"}
    assert [row.title for row in matrix_rows(spec(form).forms["f"])] == ["合计", "甲", "乙"]


def test_quota_is_given_and_locked_and_not_signed() -> None:
    grid = grid_of(LAYOUTS["quota"], prefill={})
    assert [(cell.text, cell.figure, cell.locked) for cell in column(grid, "n")] == [
        ("1200", True, True),
        ("3", True, True),
    ]
    assert not grid.signoff
    assert not grid.line


def test_quota_from_the_roster_has_a_row_for_each_unit_and_blanks_to_fill() -> None:
    fields = [
        {"name": "area", "title": "单位", "prefill": "unit.name"},
        {"name": "quota", "title": "名额", "type": "integer"},
        {"name": "used", "title": "实报", "type": "integer"},
    ]
    form = {"layout": "quota", "fields": fields, "rows": {"from_units": "true"}}
    grid = grid_of(form, units=units())
    assert [cell.text for cell in column(grid, "area")] == ["甲市教育局", "乙市<教育>局", "某某学院"]
    assert [cell.text for cell in column(grid, "quota")] == ["1200", "", "3"]
    assert not any(cell.locked for cell in column(grid, "used"))
    assert grid.signoff


def test_prefill_is_a_slot_where_the_roster_has_a_value_and_a_blank_where_not() -> None:
    fields = [
        {"name": "name", "title": "单位", "prefill": "unit.name"},
        {"name": "quota", "title": "名额", "type": "integer", "prefill": "名额"},
    ]
    form = {"fields": fields, "rows": {"reserve": "2"}}
    first, second, _ = units()
    states = prefill_of(spec(form).forms["f"], first)
    assert states == {"unit.name": "text", "figure.unit.名额": "number"}
    grid = grid_of(form, prefill=states)
    assert [cell.text for cell in column(grid, "name")][:2] == [slot("unit.name")] * 2
    quotas = [cell for cell in column(grid, "quota") if cell.role == "value"]
    assert [(cell.text, cell.figure, cell.locked) for cell in quotas] == [
        (slot("figure.unit.名额"), True, True), ("", False, False)
    ]  # fmt: skip
    assert slot_value(first, "figure.unit.名额") == "1200"
    assert prefill_of(spec(form).forms["f"], second) == {"unit.name": "text"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("1,200", "1200"),
        ("007", "7"),
        ("１２", "12"),
        ("-0.50", "-0.50"),
        ("约200", None),
        ("", None),
        ("2万", None),
    ],
)
def test_figures(text: str, expected: str | None) -> None:
    assert figure(text) == expected


def test_heads_carry_their_unit_once() -> None:
    form = spec({"unit_of_measure": "人", "fields": [
        {"name": "a", "title": "时长", "unit": "分钟"}, {"name": "b", "title": "时长（分钟）", "unit": "分钟"},
        {"name": "c", "title": "人数", "unit": "人"}]}).forms["f"]  # fmt: skip
    assert [head_text(form, field) for field in form.fields] == ["时长（分钟）", "时长（分钟）", "人数"]


def test_a_wide_table_lies_on_its_side_unless_told_otherwise() -> None:
    fields = [{"name": f"c{number}", "title": f"栏目{number}"} for number in range(12)]
    assert grid_of({"fields": fields}).landscape
    assert not grid_of({"fields": fields[:4]}).landscape
    assert not grid_of({"fields": fields, "orientation": "portrait"}).landscape


def test_the_digest_follows_the_form_and_nothing_else() -> None:
    one = spec({"fields": LIST_FIELDS}).forms["f"]
    assert form_digest(one) == form_digest(spec({"fields": LIST_FIELDS}, annotations=["此件主动公开"]).forms["f"])
    assert form_digest(one) != form_digest(spec({"fields": LIST_FIELDS[:-1]}).forms["f"])
    assert form_digest(one) == form_digest(spec({"fields": LIST_FIELDS, "version": "1"}).forms["f"])


def test_blank_rows_give_way_where_that_saves_a_page() -> None:
    def height(reserve: int) -> float:
        grid = grid_of({"fields": LIST_FIELDS, "rows": {"reserve": str(reserve)}})
        rows, scale = fit(grid.rows, LANDSCAPE_POINTS, grid.points, grid.least_row)
        assert 0.8 <= scale <= 1
        return scale * sum(row.height for row in rows)

    page = LANDSCAPE_POINTS
    for reserve in range(5, 40):
        assert not page - 12 < height(reserve) < page * 1.2, reserve
    assert height(5) < page < height(39)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("选树榜样人数（人）", 4.5, 3),
        ("选树榜样人数（人）", 9.0, 1),
        ("参与学生人数（人）", 4.0, 3),
        ("参与学生人数（人）", 5.0, 2),
        ("2022年前", 2.0, 2),
        ("", 4.0, 1),
        ("abcdefghijkl", 2.0, 3),
    ],
)
def test_no_line_ends_inside_a_bracket_or_a_word(text: str, room: float, lines: int) -> None:
    assert text_lines(text, room) == lines
