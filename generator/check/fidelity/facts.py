"""What a Word document holds, as lines of text that are equal exactly when it says and shows the same.

Nothing here knows names and numbers of styles, lists, bookmarks and parts: only what they stand for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from generator.base.i18n import _
from generator.check.fidelity.formats import Formats
from generator.office.ooxml import R, W, compact, leaf_text, local, relations
from generator.reading.document import Block, Document, reading_order
from generator.reading.fields import drop_unseen, fields
from generator.word.join.settings import mode, numbers_lines
from generator.word.join.source import Source, switched
from generator.word.join.theme import Theme

_ELSEWHERE = frozenset(
    f"{W}{name}" for name in ("headerReference", "footerReference", "footnotePr", "endnotePr", "titlePg")
)
"""Children of w:sectPr that other aspects tell in their effect."""
OPTIONS = "compat"
"""The one of the settings that holds many, with blanks between them."""
_SWITCHES = (
    "autoHyphenation", "strictFirstAndLastChars", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter",
    "alignBordersAndEdges", "printTwoOnOne",
)  # fmt: skip
"""Children of w:settings that change how pages look."""
_OF_OTHERS = frozenset(f"{W}{name}" for name in ("header", "footer", "start"))
"""Attributes of such children that other aspects tell: distances of headers and footers, the first page's number."""
_NOTE_RULES = tuple(f"{W}{name}" for name in ("pos", "numFmt", "numStart"))
_TARGET = re.compile(r'^\s*(?:(?:REF|PAGEREF|NOTEREF)|HYPERLINK\b.*?\\l)\s+"?([^"\s\\]+)', re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def facts(source: Source, document: Document) -> dict[str, tuple[str, ...]]:
    """Each aspect of a .docx by its name, tracked changes accepted; of the source nothing else can be told any more.

    `document` is the same file as it is read.
    """
    theme = Theme(source)
    formats = Formats(source.root("styles"), numbered_lines=numbers_lines(source))
    for story in source.stories().values():
        drop_unseen(story)
    for root in (*source.stories().values(), *([formats.root] if formats.root is not None else [])):
        theme.write_out(root)
    body = source.body
    return {
        "text": tuple(_texts(list(reading_order(document.blocks)))),
        "numbering": tuple(paragraph.label for paragraph in (*document.paragraphs, *document.boxes) if paragraph.label),
        "formats": tuple(line for paragraph in body.iter(f"{W}p") for line in formats.lines(paragraph)),
        "tables": tuple(_table(table) for table in body.iter(f"{W}tbl")),
        "images": tuple(_images(source)),
        "sections": tuple(_sections(source)),
        "headers and footers": tuple(_page_stories(source)),
        "footnotes": tuple(_footnotes(source)),
        "references": tuple(_references(source)),
        "links": tuple(_links(source)),
        "text boxes": tuple(_plain(box) for box in body.iter(f"{W}txbxContent") if not _is_fallback(box)),
        "content controls": tuple(_control(control) for control in body.iter(f"{W}sdt")),
    }


def settings(source: Source) -> dict[str, str]:
    """What the whole document says once and a part of another cannot: by the name of the setting."""
    root = source.root("settings")
    root = etree.Element(f"{W}settings") if root is None else root
    compat = root.find(f"{W}compat")
    flags = [one for one in (() if compat is None else compat) if one.tag != f"{W}compatSetting"]
    return {
        "defaultTabStop": _value(root, "defaultTabStop", "720"),
        "characterSpacingControl": _value(root, "characterSpacingControl", "doNotCompress"),
        "compatibilityMode": str(mode(root)),
        OPTIONS: " ".join(sorted(local(one) for one in flags if switched(compat, local(one)))),
        "footnote separators": _separators(source),
        **{name: "on" if switched(root, name) else "off" for name in _SWITCHES},
    }


def setting_term(name: str) -> str:
    """What a setting of `settings` is about, in words."""
    terms = {
        "defaultTabStop": _("tab stops"),
        "characterSpacingControl": _("narrowing of punctuation"),
        "compatibilityMode": _("layout rules of older versions of Word"),
        OPTIONS: _("layout rules of older versions of Word"),
        "footnote separators": _("lines above footnotes"),
        "autoHyphenation": _("hyphenation"),
        "strictFirstAndLastChars": _("marks at the ends of lines"),
    }
    return terms.get(name, _("edges of the page"))


def _separators(source: Source) -> str:
    """What stands between text and footnotes; "-" where there are none."""
    notes = source.root("footnotes")
    if notes is None or next(source.body.iter(f"{W}footnoteReference"), None) is None:
        return "-"
    runs = [run for note in notes if note.get(f"{W}type") not in (None, "normal") for run in note.iter(f"{W}r")]
    return "/".join(leaf_text(child) or local(child) for run in runs for child in run if child.tag != f"{W}rPr")


def _value(root: etree._Element, name: str, otherwise: str) -> str:
    element = root.find(f"{W}{name}")
    return otherwise if element is None else element.get(f"{W}val", otherwise)


@dataclass(frozen=True)
class Paging:
    """How pages count: the fields that count them all, and the number that each section begins with (None: runs on)."""

    counts: frozenset[str]
    starts: tuple[str | None, ...]


def paging(source: Source) -> Paging:
    """The paging of a document."""
    used = {one.keyword for story in _ordered(source).values() for one in fields(story) if not one.frozen}
    numbers = (section.find(f"{W}pgNumType") for section in source.body.iter(f"{W}sectPr"))
    starts = tuple(None if each is None else each.get(f"{W}start") for each in numbers)
    return Paging(frozenset(used & {"NUMPAGES", "SECTIONPAGES"}), starts)


def _texts(blocks: list[Block]) -> Iterator[str]:
    """Blocks to the last that is not empty: a section break may need a paragraph to stand in."""
    last = max((number for number, block in enumerate(blocks, 1) if block.shown), default=0)
    return (block.shown for block in blocks[:last])


def _plain(element: etree._Element) -> str:
    """All text below an element, a line for each paragraph."""
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in element.iter(f"{W}p")
    )


