"""The parts of an OPC package as XML: names of one standard, relationships, a stable text form."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from generator.base.problems import Where
from generator.office.gate import parsed

_OFFICE = "http://schemas.openxmlformats.org/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
W_NS = _OFFICE + "wordprocessingml/2006/main"
S_NS = _OFFICE + "spreadsheetml/2006/main"
R_NS = _OFFICE + "officeDocument/2006/relationships"
RELS_NS = _OFFICE + "package/2006/relationships"
W, S, R = f"{{{W_NS}}}", f"{{{S_NS}}}", f"{{{R_NS}}}"

PREFIXES: Mapping[str, str] = {
    W_NS: "",
    S_NS: "",
    R_NS: "r",
    _OFFICE + "markup-compatibility/2006": "mc",
    _OFFICE + "drawingml/2006/main": "a",
    _OFFICE + "drawingml/2006/picture": "pic",
    _OFFICE + "drawingml/2006/wordprocessingDrawing": "wp",
    _OFFICE + "drawingml/2006/spreadsheetDrawing": "xdr",
    _OFFICE + "drawingml/2006/chart": "c",
    _OFFICE + "officeDocument/2006/math": "m",
    _OFFICE + "officeDocument/2006/docPropsVTypes": "vt",
    _OFFICE + "officeDocument/2006/extended-properties": "",
    _OFFICE + "officeDocument/2006/custom-properties": "",
    _OFFICE + "package/2006/metadata/core-properties": "",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:word": "w10",
    "urn:schemas-microsoft-com:office:excel": "x",
    _MICROSOFT + "word/2010/wordml": "w14",
    _MICROSOFT + "word/2012/wordml": "w15",
    _MICROSOFT + "word/2010/wordprocessingDrawing": "wp14",
    _MICROSOFT + "word/2010/wordprocessingShape": "wps",
    _MICROSOFT + "word/2010/wordprocessingGroup": "wpg",
    _MICROSOFT + "word/2010/wordprocessingCanvas": "wpc",
    _MICROSOFT + "drawing/2010/main": "a14",
    _MICROSOFT + "spreadsheetml/2009/9/main": "x14",
    _MICROSOFT + "spreadsheetml/2009/9/ac": "x14ac",
}
"""The prefix that text uses for a namespace, whatever the file calls it; a namespace not listed is written out."""

_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R_NS.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/", (_OFFICE + "officeDocument/2006/").encode()),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W_NS.encode()),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", S_NS.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", (_OFFICE + "drawingml/2006/").encode()),
)
"""ISO/IEC 29500-1 (Strict) names of what 29500-4 (Transitional) calls otherwise; Word and WPS write Transitional."""

_MAY_BE_STRICT = re.compile(rb"""purl\.oclc\.org/ooxml/|xmlns[^\s=<>]*\s*=\s*("[^"<]*&|'[^'<]*&)""")

ADDRESS = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")
"""A URI with its scheme, or a server's share."""

_SAVE_MARK = re.compile(r"^rsid|^(paraId|textId|uid)$")
_SAVE_MARK_ELEMENTS = {f"{W}rsids", f"{W}rsid", f"{W}proofErr", f"{W}lastRenderedPageBreak"}
"""What an editor leaves behind at each save, and what means nothing to a reader or a printer."""

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_PREFIX_LISTS = {"Ignorable", "Requires", "MustUnderstand", "ProcessContent"}
_BARE = re.compile(r"""[^\s()="\\→|]+""")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_ESCAPED = re.compile(r"[\\→⏎‹›␣]|(?<!\{)\{(?![{%#])|(?<![}%#])\}(?!\})")


@dataclass(frozen=True, slots=True)
class Relation:
    """`type` is the last word of the relationship's type; `target` a part's name, or an address when `external`."""

    type: str
    target: str
    external: bool = False


Relations = Mapping[str, Relation]


