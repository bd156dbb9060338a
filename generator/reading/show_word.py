"""A .docx as total, reviewable text: page, styles, one line a paragraph or table row, then whatever is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from generator.base.problems import Where
from generator.office.ooxml import (
    Relations,
    W,
    attributes,
    compact,
    digest,
    head,
    local,
    means_nothing,
    outline,
    relations,
    visible,
    xml,
)

TWIPS_PER_MM = 1440 / 25.4
_ABBREVIATED = 12
"""Characters of a run that are repeated below its paragraph: enough to find it, since runs are listed in order."""

_VAL, _STYLE_ID, _TYPE = f"{W}val", f"{W}styleId", f"{W}type"
_PARAGRAPH, _TABLE, _RUN = f"{W}p", f"{W}tbl", f"{W}r"
_CONTAINERS = {
    "hyperlink",
    "ins",
    "del",
    "moveFrom",
    "moveTo",
    "smartTag",
    "customXml",
    "sdt",
    "dir",
    "bdo",
    "fldSimple",
}
_INLINE = 72
"""Characters up to which anything that is no text stands in the line of its paragraph."""

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STORY_PARTS = {"header", "footer", "footnotes", "endnotes", "comments"}
_STYLE_REFERENCES = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
_STYLE_LINKS = (f"{W}basedOn", f"{W}link", f"{W}next")


def word_lines(parts: Mapping[str, bytes], main: str) -> tuple[list[str], set[str]]:
    """The lines of a .docx whose main part is `main`, and the names of the parts that they describe in full."""
    rels = relations(parts, main)
    stories = _stories(parts, main)
    by_type = {relation.type: relation.target for relation in rels.values() if relation.target in parts}
    styles = Styles.read(parts, by_type.get("styles", ""))
    roots = {part: xml(parts[part], Where(part)) for part in [main, *stories]}
    earlier = set(roots[main].iterfind(f".//{W}sectPrChange/{W}sectPr"))
    sections = [section for section in roots[main].iter(f"{W}sectPr") if section not in earlier]
    lines = ["# page"]
    for number, section in enumerate(sections, 1):
        lines += _section_lines(section, number, rels)
    lines += ["", "# styles", *styles.lines(roots.values())]
    for part, root in roots.items():
        kind = "document" if part == main else stories[part]
        lines += ["", f"# {kind} {part}", *StoryText(styles, relations(parts, part)).story(root)]
    return lines, {*roots, styles.part} - {""}


def _stories(parts: Mapping[str, bytes], main: str) -> dict[str, str]:
    """The kind of each further part that holds paragraphs, in a fixed order."""
    found = {
        relation.target: relation.type
        for relation in relations(parts, main).values()
        if relation.type in _STORY_PARTS and relation.target in parts
    }
    return dict(sorted(found.items()))


def _section_lines(section: etree._Element, number: int, rels: Relations) -> Iterator[str]:
    shown = attributes(section, rels)
    yield f"section {number}" + (f" ({' '.join(shown)})" if shown else "")
    for child in section:
        if local(child) in ("pgSz", "pgMar"):
            yield f"  {compact(child, rels)} = {_in_millimetres(child)}"
        else:
            yield from outline(child, rels, "  ")


def _in_millimetres(element: etree._Element) -> str:
    lengths = ((str(key).rpartition("}")[2], str(value)) for key, value in sorted(element.attrib.items()))
    return " ".join(
        f"{name} {int(value) / TWIPS_PER_MM:.1f} mm"
        for name, value in lengths
        if value.lstrip("-").isdecimal() and name not in ("code", "gutter") and int(value)
    )


# -- styles ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Styles:
    """The style definitions of a document; `part` is empty when it has none."""

    part: str = ""
    root: etree._Element | None = None
    by_id: Mapping[str, etree._Element] = field(default_factory=dict)

    @classmethod
    def read(cls, parts: Mapping[str, bytes], part: str) -> Styles:
        if not part:
            return cls()
        root = xml(parts[part], Where(part))
        return cls(part, root, {style.get(_STYLE_ID, ""): style for style in root.iter(f"{W}style")})

    def name(self, style_id: str) -> str:
        """The style's name; its id with a question mark when it is not defined."""
        found = self.by_id.get(style_id)
        name = found.find(f"{W}name") if found is not None else None
        return f"? {style_id}" if name is None else name.get(_VAL, style_id)

    def default(self, kind: str) -> str:
        """The id of the style that applies where none is named."""
        found = (
            i for i, s in self.by_id.items() if s.get(_TYPE) == kind and s.get(f"{W}default") in ("1", "true", "on")
        )
        return next(found, "")

    def lines(self, stories: Iterable[etree._Element]) -> Iterator[str]:
        """Every style in use or made by hand, whole; of each other one, and of the table of hidden ones, a digest."""
        if self.root is None:
            return
        used = self._used(stories)
        shown = attributes(self.root, {})
        yield from ([f"styles({' '.join(shown)})"] if shown else [])
        for child in self.root:
            style_id = child.get(_STYLE_ID, "")
            if local(child) == "latentStyles":
                yield f"latentStyles {len(child)} {digest(compact(child, {}))}"
            elif local(child) == "style" and style_id not in used and child.get(f"{W}customStyle") is None:
                yield f"style {self.name(style_id)}: not used {digest(compact(child, {}))}"
            elif local(child) == "style":
                yield from self._style(child)
            else:
                yield from outline(child, {})

    def _style(self, style: etree._Element) -> Iterator[str]:
        plain = [child for child in style if local(child) != "name" and not len(child) and not means_nothing(child)]
        names = frozenset({_STYLE_ID})
        facts = [*attributes(style, {}, names), *(compact(child, {}) for child in plain)]
        yield f"style {self.name(style.get(_STYLE_ID, ''))} [{style.get(_STYLE_ID, '')}]: {' '.join(facts)}"
        for child in style:
            if len(child):
                yield from outline(child, {}, "  ")

    def _used(self, stories: Iterable[etree._Element]) -> set[str]:
        waiting = [element.get(_VAL, "") for story in stories for element in story.iter(*_STYLE_REFERENCES)]
        waiting += [self.default(kind) for kind in ("paragraph", "character", "table", "numbering")]
        found: set[str] = set()
        while waiting:
            style_id = waiting.pop()
            if style_id in found or style_id not in self.by_id:
                continue
            found.add(style_id)
            waiting += [element.get(_VAL, "") for element in self.by_id[style_id].iter(*_STYLE_LINKS)]
        return found


