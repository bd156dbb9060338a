"""Tracked changes accepted and comments dropped, in one story of a document (ECMA-376 Part 1, 17.13)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from generator.office.ooxml import W, means_nothing, remove, unwrap

_INSERTED = (f"{W}ins", f"{W}moveTo")
_DELETED = (f"{W}del", f"{W}moveFrom")
_FORMER = (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tblPrExChange", "tcPrChange",
    "trPrChange", "numberingChange",
)  # fmt: skip
_RANGES = tuple(
    f"{kind}Range{end}"
    for kind in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel", "customXmlMoveFrom", "customXmlMoveTo")
    for end in ("Start", "End")
)
_EDITING = ("permStart", "permEnd", "dataBinding", "placeholder", "printerSettings")
"""Traces that point into parts which stay behind: editors' rights, a store of data, building blocks, a printer."""
_CHANGE = (*_INSERTED, *_DELETED, *(f"{W}{name}" for name in (*_FORMER, "cellIns", "cellDel", "cellMerge")))
_MARKS = {f"{W}bookmarkStart", f"{W}bookmarkEnd"}


@dataclass
class Accepted:
    """How many changes were accepted, and the ids of the comments that were dropped, over all stories."""

    changes: int = 0
    comments: set[str] = field(default_factory=set)


def accept(story: etree._Element, accepted: Accepted) -> None:
    """Makes the story what Word makes of it by “accept all changes” and “delete all comments”; adds to the counts."""
    accepted.changes += sum(1 for _change in story.iter(*_CHANGE))
    ended = _without_mark(story)
    _delete_cells(story)
    for element in list(story.iter(*(f"{W}{name}" for name in (*_FORMER, *_RANGES, *_EDITING)), *_DELETED)):
        remove(element)
    for element in list(story.iter(*_INSERTED, f"{W}cellIns", f"{W}cellMerge")):
        unwrap(element)
    for paragraph in ended:
        _run_on(paragraph)
    _drop_comments(story, accepted)
    _drop_traces(story)


def _without_mark(story: etree._Element) -> list[etree._Element]:
    """The paragraphs whose own mark is deleted: each runs on into the next."""
    return [
        paragraph
        for paragraph in story.iter(f"{W}p")
        if any(paragraph.find(f"{W}pPr/{W}rPr/{tag}") is not None for tag in _DELETED)
    ]


def _delete_cells(story: etree._Element) -> None:
    for row in list(story.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            remove(row)
    for cell in list(story.iter(f"{W}tc")):
        if cell.find(f"{W}tcPr/{W}cellDel") is not None:
            remove(cell)
    for row in list(story.iter(f"{W}tr")):
        if row.find(f".//{W}tc") is None:
            remove(row)
    for table in list(story.iter(f"{W}tbl")):
        if table.find(f".//{W}tr") is None:
            remove(table)


def _run_on(paragraph: etree._Element) -> None:
    """Joins a paragraph to the next one, whose properties count; one with nothing to run on into stays if it has text.

    A cell and a story need one paragraph at least.
    """
    parent = paragraph.getparent()
    if parent is None:
        return
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    following = paragraph.getnext()
    while following is not None and following.tag in _MARKS:
        following = following.getnext()
    if following is None or following.tag != f"{W}p":
        if not any(child.tag not in _MARKS for child in content) and _spare(paragraph):
            for mark in content:
                paragraph.addprevious(mark)
            remove(paragraph)
        return
    properties = following.find(f"{W}pPr")
    start = 0 if properties is None else 1
    for number, child in enumerate(content):
        following.insert(start + number, child)
    remove(paragraph)


def _spare(paragraph: etree._Element) -> bool:
    parent = paragraph.getparent()
    return parent is not None and parent[-1] is not paragraph and len(parent.findall(f"{W}p")) > 1


def _drop_comments(story: etree._Element, accepted: Accepted) -> None:
    for reference in list(story.iter(f"{W}commentReference")):
        accepted.comments.add(reference.get(f"{W}id", ""))
        run = reference.getparent()
        remove(reference)
        if run is not None and all(child.tag == f"{W}rPr" for child in run):
            remove(run)
    for element in list(story.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd")):
        remove(element)


def _drop_traces(story: etree._Element) -> None:
    for element in list(story.iter(etree.Element)):
        if means_nothing(element):
            remove(element)
            continue
        for key in list(element.attrib):
            name = str(key).rpartition("}")[2]
            if name.startswith("rsid") or name in ("paraId", "textId"):
                del element.attrib[key]
