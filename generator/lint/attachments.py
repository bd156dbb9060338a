"""Rules on attachments: 附件说明, the heads and titles of the attachments, and what the text says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.base.i18n import _, later
from generator.base.numerals import numeral
from generator.lint.layout import blank_lines_between
from generator.lint.rules import Hit, rule
from generator.reading.document import Document, Paragraph
from generator.reading.roles import NUMERAL

_LINE = re.compile(
    rf"^(?P<head>附\s*件\s*(?P<inner>\d{{0,2}}|{NUMERAL}*)\s*[:：])?\s*(?:(?P<number>\d{{1,2}})(?P<mark>\s*[.．、]\s*))?(?P<name>.*)$",
    re.DOTALL,
)
HEAD = re.compile(rf"^附\s*件\s*(?P<number>\d{{1,2}}|{NUMERAL}{{1,3}})?\s*[:：]?$")
_MENTION = re.compile(rf"(?<!文件)附\s*件\s*(?P<number>\d{{1,2}}|{NUMERAL}{{1,3}})?(?![\d{NUMERAL[1:-1]}])")
NOTE_LABEL = re.compile(rf"附\s*件\s*(?P<number>(?:\d|{NUMERAL})*)\s*[:：]")
_ORDINALS = {numeral(value): value for value in range(1, 100)}


def _value(text: str | None) -> int:
    """A number in figures or in Chinese; 0 without one."""
    if not text:
        return 0
    return int(text) if text.isdecimal() else _ORDINALS.get(text, 0)


@dataclass(frozen=True, slots=True)
class Listed:
    """One attachment of 附件说明."""

    paragraph: Paragraph
    number: int
    mark: str
    name: str


def listed(document: Document) -> list[Listed]:
    """What 附件说明 lists, in order; one line may be broken."""
    found = []
    for paragraph in document.of("note"):
        for line in re.split(r"\n(?=\s*\d{1,2}\s*[.．、])", paragraph.bare):
            match = _LINE.match(line.strip())
            if match and match["name"]:
                name = "".join(match["name"].split())
                found.append(
                    Listed(paragraph, _value(match["number"] or match["inner"]), (match["mark"] or "").strip(), name)
                )
    return found


def _names(text: str) -> str:
    """A name for comparison: without 《》, blanks and a mark at its end."""
    return "".join(text.split()).strip("《》").rstrip("。；;，,、.")


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment in the document: its head, its number (0 without one) and its title."""

    head: Paragraph
    number: int
    title: tuple[Paragraph, ...]


def attached(document: Document) -> list[Attached]:
    """The attachments in order."""
    found: list[Attached] = []
    for paragraph in document.paragraphs:
        if paragraph.role == "attachment_head":
            match = HEAD.match(paragraph.bare)
            found.append(Attached(paragraph, _value(match["number"] if match else None), ()))
        elif paragraph.role == "attachment_title" and found:
            last = found[-1]
            found[-1] = Attached(last.head, last.number, (*last.title, paragraph))
    return found


# -- 附件说明 ---------------------------------------------------------------------------------------------------------


@rule(
    "note-colon",
    "must",
    "7.3.4",
    "附件:统计表",
    later("Write 附件： with a full-width colon and no blanks."),
    fixable=True,
)
def note_colon(document: Document) -> Iterator[Hit]:
    """附件说明 does not begin with 附件 and a full-width colon."""
    for paragraph in document.of("note"):
        match = NOTE_LABEL.match(paragraph.bare)
        if match and not match["number"] and match[0] != "附件：":
            yield Hit(_("the note begins with {text}").format(text=match[0]), paragraph)


@rule("note-label", "must", "7.3.4", "附件1：统计表", later("Write 附件：1.…, the number after the colon."))
def note_label(document: Document) -> Iterator[Hit]:
    """A number stands before the colon of 附件说明."""
    for paragraph in document.of("note"):
        match = NOTE_LABEL.match(paragraph.bare)
        if match and match["number"]:
            yield Hit(_("the note begins with {text}").format(text=match[0]), paragraph)