# -- stories -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: raw `text` of one kind, with its run's properties; None outside any run.

    kind: text, what is read; instruction, of a field; mark, already in the form that is shown.
    """

    kind: str
    text: str
    properties: str | None
    below: tuple[str, ...] = ()


@dataclass
class StoryText:
    """The text of one part that holds paragraphs and tables: body, header, footer, notes."""

    styles: Styles
    rels: Relations
    _sections: int = 0

    def story(self, root: etree._Element) -> list[str]:
        """Every block of the part; what else its root holds comes as it is."""
        lines = [f"({' '.join(shown)})"] if (shown := attributes(root, self.rels)) else []
        for child in root:
            if local(child) == "body":
                lines += self.blocks(child)
            elif child.find(_PARAGRAPH) is not None or child.find(_TABLE) is not None:
                lines += [f"{local(child)} {' '.join(attributes(child, self.rels))}", *self.blocks(child, "  ")]
            else:
                lines += self.block(child)
        return lines

    def blocks(self, parent: etree._Element, indent: str = "") -> list[str]:
        """The blocks of a body, a note or a cell: paragraphs, tables, and anything else in its generic form."""
        return [line for child in parent if not means_nothing(child) for line in self.block(child, indent)]

    def block(self, element: etree._Element, indent: str = "") -> list[str]:
        if element.tag == _PARAGRAPH:
            return self.paragraph(element, indent)
        if element.tag == _TABLE:
            return self.table(element, indent)
        if element.tag == f"{W}sectPr":
            return [indent + self._section_end()]
        return self._generic(element, indent)

    def _section_end(self) -> str:
        self._sections += 1
        return f"--- end of section {self._sections}"

    def _generic(self, element: etree._Element, indent: str) -> list[str]:
        """Any element; the paragraphs and tables in it in their own form."""
        if not any(True for _found in element.iter(_PARAGRAPH, _TABLE)):
            return outline(element, self.rels, indent)
        return [indent + head(element, self.rels), *self.blocks(element, indent + "  ")]

    # -- paragraphs --

    def paragraph(self, paragraph: etree._Element, indent: str = "") -> list[str]:
        """`style | text`, then what deviates from the style: the paragraph's properties, the runs' and long content."""
        text, below = self.text(paragraph)
        line = f"{indent}{self._style_name(paragraph)} | {text}".rstrip("\n")
        lines = [f"{line[:-1]}␣" if line.endswith(" ") and text else line.rstrip()]
        lines += [f"{indent}    {line}" for line in [*self._own_properties(paragraph), *below]]
        if paragraph.find(f"{W}pPr/{W}sectPr") is not None:
            lines.append(indent + self._section_end())
        return lines

    def _style_name(self, paragraph: etree._Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.styles.name(style.get(_VAL, "") if style is not None else self.styles.default("paragraph"))

    def _own_properties(self, paragraph: etree._Element) -> list[str]:
        own = attributes(paragraph, self.rels)
        properties = paragraph.find(f"{W}pPr")
        if properties is not None:
            own += self._properties(properties, frozenset({f"{W}pStyle", f"{W}sectPr"}))
        return [f"paragraph {' '.join(own)}"] if own else []

    def _properties(self, element: etree._Element, without: frozenset[str] = frozenset()) -> list[str]:
        kept = [child for child in element if child.tag not in without and not means_nothing(child)]
        return [*attributes(element, self.rels), *(compact(child, self.rels) for child in kept)]

    def text(self, paragraph: etree._Element) -> tuple[str, list[str]]:
        """The text of a paragraph, ‹› around each run that has properties of its own, and these below, in order."""
        pieces = list(_merged(self._pieces(paragraph, frozenset({f"{W}pPr"}))))
        below = [line for piece in pieces for line in piece.below]
        given = {piece.properties for piece in pieces} - {None}
        if len(given) == 1:
            shown = "".join(_shown(piece) for piece in pieces)
            properties = given.pop()
            return shown, [*([f"run {properties}"] if properties else []), *below]
        line, runs = "", []
        for properties, group in groupby(pieces, key=lambda piece: piece.properties):
            shown = "".join(_shown(piece) for piece in group)
            line += f"‹{shown}›" if properties else shown
            if properties:
                cut = shown if len(shown) <= _ABBREVIATED else shown[:_ABBREVIATED] + "…"
                runs.append(f"‹{cut}› {properties}")
        return line, [*runs, *below]

    def _pieces(self, parent: etree._Element, described: frozenset[str]) -> Iterator[Piece]:
        """The pieces of everything in `parent` but the children with a tag in `described`, which others show."""
        for child in parent:
            if child.tag in described or means_nothing(child):
                continue
            if child.tag == _RUN:
                yield from self._run(child)
            elif local(child) in _CONTAINERS and str(child.tag).startswith(W):
                yield from self._container(child)
            else:
                yield self._mark(child, None)

    def _container(self, element: etree._Element) -> Iterator[Piece]:
        """What stands around runs: `{hyperlink(r:id→https://…) text}`; a simple field as `{PAGE=1}`."""
        simple = element.tag == f"{W}fldSimple"
        facts = attributes(element, self.rels, frozenset({f"{W}instr"}) if simple else frozenset())
        described = frozenset(str(child.tag) for child in element if local(child).endswith("Pr"))
        facts += [compact(child, self.rels) for child in element if child.tag in described]
        opened = visible(element.get(f"{W}instr", "").strip()) if simple else local(element)
        yield Piece("mark", f"{{{opened}{_bracketed(facts)}{'=' if simple else ' '}", None)
        for child in element if element.tag == f"{W}sdt" else [element]:
            if child.tag not in described:
                yield from self._pieces(child, described if child is element else frozenset())
        yield Piece("mark", "}", None)

    def _run(self, run: etree._Element) -> Iterator[Piece]:
        properties = run.find(f"{W}rPr")
        shown = attributes(run, self.rels) + ([] if properties is None else self._properties(properties))
        own = " ".join(shown)
        content = [child for child in run if child is not properties and not means_nothing(child)]
        if own and not content:
            yield Piece("text", "", own)
        for child in content:
            yield self._run_piece(child, own)

    def _run_piece(self, child: etree._Element, own: str) -> Piece:
        kind = local(child) if str(child.tag).startswith(W) else ""
        if kind in ("t", "delText"):
            return Piece("text", _run_text(child), own)
        if kind in ("instrText", "delInstrText"):
            return Piece("instruction", child.text or "", own)
        if kind == "fldChar":
            return self._field_mark(child, own)
        if kind == "tab" and not child.attrib:
            return Piece("mark", "→", own)
        if kind == "br" and not child.attrib:
            return Piece("mark", "⏎", own)
        return self._mark(child, own)

    def _field_mark(self, element: etree._Element, own: str) -> Piece:
        kind = element.get(f"{W}fldCharType", "")
        facts = attributes(element, self.rels, frozenset({f"{W}fldCharType"}))
        facts += [compact(child, self.rels) for child in element]
        return Piece(
            "mark", {"begin": "{", "separate": "=", "end": "}"}.get(kind, f"{{? {kind}}}") + _bracketed(facts), own
        )

    def _mark(self, element: etree._Element, own: str | None) -> Piece:
        """Anything else in a paragraph: short as `{footnoteReference(id=2)}`, long as `{drawing}` with lines below."""
        whole = f"{{{compact(element, self.rels)}}}"
        if len(whole) <= _INLINE and not any(True for _found in element.iter(_PARAGRAPH, _TABLE)):
            return Piece("mark", whole, own)
        return Piece("mark", f"{{{local(element)}}}", own, tuple(self._generic(element, "")))

    # -- tables --

    def table(self, table: etree._Element, indent: str = "") -> list[str]:
        """The table's properties; each distinct layout of a cell and of a row under a short name; then row by row."""
        properties = table.find(f"{W}tblPr")
        facts = attributes(table, self.rels) + ([] if properties is None else self._properties(properties))
        layouts: dict[str, None] = {}
        rows: list[str] = []
        for child in table:
            if child.tag == f"{W}tr":
                rows += self._row(child, layouts)
            elif child is not properties and not means_nothing(child):
                rows += self._generic(child, "")
        inner = [*layouts, *_counted(rows)]
        return [f"{indent}table {' '.join(facts)}".rstrip(), *(f"{indent}  {line}" for line in inner)]

    def _row(self, row: etree._Element, layouts: dict[str, None]) -> list[str]:
        facts = attributes(row, self.rels)
        texts, names, after = [], [], []
        for child in row:
            if child.tag == f"{W}tc":
                text, layout, below = self._cell(child)
                texts.append(text)
                names.append(_named("cell", layout, layouts))
                after += below
            elif local(child).endswith("Pr") or local(child) == "tblPrEx":
                facts += self._properties(child)
            elif not means_nothing(child):
                after += self._generic(child, "  ")
        cells = " ".join(f"{name}×{count}" if count > 1 else name for name, count in _runs_of(names))
        name = _named("row", " ".join([*facts, "cells", cells]), layouts)
        return [f"row {name} | {' | '.join(texts)}".rstrip(), *after]

    def _cell(self, cell: etree._Element) -> tuple[str, str, list[str]]:
        """A cell's text on one line, ¶ between its paragraphs; its layout; lines for what has no place in either."""
        texts, layout, after = [], [], []
        properties = cell.find(f"{W}tcPr")
        facts = attributes(cell, self.rels) + ([] if properties is None else self._properties(properties))
        for child in cell:
            if child.tag == _PARAGRAPH:
                text, below = self.text(child)
                texts.append(text.replace("|", "\\|"))
                layout.append(" ".join([self._style_name(child), *self._own_properties(child), *below]))
            elif child is not properties and not means_nothing(child):
                texts.append(f"{{{local(child)}}}")
                after += self.block(child, "  ")
        return " ¶ ".join(texts), " ¶ ".join([" ".join(["cell", *facts]), *layout]), after


def _bracketed(facts: list[str]) -> str:
    return f"({' '.join(facts)})" if facts else ""


def _run_text(element: etree._Element) -> str:
    """The text as Word reads it: blanks at either end count only where the file says so."""
    text = element.text or ""
    return text if element.get(_SPACE) == "preserve" else text.strip(" \t\r\n")


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind and with the same properties as one: how text is cut into runs means nothing."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and piece.kind == last.kind != "mark" and piece.properties == last.properties:
            last = Piece(last.kind, last.text + piece.text, last.properties)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _shown(piece: Piece) -> str:
    if piece.kind == "mark":
        return piece.text
    return visible(piece.text.strip() if piece.kind == "instruction" else piece.text)


def _named(kind: str, layout: str, layouts: dict[str, None]) -> str:
    """The short name of a layout, which is defined in `layouts` from then on."""
    name = digest(layout)
    layouts.setdefault(f"{kind} layout {name}: {layout}")
    return name


def _runs_of(items: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((item, len(list(group))) for item, group in groupby(items))


def _counted(lines: Iterable[str]) -> Iterator[str]:
    """Equal lines in a row as one, with their number."""
    return (f"{line} ×{count}" if count > 1 else line for line, count in _runs_of(lines))
