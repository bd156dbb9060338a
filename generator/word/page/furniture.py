"""What stands at a fixed place of page 1: 发文机关标志 and the red rules, and how many lines of the grid they take.

All places are in mm from the paper's top left corner, by arithmetic; nothing is in the flow, so nothing can push it.
Sources: GB/T 9704-2012 7.2.4, 7.2.5, 7.2.7 (document) and 10.1 (letter).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from generator.word.page.layout import TYPE_WIDTH, divided, width
from generator.word.xml import Styles, rectangle, text_box, text_run

PAPER_WIDTH, PAPER_HEIGHT = 210.0, 297.0
TOP, LEFT, TYPE_WIDTH_MM = 37.0, 28.0, 156.0
"""The type area; a template may begin its grid above it (33476), the mark and the rules stand where they do."""
MM_PER_POINT = 25.4 / 72
# In a line of exact height both Word and LibreOffice put the baseline at four fifths; a Chinese glyph reaches 0.88 of
# its size above it and 0.12 below.
_BASELINE, _ABOVE, _BELOW = 0.8, 0.88, 0.12
_INK_TOP, _INK_BOTTOM = 0.84, 0.08
"""Where the strokes of a large glyph end, above and below its baseline: what the eye measures a mark by."""
_MARK_LINE = _INK_TOP / _BASELINE
"""Height of a mark's line over its size: the least in which no stroke is cut off."""

_LETTER_MARK_TOP, _LETTER_RULE_WIDTH, _LETTER_FOOT = 30.0, 170.0, 20.0
_LETTER_MARK_MAX, _DOCUMENT_MARK_MAX = 33.0, 50.0
_JOINT_MARK_HEIGHT = 75.0
"""A joint mark is no higher, in mm: page 1 must show text (7.3.3)."""
_DOCUMENT_MARK_TOP = TOP + 35.0
_RULE_GAP = 4.0
_THICK, _GAP, _THIN = 0.8, 0.35, 0.25
"""A double rule 武文线: thick bar, white, thin bar."""
_RED_RULE = 0.7


@dataclass(frozen=True)
class Furniture:
    """The drawings of page 1 (runs), and the flow heights (twips) above and below the line that holds 发文字号.

    They are anchored in the first paragraph of the body: LibreOffice loses the place of a text box in a header.
    """

    drawings: str
    above_number: int
    below_number: int


