"""By when something must be done: days that are deadlines told from days of events, of counting and of other people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.wording.understand.dates import Day, Period, periods
from generator.wording.understand.numbers import number
from generator.wording.understand.paragraphs import HAN, Paragraph
from generator.wording.understand.traced import Confidence, Span

_ACTS = (
    "报送|上报|报至|报到|报给|报名|提交|上传|发送|发至|发到|反馈|填报|填写|申报|送交|送至|寄送|寄至|交至|上交|递交|"
    "汇总|完成|自查|登录|缴|回复|回执|告知|推荐|投稿|确定|制定|开展|组织|交|报"
)
_BEFORE = re.compile(r"(?:[（(](?:星期|周)[一二三四五六日天][）)])?(?:下班|中午|午|结束)?(?:之前|以前|前|截止|止|之内)")
_CONDITION = re.compile(
    rf"^(?:已|未|在)?(?!将|把|由|向|请|报|对|按|各)[{HAN}]{{2,4}}的(?![^，。；]*(?:报送|提交|发送))"
)
_COUNTED = re.compile(r"计算|年龄|工龄|学历|年限|任职|取得|统计|数据|业绩|周岁|出生|期间发表|施行|有效期|执行至|服务")
_ASKED = "报名|报送|提交|上传|申报|征集|投稿|推荐|投票|填报|上报|网报|截稿|受理|缴费|收件|交稿|报到|材料|作品|论文"
_LABEL = re.compile(
    rf"(?:(?:{_ASKED})[^。；：:，]{{0,8}}(?:时间|日期|期限)|(?:时间|日期|期限)[^。；：，]{{0,4}}截止|截止(?:时间|日期))[为是：:]*$"
)
_UNTIL = re.compile(r"(?:截止(?:到|至|于)?|截至)$")
_AT = re.compile(r"(?:于|在|务必)$")
_TARGET = re.compile(r"(?:到|力争|争取|确保到|预计|力争到)$")
_OTHERS = re.compile(r"召开|举行|举办|开幕|印发|发布|公布|施行|审议|通过|开会|培训班")
_YEAR_WORD = re.compile(r"((?:19|20)\d{2})(?:年|[〕\]】）)])")
_AFTER = re.compile(
    rf"(?P<anchor>[{HAN}]{{1,14}}?)(?P<event>结束|闭幕|完成|印发|公布|收到|下发|接到|作出[{HAN}]{{2,6}}|开学)(?P<middle>[{HAN}]{{0,8}}?)(?:之日)?(?:后|起|后的)?"
    rf"(?P<count>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})(?:个)?(?P<unit>工作日|日|天|周|星期|月)(?:之)?内"
)
_RECURRING = re.compile(
    r"每(?:年|月|季度|周|天|日)(?:(?:末|底)?)[^。；，]{0,8}?前|次日[^。；，]{0,8}?前|随时(?:报送|报告|上报)"
)
_NEAR_WEEK = re.compile(r"(?P<which>本|下)周(?P<day>[一二三四五六日天])[^。；，]{0,6}前")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as found: `due` is ISO 8601, to the month where no day is said, "" where it cannot be known.

    `after` is (event, count, unit) where it counts from an event; `open_from` the first day of a window.
    """

    due: str
    written: str
    span: Span
    paragraph: int
    rule: str
    confidence: Confidence
    weekday: str = ""
    open_from: str = ""
    after: tuple[str, int, str] | None = None
    recurring: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """What days without a year are read by: the day of issue, or else a year that the document names, and its event."""

    issued: dt.date | None
    year: int | None
    event: tuple[str, str] | None = None

    def year_of(self, day: Day) -> tuple[int | None, Confidence]:
        """The year of a day, and how sure it is: the next one for a day long before the day of issue."""
        if day.year:
            return day.year, "certain"
        if not self.issued:
            return self.year, "likely"
        late = day.iso(self.issued.year)
        if late and len(late) >= 10 and (self.issued - dt.date.fromisoformat(late[:10])).days > _ROLLS:
            return self.issued.year + 1, "likely"
        return self.issued.year, "certain"


