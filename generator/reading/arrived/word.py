"""A .docx as lines: paragraphs, tables and text boxes in reading order, headers and footers aside."""

from __future__ import annotations

from collections.abc import Iterator

from generator.base.problems import Where
from generator.office.gate import open_package
from generator.office.ooxml import W, xml
from generator.reading.arrived.shape import row
from generator.reading.document import Block, Table, read_document, reading_order, refuse_foreign

_ASIDE = ("word/header", "word/footer", "word/comments", "word/footnotes", "word/endnotes")


def word_text(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    """The text of a .docx, and what stands in its headers, footers and notes. Raises Problems as the gate does."""
    parts = open_package(data, Where(file))
    document = read_document(data, file)
    refuse_foreign(document)
    lines = [line for block in reading_order(document.blocks) for line in _lines(block)]
    return "\n".join(lines) + "\n", tuple(_aside(parts))


def _lines(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [row(cells) for cells in block.rows]
    return block.shown.replace("\t", " ").split("\n") if block.shown.strip() else [""]


def _aside(parts: dict[str, bytes]) -> Iterator[str]:
    for name, data in parts.items():
        if name.startswith(_ASIDE) and name.endswith(".xml"):
            yield from (
                "".join(node.text or "" for node in one.iter(f"{W}t")) for one in xml(data, Where(name)).iter(f"{W}p")
            )
