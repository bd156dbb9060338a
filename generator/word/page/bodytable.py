"""A table in the body text: columns as wide as their content asks for, rows of whole lines of the grid.

Its rows have exact heights, none is split over pages, and the head row opens every page. One whose columns do not fit
the upright page lies in a landscape section of its own (GB/T 9704-2012 clause 8).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from generator.office.package import fill_slots
from generator.word.page.layout import (
    ENGINE,
    LANDSCAPE_ROOM,
    LANDSCAPE_WIDTH,
    LINE,
    TYPE_WIDTH,
    Engine,
    Flow,
    break_lines,
    chunks,
    width,
)
from generator.word.xml import KEEP_NEXT, PAGE_BREAK_BEFORE, Styles, landscape, paragraph, section_break

_SIZE = 240
"""小四, 12 pt."""
_PITCH = 320
"""The exact line of the styles 表格文字 and 表格栏目."""
_PADDING = 120
"""The least a row is higher than its text."""
_MARGIN = 57
"""1 mm at the left and right of a cell's text."""
_SIDES = 2 * _MARGIN + 20
"""Both margins, and the rules between columns."""
_RULES = 20
"""What the outer rules add to a page of rows in LibreOffice: the head row, which opens each page, gives it."""
_EASE = 200
"""What a column is wider than its text, where there is room."""
_COMFORTABLE = 4 * _SIZE
"""A column is not pressed below four characters, unless it holds less."""
_WIDEST_WORD = 3000
"""A longer piece that has no place to break (an address) breaks anywhere."""
_TYPICAL_VALUE = "一二三四"
"""Stands for a unit's value when widths are chosen: they are the same for all units."""