@rule("note-stop", "must", "7.3.4", "附件：统计表。", later("Leave the mark at the end of the name out."), fixable=True)
def note_stop(document: Document) -> Iterator[Hit]:
    """A mark stands after the name of an attachment."""
    for entry in listed(document):
        if entry.name.endswith(tuple("。；;，,、.")):
            yield Hit(_("the name ends with {mark}").format(mark=entry.name[-1]), entry.paragraph)


@rule("note-quotes", "must", "7.3.4", "附件：《统计表》", later("Write the name without 《》."))
def note_quotes(document: Document) -> Iterator[Hit]:
    """The name of an attachment stands in 《》."""
    for entry in listed(document):
        if re.fullmatch("《[^》]*》[。；]?", entry.name):
            yield Hit(_("the name stands in 《》"), entry.paragraph)


@rule(
    "note-numbering",
    "must",
    "7.3.4",
    later("附件：1.统计表, alone"),
    later("Number several attachments 1. 2. …; leave a single one without number."),
)
def note_numbering(document: Document) -> Iterator[Hit]:
    """The attachments are not numbered 1, 2 …, or a single one is."""
    entries = listed(document)
    if len(entries) == 1:
        if entries[0].mark:
            yield Hit(_("a single attachment is numbered"), entries[0].paragraph)
        return
    for due, entry in enumerate(entries, 1):
        if entry.number != due:
            yield Hit(_("number {due} is due here").format(due=due), entry.paragraph)
            return


@rule("note-ordinal", "must", "7.3.4", "附件：1、统计表", later("Write the number with a dot: 1."), fixable=True)
def note_ordinal(document: Document) -> Iterator[Hit]:
    """The number of an attachment stands with 、."""
    for entry in listed(document):
        if entry.mark == "、":
            yield Hit(_("the number is written {number}、").format(number=entry.number), entry.paragraph)


@rule(
    "note-indent",
    "must",
    "7.3.4",
    later("附件：… at the left edge"),
    later("Indent it by two characters."),
    fixable=True,
)
def note_indent(document: Document) -> Iterator[Hit]:
    """附件说明 is not indented by two characters."""
    for paragraph in document.of("note"):
        blanks = len(paragraph.text) - len(paragraph.text.lstrip("\u3000 "))
        off = abs(paragraph.left + paragraph.first - 2 * paragraph.size * 20) > 45
        if paragraph.bare.startswith("附") and not blanks and off:
            yield Hit(_("the note is not indented by two characters"), paragraph)


@rule(
    "note-gap",
    "should",
    "7.3.4",
    later("附件：… right below the text"),
    later("Leave one blank line between text and note."),
    fixable=True,
)
def note_gap(document: Document) -> Iterator[Hit]:
    """There is not one blank line between the text and 附件说明."""
    note = document.first("note")
    before = [p for p in document.of("body", "heading") if note and p.number < note.number]
    date = document.first("date")
    if note and before and not note.page_break and not (date and date.number < note.number):
        lines = blank_lines_between(document, before[-1], note)
        if not 0.5 <= lines <= 1.5:
            yield Hit(_("there are {lines} blank lines above it, not one").format(lines=f"{round(lines, 1):g}"), note)


@rule(
    "note-place",
    "must",
    "7.3.4",
    later("附件：… below the date"),
    later("Put the note between the text and the signature."),
)
def note_place(document: Document) -> Iterator[Hit]:
    """附件说明 stands after the date."""
    date, note = document.first("date"), document.first("note")
    if date and note and note.number > date.number:
        yield Hit(_("the note stands after the date"), note)


# -- the attachments ---------------------------------------------------------------------------------------------------


