"""How a cell of a grid looks in a workbook: font, border, alignment and number format, by role and type."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Protection, Side

from generator.grid import TABLE_BANDS, Cell, Grid, Role, value_points
from generator.spec import FormField

_TEXT_FACE, _HEAD_FACE, _TITLE_FACE = "仿宋_GB2312", "黑体", "方正小标宋简体"
_FACES: Mapping[Role, str] = {
    "label": _HEAD_FACE, "title": _TITLE_FACE, "head": _HEAD_FACE, "number": _TEXT_FACE, "total": _HEAD_FACE
}  # fmt: skip
_SIZES: Mapping[Role, float] = {
    "label": 16, "title": 18, "legal": 10.5, "note": 10.5, "identity": 9, "number": 9
}  # fmt: skip
_HINT_FONT = Font(name=_TEXT_FACE, size=9, color="808080")
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
    target.font = Font(name=_FACES.get(cell.role, _TEXT_FACE), size=_size(grid, cell), color="000000")
    target.alignment = Alignment(horizontal=cell.align, vertical=_vertical(grid, cell), wrap_text=True)
    target.protection = Protection(locked=cell.locked)
    target.number_format = number_format(cell.field) if cell.role in ("value", "total") else "General"


def _size(grid: Grid, cell: Cell) -> float:
    if cell.role == "value" and not cell.locked:
        return value_points(grid, cell)
    return _SIZES.get(cell.role, grid.points if grid.rows[cell.row].band in TABLE_BANDS else 10.5)


def set_hint(target: SheetCell | MergedCell) -> None:
    """Dress a word to whoever fills the form in, beside the table."""
    target.font = _HINT_FONT
    target.alignment = Alignment(horizontal="left", vertical="center")


def set_border(target: SheetCell | MergedCell, grid: Grid, cell: Cell) -> None:
    """Thin lines around table cells; an opinion and the seal below it share one frame.

    On paper the spacer row is the upper part of the total row below it, or nothing.
    """
    if grid.rows[cell.row].band not in TABLE_BANDS:
        return
    if cell.role == "spacer":
        edges = _edges(grid, cell.row + 1)
        left, right = (_THIN if edge in edges else None for edge in (cell.column, cell.column + 1))
        target.border = Border(left=left, right=right)
        return
    opened = cell.field is not None and cell.field.seal and cell.role == "value"
    top = None if cell.role == "seal" or _below_spacer(grid, cell) else _THIN
    target.border = Border(left=_THIN, right=_THIN, top=top, bottom=None if opened else _THIN)


def _edges(grid: Grid, row: int) -> set[int]:
    """The columns at which the cells of a total row begin and end; none for another row."""
    cells = [cell for cell in grid.cells if cell.row == row and cell.role == "total"]
    return {edge for cell in cells for edge in (cell.column, cell.column + cell.columns)}


def _vertical(grid: Grid, cell: Cell) -> str:
    if _below_spacer(grid, cell):
        return "top"
    return "bottom" if cell.role == "seal" else "center"


def _below_spacer(grid: Grid, cell: Cell) -> bool:
    """Whether the cell is the lower part of what looks like one cell with the spacer row's above it."""
    return cell.role == "total" and grid.rows[cell.row - 1].band == "spacer"
