"""Rules on punctuation: straight quotes, half-width marks, dashes and ellipses, marks without a counterpart.

What stands in 《》 or “” is quoted: it is written as its author wrote it, and neither reported nor changed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from generator.base.i18n import _, later
from generator.lint.attachments import NOTE_LABEL
from generator.lint.quotations import straight_marks, unquoted, verbatim
from generator.lint.rules import Hit, rule
from generator.reading.document import Document, Paragraph, Role
from generator.reading.roles import ordinal_of, title_text

_READ: tuple[Role, ...] = ("title", "recipients", "body", "heading", "note", "annotation")
_MARKED: tuple[Role, ...] = ("title", "recipients", "body", "heading", "note", "imprint")
_HAN = "\u4e00-\u9fff"
_HALF = re.compile(
    rf"(?<=[{_HAN}”》）〕])[,;:?!](?=\s*(?:[{_HAN}“《（\d]|$))"
    rf"|(?<=[A-Za-z\d])[,;:?!](?=\s*[{_HAN}“《（])"
    rf"|(?<=[{_HAN}”》）])\.(?=\s*(?:[{_HAN}“《]|$))"
)
_HALF_BRACKETS = re.compile(r"\([^()]*\)")
_CHINESE = re.compile(f"[{_HAN}《“]")
_IMPRINT_LABEL = re.compile(r"\s*(?:抄\s*[送报]|主\s*送)\s*[：:]")
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_FULL_FIGURES = re.compile("[０-９Ａ-Ｚａ-ｚ]")
ELLIPSIS = re.compile(rf"(?<=[{_HAN}”》）])\.{{3,}}|\.{{3,}}(?=[{_HAN}“《（])|。{{3,}}")
_DASH = re.compile(rf"(?<=[{_HAN}\d”》）])-{{2,}}(?=[{_HAN}\d“《（])")
_ANGLES = re.compile(rf"[<‹＜][{_HAN}][^<>‹›＜＞]*[>›＞]")
_REPEATED = re.compile("[，。；：、][，。；：、]|([！？])\\1{2,}|[,;:]{2,}")
_PAIRS = {"）": "（", "》": "《", "”": "“", "〕": "〔", "】": "【"}


def _prose(document: Document, *roles: Role) -> list[Paragraph]:
    """The paragraphs of some roles that are Chinese prose."""
    return [paragraph for paragraph in document.of(*roles) if not verbatim(paragraph.text)]


@rule("straight-quotes", "should", "GB/T 15834", '"一件事"', later("Use “ ”."), fixable=True)
def straight_quotes(document: Document) -> Iterator[Hit]:
    """Straight quotation marks stand around Chinese text."""
    for paragraph in _prose(document, *_READ):
        certain, doubtful = straight_marks(paragraph.text)
        if certain:
            yield Hit(_("straight quotation marks stand around Chinese text"), paragraph)
        elif doubtful:
            yield Hit(_("straight quotation marks do not pair off"), paragraph)


@rule(
    "punctuation-width", "should", "GB/T 15834", "各单位,请按时报送",
    later("Use full-width marks in Chinese text."), fixable=True,
)  # fmt: skip
def punctuation_width(document: Document) -> Iterator[Hit]:
    """Half-width marks stand in Chinese text, 主送机关, 附件说明 or 抄送."""
    for paragraph in _prose(document, *_MARKED):
        if edits := wide_marks(paragraph):
            at = min(edits)
            message = _("a half-width mark stands in Chinese text: {text}")
            yield Hit(message.format(text=paragraph.text[max(at - 2, 0) : at + 3].strip()), paragraph)


def wide_marks(paragraph: Paragraph) -> dict[int, str]:
    """The full-width mark that ought to stand at each place; ordinals and labels have rules of their own."""
    text, (start, end) = unquoted(paragraph.text), _span(paragraph)
    edits = {match.start(): _WIDE[match[0]] for match in _HALF.finditer(text, start, end)}
    for match in _HALF_BRACKETS.finditer(text, start, end):
        if _CHINESE.search(match[0]):
            edits |= {match.start(): "（", match.end() - 1: "）"}
    return edits


def _span(paragraph: Paragraph) -> tuple[int, int]:
    text = paragraph.text
    if paragraph.role == "recipients":
        return 0, len(text.rstrip()) - 1
    if paragraph.role in ("note", "imprint"):
        label = (NOTE_LABEL if paragraph.role == "note" else _IMPRINT_LABEL).search(text)
        return (label.end() if label else 0), len(text)
    lead = len(text) - len(text.lstrip())
    found = ordinal_of(text[lead:])
    return (lead + found[1].end() if found else lead), len(text)


@rule(
    "full-width-figures",
    "should",
    "GB/T 15835",
    "２０２６年",
    later("Write figures and Latin letters half-width."),
    fixable=True,
)
def full_width_figures(document: Document) -> Iterator[Hit]:
    """Full-width figures or letters stand in the text."""
    for paragraph in _prose(document, *_READ, "number", "date"):
        if match := _FULL_FIGURES.search(unquoted(paragraph.text)):
            yield Hit(_("the figure {figure} is full-width").format(figure=match[0]), paragraph)


@rule("ellipsis", "should", "GB/T 15834", "材料、工具...等", later("Write …… for an ellipsis."), fixable=True)
def ellipsis(document: Document) -> Iterator[Hit]:
    """Dots stand for …… in Chinese text."""
    for paragraph in _prose(document, *_READ):
        if match := ELLIPSIS.search(unquoted(paragraph.text)):
            yield Hit(_("an ellipsis is written {text}").format(text=match[0]), paragraph)


@rule("dash", "should", "GB/T 15834", "3月16日--3月27日", later("Write —— for a dash, — between two dates or figures."))
def dash(document: Document) -> Iterator[Hit]:
    """Hyphens stand for a dash in Chinese text."""
    for paragraph in _prose(document, *_READ):
        if match := _DASH.search(unquoted(paragraph.text)):
            yield Hit(_("a dash is written {text}").format(text=match[0]), paragraph)


@rule("title-marks", "should", "GB/T 15834", "<管理办法>", later("Put the title of a document into 《》."))
def title_marks(document: Document) -> Iterator[Hit]:
    """Angle brackets stand for 《》."""
    for paragraph in _prose(document, *_READ):
        if match := _ANGLES.search(unquoted(paragraph.text)):
            yield Hit(_("a title stands in {text}").format(text=match[0]), paragraph)


@rule("repeated-punctuation", "should", "GB/T 15834", "按时报送。。", later("Leave one mark."))
def repeated_punctuation(document: Document) -> Iterator[Hit]:
    """Two marks stand where one belongs."""
    for paragraph in _prose(document, *_READ):
        if match := _REPEATED.search(unquoted(paragraph.text)):
            yield Hit(_("two marks stand together: {marks}").format(marks=match[0]), paragraph)


_COUNTED = re.compile("[0-9①-⑳]）")


@rule("unpaired-marks", "should", "GB/T 15834", "《关于做好某事的通知", later("Add or delete the half that is alone."))
def unpaired_marks(document: Document) -> Iterator[Hit]:
    """A bracket or a quotation mark has no counterpart."""
    titles = document.of("title")
    texts = [(paragraph, paragraph.text) for paragraph in _prose(document, *_READ) if paragraph.role != "title"]
    for paragraph, text in [*[(title, title_text(document)) for title in titles[:1]], *texts]:
        if mark := _unpaired(text):
            yield Hit(_("{mark} has no counterpart").format(mark=mark), paragraph)


def _unpaired(text: str) -> str:
    """The first mark of a pair that stands alone; a list's own 1） is none."""
    opened: list[str] = []
    for before, character in itertools.pairwise(f" {text}"):
        if character in _PAIRS.values():
            opened.append(character)
        elif character in _PAIRS and (opened or not _COUNTED.match(before + character)):
            if not opened or opened[-1] != _PAIRS[character]:
                return character
            opened.pop()
    return opened[-1] if opened else ""
