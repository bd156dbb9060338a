"""The joiner: one source after another is put into a rendered document, at the place that was kept for it."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from markupsafe import Markup

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.office.ooxml import W, relations, remove
from generator.office.parts import Host, transplanted
from generator.reading.fields import Names, fields, renamed
from generator.word.join.lists import Lists
from generator.word.join.sections import Geometry, close_with, hoist_break, restart_notes, resume
from generator.word.join.settings import hold_line_numbers, keep_table_edges, take_tab_stops
from generator.word.join.source import Source, read_source, references, refusals
from generator.word.join.styles import Styles
from generator.word.join.theme import Theme

EXTENT = "_AppendedSource"
"""The bookmark around the pages of a source; its number follows."""
_ADMITTED: set[bytes] = set()
"""The sources, by SHA-256, that can be kept as they are: looking costs a third of a shape, and is done once for all."""
_PLACE = "appended-source"
_SPECIAL = ("separator", "continuationSeparator", "continuationNotice")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EFFECTS = (f"{_A}lnRef", f"{_A}fillRef", f"{_A}effectRef")
_LONGEST_NAME = 40
"""Characters of a bookmark's name in Word."""
_AFTER_FOOTNOTES = (
    "endnotePr", "compat", "docVars", "rsids", "attachedSchema", "themeFontLang", "clrSchemeMapping",
    "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown",
    "smartTagType", "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol", "listSeparator",
)  # fmt: skip
"""The children of w:settings after w:footnotePr; elements of later namespaces stand among them."""


@dataclass(frozen=True)
class Joining:
    """A source to be joined: `name` is that of its place, `resume` the number of our page after it where pages restart.

    Without `restart` the page numbers run on through the source and after it.
    """

    name: str
    data: bytes
    restart: bool = False
    resume: int | None = None


def place(name: str) -> Markup:
    """The mark that keeps the place of a source in a document: no text that anybody writes can become one."""
    return Markup(f"<?{_PLACE} {name}?>")  # noqa: S704


def join_sources(parts: dict[str, bytes], joinings: Sequence[Joining], where: Where) -> None:
    """Puts each source into the document `parts`, in place of its mark.

    Raises Problems when a source cannot be kept as it is, or the document has no place for one.
    """
    if not joinings:
        return
    host = Host(parts)
    for number, joining in enumerate(joinings, 1):
        source = read_source(joining.data, where)
        digest = hashlib.sha256(joining.data).digest()
        if digest not in _ADMITTED:
            if found := refusals(source, where):
                raise Problems(found)
            _ADMITTED.add(digest)
        hold_line_numbers(host, source)
        _Joint(host, source, number, joining).put(where)
    host.save()


def _mark(host: Host, name: str, where: Where) -> etree._Element:
    marks: list[Any] = [child for child in host.body if not isinstance(child.tag, str)]
    found: etree._Element | None = next((mark for mark in marks if (mark.target, mark.text) == (_PLACE, name)), None)
    if found is None:
        message = _('the template has no place for the appended source "{source}"').format(source=name)
        hint = _("Put {tag} into the template, in a paragraph of its own.").format(tag="{{p appended_sources }}")
        raise Problems([error("template", where, message, hint)])
    return found


