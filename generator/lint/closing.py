"""Rules on what stands below the text: signature, date, annotations, 版记."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.base.i18n import _, later
from generator.lint.layout import Extent, extent
from generator.lint.rules import Hit, rule
from generator.lint.text import issue_date
from generator.reading.document import Document, Paragraph, Role
from generator.reading.roles import title_text

_TOLERANCE = 0.75
"""Characters: what a measure set by eye or by blanks may be off."""
_FULL_DATE = re.compile(r"\d{4}年\d{1,2}月[\d \u3000]{1,3}日")
"""A draft leaves its day open."""
_PRINTED = re.compile(r"\d{4}年\d{1,2}月[\d \u3000]{1,3}日印发$")


@rule("date-form", "must", "7.3.5.4", "2026.7.24", later("Write year, month and day out: 2026年7月24日."))
def date_form(document: Document) -> Iterator[Hit]:
    """The date of issue is not written as 2026年7月24日."""
    for paragraph in document.of("date"):
        text = paragraph.bare
        if not re.search("[〇○零一二三四五六七八九十]", text) and not _FULL_DATE.fullmatch(text):
            yield Hit(_("the date is written {date}").format(date=text), paragraph)


@rule("date-numerals", "must", "7.3.5.4", "二〇二六年七月二十四日", later("Write the date in Arabic figures."))
def date_numerals(document: Document) -> Iterator[Hit]:
    """The date of issue is written in Chinese numerals."""
    for paragraph in document.of("date"):
        if re.search("[〇○零一二三四五六七八九十]", paragraph.bare):
            yield Hit(_("the date is written {date}").format(date=paragraph.bare), paragraph)


@rule(
    "date-missing",
    "must",
    "条例 9(12)",
    later("2026年7月24日印发, and no 成文日期"),
    later("Put 成文日期 below the signature."),
)
def date_missing(document: Document) -> Iterator[Hit]:
    """The document is addressed, signed or printed, and bears no date of issue."""
    printed = [paragraph for paragraph in document.of("imprint") if paragraph.bare.endswith("印发")]
    signed = [*(document.of("signature", "recipients") if not _is_draft(document) else []), *printed]
    if signed and not document.of("date", "title_note"):
        yield Hit(_("there is no date of issue"), signed[-1])


def _is_draft(document: Document) -> bool:
    """Whether its headers say that it is not the issued document: 送审稿, 征求意见稿, 样例."""
    said = [*document.boxes, *(paragraph for story in document.stories.values() for paragraph in story)]
    return any(re.search("(送审|征求意见|讨论)稿|样例", paragraph.text) for paragraph in said)


_UNSIGNED = ("纪要", "决议", "公报", "令")
"""Kinds that a meeting passes, or that a person signs."""


@rule(
    "signature-missing",
    "should",
    "7.3.5, 条例 9(11)",
    later("a date, and no 署名 above it"),
    later("Put 发文机关署名 above the date."),
)
def signature_missing(document: Document) -> Iterator[Hit]:
    """A date of issue stands without the name of the office that signs."""
    date = document.first("date")
    if not date or document.of("signature") or title_text(document).endswith(_UNSIGNED):
        return
    above = document.paragraphs[max(date.number - 4, 0) : date.number]
    if not any(paragraph.drawn or paragraph.place == "table" for paragraph in above):
        yield Hit(_("no name stands above the date"), date)


@rule(
    "signature-issuer", "practice", "7.3.5", later("a title of 某某市教育局, signed 某某市文化局"),
    later("Let the office that the title names sign."),
)  # fmt: skip
def signature_issuer(document: Document) -> Iterator[Hit]:
    """Another office signs than the one that the title names."""
    named, signed = title_issuer(document), signers(document)
    # Either may be shortened: 市人社局, 教育部等十部门.
    known = any(_shortens(name, named) or _shortens(named, name) for name in [*signed, "".join(signed)])
    if named and signed and not known and "等" not in named:
        message = _("the title names {named}, not {signed}")
        yield Hit(message.format(named=named, signed=signed[0]), document.first("signature"))


def title_issuer(document: Document) -> str:
    """The offices that the title begins with, in one word; "" where it names none."""
    match = re.match(
        "(?P<named>(?!关于|转发|印发)[^《〈“]{3,}?[部厅局委会府院校办室处所站]）?)(?:关于|转发|印发|批转)",
        title_text(document),
    )
    return match["named"] if match else ""


def signers(document: Document) -> list[str]:
    """The offices that sign, in order; blanks part those of one row."""
    rows = [re.split(r"[ \u3000\t]{2,}", paragraph.bare) for paragraph in document.of("signature")]
    return ["".join(name.split()) for row in rows for name in ([*row] if min(map(len, row)) > 3 else ["".join(row)])]


def _shortens(short: str, name: str) -> bool:
    """Whether all its characters stand in the name in this order."""
    rest = iter(name)
    return all(character in rest for character in short)


@rule(
    "signature-position", "must", "7.3.5", later("signature and date at the left"),
    later(
        "With a seal: the date four characters from the right, the signature centred on it. "
        "Without: the signature two from the right, the date beginning two characters right of where it begins."
    ),
)  # fmt: skip
def signature_position(document: Document) -> Iterator[Hit]:
    """Signature and date do not stand where the standard puts them."""
    date = document.first("date")
    # A date that is written wrongly has another width; its form has a rule of its own.
    written = date is not None and date.place == "body" and _FULL_DATE.fullmatch(date.bare)
    placed = extent(document, date) if date and written else None
    if not date or not placed:
        return
    names = [extent(document, paragraph) for paragraph in document.of("signature")]
    known = [name for name in names if name]
    if len(known) == len(names) and not (_sealed(placed, known) or _unsealed(placed, known)):
        if _near(placed.right, 4) and known:
            yield Hit(_("the signature is not centred on the date"), document.first("signature"))
            return
        message = _("the date ends {right} characters from the right")
        yield Hit(message.format(right=f"{placed.right:.1f}"), date)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _TOLERANCE


def _sealed(date: Extent, names: list[Extent]) -> bool:
    """7.3.5.1; a signature as wide as the type area keeps inside it, and the date moves under its middle."""
    if not all(_near(name.middle, date.middle) for name in names):
        return False
    return _near(date.right, 4) or (date.right > 4 and any(name.right < 1 for name in names))


def _unsealed(date: Extent, names: list[Extent]) -> bool:
    """7.3.5.2; names below one another may begin together or be spread to one width."""
    if not names:
        return _near(date.right, 2) or _near(date.right, 4)
    last = names[-1]
    if not _near(date.left, last.left + 2):
        return False
    return _near(last.right, 2) or _near(date.right, 2)


@rule(
    "signature-gap",
    "must",
    "7.3.5",
    later("the signature right below the text"),
    later("Leave one blank line (two under a seal) above the signature."),
    fixable=True,
)
def signature_gap(document: Document) -> Iterator[Hit]:
    """No blank line stands above the signature."""
    first = document.first("signature", "date")
    if not first or first.place != "body" or first.page_break:
        return
    index = first.number - 1
    before = document.paragraphs[index - 1] if index else None
    if before and before.role in ("body", "heading", "note") and not before.space and not first.space:
        yield Hit(_("no blank line stands above the signature"), first)


@rule(
    "signature-alone",
    "must",
    "7.3.5.5",
    later("a page with nothing but signature and date"),
    later("Adjust line or character spacing so that text shares the page."),
)
def signature_alone(document: Document) -> Iterator[Hit]:
    """Signature and date stand on a page without text."""
    first = document.first("signature", "date")
    texts = [p for p in document.paragraphs if first and p.number < first.number and _is_text(p)]
    if not first or not texts:
        return
    ends = texts[-1].end_page
    broken = any(paragraph.page_break for paragraph in document.paragraphs[texts[-1].number : first.number])
    if broken or (ends is not None and first.page is not None and first.page > ends):
        yield Hit(_("no text stands on the page of the signature"), first)


def _is_text(paragraph: Paragraph) -> bool:
    """附件说明 is no text of the body."""
    return paragraph.role in ("body", "heading") or (paragraph.place == "table" and bool(paragraph.bare))


# -- annotations -------------------------------------------------------------------------------------------------------


@rule(
    "annotation-brackets",
    "must",
    "7.3.6",
    "(此件公开发布)；此件公开发布",
    later("Put the annotation into （）."),
    fixable=True,
)
def annotation_brackets(document: Document) -> Iterator[Hit]:
    """An annotation does not stand in （）."""
    for paragraph in document.of("annotation"):
        if not (paragraph.bare.startswith("（") and paragraph.bare.endswith("）")):
            yield Hit(_("the annotation does not stand in （）"), paragraph)


@rule(
    "annotation-indent",
    "must",
    "7.3.6",
    later("（此件公开发布） at the left edge"),
    later("Indent it by two characters."),
    fixable=True,
)
def annotation_indent(document: Document) -> Iterator[Hit]:
    """An annotation is not indented by two characters."""
    for paragraph in document.of("annotation"):
        blanks = len(paragraph.text) - len(paragraph.text.lstrip("\u3000 "))
        indent = paragraph.left + paragraph.first + blanks * round(paragraph.size * 20)
        if paragraph.place == "body" and abs(indent - 2 * paragraph.size * 20) > 45:
            yield Hit(_("the annotation is not indented by two characters"), paragraph)


# -- 版记 -------------------------------------------------------------------------------------------------------------


def _copied(document: Document) -> list[Paragraph]:
    """The paragraphs of 抄送, the one that names it first; a table may hold them."""
    found: list[Paragraph] = []
    for paragraph in document.of("imprint"):
        if re.match(r"抄\s*[送报]", paragraph.bare) or (
            found
            and not re.search(r"\d日(印发)?$|印发$", paragraph.bare)
            and paragraph.place == found[-1].place == "body"
        ):
            found.append(paragraph)
    return found


@rule("copy-colon", "must", "7.4.2", "抄送:各市教育局。", later("Write 抄送： with a full-width colon."), fixable=True)
def copy_colon(document: Document) -> Iterator[Hit]:
    """抄送 does not stand with a full-width colon."""
    for paragraph in _copied(document):
        if re.match(r"抄\s*[送报]\s*:", paragraph.bare):
            yield Hit(_("抄送 stands with a half-width colon"), paragraph)


@rule("copy-stop", "must", "7.4.2", "抄送：各市教育局", later("End the list with 。."))
def copy_stop(document: Document) -> Iterator[Hit]:
    """The list of 抄送 does not end with 。."""
    copied = _copied(document)
    if copied and not copied[-1].bare.endswith("。"):
        yield Hit(_("the list does not end with 。"), copied[-1])


@rule("print-date", "must", "7.4.3", "2026年7月24日；二〇二六年七月二十四日印发", later("Write 2026年7月24日印发."))
def print_date(document: Document) -> Iterator[Hit]:
    """The date of print lacks 印发, or is not in Arabic figures with year, month and day."""
    for paragraph in document.of("imprint"):
        text = paragraph.bare
        ends = re.search(r"日(印发)?$|印发$", text)
        if ends and not text.startswith(("抄", "主")) and not _PRINTED.search(text):
            yield Hit(_("the date of print is written {text}").format(text=text[-14:]), paragraph)


@rule(
    "print-before-issue", "should", "7.4.3", later("issued on 9 March, printed on 1 March"),
    later("Correct the date of print: it is not before the date of issue."),
)  # fmt: skip
def print_before_issue(document: Document) -> Iterator[Hit]:
    """The date of print lies before the date of issue."""
    issued = issue_date(document)
    for paragraph in document.of("imprint"):
        match = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:印发)?$", paragraph.bare)
        # Two dates compare like their figures; what is no date has a rule of its own.
        if issued and match and tuple(map(int, match.groups())) < (issued.year, issued.month, issued.day):
            yield Hit(_("it was printed before it was issued"), paragraph)


@rule(
    "print-office", "practice", "7.4.3", later("某某市教育局　…　印发, under its own notice"),
    later("Name the office that prints: the 办公厅 (室) of the issuer."),
)  # fmt: skip
def print_office(document: Document) -> Iterator[Hit]:
    """印发机关 is the issuer itself."""
    issuers = signers(document)
    for paragraph in document.of("imprint"):
        office = "".join(re.sub(r"\d{4}年.*", "", paragraph.bare).split())
        if office in issuers:
            yield Hit(_("{office} issues and prints it").format(office=office), paragraph)


_AFTER_IMPRINT: tuple[Role, ...] = ("imprint", "appended", "attachment_head", "attachment_title", "attachment")


@rule("imprint-last", "must", "7.4", later("text after 版记"), later("Put 版记 at the very end of the document."))
def imprint_last(document: Document) -> Iterator[Hit]:
    """Text stands after 版记."""
    imprint = document.of("imprint")
    for paragraph in document.paragraphs:
        after = imprint and paragraph.number > imprint[0].number and paragraph.bare
        if after and paragraph.role not in _AFTER_IMPRINT:
            yield Hit(_("text stands after 版记"), paragraph)
            return


@rule(
    "imprint-foot", "must", "7.4.1", later("版记 in the middle of the last page"),
    later("Let the last rule of 版记 lie on the lower edge of the type area."), rendered=True,
)  # fmt: skip
def imprint_foot(document: Document) -> Iterator[Hit]:
    """版记 does not stand at the foot of the last page."""
    last = next(iter(document.of("imprint")[::-1]), None)
    if document.pages is None or last is None or last.page is None:
        return
    section = document.sections[last.section]
    edge = (section.height - section.bottom) / 1440 * 25.4
    tail = "".join(last.text.split())[-8:]
    lowest = [line.bottom for line in document.pages[last.page - 1] if tail and tail in line.text]
    followed = any(paragraph.number > last.number for paragraph in document.of("appended"))
    if (last.page < len(document.pages) and not followed) or (lowest and edge - max(lowest) > _FOOT_MM):
        yield Hit(_("版记 does not stand at the foot of the last page"), last)


_FOOT_MM = 12.0


@rule(
    "imprint-page", "should", "GB/T 33476.2", later("版记 on page 3"),
    later("Let the last page of the document be an even one."), rendered=True,
)  # fmt: skip
def imprint_page(document: Document) -> Iterator[Hit]:
    """版记 of a document with 印发 stands on an odd page."""
    imprint = document.of("imprint")
    printed = any(paragraph.bare.endswith("印发") for paragraph in imprint)
    if printed and not document.letter and imprint[-1].page and imprint[-1].page % 2:
        yield Hit(_("版记 stands on page {page}").format(page=imprint[-1].page), imprint[-1])