def xml(data: bytes, where: Where) -> etree._Element:
    """The root of a part, in Transitional names, without comments; raises Problems as `gate.parsed` does."""
    root = parsed(data, where)
    return _transitional(root) if may_be_strict(data) else root


def may_be_strict(data: bytes) -> bool:
    """Whether a part may hold Strict names, which `xml` turns into Transitional ones."""
    return bool(_MAY_BE_STRICT.search(data))


def _transitional(root: etree._Element) -> etree._Element:
    # Written out anew, a name that was spelt with character references is spelt plainly.
    data = etree.tostring(root, encoding="UTF-8")
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def rels_of(part: str) -> str:
    """The name of the part that holds a part's relationships; of the package's for `part=""`."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def remove(element: etree._Element) -> None:
    """Takes an element out of its tree, where it is in one."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Leaves what an element holds in its place."""
    for child in list(element):
        element.addprevious(child)
    remove(element)


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, Relation]:
    """The relationships of a part by id; those of the package for `part=""`."""
    rels = rels_of(part)
    if rels not in parts:
        return {}
    found = {}
    for element in xml(parts[rels], Where(rels)):
        target, external = element.get("Target", ""), is_outside(element)
        if not external:
            target = part_at(part, target)
        kind = element.get("Type", "").rpartition("/")[2]
        found[element.get("Id", "")] = Relation(kind, target, external)
    return found


def is_outside(relationship: etree._Element) -> bool:
    """Whether a relationship leads out of the package.

    What is not said to be internal does, and so does an address whatever is said of it: programs fetch both.
    """
    mode = relationship.get("TargetMode", "Internal")
    return mode != "Internal" or bool(ADDRESS.match(relationship.get("Target", "")))


def part_at(part: str, target: str) -> str:
    """The name of the part that `target` leads to from `part`."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target))).lstrip("/")


def main_part(parts: Mapping[str, bytes]) -> str:
    """The name of the part that is the document or the workbook; empty when the package names none."""
    found = (relation.target for relation in relations(parts, "").values() if relation.type == "officeDocument")
    return next((target for target in found if target in parts), "")


# -- text form ---------------------------------------------------------------------------------------------------------


def visible(text: str) -> str:
    """Text of a document as one line shows it: `\\u{…}` for what is not seen, a backslash before our own marks.

    A single brace gets one too, because {PAGE} is a field; Jinja's {{ }} {% %} {# #} stay as they are.
    """
    text = _ESCAPED.sub(lambda match: "\\" + match[0], text)
    return "".join(_seen(character) for character in text)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    blank = category == "Zs" and character not in " \u3000"
    noncharacter = 0xFDD0 <= ord(character) <= 0xFDEF or ord(character) & 0xFFFE == 0xFFFE
    return f"\\u{{{ord(character):x}}}" if blank or noncharacter or category in _UNSEEN else character


def quoted(value: str) -> str:
    """A value bare where it can be, else as a JSON string; what is not seen is written out."""
    return "".join(_seen(character) for character in value) if _BARE.fullmatch(value) else literal(value)


def literal(text: str) -> str:
    """Text as a JSON string; what is not seen is written out."""
    return "".join(_seen(character) for character in json.dumps(text, ensure_ascii=False))


def digest(text: str, characters: int = 6) -> str:
    """A short name for what `text` says, the same wherever it stands."""
    return hashlib.sha256(text.encode()).hexdigest()[:characters]


def means_nothing(element: etree._Element) -> bool:
    """Whether an element is only a trace of editing."""
    return element.tag in _SAVE_MARK_ELEMENTS


def name_of(element: etree._Element) -> str:
    """An element's name with the prefix that text uses for its namespace."""
    return _name(str(element.tag), element)


