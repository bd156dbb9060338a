"""A returned file as pages of cells with the marks that our forms bear, whatever format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.office.ooxml import column_letters

Spot = tuple[int, int]
"""A cell's row and column, from 0."""
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass
class Page:
    """A sheet, or a table of a Word document. `rows` hold str, float, bool, dates, times, and "" for nothing.

    `formulas` and `errors` are those of the cells that hold one. `merged` are areas of more than one cell.
    """

    name: str
    rows: list[list[Any]]
    visible: bool = True
    formulas: Mapping[Spot, str] = field(default_factory=dict)
    errors: Mapping[Spot, str] = field(default_factory=dict)
    comments: Mapping[Spot, str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden: bool = False
    is_word: bool = False

    def at(self, row: int, column: int) -> Any:
        """What stands there; "" beyond the page."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


@dataclass
class Paper:
    """A whole file: its pages, its lines of text outside tables, its defined names and its marks.

    `marks` are the `form@version#unit` of document properties; `facts` what the hidden sheet says of the form.
    """

    pages: list[Page] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    names: Mapping[str, tuple[str, Area]] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    facts: Mapping[str, str] = field(default_factory=dict)


def a1(spot: Spot) -> str:
    """(0, 1) → B1."""
    return f"{column_letters(spot[1] + 1)}{spot[0] + 1}"


def shown(value: Any) -> str:
    """What stands in a cell, as text: a whole number without its .0, a day without its hour."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    text = value if isinstance(value, str) else str(value)
    return text.removesuffix(" 00:00:00") if not isinstance(value, str) else text.strip()
