"""Pages as LibreOffice prints them: their lines, the page of each paragraph, and the rules that only they can show."""

from __future__ import annotations

import bisect
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from generator.base.i18n import _, later, listed
from generator.base.problems import Problems
from generator.lint.rules import Hit, rule
from generator.office.libreoffice import Converter, find
from generator.reading.document import Document, Paragraph, PrintedLine, Section
from generator.word.page.layout import LINE_CHARACTERS, PAGE_LINES

_MM = 25.4 / 72
_SAME_LINE_MM = 2.0
_KEY = 12
"""Characters by which a paragraph is found on the pages."""


def printed(paths: Sequence[Path]) -> tuple[dict[Path, bytes], str]:
    """The PDF of each file that LibreOffice can print, and why others have none: no program, or not in time."""
    try:
        import pdfplumber  # noqa: F401

        with Converter(find()) as converter:
            made = dict(converter.convert([(path, path) for path in paths]))
        pdfs = {path: pdf for path, pdf in made.items() if isinstance(pdf, bytes)}
        left = [path.name for path in paths if path not in pdfs]
        message = _(
            "{files}: LibreOffice could not lay it out in time, so what only rendered pages show was not checked"
        )
        return pdfs, message.format(files=listed(left)) if left else ""
    except ImportError:
        return {}, _("what only rendered pages show was not checked; install: pip install pdfplumber")
    except Problems as reason:
        return {}, _("{reason}: what only rendered pages show was not checked").format(
            reason=reason.problems[0].message
        )


def page_lines(data: bytes) -> list[list[PrintedLine]]:
    """The lines of each page of a PDF."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [_lines(page.chars) for page in pdf.pages]


def _lines(characters: list[dict[str, Any]]) -> list[PrintedLine]:
    """The characters of a page, gathered by their baselines."""
    rows: list[list[dict[str, Any]]] = []
    for character in sorted(characters, key=lambda c: (c["bottom"], c["x0"])):
        if not character["text"].strip():
            continue
        if rows and character["bottom"] - rows[-1][0]["bottom"] < _SAME_LINE_MM / _MM:
            rows[-1].append(character)
        else:
            rows.append([character])
    return [_line(sorted(row, key=lambda c: c["x0"])) for row in rows]


def _line(row: list[dict[str, Any]]) -> PrintedLine:
    return PrintedLine(
        "".join(character["text"] for character in row),
        row[0]["x0"] * _MM,
        max(character["x1"] for character in row) * _MM,
        min(character["top"] for character in row) * _MM,
        max(character["bottom"] for character in row) * _MM,
    )


def place(document: Document) -> None:
    """Finds the first and the last page of each paragraph on the rendered pages, in order."""
    texts = [
        "".join(line.text for line in _inside(document.sections[0], page, _MARGIN_MM)) for page in document.pages or []
    ]
    ends = list(itertools.accumulate(len(text) for text in texts))
    whole, at = "".join(texts), 0
    for paragraph in document.paragraphs:
        text = "".join(paragraph.text.split())
        if not text or (paragraph.place == "table" and paragraph.role != "imprint"):
            continue
        found = whole.find(text[:_KEY], at)
        if found < 0:
            continue
        # Where the rest reads otherwise (a field, a ligature), no more than the beginning is known.
        at = found + (len(text) if whole.startswith(text, found) else len(text[:_KEY]))
        paragraph.page = bisect.bisect_right(ends, found) + 1
        paragraph.end_page = bisect.bisect_right(ends, at - 1) + 1


_MARGIN_MM = 4.0


def _inside(section: Section, page: list[PrintedLine], beyond: float = 0.0) -> list[PrintedLine]:
    """The lines of the type area, without header and footer."""
    top, bottom = section.top / 1440 * 25.4, (section.height - section.bottom) / 1440 * 25.4
    return [line for line in page if line.top >= top - _SAME_LINE_MM - beyond and line.bottom < bottom + _LAST_MM]


_LAST_MM = 4.0
"""A page number stands 7 mm below the type area; a font's own depth may reach a little below it."""


def _full_pages(document: Document) -> Iterator[tuple[int, list[PrintedLine], Paragraph]]:
    """Pages that hold nothing but running text: between the page on which it begins and that on which it ends.

    A page after which the author begins a new one may be short.
    """
    text = [p for p in document.of("body", "heading") if p.page and p.end_page]
    tables = any(paragraph.place == "table" for paragraph in document.of("body", "heading", ""))
    if document.pages is None or not text or tables:
        return
    for number in range((text[0].page or 0) + 1, text[-1].end_page or 0):
        inside = [paragraph for paragraph in text if paragraph.page == number]
        broken = any(paragraph.page == number + 1 and paragraph.page_break for paragraph in text)
        section = document.sections[inside[0].section] if inside else None
        if section and not section.turned and not broken:
            yield number, _inside(section, document.pages[number - 1]), inside[0]


@rule(
    "rendered-lines", "should", "5.2.3", later("a full page of 21 lines"),
    later("Use exact line spacing without space between paragraphs, and switch widow control off."), rendered=True,
)  # fmt: skip
def rendered_lines(document: Document) -> Iterator[Hit]:
    """A full page of text, as rendered, does not have 22 lines."""
    for number, lines, first in _full_pages(document):
        if len(lines) != PAGE_LINES:
            message = _("page {page}, full of text, has {lines} lines as rendered, not 22")
            yield Hit(message.format(page=number, lines=len(lines)), first)


@rule(
    "rendered-characters", "should", "5.2.3", later("full lines of 27 characters"),
    later("Condense the characters by 0.25 pt, or set a grid of 28 characters a line."), rendered=True,
)  # fmt: skip
def rendered_characters(document: Document) -> Iterator[Hit]:
    """The full lines of a page, as rendered, do not hold 28 characters."""
    for _number, lines, first in _full_pages(document):
        full = [len(line.text) for line in lines if line.text.isprintable() and not _narrow(line.text)]
        if full and max(full) < LINE_CHARACTERS:
            yield Hit(_("the longest line holds {count} characters, not 28").format(count=max(full)), first)


def _narrow(text: str) -> bool:
    """Whether half-width characters make its count meaningless."""
    return any(character < "\u2000" for character in text)


@rule(
    "text-on-first-page", "must", "7.3.3", later("page 1 without text of the body"),
    later("Let page 1 show text: move 主送机关 into 版记, or draw the head together."), rendered=True,
)  # fmt: skip
def text_on_first_page(document: Document) -> Iterator[Hit]:
    """Page 1 shows no text of the body."""
    first = document.first("body", "heading")
    if first and (first.page or 1) > 1:
        yield Hit(_("the text begins on page {page}").format(page=first.page), first)
