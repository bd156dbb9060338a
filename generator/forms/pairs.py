"""The layout of label and value: two pairs a row, long text and inner tables at full width, a photo at the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.dispatch.spec import Form, FormField, Unit
from generator.forms.builder import ROW, Builder, Layout
from generator.forms.entries import LINE_POINTS, parts, signoff_entries
from generator.forms.fields import head_text
from generator.forms.grid import Align, Cell, Entry, Role
from generator.forms.measure import text_width
from generator.forms.sizes import ALLOWED_LEAST, HIGHEST_ROW, PADDING, SIZES, allowed_height, choice_width, column_width
from generator.forms.types import longest, meaning

SEAL_TEXT = "（盖章）\n年　　月　　日"


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell of a key–value form before its columns are known: `left` to `right` in 字, `row` from the body's top."""

    left: float
    right: float
    row: int
    rows: int
    role: Role
    text: str = ""
    key: str = ""
    field: FormField | None = None


_LABEL_MOST = 6
"""Characters that a label has on one line; a longer one is broken into two."""
_PAIR_LINES = 12
"""Lines of an allowed text for which a row of pairs is made high enough in full size."""
_SEAL_LINES, _SEAL_ROW = 4, 40.0
"""Lines of an opinion above its seal, and points of the seal's row."""
_PHOTO_ROWS_LEAST = 2
_PHOTO_HEIGHT = 100.0
"""35 mm: a one-inch photo."""