def _is_fallback(element: etree._Element) -> bool:
    return next(element.iterancestors(_FALLBACK), None) is not None


def _table(table: etree._Element) -> str:
    """Column widths and, row by row, how many columns each cell spans and whether it goes on from above (^)."""
    widths = "/".join(column.get(f"{W}w", "") for column in table.findall(f"{W}tblGrid/{W}gridCol"))
    rows = []
    for row in table.findall(f"{W}tr"):
        cells = []
        for cell in row.findall(f"{W}tc"):
            span, merged = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            cells.append(("1" if span is None else span.get(f"{W}val", "1")) + ("^" if goes_on else ""))
        rows.append(" ".join(cells))
    return f"{widths}: {', '.join(rows)}"


def _images(source: Source) -> Iterator[str]:
    for name, story in _ordered(source).items():
        rels = relations(source.parts, name)
        for element in story.iter(etree.Element):
            for key in (f"{R}embed", f"{R}id", f"{R}pict"):
                relation = rels.get(element.get(key, ""))
                if relation is not None and relation.type == "image":
                    yield hashlib.sha256(source.parts[relation.target]).hexdigest()


def _ordered(source: Source) -> dict[str, etree._Element]:
    """The stories that are shown: the document, then headers and footers as its sections name them, then notes."""
    found = {source.main: source.document}
    for section in source.body.iter(f"{W}sectPr"):
        for reference in section:
            relation = source.rels.get(reference.get(f"{R}id", ""))
            if relation is not None and relation.target in source.roots:
                found[relation.target] = source.roots[relation.target]
    if (notes := source.root("footnotes")) is not None:
        found[source.part("footnotes")] = notes
    return found


# -- sections ----------------------------------------------------------------------------------------------------------


def _sections(source: Source) -> Iterator[str]:
    for number, section in enumerate(source.body.iter(f"{W}sectPr")):
        # How the first section begins matters only after another.
        without = _ELSEWHERE | ({f"{W}type"} if not number else set())
        shown = [compact(child, {}, _OF_OTHERS) for child in section if child.tag not in without]
        shown += _note_rules(section, source.root("settings"))
        yield " ".join(sorted(one for one in shown if one != "pgNumType"))


