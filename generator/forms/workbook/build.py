"""A form's workbook from its grid: cells, validation, protection, page set-up and the carriers of its identity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from generator.dispatch.spec import UNASKED, Spec
from generator.forms.grid import LANDSCAPE_POINTS, PORTRAIT_POINTS, Cell, Grid
from generator.forms.identity import form_digest, identity
from generator.forms.paging import fit
from generator.forms.types import TEXT_FORMAT, choices
from generator.forms.workbook.style import Dresser, set_hint
from generator.forms.workbook.validation import needs_list, validation
from generator.office.package import slot
from generator.wording import issuers

SPACER_TEXT = "请在本行以上插入行"
META_SHEET, LIST_SHEET, IDENTITY_PROPERTY = "_meta", "_lists", "fawen"
FIELD_PREFIX = "field:"
"""In `_meta`, what is no property of the form: a key of the grid, beside it its defined name."""
_DEFAULT_FONT, _DIGIT_PIXELS = Font(name="Times New Roman", size=12), 8
"""Column widths count digits of the default font: half an em, which this size makes whole pixels, and the same where
another font of this one's metrics stands in for it (Liberation Serif)."""
_MILLIMETRE = 1 / 25.4
# GB/T 9704-2012, 5.2.1: the page's margins; a page on its side is the same page, turned.
_TOP, _BOTTOM, _LEFT, _RIGHT = (side * _MILLIMETRE for side in (37, 35, 28, 26))


def build_workbook(spec: Spec, grid: Grid, *, addressed: bool, status_mark: str = "") -> Workbook:
    """The workbook of a form; with slots for the unit's values where `addressed`, else the master's.

    `status_mark` is printed at the top right of every page (送审稿, 样例).
    """
    book = Workbook()
    # openpyxl has no public way to another default font, which is its first font and that of its first style.
    book._fonts = IndexedList([_DEFAULT_FONT])  # type: ignore[attr-defined]
    book._named_styles["Normal"].font = _DEFAULT_FONT  # type: ignore[attr-defined]
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = sheet_title(grid.form.title)
    rows, scale = fit(grid.rows, _page(grid), grid.points, grid.least_row)
    grid = replace(grid, rows=tuple(rows))
    _fill(sheet, grid, scale)
    names = dict(_name_fields(book, sheet, grid))
    _validate(book, sheet, grid)
    _set_page(sheet, grid, scale, status_mark)
    _protect(sheet)
    code = slot("unit.code") if addressed else ""
    _identify(book, spec, grid, code, names)
    return book


def sheet_title(title: str) -> str:
    """A title that Excel takes for a sheet: without []:*?/\\ and quotes at the ends, at most 31 UTF-16 units."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ") or "表"
    while len(plain.encode("utf-16-le")) > 62:
        plain = plain[:-1]
    return plain


def defined_name(form_name: str, key: str) -> str:
    """The defined name of what is read back: `form.field`; the dot keeps it from being a cell's address."""
    return f"{form_name}.{key}"


# -- cells -------------------------------------------------------------------------------------------------------------


def _fill(sheet: Worksheet, grid: Grid, scale: float) -> None:
    """Cells, rows and columns; a sheet that is wider than its page is printed at `scale`, with all its rows."""
    for number, width in enumerate(grid.widths, 1):
        # In digits of the default font, padding included (ECMA-376 18.3.1.13).
        sheet.column_dimensions[get_column_letter(number)].width = round(width / scale * 96 / 72 / _DIGIT_PIXELS, 2)
    for number, row in enumerate(grid.rows, 1):
        sheet.row_dimensions[number].height = row.height
        if row.band == "spacer":
            # Outside the print area: to be read on the screen, and never on paper.
            set_hint(sheet.cell(number, len(grid.widths) + 1, SPACER_TEXT))
    dresser = Dresser(grid)
    for cell in grid.cells:
        _fill_cell(sheet, dresser, cell)


def _fill_cell(sheet: Worksheet, dresser: Dresser, cell: Cell) -> None:
    row, column = cell.row + 1, cell.column + 1
    target = sheet.cell(row, column)
    for line in range(row, row + cell.rows):
        for across in range(column, column + cell.columns):
            dresser.dress(sheet.cell(line, across), cell, first=(line, across) == (row, column))
    if cell.sums:
        letter = get_column_letter(column)
        summed = ",".join(_range(letter, first, last) for first, last in cell.sums)
        # On paper a blank form must not say that the total is 0.
        target.value = f'=IF(COUNT({summed}),SUM({summed}),"")'
    elif cell.text:
        target.value = cell.text
        # Set by hand: a text that begins with = is no formula, and a figure may be a slot.
        target.data_type = "n" if cell.figure else "s"
        if cell.field and not cell.figure and cell.role == "value":
            target.number_format = TEXT_FORMAT
    if cell.rows > 1 or cell.columns > 1:
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=row + cell.rows - 1, end_column=column + cell.columns - 1
        )


def _range(letter: str, first: int, last: int) -> str:
    return f"{letter}{first + 1}" if first == last else f"{letter}{first + 1}:{letter}{last + 1}"


# -- names -------------------------------------------------------------------------------------------------------------


def _name_fields(book: Workbook, sheet: Worksheet, grid: Grid) -> Iterator[tuple[str, str]]:
    """Give each key a defined name over all its cells, the spacer row included; yields (key, name)."""
    for key, cells in _by_key(grid).items():
        name = defined_name(grid.form_name, key)
        area = absolute_coordinate(_area(cells))
        book.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(sheet.title)}!{area}")
        yield key, name


