"""The sections of a source in their new surroundings: page geometry untouched, headers, footers and numbers their own.

A section without a header or footer of some type takes the one of the section before it. What stands at the seams
therefore says of each type what it is, nothing if need be.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from generator.office.ooxml import W_NS, R, W, relations
from generator.office.parts import Host
from generator.word.join.settings import BEFORE_EVEN_AND_ODD, insert_after
from generator.word.join.source import Source, switched

_ID, _TYPE, _VAL = f"{R}id", f"{W}type", f"{W}val"
_KINDS = ("header", "footer")
_PAGES = ("default", "even", "first")
_ORDER = (
    "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc", "pgBorders",
    "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi",
    "rtlGutter", "docGrid",
)  # fmt: skip
"""The children of w:sectPr in the order of their schema."""
_STORY_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TINY = (
    '<w:p xmlns:w="{space}"><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
_NUMBER_DROP = 538
"""Twips from the foot of the type area to the foot of our page number's line: 7 mm and the line (GB/T 9704 7.5)."""


_HEADER_LINE = 400
"""Twips that the line of our header takes."""


class Geometry:
    """Brings the sections of one source over."""

    def __init__(self, host: Host, source: Source, number: int, restart: bool) -> None:
        self._host, self._source, self._number, self._restart = host, source, number, restart
        self._even = switched(source.root("settings"), "evenAndOddHeaders")

    def bring(self, copied: Callable[[str], str]) -> tuple[etree._Element, etree._Element]:
        """Makes the w:sectPr of the source fit the host; gives the first and the last, which ends the body.

        `copied` gives the name in the host of a part of the source.
        """
        sections = list(_sections(self._source.body))
        if not sections or sections[-1].getparent() is not self._source.body:
            sections.append(etree.SubElement(self._source.body, f"{W}sectPr"))
            _insert(sections[-1], etree.Element(f"{W}pgSz", {f"{W}w": "11906", f"{W}h": "16838"}))
        bare = not any(section.find(f"{W}footerReference") is not None for section in sections)
        headless = not any(section.find(f"{W}headerReference") is not None for section in sections)
        ours = [copy.deepcopy(one) for one in _first_section(self._host).findall(f"{W}footerReference")]
        for section in sections:
            self._refer(section, copied)
            self._footnotes(section)
            self._number_pages(section, first=section is sections[0])
        both_sides(self._host, self._even, sections)
        if bare and not self._restart and all(map(_has_room, sections)):
            self._our_footers(sections, ours)
        if headless and all(map(_has_head_room, sections)):
            self._our_marks(sections[0])
        complete(self._host, sections[0], self._number)
        kind = sections[0].find(f"{W}type")
        if kind is not None:
            sections[0].remove(kind)
        return sections[0], sections[-1]

    def _refer(self, section: etree._Element, copied: Callable[[str], str]) -> None:
        rels = relations(self._source.parts, self._source.main)
        for kind in _KINDS:
            for reference in section.findall(f"{W}{kind}Reference"):
                relation = rels.get(reference.get(_ID, ""))
                if relation is None or relation.target not in self._source.parts:
                    section.remove(reference)
                else:
                    reference.set(_ID, self._host.relate(self._host.main, kind, copied(relation.target)))

    def _footnotes(self, section: etree._Element) -> None:
        """How notes are numbered stands in the settings of the whole document, where the section does not say it."""
        settings = self._source.root("settings")
        given = None if settings is None else settings.find(f"{W}footnotePr")
        said = [] if given is None else [child for child in given if child.tag != f"{W}footnote"]
        if said and section.find(f"{W}footnotePr") is None:
            own = etree.Element(f"{W}footnotePr")
            own.extend(copy.deepcopy(child) for child in said)
            _insert(section, own)

    def _number_pages(self, section: etree._Element, *, first: bool) -> None:
        numbers = section.find(f"{W}pgNumType")
        if not self._restart:
            if numbers is not None:
                numbers.attrib.pop(f"{W}start", "")
        elif first:
            if numbers is None:
                numbers = etree.Element(f"{W}pgNumType")
                _insert(section, numbers)
            numbers.set(f"{W}start", numbers.get(f"{W}start", "1"))

    @staticmethod
    def _our_footers(sections: Sequence[etree._Element], ours: Sequence[etree._Element]) -> None:
        """Page numbers that run on through a source without any are ours, at their distance from its type area."""
        for reference in ours:
            if reference.get(_TYPE) != "first":
                _insert(sections[0], reference)
        for section in sections:
            margins = section.find(f"{W}pgMar")
            if margins is not None:
                margins.set(f"{W}footer", str(_bottom(section) - _NUMBER_DROP))

    def _our_marks(self, first: etree._Element) -> None:
        """送审稿 or 样例 stands on every page, also on those of a source that has no headers of its own."""
        for reference in _first_section(self._host).findall(f"{W}headerReference"):
            identity = reference.get(_ID, "")
            if reference.get(_TYPE) != "first" and self._host.story_text(identity):
                _insert(first, copy.deepcopy(reference))


def _has_head_room(section: etree._Element) -> bool:
    """Whether our header's line fits above the type area."""
    margins = section.find(f"{W}pgMar")
    sizes = [] if margins is None else [margins.get(f"{W}{side}", "") for side in ("top", "header")]
    top, header = (int(size) if size.isdecimal() else 0 for size in sizes or ("", ""))
    return top - header >= _HEADER_LINE


