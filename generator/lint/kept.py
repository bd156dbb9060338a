"""What a document holds, so that a repair can show that it lost nothing: text, fields, pictures, formulas, marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from generator.office.ooxml import R, W, local
from generator.reading.document import Document, Paragraph
from generator.reading.inline import PAGE_FIELD

_PLAIN = {
    "p", "r", "t", "tab", "br", "cr", "pPr", "rPr", "sectPr", "tbl", "tr", "tc", "tblPr", "tblGrid", "trPr", "tcPr",
    "proofErr", "lastRenderedPageBreak", "noBreakHyphen", "body", "document", "hdr", "ftr", "background",
}  # fmt: skip
"""Elements of a story that hold text, or say how something looks."""
_PROPERTIES = ("pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx")
_NUMBERING = {"fldChar", "instrText", "fldSimple"}
"""What a page number is made of."""


def content(document: Document) -> Counter[str]:
    """Everything in the stories of a document but its text, each as a word; page numbers are not counted."""
    found: Counter[str] = Counter()
    for part, root in document.roots.items():
        if local(root) in ("document", "hdr", "ftr", "footnotes", "endnotes", "comments"):
            found.update(f"{part} {word}" for word in _words(root, _page_numbers(document, part)))
    return found


def _page_numbers(document: Document, part: str) -> set[etree._Element]:
    """The paragraphs of a story that hold a page number."""
    return {paragraph.element for paragraph in document.stories.get(part, ()) if PAGE_FIELD in paragraph.text}


def _words(element: etree._Element, numbers: set[etree._Element], numbered: bool = False) -> Iterator[str]:
    for child in element:
        name = local(child)
        if str(child.tag).startswith(W) and name in _PROPERTIES:
            continue
        inside = numbered or child in numbers
        if not (str(child.tag).startswith(W) and name in _PLAIN) and not (inside and name in _NUMBERING):
            yield _word(child)
        yield from _words(child, numbers, inside)


def _word(element: etree._Element) -> str:
    """An element by its name, what it is called or refers to, and its own text."""
    said = (
        element.get(f"{W}{key}") or element.get(key) or "" for key in ("name", "id", "instr", "fldCharType", "char")
    )
    refers = (str(value) for key, value in sorted(element.attrib.items()) if str(key).startswith(R))
    return " ".join(filter(None, [local(element), *said, *refers, (element.text or "").strip()]))


def texts(document: Document) -> Mapping[str, list[str]]:
    """The paragraphs of each story that hold any text, without blanks and page numbers."""
    stories = {"": [*document.paragraphs, *document.boxes], **document.stories}
    said = {part: [text for each in story if (text := _said(each))] for part, story in stories.items()}
    return {part: lines for part, lines in said.items() if lines}


def _said(paragraph: Paragraph) -> str:
    return "" if PAGE_FIELD in paragraph.text else "".join(paragraph.shown.split())
