"""Rules on the text: headings, indents, dates, figures, punctuation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from generator.base.i18n import _, later
from generator.base.numerals import numeral, ordinal
from generator.lint.faces import HEADING_FACES, is_face
from generator.lint.quotations import unquoted
from generator.lint.rules import Hit, rule
from generator.reading.document import Document, Paragraph, Role
from generator.reading.roles import ordinal_of
from generator.word.page.layout import LINE_CHARACTERS

_PROSE: tuple[Role, ...] = ("body", "heading")
_READ: tuple[Role, ...] = ("title", "recipients", "body", "heading", "note", "annotation")
_ORDINALS = {numeral(value): value for value in range(1, 100)}
_RESTART = re.compile(r"^第[一二三四五六七八九十\d]+[章部编篇节]")


# -- headings ----------------------------------------------------------------------------------------------------------


_ITEM = re.compile(r"^(?P<form>(?P<number>\d{1,2})[)）])")


def _ordinals(document: Document) -> Iterator[tuple[Paragraph, tuple[int, re.Match[str]] | None]]:
    """The paragraphs of the text, each with the level and the ordinal that it begins with."""
    paragraphs = document.of(*_PROSE)
    for index, paragraph in enumerate(paragraphs):
        item = _ITEM.match(paragraph.bare)
        if item and _stands_for_third(paragraphs, index, int(item["number"])):
            yield paragraph, (3, item)
        else:
            yield paragraph, ordinal_of(paragraph.bare)


def _lines(document: Document) -> Iterator[tuple[Paragraph, str, tuple[int, re.Match[str]] | None]]:
    """The lines of the text, which a line break may end in a paragraph, each with the ordinal that it begins with."""
    for paragraph, found in _ordinals(document):
        first, *more = (line.strip() for line in paragraph.bare.split("\n"))
        yield paragraph, first, found
        yield from ((paragraph, line, ordinal_of(line)) for line in more if line)


def _stands_for_third(paragraphs: list[Paragraph], index: int, number: int) -> bool:
    """Whether 1) stands where 1. is due: it continues what is counted before or after it, and no list of its own."""
    before = _third(paragraphs[place] for place in range(index - 1, -1, -1))
    after = _third(paragraphs[place] for place in range(index + 1, len(paragraphs)))
    return bool(before or after) and before in (0, number - 1) and after in (0, number + 1)


def _third(paragraphs: Iterator[Paragraph]) -> int:
    """The number of the nearest ordinal, if it is of the third level; else 0."""
    for paragraph in paragraphs:
        found = ordinal_of(paragraph.bare)
        if found or _ITEM.match(paragraph.bare):
            return int(found[1]["number"]) if found and found[0] == 3 else 0
    return 0


def _headings(document: Document) -> Iterator[tuple[Paragraph, int, int]]:
    """Paragraphs of the text that begin with an ordinal: the paragraph, its level, its number (0 for a new count)."""
    for paragraph, line, found in _lines(document):
        if found:
            level, match = found
            written = match["number"]
            yield paragraph, level, int(written) if written.isdecimal() else _ORDINALS.get(written, 0)
        elif _RESTART.match(line):
            yield paragraph, 0, 0
        else:
            yield paragraph, 5, 0


@rule("heading-jump", "must", "7.3.3", "一、 … 三、", later("Number the headings of a level without gaps or repeats."))
def heading_jump(document: Document) -> Iterator[Hit]:
    """The numbering of a level jumps or repeats."""
    counts: dict[int, int] = {}
    interrupted = introduced = False
    for paragraph, level, value in _headings(document):
        if level in (0, 5):
            counts = {} if level == 0 else counts
            interrupted, introduced = True, paragraph.bare.endswith(("：", ":"))
            continue
        before = counts.get(level, 0)
        counts = {known: count for known, count in counts.items() if known < level} | {level: value}
        # A list in the text may begin anew after a paragraph; headings may not.
        fresh = value == 1 and (
            not before or introduced or (interrupted and not _set_as_heading(document, paragraph, level))
        )
        interrupted = introduced = False
        if value and value != before + 1 and not fresh:
            wanted = ordinal(level, before + 1)
            message = _("{found} stands where {wanted} is due")
            yield Hit(message.format(found=ordinal(level, value), wanted=wanted), paragraph)


def _set_as_heading(document: Document, paragraph: Paragraph, level: int) -> bool:
    """Whether it is a heading of the two upper levels by its font, not an item of a list."""
    run = next((run for run in paragraph.runs if run.text.strip()), None)
    return level <= 2 and run is not None and is_face(document, run.font, HEADING_FACES[level])


@rule(
    "heading-order", "should", "7.3.3", later("（1） right below 一、"),
    later("Use the levels in order: 一、（一）1.（1）; of two levels the second may be 1."),
)  # fmt: skip
def heading_order(document: Document) -> Iterator[Hit]:
    """A level of headings is left out or out of order."""
    found = [(paragraph, level) for paragraph, level, _value in _headings(document) if 0 < level < 5]
    above = 0
    for index, (paragraph, level) in enumerate(found):
        if above and level > above + 1 and not (above == 1 and level == 3 and _only_two_levels(found[index:])):
            message = _("{form} follows {above} directly")
            yield Hit(message.format(form=ordinal(level, 1), above=ordinal(above, 1)), paragraph)
        above = level


def _only_two_levels(following: list[tuple[Paragraph, int]]) -> bool:
    """Whether 一、 is divided by 1. without any （一） up to the next 一、."""
    for _paragraph, level in following:
        if level <= 2:
            return level == 1
    return True


_RIGHT_FORMS = (r"[^\d、]+、$", r"（[^\d）]+）$", r"\d+[.．]$", r"（\d+）$")


@rule(
    "heading-form",
    "should",
    "7.3.3",
    "一. (一) 1、 （一）、",
    later("Write ordinals as 一、 （一） 1. （1）."),
    fixable=True,
)
def heading_form(document: Document) -> Iterator[Hit]:
    """An ordinal is written otherwise than 一、 （一） 1. （1）."""
    for paragraph, found in _ordinals(document):
        if found and not re.match(_RIGHT_FORMS[found[0] - 1], found[1]["form"]):
            yield Hit(_("the ordinal is written {form}").format(form=found[1]["form"]), paragraph)


# -- paragraphs --------------------------------------------------------------------------------------------------------


@rule(
    "body-indent",
    "must",
    "7.3.3",
    later("text at the left edge"),
    later("Indent the first line by two characters."),
    fixable=True,
)
def body_indent(document: Document) -> Iterator[Hit]:
    """The first line of a paragraph is not indented by two characters."""
    # A paragraph whose last line is spread goes on in the next one: one was made two at the end of a line.
    going_on = {id(after) for before, after in pairwise(document.paragraphs) if before.align == "distribute"}
    for paragraph in document.of(*_PROSE):
        if id(paragraph) in going_on:
            continue
        blanks = len(paragraph.text) - len(paragraph.text.lstrip("\u3000 "))
        if (
            paragraph.place == "body"
            and not paragraph.label
            and paragraph.align in ("left", "justify", "distribute")
            and not blanks
        ):
            asked = 2 * paragraph.size * 20
            if abs(paragraph.first + paragraph.left - asked) > 45:
                yield Hit(_("the first line is not indented by two characters"), paragraph)


@rule(
    "indent-by-blanks", "practice", "7.3.3", later("two blanks before the text"),
    later("Indent with the paragraph's own first-line indent."), fixable=True,
)  # fmt: skip
def indent_by_blanks(document: Document) -> Iterator[Hit]:
    """A paragraph is indented with blanks."""
    for paragraph in document.of(*_PROSE):
        if paragraph.text.startswith(("\u3000", " ", "\t")):
            yield Hit(_("the paragraph is indented with blanks"), paragraph)


@rule(
    "text-centred",
    "must",
    "7.3.3",
    later("a paragraph of the text in the middle"),
    later("Set the text justified."),
    fixable=True,
)
def text_centred(document: Document) -> Iterator[Hit]:
    """A paragraph of the text is set in the middle or to the right."""
    for paragraph in document.of(*_PROSE):
        if paragraph.place == "body" and paragraph.align in ("center", "right"):
            yield Hit(_("the paragraph is not set from the left edge"), paragraph)


@rule(
    "text-ragged", "practice", "5.2.3", later("a paragraph aligned to the left"),
    later("Set the text justified, so that its lines fill the type area."), fixable=True,
)  # fmt: skip
def text_ragged(document: Document) -> Iterator[Hit]:
    """A paragraph of several lines is aligned to the left only."""
    for paragraph in document.of("body"):
        if paragraph.place == "body" and paragraph.align == "left" and len(paragraph.text) > LINE_CHARACTERS:
            yield Hit(_("the lines do not fill the type area"), paragraph)


@rule(
    "empty-paragraph",
    "practice",
    "7.3.3",
    later("an empty line between two paragraphs"),
    later("Delete it."),
    fixable=True,
)
def empty_paragraph(document: Document) -> Iterator[Hit]:
    """An empty line stands between two paragraphs of the text."""
    for before, paragraph, after in zip(
        document.paragraphs, document.paragraphs[1:], document.paragraphs[2:], strict=False
    ):
        within = before.role in _PROSE and after.role in (*_PROSE, "")
        if not within or not paragraph.empty or paragraph.place != "body" or paragraph.broken_after:
            continue
        if after.role or _text_follows(document, after):
            yield Hit(_("an empty line stands after this paragraph"), before)


def _text_follows(document: Document, paragraph: Paragraph) -> bool:
    """Whether the next written paragraph is text of the body."""
    rest = document.paragraphs[paragraph.number - 1 :]
    following = next((other for other in rest if other.bare), None)
    return following is not None and following.role in _PROSE


@rule(
    "no-text-page",
    "must",
    "7.3.5.5",
    "（此页无正文）",
    later("Adjust line or character spacing so that text shares the page."),
)
def no_text_page(document: Document) -> Iterator[Hit]:
    """此页无正文 fills a page; it is out since 2012."""
    for paragraph in document.paragraphs:
        if "此页无正文" in paragraph.text:
            yield Hit(_("此页无正文 is no longer used"), paragraph)


@rule("subject-words", "practice", "7.4", "主题词：教育 通知", later("Delete the line: 主题词 is out since 2012."))
def subject_words(document: Document) -> Iterator[Hit]:
    """主题词 stands in the document."""
    for paragraph in document.paragraphs:
        if re.match(r"主\s*题\s*词\s*[：:]", paragraph.bare):
            yield Hit(_("主题词 is no longer used"), paragraph)


@rule(
    "tracked-changes",
    "practice",
    "条例 25(1)",
    later("a tracked insertion"),
    later("Accept or reject every change before it goes out."),
)
def tracked_changes(document: Document) -> Iterator[Hit]:
    """Tracked changes are still in the document."""
    if document.changes:
        yield Hit(_("{count} tracked changes are still open").format(count=document.changes))


# -- dates -------------------------------------------------------------------------------------------------------------

_DAY = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_WEEKDAY = re.compile(r"^[前]?[（(]?(?:星期|周|礼拜)(?P<name>[一二三四五六日天])")
_PADDED = re.compile(r"年0\d月|(?<!\d)0\d月\d{1,2}日|月0\d日")


@rule(
    "date-padding",
    "must",
    "7.3.5.4",
    "2026年07月05日",
    later("Write months and days without leading zeros."),
    fixable=True,
)
def date_padding(document: Document) -> Iterator[Hit]:
    """A date is padded with zeros."""
    for paragraph in document.of("date", *_READ, "imprint"):
        if match := _PADDED.search(unquoted(paragraph.text)):
            yield Hit(_("the date is padded with zeros: {text}").format(text=match[0]), paragraph)


def issue_year(document: Document) -> int | None:
    """The year of the date of issue."""
    paragraph = document.first("date")
    match = re.match(r"\s*(\d{4})\s*年", paragraph.text) if paragraph else None
    return int(match[1]) if match else None


def issue_date(document: Document) -> dt.date | None:
    """The date of issue; None while its day is open, or where it is written wrongly."""
    paragraph = document.first("date")
    match = _DAY.fullmatch(paragraph.bare) if paragraph else None
    return _date(int(match["year"]), match) if match and match["year"] else None


def _days(document: Document) -> Iterator[tuple[Paragraph, re.Match[str], int]]:
    """Each day that is written out, with its year: its own, that written before it in the paragraph, or of issue."""
    issued = issue_year(document)
    for paragraph in document.of("date", *_READ):
        year = issued
        for match in _DAY.finditer(unquoted(paragraph.text)):
            year = int(match["year"]) if match["year"] else year
            if year:
                yield paragraph, match, year


def _date(year: int, match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


@rule("no-such-date", "should", "7.3.5.4", "2月30日", later("Correct the day."))
def no_such_date(document: Document) -> Iterator[Hit]:
    """A date names a day that the calendar does not have."""
    for paragraph, match, year in _days(document):
        if _date(year, match) is None:
            yield Hit(_("{year} has no {date}").format(year=year, date=match[0]), paragraph)


_DUE = re.compile(r"[上下]?[午班]?[\d:：时点分]*(?:之|以)?前[^，。；]{0,6}?[报交寄送填]")
_DUE_BY = re.compile(r"[上下]?[午班]?[\d:：时点分]*(?:之|以)?前[^，。；]{0,40}?(?:[报交寄送填]|完成)")
"""What follows a deadline at once, and what follows one that 于 or 在 introduces."""
_CLAUSE = 40
"""Characters before a day among which 已 would stand."""
_LATER_DAYS = 180
"""A day without its year that lies farther back is one of the next year."""


@rule(
    "deadline-past",
    "should",
    "7.3.3",
    later("3月1日前报送, issued on 9 March"),
    later("Correct the deadline, or the date of issue."),
)
def deadline_past(document: Document) -> Iterator[Hit]:
    """A deadline lies before the date of issue."""
    issued = issue_date(document)
    for paragraph, match, year in _days(document) if issued else ():
        day, text = _date(year, match), paragraph.text
        clause = re.split("[，。；]", text[max(match.start() - _CLAUSE, 0) : match.start()])[-1]
        due = (_DUE_BY if clause.endswith(("于", "在")) else _DUE).match(text, match.end())
        if not issued or not day or day >= issued or not due or "已" in clause + due[0]:
            continue
        if match["year"] or (issued - day).days < _LATER_DAYS:
            yield Hit(_("{date} is over when the document is issued").format(date=match[0]), paragraph)


@rule("weekday", "should", "7.3.3", later("9月10日（星期五）, a Thursday"), later("Correct the date or the weekday."))
def weekday(document: Document) -> Iterator[Hit]:
    """A weekday disagrees with its date; a year that is not written is that of the date of issue."""
    for paragraph, match, year in _days(document):
        named = _WEEKDAY.match(paragraph.text[match.end() :])
        day = _date(year, match)
        if named and day and "一二三四五六日".index(named["name"].replace("天", "日")) != day.weekday():
            right = "一二三四五六日"[day.weekday()]
            message = _("{date} is a 星期{right}, not a 星期{name}")
            date = match[0] if "年" in match[0] else f"{year}年{match[0]}"
            yield Hit(message.format(date=date, right=right, name=named["name"]), paragraph)
