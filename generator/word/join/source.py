"""A .docx that is to be appended: its parts, its stories with every change accepted, and what stands against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems, Where, error
from generator.office.active import findings
from generator.office.gate import content_types, is_xml, open_package
from generator.office.ooxml import R_NS, RELS_NS, R, Relation, Relations, W, main_part, relations, rels_of, xml
from generator.reading.fields import fields
from generator.word.join.accept import Accepted, accept
from generator.word.join.mend import BLANK, BLANK_ID, BLANK_PART, Mended, mend, words

CARRIED = ("image", "hdphoto", "svg", "hyperlink", "header", "footer")
"""What an element may point to and be taken along: pictures in all their forms, links, headers and footers."""
OFFICE = "{urn:schemas-microsoft-com:office:office}"
_OUTSIDE = ("word/settings.xml", "word/webSettings.xml", "word/glossary/", "customXml/", "docProps/")
"""Parts that stay behind, so that what they point to (a template of its author's, mostly) does no harm."""
_OBJECT = "OLE"
_FOREIGN = {
    f"{W}altChunk": "altChunk",
    f"{W}subDoc": "subDocument",
    f"{W}object": _OBJECT,
    f"{W}control": "ActiveX",
    f"{W}endnoteReference": "endnote",
}
_FACES = ("Regular", "Bold", "Italic", "BoldItalic")
_NAMED = 3
"""Active things of a source that are named; whoever made it knows the others by them."""
_NONCHARACTER = re.compile("[\ufdd0-\ufdef]")


@dataclass
class Source:
    """The package of a source; `sent` are its parts as they came, `parts` without what was mended away.

    The roots of its stories are changed when they are joined: one join, one Source.
    """

    parts: Mapping[str, bytes]
    main: str
    rels: Relations
    types: Mapping[str, str]
    sent: Mapping[str, bytes]
    roots: dict[str, etree._Element] = field(default_factory=dict)
    accepted: Accepted = field(default_factory=Accepted)
    mended: Mended = field(default_factory=Mended)

    @property
    def document(self) -> etree._Element:
        return self.roots[self.main]

    @property
    def body(self) -> etree._Element:
        body = self.document.find(f"{W}body")
        assert body is not None
        return body

    def part(self, kind: str) -> str:
        """The part that the document points to by a relationship of this type; "" where there is none."""
        targets = (relation.target for relation in self.rels.values() if relation.type == kind)
        return next((target for target in targets if target in self.parts), "")

    def root(self, kind: str) -> etree._Element | None:
        """The root of a part of the document; the same element at every call."""
        name = self.part(kind)
        if name and name not in self.roots:
            self.roots[name] = xml(self.parts[name], Where(name))
        return self.roots[name] if name else None

    def stories(self) -> dict[str, etree._Element]:
        """The parts that hold text and are taken along: the document, then its headers, footers and footnotes."""
        kinds = ("header", "footer", "footnotes")
        names = [relation.target for relation in self.rels.values() if relation.type in kinds]
        return {name: self.roots[name] for name in [self.main, *names] if name in self.roots}


def read_source(data: bytes, where: Where) -> Source:
    """The source with its tracked changes accepted and its comments gone.

    Raises Problems when the gate refuses it, or it is no Word document.
    """
    parts = open_package(data, where)
    main = main_part(parts)
    root = xml(parts[main], Where(main)) if main else None
    if root is None or root.find(f"{W}body") is None:
        message = _("this is no Word document (.docx)")
        raise Problems([error("file-not-word", where, message, _("Open it in Word or WPS and save it as .docx."))])
    source = Source(parts, main, relations(parts, main), content_types(parts), parts)
    source.roots[main] = root
    for relation in source.rels.values():
        if relation.type in ("header", "footer", "footnotes") and relation.target in parts:
            source.roots.setdefault(relation.target, xml(parts[relation.target], Where(relation.target)))
    for story in source.stories().values():
        accept(story, source.accepted)
    _mend(source)
    return source


def _mend(source: Source) -> None:
    """Makes every story harmless; what nothing points to any more is gone from the parts."""
    parts, types = dict(source.parts), dict(source.types)
    for name, story in source.stories().items():
        rels = relations(parts, name)
        known = set(rels)
        source.mended += mend(story, rels, parts)
        used = {target for _element, _key, target in references(story)}
        idle = {key for key in known - used if _is_idle(rels[key])}
        if idle or known != set(rels):
            parts[rels_of(name)] = _rewritten(parts[rels_of(name)], idle, blank=BLANK_ID in rels)
            parts |= {BLANK_PART: BLANK} if BLANK_ID in rels else {}
            types |= {BLANK_PART: "image/png"}
        for key in idle:
            parts.pop(rels[key].target, None)
    source.parts, source.types, source.rels = parts, types, relations(parts, source.main)


def _is_idle(relation: Relation) -> bool:
    """Whether a relationship that no element uses does nothing; of others programs know without being told."""
    return relation.external or relation.type in ("oleObject", "package", "control")


def _rewritten(rels: bytes, gone: set[str], *, blank: bool) -> bytes:
    """A part of relationships without those that are gone; with that of the blank picture where it is used."""
    root = xml(rels, Where("rels"))
    for element in list(root):
        if element.get("Id") in gone:
            root.remove(element)
    if blank:
        spot = {"Id": BLANK_ID, "Type": f"{R_NS}/image", "Target": f"/{BLANK_PART}"}
        etree.SubElement(root, f"{{{RELS_NS}}}Relationship", spot)
    return etree.tostring(root)


# -- what cannot be kept -----------------------------------------------------------------------------------------------


def refusals(source: Source, where: Where) -> list[Problem]:
    """Why the source cannot be appended as it is, one problem for each reason; empty when it can."""
    kept = {name: data for name, data in source.parts.items() if not _stays_behind(name)}
    foreign = dict.fromkeys(_foreign(source))
    active = list(dict.fromkeys(what for _part, what in findings(kept, source.roots)))
    if _OBJECT in foreign:
        active = [what for what in active if not re.search("oleObject|→ embeddings/", what, re.IGNORECASE)]
    found = []
    if active:
        message = _("it would run, fetch or embed something: {what}")
        more = [_("{count} more").format(count=len(active) - _NAMED)] if len(active) > _NAMED else []
        found.append(message.format(what=listed([*active[:_NAMED], *more])))
    found += [_("it holds what cannot be appended: {what}").format(what=what) for what in foreign]
    if not any((text.text or "").strip() for text in source.body.iter(f"{W}t")) and not _pictures(source):
        found.append(_("there is neither text nor a picture in it"))
    if "macroEnabled" in source.types.get(source.main, ""):
        found.append(_("it holds macros"))
    found += [_("{part} holds characters that no document can carry").format(part=name) for name in _marked(source)]
    return [error("source-refused", where, message, _way_out(source)) for message in dict.fromkeys(found)]


def _way_out(source: Source) -> str:
    """What can be done about a source that cannot be appended: only what will work."""
    if findings(source.sent):
        return _("Open it in Word or WPS, save it as a PDF, and name that; or remove this, and save the file again.")
    return _("Write `attach: beside` to send it as a file of its own, or remove this in Word and save the file again.")


def _pictures(source: Source) -> bool:
    return next(source.body.iter(f"{W}drawing", f"{W}pict"), None) is not None


def _stays_behind(name: str) -> bool:
    return name.replace("_rels/", "").startswith(_OUTSIDE)


def _foreign(source: Source) -> Iterator[str]:
    for name, story in source.stories().items():
        yield from (label for tag, label in _FOREIGN.items() if next(story.iter(tag), None) is not None)
        rels = relations(source.parts, name)
        for _element, _key, target in references(story):
            relation = rels.get(target)
            if relation is not None and relation.type not in CARRIED:
                yield _OBJECT if relation.type in ("oleObject", "package") else relation.type
    notes = source.root("footnotes")
    known = set() if notes is None else {note.get(f"{W}id") for note in notes}
    if any(reference.get(f"{W}id") not in known for reference in source.body.iter(f"{W}footnoteReference")):
        yield _("a footnote without text")


def references(story: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Every relationship that a story uses: the element, the attribute, the id."""
    for element in story.iter(etree.Element):
        for key, value in element.attrib.items():
            if value and (str(key).startswith(R) or key == f"{OFFICE}relid"):
                yield element, str(key), str(value)


def _marked(source: Source) -> Iterator[str]:
    """The parts with a noncharacter, which would be taken for the place of a unit's value."""
    for name, data in sorted(source.parts.items()):
        if is_xml(name, data) and not _stays_behind(name):
            text = data.decode("utf-8-sig")
            if _NONCHARACTER.search(text) or re.search(r"&#(x0*fd[de][0-9a-f]|0*64[9]\d\d|0*650[0-3]\d);", text, re.I):
                yield name


# -- what is left out --------------------------------------------------------------------------------------------------


def omissions(source: Source) -> list[str]:
    """What the appended pages do without, in words for whoever wrote the spec; empty when they keep everything."""
    accepted = source.accepted
    found = []
    if accepted.changes:
        found.append(_("tracked changes accepted: {count}").format(count=accepted.changes))
    comments = source.root("comments")
    if count := len(accepted.comments) or (0 if comments is None else len(comments)):
        found.append(_("comments dropped: {count}").format(count=count))
    found += words(source.mended)
    frozen = sorted({one.keyword for story in source.stories().values() for one in fields(story) if one.frozen})
    if frozen:
        found.append(_("fields made plain text: {fields}").format(fields=listed(frozen)))
    if source.document.find(f"{W}background") is not None:
        found.append(_("page background dropped"))
    fonts = source.root("fontTable")
    if fonts is not None and next(fonts.iter(*(f"{W}embed{face}" for face in _FACES)), None) is not None:
        found.append(_("embedded fonts dropped"))
    return found + _settings_lost(source)


def switched_on(element: etree._Element | None, attribute: str) -> bool:
    """Whether an element is there and its switch is on; one that says nothing is off (as w:enforcement)."""
    return element is not None and element.get(f"{W}{attribute}", "0") not in ("0", "false", "off")


def switched(settings: etree._Element | None, name: str) -> bool:
    """Whether a switch of the settings is on."""
    element = None if settings is None else settings.find(f"{W}{name}")
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


def _settings_lost(source: Source) -> list[str]:
    settings = source.root("settings")
    if settings is None:
        return []
    found = []
    if switched_on(settings.find(f"{W}documentProtection"), "enforcement"):
        found.append(_("protection against changes dropped"))
    facing = ("mirrorMargins", "gutterAtTop", "bookFoldPrinting")
    names = [name for name in facing if switched(settings, name)]
    if names:
        found.append(_("layout of facing pages dropped: {settings}").format(settings=listed(names)))
    return found