@rule(
    "attachment-head",
    "must",
    "7.3.7",
    "附件一；附件1：",
    later("Write 附件, or of several 附件1, 附件2 …"),
    fixable=True,
)
def attachment_head(document: Document) -> Iterator[Hit]:
    """The head of an attachment is not 附件 or 附件1."""
    heads = attached(document)
    several = max(len(heads), len(listed(document))) > 1
    for entry in heads:
        if not re.fullmatch(r"附件\d{1,2}" if several else "附件", entry.head.bare):
            yield Hit(_("the head is written {head}").format(head=entry.head.bare), entry.head)


@rule(
    "attachment-head-place", "must", "7.3.7", later("附件1 in the middle"),
    later("Set it flush left on the first line of the page."), fixable=True,
)  # fmt: skip
def attachment_head_place(document: Document) -> Iterator[Hit]:
    """The head of an attachment is not flush left."""
    for entry in attached(document):
        head = entry.head
        indented = head.left + head.first > 100 or head.text.startswith(("\u3000", " ", "\t"))
        if head.place == "body" and (indented or head.align in ("center", "right")):
            yield Hit(_("the head is not flush left"), head)


@rule(
    "attachment-missing", "should", "7.3.7", later("the note lists two, and 附件2 does not follow"),
    later("Add the attachment, or take it out of the note."),
)  # fmt: skip
def attachment_missing(document: Document) -> Iterator[Hit]:
    """Attachments follow, but not all that 附件说明 lists."""
    entries, heads = listed(document), attached(document)
    if not 0 < len(heads) < len(entries) or document.styled or document.of("appended"):
        return
    there = {entry.number or number for number, entry in enumerate(heads, 1)}
    for number, entry in enumerate(entries, 1):
        if number not in there:
            yield Hit(_("attachment {number} does not follow").format(number=number), entry.paragraph)


@rule(
    "attachment-order", "must", "7.3.7", "附件1 … 附件3", later("Let the attachments follow in the order of the note.")
)
def attachment_order(document: Document) -> Iterator[Hit]:
    """The attachments do not follow in order."""
    before = 0
    for entry in attached(document):
        if entry.number and entry.number <= before:
            yield Hit(_("{head} stands out of order").format(head=entry.head.bare), entry.head)
        before = max(before, entry.number)


@rule(
    "attachment-unlisted",
    "must",
    "7.3.4, 7.3.7",
    later("附件3, where the note lists two"),
    later("List it in the note, or take it out."),
)
def attachment_unlisted(document: Document) -> Iterator[Hit]:
    """An attachment is not in 附件说明."""
    entries = listed(document)
    for number, entry in enumerate(attached(document), 1):
        if (entry.number or number) > len(entries):
            yield Hit(_("the note does not list this attachment"), entry.head)


@rule(
    "attachment-title",
    "must",
    "7.3.7",
    later("统计表 in the note, 情况统计表 above the table"),
    later("Use one wording in the note and above the attachment."),
)
def attachment_title(document: Document) -> Iterator[Hit]:
    """The title of an attachment is not the name in 附件说明."""
    entries = listed(document)
    for number, entry in enumerate(attached(document), 1):
        index = (entry.number or number) - 1
        title = _names("".join(paragraph.text for paragraph in entry.title))
        if index < len(entries) and title and title != _names(entries[index].name):
            message = _("the note calls it {name}")
            yield Hit(message.format(name=entries[index].name), entry.title[0])


@rule(
    "attachment-page",
    "must",
    "7.3.7",
    later("附件1 below the date on the same page"),
    later("Begin each attachment on a new page."),
    fixable=True,
)
def attachment_page(document: Document) -> Iterator[Hit]:
    """An attachment does not begin on a new page."""
    for entry in attached(document):
        if not entry.head.page_break:
            yield Hit(_("the attachment does not begin on a new page"), entry.head)


@rule(
    "attachment-gap",
    "should",
    "7.3.7",
    later("the title right below 附件1"),
    later("Set the title on the third line of the page."),
    fixable=True,
)
def attachment_gap(document: Document) -> Iterator[Hit]:
    """The title of an attachment is not on the third line."""
    for entry in attached(document):
        title = next(iter(entry.title), None)
        if title and title.place == "body":
            lines = blank_lines_between(document, entry.head, title)
            if not 0.5 <= lines <= 1.5:
                message = _("{lines} blank lines stand above the title, not one")
                yield Hit(message.format(lines=f"{round(lines, 1):g}"), title)


