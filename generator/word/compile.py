"""A Word template and its context, made into a package once (the only caller of docxtpl).

docxtpl does its own preprocessing (tags split over runs, paragraph and row tags); each part is rendered once, by the
environment of `word.jinja`, then parsed strictly: docxtpl's recovering parser would cut a document off in silence.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from generator.gate import open_package
from generator.i18n import _
from generator.ooxml import admit
from generator.package import Package, compile_package
from generator.problems import Problem, Problems, Where, error
from generator.word.jinja import (
    TemplateFault,
    by_paragraph,
    decided_fields,
    environment,
    fault_at,
    faults,
    joined,
    line_of,
    printed_fields,
    silenced,
    unclosed,
    without_unclosed,
)

_RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml|docProps/core\.xml")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Finish = Callable[[dict[str, bytes]], None]


def compile_template(template: bytes, context: Mapping[str, Any], name: str, finish: Finish | None = None) -> Package:
    """The package of `template` with `context` in it; slots in the context's values stay slots.

    `name` is what messages call the template. `finish` may change the rendered parts before they are compiled.
    Raises Problems with every fault of the template.
    """
    parts = dict(open_package(template, Where(name)))
    if found := template_faults(template, frozenset(context), name):
        raise Problems(found)
    for part, (_raw, text) in _template_parts(template, name).items():
        parts[part] = _render(name, part, text, context)
    if finish:
        finish(parts)
    return compile_package(parts)


def template_faults(template: bytes, names: frozenset[str], name: str) -> list[Problem]:
    """Every fault of a template that can be told without rendering: for `fawen check`."""
    return [
        _problem(name, fault)
        for part, (raw, text) in _template_parts(template, name).items()
        for fault in sorted([*unclosed(part, raw), *faults(part, text, names)], key=lambda fault: fault.paragraph)
    ]


@lru_cache(maxsize=16)
def decided_unit_fields(template: bytes, name: str) -> frozenset[str]:
    """The fields of `unit` that the template decides on: constants of a shape, not slots."""
    return frozenset(
        field for _raw, text in _template_parts(template, name).values() for field in decided_fields(text, "unit")
    )


def printed_unit_fields(template: bytes, name: str) -> frozenset[str]:
    """The fields of `unit` that the template prints whatever they are: it decides on none of them."""
    printed = {
        field for _raw, text in _template_parts(template, name).values() for field in printed_fields(text, "unit")
    }
    return frozenset(printed) - decided_unit_fields(template, name)


@lru_cache(maxsize=16)
def _template_parts(template: bytes, name: str) -> dict[str, tuple[str, str]]:
    """The parts that hold tags, a paragraph on each line: as they are, and preprocessed by docxtpl."""
    from docxtpl import DocxTemplate

    engine = DocxTemplate(io.BytesIO(template))
    texts = {}
    for part, data in admit(template, Where(name)).items():
        if _RENDERED.fullmatch(part) and (b"{{" in data or b"{%" in data or b"{#" in data or b"{<" in data):
            raw = by_paragraph(re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", data.decode("utf-8-sig")))
            texts[part] = raw, engine.patch_xml(without_unclosed(raw))
    return texts


def _render(name: str, part: str, text: str, context: Mapping[str, Any]) -> bytes:
    from docxtpl import DocxTemplate

    engine = DocxTemplate(io.BytesIO())
    filled = _filled(name, part, text, context)
    try:
        etree.fromstring(filled.encode(), _strict_parser())
    except etree.XMLSyntaxError as bad:
        message = _("the template does not give valid XML: {reason}").format(reason=bad.msg)
        fault = fault_at(part, filled.split("\n"), bad.lineno or 1, message)
        raise Problems([_problem(name, fault)]) from bad
    rendered = engine.resolve_listing(joined(filled))
    if part == "word/document.xml":
        tree = engine.fix_tables(rendered)
        _number_drawings(tree)
    else:
        tree = etree.fromstring(rendered.encode(), _strict_parser())
    return _DECLARATION.encode() + etree.tostring(tree, encoding="UTF-8")


def _filled(name: str, part: str, text: str, context: Mapping[str, Any]) -> str:
    """The part with the context in it. Raises Problems with every fault that only running it shows."""
    lines = text.split("\n")
    found: dict[int, TemplateFault] = {}
    while True:
        try:
            rendered = environment().from_string(text).render(context)
        except Exception as bad:
            # A template may compare a word with a number or loop over one: what Python says of it is of any type.
            line = line_of(bad)
            if line in found:
                break
            found[line] = fault_at(part, lines, line, str(bad))
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
