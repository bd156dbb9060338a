"""A form as a grid of cells: the one layout that .xlsx and .docx forms are both made from."""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from generator.dispatch.spec import Form, FormField, Legal, MatrixRow, SignoffRole, Spec, Unit
from generator.office.package import fill_slots, slot, slots_in

Band = Literal["label", "title", "legal", "line", "head", "body", "spacer", "total", "signoff", "note", "identity"]
"""What a row of the grid is for; head, body, spacer and total rows are the bordered table.

The spacer row ends the body of a list that grows: rows that are inserted above it fall into every name and sum.
"""
Role = Literal[
    "label", "title", "legal", "line", "head", "number", "stub", "value", "seal", "photo", "spacer", "total", "signoff",
    "note", "identity",
]  # fmt: skip
Align = Literal["left", "center", "right"]
_WholeBand = Literal["label", "title", "note", "identity"]
State = Literal["text", "number"]
Prefill = Mapping[str, State]
"""What a shape of units has to be filled in beforehand: `unit.name` or `unit.<column>` → whether it is a figure."""

TABLE_BANDS: frozenset[Band] = frozenset({"head", "body", "spacer", "total"})
PORTRAIT_POINTS, LANDSCAPE_POINTS = 442.2, 637.8
"""Width of the type area: 156 mm (GB/T 9704-2012, 5.2.1), and its 225 mm height when the page lies on its side."""
TOTAL_TEXT = "合计"
SEAL_TEXT = "（盖章）\n年　　月　　日"
UNIT_KEY, HEAD_KEY, SIGNOFF_KEY = "_unit", "_head", "_signoff"
"""Keys of what is no field; a field's name begins with a letter, so that they cannot meet."""
SIGNOFF_LABELS: Mapping[SignoffRole, str] = {
    "unit_head": "单位负责人",
    "reviewer": "审核人",
    "statistician": "统计负责人",
    "filler": "填表人",
    "phone": "联系电话",
    "date": "填报日期",
}
NUMERIC_TYPES = frozenset({"integer", "number"})
_SIZES = (12.0, 10.5, 9.0)
_WIDTHS = {
    "serial": 3.2, "integer": 5.0, "number": 6.0, "boolean": 4.0, "date": 6.6, "yearmonth": 5.0, "year": 4.0,
    "datetime": 9.0, "time": 4.5, "duration": 6.0, "text": 15.0, "note": 6.0,
}  # fmt: skip
_UNBROKEN = {"phone": 7.5, "id_card": 10.0, "uscc": 10.0}
"""What is wrong when read over two lines, with its width."""
_FORMAT_WIDTHS = {**_UNBROKEN, "email": 9.5, "uri": 10.0}
_WHOLE: Mapping[_WholeBand, tuple[float, float]] = {
    "label": (16.0, 26.0), "title": (18.0, 40.0), "note": (10.5, 16.0), "identity": (9.0, 15.0)
}  # fmt: skip
"""Text size and least height, in points, of what stands in one cell over the full width."""
_PADDING = 0.6
_ROW, _LABEL_ROW, _SPACER_ROW = 28.0, 24.0, 12.0
_LINE_POINTS = 10.5
_FULL_SIZE_LINES, _SMALL_LINES = 3, 5
"""Lines of an allowed text for which a list's row is made high enough: in full size, and in the smallest."""
_FULL_LEADING = 1.45
"""A line for its size in the fonts that need most (思源宋体, which stands in for 仿宋 where that is not installed)."""
_HIGHEST_ROW = 400.0
"""Points; no row of a sheet may be higher than 409 (ECMA-376 18.3.1.73)."""
_SLOT_ROOM = 14.0
"""Room in 字 that is kept for a unit's value in a line of text."""


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


def text_width(text: str) -> float:
    """Width in 字: a full-width character is 1, a half-width one 1/2; a unit's value counts as a usual one does."""
    slots = slots_in(text)
    plain = fill_slots(text, dict.fromkeys(slots, "")) if slots else text
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in plain) + _SLOT_ROOM * len(slots)


_PIECE = re.compile(r"[（《“〔]*(?:[!-~]+|.)[）》”〕、，。；：？！]*", re.DOTALL)
"""What no line ends inside: a character or a half-width word, with the brackets and marks that cling to it."""


