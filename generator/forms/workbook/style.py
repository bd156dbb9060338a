"""How a cell of a grid looks in a workbook: font, border, alignment and number format, by role and type."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.styles.cell_style import StyleArray

from generator.forms.grid import TABLE_BANDS, Cell, Grid, Role
from generator.forms.sizes import value_points
from generator.forms.types import number_format

_TEXT_FACE, _HEAD_FACE, _TITLE_FACE = "仿宋_GB2312", "黑体", "方正小标宋简体"
_FACES: Mapping[Role, str] = {
    "label": _HEAD_FACE, "title": _TITLE_FACE, "head": _HEAD_FACE, "number": _TEXT_FACE, "total": _HEAD_FACE
}  # fmt: skip
_SIZES: Mapping[Role, float] = {
    "label": 16, "title": 18, "legal": 10.5, "note": 10.5, "identity": 9, "number": 9
}  # fmt: skip
_HINT_FONT = Font(name=_TEXT_FACE, size=9, color="808080")
_THIN = Side(style="thin", color="000000")


class Dresser:
    """Dresses the cells of a sheet as those of a grid ask for.

    A form has some hundred cells and a few looks. openpyxl finds a style among those of the book by all its fields,
    which costs more than all else; so what a look has come to is kept.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._looks: dict[tuple[object, ...], StyleArray] = {}

    def dress(self, target: SheetCell | MergedCell, cell: Cell, *, first: bool) -> None:
        """Dress one of the sheet's cells that a cell takes; all but the first are only framed."""
        look = self._look(cell) if first else ()
        sides = _sides(self._grid, cell)
        styled: Any = target
        if (look, sides) not in self._looks:
            if look:
                face, size, horizontal, vertical, locked, shown = look
                styled.font = Font(name=face, size=size, color="000000")
                styled.alignment = Alignment(horizontal=horizontal, vertical=vertical, wrap_text=True)
                styled.protection = Protection(locked=locked)
                styled.number_format = shown
            if sides:
                left, right, top, bottom = (_THIN if side else None for side in sides)
                styled.border = Border(left=left, right=right, top=top, bottom=bottom)
            self._looks[look, sides] = copy(styled._style)
        styled._style = copy(self._looks[look, sides])

    def _look(self, cell: Cell) -> tuple[str, float, str, str, bool, str]:
        """Font, size, alignment, protection and number format of a cell."""
        shown = number_format(cell.field) if cell.field and cell.role in ("value", "total") else "General"
        face, size, vertical = _FACES.get(cell.role, _TEXT_FACE), _size(self._grid, cell), _vertical(self._grid, cell)
        return face, size, cell.align, vertical, cell.locked, shown


def _size(grid: Grid, cell: Cell) -> float:
    if cell.role == "value" and not cell.locked:
        return value_points(grid, cell)
    return _SIZES.get(cell.role, grid.points if grid.rows[cell.row].band in TABLE_BANDS else 10.5)


def set_hint(target: SheetCell | MergedCell) -> None:
    """Dress a word to whoever fills the form in, beside the table."""
    target.font = _HINT_FONT
    target.alignment = Alignment(horizontal="left", vertical="center")


def _sides(grid: Grid, cell: Cell) -> tuple[bool, ...]:
    """Whether a cell of the table has a line at the left, the right, the top and the bottom; nothing for another.

    An opinion and the seal below it share one frame. On paper the spacer row is the upper part of the total row below
    it, or nothing.
    """
    if grid.rows[cell.row].band not in TABLE_BANDS:
        return ()
    if cell.role == "spacer":
        edges = _edges(grid, cell.row + 1)
        return cell.column in edges, cell.column + 1 in edges, False, False
    opened = cell.field is not None and cell.field.seal and cell.role == "value"
    return True, True, cell.role != "seal" and not _below_spacer(grid, cell), not opened


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
