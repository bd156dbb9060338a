"""The roster 单位名录: .csv or .xlsx → units, each value with its place."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems, Where, error, first_of, sort_key
from generator.base.values import boxed, clean, collision_key, invisible, shown
from generator.dispatch.dispatch import Path_
from generator.dispatch.spec import Unit, UnitClass
from generator.office.gate import open_package
from generator.reading.workbook import Cell, Sheet, read_workbook

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 4_000_000, 20_000, 200

HEADS = {
    "code": ("单位代码", "代码", "单位编码"),
    "name": ("单位全称", "单位名称", "全称"),
    "short_name": ("简称", "单位简称"),
    "class": ("类别", "单位类别"),
    "role": ("主送/抄送", "主送抄送"),
    "reports_to": ("上级单位", "上级单位代码", "报送至"),
    "contact": ("联系人",),
    "phone": ("联系电话", "电话"),
    "email": ("电子邮箱", "邮箱"),
}
"""The columns that every roster may have: key → Chinese terms. Any other column goes to `Unit.columns`."""

ROLES = {"main": "主送", "cc": "抄送", "主送": "主送", "抄送": "抄送"}
NO_CLASS = "all"
"""The class of every unit where the dispatch declares no classes and the roster names none."""

_BLANKS = " \t\r\n\xa0\u3000"

NO_NAME = "\N{REPLACEMENT CHARACTER}"
"""Stands for a value that is missing or refused, while the rest is looked at; no unit of a loaded dispatch has it."""


@dataclass
class Roster:
    """The units that a roster names, in its order; `places` by ("units", index, head) and ("units", index)."""

    units: list[Unit] = field(default_factory=list)
    places: dict[Path_, Where] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    """A row that is not blank: `cells` by head, without blank cells, and the number of each cell's column, from 1."""

    line: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]


def read_roster(content: bytes, file: str, classes: Mapping[str, UnitClass] | None) -> Roster:
    """The units in `content`, the bytes of `file` (.csv in UTF-8 or GB 18030 with commas, or .xlsx; its first sheet).

    The first row that is not blank names the columns. `classes` are those of the dispatch, None when they are unknown.
    In a place, line and column are the row and the number of the cell as a spreadsheet counts them; in a .csv whose
    quoted cells hold line ends, line is that of the text. Raises Problems with every fault found.
    """
    if len(content) > MAX_BYTES:
        size = _("The file has {size} bytes; the limit is {limit}.").format(size=len(content), limit=MAX_BYTES)
        raise Problems([error("too-large", Where(file), _("the file is too large for a roster"), size)])
    ending = file.lower().rpartition(".")[2]
    if ending not in ("csv", "xlsx"):
        message = _("a roster must be a .csv or .xlsx file")
        raise Problems([error("roster-format", Where(file), message, _("Save it as .xlsx, or as .csv with commas."))])
    table = _csv_rows(content, file) if ending == "csv" else _xlsx_rows(content, file)
    rows = [(line, row) for line, row in table if any(map(_is_filled, row))]
    if not rows:
        raise Problems([_no_header(Where(file, 1, 1))])
    heads = _heads(rows[0], file, need_class=bool(classes))
    problems: list[Problem] = []
    found = [_row(line, cells, heads, file, problems) for line, cells in rows[1:]]
    roster = _roster(found, file, classes, problems)
    if problems:
        raise Problems(first_of(problems, file))
    return roster


def _is_filled(cell: str) -> bool:
    """Whether a cell holds more than blanks; characters that no document can carry are no blanks."""
    return bool(cell.strip(_BLANKS))


# -- the header --------------------------------------------------------------------------------------------------------


def _plain(head: str) -> str:
    return "".join(unicodedata.normalize("NFKC", head).casefold().split())


_KNOWN = {_plain(term): key for key, terms in HEADS.items() for term in (key, *terms)}


def _term(key: str) -> str:
    return f"{key} ({HEADS[key][0]})"


def _no_header(where: Where) -> Problem:
    expected = ",".join(terms[0] for key, terms in HEADS.items() if key in ("code", "name", "short_name", "class"))
    message = _("the first row does not name the columns")
    return error(
        "roster-header", where, message, _("Begin the roster with a row such as: {heads}").format(heads=expected)
    )


def _heads(row: tuple[int, Sequence[str]], file: str, *, need_class: bool) -> dict[int, str]:
    """The head of each column by its index: a key of HEADS, or the column's own name."""
    line, cells = row
    stripped = [cell.strip(_BLANKS) for cell in cells]
    heads = {index: _KNOWN.get(_plain(cell), cell) for index, cell in enumerate(stripped) if cell}
    if not set(heads.values()) & {"code", "name"}:
        raise Problems([_no_header(Where(file, line, 1))])
    problems = []
    for index, head in list(heads.items()):
        where = Where(file, line, index + 1)
        try:
            heads[index] = clean(head, where, head)
        except Problems as refused:
            problems += refused.problems
        if head in list(heads.values())[: list(heads).index(index)]:
            message = _('the column "{head}" stands here a second time').format(head=head)
            problems.append(error("roster-column-doubled", where, message, _("Rename or delete one of the two.")))
    required = ("code", "name", "class") if need_class else ("code", "name")
    if missing := [_term(key) for key in required if key not in heads.values()]:
        message = _("the roster has no column {heads}").format(heads=listed(missing))
        problems.append(
            error("roster-column", Where(file, line, 1), message, _("Add it; each unit needs a value there."))
        )
    if problems:
        raise Problems(problems)
    return heads


