"""A .docx as the rules see it: paragraphs with what applies to them, sections, headers and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.office.gate import open_to_read
from generator.office.ooxml import R, Relations, W, local, main_part, relations, xml
from generator.reading.labels import Labels
from generator.reading.local_rules import LocalRules, local_rules
from generator.reading.properties import Properties, attribute, number, switch, switched_on, value

PAGE_FIELD = "\ufddf"
"""Stands for a page number in the text of a header or footer; no document can hold this noncharacter."""
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink")}
_GONE = {f"{W}del", f"{W}moveFrom"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WORD_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}

Place = Literal["body", "table", "box"]
Role = Literal[
    "", "mark", "head_note", "number", "title", "recipients", "body", "heading", "note", "signature", "date",
    "annotation", "attachment_head", "attachment_title", "attachment", "appended", "imprint",
]  # fmt: skip
"""What a paragraph is in the document; "" for an empty one and for what no rule speaks of."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one appearance: the Chinese font and the Latin one, the size in points, a colour ("" is automatic)."""

    element: etree._Element
    text: str
    font: str
    latin: str
    themed: bool
    size: float
    bold: bool
    colour: str
    tighten: int
    hinted: bool
    slanted: bool
    underlined: bool


@dataclass(slots=True)
class Paragraph:
    """One paragraph; `number` counts from 1 as Word does, table cells included. Indents and heights are in twips.

    `text` is what is written in it, `label` what Word counts before it. `line` is twips, or 240ths of a line where
    `line_rule` is auto. `page` and `end_page` are known once the document has been rendered.
    """

    element: etree._Element
    number: int
    place: Place
    section: int
    text: str
    label: str
    style: str
    runs: tuple[Run, ...]
    align: str
    line: int
    line_rule: str
    space: int
    left: int
    right: int
    first: int
    page_break: bool
    broken_after: bool
    snapped: bool
    widow_control: bool
    drawn: bool
    role: Role = ""
    level: int = 0
    page: int | None = None
    end_page: int | None = None

    @property
    def bare(self) -> str:
        """The whole text, with its label, without blanks at its ends."""
        return (self.label + self.text).strip()

    @property
    def size(self) -> float:
        """The size of its first text, in points."""
        return next((run.size for run in self.runs if run.text.strip()), 0.0)

    @property
    def empty(self) -> bool:
        return not self.bare and not self.drawn


@dataclass(frozen=True, slots=True)
class Section:
    """Page set-up, in twips: the paper, its margins, the grid's pitch (0 without one), and its headers and footers."""

    element: etree._Element
    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int
    footer: int
    pitch: int
    char_space: int | None
    title_page: bool
    headers: Mapping[str, str]
    footers: Mapping[str, str]

    @property
    def turned(self) -> bool:
        return self.width > self.height

    @property
    def text_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        return self.height - self.top - self.bottom


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a rendered page: its text without blanks, its left, right, top and bottom edges in mm from the
    paper's top left corner.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(slots=True)
class Document:
    """A document. `official` is False for a form or a list, on which the standard is silent; `styled` says that it is
    set with the styles of our templates, whose attachments may be files beside it; `stories` are the
    headers' and footers' paragraphs by part; `local` is what its house style allows; `pages` the lines of each rendered
    page, None when it was not rendered.
    """

    name: str
    parts: dict[str, bytes]
    main: str
    roots: dict[str, etree._Element]
    paragraphs: list[Paragraph]
    boxes: list[Paragraph]
    sections: list[Section]
    stories: dict[str, list[Paragraph]]
    even_and_odd: bool
    changes: int
    local: LocalRules
    official: bool = True
    styled: bool = False
    pages: list[list[PrintedLine]] | None = None

    def of(self, *roles: Role) -> list[Paragraph]:
        return [paragraph for paragraph in self.paragraphs if paragraph.role in roles]

    def first(self, *roles: Role) -> Paragraph | None:
        return next(iter(self.of(*roles)), None)

    @property
    def letter(self) -> bool:
        """Whether it is in 信函格式: its first page bears no page number of its own (10.1)."""
        first = self.sections[0]
        return first.title_page and not numbers_of(self, first.footers.get("first", ""))


def numbers_of(document: Document, part: str) -> list[Paragraph]:
    """The paragraphs of a header or footer that hold the page number."""
    return [paragraph for paragraph in document.stories.get(part, []) if PAGE_FIELD in paragraph.text]


