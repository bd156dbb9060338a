"""A form's grid as WordprocessingML: head line, table, sign-off and notes, to stand below the form's title."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

from generator.forms.grid import TABLE_BANDS, Cell, Entry, Grid, Row, totals
from generator.forms.measure import text_lines
from generator.forms.paging import fit
from generator.word.page import layout
from generator.word.template.template import Template
from generator.word.xml import Styles, landscape, last_section, tab_stops, type_height

TABLE_STYLE, TEXT_STYLE, HEAD_STYLE, LINE_STYLE = "公文表格", "表格文字", "表格栏目", "表头行"
_TWIPS = 20
_LINE_POINTS, _IDENTITY_POINTS = 10.5, 9.0
LINE_HEIGHT = 20.0
"""Points of the style 表头行: head line, sign-off and notes."""
_CELL_POINTS, _LEADING = 12.0, 4 / 3
"""Size of the text in the styles of cells, and the line for a size, which those styles have for theirs."""
_CELL_MARGIN = 57
"""1 mm at the left and right of a cell's text."""
_HEAD_ROLES = frozenset({"head", "total"})


def form_xml(grid: Grid, styles: Styles) -> Markup:
    """Everything of a form but its title, as block-level XML as wide as the grid's type area; slots pass through.

    `styles` are the template's, of which 公文表格, 表格文字, 表格栏目 and 表头行 are used.
    """
    width = round(sum(grid.widths) * _TWIPS)
    tail = _tail(grid)
    blocks = [
        *(_legal_line(text, grid, width, styles) for text in grid.band_texts("legal")),
        *(_entry_lines(grid.line, width, styles) or [_paragraph("", styles.id(LINE_STYLE), size=_LINE_POINTS)]),
        table_xml(grid, width, styles),
        *_entry_lines(grid.signoff, width, styles),
        *(_paragraph(text, styles.id(LINE_STYLE), size=size) for text, size in tail),
    ]
    return Markup("".join(blocks))  # noqa: S704 - every text in it is escaped where it is written


def line_count(grid: Grid) -> tuple[int, int]:
    """How many lines of style 表头行 `form_xml` puts above and below the table, long notes broken as they will be."""
    width = round(sum(grid.widths) * _TWIPS)
    head = len(grid.band_texts("legal")) + max(1, len(_grouped(grid.line, width)))
    tail = sum(text_lines(text, width / (size * _TWIPS)) for text, size in _tail(grid))
    return head, len(_grouped(grid.signoff, width)) + tail


def form_rows(grid: Grid) -> list[Row]:
    """The rows and lines of a form, from top to bottom, below its title."""
    head, tail = line_count(grid)
    return [*[Row("line", LINE_HEIGHT)] * head, *_table_rows(grid).values(), *[Row("note", LINE_HEIGHT)] * tail]


def fitted(grid: Grid, room: float, above: float) -> Grid:
    """The grid with its rows and text as they stand on pages of `room` points, below a title of `above` points."""
    natural = [Row("title", above), *form_rows(grid)]
    rows, scale = fit(natural, room, grid.points, grid.least_row, table_only=True)
    made = iter([replace(row, height=row.height * scale) for row in rows if row.band in TABLE_BANDS])
    kept = _table_rows(grid)
    scaled = tuple(next(made) if number in kept else row for number, row in enumerate(grid.rows))
    # Word counts text in half points.
    return replace(grid, rows=scaled, points=math.floor(grid.points * scale * 2) / 2)


def fitted_to(template: Template, grid: Grid, label: str) -> Grid:
    """The grid as it stands on the pages of a template, below 附件N and a blank line, if any, and the title."""
    section, line = template.section, template.styles.line
    # Whole lines of the page's grid: what is left over stands above and below them.
    lines = type_height(landscape(section) if grid.landscape else section) // line
    titles = layout.title_lines(grid.form.title, round(sum(grid.widths) * _TWIPS))
    return fitted(grid, lines * line / _TWIPS, (len(titles) + 2 * bool(label)) * line / _TWIPS)


def _table_rows(grid: Grid) -> dict[int, Row]:
    """The rows of the table by their number in the grid; on paper nobody inserts one."""
    return {number: row for number, row in enumerate(grid.rows) if row.band in TABLE_BANDS and row.band != "spacer"}


def turn_page(parts: dict[str, bytes]) -> None:
    """Lay the page of a rendered form on its side."""
    text = parts["word/document.xml"].decode()
    section = last_section(text)
    parts["word/document.xml"] = text.replace(section, landscape(section)).encode()


def _tail(grid: Grid) -> list[tuple[str, float]]:
    """What stands below the sign-off, with its size."""
    notes = [(text, _LINE_POINTS) for text in grid.band_texts("note")]
    return notes + [(text, _IDENTITY_POINTS) for text in grid.band_texts("identity")]


