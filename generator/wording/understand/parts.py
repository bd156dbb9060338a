"""The parts of a text: whose letter it is, its head, body and signature, and what is only passed on with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.wording.understand.dates import Day, periods
from generator.wording.understand.names import (
    TYPES,
    bodies,
    is_body,
    is_headed,
    is_title_end,
    title_issuers,
    whole_number,
)
from generator.wording.understand.paragraphs import Paragraph
from generator.wording.understand.recipients import addressed

_LABEL = re.compile(
    r"^[#\s]*(标题|文号|发文字号|發文字號|发文机关|发文机构|发布机构|发文单位|来源|成文日期|發文日期|发布日期|发布时间|公文发布日期|来源网站发布日期|时间|日期|索引号|主题分类|关键词|有效性|栏目|信息来源)[：:](.*)$"
)
_AIDE = re.compile(
    r"^(?:标题|文号|发文|发布(?:时间|日期|机构)|成文日期|来源|时间[：:]|日期[：:]|作者[：:]|索引号|主题分类|主题词|关键词|有效性|浏览|点击|原文链接|网页快照|字体|打印"
    r"|微信|微博|QQ空间|全真版|文字版|文件下载|相关链接|当前位置|栏目|分享|责任编辑|=+)"
)
_FORWARDS = re.compile(
    r"转发(?:给|至|到|你|大家|各|如下)|现转发|现在转发|(?:批转|转给|转发)(?:给)?(?:你|各)|(?:将|把)[^。]{2,300}转发|^转[^。，]{2,20}(?:通知|文件)"
)
_ISSUES = re.compile(r"印发(?:给|至|你|各)")
_TOP = 30
"""Paragraphs above the recipients in which a title is looked for: pages of sites put their own words between."""


@dataclass(frozen=True, slots=True)
class Block:
    """One document within the text, as numbers of paragraphs: its first, its title's, its recipients'; -1 for none."""

    first: int
    title: tuple[int, int]
    recipients: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The text of a notice taken apart. `own` is the letter that speaks, from `own.first` up to `end`; what comes
    before it was put there by a site (`local` where that is a letter of its own), what comes after is passed on.
    """

    paragraphs: list[Paragraph]
    own: Block
    end: int
    date: int
    signature: tuple[int, int]
    source: Block | None
    local: range
    labels: dict[str, tuple[int, int]]

    @property
    def body(self) -> range:
        """The paragraphs from the recipients, or the title, up to what is passed on."""
        start = self.own.recipients if self.own.recipients >= 0 else self.own.title[1]
        return range(max(start, 0), self.end)

    @property
    def letter_end(self) -> int:
        """The paragraph after which annexes begin: behind the date and the notes, else where the own text ends."""
        if self.date < 0:
            return self.end
        place = max(self.date, self.signature[1] - 1) + 1
        while place < self.end and re.match(r"^[（(]|^抄送|^附件[:：]?.{4}", self.paragraphs[place].text):
            place += 1
        return place

    @property
    def forwards(self) -> bool:
        return forwards(self.paragraphs[place].text for place in self.body)


def forwards(texts: Iterable[str]) -> bool:
    """Whether one of the paragraphs says that something is passed on."""
    return any(_FORWARDS.search(text) for text in texts)


def take_apart(paragraphs: list[Paragraph]) -> Parts:
    """The parts of a text."""
    labels = _labels(paragraphs)
    blocks = _blocks(paragraphs)
    own, others, local = _own(paragraphs, blocks)
    source = others[0] if others else None
    end = source.first if source else len(paragraphs)
    date = _date(paragraphs, max(own.recipients, own.title[1], 0), end)
    if source is None and date >= 0 and (place := _annexed(paragraphs, own, date)):
        source, end = Block(place, (place, place + 1), -1), place
    return Parts(paragraphs, own, end, date, _signature(paragraphs, own, date, end), source, local, labels)


# -- blocks ------------------------------------------------------------------------------------------------------------


