"""Findings written into a copy of a .docx as Word comments, each at its paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from generator.base.problems import Where
from generator.lint.edit import add_part, packed
from generator.lint.rules import Finding, level_name
from generator.office.ooxml import W_NS, W, local, relations, xml
from generator.reading.document import Document, Paragraph, read_document

_AUTHOR, _INITIALS = "fawen", "fw"


def commented(data: bytes, name: str, findings: Sequence[Finding]) -> bytes:
    """The document with a comment for each finding; one that concerns no paragraph stands at the first.

    Comments that are there stay. Raises Problems when it cannot be read.
    """
    document = read_document(data, name)
    written = [paragraph for paragraph in document.paragraphs if paragraph.bare] or document.paragraphs
    if findings and written:
        comments = _comments(document)
        free = 1 + max((int(each.get(f"{W}id", "0")) for each in comments), default=-1)
        by_number = {paragraph.number: paragraph for paragraph in document.paragraphs}
        for identity, found in enumerate(findings, free):
            paragraph = by_number.get(found.where.line or 0, written[0])
            comments.append(_comment(identity, _lines(found)))
            _anchor(paragraph, str(identity))
    return packed(document)


def _comments(document: Document) -> etree._Element:
    """The root of the comments, made when there are none."""
    for relation in relations(document.parts, document.main).values():
        if relation.type == "comments" and relation.target in document.parts:
            root = xml(document.parts[relation.target], Where(document.name))
            document.roots[relation.target] = root
            return root
    root = etree.Element(f"{W}comments", nsmap={"w": W_NS})
    add_part(document, "comments", root)
    return root


def _lines(found: Finding) -> list[str]:
    return [f"{found.message}{found.others}", found.hint, f"{level_name(found.level)}, {found.clause} [{found.code}]"]


def _comment(identity: int, lines: Iterable[str]) -> etree._Element:
    comment = etree.Element(f"{W}comment")
    for key, value in {"id": str(identity), "author": _AUTHOR, "initials": _INITIALS}.items():
        comment.set(f"{W}{key}", value)
    for line in lines:
        run = etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r")
        etree.SubElement(run, f"{W}t").text = line
    return comment


def _anchor(paragraph: Paragraph, identity: str) -> None:
    """Marks the whole paragraph as what the comment speaks of."""
    element = paragraph.element
    start, end = (etree.Element(f"{W}commentRange{edge}") for edge in ("Start", "End"))
    run = etree.Element(f"{W}r")
    for mark in (start, end, etree.SubElement(run, f"{W}commentReference")):
        mark.set(f"{W}id", identity)
    first = 1 if len(element) and local(element[0]) == "pPr" else 0
    element.insert(first, start)
    element.append(end)
    element.append(run)
