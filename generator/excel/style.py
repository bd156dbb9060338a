"""How a cell of a grid looks in a workbook: font, border, alignment and number format, by role and type."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Protection, Side

from generator.grid import TABLE_BANDS, Cell, Grid, Role
from generator.spec import FormField

_TEXT_FACE, _HEAD_FACE, _TITLE_FACE = "仿宋_GB2312", "黑体", "方正小标宋简体"
_FACES: Mapping[Role, str] = {
    "label": _HEAD_FACE, "title": _TITLE_FACE, "head": _HEAD_FACE, "number": _TEXT_FACE, "total": _HEAD_FACE
}  # fmt: skip
_SIZES: Mapping[Role, float] = {
    "label": 16, "title": 18, "legal": 10.5, "note": 10.5, "identity": 9, "spacer": 6, "number": 9
}  # fmt: skip
_GREY = "A6A6A6"
_THIN = Side(style="thin", color="000000")
TEXT_FORMAT = "@"
_NUMBER_FORMATS: Mapping[str, str] = {
    "integer": "0", "serial": "0", "year": "0", "date": "yyyy-mm-dd", "yearmonth": "yyyy-mm",
    "datetime": "yyyy-mm-dd hh:mm", "time": "hh:mm",
}  # fmt: skip
DURATION_UNITS = frozenset({"秒", "分钟", "小时"})
"""A duration is a number of its unit; without one of these it is text such as 3分20秒."""


def number_format(field: FormField | None) -> str:
    """The number format of a field's cells; text wherever a reader could make another value of what was typed."""
    if field is None:
        return "General"
    if field.type == "number" or (field.type == "duration" and field.unit in DURATION_UNITS):
        return "General" if field.decimals is None else "0" + ("." + "0" * field.decimals if field.decimals else "")
    return _NUMBER_FORMATS.get(field.type, TEXT_FORMAT)


def set_style(target: SheetCell | MergedCell, grid: Grid, cell: Cell) -> None:
    """Dress one cell; a merged cell's other cells get `set_border`."""
    size = _SIZES.get(cell.role, grid.points if grid.rows[cell.row].band in TABLE_BANDS else 10.5)
    colour = _GREY if cell.role == "spacer" else "000000"
    target.font = Font(name=_FACES.get(cell.role, _TEXT_FACE), size=size, color=colour)
    target.alignment = Alignment(
        horizontal=cell.align,
        vertical="bottom" if cell.role == "seal" else "center",
        wrap_text=cell.role != "spacer",
    )
    target.protection = Protection(locked=cell.locked)
    target.number_format = number_format(cell.field) if cell.role in ("value", "total") else "General"


def set_border(target: SheetCell | MergedCell, grid: Grid, cell: Cell) -> None:
    """Thin lines around table cells; an opinion and the seal below it share one frame."""
    if grid.rows[cell.row].band not in TABLE_BANDS:
        return
    opened = cell.field is not None and cell.field.seal and cell.role == "value"
    top = None if cell.role == "seal" else _THIN
    target.border = Border(left=_THIN, right=_THIN, top=top, bottom=None if opened else _THIN)
