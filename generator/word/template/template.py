"""The template: a Word document with tags, opened once and compiled with each context (the only caller of docxtpl).

docxtpl does its own preprocessing (tags split over runs, paragraph and row tags); each part is rendered once, by the
environment of `word.jinja`, then parsed strictly: docxtpl's recovering parser would cut a document off in silence.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template as Program
from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error
from generator.dispatch.style import House
from generator.office.active import active_content
from generator.office.gate import content_types, is_xml, open_package, parsed
from generator.office.ooxml import W_NS, W, may_be_strict, name_of
from generator.office.package import SLOT_OPEN, Package, compile_package
from generator.word.template.dress import dress
from generator.word.template.jinja import (
    MAX_PART,
    TemplateFault,
    by_paragraph,
    decided_fields,
    fault_at,
    faults,
    is_words,
    joined,
    line_of,
    misplaced,
    printed_fields,
    program_of,
    render,
    silenced,
    unclosed,
    without_unclosed,
)
from generator.word.xml import Styles, last_section, styles_in

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_STORIES = tuple(
    f"wordprocessingml.{kind}+xml"
    for kind in ("document.main", "template.main", "header", "footer", "footnotes", "endnotes")
)
_PROPERTIES = ("core-properties+xml", "extended-properties+xml", "custom-properties+xml")
"""Content types, by their last words, of the parts in which tags are filled."""
_TAGGED = re.compile(r"{[{%#]")
_MARKS = re.compile(r"[\ufdd0-\ufdef]")
_BROKEN = re.compile(r"<[^<>]*[\n\t][^<>]*>")
_MOST_FAULTS = 20
"""Faults of a part that are found by running it: each takes another run."""
Finish = Callable[[dict[str, bytes]], None]


@dataclass(frozen=True)
class _Tagged:
    """A part that holds tags, a paragraph on each line: as it is, preprocessed by docxtpl, and as a program."""

    raw: str
    patched: str
    story: bool

    @cached_property
    def program(self) -> Program:
        return program_of(self.patched)


class Template:
    """A Word template opened once: its parts in the house's dress, its styles, and its tags ready to be filled.

    `name` is what messages call it. Raises Problems for a file that the gate or the search for active content refuses.
    """

    def __init__(self, data: bytes, name: str, house: House | None = None) -> None:
        where = Where(name)
        parts = open_package(data, where)
        if not {_DOCUMENT, _STYLES} <= set(parts):
            hint = _("Begin again from the template that came with fawen.")
            raise Problems([error("template", where, _("this is no Word document, whatever its name says"), hint)])
        self.name = name
        self.parts: Mapping[str, bytes] = dress(parts, house) if house else parts
        self._types = content_types(self.parts)
        self._roots = {
            part: parsed(data, Where(part))
            for part, data in self.parts.items()
            if is_xml(part, data, self._types.get(part, ""))
        }
        known = {part: root for part, root in self._roots.items() if not may_be_strict(self.parts[part])}
        if found := active_content(self.parts, where, known):
            raise Problems(found)
        self._faultless: set[frozenset[str]] = set()
        """The names with which it is known to hold no fault; a fault itself is told in the language of who asks."""

    @cached_property
    def styles(self) -> Styles:
        return styles_in(self.parts[_STYLES].decode(), self.section)

    @cached_property
    def section(self) -> str:
        """The w:sectPr that ends the body."""
        return last_section(self.parts[_DOCUMENT].decode())

    def compile(self, context: Mapping[str, Any], finish: Finish | None = None) -> Package:
        """The package of the template with `context` in it; slots in the context's values stay slots.

        `finish` may change the rendered parts before they are compiled. Raises Problems with every fault.
        """
        if (names := frozenset(context)) not in self._faultless:
            if found := self.faults(names):
                raise Problems(found)
            self._faultless.add(names)
        parts = dict(self.parts)
        for part, texts in self._tagged.items():
            parts[part] = _render(self.name, part, texts, context)
        if finish:
            finish(parts)
        return compile_package(parts)

    def faults(self, names: frozenset[str]) -> list[Problem]:
        """Every fault that can be told without rendering, where a context gives these names."""
        found = [_problem(self.name, fault) for fault in self._strays()]
        for part, texts in self._tagged.items():
            of_part = [
                *unclosed(part, texts.raw),
                *misplaced(part, texts.raw, texts.patched, story=texts.story),
                *faults(part, texts.patched, names),
            ]
            found += [_problem(self.name, fault) for fault in sorted(of_part, key=lambda fault: fault.paragraph)]
        return found

    @cached_property
    def decided(self) -> frozenset[str]:
        """The fields of `unit` that the template decides on: constants of a shape, not slots."""
        return frozenset(field for texts in self._tagged.values() for field in decided_fields(texts.patched, "unit"))

    @cached_property
    def printed(self) -> frozenset[str]:
        """The fields of `unit` that the template prints whatever they are: it decides on none of them."""
        printed = {field for texts in self._tagged.values() for field in printed_fields(texts.patched, "unit")}
        return frozenset(printed) - self.decided

    @cached_property
    def _tagged(self) -> Mapping[str, _Tagged]:
        """The parts in which tags are filled and that hold some, without comments and processing instructions."""
        engine = DocxTemplate(io.BytesIO())
        found = {}
        for part, kind in self._types.items():
            if _is_filled(part, kind):
                text = etree.tostring(self._roots[part], encoding="unicode")
                if _TAGGED.search(text) and len(text) <= MAX_PART:
                    raw = by_paragraph(text)
                    found[part] = _Tagged(raw, engine.patch_xml(without_unclosed(raw)), kind.endswith(_STORIES))
        return found

    def _strays(self) -> Iterator[TemplateFault]:
        """Tags in parts that are not filled, where they would go out as they are; what would be taken for a slot."""
        for part, root in self._roots.items():
            texts = [*map(str, root.itertext()), *(str(value) for element in root.iter() for value in element.values())]
            if any(map(_MARKS.search, texts)):
                yield TemplateFault(part, 1, "", _("it holds characters that no document can carry"))
            tagged = next((text for text in ("".join(texts), *texts) if _TAGGED.search(text)), "")
            if tagged and not _is_filled(part, self._types.get(part, "")):
                yield TemplateFault(part, 1, "", _("there is a tag in it, and tags of this part are not filled"))
            elif tagged and root.nsmap.get("w", W_NS) != W_NS:
                yield TemplateFault(part, 1, "", _("it is not written as Word writes it: save it anew in Word"))
            elif tagged and len(self.parts[part]) > MAX_PART:
                message = _("it has more than {limit} MB").format(limit=MAX_PART // 2**20)
                yield TemplateFault(part, 1, "", message)


def _is_filled(part: str, kind: str) -> bool:
    return part.endswith(".xml") and kind.endswith((*_STORIES, *_PROPERTIES))


def _render(name: str, part: str, texts: _Tagged, context: Mapping[str, Any]) -> bytes:
    engine = DocxTemplate(io.BytesIO())
    filled = _filled(name, part, texts, context)
    try:
        etree.fromstring(filled.encode(), _strict_parser())
    except etree.XMLSyntaxError as bad:
        message = _("the template does not give valid XML: {reason}").format(reason=bad.msg)
        fault = fault_at(part, filled.split("\n"), bad.lineno or 1, message)
        raise Problems([_problem(name, fault)]) from bad
    # A parser makes blanks of line ends in attributes.
    whole = _BROKEN.sub(lambda tag: tag[0].replace("\n", "&#10;").replace("\t", "&#9;"), joined(filled))
    rendered = engine.resolve_listing(whole)
    if part == _DOCUMENT:
        tree = engine.fix_tables(rendered)
        _number_drawings(tree)
    else:
        tree = etree.fromstring(rendered.encode(), _strict_parser())
    if texts.story and (found := list(_slots_astray(part, tree))):
        raise Problems(_problem(name, fault) for fault in found)
    return _DECLARATION.encode() + etree.tostring(tree, encoding="UTF-8")


def _slots_astray(part: str, tree: etree._Element) -> Iterator[TemplateFault]:
    """Slots where a program would take a unit's value for something else than text."""
    paragraph = 0
    for element in tree.iter(etree.Element):
        name = name_of(element)
        paragraph += name == "p"
        places = [("", element.text if element.tag != f"{W}t" else ""), ("", element.tail)]
        places += [
            (f"/@{key!s}", str(value))
            for key, value in element.attrib.items()
            if not is_words(f"w:{name}", str(key).replace(W, "w:"))
        ]
        for place, text in places:
            if SLOT_OPEN in (text or ""):
                message = _("a unit's value comes to stand in {place}, where no text belongs")
                yield TemplateFault(part, max(paragraph, 1), "", message.format(place=name + place))


