"""A workbook as lines: each sheet's rows, hidden ones too, so that no mark in them is overlooked."""

from __future__ import annotations

from itertools import groupby

from generator.base.problems import Where
from generator.office.gate import open_to_read
from generator.office.ooxml import main_part
from generator.reading.arrived.shape import row
from generator.reading.workbook import read_workbook


def sheet_text(data: bytes, file: str) -> str:
    """The cells of every sheet, a line a row. Raises Problems when the gate refuses the file."""
    parts = open_to_read(data, Where(file))
    book = read_workbook(parts, main_part(parts))
    lines = []
    for sheet in book.sheets:
        for _row, cells in groupby(sheet.cells, key=lambda cell: cell.row):
            if texts := [cell.value for cell in cells if cell.value]:
                lines.append(row(texts))
    return "\n".join(lines) + "\n"
