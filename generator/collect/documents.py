"""Word documents as pages: each table a page of cells, the text around them as lines, and the marks of our forms."""

from __future__ import annotations

from collections.abc import Sequence

from generator.base.problems import Problems
from generator.collect.findings import Finding
from generator.collect.papers import Area, Page, Paper
from generator.collect.sheets import Unreadable, marks_of
from generator.reading.document import Block, Paragraph, Table, refuse_foreign
from generator.reading.document import read_document as read_word


def read_document(data: bytes, file: str) -> Paper:
    """A .docx, as if every tracked change had been accepted. Raises Unreadable."""
    try:
        document = read_word(data, file)
        refuse_foreign(document)
        tables = [block for block in document.blocks if isinstance(block, Table)]
        pages = [_page(number, table) for number, table in enumerate(tables, 1)]
        return Paper(pages, _lines(document.blocks), marks=marks_of(document.parts))
    except Problems as refused:
        first = refused.problems[0]
        code = "file-protected" if first.code == "file-ole2" else "return-unreadable"
        raise Unreadable(Finding(code, value=first.message)) from refused


def _page(number: int, table: Table) -> Page:
    merged: list[Area] = [
        (cell.row - 1, cell.column - 1, cell.row + cell.row_span - 2, cell.column + cell.column_span - 2)
        for cell in table.cells
        if cell.row_span > 1 or cell.column_span > 1
    ]
    return Page(f"表格{number}", [list(row) for row in table.rows], merged=merged, is_word=True)


def _lines(blocks: Sequence[Block]) -> list[str]:
    """The text outside tables."""
    texts = (block.shown for block in blocks if isinstance(block, Paragraph))
    return [line for text in texts for line in text.split("\n") if line.strip()]
