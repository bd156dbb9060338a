"""The facts of a notice's text: all a dispatch needs from it, each with its place, rule and confidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.wording.understand import attachments as annexes
from generator.wording.understand import contacts as people
from generator.wording.understand import deadlines as times
from generator.wording.understand import names
from generator.wording.understand import sources as passed
from generator.wording.understand.dates import periods
from generator.wording.understand.paragraphs import Paragraph, paragraphs
from generator.wording.understand.parts import Parts, bodies_of, dated, take_apart
from generator.wording.understand.recipients import addressed, groups
from generator.wording.understand.traced import Confidence, Found, Span

_REPUBLISHED = re.compile(r"^转发?[：:]")
_HOSTS = re.compile(r"^(?:主办单位|主办)[：:](?P<who>.+)$")
_POSTED = re.compile(r"(?:posted|created|发布日期|发布时间|时间|日期)[^\d]{0,4}((?:19|20)\d{2})\s*[-年./]")
_TO = re.compile(r"^正本[：:](?P<who>.+)$")
_LETTERHEAD = re.compile(r"^(?P<who>.{3,30}?)(?:函|文件|函件|令)?$")
_COPY = re.compile(r"^(?:抄送|抄報|抄报|副本)[：:](?P<who>.+?)[。.]?$")
_NOTE = re.compile(r"^[（(](?P<note>(?:此件|联系单位|纸质)[^（）()]{2,30})[）)]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice says. Texts are without blanks that only the page has; places count characters of the text read."""

    text: str
    parts: Parts
    title: Found | None
    document_number: Found | None
    date_of_issue: Found | None
    issuing_authorities: tuple[Found, ...]
    recipients: tuple[Found, ...]
    sources: tuple[passed.Source, ...]
    grounds: tuple[passed.Source, ...]
    deadlines: tuple[times.Deadline, ...]
    source_deadlines: tuple[times.Deadline, ...]
    forms: tuple[annexes.FormName, ...]
    attachments: tuple[annexes.Attachment, ...]
    contacts: tuple[people.Contact, ...]
    source_contacts: tuple[people.Contact, ...]
    carbon_copy: tuple[Found, ...]
    annotations: tuple[Found, ...]
    event: tuple[str, str, Span] | None

    @property
    def forwards(self) -> bool:
        return bool(self.sources) or self.parts.forwards


def facts_of(text: str) -> Facts:
    """The facts of a notice's text, as a person would read them out of it."""
    parts = take_apart(paragraphs(text))
    title = _title(parts)
    date = _date_of_issue(parts)
    attached = annexes.attachment_list(parts.paragraphs, parts.body)
    passed_on = passed.sources(parts.paragraphs, parts.body, title.value if title else "", attached)
    calendar = _calendar(parts, title, date)
    happening = times.event(parts.paragraphs, parts.body, calendar)
    calendar = times.Calendar(calendar.issued, calendar.year, happening and happening[:2])
    source = range(parts.end, len(parts.paragraphs))
    own = _own_places(parts)
    return Facts(
        text=text,
        parts=parts,
        title=title,
        document_number=_document_number(parts),
        date_of_issue=date,
        issuing_authorities=tuple(_issuers(parts, title, bool(passed_on))),
        recipients=tuple(_recipients(parts)),
        sources=tuple(passed_on),
        grounds=tuple(passed.grounds(parts.paragraphs, parts.body, passed_on)),
        deadlines=tuple(one for places in own for one in times.deadlines(parts.paragraphs, places, calendar)),
        source_deadlines=tuple(times.deadlines(parts.paragraphs, source, calendar)),
        forms=tuple(annexes.forms(parts.paragraphs, range(parts.body.start, len(parts.paragraphs)), attached)),
        attachments=tuple(attached),
        contacts=tuple(one for places in own for one in people.contacts(parts.paragraphs, places)),
        source_contacts=tuple(people.contacts(parts.paragraphs, source)),
        carbon_copy=tuple(_marked(parts, _COPY, "who")),
        annotations=tuple(_marked(parts, _NOTE, "note")),
        event=happening,
    )


def _own_places(parts: Parts) -> list[range]:
    """The paragraphs that speak for the issuer or the site: the site's letter, then all that is not passed on."""
    head = range(0) if parts.own.recipients >= 0 or parts.own.title[0] >= 0 else range(parts.body.start)
    head = range(max(parts.own.first, 0), parts.body.start) if _is_letter_of_taiwan(parts) else head
    return [parts.local, head, parts.body]


def _is_letter_of_taiwan(parts: Parts) -> bool:
    return "發文字號" in parts.labels


# -- head --------------------------------------------------------------------------------------------------------------


def _title(parts: Parts) -> Found | None:
    start, end = parts.own.title
    if start >= 0:
        pieces = [parts.paragraphs[place] for place in range(start, end)]
        return _clean_title("".join(piece.text for piece in pieces), _spanning(pieces), "主送机关之上的标题")
    if (label := parts.labels.get("标题")) and not _is_letter_of_taiwan(parts):
        found = _labelled(parts, label)
        return _clean_title(found.value, found.span, "页面所记标题", "likely")
    return None


def _clean_title(text: str, span: Span, rule: str, confidence: Confidence = "certain") -> Found:
    if match := _REPUBLISHED.match(text):
        return Found(text[match.end() :], span, rule + "，去掉转发二字", "likely")
    return Found(text, span, rule, confidence)


def _spanning(pieces: list[Paragraph]) -> Span:
    return pieces[0].tight.span(0, len(pieces[0].text))[0], pieces[-1].tight.span(0, len(pieces[-1].text))[1]


