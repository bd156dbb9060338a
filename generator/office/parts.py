"""The package that sources are joined to: its parts as trees, with new parts, relationships and numbers."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from itertools import count, islice
from typing import Any

from lxml import etree

from generator.office.ooxml import R_NS, RELS_NS, W_NS, W, main_part, rels_of

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT = "[Content_Types].xml"


_WHOLE = 500
"""Elements that are moved to another tree in one piece: lxml takes time by their square."""


def transplanted(element: etree._Element) -> etree._Element:
    """The element without a place of its own, ready to be put into another tree; of a large one the shell is new.

    A table of ten thousand cells is so moved row by row, in time by its length.
    """
    if sum(1 for _inner in islice(element.iter(), _WHOLE)) < _WHOLE:
        return element
    attributes: Any = element.attrib
    spaces: Any = element.nsmap
    shell = etree.Element(element.tag, attributes, spaces)
    shell.text = element.text
    for child in list(element):
        shell.append(transplanted(child) if isinstance(child.tag, str) else child)
    return shell


class Host:
    """The parts of a rendered document, read when they are asked for and written back by `save`."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.main = main_part(parts)
        self._trees: dict[str, etree._Element] = {}
        self._relation_ids = count(1)
        stories = [self.tree(name) for name in sorted(parts) if name.startswith("word/") and name.endswith(".xml")]
        self._bookmarks = count(_after(stories, f"{W}bookmarkStart", f"{W}id"))
        self._drawings = count(_after(stories, _DRAWING, "id"))
        self._controls = count(1_000_001)

    def tree(self, name: str) -> etree._Element:
        """The root of a part; what is changed in it is saved."""
        if name not in self._trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
            self._trees[name] = etree.fromstring(self.parts[name], parser)
        return self._trees[name]

    @property
    def document(self) -> etree._Element:
        return self.tree(self.main)

    @property
    def body(self) -> etree._Element:
        body = self.document.find(f"{W}body")
        assert body is not None
        return body

    def part(self, kind: str) -> str:
        """The part that the document points to by a relationship of this type; "" where there is none."""
        found = (element for element in self._relations(self.main) if element.get("Type") == f"{R_NS}/{kind}")
        targets = (posixpath.join("/word", element.get("Target", "")).lstrip("/") for element in found)
        return next(targets, "")

    def story_text(self, identity: str) -> str:
        """The text of the header or footer that the document refers to by this relationship id; "" where none does."""
        for element in self._relations(self.main):
            if element.get("Id") == identity:
                name = posixpath.join("/word", element.get("Target", "")).lstrip("/")
                return "".join(text.text or "" for text in self.tree(name).iter(f"{W}t")).strip()
        return ""

    def make(self, kind: str) -> etree._Element:
        """The root of the one part of this type (styles, numbering, footnotes, settings), made where there is none."""
        if not (name := self.part(kind)):
            empty = etree.Element(f"{W}{kind}", nsmap={"w": W_NS})
            name = self.add(f"word/{kind}.xml", etree.tostring(empty), f"{_WORD_TYPE}.{kind}+xml")
            self.relate(self.main, kind, name)
        return self.tree(name)

    def add(self, name: str, data: bytes, content_type: str) -> str:
        """Adds a part, under a name like `name` that no part has yet; gives that name."""
        stem, dot, ending = name.rpartition(".")
        taken = {known.lower() for known in self.parts}
        names = (name, *(f"{stem}-{number}{dot}{ending}" for number in range(2, len(taken) + 3)))
        name = next(free for free in names if free.lower() not in taken)
        self.parts[name] = data
        override = etree.SubElement(self.tree(CONTENT), f"{{{_TYPES_NS}}}Override")
        override.set("PartName", f"/{name}")
        override.set("ContentType", content_type)
        return name

    def add_story(self, name: str, root: etree._Element, content_type: str) -> str:
        """Adds a part that may still be changed."""
        name = self.add(name, b"", content_type)
        self._trees[name] = root
        return name

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Adds a relationship from a part to another part, or to an address; gives its id."""
        element = etree.SubElement(self._relations(part), f"{{{RELS_NS}}}Relationship")
        taken = {known.get("Id") for known in self._relations(part)}
        number = next(free for number in self._relation_ids if (free := f"rIdJoined{number}") not in taken)
        element.set("Id", number)
        element.set("Type", f"{R_NS}/{kind}" if "/" not in kind else kind)
        element.set("Target", target if external else f"/{target}")
        if external:
            element.set("TargetMode", "External")
        return number

    def _relations(self, part: str) -> etree._Element:
        rels = rels_of(part)
        if rels not in self.parts:
            self.parts[rels] = f'<Relationships xmlns="{RELS_NS}"/>'.encode()
        return self.tree(rels)

    def widen(self, name: str, like: etree._Element) -> etree._Element:
        """Gives a part the namespaces of another root, so that what moves over keeps the prefixes that it names.

        Prefixes stand in values, too (mc:Ignorable, Requires), so they must be declared at the root.
        """
        old = self.tree(name)
        spaces: Any = {**like.nsmap, **old.nsmap}
        if spaces == old.nsmap:
            self._ignore(old, old, like)
            return old
        root = etree.Element(old.tag, nsmap=spaces)
        root.attrib.update(old.attrib)
        root.extend(list(old))
        self._ignore(root, old, like)
        self._trees[name] = root
        return root

    @staticmethod
    def _ignore(root: etree._Element, *of: etree._Element) -> None:
        prefixes = [prefix for one in of for prefix in one.get(_IGNORABLE, "").split() if prefix in root.nsmap]
        if prefixes:
            root.set(_IGNORABLE, " ".join(dict.fromkeys(prefixes)))

    # -- numbers that are unique in the document -----------------------------------------------------------------------

    def bookmark_id(self) -> str:
        return str(next(self._bookmarks))

    def drawing_id(self) -> str:
        return str(next(self._drawings))

    def control_id(self) -> str:
        return str(next(self._controls))

    def save(self) -> None:
        for name, root in self._trees.items():
            self.parts[name] = _DECLARATION + etree.tostring(root, encoding="UTF-8")


def _after(stories: Iterable[etree._Element], tag: str, key: str) -> int:
    """The first number that no element of this name bears."""
    values = (element.get(key, "") for story in stories for element in story.iter(tag))
    return max((int(value) for value in values if value.isdecimal()), default=0) + 1