def _blocks(paragraphs: Sequence[Paragraph]) -> list[Block]:
    marked = [place for place, one in enumerate(paragraphs) if _is_recipients(one)]
    if not marked:
        title = _first_title(paragraphs)
        return [Block(_head(paragraphs, title[0], 0), title, -1)] if title[0] >= 0 else []
    found: list[Block] = []
    for place in marked:
        floor = found[-1].recipients + 1 if found else 0
        title = _title_above(paragraphs, place, floor)
        if found and title[0] < 0:
            continue
        first = _head(paragraphs, title[0], floor) if title[0] >= 0 else place
        found.append(Block(first, title, place))
    return found


def _is_recipients(paragraph: Paragraph) -> bool:
    place = addressed(paragraph.text)
    return place is not None and place[1] == len(paragraph.text) - 1


def _first_title(paragraphs: Sequence[Paragraph]) -> tuple[int, int]:
    for place, paragraph in enumerate(paragraphs[:_TOP]):
        if is_title_end(paragraph.text) and not _AIDE.match(paragraph.text):
            return _title_lines(paragraphs, place, 0)
    return -1, -1


def _title_above(paragraphs: Sequence[Paragraph], below: int, floor: int) -> tuple[int, int]:
    """The lines of the title that stands nearest above a paragraph."""
    for place in range(below - 1, max(floor, below - _TOP) - 1, -1):
        text = paragraphs[place].text
        if is_title_end(text) and not _AIDE.match(text):
            return _title_lines(paragraphs, place, floor)
        if len(text) > 130 or (text.endswith("。") and len(text) > 30):
            break
    return -1, -1


def _title_lines(paragraphs: Sequence[Paragraph], last: int, floor: int) -> tuple[int, int]:
    """From its last line up: lines are added while the title does not say what it is about, or by whom."""
    first, joined = last, paragraphs[last].text
    while first > floor and not paragraphs[first].gap and last - first < 6:
        above = paragraphs[first - 1].text
        if not _belongs_above(above, joined):
            break
        first, joined = first - 1, above + joined
    return first, last + 1


def _belongs_above(above: str, joined: str) -> bool:
    if len(above) > 60 or whole_number(above) or _AIDE.match(above) or re.search(r"[。；：:]$|^附件|^#|^\|", above):
        return False
    if joined.startswith(("关于", "印发", "批转")):
        return is_body(above) or bool(re.search("转发|批转|印发", above) and not is_title_end(above))
    issuers = title_issuers(joined)
    if issuers and is_body(above):
        # A joint title names one body a line; a mark above the title names the same body once more.
        return not issuers[0].startswith(above)
    return not is_headed(joined) and not is_title_end(above)


def _head(paragraphs: Sequence[Paragraph], title: int, floor: int) -> int:
    """The first paragraph of the document whose title begins there: its mark and number may stand above."""
    place = title
    while place > floor and title - place < 3:
        above = paragraphs[place - 1].text
        if not (
            whole_number(above)
            or (re.search(r"(?:文件|函件|函|电报|通报)$", above) and len(above) < 30)
            or is_body(above)
        ):
            break
        if re.match("抄送|附件", above):
            break
        place -= 1
    return place


def _own(paragraphs: list[Paragraph], blocks: list[Block]) -> tuple[Block, list[Block], range]:
    """Which of the documents is the one that speaks, those that are passed on with it, and what a site put in front."""
    if not blocks:
        recipients = next((place for place, one in enumerate(paragraphs) if addressed(one.text)), -1)
        return (
            Block(0, _title_above(paragraphs, recipients, 0) if recipients > 0 else (-1, -1), recipients),
            [],
            range(0),
        )
    first, rest = blocks[0], blocks[1:]
    if not rest:
        return first, [], range(0)
    second = rest[0]
    texts = [one.text for one in paragraphs[max(first.title[0], 0) : second.first]]
    if forwards(texts) or any(_ISSUES.search(text) for text in texts):
        return first, rest, range(0)
    if sum(map(len, texts)) < 600 and _date(paragraphs, first.recipients, second.first) < 0:
        return second, rest[1:], range(max(first.recipients, 0), second.first)
    return first, rest, range(0)


