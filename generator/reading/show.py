"""Any .docx or .xlsx as total, reviewable text: the form in which golden files are kept and changes are read.

First what a reader sees, then every remaining property in one generic form, then a digest of each part that is no
XML. Whatever changes the document's meaning changes the text; what does not (order and dates of zip members, order of
attributes, namespace prefixes, relationship ids, revision marks of the editor, how text is cut into runs) does not.

In text: `→` tab, `⏎` line break, `{PAGE=1}` a field and its result, `‹…›` a run whose properties stand below, `␣` a
blank at the end of a line, `\\u{…}` a character that is not seen, a backslash before any of these marks where it is
text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.office.gate import content_types, is_xml, open_to_read
from generator.office.ooxml import (
    Relations,
    W,
    compact,
    digest,
    head,
    local,
    main_part,
    outline_children,
    relations,
    xml,
)
from generator.reading.show_excel import excel_lines
from generator.reading.show_word import word_lines

_MAIN_KINDS = {"wordprocessingml": "word", "ms-word": "word", "spreadsheetml": "excel", "ms-excel": "excel"}


def text(source: Path | bytes, name: str = "") -> str:
    """The document as text, one line a fact; `name` is what messages call it (default: the file's own name).

    Raises Problems when the file is none that the gate lets in, or neither a Word nor an Excel document.
    """
    data, where = (
        (source, Where(name)) if isinstance(source, bytes) else (source.read_bytes(), Where(name or source.name))
    )
    parts = open_to_read(data, where)
    main = main_part(parts)
    types = content_types(parts)
    lines, described = _renderer(types.get(main, ""), where)(parts, main)
    lines += _other_parts(parts, described)
    lines += ["", "# relationships", *_relationship_lines(parts)]
    lines += ["", "# parts", *_part_lines(parts, types)]
    return "\n".join(lines) + "\n"


_Renderer = Callable[[Mapping[str, bytes], str], tuple[list[str], set[str]]]


def _renderer(content_type: str, where: Where) -> _Renderer:
    kind = next((kind for word, kind in _MAIN_KINDS.items() if word in content_type), "")
    if not kind or "binary" in content_type:
        message = _("this is neither a Word document (.docx) nor an Excel workbook (.xlsx)")
        raise Problems([error("file-not-office", where, message, _("Save it as .docx or .xlsx."))])
    if kind == "word":
        return word_lines

    return excel_lines


def _other_parts(parts: Mapping[str, bytes], described: set[str]) -> Iterator[str]:
    """Every XML part that no line describes yet, whole, in the generic form."""
    for part in sorted(parts):
        if part in described or part.endswith(".rels") or part == "[Content_Types].xml":
            continue
        root = _root(parts, part)
        if root is not None:
            yield from ["", f"# part {part}", *_part_text(root, relations(parts, part))]


def _part_text(root: etree._Element, rels: Relations) -> list[str]:
    """A part in the generic form; a theme's fonts and colours, and its effects, which no 公文 uses, as a digest.

    A digest stands for the second set of styles too that Word 2010 alone reads.
    """
    if root.find(f"{W}latentStyles") is not None:
        return [f"whole part {digest(compact(root, rels), 12)}"]
    if local(root) != "theme":
        return [head(root, rels), *outline_children(root, rels, "  ")]
    lines = []
    for element in root.iter():
        if local(element) in ("majorFont", "minorFont"):
            faces = [compact(child, rels) for child in element if local(child) in ("latin", "ea", "cs")]
            lines.append(f"{local(element)} {' '.join(faces)}")
        elif local(element) == "clrScheme":
            lines += [compact(child, rels) for child in element]
    return [*lines, f"whole theme {digest(compact(root, rels), 12)}"]


def _root(parts: Mapping[str, bytes], part: str) -> etree._Element | None:
    """The part's XML; None when it is none: old VML drawings are not always well-formed, and are then only bytes."""
    if not is_xml(part, parts[part]):
        return None
    try:
        return xml(parts[part], Where(part))
    except Problems:
        if part.endswith(".vml"):
            return None
        raise


def _relationship_lines(parts: Mapping[str, bytes]) -> Iterator[str]:
    for source in sorted({"", *parts}):
        found = relations(parts, source).values()
        for relation in sorted(found, key=lambda r: (r.type, r.target)):
            outside = " (outside)" if relation.external else ""
            yield f"{source or 'package'} → {relation.type} {relation.target}{outside}"


def _part_lines(parts: Mapping[str, bytes], types: Mapping[str, str]) -> Iterator[str]:
    """Each part with its content type; of those that are no XML, size and digest too."""
    for part in sorted(types):
        line = f"{part} | {types[part]}"
        if _root(parts, part) is None:
            line += f" | {len(parts[part])} bytes | sha256 {hashlib.sha256(parts[part]).hexdigest()[:16]}"
        yield line