def text_lines(text: str, room: float) -> int:
    """The lines that a text takes where each holds `room` 字, broken as Word and LibreOffice break it."""
    lines, used = 1, 0.0
    for piece in _PIECE.findall(fill_slots(text, dict.fromkeys(slots_in(text), "一" * int(_SLOT_ROOM)))):
        wide = text_width(piece)
        if used and used + wide > room:
            lines, used = lines + 1, 0.0
        # A word that is wider than a line is broken anywhere.
        lines += max(0, math.ceil(wide / room) - 1)
        used = used + wide if wide <= room else wide % room
    return lines


def form_digest(form: Form) -> str:
    """sha256 of the form's own definition as canonical JSON, defaults left out: new words do not change old forms."""
    definition = form.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def identity(form_name: str, form: Form, unit_code: str) -> str:
    """The one string that says whose copy of which form a file is: `form@version#unit`."""
    return f"{form_name}@{form.version}#{unit_code}"


def identity_line(form_name: str, form: Form, unit_code: str | None) -> str:
    """The printed carrier of a form's identity; `unit_code` is None where no unit's code will ever stand."""
    line = f"表单编码：{form_name}　版本：{form.version}"
    return line if unit_code is None else f"{line}　单位代码：{unit_code}"


def head_text(form: Form, field: FormField) -> str:
    """A column's head: the title with its unit, unless the whole form has that unit or the title says it already."""
    unit = field.unit
    if not unit or unit == form.unit_of_measure or field.title.endswith((f"（{unit}）", f"({unit})")):
        return field.title
    return f"{field.title}（{unit}）"


def leaf_fields(form: Form) -> Iterator[tuple[str, FormField]]:
    """Every field that is filled in, with the key it is read back by (`family.name` inside an inner table)."""
    for field in form.fields:
        if field.type == "table":
            yield from ((f"{field.name}.{inner.name}", inner) for inner in field.fields)
        else:
            yield field.name, field


# -- a unit's values ---------------------------------------------------------------------------------------------------

_KNOWN = {name.removesuffix("_"): name for name in Unit.model_fields if name != "columns"}


def unit_value(unit: Unit, reference: str) -> str:
    """The unit's value for `unit.name`, `unit.<column>` or plain `<column>`; empty where the roster has none."""
    name = reference.removeprefix("unit.")
    return (getattr(unit, _KNOWN[name]) if name in _KNOWN else unit.columns.get(name)) or ""


def figure(text: str) -> str | None:
    """The number as a spreadsheet stores it (`1,200` → `1200`), or None where the text is no plain number."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d+)?", plain):
        return None
    sign = "-" if plain.startswith("-") else ""
    whole, _, part = plain.lstrip("+-").partition(".")
    return sign + (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def prefill_of(form: Form, unit: Unit) -> dict[str, State]:
    """What the form takes from the unit's row of the roster, and which of it are figures; blanks stay to be filled."""
    states: dict[str, State] = {}
    for _, field in leaf_fields(form):
        if field.prefill and (value := unit_value(unit, field.prefill)):
            states[slot_name(field)] = "number" if _figures(field) and figure(value) is not None else "text"
    return states


def slot_name(field: FormField) -> str:
    """The name of a prefilled field's slot: figures have names of their own, for they are stamped without commas."""
    reference = "unit." + (field.prefill or "").removeprefix("unit.")
    return f"figure.{reference}" if _figures(field) else reference


def slot_value(unit: Unit, name: str) -> str:
    """What is stamped for a slot that `slot_name` named."""
    value = unit_value(unit, name.removeprefix("figure."))
    return (figure(value) or value) if name.startswith("figure.") else value


def _figures(field: FormField) -> bool:
    return field.type in NUMERIC_TYPES


# -- the whole form ----------------------------------------------------------------------------------------------------


def form_grid(
    spec: Spec,
    form_name: str,
    *,
    units: Sequence[Unit] = (),
    prefill: Prefill | None = None,
    label: str = "",
    bound: bool = False,
) -> Grid:
    """The grid of a form.

    `prefill` says what the shape of units has (`prefill_of`), None is the master that belongs to no unit; `units` is
    the roster, of which a quota form with `from_units` gives one row each; `label` is the form's 附件N. `bound`: the
    form is a page of a notice, to be read: it has no unit's code, and no identity where there is nothing to fill in.
    """
    form = spec.forms[form_name]
    plan = _PLANS[form.layout](form, units)
    builder = _Builder(form, plan, prefill)
    _above(builder, form, label)
    plan.draw(builder)
    _below(builder, form, form_name, bound=bound)
    return Grid(
        form_name, form, tuple(builder.widths), tuple(builder.rows), tuple(builder.cells),
        builder.line, builder.signoff, builder.landscape, builder.points, builder.least_row,
    )  # fmt: skip


