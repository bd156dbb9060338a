"""Changing a document in place: properties in schema order, characters of a text, paragraphs, parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

from lxml import etree

from generator.lint.quotations import unquoted
from generator.office.ooxml import RELS_NS, R, W, local, rels_of, remove
from generator.reading.document import Document, Paragraph, Run

_ORDER: Mapping[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "pPr": """
            pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
            suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
            snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
            textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange""",
        "rPr": """
            rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid
            vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs
            em lang eastAsianLayout specVanish oMath rPrChange""",
        "sectPr": """
            headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType
            cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings""",
        "settings": """
            writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
            displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData
            embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges
            bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors
            activeWritingStyle proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter
            stylePaneSortMethod documentType mailMerge revisionView trackRevisions doNotTrackMoves
            doNotTrackFormatting documentProtection autoFormatOverride styleLockTheme styleLockQFSet defaultTabStop
            autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope summaryLength
            clickAndTypeStyle defaultTableStyle evenAndOddHeaders""",
    }.items()
}
"""ECMA-376 17.3.1.26, 17.3.2.28, 17.6.17, 17.15.1.78; what is not named comes last."""


def put(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    """The child of that name, made in its place when it is not there, with these attributes set."""
    child = parent.find(f"{W}{name}")
    if child is None:
        order = _ORDER[local(parent)]
        rank = order.index(name)
        before = [each for each in parent if local(each) in order and order.index(local(each)) <= rank]
        child = etree.Element(f"{W}{name}")
        parent.insert(parent.index(before[-1]) + 1 if before else 0, child)
    for key, value in attributes.items():
        child.set(f"{W}{key}", value)
    return child


def properties(element: etree._Element) -> etree._Element:
    """The w:pPr of a paragraph or the w:rPr of a run."""
    name = "pPr" if element.tag == f"{W}p" else "rPr"
    found = element.find(f"{W}{name}")
    if found is None:
        found = etree.Element(f"{W}{name}")
        element.insert(0, found)
    return found


def drop(element: etree._Element, key: str) -> None:
    """Takes an attribute away, if it is there."""
    if key in element.attrib:
        del element.attrib[key]


# -- appearance --------------------------------------------------------------------------------------------------------


def set_font(run: Run, font: str, *slots: str) -> None:
    """Names the font of some slots, in place of any theme's."""
    fonts = put(properties(run.element), "rFonts")
    for slot in slots:
        drop(fonts, f"{W}{slot}Theme")
        fonts.set(f"{W}{slot}", font)


def set_size(run: Run, points: float) -> None:
    for name in ("sz", "szCs"):
        put(properties(run.element), name, val=str(round(points * 2)))


def set_indent(paragraph: Paragraph, *, left: int = 0, first: int = 0) -> None:
    """The left indent and that of the first line (negative: hanging), in twips; blanks before the text go."""
    found = put(properties(paragraph.element), "ind")
    for key in ("start", "startChars", "firstLine", "firstLineChars", "hanging", "hangingChars"):
        drop(found, f"{W}{key}")
    hanging = {"hanging": str(-first), "hangingChars": "0"}
    plain = {"firstLine": str(first), "firstLineChars": "0"}
    for key, value in {"left": str(left), "leftChars": "0", **(hanging if first < 0 else plain)}.items():
        found.set(f"{W}{key}", value)
    if not paragraph.tall:
        blanks = len(paragraph.text) - len(paragraph.text.lstrip(" \u3000\t"))
        edit_text(paragraph, dict.fromkeys(range(blanks), ""))


def no_space(paragraph: Paragraph) -> None:
    """No space before and after."""
    found = put(properties(paragraph.element), "spacing")
    for side in ("before", "after"):
        found.set(f"{W}{side}", "0")
        found.set(f"{W}{side}Lines", "0")
        found.set(f"{W}{side}Autospacing", "0")


def exact_line(paragraph: etree._Element, height: int) -> None:
    put(properties(paragraph), "spacing", line=str(height), lineRule="exact")


# -- text --------------------------------------------------------------------------------------------------------------