def _labelled(parts: Parts, label: tuple[int, int]) -> Found:
    paragraph = parts.paragraphs[label[0]]
    value = paragraph.text[label[1] :]
    return Found(value, paragraph.tight.span(label[1], len(paragraph.text)), "页面所记", "likely")


def _document_number(parts: Parts) -> Found | None:
    head = parts.own
    last = head.recipients if head.recipients >= 0 else head.title[1] + 2
    floor = max(head.first - 3, 0) if not parts.local else max(head.first - 1, parts.local.start)
    places = [*range(head.first, min(last, len(parts.paragraphs))), *range(head.first - 1, floor - 1, -1)]
    for place in places:
        text = parts.paragraphs[place].text
        if names.whole_number(text):
            return Found(text, parts.paragraphs[place].tight.span(0, len(text)), "标题旁的文号")
    for label in ("发文字号", "發文字號", "文号"):
        if label in parts.labels and names.whole_number((found := _labelled(parts, parts.labels[label])).value):
            return Found(found.value, found.span, "页面所记文号", "likely")
    return None


def _date_of_issue(parts: Parts) -> Found | None:
    if parts.date >= 0:
        paragraph = parts.paragraphs[parts.date]
        day = dated(paragraph)
        assert day
        value = day[1].iso(day[1].year or 0)
        if value:
            signed = parts.signature[0] >= 0
            return Found(
                value, paragraph.tight.span(day[1].start, day[1].end), "落款处日期", "certain" if signed else "likely"
            )
    for label in ("發文日期", "成文日期"):
        if label in parts.labels:
            found = _labelled(parts, parts.labels[label])
            period = next(iter(periods(found.value)), None)
            if period and period.last.year and (value := period.last.iso(period.last.year)):
                return Found(value[:10], found.span, f"{label}一栏", "certain" if label == "發文日期" else "likely")
    return None


def _recipients(parts: Parts) -> Iterator[Found]:
    if parts.own.recipients < 0:
        for paragraph in parts.paragraphs:
            if match := _TO.match(paragraph.text):
                yield Found(match["who"].rstrip("。"), paragraph.tight.span(*match.span("who")), "正本")
        return
    paragraph = parts.paragraphs[parts.own.recipients]
    place = addressed(paragraph.text)
    if not place:
        return
    line = paragraph.text[place[0] : place[1]]
    for start, end in groups(line):
        yield Found(line[start:end], paragraph.tight.span(place[0] + start, place[0] + end), "主送机关一行")


# -- who ---------------------------------------------------------------------------------------------------------------


def _issuers(parts: Parts, title: Found | None, passes_on: bool) -> list[Found]:
    """Who issues it: the signature; else the title; else the hosts; else what the page says."""
    found = list(_signed(parts))
    if not found and title:
        found = _in_title(title, passes_on)
    return found or list(_hosts(parts)) or list(_on_page(parts))


def _signed(parts: Parts) -> Iterator[Found]:
    for place in range(*parts.signature) if parts.signature[0] >= 0 else ():
        paragraph = parts.paragraphs[place]
        day = dated(paragraph)
        front = day[0] if day else paragraph.text
        cursor = 0
        for body in bodies_of(paragraph, front):
            name = re.sub(r"\s", "", body)
            start = paragraph.text.find(name, cursor)
            cursor = start + len(name)
            yield Found(name, paragraph.tight.span(start, cursor), "落款")


def _in_title(title: Found, passes_on: bool) -> list[Found]:
    """A page that merely republishes says 转发甲局关于…, and 甲局 issues; a letter that passes on names others."""
    if title.value.startswith("转发") and passes_on:
        return []
    return [Found(body, title.span, "标题中的机关", "likely") for body in names.title_issuers(title.value)]


def _hosts(parts: Parts) -> Iterator[Found]:
    for place in parts.body:
        paragraph = parts.paragraphs[place]
        if match := _HOSTS.match(re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.．]", "", paragraph.text)):
            offset = len(paragraph.text) - len(match[0])
            for body in re.split("[、，,]", match["who"].rstrip("。；")):
                start = paragraph.text.find(body, offset)
                yield Found(body, paragraph.tight.span(start, start + len(body)), "主办单位", "doubtful")
            return


def _on_page(parts: Parts) -> Iterator[Found]:
    for label in ("发文机关", "发文单位", "发布机构", "发文机构"):
        if label in parts.labels and names.is_body((found := _labelled(parts, parts.labels[label])).value):
            yield Found(found.value, found.span, "页面所记机关", "doubtful")
            return
    if _is_letter_of_taiwan(parts):
        for paragraph in parts.paragraphs[:10]:
            match = _LETTERHEAD.match(paragraph.text)
            if paragraph.text.endswith("函") and match:
                yield Found(match["who"], paragraph.tight.span(*match.span("who")), "发文机关标志")
                return


# -- the rest ----------------------------------------------------------------------------------------------------------


def _calendar(parts: Parts, title: Found | None, date: Found | None) -> times.Calendar:
    """The day of issue, else the year of the title, of the body, of the page."""
    if date and len(date.value) == len("2026-01-01"):
        return times.Calendar(dt.date.fromisoformat(date.value), None)
    body = (parts.paragraphs[place].text for place in parts.body)
    posted = next((match[1] for one in parts.paragraphs[:25] if (match := _POSTED.search(one.text))), None)
    year = times.year_named(iter([title.value] if title else [])) or (int(posted) if posted else None)
    return times.Calendar(None, year or times.year_named(body))


def _marked(parts: Parts, pattern: re.Pattern[str], group: str) -> Iterator[Found]:
    for place in range(parts.body.start, parts.end):
        paragraph = parts.paragraphs[place]
        if match := pattern.match(paragraph.text):
            yield Found(match[group], paragraph.tight.span(*match.span(group)), "版记或附注")
