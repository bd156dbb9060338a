"""A form as a grid of cells: the one layout that .xlsx and .docx forms are both made from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from generator.dispatch.spec import Form, FormField
from generator.forms.measure import text_width
from generator.office.package import slots_in

Band = Literal["label", "title", "legal", "line", "head", "body", "spacer", "total", "signoff", "note", "identity"]
"""What a row of the grid is for; head, body, spacer and total rows are the bordered table.

The spacer row ends the body of a list that grows: rows that are inserted above it fall into every name and sum.
"""
Role = Literal[
    "label", "title", "legal", "line", "head", "number", "stub", "value", "seal", "photo", "spacer", "total", "signoff",
    "note", "identity",
]  # fmt: skip
Align = Literal["left", "center", "right"]

TABLE_BANDS: frozenset[Band] = frozenset({"head", "body", "spacer", "total"})
PORTRAIT_POINTS, LANDSCAPE_POINTS = 442.2, 637.8
"""Width of the type area: 156 mm (GB/T 9704-2012, 5.2.1), and its 225 mm height when the page lies on its side."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, `row` and `column` from 0, over `rows` × `columns`.

    `key` is the name under which the cell is read back (all cells of a column share it), empty where nothing is.
    `figure`: the text is a number. `sums`: the rows, first to last, of its own column that the cell adds up.
    """

    row: int
    column: int
    text: str = ""
    role: Role = "value"
    rows: int = 1
    columns: int = 1
    align: Align = "center"
    locked: bool = True
    key: str = ""
    field: FormField | None = None
    figure: bool = False
    sums: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its band and its height in points."""

    band: Band
    height: float


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the head line or of the sign-off: a label and, where `key` is set, `room` (字) to write after it.

    `text` stands in the room already; `paper` is what a page to write on by hand has there.
    """

    key: str
    label: str
    text: str = ""
    room: float = 6.0
    align: Align = "left"
    paper: str = ""

    @property
    def need(self) -> float:
        return text_width(self.label + self.text) + (0 if self.text else self.room)


@dataclass(frozen=True, slots=True)
class Grid:
    """A form, laid out. `widths` are points and fill the type area; `points` is the size of the table's text."""

    form_name: str
    form: Form
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    line: tuple[Entry, ...]
    signoff: tuple[Entry, ...]
    landscape: bool
    points: float
    least_row: float = 0.0
    """The height that a blank row of a list may be lowered to; 0 where rows have the height that they need."""

    @property
    def head_rows(self) -> tuple[int, int] | None:
        """First and last row of the column heads, which are repeated on each page; None where a form has none."""
        found = [index for index, row in enumerate(self.rows) if row.band == "head"]
        return (found[0], found[-1]) if found else None

    def band_texts(self, band: Band) -> list[str]:
        """The texts of the band's cells, in order."""
        return [cell.text for cell in self.cells if self.rows[cell.row].band == band and cell.text]


def totals(grid: Grid) -> dict[tuple[int, int], str]:
    """What each summing cell, by row and column, adds up to on the blank form: empty where no figure is given.

    A unit's own figure is a slot; a sum of several slots cannot be told here and is left out.
    """
    figures = {(cell.row, cell.column): cell.text for cell in grid.cells if cell.figure}
    found = {}
    for cell in (cell for cell in grid.cells if cell.sums):
        rows = (row for first, last in cell.sums for row in range(first, last + 1))
        addends = [text for row in rows if (text := figures.get((row, cell.column)))]
        if len(addends) < 2:
            found[cell.row, cell.column] = "".join(addends)
        elif not any(slots_in(text) for text in addends):
            found[cell.row, cell.column] = str(sum((Decimal(text) for text in addends), Decimal(0)))
    return found