def _name(tag: str, owner: etree._Element) -> str:
    """`tag` with its canonical prefix; in WordprocessingML, whose attributes are qualified, `:val` is not `val`."""
    namespace, _brace, name = tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if not namespace:
        return f":{name}" if str(owner.tag).startswith(W) else name
    prefix = PREFIXES.get(namespace, f"{{{namespace}}}")
    return f"{prefix}{':' if namespace in PREFIXES else ''}{name}" if prefix else name


def attributes(element: etree._Element, rels: Relations, without: frozenset[str] = frozenset()) -> list[str]:
    """`name=value` of each attribute that means something, sorted; a relationship as `name→target`."""
    return sorted(
        _attribute(element, str(key), str(value), rels)
        for key, value in element.attrib.items()
        if key not in without and not _SAVE_MARK.match(str(key).rpartition("}")[2])
    )


def _attribute(element: etree._Element, key: str, value: str, rels: Relations) -> str:
    name = _name(key, element)
    if key.startswith(R) and value:
        relation = rels.get(value)
        return f"{name}→{quoted(relation.target) if relation else f'? {quoted(value)}'}"
    if key == _TYPE:
        prefix, _colon, kind = value.rpartition(":")
        space = element.nsmap.get(prefix or None, prefix)
        return f"{name}={PREFIXES.get(space or '', space)}:{kind}"
    if key.rpartition("}")[2] in _PREFIX_LISTS:
        namespaces = (element.nsmap.get(prefix, prefix) or prefix for prefix in value.split())
        return f"{name}={quoted(' '.join(sorted(PREFIXES.get(space, space) for space in namespaces)))}"
    return f"{name}={quoted(value)}"


def compact(element: etree._Element, rels: Relations, without: frozenset[str] = frozenset()) -> str:
    """A whole element on one line: `name`, `name=val`, `name:"text"` or `name(attribute=… child child(…))`.

    The same for any order of attributes, any namespace prefix and any pretty-printing; different for anything else.
    """
    kept = [child for child in element if child.tag not in without and not means_nothing(child)]
    shown = attributes(element, rels, without)
    content = [piece for child in kept for piece in (compact(child, rels, without), *_loose(child.tail))]
    text = leaf_text(element)
    name = name_of(element)
    if text is not None and not shown and not content:
        return f"{name}:{literal(text)}"
    if not content and text is None and len(shown) == 1 and shown[0].startswith("val="):
        return f"{name}={shown[0].removeprefix('val=')}"
    inner = [*shown, *([literal(text)] if text is not None else []), *content]
    return f"{name}({' '.join(inner)})" if inner else name


def leaf_text(element: etree._Element) -> str | None:
    """An element's own text; None where it has none but layout of the XML."""
    text = element.text
    if text is None:
        return None
    kept = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if text.strip() or (kept and not len(element)) else None


def _loose(tail: str | None) -> list[str]:
    return [literal(tail.strip())] if tail and tail.strip() else []


def outline(element: etree._Element, rels: Relations, indent: str = "", width: int = 110) -> list[str]:
    """An element as lines: on one where it fits, else its name and attributes, then its children further in."""
    whole = compact(element, rels)
    if len(whole) <= width or not len(element):
        return [indent + whole]
    return [indent + head(element, rels), *outline_children(element, rels, indent + "  ", width)]


def head(element: etree._Element, rels: Relations) -> str:
    """An element's name, attributes and own text, without its children."""
    text = leaf_text(element)
    shown = [*attributes(element, rels), *([literal(text)] if text is not None else [])]
    return f"{name_of(element)}({' '.join(shown)})" if shown else name_of(element)


def outline_children(element: etree._Element, rels: Relations, indent: str = "", width: int = 110) -> list[str]:
    lines = []
    for child in element:
        if not means_nothing(child):
            lines += outline(child, rels, indent, width)
        lines += [indent + loose for loose in _loose(child.tail)]
    return lines


# -- cells of a sheet -------------------------------------------------------------------------------------------------

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""Of any sheet (ECMA-376 18.3.1.73, Excel's "specifications and limits")."""


def column_letters(column: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AB → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