def table_xml(grid: Grid, width: int, styles: Styles) -> str:
    """The bordered table alone: fixed columns that add up to `width` twips, heads repeated on each page."""
    columns = _columns(grid.widths, width)
    by_row: dict[int, list[Cell]] = {number: [] for number in _table_rows(grid)}
    sums = totals(grid)
    for plain in grid.cells:
        cell = replace(plain, text=sums.get((plain.row, plain.column), "")) if plain.sums else plain
        for line in range(cell.row, cell.row + cell.rows):
            if line in by_row:
                by_row[line].append(cell)
    for cells in by_row.values():
        cells.sort(key=lambda cell: cell.column)
    rows = "".join(_row(grid, number, cells, columns, styles) for number, cells in by_row.items())
    margins = "".join(f'<w:{side} w:w="{_CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    grid_columns = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val={quoteattr(styles.id(TABLE_STYLE))}/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid_columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _columns(widths: Sequence[float], width: int) -> list[int]:
    """Whole twips that add up to `width`."""
    edges, reached = [0], 0.0
    for column in widths:
        reached += column
        edges.append(round(reached * width / sum(widths)))
    return [right - left for left, right in pairwise(edges)]


def _row(grid: Grid, number: int, cells: Iterable[Cell], columns: list[int], styles: Styles) -> str:
    row = grid.rows[number]
    heads = "<w:tblHeader/>" if row.band == "head" else ""
    height = f'<w:trHeight w:val="{round(row.height * _TWIPS)}" w:hRule="atLeast"/>'
    body = "".join(_cell(grid, cell, number, columns, styles) for cell in cells)
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{heads}</w:trPr>{body}</w:tr>"


def _cell(grid: Grid, cell: Cell, number: int, columns: list[int], styles: Styles) -> str:
    width = sum(columns[cell.column : cell.column + cell.columns])
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = ""
    if cell.rows > 1:
        merge = '<w:vMerge w:val="restart"/>' if number == cell.row else "<w:vMerge/>"
    below = "bottom" if cell.role == "seal" else "center"
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{_borders(cell)}<w:vAlign w:val="{below}"/>'
    style = styles.id(HEAD_STYLE if cell.role in _HEAD_ROLES else TEXT_STYLE)
    text = cell.text if number == cell.row else ""
    line = round(grid.points * _LEADING * _TWIPS)
    spacing = f'<w:spacing w:line="{line}" w:lineRule="exact"/>' if grid.points < _CELL_POINTS else ""
    paragraphs = "".join(
        _paragraph(piece, style, cell.align, grid.points, spacing=spacing) for piece in text.split("\n")
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def _borders(cell: Cell) -> str:
    """An opinion and the seal below it share one frame."""
    if cell.role == "seal":
        return '<w:tcBorders><w:top w:val="nil"/></w:tcBorders>'
    if cell.role == "value" and cell.field and cell.field.seal:
        return '<w:tcBorders><w:bottom w:val="nil"/></w:tcBorders>'
    return ""


def _paragraph(text: str, style: str, align: str = "left", size: float = 12, tabs: str = "", spacing: str = "") -> str:
    run = f'<w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="{size * 2:g}"/><w:szCs w:val="{size * 2:g}"/></w:rPr>'
    pieces = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\t"))
    mark, runs = ("", f"<w:r>{run}{pieces}</w:r>") if text else (run, "")
    properties = (
        f'<w:pStyle w:val={quoteattr(style)}/>{tabs}<w:snapToGrid w:val="0"/>{spacing}<w:jc w:val="{align}"/>{mark}'
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def _legal_line(text: str, grid: Grid, width: int, styles: Styles) -> str:
    size = round(_LINE_POINTS * _TWIPS)
    room = max(layout.width(line, size, 0) for line in grid.band_texts("legal")) + size
    stop = tab_stops([("left", max(0, width - room))])
    return _paragraph(f"\t{text}", styles.id(LINE_STYLE), size=_LINE_POINTS, tabs=stop)


def _entry_lines(entries: Sequence[Entry], width: int, styles: Styles) -> list[str]:
    return [_entry_line(line, width, styles) for line in _grouped(entries, width)]


def _grouped(entries: Sequence[Entry], width: int) -> list[Sequence[Entry]]:
    """Entries on as few lines as hold them."""
    lines: list[Sequence[Entry]] = []
    rest = entries
    while rest:
        count = len(rest)
        while count > 1 and sum(entry.need for entry in rest[:count]) * _LINE_POINTS * _TWIPS > width:
            count -= 1
        lines.append(rest[:count])
        rest = rest[count:]
    return lines


def _entry_line(entries: Sequence[Entry], width: int, styles: Styles) -> str:
    """Entries spread evenly; what is aligned right ends at the right edge."""
    whole, reached = sum(entry.need for entry in entries), 0.0
    stops, text = [], ""
    for entry in entries:
        if entry.align == "right":
            stops.append(("right", width))
            text += "\t"
        elif reached:
            stops.append(("left", round(width * reached / whole)))
            text += "\t"
        text += entry.label + (entry.text or entry.paper)
        reached += entry.need
    return _paragraph(text, styles.id(LINE_STYLE), size=_LINE_POINTS, tabs=tab_stops(stops))