def _by_key(grid: Grid) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in grid.cells:
        if cell.key:
            found.setdefault(cell.key, []).append(cell)
    return found


def _area(cells: list[Cell]) -> str:
    """A1:B2 around the cells; a merged cell alone is its first cell, as Excel's own name box has it."""
    first, last = cells[0], cells[-1]
    start = f"{get_column_letter(first.column + 1)}{first.row + 1}"
    end = f"{get_column_letter(last.column + 1)}{last.row + 1}"
    return start if start == end else f"{start}:{end}"


# -- validation --------------------------------------------------------------------------------------------------------


def _validate(book: Workbook, sheet: Worksheet, grid: Grid) -> None:
    for key, cells in _by_key(grid).items():
        open_cells = [cell for cell in cells if cell.role == "spacer" or (cell.role == "value" and not cell.locked)]
        field = next((cell.field for cell in open_cells if cell.field), None)
        if field is None or field.type in UNASKED:
            continue
        name = defined_name(grid.form_name, f"_list.{key}")
        if needs_list(field):
            _add_list(book, name, choices(field))
        first = f"{get_column_letter(open_cells[0].column + 1)}{open_cells[0].row + 1}"
        rule = validation(grid.form, field, first, name)
        if rule.type or rule.prompt:
            _cover(rule, open_cells)
            sheet.add_data_validation(rule)


def _cover(rule: DataValidation, cells: list[Cell]) -> None:
    """Whole runs as ranges: thousands of single cells would pass the limit of the attribute."""
    runs: list[list[Cell]] = []
    for cell in cells:
        if runs and cell.row == runs[-1][-1].row + runs[-1][-1].rows:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    for run in runs:
        rule.add(_area(run))


def _add_list(book: Workbook, name: str, values: list[str]) -> None:
    sheet = book[LIST_SHEET] if LIST_SHEET in book.sheetnames else book.create_sheet(LIST_SHEET)
    sheet.sheet_state = "hidden"
    column = 1 if sheet.max_row == 1 and sheet["A1"].value is None else sheet.max_column + 1
    for row, value in enumerate(values, 1):
        _write_text(sheet, row, column, value)
    letter = get_column_letter(column)
    book.defined_names[name] = DefinedName(name, attr_text=f"{LIST_SHEET}!${letter}$1:${letter}${len(values)}")


def _write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column, text)
    if text:
        cell.data_type = "s"
        cell.number_format = TEXT_FORMAT


# -- page and protection -----------------------------------------------------------------------------------------------


def _set_page(sheet: Worksheet, grid: Grid, scale: float, status_mark: str) -> None:
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if grid.landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if _stays_one_page(grid, scale) else 0
    properties = sheet.sheet_properties.pageSetUpPr
    assert properties is not None
    properties.fitToPage = True
    sides = (_LEFT, _TOP, _RIGHT, _BOTTOM) if grid.landscape else (_TOP, _RIGHT, _BOTTOM, _LEFT)
    margins = sheet.page_margins
    margins.top, margins.right, margins.bottom, margins.left = sides
    margins.header = margins.footer = 15 * _MILLIMETRE
    sheet.print_options.horizontalCentered = True
    assert sheet.oddFooter is not None
    assert sheet.oddHeader is not None
    footer, header = sheet.oddFooter.center, sheet.oddHeader.right
    footer.text, footer.size = "第&P页 共&N页", 10
    if status_mark:
        header.text, header.size = status_mark, 14
    sheet.print_area = f"A1:{get_column_letter(len(grid.widths))}{len(grid.rows)}"
    if heads := grid.head_rows:
        sheet.print_title_rows = f"{heads[0] + 1}:{heads[1] + 1}"
        sheet.freeze_panes = f"A{heads[1] + 2}"
    sheet.sheet_view.showGridLines = False


def _stays_one_page(grid: Grid, scale: float) -> bool:
    """Whether a form stands on one page and gets no more rows, which would be made ever smaller to fit it."""
    grows = any(row.band == "spacer" for row in grid.rows)
    return not grows and scale * sum(row.height for row in grid.rows) <= _page(grid)


def _page(grid: Grid) -> float:
    """The height of the type area, in points."""
    return PORTRAIT_POINTS if grid.landscape else LANDSCAPE_POINTS


def _protect(sheet: Worksheet) -> None:
    """Locked cells keep; rows may be added and stretched. No password: a lost one means a form keyed in again."""
    protection = sheet.protection
    protection.sheet = True
    # In the format, these attributes say what is forbidden.
    protection.insertRows = protection.deleteRows = protection.formatRows = protection.formatColumns = False


# -- identity ----------------------------------------------------------------------------------------------------------


def _identify(book: Workbook, spec: Spec, grid: Grid, code: str, names: dict[str, str]) -> None:
    mark = identity(grid.form_name, grid.form, code)
    book.properties.identifier = mark
    book.properties.title = grid.form.title
    book.properties.creator = issuers(spec)
    book.custom_doc_props.append(StringProperty(name=IDENTITY_PROPERTY, value=mark))  # type: ignore[attr-defined]
    sheet = book.create_sheet(META_SHEET)
    sheet.sheet_state = "veryHidden"
    facts = {
        "form_id": grid.form_name,
        "version": grid.form.version,
        "form_sha256": form_digest(grid.form),
        "unit_code": code,
        "date_of_issue": spec.date_of_issue.isoformat() if spec.date_of_issue else "",
    } | {FIELD_PREFIX + key: name for key, name in names.items()}
    for row, (key, value) in enumerate(facts.items(), 1):
        _write_text(sheet, row, 1, key)
        _write_text(sheet, row, 2, value)
