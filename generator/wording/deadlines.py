"""报送期限 in words, and the last day that they mean."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable

from generator.base.numerals import numeral
from generator.dispatch.spec import Deadline, Due, Evidence, Form, Spec
from generator.dispatch.tasks import deadline_name
from generator.wording.dates import clock, day, full_date, known_year, weekday_word
from generator.wording.quantities import by_class

_PARTS = {"early": "上旬", "middle": "中旬", "late": "下旬", "end": "底"}
_PART_ENDS = {"early": 10, "middle": 20}
_BEFORE = {"off_work": "下班", "noon": "中午"}


def deadline_words(spec: Spec, deadline: Deadline) -> str:
    """When, ready to stand in a sentence: 9月10日（星期四）17时前, 活动结束后5个工作日内, 每月底前.

    The year is written where a reader could not take it for granted (`known_year`). The weekday is the calendar's, also
    where the spec records another: a record is there to be checked, not to be printed.
    `written` is printed as it stands: the author's own phrase for a deadline whose date the spec knows.
    """
    if deadline.written:
        return deadline.written
    due, year, weekday = deadline.due, known_year(spec), bool(deadline.weekday)
    if due.date:
        return f"{_dated(due.date, year, weekday)}{_moment(due)}前"
    if due.start and due.end:
        end_year = due.start.year if year is None or due.start.year != year else year
        return f"{_dated(due.start, year, weekday)}—{_dated(due.end, end_year, weekday)}{_moment(due)}"
    if due.dates:
        return _dates(due.dates, year, weekday)
    return _yearly_or_monthly(spec, due) or _recurring(spec, due) or _relative(spec, due)


def due_words(spec: Spec, item: Form | Evidence, unit_class: str | None = None) -> str:
    """When an item is due: for one class, or for all, 各区县8月15日前，各学校7月10日前; "" where nothing says when."""
    if unit_class is None and isinstance(item.due, dict):
        known = {who: spec.deadlines[name] for who, name in item.due.items() if name in spec.deadlines}
        return by_class(spec, {who: deadline_words(spec, deadline) for who, deadline in known.items()})
    deadline = spec.deadlines.get(deadline_name(item, unit_class or "") or "")
    return deadline_words(spec, deadline) if deadline else ""


def _moment(due: Due) -> str:
    """17时, 下班; "" where the whole day counts."""
    if due.before:
        return _BEFORE[due.before]
    return "" if due.time is None else clock(due.time)


def _dated(date: dt.date, year: int | None, weekday: bool) -> str:
    text = full_date(date) if year is None else day(date, year)
    return f"{text}（{weekday_word(date)}）" if weekday else text


def _dates(dates: list[dt.date], year: int | None, weekday: bool) -> str:
    words = []
    for date in dates:
        words.append(_dated(date, year, weekday))
        year = date.year
    return "、".join(words)


def _yearly_or_monthly(spec: Spec, due: Due) -> str:
    if due.yearly:
        month, last = due.yearly.split("-")
        return f"每年{int(month)}月底前" if last == "end" else f"每年{int(month)}月{int(last)}日前"
    if due.monthly:
        moment = _moment(due)
        day_of_month = f"{due.monthly}日" if due.monthly != "last" else "最后一日" if moment else "底"
        return f"{_during(spec, due)}每月{day_of_month}{moment}前"
    return ""


def _during(spec: Spec, due: Due) -> str:
    return f"{_event(spec)}期间" if due.during else ""


def _recurring(spec: Spec, due: Due) -> str:
    if due.daily is None:
        return f"{_during(spec, due)}及时" if due.during else ""
    if due.next_day:
        half_day = "上午" if due.daily.hour < 12 else ""
        return f"{'活动' if due.during else ''}次日{half_day}{clock(due.daily)}前"
    return f"{_during(spec, due)}每日{clock(due.daily)}前"


def _relative(spec: Spec, due: Due) -> str:
    if due.month:
        year, month = _month(due.month)
        shown = f"{month}月" if year == known_year(spec) else f"{year}年{month}月"
        return f"{shown}{_PARTS[due.part]}前"
    anchor = {
        "event.start": f"{_event(spec)}开始",
        "event.end": f"{_event(spec)}结束",
        "date_of_issue": "本通知印发",
    }[due.after or "event.end"]
    return f"{anchor}{_count(due)}"


def _count(due: Due) -> str:
    """How long after: 后两周内, 后5个工作日内, 后第2日17时前, 当日, 后及时."""
    if due.weeks:
        return f"后{'两' if due.weeks == 2 else numeral(due.weeks)}周内"
    number = due.working_days if due.days is None else due.days
    moment, measure = _moment(due), "日" if due.working_days is None else "个工作日"
    if number is None:
        return "后及时"
    if number == 0:
        return f"当日{moment}前" if moment else "当日"
    return f"后第{number}{measure}{moment}前" if moment else f"后{number}{measure}内"


def _event(spec: Spec) -> str:
    return spec.event.name if spec.event else "活动"


def _month(text: str) -> tuple[int, int]:
    year, month = text.split("-")
    return int(year), int(month)


def due_date(spec: Spec, deadline: Deadline, is_workday: Callable[[dt.date], bool]) -> dt.date | None:
    """The last day in time (前 includes the day); None where it is open, recurring, or counts from a day not given.

    Days count from the day after the one they are counted from. `is_workday` tells working days from others.
    """
    due = deadline.due
    if due.month:
        year, month = _month(due.month)
        return dt.date(year, month, _PART_ENDS.get(due.part, calendar.monthrange(year, month)[1]))
    if due.after:
        return _counted(_anchor(spec, due.after), due, is_workday)
    return due.date or due.end or (max(due.dates) if due.dates else None)


def _anchor(spec: Spec, after: str) -> dt.date | None:
    if after == "date_of_issue":
        return spec.date_of_issue
    if not spec.event:
        return None
    return spec.event.start if after == "event.start" else spec.event.end or spec.event.start


def _counted(anchor: dt.date | None, due: Due, is_workday: Callable[[dt.date], bool]) -> dt.date | None:
    if anchor is None or (due.days is None and due.weeks is None and due.working_days is None):
        return None
    if due.working_days is None:
        return anchor + dt.timedelta(days=due.days or 0, weeks=due.weeks or 0)
    left = due.working_days
    while left:
        anchor += dt.timedelta(days=1)
        left -= is_workday(anchor)
    return anchor