def _filled(name: str, part: str, texts: _Tagged, context: Mapping[str, Any]) -> str:
    """The part with the context in it. Raises Problems with every fault that only running it shows."""
    try:
        return render(texts.program, context)
    except Exception as bad:
        # A template may compare a word with a number or loop over one: what Python says of it is of any type.
        found = _faults_of_running(part, texts.patched, context, bad)
    raise Problems(_problem(name, found[line]) for line in sorted(found))


def _faults_of_running(part: str, text: str, context: Mapping[str, Any], first: Exception) -> dict[int, TemplateFault]:
    """The first fault of a run and those after it, by line: each line that has one is silenced, and it is run again."""
    lines = text.split("\n")
    found: dict[int, TemplateFault] = {}
    bad: Exception | None = first
    while bad and (line := line_of(bad)) not in found and len(found) < _MOST_FAULTS:
        found[line] = fault_at(part, lines, line, str(bad) or type(bad).__name__)
        text = silenced(text, line)
        bad = _failure(text, context)
    return found


def _failure(text: str, context: Mapping[str, Any]) -> Exception | None:
    try:
        render(program_of(text), context)
    except Exception as bad:
        return bad
    return None


def _strict_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _number_drawings(tree: Any) -> None:
    """Drawings repeated by a loop carry the same id; Word asks for different ones."""
    drawings = tree.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    for number, drawing in enumerate(drawings, 1001):
        drawing.set("id", str(number))


def _problem(name: str, fault: TemplateFault) -> Problem:
    place = _("{part}, paragraph {paragraph}").format(part=fault.part, paragraph=fault.paragraph)
    words = f" “{fault.words}”" if fault.words else ""
    return error(
        "template",
        Where(name),
        f"{place}{words}: {fault.message}",
        _("Correct the template in Word, or restore the one that came with fawen."),
    )
