"""The layout of fixed rows with numbers, as in national statistical returns."""

from __future__ import annotations

from collections.abc import Sequence

from generator.dispatch.spec import Form, FormField, MatrixRow, Unit
from generator.forms.builder import Builder, Layout
from generator.forms.grid import Cell, Role
from generator.forms.measure import text_width
from generator.forms.sizes import LABEL_ROW, column_width
from generator.forms.tables import TOTAL_TEXT, draw_heads, is_summed
from generator.forms.types import is_figure

_STUB_HEADS = [
    FormField.model_validate(head) for head in ({"name": "stub", "title": "项目"}, {"name": "code", "title": "行号"})
]


class Matrix(Layout):
    """Fixed rows with 行号 and columns with 列号 (甲, 乙, 1, 2 …), as in national statistical returns."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.stubs = matrix_rows(form)
        longest = max((text_width(row.title) + row.indent for row in self.stubs), default=6.0)
        widths = [column_width(form, field) for field in form.fields]
        self.widths = [min(max(longest + 1, 7.0), 16.0), 3.2, *widths]

    def draw(self, builder: Builder) -> None:
        heads = [*_STUB_HEADS, *self.form.fields]
        draw_heads(builder, self.form, heads, 0)
        numbers = builder.row("head", 18)
        for column in range(len(heads)):
            builder.add(Cell(numbers, column, ("甲", "乙")[column] if column < 2 else str(column - 1), "number"))
        first = len(builder.rows)
        for index, stub in enumerate(self.stubs):
            self._row(builder, first, index, stub)

    def _row(self, builder: Builder, first: int, index: int, stub: MatrixRow) -> None:
        title = "　" * stub.indent + stub.title
        row = builder.row("total" if stub.total else "body", builder.height(title, 0, 1, builder.points, LABEL_ROW))
        role: Role = "total" if stub.total else "stub"
        builder.add(Cell(row, 0, title, role, align="left"))
        builder.add(Cell(row, 1, stub.code or f"{index + 1:02d}", role))
        children = total_of(self.stubs, index)
        sums = tuple((first + start, first + end) for start, end in _runs(children))
        for column, field in enumerate(self.form.fields, 2):
            if sums and is_figure(field):
                builder.add(Cell(row, column, "", "total", key=field.name, field=field, sums=sums))
            else:
                builder.value(Cell(row, column, key=field.name), field)


def matrix_rows(form: Form) -> list[MatrixRow]:
    """The fixed rows, with a 合计 row where columns are to be summed and no row does it."""
    rows = list(form.rows.fixed)
    if any(row.total for row in rows) or form.rows.total == "none" or not any(map(is_summed, form.fields)):
        return rows
    total = MatrixRow.model_validate({"title": TOTAL_TEXT, "total": True})
    return [total, *rows] if form.rows.total == "top" else [*rows, total]


def total_of(rows: Sequence[MatrixRow], index: int) -> list[int]:
    """The rows that a total row adds up: those one level below that follow it, else its equals above, else below."""
    row = rows[index]
    if not row.total:
        return []
    inner = _while_indented(rows, range(index + 1, len(rows)), row.indent + 1)
    if inner:
        level = min(rows[number].indent for number in inner)
        return [number for number in inner if rows[number].indent == level]
    for side in (range(index - 1, -1, -1), range(index + 1, len(rows))):
        near = [number for number in _while_indented(rows, side, row.indent) if rows[number].indent == row.indent]
        stop = next((place for place, number in enumerate(near) if rows[number].total), len(near))
        if near[:stop]:
            return sorted(near[:stop])
    return []


def _while_indented(rows: Sequence[MatrixRow], numbers: range, least: int) -> list[int]:
    found = []
    for number in numbers:
        if rows[number].indent < least:
            break
        found.append(number)
    return found


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
