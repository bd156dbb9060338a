"""A workbook as lines: each sheet's rows, hidden ones too, so that no mark in them is overlooked."""

from __future__ import annotations

from itertools import groupby

from generator.base.problems import Where
from generator.office.gate import open_to_read
from generator.reading.arrived.shape import row
from generator.reading.workbook import read_workbook


def sheet_text(data: bytes, file: str) -> str:
    """The cells of every sheet, a line a row. Raises Problems when the gate refuses the file."""
    where = Where(file)
    book = read_workbook(open_to_read(data, where), where)
    lines = []
    for sheet in book.sheets:
        for _row, cells in groupby(sheet.cells, key=lambda cell: cell.row):
            if texts := [text for cell in cells if (text := cell.text)]:
                lines.append(row(texts))
    return "\n".join(lines) + "\n"
