"""A .docx as lines: paragraphs, tables and text boxes in reading order, headers and footers aside."""

from __future__ import annotations

from collections.abc import Iterator

from generator.base.problems import Where
from generator.office.gate import open_package
from generator.office.ooxml import W, xml
from generator.reading.arrived.shape import row
from generator.reading.blocks import read_blocks

_ASIDE = ("word/header", "word/footer", "word/comments", "word/footnotes", "word/endnotes")


def word_text(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    """The text of a .docx, and what stands in its headers, footers and notes. Raises Problems as `read_blocks` does."""
    lines = [line for block in read_blocks(data, Where(file)) for line in _lines(block.kind, block.text, block.rows)]
    return "\n".join(lines) + "\n", tuple(_aside(open_package(data, Where(file))))


def _lines(kind: str, text: str, rows: tuple[tuple[str, ...], ...]) -> list[str]:
    if kind == "table":
        return [row(cells) for cells in rows]
    return text.replace("\t", " ").split("\n") if text.strip() else [""]


def _aside(parts: dict[str, bytes]) -> Iterator[str]:
    for name, data in parts.items():
        if name.startswith(_ASIDE) and name.endswith(".xml"):
            yield from (
                "".join(node.text or "" for node in one.iter(f"{W}t")) for one in xml(data, Where(name)).iter(f"{W}p")
            )
