"""Reading the content of a .docx or of a plain text: blocks of what a reader sees, tracked changes accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from generator.base.i18n import _, listed
from generator.base.problems import Problems, Where, error
from generator.base.values import clean_file
from generator.office.gate import open_package
from generator.office.ooxml import Relations, W, local, main_part, relations, xml
from generator.reading.fields import drop_unseen
from generator.reading.labels import Labels

_VAL, _STYLE_ID = f"{W}val", f"{W}styleId"
_OFF = ("0", "false", "off", "none")
_REMOVED = {f"{W}del", f"{W}moveFrom"}
_SKIPPED = {
    *_REMOVED,
    f"{W}pPr",
    f"{W}rPr",
    f"{W}drawing",
    f"{W}pict",
    f"{W}object",
    f"{W}txbxContent",
    f"{W}instrText",
    f"{W}delText",
}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0FC": "✓", "F0D8": "➢"}
"""What the private characters of Wingdings that forms use as boxes look like."""

Alignment = Literal["left", "center", "right", "justify"]
_ALIGNMENT: Mapping[str, Alignment] = {
    "left": "left", "start": "left", "center": "center", "right": "right", "end": "right", "both": "justify",
    "distribute": "justify",
}  # fmt: skip
_MAX_STYLE_DEPTH = 12
_MAX_SPAN = 63
"""Columns: what Word allows a table to have."""


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """One paragraph, with the label that Word counts before it, or one table.

    `text` has "\\n" for a line break and "\\t" for a tab; a table's holds its cells, tabs between, a line each row.
    `rows` are a table's cells by row: a cell over several columns or rows is followed by empty ones. `alignment` and
    `bold` are what applies, from the paragraph itself or from its style; bold means all of the text. `label` is the
    counted part of `text` once more.
    """

    kind: Literal["paragraph", "table"]
    text: str
    style_name: str = ""
    alignment: Alignment = "left"
    bold: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    label: str = field(default="", compare=False)


def read_blocks(data: bytes, where: Where) -> list[SourceBlock]:
    """The blocks of a .docx in reading order, as if every tracked change had been accepted and hidden text removed.

    Text of a text box follows the paragraph that holds it. Empty paragraphs are kept: they are part of the layout.
    Raises Problems when the gate refuses the file, or when part of its text is not in it (altChunk, subDocument).
    """
    parts = open_package(data, where)
    main = main_part(parts)
    root = xml(parts[main], Where(main)) if main else None
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        message = _("this is no Word document (.docx)")
        raise Problems([error("file-not-word", where, message, _("Open it in Word or WPS and save it as .docx."))])
    foreign = sorted({local(element) for element in body.iter(f"{W}altChunk", f"{W}subDoc")})
    if foreign:
        message = _("part of the text is kept outside the document ({kind})").format(kind=listed(foreign))
        hint = _("Open it in Word, save it as a new .docx, and use that one.")
        raise Problems([error("source-foreign-text", where, message, hint)])
    drop_unseen(body)
    return list(_Reader.of(parts, relations(parts, main)).blocks(body))


def read_text_blocks(data: bytes, file: str) -> list[SourceBlock]:
    """The lines of a plain text (UTF-8, or else GB 18030) as paragraphs; lines of blanks only are left out.

    `file` is its name in messages. Raises Problems when the bytes are text in neither, or hold what no document can.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = [line.strip() for line in clean_file(text, file).split("\n")]
        return [SourceBlock("paragraph", line) for line in lines if line]
    message = _("the text is written neither in UTF-8 nor in GB 18030")
    raise Problems([error("text-encoding", Where(file), message, _("Save it as UTF-8."))])