class _Plan:
    """A layout: column widths in 字, decided first, and the drawing of heads and body.

    `widths` are what columns need, `wishes` what they take before others where the page has more.
    """

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        self.form = form
        self.widths: list[float] = []
        self.wishes: list[float] = []
        self.signed = True

    def draw(self, builder: _Builder) -> None:
        raise NotImplementedError


class _Builder:
    """The grid in the making; rows are only ever added below."""

    def __init__(self, form: Form, plan: _Plan, prefill: Prefill | None) -> None:
        total = sum(plan.widths)
        wanted = form.orientation or ("landscape" if total * _SIZES[1] > PORTRAIT_POINTS else "portrait")
        self.landscape = wanted == "landscape"
        area = LANDSCAPE_POINTS if self.landscape else PORTRAIT_POINTS
        self.points = next((size for size in _SIZES if total * size <= area), _SIZES[-1])
        self.widths = _shared(plan.widths, plan.wishes, area, self.points)
        self.rows: list[Row] = []
        self.cells: list[Cell] = []
        self.least_row = 0.0
        self.prefill = prefill
        unit_name = slot("unit.name") if prefill is not None else ""
        self.unit_code = slot("unit.code") if prefill is not None else ""
        filled = bool(form.signoff) and (plan.signed or "signoff" in form.model_fields_set)
        self.line = _line_entries(form, unit_name, filled)
        self.signoff = _signoff_entries(form) if filled else ()

    @property
    def count(self) -> int:
        return len(self.widths)

    def row(self, band: Band, height: float = _ROW) -> int:
        self.rows.append(Row(band, round(height, 1)))
        return len(self.rows) - 1

    def add(self, cell: Cell) -> None:
        self.cells.append(cell)

    def span(self, column: int, columns: int) -> float:
        return sum(self.widths[column : column + columns])

    def height(self, text: str, column: int, columns: int, points: float, least: float) -> float:
        """Points that the text needs in height over these columns."""
        room = max(self.span(column, columns) / points - _PADDING, 1.0)
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
        align: Align = "left" if field.type == "text" else "center"
        figured = state == "number"
        self.add(replace(cell, text=text, align=align, locked=bool(text), field=field, figure=figured))


def _shared(needs: Sequence[float], wishes: Sequence[float], area: float, points: float) -> list[float]:
    """Columns of `area` points: first what each needs, then what it wishes for, and the rest in proportion."""
    unmet = [max(0.0, wish - need) for need, wish in zip(needs, wishes or needs, strict=True)]
    given = min(1.0, max(0.0, area / points - sum(needs)) / (sum(unmet) or 1.0))
    widths = [need + more * given for need, more in zip(needs, unmet, strict=True)]
    return [width * area / sum(widths) for width in widths]


def _line_entries(form: Form, unit_name: str, filled: bool) -> tuple[Entry, ...]:
    entries = [Entry(UNIT_KEY, "填报单位（盖章）：", unit_name, _SLOT_ROOM)] if filled else []
    entries += [Entry(f"{HEAD_KEY}.{number}", f"{head}：", room=4.0) for number, head in enumerate(form.head, 1)]
    if form.unit_of_measure:
        entries.append(Entry("", f"计量单位：{form.unit_of_measure}", room=0.5, align="right"))
    return tuple(entries)


def _signoff_entries(form: Form) -> tuple[Entry, ...]:
    rooms = {"phone": 6.0, "date": 7.0}
    return tuple(
        Entry(
            f"{SIGNOFF_KEY}.{role}",
            f"{SIGNOFF_LABELS[role]}：",
            room=rooms.get(role, 4.0),
            paper="　　年　月　日" if role == "date" else "",
        )
        for role in form.signoff
    )