# -- rows --------------------------------------------------------------------------------------------------------------


def _row(line: int, cells: Sequence[str], heads: Mapping[int, str], file: str, problems: list[Problem]) -> _Row:
    values: dict[str, str] = {}
    for index, cell in enumerate(cells):
        where = Where(file, line, index + 1)
        if not _is_filled(cell):
            continue
        if index not in heads:
            message = _('"{value}" stands in a column without a head').format(value=shown(cell.strip())[:20])
            problems.append(
                error("roster-no-head", where, message, _("Name the column in the first row, or clear the cell."))
            )
            continue
        try:
            values[heads[index]] = clean(cell, where, heads[index]).strip()
        except Problems as refused:
            problems += refused.problems
            values[heads[index]] = NO_NAME
    return _Row(line, values, {head: index + 1 for index, head in heads.items()})


def _roster(rows: list[_Row], file: str, classes: Mapping[str, UnitClass] | None, problems: list[Problem]) -> Roster:
    roster = Roster()
    for row in rows:
        places = {head: Where(file, row.line, column) for head, column in row.columns.items()}
        blank = [key for key in ("code", "name", *(["class"] if classes else [])) if key not in row.cells]
        for key in blank:
            message = _("{head} is blank").format(head=_term(key))
            problems.append(error(f"blank-{key}", places[key], message, _("Fill it in, or delete the whole row.")))
        role = ROLES.get(row.cells.get("role", "main"))
        if role is None:
            message = _('unknown role "{value}"').format(value=row.cells["role"])
            problems.append(error("unknown-role", places["role"], message, _("Write 主送 or 抄送.")))
        index = len(roster.units)
        roster.places |= {("units", index, head): place for head, place in places.items()}
        roster.places["units", index] = Where(file, row.line, 1)
        known = {key: row.cells[key] for key in HEADS if key in row.cells}
        columns = {head: row.cells.get(head, "") for head in row.columns if head not in HEADS}
        stand_in = {key: NO_NAME for key in blank}
        unit = {"class": NO_CLASS, **known, **stand_in, "role": role or "主送", "columns": columns}
        roster.units.append(Unit.model_validate({**unit, "short_name": unit.get("short_name", unit["name"])}))
    roster.units, faults = settle(roster.units, classes, roster.places)
    problems += faults
    return roster


def settle(
    units: Sequence[Unit], classes: Mapping[str, UnitClass] | None, places: Mapping[Path_, Where]
) -> tuple[list[Unit], list[Problem]]:
    """The units with the key of their class where its title stood; and each doubled code and unknown class."""
    settled: list[Unit] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for index, unit in enumerate(units):
        before = first.setdefault(collision_key(unit.code), index)
        if before != index and unit.code != NO_NAME:
            where, line = places["units", index, "code"], places["units", before, "code"].line
            message = _('code "{code}" stands here a second time').format(code=unit.code)
            hint = _("{name} on line {line} has it too. Each unit needs a code of its own.")
            problems.append(error("doubled-code", where, message, hint.format(name=units[before].name, line=line)))
        problems += [_unseen(head, value, places["units", index, head]) for head, value in _naming(unit)]
        key = _class_key(unit.class_, classes)
        if key is None:
            problems.append(_unknown_class(unit.class_, classes or {}, places["units", index, "class"]))
        settled.append(unit if key is None else unit.model_copy(update={"class_": key}))
    return settled, problems


def _naming(unit: Unit) -> Iterator[tuple[str, str]]:
    """What names the unit, its folder and its files, where it holds characters that are not seen."""
    given = {"code": unit.code, "name": unit.name, "short_name": unit.short_name}
    if unit.short_name == unit.name:
        del given["short_name"]
    return ((head, value) for head, value in given.items() if invisible(value))


def _unseen(head: str, value: str, where: Where) -> Problem:
    message = _('{head} "{value}" holds a character that is not seen: {characters}')
    hint = _("Delete it; it stands at the box. Names that look the same must be the same.")
    characters = listed(invisible(value))
    return error(
        "unseen-in-name", where, message.format(head=_term(head), value=boxed(value), characters=characters), hint
    )


def _class_key(value: str, classes: Mapping[str, UnitClass] | None) -> str | None:
    if not classes or value in classes or value == NO_NAME:
        return value
    return next((key for key, unit_class in classes.items() if unit_class.title == value), None)