def _has_room(section: etree._Element) -> bool:
    """Whether our page number fits below the type area, where nothing stands yet."""
    return _bottom(section) >= 2 * _NUMBER_DROP


def _bottom(section: etree._Element) -> int:
    margins = section.find(f"{W}pgMar")
    value = "" if margins is None else margins.get(f"{W}bottom", "")
    return int(value) if value.isdecimal() else 0


def both_sides(host: Host, even: bool, sections: Sequence[etree._Element]) -> None:
    """Different even pages are one switch for the whole document: whoever has none gets the same on both sides."""
    settings = host.make("settings")
    ours = switched(settings, "evenAndOddHeaders")
    if even == ours:
        return
    if even:
        insert_after(settings, etree.Element(f"{W}evenAndOddHeaders"), BEFORE_EVEN_AND_ODD)
    for section in list(_sections(host.body)) if even else sections:
        for kind in _KINDS:
            _mirror(section, f"{W}{kind}Reference")


def _mirror(section: etree._Element, tag: str) -> None:
    for reference in section.findall(tag):
        if reference.get(_TYPE) == "even":
            section.remove(reference)
    for reference in section.findall(tag):
        if reference.get(_TYPE, "default") == "default":
            other = copy.deepcopy(reference)
            other.set(_TYPE, "even")
            _insert(section, other)


def complete(host: Host, section: etree._Element, number: int) -> None:
    """Gives a section at a seam an empty header and footer of each type that it has none of."""
    for kind in _KINDS:
        have = {one.get(_TYPE, "default") for one in section.findall(f"{W}{kind}Reference")}
        missing = [page for page in _PAGES if page not in have]
        if not missing:
            continue
        tag = {"header": "hdr", "footer": "ftr"}[kind]
        blank = etree.Element(f"{W}{tag}", nsmap={"w": W_NS})
        blank.append(_tiny())
        name = f"word/s{number}-blank-{kind}.xml"
        if name not in host.parts:
            host.add_story(name, blank, f"{_STORY_TYPE}.{kind}+xml")
        identity = host.relate(host.main, kind, name)
        for page in missing:
            reference = etree.Element(f"{W}{kind}Reference")
            reference.set(_TYPE, page)
            reference.set(_ID, identity)
            _insert(section, reference)


# -- seams -------------------------------------------------------------------------------------------------------------


def hoist_break(mark: etree._Element) -> None:
    """Lets the last paragraph before a source end the section, where a paragraph of its own does.

    That paragraph has a height, and after a full page it would stand alone on another.
    """
    for block in mark.itersiblings(preceding=True):
        section = block.find(f"{W}pPr/{W}sectPr") if block.tag == f"{W}p" else None
        if section is None:
            continue
        before = block.getprevious()
        alone = all(child.tag == f"{W}pPr" for child in block)
        if alone and before is not None and before.tag == f"{W}p" and before.find(f"{W}pPr/{W}sectPr") is None:
            _properties(before).append(section)
            parent = block.getparent()
            assert parent is not None
            parent.remove(block)
        return


def close_with(mark: etree._Element, section: etree._Element) -> None:
    """Ends the source's last section before the mark."""
    last = mark.getprevious()
    if last is None or last.tag != f"{W}p" or last.find(f"{W}pPr/{W}sectPr") is not None:
        last = _tiny()
        mark.addprevious(last)
    _properties(last).append(section)


def resume(host: Host, following: Sequence[etree._Element], number: int, page: int | None) -> None:
    """Our first section after a source: it takes no header or footer from it, and counts on from `page`."""
    section = next((one for block in following for one in _sections(block)), None)
    if section is None:
        return
    complete(host, section, number)
    kind = section.find(f"{W}type")
    if page is not None and (kind is None or kind.get(_VAL) != "evenPage"):
        numbers = section.find(f"{W}pgNumType")
        if numbers is None:
            numbers = etree.Element(f"{W}pgNumType")
            _insert(section, numbers)
        numbers.set(f"{W}start", str(page))


def restart_notes(section: etree._Element) -> None:
    """The footnotes of a source begin anew where others stand before it."""
    notes = section.find(f"{W}footnotePr")
    if notes is None:
        notes = etree.Element(f"{W}footnotePr")
        _insert(section, notes)
    restart = notes.find(f"{W}numRestart")
    if restart is None:
        restart = etree.SubElement(notes, f"{W}numRestart")
    restart.set(_VAL, "eachSect")


def _first_section(host: Host) -> etree._Element:
    return next(_sections(host.body))


def _sections(root: etree._Element) -> Iterator[etree._Element]:
    """The sections in order: those inside text boxes have none."""
    return root.iter(f"{W}sectPr")


def _properties(paragraph: etree._Element) -> etree._Element:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    return properties


def _insert(section: etree._Element, element: etree._Element) -> None:
    order = [f"{W}{name}" for name in _ORDER]
    rank = order.index(str(element.tag))
    before = [
        number for number, child in enumerate(section, 1) if child.tag in order and order.index(str(child.tag)) <= rank
    ]
    section.insert(max(before, default=0), element)


def _tiny() -> etree._Element:
    return etree.fromstring(_TINY.format(space=W_NS))
