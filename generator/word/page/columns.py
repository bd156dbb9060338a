"""Columns of a table that is filled by a template, made as wide as what stands in them asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from lxml import etree

from generator.office.package import slots_in
from generator.word.page.layout import width

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIZE = 240
"""12 points: the text of the cells, in twips."""
_MARGINS = 154
"""What a cell keeps free beside its text, with the borders."""
_SHORT, _SHORTER = 12 * _SIZE, 7 * _SIZE
"""Up to the first of these widths a column has its texts on one line (days with their weekday), up to the second (days
and quantities) where that saves the table more than _WORTH lines."""
_WORTH = 2
_NARROW = 4 * _SIZE
_STEP, _STRIDE = _SIZE, 8 * _SIZE
"""How much wider a column is made at a time, and the most that is tried at once."""
_USUAL = "某某某某某某"
"""The length of a unit's short name, between that of a 县 and that of a school."""
_EASE = 0.15
"""What a line less in one cell is worth beside a line less of a whole row, which may take several columns to win."""


def widen_columns(parts: dict[str, bytes]) -> None:
    """Give each table of the document whose layout is fixed the column widths that its texts ask for."""
    root = etree.fromstring(parts["word/document.xml"])
    for table in root.iter(f"{_W}tbl"):
        layout = table.find(f"{_W}tblPr/{_W}tblLayout")
        if layout is not None and layout.get(f"{_W}type") == "fixed":
            _widen(table)
    parts["word/document.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _widen(table: etree._Element) -> None:
    columns = table.findall(f"{_W}tblGrid/{_W}gridCol")
    rows = [row.findall(f"{_W}tc") for row in table.findall(f"{_W}tr")]
    if len(rows) < 2 or any(len(row) != len(columns) for row in rows):
        return
    texts = [[_text(row[number]) for row in rows] for number in range(len(columns))]
    widths = column_widths(texts, sum(int(column.get(f"{_W}w", "0")) for column in columns))
    for number, value in enumerate(widths):
        columns[number].set(f"{_W}w", str(value))
        for row in rows:
            for cell_width in row[number].iterfind(f"{_W}tcPr/{_W}tcW"):
                cell_width.set(f"{_W}w", str(value))


def _text(cell: etree._Element) -> str:
    text = "".join(piece.text or "" for piece in cell.iter(f"{_W}t"))
    for name in slots_in(text):
        text = text.replace(name, _USUAL)
    return text


def column_widths(columns: Sequence[Sequence[str]], total: int) -> list[int]:
    """Widths in twips that add up to `total`, for the texts of each column, its head first.

    Short texts stay on one line. What is left goes step by step to the column where it makes the table lower.
    """
    texts = [[_width(text) for text in column] for column in columns]
    least = [_least(column) for column in columns]
    room = total - len(columns) * _MARGINS
    wide, narrow = (_shared(texts, least, room, short) for short in (_SHORT, _SHORTER))
    saved = sum(_heights(texts, wide)) - sum(_heights(texts, narrow))
    widths = [got + _MARGINS for got in (narrow if saved > _WORTH else wide)]
    widths[-1] += total - sum(widths)
    return widths


def _shared(texts: Sequence[Sequence[int]], least: Sequence[int], room: int, short: int) -> list[int]:
    """The room for texts, shared among the columns: those of texts up to `short` first have theirs on one line."""
    widths = [max(column) if max(column) <= short else need for column, need in zip(texts, least, strict=True)]
    if sum(widths) > room:
        widths = list(least)
    left = room - sum(widths)
    while left > 0 and (step := _best_step(texts, widths, left)):
        column, more = step
        widths[column] += more
        left -= more
    shares = [max(0, max(found) - got) for found, got in zip(texts, widths, strict=True)]
    weights = shares if any(shares) and left > 0 else widths
    return [got + left * weight // sum(weights) for got, weight in zip(widths, weights, strict=True)]


def _heights(texts: Sequence[Sequence[int]], widths: Sequence[int]) -> list[int]:
    """Lines of each row."""
    counts = [[_lines(text, got) for text in column] for column, got in zip(texts, widths, strict=True)]
    return [max(row) for row in zip(*counts, strict=True)]


def _least(column: Sequence[str]) -> int:
    """The width that a column needs for its head, for words that must not break, and for a few characters."""
    words = [_width(word) for text in column for word in re.findall(r"[!-~]+", text)]
    return max(_width(column[0]), *words, _NARROW)


def _best_step(texts: Sequence[Sequence[int]], widths: Sequence[int], left: int) -> tuple[int, int] | None:
    """The column, and how much wider it must be, that takes most lines off the table for the width."""
    counts = [[_lines(text, got) for text in column] for column, got in zip(texts, widths, strict=True)]
    highest = [max(row) for row in zip(*counts, strict=True)]
    best: tuple[float, int, int] = (0.0, 0, 0)
    for number, column in enumerate(texts):
        if max(column) <= widths[number]:
            continue
        others = [max(row[:number] + row[number + 1 :]) for row in zip(*counts, strict=True)]
        for more in range(_STEP, min(left, _STRIDE) + 1, _STEP):
            lines = [_lines(text, widths[number] + more) for text in column]
            rows = sum(map(max, lines, others))
            gain = sum(highest) - rows + _EASE * (sum(counts[number]) - sum(lines))
            best = max(best, (gain / more, number, more), key=lambda found: found[0])
    return (best[1], best[2]) if best[0] > 0 else None


def _lines(text: int, room: int) -> int:
    """Lines of a text of that width; each but a single one may end before it is full."""
    return 1 if text <= room else math.ceil(text / max(room - _SIZE // 2, _SIZE))


def _width(text: str) -> int:
    return width(text, _SIZE, 0)
