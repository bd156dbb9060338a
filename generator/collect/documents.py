"""Word documents as pages: each table a page of cells, the text around them as lines, and the marks of our forms."""

from __future__ import annotations

from collections.abc import Mapping

from generator.base.problems import Problems, Where
from generator.collect.findings import Finding
from generator.collect.papers import Page, Paper
from generator.collect.sheets import Unreadable, marks_of
from generator.office.gate import open_package
from generator.reading.blocks import read_blocks


def read_document(data: bytes, file: str) -> Paper:
    """A .docx, as if every tracked change had been accepted. Raises Unreadable."""
    try:
        blocks = read_blocks(data, Where(file))
        parts: Mapping[str, bytes] = open_package(data, Where(file))
    except Problems as refused:
        first = refused.problems[0]
        code = "file-protected" if first.code == "file-ole2" else "file-unreadable"
        raise Unreadable(Finding(code, value=first.message)) from refused
    except Exception as fault:
        # Whatever a broken file makes a reader do, it must cost no more than itself.
        raise Unreadable(Finding("file-unreadable", value=str(fault)[:200] or type(fault).__name__)) from fault
    tables = [block for block in blocks if block.kind == "table"]
    pages = [
        Page(f"表格{number}", [list(row) for row in table.rows], is_word=True) for number, table in enumerate(tables, 1)
    ]
    lines = [line for block in blocks if block.kind == "paragraph" for line in block.text.split("\n") if line.strip()]
    return Paper(pages, lines, marks=marks_of(parts))
