"""What stands in a paragraph as a reader sees it: runs, fields by their results, symbols; and what it holds besides.

Tracked insertions count as text, deletions do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from generator.office.ooxml import W, local
from generator.reading.fields import Field, fields

PAGE_FIELD = "\ufddf"
"""Stands for a page number in the text of a header or footer; no document can hold this noncharacter."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
CHOICE, FALLBACK = f"{_MC}Choice", f"{_MC}Fallback"
_GONE = {f"{W}del", f"{W}moveFrom"}
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0FC": "✓", "F0D8": "➢"}
"""What the private characters of Wingdings that forms use as boxes look like."""
_CONTENT = {"rPr", "t", "tab", "cr", "noBreakHyphen", "lastRenderedPageBreak"}
"""What a plain run may hold; a line break too."""
_TRACES = {"pPr", "proofErr"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a run, and the element that writes them."""

    element: etree._Element
    text: str

    @property
    def editable(self) -> bool:
        """Whether its characters can be replaced one by one (w:t) or at least left out (a tab, a line break)."""
        parent = self.element.getparent()
        if parent is None or parent.tag != f"{W}r":
            return False
        return (self.element.tag == f"{W}t" and self.element.text == self.text) or local(self.element) in (
            "tab",
            "br",
            "cr",
        )


Told = Mapping[etree._Element, str]
"""The text of elements of fields that say something else than what stands in them."""


def unwrapped(parent: etree._Element) -> Iterator[etree._Element]:
    """The blocks in it, without what only wraps them (content controls, insertions …), and what is deleted."""
    for child in parent:
        if child.tag in _GONE or child.tag == FALLBACK:
            continue
        if _wraps(child):
            yield from unwrapped(child)
        else:
            yield child


def _wraps(element: etree._Element) -> bool:
    name = local(element)
    if str(element.tag).startswith(_MC):
        return True
    return str(element.tag).startswith(W) and name in (
        "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo",
    )  # fmt: skip


def runs_of(paragraph: etree._Element, told: Told) -> Iterator[etree._Element]:
    """The runs of a paragraph in order; a simple field that is a page number and holds none counts as one."""
    for child in paragraph:
        if child in told or child.tag == f"{W}r":
            yield child
        elif child.tag not in _GONE and child.tag != FALLBACK and _wraps(child):
            yield from runs_of(child, told)


def pieces_of(run: etree._Element, told: Told) -> Iterator[Piece]:
    """The characters that a reader sees of a run, in order."""
    if run.tag != f"{W}r" and run in told:
        yield Piece(run, told[run])
        return
    for child in run:
        if child in told:
            yield Piece(child, told[child])
        elif str(child.tag).startswith(_MC):
            yield from () if child.tag == FALLBACK else pieces_of(child, told)
        elif local(child) == "ruby":
            yield from (Piece(text, text.text or "") for text in child.iterfind(f"{W}rubyBase/{W}r/{W}t"))
        elif text := _text(child):
            yield Piece(child, text)


def _text(element: etree._Element) -> str:
    name = local(element)
    if name == "symEx":
        return _character(next((str(value) for key, value in element.items() if str(key).endswith("}char")), ""))
    if not str(element.tag).startswith(W):
        return ""
    if name == "t":
        return element.text or ""
    if name == "br":
        return "\n" if element.get(f"{W}type", "textWrapping") == "textWrapping" else ""
    if name == "sym":
        return _SYMBOLS.get(element.get(f"{W}char", "").upper(), "□")
    return _CHARACTERS.get(name, "")


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except ValueError:
        return "□"


# -- fields ------------------------------------------------------------------------------------------------------------


def told_by_fields(story: etree._Element, *, page_numbers: bool) -> Told:
    """What fields change in what is read: what stands before their results is unseen.

    With `page_numbers`, a number of a page is PAGE_FIELD, where its result stands or else its instruction.
    """
    told: dict[etree._Element, str] = {}
    if next(story.iter(f"{W}fldChar", f"{W}fldSimple"), None) is None:
        return told
    for one in fields(story):
        told |= dict.fromkeys((each for each in one.unseen if each.tag != f"{W}instrText"), "")
        if page_numbers and is_page_number(one):
            told |= dict.fromkeys(one.results, "")
            told[_carrier(one)] = PAGE_FIELD
    return told


def is_page_number(one: Field) -> bool:
    """Whether a field shows the number of its page, or computes with it."""
    return one.keyword == "PAGE" or (one.computes and any(is_page_number(each) for each in one.inner))


def _carrier(one: Field) -> etree._Element:
    shown = (each for each in one.results if each.tag == f"{W}t")
    written = one.simple if one.simple is not None else next(iter(one.instructions), one.marks[-1])
    return next(shown, written)


# -- what else a paragraph holds ---------------------------------------------------------------------------------------


def held(paragraph: etree._Element) -> frozenset[str]:
    """What a paragraph holds besides plain runs of text, by the names of the elements; page breaks as "break"."""
    return frozenset(_held(paragraph))


def _held(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        name = local(child)
        if not str(child.tag).startswith(W):
            yield name
        elif child.tag == f"{W}r":
            yield from _held_by_run(child)
        elif name == "pPr":
            yield from (each for each in ("sectPr", "framePr") if child.find(f"{W}{each}") is not None)
            yield from (f"{each}Mark" for each in ("ins", "del") if child.find(f"{W}rPr/{W}{each}") is not None)
        elif name not in _TRACES:
            yield name
            yield from _held(child) if _wraps(child) else ()


def _held_by_run(run: etree._Element) -> Iterator[str]:
    for child in run:
        name = local(child)
        if name == "br":
            yield from ["break"] if child.get(f"{W}type", "textWrapping") != "textWrapping" else []
        elif name not in _CONTENT or not str(child.tag).startswith(W):
            yield name