def _above(builder: _Builder, form: Form, label: str) -> None:
    if label:
        builder.whole("label", label)
    builder.whole("title", form.title)
    if form.legal:
        _right_block(builder, legal_lines(form.legal))
    _entry_rows(builder, builder.line, "line")


def legal_lines(legal: Legal) -> list[str]:
    """What makes a survey lawful, in the order of the national returns."""
    return [
        f"表　　号：{legal.number}",
        f"制定机关：{legal.drafted_by}",
        f"批准文号：{legal.approval}",
        f"有效期至：{legal.valid_until}",
    ]


def _right_block(builder: _Builder, lines: list[str]) -> None:
    """The legal block: left-aligned in the narrowest run of columns at the right that holds it."""
    need, first = (max(text_width(text) for text in lines) + 1) * 10.5, builder.count - 1
    while first > 0 and builder.span(first, builder.count) < need:
        first -= 1
    for text in lines:
        index = builder.row("legal", 16)
        builder.add(Cell(index, first, text, "legal", columns=builder.count - first, align="left"))


def _below(builder: _Builder, form: Form, form_name: str, *, bound: bool) -> None:
    _entry_rows(builder, builder.signoff, "signoff")
    for text in note_lines(form):
        builder.whole("note", text)
    if not bound:
        builder.whole("identity", identity_line(form_name, form, builder.unit_code))
    elif any(not cell.locked for cell in builder.cells):
        builder.whole("identity", identity_line(form_name, form, None))


def note_lines(form: Form) -> list[str]:
    """说明 below the form: the form's own, what its fields say of themselves, and how many paper copies there are."""
    lines = list(form.notes)
    for _, field in leaf_fields(form):
        said = [text for text in (field.description, _choices(field)) if text]
        if said:
            lines.append(f"“{field.title}”栏：" + "；".join(text.rstrip("。；") for text in said) + "。")
    if form.copies:
        lines.append(f"本表一式{form.copies}份。")
    if form.example_design:
        lines.append("本表栏目为示例设计，以正式印发的表式为准。")
    if len(lines) == 1:
        return [f"说明：{lines[0]}"]
    return [f"{'说明：' if number == 1 else '　　　'}{number}.{text}" for number, text in enumerate(lines, 1)]


def _choices(field: FormField) -> str:
    if not field.categories:
        return ""
    return ("可多选，用顿号隔开：" if field.type == "list" else "从下列选项中选填：") + "、".join(field.categories)


# -- entries set into the columns that the table has -------------------------------------------------------------------


_Part = tuple[Entry, str, bool, float]
"""Entry, text, whether locked, and need in 字, of one cell."""


def _entry_rows(builder: _Builder, entries: tuple[Entry, ...], band: Literal["line", "signoff"]) -> None:
    """Entries on as few rows as the columns allow, as many on each; where none do, each has a row of one cell."""
    for parts, edges in _placed(entries, builder.widths):
        index = builder.row(band, 24)
        for (entry, text, locked, _), (first, end) in zip(parts, pairwise(edges), strict=True):
            key = entry.key if not locked or entry.text else ""
            builder.add(Cell(index, first, text, band, columns=end - first, align=entry.align, locked=locked, key=key))


def _placed(entries: tuple[Entry, ...], widths: Sequence[float]) -> list[tuple[list[_Part], list[int]]]:
    for lines in range(1, len(entries) + 1):
        size = math.ceil(len(entries) / lines)
        rows = [entries[start : start + size] for start in range(0, len(entries), size)]
        placed = []
        for row in rows:
            parts = [part for entry in row for part in _parts(entry)]
            if edges := _place([need * _LINE_POINTS for *_, need in parts], widths):
                placed.append((parts, edges))
        if len(placed) == len(rows):
            return placed
    return [
        ([(entry, entry.label + entry.text, bool(entry.text or not entry.key), 0.0)], [0, len(widths)])
        for entry in entries
    ]


def _parts(entry: Entry) -> list[_Part]:
    """The cells of an entry: a label, then its room."""
    if entry.text or not entry.key:
        return [(entry, entry.label + entry.text, True, entry.need)]
    return [(entry, entry.label, True, text_width(entry.label) + 0.5), (entry, "", False, entry.room)]


