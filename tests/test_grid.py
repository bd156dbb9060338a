"""Grids: every layout's heads, body, totals and furniture."""

from itertools import combinations
from typing import Any

import pytest
from form_specs import LIST_FIELDS, spec, units

from generator.grid import (
    LANDSCAPE_POINTS,
    PORTRAIT_POINTS,
    Cell,
    Grid,
    figure,
    form_digest,
    form_grid,
    head_text,
    matrix_rows,
    prefill_of,
    slot_value,
    text_width,
    total_of,
)
from generator.package import slot

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
            assert text_width(cell.text) <= room * (height // (grid.points * 1.2)), cell


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
        return sum(row.height for row in grid.rows)

    page = LANDSCAPE_POINTS
    for reserve in range(5, 40):
        assert not page - 12 < height(reserve) < page * 1.2, reserve
    assert height(5) < page < height(39)
