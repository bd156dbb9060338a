"""Distances by arithmetic: blank lines between two paragraphs, and where a line stands between the edges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.lint.page import pitch
from generator.reading.document import Document, Paragraph
from generator.word.page.layout import LINE, width


def blank_lines_between(document: Document, first: Paragraph, second: Paragraph) -> float:
    """How many lines of the text stand empty between two paragraphs of the same story."""
    between = document.paragraphs[first.number : second.number - 1]
    unit = line_unit(document)
    total = sum((pitch(p, document.sections[p.section]) or unit) + p.space for p in between if not p.bare)
    return (total + first.space // 2 + second.space // 2) / unit


def line_unit(document: Document) -> int:
    """The height of a line of the text, in twips."""
    for paragraph in document.of("body", "heading"):
        if height := pitch(paragraph, document.sections[paragraph.section]):
            return height
    return LINE


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a line begins from the left edge of the type area and ends from the right one, in characters."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left - self.right) / 2


_ROW = re.compile(r"\S[ \u3000]{2,}\S")


def extent(document: Document, paragraph: Paragraph) -> Extent | None:
    """Where a paragraph of one line stands; None for a row of names, what tabs place or what is longer."""
    main = max(paragraph.runs, key=lambda run: len(run.text))
    size, tighten = round(main.size * 20), main.tighten
    text = paragraph.text.rstrip(" ")
    wide = width(text.strip("\u3000 "), size, tighten)
    area = document.sections[paragraph.section].text_width
    room = area - paragraph.left - paragraph.right - paragraph.first
    whole = width(text, size, tighten)
    if "\t" in paragraph.text or _ROW.search(text) or whole > room + size:
        return None
    em = max(size + tighten, 1)
    leading = width(text[: len(text) - len(text.lstrip("\u3000 "))], size, tighten)
    start = {"right": room - whole, "center": (room - whole) // 2}.get(paragraph.align, 0)
    left = paragraph.left + paragraph.first + start + leading
    return Extent(left / em, (area - left - wide) / em)