def _place(needs: list[float], widths: Sequence[float]) -> list[int] | None:
    """Column edges of parts that need so many points each, spread over the width; None where they do not fit."""
    for spread in (sum(widths) / sum(needs), 1.0):
        if spread < 1:
            return None
        edges, used, wanted = [0], 0.0, 0.0
        for number, need in enumerate(needs):
            wanted += need * spread
            end, left = edges[-1], len(needs) - number - 1
            start = used
            while end < len(widths) - left and (used - start < need or used + widths[end] / 2 < wanted):
                used += widths[end]
                end += 1
            if used - start < need:
                break
            edges.append(end)
        else:
            edges[-1] = len(widths)
            return edges
    return None


# -- table and grouped -------------------------------------------------------------------------------------------------


_ALLOWED_LEAST, _ALLOWED_MOST = 10.0, 22.0
"""字 that a column needs for a long text that it allows, and the most that it wishes for."""


def _column_width(form: Form, field: FormField) -> float:
    if field.width:
        return field.width
    own = _FORMAT_WIDTHS.get(field.format or "", _WIDTHS.get(field.type, 7.0))
    own = max(own, min((field.constraints.max_length or 0) / 4, _ALLOWED_LEAST) + _PADDING)
    head = head_text(form, field)
    choice = max((text_width(item) for item in field.categories), default=0.0) if field.type != "list" else 0.0
    need = text_width(head) + _PADDING
    # A head that is one character too long would leave it alone on a second line.
    least = need if need <= max(own, 4 + _PADDING) + 1.7 else math.ceil(text_width(head) / 3) + _PADDING
    return max(own, least, choice + _PADDING)


def _wish(field: FormField) -> float:
    """The width that a field takes where there is room: the longest text it allows, on two lines."""
    if field.width:
        return field.width
    return min((field.constraints.max_length or 0) / 2 + _PADDING, _ALLOWED_MOST)


def _body_height(fields: Sequence[FormField], widths: Sequence[float], points: float) -> float:
    """Two lines of text fit into every row, more where a column holds long text, asks for more, or allows more."""
    lines = max((field.lines or (3 if field.type == "text" else 2) for field in fields), default=2)
    return min(max(_LABEL_ROW, _text_height(lines, points), _allowed_most(fields, widths, points)), _HIGHEST_ROW)


def _allowed_most(fields: Sequence[FormField], widths: Sequence[float], points: float) -> float:
    most = max((_allowed_height(*column, points) for column in zip(fields, widths, strict=True)), default=0.0)
    return min(most, _text_height(_SMALL_LINES, _SIZES[-1], _FULL_LEADING))


_LOWERED = 0.7
"""The part of its height that a blank row keeps where lower rows spare the form a page."""


def _text_height(lines: int, points: float, leading: float = 1.25) -> float:
    return lines * points * leading + 2


def _allowed_lines(field: FormField, width: float, points: float) -> int:
    """Lines that the longest value a field allows takes over `width` points; 0 where it sets no limit."""
    room = int(max(width / points - _PADDING, 1.0))
    return math.ceil((field.constraints.max_length or 0) / room)


def _allowed_height(field: FormField, width: float, points: float, most: int = _FULL_SIZE_LINES) -> float:
    """The height for the longest value a field allows: on up to `most` lines in full size, else in the smallest."""
    lines = _allowed_lines(field, width, points)
    if lines <= most:
        return _text_height(lines, points, _FULL_LEADING) if lines else 0.0
    return _text_height(_allowed_lines(field, width, _SIZES[-1]), _SIZES[-1], _FULL_LEADING)


def value_points(grid: Grid, cell: Cell) -> float:
    """The size of the text in a cell that is filled in: as large as lets the longest value it allows fit."""
    if cell.field is None:
        return grid.points
    sizes = [grid.points, *(size for size in _SIZES if size < grid.points)]
    return next((points for points in sizes if _holds(grid, cell, cell.field, points)), sizes[-1])


def holds_allowed(grid: Grid, cell: Cell) -> bool:
    """Whether a cell that is filled in has room for the longest value that its field allows."""
    return cell.field is None or _holds(grid, cell, cell.field, value_points(grid, cell))


def _holds(grid: Grid, cell: Cell, field: FormField, points: float) -> bool:
    width = sum(grid.widths[cell.column : cell.column + cell.columns])
    if width / points < _UNBROKEN.get(field.format or "", 0.0):
        return False
    height = sum(row.height for row in grid.rows[cell.row : cell.row + cell.rows])
    lines = _allowed_lines(field, width, points)
    return not lines or _text_height(lines, points, _FULL_LEADING) <= height + 0.1