_ROLLS = 230
"""Days by which a day without a year may lie before the day of issue and still be of the same year."""


def deadlines(paragraphs: list[Paragraph], places: range, calendar: Calendar) -> list[Deadline]:
    """Every deadline in those paragraphs, in order of place."""
    found: list[Deadline] = []
    for place in places:
        paragraph = paragraphs[place]
        if paragraph.is_row:
            continue
        heading = paragraphs[place - 1].text if place else ""
        found += [*_dated(paragraph, place, heading, calendar), *_relative(paragraph, place, calendar)]
    return found


def _dated(paragraph: Paragraph, place: int, heading: str, calendar: Calendar) -> Iterator[Deadline]:
    text = paragraph.text
    year: int | None = None
    for period in periods(text):
        said = period.last.year or year
        rule = _rule(text, period, heading)
        if rule:
            yield from _made(paragraph, place, period, rule, calendar, said)
        year = period.last.year if period.last.written_year else year


def _made(
    paragraph: Paragraph, place: int, period: Period, rule: str, calendar: Calendar, near: int | None
) -> Iterator[Deadline]:
    year, confidence = calendar.year_of(period.last)
    if year is None:
        year, confidence = near, "doubtful"
    due = period.last.iso(year) if year else None
    end = period.end
    if follows := _BEFORE.match(paragraph.text, end):
        end = follows.end()
    first = (period.first.iso(year) or "") if period.is_window and year else ""
    sure: Confidence = "likely" if rule in ("于…办", "标题下的时间") and confidence == "certain" else confidence
    yield Deadline(
        due or "", paragraph.text[period.start : end], paragraph.tight.span(period.start, end), place, rule, sure,
        period.last.weekday, first, start=period.start, end=end,
    )  # fmt: skip


def _rule(text: str, period: Period, heading: str) -> str:
    """The rule by which a day is a deadline; empty when it is none."""
    before, after = _clause_before(text, period.start), _clause_after(text, period.end)
    if _inside_title(text, period.start):
        return ""
    follows = _BEFORE.match(text, period.end)
    if follows and follows[0].endswith(("前", "止", "内")):
        rest = text[follows.end() :]
        if _CONDITION.match(rest) or _TARGET.search(before) or _COUNTED.search(before[-12:]):
            return ""
        return "某日前"
    if period.last.day is None and period.last.time == "":
        return ""
    return _labelled(before, after, heading, period, text)


def _labelled(before: str, after: str, heading: str, period: Period, text: str) -> str:
    if _UNTIL.search(before) and re.search(_ASKED, before) and not _COUNTED.search(before):
        return "截止"
    if _LABEL.search(before) or (not before and period.start < 2 and _is_label(heading)):
        return "报送时间"
    if before and _glued_label(before):
        return "标题下的时间"
    asked = _AT.search(before) and re.search(_ACTS, after) and not _OTHERS.search(after)
    if asked and (period.last.day is not None):
        return "于…办"
    return ""


def _is_label(heading: str) -> bool:
    return bool(
        _LABEL.search(heading.rstrip("：:")) or re.search(rf"(?:{_ASKED})(?:时间|日期|期限)$", heading.rstrip("：:"))
    )


def _glued_label(before: str) -> bool:
    return (
        re.search(
            rf"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])(?:{_ASKED})(?:时间|日期|期限)$", before
        )
        is not None
    )


def _clause_before(text: str, start: int) -> str:
    return re.split(r"[。；;，,（(]", text[:start])[-1]


def _clause_after(text: str, end: int) -> str:
    return re.split(r"[。；;]", text[end : end + 60])[0]