def edit_text(paragraph: Paragraph, edits: Mapping[int, str]) -> None:
    """Replaces single characters of the paragraph's text, by index; "" deletes one, as tabs and breaks can be only.

    Nothing is replaced where a character stands in something else than plain text: a symbol, a field's instruction.
    """
    at, pieces = 0, []
    for piece in (piece for run in paragraph.runs for piece in run.pieces):
        own = {index - at: new for index, new in edits.items() if at <= index < at + len(piece.text)}
        if any(not piece.editable or (piece.element.tag != f"{W}t" and new) for new in own.values()):
            return
        pieces.append((piece, own))
        at += len(piece.text)
    for piece, own in ((piece, own) for piece, own in pieces if own):
        if piece.element.tag != f"{W}t":
            remove(piece.element)
            continue
        piece.element.text = "".join(own.get(index, character) for index, character in enumerate(piece.text))
        piece.element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def substitute(
    paragraph: Paragraph, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], start: int = 0
) -> None:
    """Replaces what matches outside quotations, from an index on; the new text stands where the match began."""
    edits: dict[int, str] = {}
    for match in pattern.finditer(unquoted(paragraph.text), start):
        edits |= dict.fromkeys(range(*match.span()), "") | {match.start(): new(match)}
    edit_text(paragraph, edits)


# -- paragraphs --------------------------------------------------------------------------------------------------------


def one_blank_line(document: Document, first: Paragraph, second: Paragraph, height: int) -> None:
    """Leaves one empty paragraph of that height between two paragraphs, and no space of their own.

    Empty paragraphs that hold something which is not seen (a bookmark, the end of a section) stay.
    """
    between = [each for each in document.paragraphs[first.number : second.number - 1] if each.place == "body"]
    empty = [each for each in between if each.empty and not each.broken_after]
    kept = next((each for each in empty if not each.plain), empty[0] if empty else None)
    for paragraph in empty:
        if paragraph.plain and paragraph is not kept:
            remove(paragraph.element)
    if kept:
        blank = kept.element
    else:
        blank = etree.Element(f"{W}p")
        second.element.addprevious(blank)
    for paragraph in (first, second):
        no_space(paragraph)
    put(properties(blank), "spacing", before="0", after="0")
    exact_line(blank, height)


# -- parts -------------------------------------------------------------------------------------------------------------

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def add_part(document: Document, kind: str, root: etree._Element) -> tuple[str, str]:
    """Adds a footer, a comments or a settings part beside the main one; gives its name and its relationship's id."""
    folder = document.main.rpartition("/")[0]
    taken = {*document.parts, *document.roots}
    names = (f"{folder}/{kind}{number or ''}.xml".lstrip("/") for number in range(len(taken) + 1))
    name = next(candidate for candidate in names if candidate not in taken)
    document.roots[name] = root
    _declare(document, name, kind)
    return name, _relate(document, name, kind)


def _declare(document: Document, name: str, kind: str) -> None:
    types = etree.fromstring(document.parts["[Content_Types].xml"])
    etree.SubElement(
        types, f"{{{_PACKAGE}/content-types}}Override", PartName=f"/{name}", ContentType=f"{_CONTENT}.{kind}+xml"
    )
    document.parts["[Content_Types].xml"] = _bytes(types)


def _relate(document: Document, name: str, kind: str) -> str:
    folder = document.main.rpartition("/")[0]
    rels = rels_of(document.main)
    data = document.parts.get(rels, f'<Relationships xmlns="{RELS_NS}"/>'.encode())
    root = etree.fromstring(data)
    used = {relation.get("Id") for relation in root}
    identity = next(f"rId{number}" for number in range(1, len(used) + 2) if f"rId{number}" not in used)
    target = name.removeprefix(f"{folder}/") if folder else name
    etree.SubElement(root, f"{{{RELS_NS}}}Relationship", Id=identity, Type=f"{_RELATION}/{kind}", Target=target)
    document.parts[rels] = _bytes(root)
    return identity


def refer(section: etree._Element, kind: str, name: str, identity: str) -> None:
    """Makes a section use a header or footer of a type (default, even, first)."""
    found = [each for each in section.findall(f"{W}{name}Reference") if each.get(f"{W}type", "default") == kind]
    for each in found:
        section.remove(each)
    reference = etree.Element(f"{W}{name}Reference")
    reference.set(f"{W}type", kind)
    reference.set(f"{R}id", identity)
    section.insert(0, reference)


def packed(document: Document) -> bytes:
    """The document with its changes as a .docx; the same bytes for the same document."""
    changed = {name: _bytes(root) for name, root in document.roots.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**document.parts, **changed}.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