def _note_rules(section: etree._Element, settings: etree._Element | None) -> list[str]:
    """Where a section's footnotes stand and how they are numbered: as it says, or else the whole document."""
    found = (None if holder is None else holder.find(f"{W}footnotePr") for holder in (section, settings))
    rules = next((one for one in found if one is not None), ())
    return [f"footnote {compact(rule, {})}" for rule in rules if rule.tag in _NOTE_RULES]


def _page_stories(source: Source) -> Iterator[str]:
    """What stands above and below the first, odd and even pages of each section, and how far from the paper's edge."""
    settings = source.root("settings")
    sides = settings is not None and settings.find(f"{W}evenAndOddHeaders") is not None
    said: dict[tuple[str, str], str] = {}
    for number, section in enumerate(source.body.iter(f"{W}sectPr"), 1):
        for reference in section.iter(f"{W}headerReference", f"{W}footerReference"):
            relation = source.rels.get(reference.get(f"{R}id", ""))
            root = source.roots.get(relation.target) if relation else None
            kind = local(reference).removesuffix("Reference")
            said[kind, reference.get(f"{W}type", "default")] = "" if root is None else _story_text(root)
        title = section.find(f"{W}titlePg")
        first = "first" if title is not None and title.get(f"{W}val", "1") not in ("0", "false") else "default"
        margins = section.find(f"{W}pgMar")
        for kind in ("header", "footer"):
            pages = (("first", first), ("odd", "default"), ("even", "even" if sides else "default"))
            texts = [f"{page} {said[kind, key]}" for page, key in pages if said.get((kind, key))]
            if texts:
                distance = "" if margins is None else margins.get(f"{W}{kind}", "")
                yield f"{number} {kind} {distance}: {'; '.join(texts)}"


def _story_text(root: etree._Element) -> str:
    """The text with the fields in it, by what they compute."""
    # A number of pages may be counted otherwise, which `paging` tells.
    shown = (one.keyword for one in fields(root) if not one.frozen)
    instructions = ["NUMPAGES" if keyword == "SECTIONPAGES" else keyword for keyword in shown]
    pictures = sum(1 for _picture in root.iter(f"{W}drawing", f"{W}pict"))
    return " ".join(filter(None, [_plain(root), *instructions, f"{pictures} pictures" if pictures else ""]))


# -- notes, references, links, controls --------------------------------------------------------------------------------


def _footnotes(source: Source) -> Iterator[str]:
    notes = source.root("footnotes")
    by_id = {} if notes is None else {note.get(f"{W}id"): _plain(note) for note in notes}
    for reference in source.body.iter(f"{W}footnoteReference"):
        yield by_id.get(reference.get(f"{W}id"), "?")


def _references(source: Source) -> Iterator[str]:
    """What each reference to a bookmark of the document would show: the paragraph where the bookmark begins."""
    targets: dict[str, str] = {}
    for story in _ordered(source).values():
        for start in story.iter(f"{W}bookmarkStart"):
            # Of two bookmarks of one name Word keeps the first.
            targets.setdefault(start.get(f"{W}name", "").lower(), _plain_around(start))
    for story in _ordered(source).values():
        for one in fields(story):
            if match := _TARGET.match(one.instruction):
                yield f"{one.keyword} → {targets.get(match[1].lower(), '?')}"
        for link in story.iter(f"{W}hyperlink"):
            if anchor := link.get(f"{W}anchor"):
                yield f"link → {targets.get(anchor.lower(), '?')}"


def _plain_around(start: etree._Element) -> str:
    paragraph = next(start.iterancestors(f"{W}p"), None)
    paragraph = start.getnext() if paragraph is None else paragraph
    return "?" if paragraph is None else _plain(paragraph) or "".join(t.text or "" for t in paragraph.iter(f"{W}t"))


def _links(source: Source) -> Iterator[str]:
    for name, story in _ordered(source).items():
        rels = relations(source.parts, name)
        for link in story.iter(f"{W}hyperlink"):
            relation = rels.get(link.get(f"{R}id", ""))
            if relation is not None:
                yield f"{''.join(text.text or '' for text in link.iter(f'{W}t'))} → {relation.target}"


def _control(control: etree._Element) -> str:
    alias = control.find(f"{W}sdtPr/{W}alias")
    return f"{'' if alias is None else alias.get(f'{W}val', '')}: {_plain(control)}"
