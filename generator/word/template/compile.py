"""A Word template and its context, made into a package once (the only caller of docxtpl).

docxtpl does its own preprocessing (tags split over runs, paragraph and row tags); each part is rendered once, by the
environment of `word.jinja`, then parsed strictly: docxtpl's recovering parser would cut a document off in silence.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error
from generator.office.active import admit
from generator.office.gate import content_types, is_xml, open_package, parsed
from generator.office.ooxml import W_NS, W, name_of
from generator.office.package import SLOT_OPEN, Package, compile_package
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
    render,
    silenced,
    unclosed,
    without_unclosed,
)

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
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


def compile_template(template: bytes, context: Mapping[str, Any], name: str, finish: Finish | None = None) -> Package:
    """The package of `template` with `context` in it; slots in the context's values stay slots.

    `name` is what messages call the template. `finish` may change the rendered parts before they are compiled.
    Raises Problems with every fault of the template.
    """
    parts = dict(open_package(template, Where(name)))
    _refuse_faults(template, frozenset(context), name)
    for part, texts in _template_parts(template, name).items():
        parts[part] = _render(name, part, texts, context)
    if finish:
        finish(parts)
    return compile_package(parts)


@lru_cache(maxsize=16)
def _refuse_faults(template: bytes, names: frozenset[str], name: str) -> None:
    """Raises Problems with every fault of a template; one without is looked at once for all shapes of a document."""
    if found := template_faults(template, names, name):
        raise Problems(found)


def template_faults(template: bytes, names: frozenset[str], name: str) -> list[Problem]:
    """Every fault of a template that can be told without rendering: for `fawen check`."""
    found = [_problem(name, fault) for fault in _strays(template, name)]
    for part, texts in _template_parts(template, name).items():
        of_part = [
            *unclosed(part, texts.raw),
            *misplaced(part, texts.raw, texts.patched, story=texts.story),
            *faults(part, texts.patched, names),
        ]
        found += [_problem(name, fault) for fault in sorted(of_part, key=lambda fault: fault.paragraph)]
    return found


@lru_cache(maxsize=16)
def decided_unit_fields(template: bytes, name: str) -> frozenset[str]:
    """The fields of `unit` that the template decides on: constants of a shape, not slots."""
    return frozenset(
        field for texts in _template_parts(template, name).values() for field in decided_fields(texts.patched, "unit")
    )


def printed_unit_fields(template: bytes, name: str) -> frozenset[str]:
    """The fields of `unit` that the template prints whatever they are: it decides on none of them."""
    printed = {
        field for texts in _template_parts(template, name).values() for field in printed_fields(texts.patched, "unit")
    }
    return frozenset(printed) - decided_unit_fields(template, name)


class _Texts(NamedTuple):
    """A part that holds tags, a paragraph on each line: as it is, and preprocessed by docxtpl."""

    raw: str
    patched: str
    story: bool


@lru_cache(maxsize=16)
def _template_parts(template: bytes, name: str) -> dict[str, _Texts]:
    """The parts in which tags are filled and that hold some, without comments and processing instructions."""
    from docxtpl import DocxTemplate

    engine = DocxTemplate(io.BytesIO(template))
    parts = admit(template, Where(name))
    found = {}
    for part, kind in content_types(parts).items():
        if _is_filled(part, kind):
            text = etree.tostring(parsed(parts[part], Where(part)), encoding="unicode")
            if _TAGGED.search(text) and len(text) <= MAX_PART:
                raw = by_paragraph(text)
                found[part] = _Texts(raw, engine.patch_xml(without_unclosed(raw)), kind.endswith(_STORIES))
    return found


def _is_filled(part: str, kind: str) -> bool:
    return part.endswith(".xml") and kind.endswith((*_STORIES, *_PROPERTIES))


@lru_cache(maxsize=16)
def _strays(template: bytes, name: str) -> list[TemplateFault]:
    """Tags in parts that are not filled, where they would go out as they are; what would be taken for a slot."""
    parts = admit(template, Where(name))
    types = content_types(parts)
    found = []
    for part, data in parts.items():
        kind = types.get(part, "")
        if not is_xml(part, data, kind):
            continue
        root = parsed(data, Where(part))
        texts = [*map(str, root.itertext()), *(str(value) for element in root.iter() for value in element.values())]
        if any(map(_MARKS.search, texts)):
            found.append(TemplateFault(part, 1, "", _("it holds characters that no document can carry")))
        tagged = next((text for text in ("".join(texts), *texts) if _TAGGED.search(text)), "")
        if tagged and not _is_filled(part, kind):
            found.append(TemplateFault(part, 1, "", _("there is a tag in it, and tags of this part are not filled")))
        elif tagged and root.nsmap.get("w", W_NS) != W_NS:
            found.append(TemplateFault(part, 1, "", _("it is not written as Word writes it: save it anew in Word")))
        elif tagged and len(data) > MAX_PART:
            message = _("it has more than {limit} MB").format(limit=MAX_PART // 2**20)
            found.append(TemplateFault(part, 1, "", message))
    return found


def _render(name: str, part: str, texts: _Texts, context: Mapping[str, Any]) -> bytes:
    from docxtpl import DocxTemplate

    engine = DocxTemplate(io.BytesIO())
    filled = _filled(name, part, texts.patched, context)
    try:
        etree.fromstring(filled.encode(), _strict_parser())
    except etree.XMLSyntaxError as bad:
        message = _("the template does not give valid XML: {reason}").format(reason=bad.msg)
        fault = fault_at(part, filled.split("\n"), bad.lineno or 1, message)
        raise Problems([_problem(name, fault)]) from bad
    # A parser makes blanks of line ends in attributes.
    whole = _BROKEN.sub(lambda tag: tag[0].replace("\n", "&#10;").replace("\t", "&#9;"), joined(filled))
    rendered = engine.resolve_listing(whole)
    if part == "word/document.xml":
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


def _filled(name: str, part: str, text: str, context: Mapping[str, Any]) -> str:
    """The part with the context in it. Raises Problems with every fault that only running it shows."""
    lines = text.split("\n")
    found: dict[int, TemplateFault] = {}
    while True:
        try:
            rendered = render(text, context)
        except Exception as bad:
            # A template may compare a word with a number or loop over one: what Python says of it is of any type.
            line = line_of(bad)
            if line in found or len(found) == _MOST_FAULTS:
                break
            found[line] = fault_at(part, lines, line, str(bad) or type(bad).__name__)
            text = silenced(text, line)
        else:
            break
    if found:
        raise Problems(_problem(name, found[line]) for line in sorted(found))
    return rendered


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