class Pairs(Layout):
    """Two label–value pairs a row, long text and inner tables at full width, a photo at the top right."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.width = 53.0 if form.orientation == "landscape" else 36.8
        self.heights: list[float] = []
        self.boxes: list[_Box] = []
        self.photo = next((field for field in form.fields if field.type == "photo"), None)
        titles = [text_width(head_text(form, field)) for field in form.fields if field is not self.photo]
        needs = (title if title <= _LABEL_MOST else math.ceil(title / 2) for title in titles)
        self.label = min(max(5.0, 4.0, *needs), 8.0) + PADDING
        self.photo_rows = (self.photo.lines or 4) if self.photo else 0
        self.photo_left = self.width - 7.6 if self.photo else self.width
        rows = _in_rows([field for field in form.fields if field is not self.photo])
        self.half = self._middle([fields for fields in rows if len(fields) == 2])
        self._compose(rows)
        self.edges = _with_entries(_snapped(self.boxes), signoff_entries(form))
        self.widths = [right - left for left, right in pairwise(self.edges)]

    @property
    def right(self) -> float:
        """Where the row being composed ends: at the photo, while there is one beside it."""
        return self.photo_left if len(self.heights) < self.photo_rows else self.width

    def _compose(self, filled: list[list[FormField]]) -> None:
        for fields in filled:
            if fields[0].type == "table":
                self._inner(fields[0])
            else:
                self._pair_row(fields)
        if self.photo:
            rows = min(self.photo_rows, len(self.heights))
            short = _PHOTO_HEIGHT - sum(self.heights[:rows])
            for row in range(rows):
                self.heights[row] += max(0.0, short / rows)
            self.boxes.append(
                _Box(self.photo_left, self.width, 0, rows, "photo", self.photo.title, self.photo.name, self.photo)
            )

    def _middle(self, pairs: list[list[FormField]]) -> float:
        """Where the right one of two pairs begins, the same in all rows: in the middle, or as their values need it."""
        room = self.photo_left - 2 * self.label
        left, right = (max((_pair_need(fields[side]) for fields in pairs), default=0.0) for side in (0, 1))
        fair = min(max(room / 2, left), room - right)
        return self.label + (fair if left + right <= room else room * left / (left + right))

    def _pair_row(self, fields: list[FormField]) -> None:
        sealed = any(field.seal for field in fields)
        height = self._pair_height(fields) - (_SEAL_ROW if sealed else 0)
        rows = max(1, math.ceil(height / HIGHEST_ROW))
        self._settle_photo(rows + sealed)
        row, right = len(self.heights), self.right
        self.heights += [max(ROW, height / rows)] * rows + [_SEAL_ROW] * sealed
        half = self.half if len(fields) == 2 else right
        for number, field in enumerate(fields):
            left, end = (0.0, half) if number == 0 else (half, right)
            self._label(field, left, row, rows + sealed)
            self._value(field, left + self.label, end, row, rows + sealed)

    def _pair_height(self, fields: list[FormField]) -> float:
        lines = max(field.lines or (_SEAL_LINES if field.seal else meaning(field).pair_lines) for field in fields)
        labels = max(math.ceil(text_width(head_text(self.form, field)) / (self.label - PADDING)) for field in fields)
        ends = [self.half, self.photo_left - self.half] if len(fields) == 2 else [self.right]
        allowed = (
            0.0
            if field.lines
            else allowed_height(field, (end - self.label) * SIZES[0], SIZES[0], _PAIR_LINES if _full(field) else 2)
            for field, end in zip(fields, ends, strict=True)
        )
        return max(ROW, lines * 19.0, labels * 17.0 + 4, min(max(allowed), HIGHEST_ROW))

    def _settle_photo(self, rows: int) -> None:
        """Let the photo end above a block of several rows, or below it where it would be too low otherwise."""
        row = len(self.heights)
        if rows > 1 and row < self.photo_rows:
            self.photo_rows = row if row >= _PHOTO_ROWS_LEAST else max(self.photo_rows, row + rows)

    def _label(self, field: FormField, left: float, row: int, rows: int) -> None:
        self.boxes.append(_Box(left, left + self.label, row, rows, "stub", head_text(self.form, field)))

    def _value(self, field: FormField, left: float, right: float, row: int, rows: int) -> None:
        if field.seal:
            self.boxes.append(_Box(left, right, row, rows - 1, "value", "", field.name, field))
            self.boxes.append(_Box(left, right, row + rows - 1, 1, "seal", SEAL_TEXT))
        else:
            self.boxes.append(_Box(left, right, row, rows, "value", "", field.name, field))

    def _inner(self, field: FormField) -> None:
        """A list inside the form: its title at the left over all its rows, heads of its own, blank rows."""
        blank = field.rows or 4
        self._settle_photo(blank + 1)
        row, right = len(self.heights), self.right
        self._label(field, 0.0, row, blank + 1)
        weights = [column_width(self.form, inner) for inner in field.fields]
        scale, left = (right - self.label) / (sum(weights) or 1), self.label
        for number, (inner, weight) in enumerate(zip(field.fields, weights, strict=True)):
            end = right if number == len(weights) - 1 else left + weight * scale
            self.boxes.append(_Box(left, end, row, 1, "head", head_text(self.form, inner)))
            for line in range(1, blank + 1):
                self.boxes.append(_Box(left, end, row + line, 1, "value", "", f"{field.name}.{inner.name}", inner))
            left = end
        self.heights += [ROW] * (blank + 1)

    def draw(self, builder: Builder) -> None:
        first = len(builder.rows)
        for height in self.heights:
            builder.row("body", height)
        for box in self.boxes:
            column, end = _edge(self.edges, box.left), _edge(self.edges, box.right)
            row, columns = first + box.row, end - column
            cell = Cell(row, column, box.text, box.role, box.rows, columns, key=box.key, field=box.field)
            if box.role == "value" and box.field and box.field.type == "serial":
                number = box.row - min(other.row for other in self.boxes if other.key == box.key) + 1
                builder.serial(replace(cell, text=str(number)))
            elif box.role == "value" and box.field:
                builder.value(cell, box.field)
            else:
                align: Align = "right" if box.role == "seal" else "center"
                builder.add(replace(cell, align=align, locked=box.role != "photo"))


def _in_rows(fields: Sequence[FormField]) -> list[list[FormField]]:
    """The fields of each row: one that takes the whole row, or two halves, or a half that has no other beside it."""
    rows: list[list[FormField]] = []
    waiting = False
    for field in fields:
        if waiting and not _full(field):
            rows[-1].append(field)
        else:
            rows.append([field])
        waiting = not _full(field) and not waiting
    return rows


def _pair_need(field: FormField) -> float:
    """The width in 字 that half a row needs for a value: in one piece, or on two lines where that may be."""
    allowed = min(longest(field) / 2, ALLOWED_LEAST) + PADDING
    return max(meaning(field).pair_width, choice_width(field) + PADDING, allowed)


def _full(field: FormField) -> bool:
    if field.span:
        return field.span == "full" or field.type == "table"
    return meaning(field).whole_row or field.seal


_SNAP, _SLIVER = 1.3, 0.4


def _snapped(boxes: Sequence[_Box]) -> list[float]:
    """All edges of the boxes, those about a character apart made one; edges of pairs come before inner tables'."""
    edges: list[float] = []
    inner = [box for box in boxes if "." in box.key or box.role == "head"]
    for box in [box for box in boxes if box not in inner] + inner:
        for edge in (box.left, box.right):
            if all(abs(edge - known) > _SNAP for known in edges):
                edges.append(edge)
    return sorted(edges)


def _with_entries(edges: list[float], entries: Sequence[Entry]) -> list[float]:
    """The edges, and those that set the sign-off evenly: the columns of these forms are nobody's but ours."""
    cells = [part for entry in entries for part in parts(entry)]
    scale = LINE_POINTS / SIZES[0]
    labels = sum(need for _, _, locked, need in cells if locked) * scale
    rooms = sum(need for _, _, locked, need in cells if not locked) * scale
    reached, found = 0.0, list(edges)
    for _, _, locked, need in cells[:-1]:
        reached += need * scale * (1.0 if locked else (edges[-1] - labels) / rooms)
        if all(abs(reached - known) > _SLIVER for known in found):
            found.append(reached)
    return sorted(found)


def _edge(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - position))
