"""What a source may not bring along, made harmless before it is joined: what a reader sees of it stays.

A field becomes what it last showed, a link its text, an embedded object the picture that it carries of itself, a chart
or a drawing the picture that older programs are given. A picture that lies elsewhere leaves its place empty. Whatever
is still active after this is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from generator.base.i18n import _
from generator.office.active import is_clickable, is_harmless
from generator.office.ooxml import R, Relation, Relations, W, remove, unwrap
from generator.reading.fields import fields

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_O = "{urn:schemas-microsoft-com:office:office}"
_V = "{urn:schemas-microsoft-com:vml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CLICKED_SHAPES = (f"{_A}hlinkClick", f"{_A}hlinkHover", f"{_A}hlinkMouseOver")
_ADDRESSES = ("href", "src", "althref")
"""Attributes by which an old drawing names a file or page beside its relationships."""
_GRAPHICS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
)
"""What stands in a drawing for a part that is no picture."""
_BLOCKS = tuple(f"{W}{name}" for name in ("body", "tc", "hdr", "ftr", "footnote", "txbxContent"))
"""What holds paragraphs and tables, and no runs."""
_INLINE = tuple(f"{W}{name}" for name in ("r", "hyperlink", "fldSimple", "smartTag"))
BLANK_PART, BLANK_ID = "word/media/blank.png", "rIdBlankPicture"
BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300010000050001"
    "0d0a2db40000000049454e44ae426082"
)
"""One point that shows nothing, as PNG."""

Mended = Counter[str]
"""How often each sort of thing was mended, by the sort in words."""


def words(mended: Mended) -> list[str]:
    """What was mended, a line for each sort, for whoever sends the document."""
    said = {
        "field": _("fields that fetch or run made plain text: {count}"),
        "link": _("links to files or programs made plain text: {count}"),
        "picture": _("pictures that lie elsewhere left out, their place kept: {count}"),
        "object": _("embedded objects kept as pictures: {count}"),
        "graphic": _("charts and drawings kept as pictures: {count}"),
    }
    return [text.format(count=mended[sort]) for sort, text in said.items() if mended[sort]]


def mend(story: etree._Element, rels: dict[str, Relation], parts: Mapping[str, bytes]) -> Mended:
    """Makes a story harmless; `rels` are its relationships, to which that of the blank picture may be added.

    `parts` are the package's: a picture that is not among them cannot stand for anything.
    """
    mended: Mended = Counter()
    _drop_data(story)
    _pair_bookmarks(story)
    _wrap_runs(story)
    mended["graphic"] = _by_fallback(story)
    mended["object"] = sum(1 for one in list(story.iter(f"{W}object")) if _pictured(one, rels, parts))
    mended["field"] = _freeze(story)
    mended["link"] = _unlink(story, rels)
    mended["picture"] = _blank(story, rels)
    return mended


# -- traces that no reader sees ----------------------------------------------------------------------------------------


def _drop_data(story: etree._Element) -> None:
    """What programs keep beside a field for themselves."""
    for element in list(story.iter(f"{W}fldData")):
        remove(element)


def _pair_bookmarks(story: etree._Element) -> None:
    """Half a bookmark marks nothing."""
    tags = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
    begun, ended = ({mark.get(f"{W}id") for mark in story.iter(tag)} for tag in tags)
    for mark in [mark for mark in story.iter(*tags) if mark.get(f"{W}id") not in begun & ended]:
        remove(mark)


def _wrap_runs(story: etree._Element) -> None:
    """Runs that stand outside any paragraph get one: Word shows them so."""
    loose = [run for block in story.iter(*_BLOCKS) for run in block if run.tag in _INLINE]
    for run in loose:
        before = run.getprevious()
        if before is None or before.get("wrapped") is None:
            before = etree.Element(f"{W}p", {"wrapped": ""})
            run.addprevious(before)
        before.append(run)
    for paragraph in [one for one in story.iter(f"{W}p") if one.get("wrapped") is not None]:
        del paragraph.attrib["wrapped"]


# -- pictures in place of what is no picture ---------------------------------------------------------------------------


def _by_fallback(story: etree._Element) -> int:
    """Charts and SmartArt by the picture that stands beside them for older programs."""
    found = 0
    for choice in list(story.iter(f"{_MC}AlternateContent")):
        fallback = choice.find(f"{_MC}Fallback")
        graphic = any(next(one.iter(*_GRAPHICS), None) is not None for one in choice.findall(f"{_MC}Choice"))
        if graphic and fallback is not None and next(fallback.iter(f"{_V}imagedata", f"{_A}blip"), None) is not None:
            for child in list(fallback):
                choice.addprevious(child)
            remove(choice)
            found += 1
    return found


def _pictured(element: etree._Element, rels: Relations, parts: Mapping[str, bytes]) -> bool:
    """Makes an embedded object the picture that it carries of itself; whether it has one."""
    shown = [one for one in element.iter(f"{_V}imagedata") if _is_here(rels.get(one.get(f"{R}id", "")), parts)]
    drawn = [one for one in element.iter(f"{_A}blip") if _is_here(rels.get(one.get(f"{R}embed", "")), parts)]
    if not (shown or drawn):
        return False
    for inner in list(element.iter(f"{_O}OLEObject", f"{W}objectEmbed", f"{W}objectLink", f"{W}control")):
        remove(inner)
    for shape in element.iter(f"{_V}*"):
        shape.attrib.pop(f"{_O}ole", "")
    drawing = element.find(f"{W}drawing")
    if drawing is not None:
        element.addprevious(drawing)
        remove(element)
        return True
    element.tag = f"{W}pict"
    for key in list(element.attrib):
        del element.attrib[key]
    return True


def _is_here(relation: Relation | None, parts: Mapping[str, bytes]) -> bool:
    return relation is not None and not relation.external and relation.target in parts


# -- fields, links, pictures elsewhere ---------------------------------------------------------------------------------


def _freeze(story: etree._Element) -> int:
    """Fields that would fetch or run become what they last showed."""
    harmful = [one for one in fields(story) if not is_harmless(one.instruction)]
    for one in harmful:
        one.freeze()
    return len(harmful)


def _unlink(story: etree._Element, rels: Relations) -> int:
    """Links that lead neither to a page nor to a mailbox nor into the document leave their text."""
    found = 0
    for link in list(story.iter(f"{W}hyperlink")):
        if _leads_astray(rels.get(link.get(f"{R}id", ""))):
            unwrap(link)
            found += 1
    for mark in list(story.iter(*_CLICKED_SHAPES)):
        if _leads_astray(rels.get(mark.get(f"{R}id", ""))):
            remove(mark)
            found += 1
    return found


def _leads_astray(relation: Relation | None) -> bool:
    return relation is not None and relation.external and not is_clickable(relation.target)


def _blank(story: etree._Element, rels: dict[str, Relation]) -> int:
    """Pictures that lie elsewhere: of one that is kept in the file too, only the address goes."""
    found = 0
    for element, key in _outside(story, rels):
        if key == f"{R}link" and element.get(f"{R}embed"):
            del element.attrib[key]
            continue
        del element.attrib[key]
        element.set(f"{R}id" if element.tag.startswith(_V) else f"{R}embed", BLANK_ID)
        rels[BLANK_ID] = Relation("image", BLANK_PART)
        found += 1
    return found


def _outside(story: etree._Element, rels: Relations) -> Iterator[tuple[etree._Element, str]]:
    for element in list(story.iter(f"{_A}blip", f"{_V}*")):
        for key in list(map(str, element.attrib)):
            value = element.get(key, "")
            relation = rels.get(value) if key.startswith((R, f"{_O}relid")) else None
            plain = element.tag == f"{_V}imagedata" and key in _ADDRESSES
            if (relation is not None and relation.external) or plain:
                yield element, key
