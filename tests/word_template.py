"""A Word template for tests: two sections, a table, header and footer, footnotes, a title among the properties."""

from __future__ import annotations

import io
from collections.abc import Mapping

import docx
from docx.enum.section import WD_SECTION
from planted import rezip, unzip

_OFFICE = "http://schemas.openxmlformats.org/"
_RELATION = f"{_OFFICE}officeDocument/2006/relationships/footnotes"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
PLACES = {
    "body": "word/document.xml",
    "table": "word/document.xml",
    "header": "word/header1.xml",
    "footer": "word/footer1.xml",
    "footnote": "word/footnotes.xml",
    "property": "docProps/core.xml",
}
"""Where a template may hold a tag, and the part in which that is."""


def word_template(texts: Mapping[str, list[str]]) -> bytes:
    """A template with these texts in these places, a paragraph each (of properties, the first in the title).

    In the body the texts begin with its second paragraph, in the table each has a row of its own, whose first cell is
    a number; header and footer are those of the first of three sections.
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
    first = document.sections[0]
    for story, place in ((first.header, "header"), (first.footer, "footer")):
        story.is_linked_to_previous = False
        for text in texts.get(place, ()):
            story.add_paragraph(text)
    document.core_properties.title = next(iter(texts.get("property", ())), "")
    stream = io.BytesIO()
    document.save(stream)
    return rezip(_with_footnotes(unzip(stream.getvalue()), texts.get("footnote", [])))


def _with_footnotes(parts: dict[str, bytes], texts: list[str]) -> dict[str, bytes]:
    main = f"{_OFFICE}wordprocessingml/2006/main"
    root = docx.oxml.OxmlElement("w:footnotes")
    for number, text in enumerate(texts, 1):
        note, paragraph, run, piece = (docx.oxml.OxmlElement(f"w:{tag}") for tag in ("footnote", "p", "r", "t"))
        note.set(f"{{{main}}}id", str(number))
        piece.text = text
        run.append(piece)
        paragraph.append(run)
        note.append(paragraph)
        root.append(note)
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    relation = f'<Relationship Id="rIdNotes" Type="{_RELATION}" Target="footnotes.xml"/></Relationships>'
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{_TYPE}"/></Types>'
    return {
        **parts,
        rels: parts[rels].replace(b"</Relationships>", relation.encode()),
        types: parts[types].replace(b"</Types>", override.encode()),
        "word/footnotes.xml": docx.oxml.xmlchemy.serialize_for_reading(root).encode(),
    }