@dataclass
class _Joint:
    """One source on its way into the host."""

    host: Host
    source: Source
    number: int
    joining: Joining
    theme: Theme = field(init=False)
    lists: Lists = field(init=False)
    styles: Styles = field(init=False)
    names: Names = field(init=False)
    _copied: dict[str, str] = field(default_factory=dict)
    _bookmarks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.theme = Theme(self.source)
        self.lists = Lists(self.source, self.host, f"s{self.number}-")
        self.styles = Styles(self.source, self.host, self.lists, self.theme, self.number)
        self.names = Names(self._bookmark_names(), self.styles.names, f"s{self.number}_")

    def put(self, where: Where) -> None:
        """Replaces the mark of the source by the pages of the source."""
        self.host.widen(self.host.main, self.source.document)
        take_tab_stops(self.host, self.source)
        keep_table_edges(self.host, self.source)
        self._adapt(self.source.document, self.source.main, self.host.main)
        first, last = Geometry(self.host, self.source, self.number, self.joining.restart).bring(self._copy)
        self._join_footnotes(first)
        self._move_body(_mark(self.host, self.joining.name, where), last)
        self.styles.write()
        self._write_lists()
        self._take_theme()

    def _move_body(self, mark: etree._Element, last: etree._Element) -> None:
        hoist_break(mark)
        start, end = etree.Element(f"{W}bookmarkStart"), etree.Element(f"{W}bookmarkEnd")
        extent = self.host.bookmark_id()
        start.set(f"{W}id", extent)
        start.set(f"{W}name", f"{EXTENT}{self.number}")
        end.set(f"{W}id", extent)
        for block in (start, *(child for child in self.source.body if child.tag != f"{W}sectPr")):
            mark.addprevious(transplanted(block))
        parent = mark.getparent()
        assert parent is not None
        following = list(mark.itersiblings())
        if len(following) > 1:
            close_with(mark, last)
            blocks = [block for block in following if isinstance(block.tag, str)]
            resume(self.host, blocks, self.number, self.joining.resume)
        else:
            parent.replace(following[0], last)
        mark.addprevious(end)
        parent.remove(mark)

    # -- footnotes, lists, theme ---------------------------------------------------------------------------------------

    def _join_footnotes(self, first: etree._Element) -> None:
        """The notes that are referred to; the line above notes is the whole document's, from the first that has any."""
        used = list(self.source.document.iter(f"{W}footnoteReference"))
        theirs = self.source.root("footnotes")
        if not used or theirs is None:
            return
        fresh = not self.host.part("footnotes")
        ours = self.host.make("footnotes")
        taken = max((int(note.get(f"{W}id", "0")) for note in ours), default=0)
        if any(note.get(f"{W}type") not in _SPECIAL for note in ours):
            restart_notes(first)
        new = {reference.get(f"{W}id", ""): "" for reference in used}
        special = {note.get(f"{W}id", "") for note in theirs if note.get(f"{W}type") in _SPECIAL} if fresh else set()
        for note in list(theirs):
            if note.get(f"{W}id") not in (special | set(new)):
                theirs.remove(note)
        taken = max([taken, *(int(identity) for identity in special)])
        for number, identity in enumerate(new, taken + 1):
            new[identity] = str(number)
        for element in (*used, *theirs):
            identity = element.get(f"{W}id", "")
            element.set(f"{W}id", new.get(identity, identity))
        # Some programs find a note by its number, some by its place.
        theirs[:] = sorted(theirs, key=lambda note: int(note.get(f"{W}id", "0")))
        name = self.host.part("footnotes")
        self._adapt(theirs, self.source.part("footnotes"), name)
        self.host.widen(name, theirs).extend(list(theirs))
        if fresh:
            self._name_separators(special)

    def _name_separators(self, special: set[str]) -> None:
        settings = self.host.make("settings")
        notes = etree.Element(f"{W}footnotePr")
        for identity in sorted(special, key=int):
            etree.SubElement(notes, f"{W}footnote").set(f"{W}id", identity)
        after = {f"{W}{name}" for name in _AFTER_FOOTNOTES}
        later = (n for n, child in enumerate(settings) if child.tag in after or not str(child.tag).startswith(W))
        settings.insert(next(later, len(settings)), notes)

    def _write_lists(self) -> None:
        elements = self.lists.elements()
        if not elements:
            return
        self.host.make("numbering")
        for element in elements:
            self.theme.write_out(element)
            self.styles.apply_to_levels(element)
            self._relate(element, self.source.part("numbering"), self.host.part("numbering"))
        self.lists.write()

    def _take_theme(self) -> None:
        """The effects that shapes of the source refer to; fonts and colours are written out already."""
        part = self.source.part("theme")
        styled = any(next(story.iter(*_EFFECTS), None) is not None for story in self.source.stories().values())
        if part and styled and not self.host.part("theme"):
            self.host.relate(self.host.main, "theme", self._copy(part))

    # -- stories -------------------------------------------------------------------------------------------------------

    def _adapt(self, story: etree._Element, part: str, target: str) -> None:
        """Makes a story of the source fit the host: every name and number in it is that of the host from then on."""
        self.theme.write_out(story)
        self._rewrite_fields(story)
        self.styles.apply(story)
        for number in story.iter(f"{W}numId"):
            number.set(f"{W}val", self.lists.new_id(number.get(f"{W}val", "")))
        self._rename_bookmarks(story)
        for properties in story.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
            properties.set("id", self.host.drawing_id())
        for control in story.iter(f"{W}sdtPr"):
            for identity in control.findall(f"{W}id"):
                identity.set(f"{W}val", self.host.control_id())
        self._relate(story, part, target)

    def _rewrite_fields(self, story: etree._Element) -> None:
        whole = self.joining.restart and len(list(self.source.document.iter(f"{W}sectPr"))) == 1
        for one in list(fields(story)):
            if one.frozen:
                one.freeze()
            elif whole and one.keyword == "NUMPAGES":
                one.instruction = one.instruction.replace("NUMPAGES", "SECTIONPAGES", 1)
            else:
                text = one.instruction
                if (new := renamed(text, self.names)) != text:
                    one.instruction = new
        for link in story.iter(f"{W}hyperlink"):
            if anchor := link.get(f"{W}anchor"):
                link.set(f"{W}anchor", self.names.bookmark(anchor))

    def _bookmark_names(self) -> dict[str, str]:
        names = {}
        for story in self.source.stories().values():
            for start in story.iter(f"{W}bookmarkStart"):
                name = start.get(f"{W}name", "")
                new = f"_s{self.number}{name}" if name.startswith("_") else f"s{self.number}_{name}"
                if len(new) > _LONGEST_NAME:
                    new = new[: _LONGEST_NAME - 8] + hashlib.sha256(name.encode()).hexdigest()[:8]
                names[name.lower()] = new
        return names

    def _rename_bookmarks(self, story: etree._Element) -> None:
        """New names and numbers; of two bookmarks of one name Word keeps the first."""
        ids: dict[str, str] = {}
        for mark in list(story.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            old = mark.get(f"{W}id", "")
            if mark.tag == f"{W}bookmarkStart":
                name = self.names.bookmark(mark.get(f"{W}name", ""))
                if name in self._bookmarks:
                    remove(mark)
                    continue
                self._bookmarks[name] = ids[old] = self.host.bookmark_id()
                mark.set(f"{W}name", name)
            if old in ids:
                mark.set(f"{W}id", ids[old])
            else:
                remove(mark)

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _relate(self, story: etree._Element, part: str, target: str) -> None:
        """Gives the relationships of a story new ids, those of `target`; the parts behind them come along."""
        rels = relations(self.source.parts, part)
        new: dict[str, str] = {}
        for element, key, old in list(references(story)):
            if element.tag in (f"{W}headerReference", f"{W}footerReference"):
                continue
            relation = rels.get(old)
            if relation is None or not (relation.external or relation.target in self.source.parts):
                del element.attrib[key]
                continue
            if old not in new:
                goal = relation.target if relation.external else self._copy(relation.target)
                new[old] = self.host.relate(target, relation.type, goal, external=relation.external)
            element.set(key, new[old])

    def _copy(self, part: str) -> str:
        """The name in the host of a part of the source, copied at the first call; a story is adapted on its way."""
        if part not in self._copied:
            folder, name = posixpath.split(part)
            folder = "word" + folder.removeprefix(posixpath.dirname(self.source.main))
            name = f"{folder}/s{self.number}-{name}"
            kind = self.source.types.get(part, "application/octet-stream")
            if part in self.source.roots:
                root = self.source.roots[part]
                self._copied[part] = self.host.add_story(name, root, kind)
                self._adapt(root, part, self._copied[part])
            else:
                self._copied[part] = self.host.add(name, self.source.parts[part], kind)
        return self._copied[part]