def _inside_title(text: str, place: int) -> bool:
    return text.rfind("《", 0, place) > text.rfind("》", 0, place)


# -- counted from something --------------------------------------------------------------------------------------------


def _relative(paragraph: Paragraph, place: int, calendar: Calendar) -> Iterator[Deadline]:
    text = paragraph.text
    for match in _AFTER.finditer(text):
        count = number(match["count"])
        if count and not _inside_title(text, match.start()):
            yield _after(paragraph, place, match, count, calendar)
    for match in _RECURRING.finditer(text):
        span = paragraph.tight.span(*match.span())
        yield Deadline(
            "", match[0], span, place, "周期", "likely", recurring=match[0], start=match.start(), end=match.end()
        )
    for match in _NEAR_WEEK.finditer(text):
        yield from _this_week(paragraph, place, match, calendar)


def _after(paragraph: Paragraph, place: int, match: re.Match[str], count: int, calendar: Calendar) -> Deadline:
    event = match["anchor"] + match["event"]
    unit = "周" if match["unit"] == "星期" else "日" if match["unit"] == "天" else match["unit"]
    due = ""
    if match["event"] in ("结束", "闭幕") and calendar.event and unit in ("日", "周"):
        end = dt.date.fromisoformat(calendar.event[1][:10])
        due = (end + dt.timedelta(days=count * (7 if unit == "周" else 1))).isoformat()
    if match["event"] in ("印发", "下发") and calendar.issued and unit in ("日", "周"):
        due = (calendar.issued + dt.timedelta(days=count * (7 if unit == "周" else 1))).isoformat()
    start = match.start("event") - min(6, len(match["anchor"]))
    written = paragraph.text[start : match.end()]
    span = paragraph.tight.span(start, match.end())
    return Deadline(
        due, written, span, place, "某事后若干日", "likely", after=(event, count, unit), start=start, end=match.end()
    )


def _this_week(paragraph: Paragraph, place: int, match: re.Match[str], calendar: Calendar) -> Iterator[Deadline]:
    if not calendar.issued:
        return
    weekday = "一二三四五六日天".index(match["day"]) % 7 if match["day"] != "天" else 6
    monday = calendar.issued - dt.timedelta(days=calendar.issued.weekday())
    due = monday + dt.timedelta(days=weekday + (7 if match["which"] == "下" else 0))
    span = paragraph.tight.span(*match.span())
    yield Deadline(due.isoformat(), match[0], span, place, "本周某日前", "likely", start=match.start(), end=match.end())


# -- what is no deadline -----------------------------------------------------------------------------------------------

_EVENT = re.compile(
    r"(?:活动|比赛|大赛|培训|会议|竞赛|开展|举办|宣传|展示|实施|演练|考试|周)?(?:时间|日期)(?:安排)?(?:和主题)?[：:为]?$|时间[：:]$|(?:活动|大赛)从$"
)


def event(paragraphs: list[Paragraph], places: range, calendar: Calendar) -> tuple[str, str, Span] | None:
    """The first day and the last of what the document is about, where a heading or label says 时间; None without."""
    for place in places:
        text = paragraphs[place].text
        heading = paragraphs[place - 1].text if place else ""
        for period in periods(text)[:2]:
            before = text[: period.start]
            named = _EVENT.search(before) if before else _EVENT.search(heading)
            if not named or _LABEL.search(before or heading) or _BEFORE.match(text, period.end):
                continue
            year, _confidence = calendar.year_of(period.last)
            first, last = (day.iso(year) if year else None for day in (period.first, period.last))
            if first and last and len(first) >= 10 and len(last) >= 10:
                return first[:10], last[:10], paragraphs[place].tight.span(period.start, period.end)
    return None


def year_named(texts: Iterator[str]) -> int | None:
    """The first year that one of the texts names: 2026年, 〔2026〕."""
    for text in texts:
        if match := _YEAR_WORD.search(text):
            return int(match[1])
    return None
