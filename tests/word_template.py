"""A Word template for tests: two sections, a table, headers and footer, notes, properties, an alternative text."""

from __future__ import annotations

import io
from collections.abc import Mapping

import docx
from docx.enum.section import WD_SECTION
from lxml import etree
from planted import rezip, unzip

_OFFICE = "http://schemas.openxmlformats.org/"
_MAIN = f"{_OFFICE}wordprocessingml/2006/main"
_RELATION = f"{_OFFICE}officeDocument/2006/relationships/"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_TYPES = f"{_OFFICE}officeDocument/2006/docPropsVTypes"
STORIES = {
    "body": "word/document.xml",
    "table": "word/document.xml",
    "header": "word/header1.xml",
    "second header": "word/header2.xml",
    "footer": "word/footer1.xml",
    "footnote": "word/footnotes.xml",
    "endnote": "word/endnotes.xml",
}
"""Where a template may hold paragraphs with tags, and the part in which that is."""
PLACES = {
    **STORIES,
    "property": "docProps/core.xml",
    "custom property": "docProps/custom.xml",
    "alternative text": "word/document.xml",
}
"""Where a template may hold a tag, and the part in which that is."""


def word_template(texts: Mapping[str, list[str]]) -> bytes:
    """A template with these texts in these places, a paragraph each (of places without paragraphs, the first alone).

    In the body the texts begin with its second paragraph, in the table each has a row of its own, whose first cell is
    a number; header and footer are those of the first of three sections, the second header that of the second.
    """
    document = docx.Document()
    document.add_paragraph("第一段")
    for text in texts.get("body", ()):
        document.add_paragraph(text)
    table = document.add_table(0, 2)
    for number, text in enumerate(texts.get("table", ()), 1):
        row = table.add_row().cells
        row[0].text, row[1].text = str(number), text
    for kind in (WD_SECTION.NEW_PAGE, WD_SECTION.CONTINUOUS):
        document.add_section(kind)
    first, second, _third = document.sections
    for story, place in ((first.header, "header"), (first.footer, "footer"), (second.header, "second header")):
        story.is_linked_to_previous = False
        for text in texts.get(place, ()):
            story.add_paragraph(text)
    document.core_properties.title = next(iter(texts.get("property", ())), "")
    for text in texts.get("alternative text", ())[:1]:
        _add_drawing(document, text)
    stream = io.BytesIO()
    document.save(stream)
    parts = unzip(stream.getvalue())
    for kind, place in (("footnotes", "footnote"), ("endnotes", "endnote")):
        notes = _notes(kind, texts.get(place, []))
        _add(parts, f"word/{kind}.xml", notes, _NOTES_TYPE.format(kind), "word/_rels/document.xml.rels")
    for text in texts.get("custom property", ())[:1]:
        _add(parts, "docProps/custom.xml", _custom(text), _CUSTOM_TYPE, "_rels/.rels")
    return rezip(parts)


def _add_drawing(document: docx.document.Document, text: str) -> None:
    drawing = docx.oxml.OxmlElement("w:drawing")
    inline = etree.SubElement(drawing, f"{{{_OFFICE}drawingml/2006/wordprocessingDrawing}}inline")
    etree.SubElement(inline, f"{inline.tag.rpartition('}')[0]}}}docPr", id="1", name="图", descr=text)
    document.add_paragraph().add_run()._r.append(drawing)


def _add(parts: dict[str, bytes], part: str, root: etree._Element, kind: str, rels: str) -> None:
    """Another part, with its content type and a relationship to it."""
    name = kind.rpartition(".")[2].removesuffix("+xml")
    relation = f'<Relationship Id="rId{name}" Type="{_RELATION}{name}" Target="{part.removeprefix("word/")}"/>'
    override = f'<Override PartName="/{part}" ContentType="{kind}"/>'
    for where, what, end in ((rels, relation, "</Relationships>"), ("[Content_Types].xml", override, "</Types>")):
        parts[where] = parts[where].replace(end.encode(), f"{what}{end}".encode())
    parts[part] = docx.oxml.xmlchemy.serialize_for_reading(root).encode()


def _notes(kind: str, texts: list[str]) -> etree._Element:
    root = docx.oxml.OxmlElement(f"w:{kind}")
    for number, text in enumerate(texts, 1):
        note, paragraph, run, piece = (docx.oxml.OxmlElement(f"w:{tag}") for tag in (kind[:-1], "p", "r", "t"))
        note.set(f"{{{_MAIN}}}id", str(number))
        piece.text = text
        run.append(piece)
        paragraph.append(run)
        note.append(paragraph)
        root.append(note)
    return root


def _custom(text: str) -> etree._Element:
    space = f"{_OFFICE}officeDocument/2006/custom-properties"
    root = etree.Element(f"{{{space}}}Properties", nsmap={None: space, "vt": _TYPES})
    given = {"fmtid": "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", "pid": "2", "name": "编号"}
    etree.SubElement(etree.SubElement(root, f"{{{space}}}property", given), f"{{{_TYPES}}}lpwstr").text = text
    return root
