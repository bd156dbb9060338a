"""What must hold in every .docx package: nothing points to nowhere, and what names one thing names one only."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from generator.office.gate import content_types
from generator.office.ooxml import R, W, main_part, relations

_VAL = f"{W}val"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PREFIXES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
_REQUIRES = "Requires"
_UNIQUE = (
    (f"{W}bookmarkStart", f"{W}id"), (f"{W}bookmarkStart", f"{W}name"), (_DRAWING, "id"), (f"{W}style", f"{W}styleId"),
    (f"{W}num", f"{W}numId"), (f"{W}abstractNum", f"{W}abstractNumId"), (f"{W}footnote", f"{W}id"),
)  # fmt: skip


def broken(parts: Mapping[str, bytes]) -> list[str]:
    """Everything that is wrong with the package; empty when nothing is."""
    roots = {name: etree.fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}
    return [*_types(parts), *_relations(parts, roots), *_twice(roots), *_names(parts, roots), *_cells(roots)]


def _types(parts: Mapping[str, bytes]) -> Iterator[str]:
    types = content_types(parts)
    yield from (f"{name} has no content type" for name, kind in types.items() if not kind)
    overrides = [
        e.get("PartName", "") for e in etree.fromstring(parts["[Content_Types].xml"]) if "PartName" in e.attrib
    ]
    yield from (f"{name} has two content types" for name, count in Counter(overrides).items() if count > 1)
    yield from (f"{name} has a content type, but is not there" for name in overrides if name.lstrip("/") not in parts)


def _relations(parts: Mapping[str, bytes], roots: Mapping[str, etree._Element]) -> Iterator[str]:
    reached = {"[Content_Types].xml"}
    for name in ["", *parts]:
        rels = relations(parts, name)
        folder, stem = posixpath.split(name)
        reached.add(posixpath.join(folder, "_rels", f"{stem}.rels"))
        identities = [e.get("Id") for e in roots.get(posixpath.join(folder, "_rels", f"{stem}.rels"), ())]
        yield from (f"{name}: {identity} stands twice" for identity, count in Counter(identities).items() if count > 1)
        for relation in rels.values():
            if not relation.external:
                reached.add(relation.target)
                if relation.target not in parts:
                    yield f"{name} points to {relation.target}, which is not there"
        if name in roots:
            used = {
                value
                for e in roots[name].iter(etree.Element)
                for key, value in e.attrib.items()
                if str(key).startswith(R)
            }
            yield from (f"{name} uses the relationship {one}, which it has not" for one in used - set(rels) - {""})
    yield from (f"nothing points to {name}" for name in set(parts) - reached)


def _twice(roots: Mapping[str, etree._Element]) -> Iterator[str]:
    for tag, key in _UNIQUE:
        # w:footnotePr of the settings names notes, too.
        found = (e for root in roots.values() if root.tag != f"{W}settings" for e in root.iter(tag))
        values = Counter(str(e.get(key)) for e in found)
        yield from (f"{tag} {value} stands {count} times" for value, count in values.items() if count > 1)
    controls = Counter(
        str(e.get(_VAL))
        for root in roots.values()
        for properties in root.iter(f"{W}sdtPr")
        for e in properties.findall(f"{W}id")
    )
    yield from (f"content control {value} stands {count} times" for value, count in controls.items() if count > 1)


def _names(parts: Mapping[str, bytes], roots: Mapping[str, etree._Element]) -> Iterator[str]:
    """Styles, lists, notes and namespaces that are used and not there."""
    kinds = {relation.type: relation.target for relation in relations(parts, main_part(parts)).values()}
    styles = {e.get(f"{W}styleId") for e in roots[kinds["styles"]].iter(f"{W}style")} if "styles" in kinds else set()
    names = Counter(e.get(_VAL) for e in roots[kinds["styles"]].iterfind(f"{W}style/{W}name")) if styles else Counter()
    yield from (f"the style {name} stands twice" for name, count in names.items() if count > 1)
    numbers = {e.get(f"{W}numId") for e in roots[kinds["numbering"]].iter(f"{W}num")} if "numbering" in kinds else set()
    notes = {e.get(f"{W}id") for e in roots[kinds["footnotes"]].iter(f"{W}footnote")} if "footnotes" in kinds else set()
    known = (
        (("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"), _VAL, styles),
        (("numId",), _VAL, numbers | {"0"}),
        (("footnoteReference",), f"{W}id", notes),
    )
    for part, root in roots.items():
        for tags, key, there in known:
            for element in root.iter(*(f"{W}{tag}" for tag in tags)):
                if element.get(key) not in there:
                    yield f"{part}: {element.tag.removeprefix(W)} {element.get(key)} is not there"
        prefixes = set(root.get(_PREFIXES, "").split())
        prefixes |= {one for e in root.iter(etree.Element) for one in e.get(_REQUIRES, "").split()}
        yield from (f"{part}: no namespace for the prefix {prefix}" for prefix in prefixes - set(root.nsmap))


def _cells(roots: Mapping[str, etree._Element]) -> Iterator[str]:
    for part, root in roots.items():
        for cell in root.iter(f"{W}tc"):
            if cell[-1].tag != f"{W}p":
                yield f"{part}: a cell does not end with a paragraph"