def letter(mark: str, styles: Styles, *, number_lines: int) -> Furniture:
    """信函格式: mark 30 mm from the paper's edge, double rules 4 mm below it and 20 mm from the paper's foot.

    `number_lines` are those of 发文字号 and of 份号, 密级 and 紧急程度 beside and below it.
    """
    style, line = styles.id("发文机关标志"), styles.line
    lines, size = _fitting([mark], 0, _LETTER_MARK_MAX)
    ink = (_INK_TOP + _INK_BOTTOM + _LINE_PITCH * (len(lines) - 1)) * size * MM_PER_POINT
    rule = _LETTER_MARK_TOP + ink + _RULE_GAP
    left = (PAPER_WIDTH - _LETTER_RULE_WIDTH) / 2
    foot = PAPER_HEIGHT - _LETTER_FOOT
    bars = (
        (rule, _THICK),
        (rule + _THICK + _GAP, _THIN),
        (foot - _THIN - _GAP - _THICK, _THIN),
        (foot - _THICK, _THICK),
    )
    drawings = [_mark_box(1, _LETTER_MARK_TOP, lines, style, size)]
    drawings += [rectangle(n, left, y, _LETTER_RULE_WIDTH, thick) for n, (y, thick) in enumerate(bars, 2)]
    bottom = rule + _THICK + _GAP + _THIN
    if not number_lines:
        return Furniture("".join(drawings), 0, _lines_to_title(bottom, styles) * line)
    number_glyph = bottom + 7 / 8 * 16 * MM_PER_POINT
    above = _twips(number_glyph - _glyph_top(16.0, line) - styles.top)
    below = -(above + number_lines * line) % line
    return Furniture("".join(drawings), above, below + (line if below > line // 2 else 2 * line))


def document(
    names: Sequence[str], styles: Styles, *, document_word: bool, head_lines: int, numbered: bool
) -> Furniture:
    """文件格式: mark 35 mm below the top of the type area, number two lines below, red rule 4 mm below that.

    `head_lines` are those of 份号, 密级 and 紧急程度, which stand above the mark in the flow.
    """
    style, line = styles.id("发文机关标志"), styles.line
    word = "文件" if document_word else ""
    lines, size = _fitting(names, len(word), _DOCUMENT_MARK_MAX)
    height = size * MM_PER_POINT * (_MARK_LINE if len(lines) == 1 else _LINE_PITCH * len(lines))
    pitch = line / 20 * MM_PER_POINT
    before = math.ceil((_DOCUMENT_MARK_TOP - styles.top + height) / pitch + (2 if numbered else 1) - 0.5)
    number_bottom = styles.top + (before + 1) * pitch - _glyph_gap(16.0, line)
    rule = rectangle(2, LEFT, number_bottom + _RULE_GAP, TYPE_WIDTH_MM, _RED_RULE)
    box = _mark_box(1, _DOCUMENT_MARK_TOP, lines, style, size, word)
    return Furniture(box + rule, (before - head_lines) * line, 2 * line)


_LINE_PITCH = 1.26
"""From one line of a mark to the next, over its size."""
_LEAST_MARK, _DIVIDED_MARK_MAX = 26.0, 36.0
"""A mark stays larger than the title (22 pt): one that would come out smaller than 一号 is divided, into lines that are
no larger than 小初."""
_MOST_LINES = 3


def _fitting(names: Sequence[str], extra: int, maximum: float) -> tuple[list[str], float]:
    """The lines of a mark and their size in points: long names are divided where that keeps the mark large."""
    best = _size(names, extra, maximum)
    for count in range(2, _MOST_LINES + 1):
        if best[1] < _LEAST_MARK:
            lines = [line for name in names for line in _divided(name, extra, count)]
            best = max(best, _size(lines, extra, min(maximum, _DIVIDED_MARK_MAX)), key=lambda found: found[1])
    return best


def _divided(name: str, extra: int, count: int) -> list[str]:
    return [name] if _size([name], extra, math.inf)[1] >= _LEAST_MARK else divided(name, count)


def _size(lines: Sequence[str], extra: int, maximum: float) -> tuple[list[str], float]:
    """The largest size, in half points, at which the longest line (and 文件 beside it) fits the type area."""
    ems = max(width(line, 1000, 0) for line in lines) / 1000 + extra + (_WORD_GAP if len(lines) > 1 else 0)
    size = min(maximum, TYPE_WIDTH / 20 / ems)
    if len(lines) > 1:
        size = min(size, _JOINT_MARK_HEIGHT / MM_PER_POINT / _LINE_PITCH / len(lines))
    return list(lines), math.floor(size * 2) / 2


_WORD_GAP = 0.3
"""Between the lines of a mark and 文件 beside them, over its size."""
_SLACK = 10
"""Twips that keep the longest line from being broken."""


def _mark_box(number: int, y: float, lines: Sequence[str], style: str, size: float, word: str = "") -> str:
    if len(lines) == 1:
        content = _mark_paragraph(lines[0] + word, style, size, _MARK_LINE)
        return text_box(number, LEFT, y, TYPE_WIDTH_MM, size * MM_PER_POINT * _MARK_LINE + 0.5, content)
    pitch = _LINE_PITCH
    column = round(max(width(line, 1000, 0) for line in lines) * size / 1000 * 20) + _SLACK
    column_lines = "".join(_mark_paragraph(line, style, size, pitch, "distribute") for line in lines)
    word_cell = _mark_paragraph(word, style, size, pitch) if word else ""
    word_width = round((len(word) + _WORD_GAP) * size * 20) if word else 0
    cells = _cell(column, column_lines) + (_cell(word_width, word_cell, middle=True) if word else "")
    grid = f'<w:gridCol w:w="{column}"/>' + (f'<w:gridCol w:w="{word_width}"/>' if word else "")
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{column + word_width}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{cells}</w:tr></w:tbl>"
        '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    )
    above = (_BASELINE * pitch - _INK_TOP) * size * MM_PER_POINT
    return text_box(number, LEFT, y - above, TYPE_WIDTH_MM, size * MM_PER_POINT * pitch * len(lines) + 1, table)


def _mark_paragraph(text: str, style: str, size: float, pitch: float, justify: str = "center") -> str:
    points = round(size * 2)
    run = text_run(text, properties=f'<w:sz w:val="{points}"/><w:szCs w:val="{points}"/>')
    spacing = f'<w:spacing w:line="{round(size * pitch * 20)}" w:lineRule="exact"/><w:jc w:val="{justify}"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{spacing}</w:pPr>{run}</w:p>'


def _cell(cell_width: int, content: str, *, middle: bool = False) -> str:
    align = '<w:vAlign w:val="center"/>' if middle else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{cell_width}" w:type="dxa"/>{align}</w:tcPr>{content}</w:tc>'


def _glyph_top(points: float, line: int) -> float:
    """How far below the top of its line, in mm, a glyph of `points` begins."""
    return (line / 20 * _BASELINE - points * _ABOVE) * MM_PER_POINT


def _glyph_gap(points: float, line: int) -> float:
    """How far above the bottom of its line, in mm, a glyph of `points` ends."""
    return (line / 20 * (1 - _BASELINE) - points * _BELOW) * MM_PER_POINT


def _lines_to_title(bottom: float, styles: Styles) -> int:
    """Whole lines from the top of the type area after which the title is two lines below `bottom`."""
    pitch = styles.line / 20 * MM_PER_POINT
    return round((bottom - styles.top) / pitch + 2 - _glyph_top(22.0, styles.line) / pitch)


def _twips(mm: float) -> int:
    return round(mm / MM_PER_POINT * 20)
