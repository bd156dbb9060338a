"""No key without effect: each key of a form changes the workbook, or is told to change nothing; never both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from form_specs import dispatch, units

from generator.dispatch.spec import Constraints, FieldType, FormField, Rows
from generator.forms.effects import CONSTRAINT_KEYS, FIELD_KEYS, ROWS_KEYS, without_effect
from generator.forms.layouts import form_grid
from generator.forms.prefill import prefill_of
from generator.forms.types import TYPES
from generator.forms.workbook.build import build_workbook

LAYOUTS: dict[str, dict[str, Any]] = {
    "table": {"rows": {"reserve": 2}},
    "grouped": {"rows": {"reserve": 2}},
    "pairs": {},
    "matrix": {"rows": {"fixed": ["甲", "乙"]}},
    "quota": {"rows": {"given": [{"c": "1"}]}},
    "given": {"layout": "quota", "rows": {"given": [{"f": "1"}]}},
    "units": {"layout": "quota", "rows": {"from_units": True}},
}
FIELD_VALUES: dict[str, list[Any]] = {
    "format": ["phone", "id_card"],
    "unit": ["某单位", "分钟"],
    "description": ["某说明"],
    "example": ["某例"],
    "categories": [["某选项十二字长长长长长长", "乙"]],
    "total": ["sum"],
    "decimals": [2],
    "prefill": ["unit.name", "名额"],
    "width": [3.3],
    "group": ["某上级"],
    "lines": [9, 1],
    "span": ["full", "half"],
    "rows": [7],
    "seal": [True],
}
CONSTRAINT_VALUES = {"required": True, "minLength": 3, "maxLength": 77}


def shown(form: dict[str, Any]) -> tuple[Any, ...]:
    """All that a unit sees in its workbook: sizes, texts, looks, what is let in and told."""
    made = dispatch(form)
    prefill = prefill_of(made.spec.forms["f"], made.units[0])
    book = build_workbook(made.spec, form_grid(made.spec, "f", units=units(), prefill=prefill), addressed=True)
    sheet = book.worksheets[0]
    cells = [
        (cell.coordinate, cell.value, cell.number_format, cell.font.sz, cell.alignment.horizontal)
        for row in sheet.iter_rows()
        for cell in row
    ]
    widths = [(name, column.width) for name, column in sheet.column_dimensions.items()]
    heights = [(number, row.height) for number, row in sheet.row_dimensions.items()]
    rules = [sorted(map(str, vars(rule).items())) for rule in sheet.data_validations.dataValidation]
    merged = sorted(map(str, sheet.merged_cells.ranges))
    return cells, widths, heights, rules, merged


def told(form: dict[str, Any]) -> set[tuple[str | int, ...]]:
    return {path for path, _hint in without_effect(dispatch(form).spec.forms["f"], units())}


def form_of(layout: str, field: dict[str, Any], *, inner: bool = False) -> dict[str, Any]:
    """A form with the field between two others; or the field beside another in an inner table."""
    own = {"name": "f", "title": "某栏", **field}
    if own.get("type") == "table":
        own = {"fields": [{"name": "x", "title": "子"}], **own}
    other = {"name": "d", "title": "丁", "type": "text"}
    fields: list[dict[str, Any]] = [{"name": "c", "title": "丙"}, own, other]
    if inner:
        fields = [{"name": "t", "title": "表", "type": "table", "fields": [own, other]}]
    return {"layout": layout, "fields": fields, **LAYOUTS[layout]}


def contexts() -> Iterator[tuple[str, str, bool]]:
    for layout in LAYOUTS:
        for kind in get_args(FieldType):
            if layout == "pairs" or not TYPES[kind].pairs_only:
                yield layout, kind, False
            if layout == "pairs" and not TYPES[kind].pairs_only:
                yield layout, kind, True


def added(kind: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each key with the ways to write it; one that changes something will do."""
    for key, values in FIELD_VALUES.items():
        yield key, [{key: value} for value in values]
    for key, value in CONSTRAINT_VALUES.items():
        yield f"constraints.{key}", [{"constraints": {key: value}}]
    example = TYPES[kind].example  # type: ignore[index]
    if example:
        for key in ("minimum", "maximum"):
            yield f"constraints.{key}", [{"constraints": {key: example}}]


def test_the_tables_name_every_key() -> None:
    assert set(FIELD_KEYS) == set(FormField.model_fields)
    assert set(CONSTRAINT_KEYS) == set(Constraints.model_fields)
    assert set(ROWS_KEYS) == set(Rows.model_fields)
    assert set(FIELD_VALUES) | {
        "name",
        "title",
        "type",
        "fields",
        "constraints",
        "at",
        "aliases",
        "relevant",
        "calculation",
    } == set(FormField.model_fields)


@pytest.mark.parametrize(("layout", "kind", "inner"), list(contexts()))
def test_a_key_of_a_field_changes_the_form_or_is_told(layout: str, kind: str, inner: bool) -> None:
    plain = shown(form_of(layout, {"type": kind}, inner=inner))
    wrong = []
    for key, ways in added(kind):
        forms = [form_of(layout, {"type": kind, **way}, inner=inner) for way in ways]
        changes = any(shown(form) != plain for form in forms)
        is_told = all(any(".".join(map(str, path)).endswith(f".{key}") for path in told(form)) for form in forms)
        # A text that is given is wide enough, whatever length it may have.
        if changes == is_told and (layout, kind, key) != ("given", "text", "constraints.maxLength"):
            wrong.append(f"{key}: {'told, yet it changes the form' if is_told else 'changes nothing, and is not told'}")
    assert wrong == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["string", "text", "number"])
def test_no_number_at_its_limits_breaks_a_layout(layout: str, kind: str) -> None:
    limits: dict[str, list[Any]] = {
        "lines": [1, 2, 40],
        "width": [0.001, 1000.0],
        "decimals": [0, 6],
        "constraints": [{"minLength": 0, "maxLength": 1}, {"maxLength": 10**6}],
    }
    for key, values in limits.items():
        for value in values:
            for seal in {False, layout == "pairs"}:
                assert shown(form_of(layout, {"type": kind, key: value, "seal": seal}))


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("columns", [1, 12])
def test_inner_tables_at_their_limits(rows: int, columns: int) -> None:
    fields = [{"name": f"x{number}", "title": "子"} for number in range(columns)]
    assert shown(form_of("pairs", {"type": "table", "rows": rows, "fields": fields}))


@pytest.mark.parametrize("lines", range(1, 41))
def test_an_opinion_of_any_height_has_its_seal(lines: int) -> None:
    made = dispatch(form_of("pairs", {"lines": lines, "seal": True}))
    grid = form_grid(made.spec, "f", units=units())
    assert [cell.text for cell in grid.cells if cell.role == "seal"] == ["（盖章）\n年　　月　　日"]