def _draw_heads(builder: _Builder, form: Form, fields: Sequence[FormField], first: int) -> None:
    """One row of heads, or two where fields stand under a common head; `first` is the first field's column."""
    runs = _group_runs(fields)
    two = any(title for title, _, _ in runs)
    heights = [
        builder.height(head_text(form, field), first + number, 1, builder.points, _ROW)
        for number, field in enumerate(fields)
    ]
    upper = max(builder.height(title, first + start, count, builder.points, _LABEL_ROW) for title, start, count in runs)
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


class _Table(_Plan):
    """Columns and blank rows: a summary list, with or without common heads."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.widths = [_column_width(form, field) for field in form.fields]
        self.wishes = [_wish(field) for field in form.fields]
        summed = any(field.total for field in form.fields)
        self.total = (form.rows.total or "bottom") if summed else "none"

    def draw(self, builder: _Builder) -> None:
        _draw_heads(builder, self.form, self.form.fields, 0)
        first = len(builder.rows) + (self.total == "top")
        last = first + self.body_rows
        if self.total == "top":
            self._total(builder, first, last)
        self._body(builder)
        spacer = builder.row("spacer", _SPACER_ROW)
        for column, field in enumerate(self.form.fields):
            builder.add(Cell(spacer, column, role="spacer", key=field.name))
        if self.total == "bottom":
            self._total(builder, first, last)

    @property
    def body_rows(self) -> int:
        return self.form.rows.reserve

    def _body(self, builder: _Builder) -> None:
        height = _body_height(self.form.fields, builder.widths, builder.points)
        allowed = _allowed_most(self.form.fields, builder.widths, _SIZES[-1])
        builder.least_row = min(height, max(_LOWERED * height, allowed))
        for number in range(self.body_rows):
            row = builder.row("body", height)
            for column, field in enumerate(self.form.fields):
                if field.type == "serial":
                    builder.serial(Cell(row, column, str(number + 1), key=field.name, field=field))
                elif number and field.prefill and _figures(field):
                    # A given figure belongs to the unit once; on every row it would be summed as often.
                    builder.add(Cell(row, column, locked=False, key=field.name, field=field))
                else:
                    builder.value(Cell(row, column, key=field.name), field)

    def _total(self, builder: _Builder, first: int, last: int) -> None:
        row = builder.row("total", _LABEL_ROW)
        named = _label_columns(self.form.fields)
        builder.add(Cell(row, 0, TOTAL_TEXT, "total", columns=max(named, 1)))
        for column, field in enumerate(self.form.fields[max(named, 1) :], max(named, 1)):
            sums = ((first, last),) if field.total else ()
            builder.add(Cell(row, column, "" if sums else "—", "total", field=field, sums=sums))


def _label_columns(fields: Sequence[FormField]) -> int:
    """Columns at the left that the word 合计 may take: those before the first that is summed."""
    return next((number for number, field in enumerate(fields) if field.total), len(fields))


# -- quota: figures that are given -------------------------------------------------------------------------------------


_GIVEN_MOST = 18.0
"""字 that a column of given texts is made wide for; what is longer is broken into lines."""


class _Quota(_Plan):
    """Rows of given figures, from the spec or one for each unit of the roster; columns nobody gave are to be filled."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.widths = [_column_width(form, field) for field in form.fields]
        self.given = [dict(row) for row in form.rows.given]
        if form.rows.from_units:
            self.given += [
                {field.name: unit_value(unit, field.prefill or field.name) or unit.columns.get(field.title, "")
                 for field in form.fields}
                for unit in units
            ]  # fmt: skip
        for column, field in enumerate(form.fields):
            longest = max((text_width(row.get(field.name, "")) for row in self.given), default=0.0)
            if not field.width:
                self.widths[column] = max(self.widths[column], min(longest + _PADDING, _GIVEN_MOST))
        self.known = {name for row in self.given for name, value in row.items() if value}
        self.known |= {field.name for field in form.fields if field.type in ("serial", "note")}
        self.signed = any(field.name not in self.known for field in form.fields)
        summed = any(field.total for field in form.fields)
        self.total = (form.rows.total or "bottom") if summed else "none"

    def draw(self, builder: _Builder) -> None:
        fields = self.form.fields
        _draw_heads(builder, self.form, fields, 0)
        first = len(builder.rows) + (self.total == "top")
        last = first + len(self.given) - 1
        if self.total == "top":
            self._total(builder, first, last)
        for number, given in enumerate(self.given, 1):
            texts = [str(number) if field.type == "serial" else given.get(field.name, "") for field in fields]
            heights = (builder.height(text, column, 1, builder.points, _ROW) for column, text in enumerate(texts))
            row = builder.row("body", max(heights))
            for column, (field, text) in enumerate(zip(fields, texts, strict=True)):
                number_text = figure(text) if _figures(field) or field.type == "serial" else None
                locked = field.name in self.known
                builder.add(
                    Cell(row, column, number_text or text, locked=locked, key=field.name, field=field,
                         figure=number_text is not None)
                )  # fmt: skip
        if self.total == "bottom":
            self._total(builder, first, last)

    def _total(self, builder: _Builder, first: int, last: int) -> None:
        row = builder.row("total", _LABEL_ROW)
        named = max(_label_columns(self.form.fields), 1)
        builder.add(Cell(row, 0, TOTAL_TEXT, "total", columns=named))
        for column, field in enumerate(self.form.fields[named:], named):
            sums = ((first, last),) if field.total and last >= first else ()
            builder.add(Cell(row, column, "" if sums else "—", "total", field=field, sums=sums))


