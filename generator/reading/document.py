"""The one reading of a .docx: what a person sees in order, with what applies to it, where it stands, how pages are set.

Paragraphs, tables and text boxes of the document, of its headers, footers and notes; tracked changes count as accepted,
hidden text is left out. ECMA-376-1 17.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree

from generator.base.i18n import _, listed
from generator.base.problems import Problems, Where, error
from generator.office.gate import open_to_read
from generator.office.ooxml import R, Relations, W, local, main_part, relations, xml
from generator.reading.inline import (
    FALLBACK,
    PAGE_FIELD,
    Piece,
    held,
    pieces_of,
    runs_of,
    told_by_fields,
    unwrapped,
)
from generator.reading.labels import Labels
from generator.reading.local_rules import LocalRules, local_rules
from generator.reading.properties import Properties, attribute, number, switch, switched_on, value

_REMOVED = {f"{W}del", f"{W}moveFrom"}
_WORD_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_UNSEEN = {
    "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd", "sectPr", "break",
    "framePr", "insMark", "delMark", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
    "sdt", "sdtContent", "ins", "moveTo", "del", "moveFrom", "customXml", "smartTag", "hyperlink", "dir", "bdo",
    "fldChar", "instrText", "fldSimple", "commentReference", "softHyphen", "vanish",
}  # fmt: skip
"""Of what a paragraph may hold besides plain runs, all that a reader does not see by itself."""
_DRAWN = {"drawing", "pict", "object"}
_TALL = {*_DRAWN, "AlternateContent", "oMath", "oMathPara", "ruby", "contentPart"}
_MAX_SPAN = 63
"""Columns: what Word allows a table to have."""

Place = Literal["body", "table", "box"]
Role = Literal[
    "", "mark", "head_note", "number", "title", "title_note", "recipients", "body", "heading", "note", "signature",
    "date", "annotation", "attachment_head", "attachment_title", "attachment", "appended", "imprint",
]  # fmt: skip
"""What a paragraph is in the document; "" for an empty one and for what no rule speaks of.

A title note is what stands between title and recipients: the date of issue, often with the number, as courts write it.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one appearance: the Chinese font and the Latin one, the size in points, a colour ("" is automatic).

    `pieces` are its characters by the elements that write them.
    """

    element: etree._Element
    text: str
    pieces: tuple[Piece, ...]
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

    `text` is what is written in it, "\\n" a line break, "\\t" a tab; `label` what Word counts before it. `holds` names
    what is in it besides plain runs of text. `cell` is the number of its outermost table, and row and column there;
    `boxes` are the blocks of text boxes that hang in it. `line` is twips, or 240ths of a line where `line_rule` is
    auto. `page` and `end_page` are known once the document has been rendered.
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
    holds: frozenset[str]
    cell: tuple[int, int, int] | None
    boxes: tuple[Block, ...] = ()
    role: Role = ""
    level: int = 0
    page: int | None = None
    end_page: int | None = None

    @property
    def shown(self) -> str:
        """The whole text, with its label."""
        return self.label + self.text

    @property
    def bare(self) -> str:
        """The whole text, with its label, without blanks at its ends."""
        return self.shown.strip()

    @property
    def size(self) -> float:
        """The size of its first text, in points."""
        return next((run.size for run in self.runs if run.text.strip()), 0.0)

    @property
    def bold(self) -> bool:
        """Whether all of its text is bold."""
        written = [run for run in self.runs if run.text.strip()]
        return bool(written) and all(run.bold for run in written)

    @property
    def drawn(self) -> bool:
        """Whether a picture, a drawing or an object hangs in it."""
        return bool(self.holds & _DRAWN)

    @property
    def empty(self) -> bool:
        """Whether a reader sees an empty line; something that is not seen may be in it (see `plain`)."""
        return not self.bare and not self.holds - _UNSEEN

    @property
    def plain(self) -> bool:
        """Whether nothing is in it but plain runs of text that are seen."""
        return not self.holds

    @property
    def tall(self) -> bool:
        """Whether something in it may be taller than a line of text: a picture, a formula, a guide above characters."""
        return bool(self.holds & _TALL)

    @property
    def spot(self) -> str:
        """Where it stands, as a person would say."""
        if self.cell:
            table, row, column = self.cell
            return _("table {table}, row {row}, column {column}").format(table=table, row=row, column=column)
        if self.place == "box":
            return _("text box at paragraph {number}").format(number=self.number)
        return _("paragraph {number}").format(number=self.number)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table and what stands in it; `row` and `column` count from 1 on the table's grid."""

    row: int
    column: int
    row_span: int
    column_span: int
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return "\n".join(block.shown for block in reading_order(self.blocks))


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `number` counts the tables of a story from 1, those inside another one not. Of merged cells the first
    stands for all.
    """

    element: etree._Element
    number: int
    place: Place
    section: int
    style: str
    cells: tuple[TableCell, ...]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The texts of its cells by row; what a cell covers besides its first place is empty."""
        height = max((cell.row + cell.row_span - 1 for cell in self.cells), default=0)
        width = max((cell.column + cell.column_span - 1 for cell in self.cells), default=0)
        grid = [[""] * width for _row in range(height)]
        for cell in self.cells:
            grid[cell.row - 1][cell.column - 1] = cell.text
        return tuple(tuple(row) for row in grid)

    @property
    def shown(self) -> str:
        """The texts of its cells, tabs between, a line for each row."""
        return "\n".join("\t".join(text.replace("\n", " ") for text in row) for row in self.rows)

    @property
    def spot(self) -> str:
        return _("table {table}").format(table=self.number)