def _annexed(paragraphs: Sequence[Paragraph], own: Block, date: int) -> int:
    """Where a document without recipients begins that a forwarding letter passes on; 0 when none does."""
    texts = [one.text for one in paragraphs[max(own.title[0], 0) : date + 1]]
    if not forwards(texts):
        return 0
    for place in range(date + 1, min(len(paragraphs), date + 12)):
        text = paragraphs[place].text
        if re.match(
            rf"^(?:.{{0,30}}关于.{{4,60}}(?:{TYPES})|.{{4,40}}(?:办法|细则|方案|规定)$)", text
        ) and not re.match("附件", text):
            return place
    return 0


# -- signature and date ------------------------------------------------------------------------------------------------


def dated(paragraph: Paragraph) -> tuple[str, Day] | None:
    """A paragraph that is a day with a year, alone or behind the name of a body: that name, and the day."""
    text = paragraph.text.rstrip("。")
    for period in periods(text):
        if not period.is_window and period.last.written_year and period.end == len(text) and not period.last.time:
            front = text[: period.start]
            if not front or (len(front) <= 80 and bodies_of(paragraph, front)):
                return front, period.last
    return None


def bodies_of(paragraph: Paragraph, front: str) -> list[str]:
    """The bodies named at the front of a paragraph, in as many characters of its text without blanks."""
    raw, seen = [], 0
    for character in paragraph.raw.text:
        seen += not character.isspace()
        if seen > len(front):
            break
        raw.append(character)
    return bodies("".join(raw))


def _date(paragraphs: Sequence[Paragraph], start: int, end: int) -> int:
    """The paragraph that says when the document was issued; -1 when none does.

    A day beside a signature goes before a day alone, the earlier before the later: annexes come last.
    """
    places = [place for place in range(start, end) if dated(paragraphs[place])]
    for place in places:
        day = dated(paragraphs[place])
        if day and (day[0] or _signed_near(paragraphs, place, end)):
            return place
    return places[-1] if places and not _under_heading(paragraphs, places[-1]) else -1


def _signed_near(paragraphs: Sequence[Paragraph], place: int, end: int) -> bool:
    beside = [place - 1, *([place + 1] if place + 1 < end else [])]
    return any(bodies(paragraphs[one].raw.text) for one in beside if one >= 0)


def _under_heading(paragraphs: Sequence[Paragraph], place: int) -> bool:
    return place > 0 and bool(re.search("时间[：:]?$|日期[：:]?$", paragraphs[place - 1].text))


def _signature(paragraphs: Sequence[Paragraph], own: Block, date: int, end: int) -> tuple[int, int]:
    """The paragraphs that name who signs: above the date, with it, or below it; (-1, -1) when none does."""
    floor = max(own.recipients, own.title[1] - 1, 0) + 1
    if date < 0:
        return _last_signature(paragraphs, floor, end)
    first = date
    while first > floor and date - first < 6 and bodies(paragraphs[first - 1].raw.text):
        first -= 1
    day = dated(paragraphs[date])
    if first < date or (day and day[0]):
        return first, date + 1
    below = date + 1
    while below < end and below - date < 4 and bodies(paragraphs[below].raw.text):
        below += 1
    return (date + 1, below) if below > date + 1 else (-1, -1)


def _last_signature(paragraphs: Sequence[Paragraph], floor: int, end: int) -> tuple[int, int]:
    for place in range(end - 1, max(floor, end - 6), -1):
        if bodies(paragraphs[place].raw.text) and paragraphs[place].indent > 8:
            return place, place + 1
    return -1, -1


# -- what the page says about the document -----------------------------------------------------------------------------


def _labels(paragraphs: Sequence[Paragraph]) -> dict[str, tuple[int, int]]:
    """Label → (paragraph, where the value begins in its text) of the lines in which a page or a head describes it."""
    found: dict[str, tuple[int, int]] = {}
    for place, paragraph in enumerate(paragraphs[:60]):
        match = _LABEL.match(paragraph.text)
        if not match:
            continue
        if match[2]:
            found.setdefault(match[1], (place, match.start(2)))
        elif place + 1 < len(paragraphs) and not _LABEL.match(paragraphs[place + 1].text):
            found.setdefault(match[1], (place + 1, 0))
    return found
