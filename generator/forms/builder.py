"""The grid in the making: a layout's columns are settled first, rows are added below one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from generator.dispatch.spec import Form, FormField, Unit
from generator.forms.entries import line_entries, signoff_entries
from generator.forms.grid import LANDSCAPE_POINTS, PORTRAIT_POINTS, Align, Band, Cell, Row
from generator.forms.measure import text_lines
from generator.forms.prefill import Prefill, slot_name
from generator.forms.sizes import PADDING, SIZES
from generator.forms.types import meaning
from generator.office.package import slot

_WholeBand = Literal["label", "title", "note", "identity"]
_WHOLE: Mapping[_WholeBand, tuple[float, float]] = {
    "label": (16.0, 26.0), "title": (18.0, 40.0), "note": (10.5, 16.0), "identity": (9.0, 15.0)
}  # fmt: skip
"""Text size and least height, in points, of what stands in one cell over the full width."""
ROW = 28.0
"""Points of a row that nothing makes higher."""


class Layout:
    """A layout: column widths in 字, decided first, and the drawing of heads and body.

    `widths` are what columns need, `wishes` what they take before others where the page has more.
    """

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        self.form = form
        self.widths: list[float] = []
        self.wishes: list[float] = []
        self.signed = True

    def draw(self, builder: Builder) -> None:
        raise NotImplementedError


class Builder:
    """The grid in the making; rows are only ever added below."""

    def __init__(self, form: Form, layout: Layout, prefill: Prefill | None) -> None:
        total = sum(layout.widths)
        wanted = form.orientation or ("landscape" if total * SIZES[1] > PORTRAIT_POINTS else "portrait")
        self.landscape = wanted == "landscape"
        area = LANDSCAPE_POINTS if self.landscape else PORTRAIT_POINTS
        self.points = next((size for size in SIZES if total * size <= area), SIZES[-1])
        self.widths = _shared(layout.widths, layout.wishes, area, self.points)
        self.rows: list[Row] = []
        self.cells: list[Cell] = []
        self.least_row = 0.0
        self.prefill = prefill
        unit_name = slot("unit.name") if prefill is not None else ""
        self.unit_code = slot("unit.code") if prefill is not None else ""
        filled = bool(form.signoff) and (layout.signed or "signoff" in form.model_fields_set)
        self.line = line_entries(form, unit_name, filled)
        self.signoff = signoff_entries(form) if filled else ()

    @property
    def count(self) -> int:
        return len(self.widths)

    def row(self, band: Band, height: float = ROW) -> int:
        self.rows.append(Row(band, round(height, 1)))
        return len(self.rows) - 1

    def add(self, cell: Cell) -> None:
        self.cells.append(cell)

    def span(self, column: int, columns: int) -> float:
        return sum(self.widths[column : column + columns])

    def height(self, text: str, column: int, columns: int, points: float, least: float) -> float:
        """Points that the text needs in height over these columns."""
        room = max(self.span(column, columns) / points - PADDING, 1.0)
        lines = sum(text_lines(line, room) for line in text.split("\n"))
        return max(least, lines * points * 1.35 + 6)

    def whole(self, band: _WholeBand, text: str) -> None:
        """A row of one cell over the full width."""
        points, least = _WHOLE[band]
        index = self.row(band, self.height(text, 0, self.count, points, least))
        align: Align = "center" if band == "title" else "left"
        self.add(Cell(index, 0, text, band, columns=self.count, align=align))

    def serial(self, cell: Cell) -> None:
        """A serial number is written beforehand, yet stays open: inserted rows want numbers, too."""
        self.add(replace(cell, locked=False, figure=True))

    def value(self, cell: Cell, field: FormField) -> None:
        """A cell to be filled in, or filled in beforehand from the roster."""
        text, state = "", None
        if field.prefill and self.prefill is not None:
            state = self.prefill.get(slot_name(field))
            text = slot(slot_name(field)) if state else ""
        align, figured = meaning(field).align, state == "number"
        self.add(replace(cell, text=text, align=align, locked=bool(text), field=field, figure=figured))


def _shared(needs: Sequence[float], wishes: Sequence[float], area: float, points: float) -> list[float]:
    """Columns of `area` points: first what each needs, then what it wishes for, and the rest in proportion."""
    unmet = [max(0.0, wish - need) for need, wish in zip(needs, wishes or needs, strict=True)]
    given = min(1.0, max(0.0, area / points - sum(needs)) / (sum(unmet) or 1.0))
    widths = [need + more * given for need, more in zip(needs, unmet, strict=True)]
    return [width * area / sum(widths) for width in widths]