@rule(
    "attachment-title-alignment",
    "must",
    "7.3.7",
    later("the title at the left"),
    later("Centre the title."),
    fixable=True,
)
def attachment_title_alignment(document: Document) -> Iterator[Hit]:
    """The title of an attachment is not centred."""
    for paragraph in document.of("attachment_title"):
        if paragraph.align != "center" and paragraph.place == "body":
            yield Hit(_("the title is not centred"), paragraph)


@rule(
    "attachment-after-imprint",
    "must",
    "7.3.7",
    later("附件1 after 版记"),
    later("Put 版记 after the attachments, at the very end."),
)
def attachment_after_imprint(document: Document) -> Iterator[Hit]:
    """An attachment stands after 版记."""
    imprint = document.first("imprint")
    for entry in attached(document):
        if imprint and entry.head.number > imprint.number:
            yield Hit(_("the attachment stands after 版记"), entry.head)


# -- references --------------------------------------------------------------------------------------------------------


@rule(
    "attachment-reference",
    "must",
    "7.3.4",
    later("（附件3）, where the note lists two"),
    later("Correct the reference, or list the attachment."),
)
def attachment_reference(document: Document) -> Iterator[Hit]:
    """The text refers to an attachment that 附件说明 does not list."""
    count = len(listed(document))
    for paragraph in document.of("body", "heading"):
        for match in _MENTION.finditer(paragraph.text):
            if count and _value(match["number"]) > count:
                yield Hit(_("the note does not list {name}").format(name=match[0]), paragraph)


@rule(
    "note-missing", "must", "7.3.4", later("见附件, and no note"), later("Add 附件：… one blank line below the text.")
)
def note_missing(document: Document) -> Iterator[Hit]:
    """The text refers to an attachment, and there is no 附件说明."""
    if document.of("note"):
        return
    for paragraph in document.of("body", "heading"):
        match = _MENTION.search(paragraph.text)
        if match and (match["number"] or re.search("[见（(]附件", paragraph.text)):
            yield Hit(_("the text refers to {name}, but there is no note").format(name=match[0]), paragraph)
            return


_SERIES = re.compile(r"附\s*件\s*\d{1,2}(?:\s*(?:[-—－~～至到、和及与，,]|——)\s*(?:附\s*件\s*)?\d{1,2}(?!\d|[.．]\S))+")
_RANGE = re.compile(r"(\d+)\s*(?:[-—－~～至到]|——)\s*(?:附\s*件\s*)?(\d+)")


@rule(
    "attachment-unmentioned", "practice", "7.3.4", later("the text names 附件1 alone of two"),
    later("Say in the text what each attachment is for: （附件2）."),
)  # fmt: skip
def attachment_unmentioned(document: Document) -> Iterator[Hit]:
    """The text refers to attachments by number, but not to every one that 附件说明 lists."""
    text = "".join("".join(paragraph.text.split()) for paragraph in document.of("body", "heading"))
    numbers = _mentioned(text)
    entries = listed(document)
    if not numbers or max(numbers) > len(entries):
        return
    for number, entry in enumerate(entries, 1):
        if number not in numbers and _names(entry.name) not in text:
            yield Hit(_("the text does not mention attachment {number}").format(number=number), entry.paragraph)


def _mentioned(text: str) -> set[int]:
    """The numbers of the attachments that a text names, singly or in a row: 附件1、2, 附件1—3."""
    numbers = {_value(match["number"]) for match in _MENTION.finditer(text) if match["number"]}
    for series in _SERIES.finditer(text):
        numbers |= {int(number) for number in re.findall(r"\d+", series[0])}
        for first, last in _RANGE.findall(series[0]):
            numbers |= set(range(int(first), int(last)))
    return numbers
