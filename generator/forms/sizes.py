"""How wide columns, how high rows and how large texts are, by what the fields in them allow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from generator.dispatch.spec import Form, FormField
from generator.forms.fields import head_text
from generator.forms.grid import Cell, Grid
from generator.forms.measure import text_width
from generator.forms.types import longest, meaning, takes_choices

SIZES = (12.0, 10.5, 9.0)
"""Sizes of a table's text, in points, from the one that is wished for to the smallest."""
PADDING = 0.6
"""字 that stand free at the sides of a cell."""
LABEL_ROW = 24.0
HIGHEST_ROW = 400.0
"""Points; no row of a sheet may be higher than 409 (ECMA-376 18.3.1.73)."""
_FULL_SIZE_LINES, _SMALL_LINES = 3, 5
"""Lines of an allowed text for which a list's row is made high enough: in full size, and in the smallest."""
_FULL_LEADING = 1.45
"""A line for its size in the fonts that need most (思源宋体, which stands in for 仿宋 where that is not installed)."""
ALLOWED_LEAST, _ALLOWED_MOST = 10.0, 22.0
"""字 that a column needs for a long text that it allows, and the most that it wishes for."""


def column_width(form: Form, field: FormField) -> float:
    if field.width:
        return field.width
    own = max(meaning(field).width, min(longest(field) / 4, ALLOWED_LEAST) + PADDING)
    head = head_text(form, field)
    need = text_width(head) + PADDING
    # A head that is one character too long would leave it alone on a second line.
    least = need if need <= max(own, 4 + PADDING) + 1.7 else math.ceil(text_width(head) / 3) + PADDING
    return max(own, least, choice_width(field) + PADDING)


def choice_width(field: FormField) -> float:
    """The width of the longest choice; several choices may stand on several lines."""
    if meaning(field).value == "choices" or not takes_choices(field):
        return 0.0
    return max((text_width(item) for item in field.categories), default=0.0)


def wish(field: FormField) -> float:
    """The width that a field takes where there is room: the longest text it allows, on two lines."""
    if field.width:
        return field.width
    return min(longest(field) / 2 + PADDING, _ALLOWED_MOST)


def body_height(fields: Sequence[FormField], widths: Sequence[float], points: float) -> float:
    """Two lines of text fit into every row, more where a column holds long text, asks for more, or allows more."""
    lines = max((field.lines or meaning(field).lines for field in fields), default=2)
    return min(max(LABEL_ROW, _text_height(lines, points), allowed_most(fields, widths, points)), HIGHEST_ROW)


def allowed_most(fields: Sequence[FormField], widths: Sequence[float], points: float) -> float:
    most = max((allowed_height(*column, points) for column in zip(fields, widths, strict=True)), default=0.0)
    return min(most, _text_height(_SMALL_LINES, SIZES[-1], _FULL_LEADING))


def _text_height(lines: int, points: float, leading: float = 1.25) -> float:
    return lines * points * leading + 2


def _allowed_lines(field: FormField, width: float, points: float) -> int:
    """Lines that the longest value a field allows takes over `width` points; 0 where it sets no limit."""
    room = int(max(width / points - PADDING, 1.0))
    return math.ceil(longest(field) / room)


def allowed_height(field: FormField, width: float, points: float, most: int = _FULL_SIZE_LINES) -> float:
    """The height for the longest value a field allows: on up to `most` lines in full size, else in the smallest."""
    lines = _allowed_lines(field, width, points)
    if lines <= most:
        return _text_height(lines, points, _FULL_LEADING) if lines else 0.0
    return _text_height(_allowed_lines(field, width, SIZES[-1]), SIZES[-1], _FULL_LEADING)


def value_points(grid: Grid, cell: Cell) -> float:
    """The size of the text in a cell that is filled in: as large as lets the longest value it allows fit."""
    if cell.field is None:
        return grid.points
    sizes = [grid.points, *(size for size in SIZES if size < grid.points)]
    return next((points for points in sizes if _holds(grid, cell, cell.field, points)), sizes[-1])


def holds_allowed(grid: Grid, cell: Cell) -> bool:
    """Whether a cell that is filled in has room for the longest value that its field allows."""
    return cell.field is None or _holds(grid, cell, cell.field, value_points(grid, cell))


def _holds(grid: Grid, cell: Cell, field: FormField, points: float) -> bool:
    width = sum(grid.widths[cell.column : cell.column + cell.columns])
    found = meaning(field)
    if found.unbroken and width / points < found.width:
        return False
    height = sum(row.height for row in grid.rows[cell.row : cell.row + cell.rows])
    lines = _allowed_lines(field, width, points)
    return not lines or _text_height(lines, points, _FULL_LEADING) <= height + 0.1