def _unknown_class(value: str, classes: Mapping[str, UnitClass], where: Where) -> Problem:
    titles = [unit_class.title for unit_class in classes.values()]
    near = get_close_matches(value, [*titles, *classes], 1)
    hint = _('Did you mean "{name}"?').format(name=near[0]) if near else _("The classes are: {names}.")
    return error(
        "roster-class", where, _('unknown class "{value}"').format(value=value), hint.format(names=listed(titles))
    )


# -- .csv --------------------------------------------------------------------------------------------------------------


def _csv_rows(content: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    reader = csv.reader(io.StringIO(_decode(content, file), newline=""), strict=True)
    line = 1
    try:
        for count, record in enumerate(reader):
            _within(count, len(record), Where(file, line))
            yield line, record
            line = reader.line_num + 1
    except csv.Error:
        message = _("the row cannot be read as comma-separated cells")
        hint = _("Look for a quotation mark that is not closed, or after which the cell goes on.")
        raise Problems([error("roster-unreadable", Where(file, line, 1), message, hint)]) from None


def _decode(content: bytes, file: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    message = _("the file is neither UTF-8 nor GB 18030 text")
    raise Problems([error("bad-encoding", Where(file), message, _("Save it as .xlsx, or as .csv with commas."))])


def _within(rows: int, columns: int, where: Where) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        limits = _("The limits are {rows} rows and {columns} columns.").format(rows=MAX_ROWS, columns=MAX_COLUMNS)
        raise Problems([error("too-large", where, _("the file is too large for a roster"), limits)])


# -- .xlsx -------------------------------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first visible sheet that is not blank, with its number.

    A formula counts as the value that was last computed, a number as the text that its format shows.
    """
    sheet = _first_sheet(content, file)
    rows: dict[int, dict[int, str]] = {}
    problems: list[Problem] = []
    for cell in sheet.cells:
        text, fault = cell.text, cell.fault
        if not text.strip() and not fault:
            continue
        where = Where(file, cell.row, cell.column)
        # A value outside the limits is refused, not left out.
        _within(cell.row - 1, cell.column, where)
        if fault:
            problems.append(_bad_cell(cell, where))
        rows.setdefault(cell.row, {})[cell.column] = text
    problems += _unlike_a_list(sheet, rows, file)
    if problems:
        raise Problems(first_of(sorted(problems, key=sort_key), file))
    for number, row in rows.items():
        yield number, [row.get(column, "") for column in range(1, max(row) + 1)]


def _unlike_a_list(sheet: Sheet, rows: Mapping[int, Mapping[int, str]], file: str) -> Iterator[Problem]:
    """What a person sees otherwise than a reader of rows: hidden rows, and cells merged over several."""
    for number in sorted(sheet.hidden_rows & rows.keys()):
        said = "、".join(list(rows[number].values())[:2])
        message = _("row {number} is hidden, and names a unit: {said}").format(number=number, said=said)
        hint = _("Unhide it (取消隐藏, 清除筛选) if the unit is to get its kit, else delete the row.")
        yield error("hidden-row", Where(file, number), message, hint)
    for merged in sheet.merged:
        below = range(merged.first_row + 1, merged.last_row + 1)
        value = rows.get(merged.first_row, {}).get(merged.first_column)
        if value and any(number in rows for number in below):
            message = _('"{value}" is merged over rows {first} to {last}, so that only the first of them has it')
            message = message.format(value=value, first=merged.first_row, last=merged.last_row)
            hint = _("Unmerge the cells (取消合并单元格), and write the value into each of the rows.")
            yield error("merged-cell", Where(file, merged.first_row, merged.first_column), message, hint)


def _first_sheet(content: bytes, file: str) -> Sheet:
    """The first visible sheet, once its rows and cells are known to stand in order."""
    where = Where(file)
    book = read_workbook(open_package(content, where), where)
    sheet = next((sheet for sheet in book.worksheets if sheet.visible), None)
    if sheet is None:
        raise Problems([_unreadable(_("no sheet of it is visible"), where)])
    if sheet.disorder:
        raise Problems([_unreadable(sheet.disorder, where)])
    return sheet


def _unreadable(detail: str, where: Where) -> Problem:
    message = _("the workbook cannot be read ({detail})").format(detail=detail[:200])
    return error("roster-unreadable", where, message, _("Open it in Excel or WPS and save it as .xlsx."))


def _bad_cell(cell: Cell, where: Where) -> Problem:
    if cell.fault == "formula":
        message = _("the formula in this cell has no computed value")
        hint = _("Open the workbook in Excel or WPS and save it, or put the value in place of the formula.")
        return error("roster-formula", where, message, hint)
    if cell.fault == "error":
        message = _("this cell holds the spreadsheet error {value}").format(value=cell.text)
        return error("roster-formula", where, message, _("Correct the formula, or put the value in its place."))
    if cell.fault == "damaged":
        return _unreadable(f"{cell.reference}: {cell.text}", where)
    message = _("what the number in cell {cell} shows cannot be told, or is not all of it (format {format})")
    hint = _(
        "Make the cell text 文本 and type what it is to say; or let it show all of a plain number, a share or a day."
    )
    return error("roster-number", where, message.format(cell=cell.reference, format=cell.text), hint)