@dataclass(frozen=True)
class BodyTable:
    """Rows of equally many cells, the first of them the head; cells may hold slots."""

    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def turned(self) -> bool:
        return sum(self._least) > TYPE_WIDTH

    @cached_property
    def columns(self) -> list[int]:
        """Their widths, which fill the type area, in twips."""
        area = LANDSCAPE_WIDTH if self.turned else TYPE_WIDTH
        if sum(self._natural) <= area:
            return _spread(self._natural, self._natural, area)
        # What asks for no more than its equal share gets it; the others share what is left, above what they need.
        wide = set(range(len(self._natural)))
        while modest := {n for n in wide if self._natural[n] * len(wide) <= area - self._without(wide)}:
            wide -= modest
        least = [self._least[n] if n in wide else self._natural[n] for n in range(len(self._natural))]
        if sum(least) > area:
            least = self._least
        pressed = [natural - given for natural, given in zip(self._natural, least, strict=True)]
        return _spread(least, pressed, area)

    def _without(self, wide: Set[int]) -> int:
        return sum(natural for n, natural in enumerate(self._natural) if n not in wide)

    @cached_property
    def _natural(self) -> list[int]:
        return [max(_wide(cell) for cell in column) for column in zip(*self.rows, strict=True)]

    @cached_property
    def _least(self) -> list[int]:
        words = [max(_widest_word(cell) for cell in column) for column in zip(*self.rows, strict=True)]
        comfortable = [min(natural, _COMFORTABLE + _SIDES) for natural in self._natural]
        return [max(pair) for pair in zip(words, comfortable, strict=True)]

    def heights(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
        """The lines of the grid that each row takes with a unit's values in its slots."""
        return tuple(
            max(self._height(fill_slots(cell, values), number, engine) for number, cell in enumerate(row))
            for row in self.rows
        )

    def _height(self, text: str, column: int, engine: Engine) -> int:
        return math.ceil((self._lines(text, column, engine) * _PITCH + _PADDING) / LINE)

    def _lines(self, text: str, column: int, engine: Engine = ENGINE) -> int:
        return len(break_lines(text, self.columns[column] - _SIDES, size=_SIZE, tighten=0, engine=engine))

    def advance(self, flow: Flow, heights: Sequence[int], line: int) -> bool:
        """Moves the flow past the table, whose rows are so many lines (of `line` twips) high.

        Gives whether it needs a page break before it: its head and its first row have no room on the page.
        """
        head, *rows = heights
        # The last row is never alone on a page.
        blocks = [*rows[:-2], sum(rows[-2:])]
        if not self.turned:
            return flow.add_rows(head, blocks)
        if flow.line:
            flow.new_page()
        flow.add_rows(head, blocks, room=LANDSCAPE_ROOM // line)
        flow.new_page()
        return False

    def markup(self, heights: Sequence[int], styles: Styles, section: str, *, new_page: bool, opened: bool) -> Markup:
        """The table; where it is turned, in a section of its own, `section` being the w:sectPr of the pages before.

        `new_page`: it begins one. `opened`: a section has just ended before it.
        """
        table = self._xml(heights, styles, new_page=new_page)
        if not self.turned:
            return table
        before = Markup("") if opened else section_break(section)
        return before + table + section_break(landscape(section))

    def _xml(self, heights: Sequence[int], styles: Styles, *, new_page: bool) -> Markup:
        twips = [lines * styles.line for lines in heights]
        twips[0] -= _RULES
        body = "".join(self._row(number, height, styles) for number, height in enumerate(twips))
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margins = "".join(f'<w:{side} w:w="{_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
        if new_page:
            body = body.replace(KEEP_NEXT, KEEP_NEXT + PAGE_BREAK_BEFORE, 1)
        grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in self.columns)
        return Markup(  # noqa: S704
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(self.columns)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{sides}</w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
        )

    def _row(self, number: int, height: int, styles: Styles) -> str:
        # The head keeps with the first row, and the last row with the one above it.
        style, aligned = styles.id("表格文字" if number else "表格栏目"), "left" if number else "center"
        kept = KEEP_NEXT if number in (0, len(self.rows) - 2) else ""
        cells = "".join(self._cell(cell, column, style, kept, aligned) for column, cell in enumerate(self.rows[number]))
        exact = f'<w:cantSplit/><w:trHeight w:val="{height}" w:hRule="exact"/>'
        return f"<w:tr><w:trPr>{exact}{'' if number else '<w:tblHeader/>'}</w:trPr>{cells}</w:tr>"

    def _cell(self, text: str, column: int, style: str, kept: str, aligned: str) -> str:
        """A cell: centred when its text fits on a line, else `aligned`."""
        properties = f'<w:tcPr><w:tcW w:w="{self.columns[column]}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        align = aligned if self._lines(_typical(text), column) > 1 else "center"
        content = paragraph(style, text, f'{kept}<w:jc w:val="{align}"/>')
        return f"<w:tc>{properties}{content}</w:tc>"


def body_table(rows: Sequence[Sequence[str]]) -> BodyTable:
    """Short rows are filled up with empty cells."""
    columns = max(len(row) for row in rows)
    return BodyTable(tuple((*row, *[""] * (columns - len(row))) for row in rows))


def _typical(text: str) -> str:
    return fill_slots(text, _Typical())


class _Typical(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return _TYPICAL_VALUE


def _wide(text: str) -> int:
    return max(width(line, _SIZE, 0) for line in _typical(text).split("\n")) + _SIDES + _EASE


def _widest_word(text: str) -> int:
    words = (width(word, _SIZE, 0) for line in _typical(text).split("\n") for word in chunks(line))
    return min(max(words, default=0), _WIDEST_WORD) + _SIDES


def _spread(widths: Sequence[int], shares: Sequence[int], area: int) -> list[int]:
    """The widths, with what is left of the area (or wanting to it) dealt out by shares, to the twip."""
    rest, whole, dealt, reached = area - sum(widths), max(sum(shares), 1), 0, 0
    columns = []
    for wide, share in zip(widths, shares, strict=True):
        reached += share
        columns.append(wide + rest * reached // whole - dealt)
        dealt = rest * reached // whole
    return columns