def read(data: bytes, name: str) -> Document:
    """The document in `data`; `name` is what messages call it.

    Tracked insertions count as text, deletions do not. Raises Problems when the gate refuses it or it is no .docx.
    """
    where = Where(name)
    parts = open_to_read(data, where)
    main = main_part(parts)
    root = xml(parts[main], where) if main else None
    body = None if root is None else root.find(f"{W}body")
    if root is None or body is None:
        message = _("this is no Word document (.docx)")
        raise Problems([error("file-not-word", where, message, _("Open it in Word or WPS and save it as .docx."))])
    rels = relations(parts, main)
    roots = {main: root}
    wanted = ("styles", "numbering", "theme", "settings", "header", "footer")
    for relation in rels.values():
        if relation.type in wanted and relation.target in parts:
            roots[relation.target] = xml(parts[relation.target], where)
    return _Reader(name, parts, main, roots, rels).document(body)


_IMPRINT = re.compile(r"(?:主送|抄送|抄报|抄发)：|.*印发$")
"""How a line of 版记 reads."""


class _Reader:
    def __init__(
        self, name: str, parts: dict[str, bytes], main: str, roots: dict[str, etree._Element], rels: Relations
    ) -> None:
        self.name, self.parts, self.main, self.roots, self.rels = name, parts, main, roots, rels
        self.properties = Properties(self._root("styles"), self._root("theme"))
        self.labels = Labels(self._root("numbering"))
        self.count = 0
        self.boxes: list[Paragraph] = []
        self.foot: list[Paragraph] = []

    def _root(self, kind: str) -> etree._Element | None:
        return next((self.roots.get(r.target) for r in self.rels.values() if r.type == kind), None)

    def document(self, body: etree._Element) -> Document:
        sections = self._sections(body)
        self._pitches = [section.pitch for section in sections]
        paragraphs = list(self._blocks(body, "body"))
        for paragraph in self.foot:
            paragraph.place, paragraph.section, paragraph.number = "body", len(sections) - 1, len(paragraphs) + 1
            paragraphs += [paragraph] if paragraph.bare else []
        _carry_breaks(paragraphs, sections)
        settings = self._root("settings")
        even = settings is not None and switched_on(settings.find(f"{W}evenAndOddHeaders"))
        changes = sum(1 for _found in body.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"))
        local = local_rules(settings)
        document = Document(
            self.name, self.parts, self.main, self.roots, paragraphs, self.boxes, sections, {}, even, changes, local
        )
        for relation in self.rels.values():
            if relation.type in ("header", "footer") and relation.target in self.roots:
                self.count, self.boxes = 0, []
                story = list(self._blocks(self.roots[relation.target], "body"))
                document.stories[relation.target] = [*story, *self.boxes]
        return document

    # -- sections

    def _sections(self, body: etree._Element) -> list[Section]:
        found: list[Section] = []
        for element in body.iter(f"{W}sectPr"):
            if element.getparent() is body or element.getparent().tag == f"{W}pPr":  # type: ignore[union-attr]
                found.append(self._section(element, found[-1] if found else None))
        if not found:
            found.append(self._section(etree.SubElement(body, f"{W}sectPr"), None))
        return found

    def _section(self, element: etree._Element, before: Section | None) -> Section:
        def measure(name: str, key: str, default: int) -> int:
            return number(attribute([element], name, key), default)

        grid = attribute([element], "docGrid", "type")
        pitch = measure("docGrid", "linePitch", 0) if grid in ("lines", "linesAndChars", "snapToChars") else 0
        char_space = measure("docGrid", "charSpace", 0) if grid in ("linesAndChars", "snapToChars") else None
        return Section(
            element,
            measure("pgSz", "w", 12240),
            measure("pgSz", "h", 15840),
            measure("pgMar", "top", 1440),
            measure("pgMar", "bottom", 1440),
            measure("pgMar", "left", 1440) + measure("pgMar", "gutter", 0),
            measure("pgMar", "right", 1440),
            measure("pgMar", "footer", 720),
            pitch,
            char_space,
            switched_on(element.find(f"{W}titlePg")),
            {**(before.headers if before else {}), **self._references(element, "header")},
            {**(before.footers if before else {}), **self._references(element, "footer")},
        )

    def _references(self, element: etree._Element, kind: str) -> dict[str, str]:
        found = {}
        for reference in element.findall(f"{W}{kind}Reference"):
            relation = self.rels.get(reference.get(f"{R}id", ""))
            if relation:
                found[reference.get(f"{W}type", "default")] = relation.target
        return found

    # -- paragraphs

    def _blocks(self, parent: etree._Element, place: Place) -> Iterator[Paragraph]:
        section = 0
        for child in _unwrapped(parent):
            if child.tag == f"{W}p":
                yield from self._paragraph(child, place, section)
                section += child.find(f"{W}pPr/{W}sectPr") is not None
            elif child.tag == f"{W}tbl":
                for cell in child.iter(f"{W}tc"):
                    for paragraph in self._blocks(cell, "box" if place == "box" else "table"):
                        paragraph.section = section
                        yield paragraph

    def _paragraph(self, element: etree._Element, place: Place, section: int) -> Iterator[Paragraph]:
        if place != "box":
            self.count += 1
        chain = self.properties.of_paragraph(element)
        runs = tuple(self._runs(element))
        text = "".join(run.text for run in runs)
        size = next((run.size for run in runs if run.text.strip()), 16.0)
        left, right, first = _indents(chain, size)
        pitch = self._pitches[min(section, len(self._pitches) - 1)] or 240
        rule = attribute(chain, "spacing", "lineRule") or "auto"
        yield Paragraph(
            element,
            self.count,
            place,
            section,
            text,
            self._label(chain) if text.strip() else "",
            self.properties.style_name(element),
            runs,
            _alignment(chain),
            number(attribute(chain, "spacing", "line"), 240),
            rule,
            _space(chain, pitch),
            left,
            right,
            first,
            switch(chain, "pageBreakBefore") or _page_break(element, before_text=True),
            _page_break(element, before_text=False),
            switch(chain, "snapToGrid", default=True),
            switch(chain, "widowControl", default=True),
            any(True for _found in element.iter(f"{W}drawing", f"{W}pict", f"{W}object")),
        )
        for box in _boxes(element):
            inside = list(self._blocks(box, "box"))
            # 版记 in a box stands at the foot of the last page, wherever it is anchored.
            (self.foot if any(_IMPRINT.match(each.bare) for each in inside) else self.boxes).extend(inside)

    def _label(self, chain: list[etree._Element]) -> str:
        for properties in chain:
            numbering = properties.find(f"{W}numPr")
            identity = None if numbering is None else attribute([numbering], "numId", "val")
            if numbering is not None and identity is not None:
                return self.labels.next(identity, _list_level(numbering))
        return ""

    def _runs(self, paragraph: etree._Element) -> Iterator[Run]:
        reading = _Fields()
        for element in _run_elements(paragraph):
            text = reading.text(element)
            chain = self.properties.of_run(element, paragraph)
            if text and not switch(chain, "vanish"):
                yield self._run(element, text, chain)

    def _run(self, element: etree._Element, text: str, chain: list[etree._Element]) -> Run:
        font, themed = self.properties.font(chain, "eastAsia")
        latin, latin_themed = self.properties.font(chain, "ascii")
        colour = value(chain, "color")
        return Run(
            element,
            text,
            font,
            latin,
            themed or latin_themed,
            number(value(chain, "sz", "20"), 20) / 2,
            switch(chain, "b"),
            "" if colour in ("auto", "000000") else colour.upper(),
            number(value(chain, "spacing", "0")),
            attribute(chain, "rFonts", "hint") == "eastAsia",
            switch(chain, "i"),
            value(chain, "u", "none") != "none",
        )


class _Fields:
    """Reads runs in order, a page number field as PAGE_FIELD, any other field as what it shows."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.shown: list[bool] = []

    def text(self, run: etree._Element) -> str:
        if run.tag == f"{W}fldSimple":
            return PAGE_FIELD if _is_page(run.get(f"{W}instr", "")) else ""
        return "".join(self._piece(child) for child in run)

    def _piece(self, child: etree._Element) -> str:
        name = local(child)
        if name == "fldChar":
            return self._mark(child.get(f"{W}fldCharType", ""))
        if name == "instrText" and self.codes:
            self.codes[-1] += child.text or ""
            return ""
        if self.codes and (not self.shown[-1] or _is_page(self.codes[-1])):
            return ""
        if name == "t":
            return child.text or ""
        if name == "br":
            return "\n" if child.get(f"{W}type", "textWrapping") == "textWrapping" else ""
        return _CHARACTERS.get(name, "")

    def _mark(self, kind: str) -> str:
        if kind == "begin":
            self.codes.append("")
            self.shown.append(False)
        elif kind == "separate" and self.codes:
            self.shown[-1] = True
        elif kind == "end" and self.codes:
            self.shown.pop()
            return PAGE_FIELD if _is_page(self.codes.pop()) else ""
        return ""


def _is_page(code: str) -> bool:
    return code.split()[:1] == ["PAGE"]


def _unwrapped(parent: etree._Element) -> Iterator[etree._Element]:
    """The children without what only wraps them, and without what is deleted."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _unwrapped(child)
        elif child.tag not in _GONE:
            yield child


def _run_elements(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs in order; a simple field that is the page number counts as one."""
    for child in _unwrapped(paragraph):
        if child.tag == f"{W}r":
            yield child
        elif child.tag == f"{W}fldSimple":
            yield from [child] if _is_page(child.get(f"{W}instr", "")) else _run_elements(child)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of its text boxes, once each, though a file may say them twice for old programs."""
    for box in paragraph.iter(f"{W}txbxContent"):
        around = [ancestor.tag for ancestor in box.iterancestors()]
        if _FALLBACK not in around and next(box.iterancestors(f"{W}p")) is paragraph:
            yield box


def _page_break(paragraph: etree._Element, *, before_text: bool) -> bool:
    """Whether a page break stands in it before any text, or after all of it."""
    seen_text = broken = False
    for element in paragraph.iter(f"{W}t", f"{W}br"):
        if element.tag == f"{W}t":
            seen_text, broken = seen_text or bool((element.text or "").strip()), False
        elif element.get(f"{W}type") == "page":
            if before_text and not seen_text and any((t.text or "").strip() for t in paragraph.iter(f"{W}t")):
                return True
            broken = True
    return broken and not before_text


def _list_level(numbering: etree._Element) -> int:
    level = attribute([numbering], "ilvl", "val") or "0"
    return int(level) if level.isdecimal() else 0


def _alignment(chain: list[etree._Element]) -> str:
    given = value(chain, "jc", "both")
    return {"start": "left", "end": "right", "both": "justify"}.get(given, given)


def _indents(chain: list[etree._Element], size: float) -> tuple[int, int, int]:
    """Left, right and first line, in twips; a measure in characters wins, as in Word."""

    def measure(key: str, other: str) -> int:
        characters = number(attribute(chain, "ind", f"{key}Chars", f"{other}Chars"))
        return round(characters / 100 * size * 20) or number(attribute(chain, "ind", key, other))

    hanging = number(attribute(chain, "ind", "hangingChars"))
    if hanging:
        first = -round(hanging / 100 * size * 20)
    elif characters := number(attribute(chain, "ind", "firstLineChars")):
        first = round(characters / 100 * size * 20)
    else:
        first = _first_line(chain)
    return measure("left", "start"), measure("right", "end"), first


def _first_line(chain: list[etree._Element]) -> int:
    """The nearest of w:firstLine and w:hanging: each shuts the other out."""
    for properties in chain:
        indent = properties.find(f"{W}ind")
        if indent is not None and indent.get(f"{W}hanging"):
            return -number(indent.get(f"{W}hanging"))
        if indent is not None and indent.get(f"{W}firstLine"):
            return number(indent.get(f"{W}firstLine"))
    return 0


def _space(chain: list[etree._Element], pitch: int) -> int:
    """Space before and after, together."""
    total = 0
    for side in ("before", "after"):
        lines = number(attribute(chain, "spacing", f"{side}Lines"))
        total += round(lines / 100 * pitch) or number(attribute(chain, "spacing", side))
    return total


def _carry_breaks(paragraphs: list[Paragraph], sections: list[Section]) -> None:
    """Lets a paragraph with text know that a page ended somewhere between it and the text before it."""
    pending, section = False, 0
    for paragraph in paragraphs:
        if paragraph.section != section:
            section = paragraph.section
            pending = pending or value([sections[section].element], "type", "nextPage") != "continuous"
        if paragraph.bare:
            paragraph.page_break, pending = paragraph.page_break or pending, False
        else:
            pending = pending or paragraph.page_break
        pending = pending or paragraph.broken_after


def text_box_side(paragraph: etree._Element) -> str:
    """Where the frame or text box that holds it stands: left, right, center, outside, or "" without one."""
    frame = paragraph.find(f"{W}pPr/{W}framePr")
    if frame is not None:
        return frame.get(f"{W}xAlign", "")
    for anchor in paragraph.iterancestors(f"{_WORD_DRAWING}anchor"):
        align = anchor.find(f"{_WORD_DRAWING}positionH/{_WORD_DRAWING}align")
        return "" if align is None else align.text or ""
    return ""
