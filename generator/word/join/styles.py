"""A source's styles under names of their own, so that neither its defaults nor ours reach over.

Below every style lie the document's defaults, and a document has them once. Those of the source are therefore written
out at the root of its styles, against ours. A table's style stands between the defaults and the paragraph's style:
where it speaks of text itself, the paragraphs in such a table get a twin of their style, without the defaults of what
tables speak of; the table's style carries them instead.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from generator.office.ooxml import W, remove
from generator.office.parts import Host
from generator.word.join.lists import Lists
from generator.word.join.settings import numbers_lines
from generator.word.join.source import Source
from generator.word.join.theme import Theme

_VAL, _ID, _TYPE = f"{W}val", f"{W}styleId", f"{W}type"
_DROPPED = ("aliases", "next", "link", "autoRedefine", "hidden", "qFormat", "locked", "personal", "personalCompose",
            "personalReply", "rsid")  # fmt: skip
"""What a style says to the programs that edit it, not to the page; some of it names other styles."""
_ON = ("1", "true", "on")
RUN_RESET: Mapping[str, Mapping[str, str]] = {
    "rFonts": {
        "ascii": "Times New Roman",
        "eastAsia": "Times New Roman",
        "hAnsi": "Times New Roman",
        "cs": "Times New Roman",
    },
    **{tag: {"val": "0"} for tag in ("b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline")},
    **{tag: {"val": "0"} for tag in ("shadow", "emboss", "imprint", "noProof")},
    "snapToGrid": {"val": "1"},
    "vanish": {"val": "0"},
    "color": {"val": "auto"},
    "spacing": {"val": "0"},
    "w": {"val": "100"},
    "kern": {"val": "0"},
    "position": {"val": "0"},
    "sz": {"val": "20"},
    "szCs": {"val": "20"},
    "highlight": {"val": "none"},
    "u": {"val": "none"},
    "vertAlign": {"val": "baseline"},
    "lang": {},
}
PARAGRAPH_RESET: Mapping[str, Mapping[str, str]] = {
    **{tag: {"val": "0"} for tag in ("keepNext", "keepLines", "pageBreakBefore")},
    "widowControl": {"val": "1"},
    "suppressLineNumbers": {"val": "0"},
    "suppressAutoHyphens": {"val": "0"},
    **{tag: {"val": "1"} for tag in ("kinsoku", "wordWrap", "overflowPunct")},
    "topLinePunct": {"val": "0"},
    "autoSpaceDE": {"val": "1"},
    "autoSpaceDN": {"val": "1"},
    "bidi": {"val": "0"},
    "adjustRightInd": {"val": "1"},
    "snapToGrid": {"val": "1"},
    "spacing": {"before": "0", "after": "0", "line": "240", "lineRule": "auto"},
    "ind": {"left": "0", "right": "0", "firstLine": "0"},
    "contextualSpacing": {"val": "0"},
    "mirrorIndents": {"val": "0"},
    "jc": {"val": "left"},
    "textAlignment": {"val": "auto"},
}
"""What a property is where nobody says anything (17.3.1, 17.3.2), in the order of the schema."""


class Styles:
    """The styles of one source; asking for one takes it over, with all that it is based on."""

    def __init__(self, source: Source, host: Host, lists: Lists, theme: Theme, number: int) -> None:
        self._host, self._lists, self._theme, self._number = host, lists, theme, number
        self._root = source.root("styles")
        styles = [] if self._root is None else self._root.findall(f"{W}style")
        self._styles = {style.get(_ID, ""): style for style in styles}
        self._defaults = {
            style.get(_TYPE, ""): style.get(_ID, "") for style in styles if style.get(f"{W}default", "0") in _ON
        }
        self._taken: dict[str, etree._Element] = {}
        self._base = self._written_out(numbered_lines=numbers_lines(source))

    @property
    def names(self) -> dict[str, str]:
        """What each paragraph style, by its name in lower case, is called here."""
        names = {}
        for style in self._styles.values():
            name = style.find(f"{W}name")
            if name is not None:
                names[name.get(_VAL, "").lower()] = self._name(name.get(_VAL, ""), "")
        return names

    def apply(self, story: etree._Element) -> None:
        """Gives every paragraph, run and table of a story its style as it is called here; defaults become explicit."""
        for table in story.iter(f"{W}tbl"):
            properties = table.find(f"{W}tblPr")
            if properties is None:
                properties = etree.Element(f"{W}tblPr")
                table.insert(0, properties)
            self._name_style(properties, "tblStyle", "table", "")
        for paragraph in story.iter(f"{W}p"):
            properties = paragraph.find(f"{W}pPr")
            if properties is None:
                properties = etree.Element(f"{W}pPr")
                paragraph.insert(0, properties)
            self._name_style(properties, "pStyle", "paragraph", "t" if self._in_speaking_table(paragraph) else "")
        self.apply_to_runs(story)

    def apply_to_runs(self, root: etree._Element) -> None:
        for reference in list(root.iter(f"{W}rStyle")):
            self._rename(reference, "character")

    def apply_to_levels(self, level_list: etree._Element) -> None:
        """Numbering that hangs on a style: on the same style here, if it was taken over."""
        for reference in list(level_list.iter(f"{W}pStyle")):
            new = self._id(reference.get(_VAL, ""), "")
            if new in self._taken:
                reference.set(_VAL, new)
            else:
                remove(reference)
        self.apply_to_runs(level_list)

    # -- taking over ---------------------------------------------------------------------------------------------------

    def _name_style(self, properties: etree._Element, tag: str, kind: str, twin: str) -> None:
        reference = properties.find(f"{W}{tag}")
        if reference is None:
            reference = etree.Element(f"{W}{tag}")
            reference.set(_VAL, "")
            properties.insert(0, reference)
        self._rename(reference, kind, twin)

    def _rename(self, reference: etree._Element, kind: str, twin: str = "") -> None:
        old = reference.get(_VAL, "")
        if old not in self._styles or self._styles[old].get(_TYPE) != kind:
            old = self._defaults.get(kind, "")
        if kind == "character" and not old:
            remove(reference)
            return
        reference.set(_VAL, self._take(old, kind, twin))

    def _take(self, old: str, kind: str, twin: str, below: tuple[str, ...] = ()) -> str:
        """The id here of a style of the source; of the root of its kind where `old` is ""."""
        new = self._id(old, f"{twin}{kind[0]}" if not old else twin)
        if new in self._taken:
            return new
        if not old:
            style = self._empty(kind, new, twin)
        else:
            style = copy.deepcopy(self._styles[old])
            self._clean(style, new, twin)
            based = style.find(f"{W}basedOn")
            parent = "" if based is None else based.get(_VAL, "")
            if parent in (*below, old) or parent not in self._styles or self._styles[parent].get(_TYPE) != kind:
                parent = ""
            if kind != "character" or parent:
                self._base_on(style, self._take(parent, kind, twin, (*below, old)))
            elif based is not None:
                style.remove(based)
        self._taken[new] = style
        self.apply_to_runs(style)
        for number in style.iter(f"{W}numId"):
            number.set(_VAL, self._lists.new_id(number.get(_VAL, "")))
        return new

    def _id(self, old: str, twin: str) -> str:
        return f"s{self._number}{twin}-{old}"

    def _name(self, name: str, twin: str) -> str:
        return f"来文{self._number}{'表' if twin else ''} {name}".rstrip()

    def _empty(self, kind: str, new: str, twin: str) -> etree._Element:
        """The style that all of a kind are based on: it carries the defaults; a twin's, those that no table touches."""
        style = etree.Element(f"{W}style", attrib={_TYPE: kind, f"{W}customStyle": "1", _ID: new})
        label = {"paragraph": "段落", "table": "表格"}[kind]
        etree.SubElement(style, f"{W}name").set(_VAL, self._name(label, twin))
        for element in copy.deepcopy(self._base):
            element[:] = [one for one in element if not (twin and one.tag in self._said_by_tables)]
            if len(element):
                style.append(element)
        return style

    @cached_property
    def _said_by_tables(self) -> set[str]:
        """The properties of text that some style of a table gives."""
        tables = (style for style in self._styles.values() if style.get(_TYPE) == "table")
        holders = (holder for style in tables for holder in style.iter(f"{W}pPr", f"{W}rPr"))
        return {str(element.tag) for holder in holders for element in holder}

    def _clean(self, style: etree._Element, new: str, twin: str) -> None:
        self._theme.write_out(style)
        style.attrib.pop(f"{W}default", "")
        style.set(_ID, new)
        style.set(f"{W}customStyle", "1")
        name = style.find(f"{W}name")
        if name is not None:
            name.set(_VAL, self._name(name.get(_VAL, ""), twin))
        for tag in _DROPPED:
            for element in style.findall(f"{W}{tag}"):
                style.remove(element)

    @staticmethod
    def _base_on(style: etree._Element, parent: str) -> None:
        based = style.find(f"{W}basedOn")
        if based is None:
            based = etree.Element(f"{W}basedOn")
            name = style.find(f"{W}name")
            style.insert(0 if name is None else 1, based)
        based.set(_VAL, parent)

    def write(self) -> None:
        """Puts what was taken over into the host's styles."""
        self._host.make("styles")
        name = self._host.part("styles")
        root = self._host.tree(name) if self._root is None else self._host.widen(name, self._root)
        root.extend(self._taken[style] for style in sorted(self._taken))

    # -- defaults ------------------------------------------------------------------------------------------------------

    def _written_out(self, *, numbered_lines: bool) -> list[etree._Element]:
        """w:pPr and w:rPr with all that either document's defaults touch, as it is in the source."""
        unsaid = () if numbered_lines else ("suppressLineNumbers",)
        name = self._host.part("styles")
        ours = self._host.tree(name) if name else None
        found = []
        for tag, reset in (("pPr", PARAGRAPH_RESET), ("rPr", RUN_RESET)):
            path = f"{W}docDefaults/{W}{tag}Default/{W}{tag}"
            theirs = copy.deepcopy(None if self._root is None else self._root.find(path))
            if theirs is not None:
                self._theme.write_out(theirs)
            said = {name: plain for name, plain in reset.items() if name not in unsaid}
            found.append(_against(None if ours is None else ours.find(path), theirs, tag, said))
        return found

    def _in_speaking_table(self, paragraph: etree._Element) -> bool:
        """Whether the nearest thing around a paragraph is a table whose style says how text looks."""
        cells = (f"{W}tc", f"{W}txbxContent")
        around = next((ancestor for ancestor in paragraph.iterancestors(*cells)), None)
        if around is None or around.tag != f"{W}tc":
            return False
        table = next(around.iterancestors(f"{W}tbl"), None)
        reference = None if table is None else table.find(f"{W}tblPr/{W}tblStyle")
        return reference is not None and self._speaks(reference.get(_VAL, ""))

    def _speaks(self, taken: str) -> bool:
        style = self._taken.get(taken)
        while style is not None and style.get(_ID) != self._id("", "t"):
            if any(len(element) for tag in ("pPr", "rPr") for element in style.iter(f"{W}{tag}")):
                return True
            based = style.find(f"{W}basedOn")
            style = None if based is None else self._taken.get(based.get(_VAL, ""))
        return False


def _against(
    ours: etree._Element | None, theirs: etree._Element | None, tag: str, reset: Mapping[str, Mapping[str, str]]
) -> etree._Element:
    """Their defaults, with a reset of whatever only ours say; children in the order of the schema."""
    wanted: dict[str, etree._Element] = {}
    for element in () if ours is None else ours:
        name = str(element.tag).removeprefix(W)
        if name in reset:
            wanted[name] = etree.Element(element.tag)
            wanted[name].attrib.update({f"{W}{key}": value for key, value in reset[name].items()})
    for element in () if theirs is None else theirs:
        name = str(element.tag).removeprefix(W)
        kept = wanted.setdefault(name, etree.Element(element.tag))
        kept.attrib.update(dict(element.attrib))
        kept.extend(list(element))
    result = etree.Element(f"{W}{tag}")
    order = list(reset)
    names = sorted(wanted, key=lambda name: order.index(name) if name in order else len(order))
    result.extend(wanted[name] for name in names if len(wanted[name]) or wanted[name].attrib)
    return result