Block = Paragraph | Table


def reading_order(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, each followed by those of the text boxes that hang in it."""
    for block in blocks:
        yield block
        if isinstance(block, Paragraph):
            yield from reading_order(block.boxes)


def paragraphs_of(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """The paragraphs of the blocks and of the cells of their tables, without those of text boxes."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for cell in block.cells:
                yield from paragraphs_of(cell.blocks)


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
    """A document: its `blocks` in order, and `paragraphs` through all tables.

    `official` is False for a form or a list, on which the standard is silent; `styled` says that it is
    set with the styles of our templates, whose attachments may be files beside it; `stories` are the paragraphs of
    headers, footers, footnotes and endnotes by part; `foreign` names what of its text is kept outside of it;
    `local` is what its house style allows; `pages` the lines of each rendered page, None when it was not rendered.
    """

    name: str
    parts: dict[str, bytes]
    main: str
    roots: dict[str, etree._Element]
    blocks: tuple[Block, ...]
    paragraphs: list[Paragraph]
    sections: list[Section]
    stories: dict[str, list[Paragraph]]
    even_and_odd: bool
    changes: int
    foreign: tuple[str, ...]
    local: LocalRules
    official: bool = True
    styled: bool = False
    pages: list[list[PrintedLine]] | None = None

    @property
    def boxes(self) -> list[Paragraph]:
        """The paragraphs of its text boxes."""
        return boxed_in(self.paragraphs)

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


def boxed_in(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs of the text boxes that hang in some paragraphs, boxes in boxes too."""
    found: list[Paragraph] = []
    for paragraph in paragraphs:
        inside = list(paragraphs_of(paragraph.boxes))
        found += [*inside, *boxed_in(inside)]
    return found


def read_document(data: bytes, name: str) -> Document:
    """The document in `data`; `name` is what messages call it.

    Raises Problems when the gate refuses it or it is no .docx.
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
    for relation in rels.values():
        if relation.type in (*_DEFINITIONS, *_STORIES) and relation.target in parts:
            roots[relation.target] = xml(parts[relation.target], where)
    return _DocumentReader(name, parts, main, roots, rels).document(body)


_DEFINITIONS = ("styles", "numbering", "theme", "settings")
_STORIES = ("header", "footer", "footnotes", "endnotes")


def refuse_foreign(document: Document) -> None:
    """Raises Problems when part of the text is not in the document itself (altChunk, subDoc)."""
    if document.foreign:
        message = _("part of the text is kept outside the document ({kind})").format(kind=listed(document.foreign))
        hint = _("Open it in Word, save it as a new .docx, and use that one.")
        raise Problems([error("source-foreign-text", Where(document.name), message, hint)])


_IMPRINT = re.compile(r"(?:主送|抄送|抄报|抄发)：|.*印发$")
"""How a line of 版记 reads."""


def _add_foot(paragraphs: list[Paragraph], section: int) -> None:
    """版记 in a text box stands at the foot of the last page, wherever it is anchored: it ends the text."""
    for anchor in list(paragraphs):
        inside = boxed_in([anchor]) if anchor.boxes else []
        if any(_IMPRINT.match(paragraph.bare) for paragraph in inside):
            for paragraph in filter(lambda each: each.bare, inside):
                paragraph.place, paragraph.section, paragraph.number = "body", section, len(paragraphs) + 1
                paragraphs.append(paragraph)


class _DocumentReader:
    """Reads the stories of one document with its styles, its numbering and its sections."""

    def __init__(
        self, name: str, parts: dict[str, bytes], main: str, roots: dict[str, etree._Element], rels: Relations
    ) -> None:
        self.name, self.parts, self.main, self.roots, self.rels = name, parts, main, roots, rels
        self.properties = Properties(self._root("styles"), self._root("theme"))
        self.labels = Labels(self._root("numbering"))

    def _root(self, kind: str) -> etree._Element | None:
        return next((self.roots.get(r.target) for r in self.rels.values() if r.type == kind), None)

    def document(self, body: etree._Element) -> Document:
        sections = self._sections(body)
        pitches = [section.pitch for section in sections]
        story = _StoryReader(self.properties, self.labels, pitches, body, page_numbers=False)
        blocks, paragraphs = story.blocks(), story.paragraphs
        _add_foot(paragraphs, len(sections) - 1)
        _carry_breaks(paragraphs, sections)
        settings = self._root("settings")
        return Document(
            name=self.name,
            parts=self.parts,
            main=self.main,
            roots=self.roots,
            blocks=blocks,
            paragraphs=paragraphs,
            sections=sections,
            stories=dict(self._stories(pitches)),
            even_and_odd=settings is not None and switched_on(settings.find(f"{W}evenAndOddHeaders")),
            changes=sum(1 for _found in body.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")),
            foreign=tuple(sorted({local(each) for each in body.iter(f"{W}altChunk", f"{W}subDoc")})),
            local=local_rules(settings),
        )

    def _stories(self, pitches: Sequence[int]) -> Iterator[tuple[str, list[Paragraph]]]:
        for relation in self.rels.values():
            if relation.type in _STORIES and relation.target in self.roots:
                root = self.roots[relation.target]
                story = _StoryReader(self.properties, self.labels, pitches, root, page_numbers=True)
                story.blocks()
                yield relation.target, [*story.paragraphs, *boxed_in(story.paragraphs)]

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


@dataclass
class _StoryReader:
    """Reads one story in order; `paragraphs` are those read so far, those of text boxes not among them."""

    properties: Properties
    labels: Labels
    pitches: Sequence[int]
    story: etree._Element
    page_numbers: bool
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: int = 0
    section: int = 0
    cell: tuple[int, int, int] | None = None
    told: Mapping[etree._Element, str] = field(default_factory=dict)

    def blocks(self) -> tuple[Block, ...]:
        self.told = told_by_fields(self.story, page_numbers=self.page_numbers)
        if local(self.story) in ("footnotes", "endnotes"):
            notes = [note for note in self.story if note.get(f"{W}type") in (None, "normal")]
            return tuple(block for note in notes for block in self._blocks(note, "body"))
        return tuple(self._blocks(self.story, "body"))

    def _blocks(self, parent: etree._Element, place: Place) -> Iterator[Block]:
        # A deleted paragraph mark joins what it ended to the paragraph after it.
        joined: list[etree._Element] = []
        for child in unwrapped(parent):
            if child.tag == f"{W}p":
                joined.append(child)
            if joined and (child.tag == f"{W}tbl" or not _mark_deleted(joined[-1])):
                yield self._paragraph(joined, place)
                joined = []
            if child.tag == f"{W}tbl":
                yield from self._table(child, place)
        if joined:
            yield self._paragraph(joined, place)

    def _paragraph(self, elements: Sequence[etree._Element], place: Place) -> Paragraph:
        element = elements[-1]
        chain = self.properties.of_paragraph(element)
        runs = tuple(run for each in elements for run in self._runs(each))
        text = "".join(run.text for run in runs)
        size = next((run.size for run in runs if run.text.strip()), 16.0)
        left, right, first = _indents(chain, size)
        pitch = self.pitches[min(self.section, len(self.pitches) - 1)] or 240
        paragraph = Paragraph(
            element=element,
            number=len(self.paragraphs) + (place != "box"),
            place=place,
            section=self.section,
            text=text,
            label=self._label(chain) if text.strip() else "",
            style=self.properties.style_name(element),
            runs=runs,
            align=_alignment(chain),
            line=number(attribute(chain, "spacing", "line"), 240),
            line_rule=attribute(chain, "spacing", "lineRule") or "auto",
            space=_space(chain, pitch),
            left=left,
            right=right,
            first=first,
            page_break=switch(chain, "pageBreakBefore")
            or any(_page_break(each, before_text=True) for each in elements),
            broken_after=_page_break(element, before_text=False),
            snapped=switch(chain, "snapToGrid", default=True),
            widow_control=switch(chain, "widowControl", default=True),
            holds=frozenset().union(*(held(each) for each in elements), self._hidden(elements)),
            cell=self.cell,
        )
        self.paragraphs += [] if place == "box" else [paragraph]
        paragraph.boxes = tuple(
            block for each in elements for box in _boxes(each) for block in self._blocks(box, "box")
        )
        self.section += sum(each.find(f"{W}pPr/{W}sectPr") is not None for each in elements)
        return paragraph

    def _label(self, chain: list[etree._Element]) -> str:
        numbered = next((each for each in chain if each.find(f"{W}numPr/{W}numId") is not None), None)
        if numbered is None:
            return ""
        identity = next((each.get(f"{W}val", "") for each in numbered.iterfind(f"{W}numPr/{W}numId")), "")
        levels = (each.find(f"{W}numPr/{W}ilvl") for each in chain[: chain.index(numbered) + 1])
        given = next((level.get(f"{W}val", "") for level in levels if level is not None), "")
        style = numbered.getparent()
        named = "" if style is None else style.get(f"{W}styleId", "")
        return self.labels.next(identity, int(given) if given.isdecimal() else self.labels.level_of(identity, named))

    def _runs(self, paragraph: etree._Element) -> Iterator[Run]:
        for element in runs_of(paragraph, self.told):
            pieces = tuple(piece for piece in pieces_of(element, self.told) if piece.text)
            chain = self.properties.of_run(element, paragraph) if pieces else []
            if pieces and not switch(chain, "vanish"):
                yield self._run(element, pieces, chain)

    def _hidden(self, paragraphs: Sequence[etree._Element]) -> set[str]:
        """Says "vanish" where a run that holds anything is hidden."""
        for paragraph in paragraphs:
            for run in paragraph.iter(f"{W}r"):
                holds = any(child.tag != f"{W}rPr" for child in run)
                if holds and switch(self.properties.of_run(run, paragraph), "vanish"):
                    return {"vanish"}
        return set()

    def _run(self, element: etree._Element, pieces: tuple[Piece, ...], chain: list[etree._Element]) -> Run:
        font, themed = self.properties.font(chain, "eastAsia")
        latin, latin_themed = self.properties.font(chain, "ascii")
        colour = value(chain, "color")
        return Run(
            element=element,
            text="".join(piece.text for piece in pieces),
            pieces=pieces,
            font=font,
            latin=latin,
            themed=themed or latin_themed,
            size=number(value(chain, "sz", "20"), 20) / 2,
            bold=switch(chain, "b"),
            colour="" if colour in ("auto", "000000") else colour.upper(),
            tighten=number(value(chain, "spacing", "0")),
            hinted=attribute(chain, "rFonts", "hint") == "eastAsia",
            slanted=switch(chain, "i"),
            underlined=value(chain, "u", "none") != "none",
        )

    # -- tables

    def _table(self, element: etree._Element, place: Place) -> Iterator[Table]:
        outer = self.cell
        self.tables += outer is None
        number = self.tables
        rows = [row for row in unwrapped(element) if row.tag == f"{W}tr"]
        kept = [row for row in rows if row.find(f"{W}trPr/{W}del") is None]
        cells = []
        section = self.section
        for row_number, row in enumerate(kept, 1):
            for column, span, cell in _placed(row):
                self.cell = outer or (number, row_number, column)
                blocks = tuple(self._blocks(cell, "box" if place == "box" else "table"))
                cells.append((_goes_on(cell), TableCell(row_number, column, 1, span, blocks)))
        self.cell, self.section = outer, section
        style = element.find(f"{W}tblPr/{W}tblStyle")
        name = "" if style is None else self.properties.named(style.get(f"{W}val", ""))
        if kept or not rows:
            yield Table(element, number, place, section, name, _merged(cells))


def _mark_deleted(paragraph: etree._Element) -> bool:
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _placed(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """The cells of a row, each with its column from 1 and the number of columns that it takes."""
    column = 1 + min(_given(row.find(f"{W}trPr/{W}gridBefore"), 0), _MAX_SPAN)
    cells = [cell for cell in unwrapped(row) if cell.tag == f"{W}tc"]
    for index, cell in enumerate(cells):
        if index and _merge(cell, "hMerge") == "continue":
            column += 1
            continue
        span = max(1, min(_given(cell.find(f"{W}tcPr/{W}gridSpan"), 1), _MAX_SPAN))
        following = itertools.takewhile(lambda other: _merge(other, "hMerge") == "continue", cells[index + 1 :])
        yield column, span + sum(1 for _cell in following), cell
        column += span


def _given(element: etree._Element | None, default: int) -> int:
    return default if element is None else number(element.get(f"{W}val"), default)


def _merge(cell: etree._Element, name: str) -> str:
    """restart, continue, or "" for a cell that is not merged (17.4.84)."""
    found = cell.find(f"{W}tcPr/{W}{name}")
    return "" if found is None else found.get(f"{W}val", "continue")


def _goes_on(cell: etree._Element) -> bool:
    return _merge(cell, "vMerge") == "continue"


def _merged(cells: Iterable[tuple[bool, TableCell]]) -> tuple[TableCell, ...]:
    """The cells, each with those below that only go on with it."""
    found: dict[tuple[int, int], TableCell] = {}
    last: dict[int, tuple[int, int]] = {}
    for goes_on, cell in cells:
        above = last.get(cell.column)
        if goes_on and above and found[above].row + found[above].row_span == cell.row:
            found[above] = replace(found[above], row_span=found[above].row_span + 1)
        else:
            found[cell.row, cell.column] = cell
            last[cell.column] = (cell.row, cell.column)
    return tuple(found.values())


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of its text boxes, once each, though a file may say them twice for old programs."""
    for box in paragraph.iter(f"{W}txbxContent"):
        around = {ancestor.tag for ancestor in box.iterancestors()}
        if FALLBACK not in around and not around & _REMOVED and next(box.iterancestors(f"{W}p")) is paragraph:
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


def _alignment(chain: list[etree._Element]) -> str:
    given = value(chain, "jc", "left")
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


def text_box_side(paragraph: Paragraph, section: Section) -> str:
    """On which side the frame or text box that holds it puts it: left, right, center, outside; "" without one."""
    frame = paragraph.element.find(f"{W}pPr/{W}framePr")
    if frame is not None:
        return frame.get(f"{W}xAlign", "")
    for around in paragraph.element.iterancestors():
        if around.tag == f"{_WORD_DRAWING}anchor":
            return _anchored_side(around, section)
        if match := _VML_SIDE.search(around.get("style", "")):
            return match[1]
    return ""


_VML_SIDE = re.compile(r"mso-position-horizontal:\s*(left|center|right|outside|inside)")
_EMU = 635
"""EMU in a twip."""


def _anchored_side(anchor: etree._Element, section: Section) -> str:
    place = anchor.find(f"{_WORD_DRAWING}positionH")
    align = None if place is None else place.find(f"{_WORD_DRAWING}align")
    offset = None if place is None else place.find(f"{_WORD_DRAWING}posOffset")
    extent = anchor.find(f"{_WORD_DRAWING}extent")
    if align is not None:
        return align.text or ""
    if place is None or offset is None or extent is None:
        return ""
    width = number(extent.get("cx")) // _EMU
    if width > section.text_width * 0.6:
        return ""  # so wide a box leaves the side to the paragraph in it
    edge = {"page": 0, "leftMargin": 0, "rightMargin": section.width - section.right}
    left = edge.get(place.get("relativeFrom", ""), section.left) + number(offset.text) // _EMU
    middle = (left + width / 2 - section.left) / max(section.text_width, 1)
    return "left" if middle < 0.4 else "right" if middle > 0.6 else "center"
