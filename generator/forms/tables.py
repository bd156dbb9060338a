"""Layouts of columns: lists with blank rows, with or without common heads, and tables of given figures."""

from __future__ import annotations

from collections.abc import Sequence

from generator.dispatch.spec import UNASKED, Form, FormField, Unit
from generator.forms.builder import ROW, Builder, Layout
from generator.forms.fields import head_text
from generator.forms.grid import Cell
from generator.forms.measure import text_width
from generator.forms.prefill import figure, unit_value
from generator.forms.sizes import LABEL_ROW, PADDING, SIZES, allowed_most, body_height, column_width, wish
from generator.forms.types import is_figure

TOTAL_TEXT = "合计"
_SPACER_ROW = 12.0
_LOWERED = 0.7
"""The part of its height that a blank row keeps where lower rows spare the form a page."""
_GIVEN_MOST = 18.0
"""字 that a column of given texts is made wide for; what is longer is broken into lines."""


def is_summed(field: FormField) -> bool:
    """Whether a column has a total: it is asked for, and its values are figures."""
    return bool(field.total) and is_figure(field)


def draw_heads(builder: Builder, form: Form, fields: Sequence[FormField], first: int) -> None:
    """One row of heads, or two where fields stand under a common head; `first` is the first field's column."""
    runs = _group_runs(fields)
    two = any(title for title, _, _ in runs)
    heights = [
        builder.height(head_text(form, field), first + number, 1, builder.points, ROW)
        for number, field in enumerate(fields)
    ]
    upper = max(builder.height(title, first + start, count, builder.points, LABEL_ROW) for title, start, count in runs)
    top = builder.row("head", upper if two else max(heights))
    low = builder.row("head", max(heights)) if two else top
    for title, start, count in runs:
        if title:
            builder.add(Cell(top, first + start, title, "head", columns=count))
        for number in range(start, start + count):
            row, rows = (low, 1) if title else (top, low - top + 1)
            builder.add(Cell(row, first + number, head_text(form, fields[number]), "head", rows=rows))


def _group_runs(fields: Sequence[FormField]) -> list[tuple[str, int, int]]:
    """(common head or empty, first field, number of fields) for each run of fields under one head."""
    runs: list[tuple[str, int, int]] = []
    for number, field in enumerate(fields):
        if field.group and runs and runs[-1][0] == field.group:
            title, start, count = runs[-1]
            runs[-1] = (title, start, count + 1)
        else:
            runs.append((field.group or "", number, 1))
    return runs


class _Listing(Layout):
    """Columns over rows of one kind, with a row of totals above or below them where a column is summed."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.widths = [column_width(form, field) for field in form.fields]
        summed = any(is_summed(field) for field in form.fields)
        self.total = (form.rows.total or "bottom") if summed else "none"

    def draw(self, builder: Builder) -> None:
        draw_heads(builder, self.form, self.form.fields, 0)
        first = len(builder.rows) + (self.total == "top")
        last = first + self.body_rows - 1
        if self.total == "top":
            self._total(builder, first, last)
        self.body(builder)
        if self.total == "bottom":
            self._total(builder, first, last)

    @property
    def body_rows(self) -> int:
        raise NotImplementedError

    def body(self, builder: Builder) -> None:
        raise NotImplementedError

    def _total(self, builder: Builder, first: int, last: int) -> None:
        fields, row = self.form.fields, builder.row("total", LABEL_ROW)
        # 合计 takes the columns before the first that is summed.
        named = max(next((number for number, field in enumerate(fields) if is_summed(field)), len(fields)), 1)
        builder.add(Cell(row, 0, TOTAL_TEXT, "total", columns=named))
        for column, field in enumerate(fields[named:], named):
            sums = ((first, last),) if is_summed(field) and last >= first else ()
            builder.add(Cell(row, column, "" if sums else "—", "total", field=field, sums=sums))


class Table(_Listing):
    """Columns and blank rows: a summary list, with or without common heads."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.wishes = [wish(field) for field in form.fields]

    @property
    def body_rows(self) -> int:
        return self.form.rows.reserve + 1

    def body(self, builder: Builder) -> None:
        height = body_height(self.form.fields, builder.widths, builder.points)
        allowed = allowed_most(self.form.fields, builder.widths, SIZES[-1])
        builder.least_row = min(height, max(_LOWERED * height, allowed))
        for number in range(self.form.rows.reserve):
            self._row(builder, number, height)
        spacer = builder.row("spacer", _SPACER_ROW)
        for column, field in enumerate(self.form.fields):
            builder.add(Cell(spacer, column, role="spacer", key=field.name))

    def _row(self, builder: Builder, number: int, height: float) -> None:
        row = builder.row("body", height)
        for column, field in enumerate(self.form.fields):
            if field.type == "serial":
                builder.serial(Cell(row, column, str(number + 1), key=field.name, field=field))
            elif number and field.prefill and is_figure(field):
                # A given figure belongs to the unit once; on every row it would be summed as often.
                builder.add(Cell(row, column, locked=False, key=field.name, field=field))
            else:
                builder.value(Cell(row, column, key=field.name), field)


class Quota(_Listing):
    """Rows of given figures, from the spec or one for each unit of the roster; columns nobody gave are to be filled."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.given = [dict(row) for row in form.rows.given]
        if form.rows.from_units:
            self.given += [
                {field.name: unit_value(unit, field.prefill or field.name) or unit.columns.get(field.title, "")
                 for field in form.fields}
                for unit in units
            ]  # fmt: skip
        for column, field in enumerate(form.fields):
            longest = max((text_width(row.get(field.name, "")) for row in self.given), default=0.0)
            if not field.width and field.type != "serial":
                self.widths[column] = max(self.widths[column], min(longest + PADDING, _GIVEN_MOST))
        self.known = {name for row in self.given for name, value in row.items() if value}
        self.known |= {field.name for field in form.fields if field.type in UNASKED}
        self.signed = any(field.name not in self.known for field in form.fields)

    @property
    def body_rows(self) -> int:
        return len(self.given)

    def body(self, builder: Builder) -> None:
        fields = self.form.fields
        for number, given in enumerate(self.given, 1):
            texts = [str(number) if field.type == "serial" else given.get(field.name, "") for field in fields]
            heights = (builder.height(text, column, 1, builder.points, ROW) for column, text in enumerate(texts))
            row = builder.row("body", max(heights))
            for column, (field, text) in enumerate(zip(fields, texts, strict=True)):
                number_text = figure(text) if is_figure(field) or field.type == "serial" else None
                locked = field.name in self.known
                builder.add(
                    Cell(row, column, number_text or text, locked=locked, key=field.name, field=field,
                         figure=number_text is not None)
                )  # fmt: skip