# -- matrix: fixed rows with numbers -----------------------------------------------------------------------------------


_STUB_HEADS = [
    FormField.model_validate(head) for head in ({"name": "stub", "title": "项目"}, {"name": "code", "title": "行号"})
]


class _Matrix(_Plan):
    """Fixed rows with 行号 and columns with 列号 (甲, 乙, 1, 2 …), as in national statistical returns."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.stubs = matrix_rows(form)
        longest = max((text_width(row.title) + row.indent for row in self.stubs), default=6.0)
        widths = [_column_width(form, field) for field in form.fields]
        self.widths = [min(max(longest + 1, 7.0), 16.0), 3.2, *widths]

    def draw(self, builder: _Builder) -> None:
        heads = [*_STUB_HEADS, *self.form.fields]
        _draw_heads(builder, self.form, heads, 0)
        numbers = builder.row("head", 18)
        for column in range(len(heads)):
            builder.add(Cell(numbers, column, ("甲", "乙")[column] if column < 2 else str(column - 1), "number"))
        first = len(builder.rows)
        for index, stub in enumerate(self.stubs):
            self._row(builder, first, index, stub)

    def _row(self, builder: _Builder, first: int, index: int, stub: MatrixRow) -> None:
        title = "　" * stub.indent + stub.title
        row = builder.row("total" if stub.total else "body", builder.height(title, 0, 1, builder.points, _LABEL_ROW))
        role: Role = "total" if stub.total else "stub"
        builder.add(Cell(row, 0, title, role, align="left"))
        builder.add(Cell(row, 1, stub.code or f"{index + 1:02d}", role))
        children = total_of(self.stubs, index)
        sums = tuple((first + start, first + end) for start, end in _runs(children))
        for column, field in enumerate(self.form.fields, 2):
            if sums and _figures(field):
                builder.add(Cell(row, column, "", "total", key=field.name, field=field, sums=sums))
            else:
                builder.value(Cell(row, column, key=field.name), field)


def matrix_rows(form: Form) -> list[MatrixRow]:
    """The fixed rows, with a 合计 row where columns are to be summed and no row does it."""
    rows = list(form.rows.fixed)
    if any(row.total for row in rows) or form.rows.total == "none" or not any(field.total for field in form.fields):
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


# -- pairs: key and value ----------------------------------------------------------------------------------------------


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
_PAIR_WIDTHS = {"date": 6.6, "datetime": 9.0, "duration": 6.0}
_PAIR_LINES = 12
"""Lines of an allowed text for which a row of pairs is made high enough in full size."""
_SEAL_ROW = 40.0
_PHOTO_ROWS_LEAST = 2
_PHOTO_HEIGHT = 100.0
"""35 mm: a one-inch photo."""


class _Pairs(_Plan):
    """Two label–value pairs a row, long text and inner tables at full width, a photo at the top right."""

    def __init__(self, form: Form, units: Sequence[Unit]) -> None:
        super().__init__(form, units)
        self.width = 53.0 if form.orientation == "landscape" else 36.8
        self.heights: list[float] = []
        self.boxes: list[_Box] = []
        titles = (text_width(head_text(form, field)) for field in form.fields)
        needs = (title if title <= _LABEL_MOST else math.ceil(title / 2) for title in titles)
        self.label = min(max(5.0, *needs), 8.0) + _PADDING
        self.photo = next((field for field in form.fields if field.type == "photo"), None)
        self.photo_rows = (self.photo.lines or 4) if self.photo else 0
        self.photo_left = self.width - 7.6 if self.photo else self.width
        rows = _in_rows([field for field in form.fields if field is not self.photo])
        self.half = self._middle([fields for fields in rows if len(fields) == 2])
        self._compose(rows)
        self.edges = _with_entries(_snapped(self.boxes), _signoff_entries(form))
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
        rows = math.ceil(height / _HIGHEST_ROW)
        self._settle_photo(rows + sealed)
        row, right = len(self.heights), self.right
        self.heights += [max(_ROW, height / rows)] * rows + [_SEAL_ROW] * sealed
        half = self.half if len(fields) == 2 else right
        for number, field in enumerate(fields):
            left, end = (0.0, half) if number == 0 else (half, right)
            self._label(field, left, row, rows + sealed)
            self._value(field, left + self.label, end, row, rows + sealed)

    def _pair_height(self, fields: list[FormField]) -> float:
        lines = max(field.lines or (4 if field.seal or field.type == "text" else 1) for field in fields)
        labels = max(math.ceil(text_width(head_text(self.form, field)) / (self.label - _PADDING)) for field in fields)
        ends = [self.half, self.photo_left - self.half] if len(fields) == 2 else [self.right]
        allowed = (
            0.0
            if field.lines
            else _allowed_height(field, (end - self.label) * _SIZES[0], _SIZES[0], _PAIR_LINES if _full(field) else 2)
            for field, end in zip(fields, ends, strict=True)
        )
        return max(_ROW, lines * 19.0, labels * 17.0 + 4, min(max(allowed), _HIGHEST_ROW))

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
        weights = [_column_width(self.form, inner) for inner in field.fields]
        scale, left = (right - self.label) / (sum(weights) or 1), self.label
        for number, (inner, weight) in enumerate(zip(field.fields, weights, strict=True)):
            end = right if number == len(weights) - 1 else left + weight * scale
            self.boxes.append(_Box(left, end, row, 1, "head", head_text(self.form, inner)))
            for line in range(1, blank + 1):
                self.boxes.append(_Box(left, end, row + line, 1, "value", "", f"{field.name}.{inner.name}", inner))
            left = end
        self.heights += [_ROW] * (blank + 1)

    def draw(self, builder: _Builder) -> None:
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
    given = max((text_width(item) for item in field.categories), default=0.0) if field.type != "list" else 0.0
    allowed = min((field.constraints.max_length or 0) / 2, _ALLOWED_LEAST) + _PADDING
    return max(_UNBROKEN.get(field.format or "", 0.0), _PAIR_WIDTHS.get(field.type, 4.0), given + _PADDING, allowed)


def _full(field: FormField) -> bool:
    if field.span:
        return field.span == "full" or field.type == "table"
    return field.type in ("text", "table") or field.seal


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
    parts = [(part, entry) for entry in entries for part in _parts(entry)]
    scale = _LINE_POINTS / _SIZES[0]
    labels = sum(need for (_, _, locked, need), _ in parts if locked) * scale
    rooms = sum(need for (_, _, locked, need), _ in parts if not locked) * scale
    reached, found = 0.0, list(edges)
    for (_, _, locked, need), _ in parts[:-1]:
        reached += need * scale * (1.0 if locked else (edges[-1] - labels) / rooms)
        if all(abs(reached - known) > _SLIVER for known in found):
            found.append(reached)
    return sorted(found)


def _edge(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - position))


_PLANS: Mapping[str, type[_Plan]] = {
    "table": _Table,
    "grouped": _Table,
    "pairs": _Pairs,
    "matrix": _Matrix,
    "quota": _Quota,
}