@dataclass
class _Reader:
    """The styles and the numbering of a document, and the counts so far."""

    styles: Mapping[str, etree._Element]
    default_style: str
    labels: Labels
    _pending: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Mapping[str, bytes], rels: Relations) -> _Reader:
        needed = {r.type: r.target for r in rels.values() if r.type in ("styles", "numbering") and r.target in parts}
        found = {kind: xml(parts[part], Where(part)) for kind, part in needed.items()}
        styles = found.get("styles")
        of_all = [] if styles is None else styles.findall(f"{W}style")
        defaults = [s for s in of_all if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default", "0") not in _OFF]
        default = defaults[0].get(_STYLE_ID, "") if defaults else ""
        return cls({style.get(_STYLE_ID, ""): style for style in of_all}, default, Labels(found.get("numbering")))

    def blocks(self, parent: etree._Element) -> Iterator[SourceBlock]:
        for child in _content(parent):
            if child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}p":
                yield from self._paragraph(child)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[SourceBlock]:
        text = "".join(_text(paragraph))
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            # A deleted paragraph mark joins what it ended to the paragraph after it.
            self._pending.append(text)
            return
        text = "".join([*self._pending, text])
        self._pending.clear()
        chain = self._chain(paragraph)
        label = self._label(chain) if text.strip() else ""
        name = self._style_name(paragraph)
        alignment, bold = self._alignment(chain), self._bold(paragraph, chain)
        yield SourceBlock("paragraph", label + text, name, alignment, bold, label=label)
        for box in _text_boxes(paragraph):
            yield from self.blocks(box)

    def _style_id(self, paragraph: etree._Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.default_style if style is None else style.get(_VAL, "")

    def _style_name(self, paragraph: etree._Element) -> str:
        style = self.styles.get(self._style_id(paragraph))
        name = None if style is None else style.find(f"{W}name")
        return "" if name is None else name.get(_VAL, "")

    def _based(self, style_id: str) -> list[etree._Element]:
        """A style and the styles that it is based on, nearest first."""
        found: list[etree._Element] = []
        while style_id in self.styles and len(found) < _MAX_STYLE_DEPTH:
            found.append(self.styles[style_id])
            based = found[-1].find(f"{W}basedOn")
            style_id = "" if based is None else based.get(_VAL, "")
        return found

    def _chain(self, paragraph: etree._Element) -> list[etree._Element]:
        """The paragraph itself and its styles: the first that says something decides."""
        return [paragraph, *self._based(self._style_id(paragraph))]

    def _alignment(self, chain: list[etree._Element]) -> Alignment:
        found = (element.find(f"{W}pPr/{W}jc") for element in chain)
        given = next((element.get(_VAL, "") for element in found if element is not None), "")
        return _ALIGNMENT.get(given, "left")

    def _bold(self, paragraph: etree._Element, chain: list[etree._Element]) -> bool:
        runs = [run for run in paragraph.iter(f"{W}r") if "".join(_text(run)).strip() and not _is_removed(run)]
        from_style = _switch([element.find(f"{W}rPr/{W}b") for element in chain[1:]])
        return bool(runs) and all(self._run_bold(run, from_style) for run in runs)

    def _run_bold(self, run: etree._Element, from_style: bool) -> bool:
        style = run.find(f"{W}rPr/{W}rStyle")
        styles = [] if style is None else self._based(style.get(_VAL, ""))
        switches = [element.find(f"{W}rPr/{W}b") for element in [run, *styles]]
        return _switch(switches) if any(switch is not None for switch in switches) else from_style

    def _label(self, chain: list[etree._Element]) -> str:
        for element in chain:
            numbering = element.find(f"{W}pPr/{W}numPr")
            number = None if numbering is None else numbering.find(f"{W}numId")
            if numbering is None or number is None:
                continue
            level = numbering.find(f"{W}ilvl")
            depth = "0" if level is None else level.get(_VAL, "0")
            return self.labels.next(number.get(_VAL, ""), int(depth) if depth.isdecimal() else 0)
        return ""

    def _table(self, table: etree._Element) -> Iterator[SourceBlock]:
        rows = [self._row(row) for row in _content(table) if row.tag == f"{W}tr"]
        kept = tuple(row for row in rows if row is not None)
        if rows and not kept:
            return  # every row is deleted, and so is the table
        text = "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in kept)
        yield SourceBlock("table", text, self._table_style(table), rows=kept)

    def _table_style(self, table: etree._Element) -> str:
        style = table.find(f"{W}tblPr/{W}tblStyle")
        found = None if style is None else self.styles.get(style.get(_VAL, ""))
        name = None if found is None else found.find(f"{W}name")
        return "" if name is None else name.get(_VAL, "")

    def _row(self, row: etree._Element) -> tuple[str, ...] | None:
        if row.find(f"{W}trPr/{W}del") is not None:
            return None
        cells: list[str] = []
        for cell in _content(row):
            if cell.tag != f"{W}tc":
                continue
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            text = "\n".join(block.text for block in self.blocks(cell))
            cells.append("" if merged is not None and merged.get(_VAL) != "restart" else text)
            width = "1" if span is None else span.get(_VAL, "1")
            cells += [""] * (min(int(width), _MAX_SPAN) - 1 if width.isdecimal() else 0)
        return tuple(cells)


def _content(parent: etree._Element) -> Iterator[etree._Element]:
    """The children of a block, without what only wraps them (content controls, tracked insertions, custom XML)."""
    for child in parent:
        if child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _content(child)
        else:
            yield child


def _text(element: etree._Element) -> Iterator[str]:
    """The visible text inside a paragraph or a run, in order: no deletions, no hidden runs, no field instructions."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == _FALLBACK:
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}sym":
            yield _SYMBOLS.get(child.get(f"{W}char", "").upper(), "□")
        elif child.tag == f"{W}br" and child.get(f"{W}type", "textWrapping") != "textWrapping":
            continue
        elif str(child.tag).startswith(W) and local(child) in _CHARACTERS:
            yield _CHARACTERS[local(child)]
        elif child.tag != f"{W}r" or not _switch([child.find(f"{W}rPr/{W}vanish")]):
            yield from _text(child)


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of the text boxes of a paragraph, once each, though the file says them twice for old programs."""
    for box in paragraph.iter(f"{W}txbxContent"):
        around = {ancestor.tag for ancestor in box.iterancestors()}
        if _FALLBACK not in around and not around & _REMOVED and next(box.iterancestors(f"{W}p")) is paragraph:
            yield box


def _is_removed(run: etree._Element) -> bool:
    return any(ancestor.tag in _REMOVED or ancestor.tag == _FALLBACK for ancestor in run.iterancestors())


def _switch(elements: list[etree._Element | None]) -> bool:
    """The first switch of a chain that says anything; off without one."""
    given = next((element for element in elements if element is not None), None)
    return given is not None and given.get(_VAL, "true") not in _OFF
