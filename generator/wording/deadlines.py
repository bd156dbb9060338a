"""报送期限 in words, and the last day that they mean."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable

from generator.spec import Deadline, Due, Spec
from generator.wording.dates import clock, day, full_date, known_year, weekday_word
from generator.wording.numbering import numeral

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
        moment = _BEFORE[due.before] if due.before else clock(due.time) if due.time else ""
        return f"{_dated(due.date, year, weekday)}{moment}前"
    if due.start and due.end:
        end_year = due.start.year if year is None or due.start.year != year else year
        return f"{_dated(due.start, year, weekday)}—{_dated(due.end, end_year, weekday)}"
    if due.dates:
        return _dates(due.dates, year, weekday)
    return _span(due) or _recurring(spec, due) or _relative(spec, due)


def _dated(date: dt.date, year: int | None, weekday: bool) -> str:
    text = full_date(date) if year is None else day(date, year)
    return f"{text}（{weekday_word(date)}）" if weekday else text


def _dates(dates: list[dt.date], year: int | None, weekday: bool) -> str:
    words = []
    for date in dates:
        words.append(_dated(date, year, weekday))
        year = date.year
    return "、".join(words)


def _span(due: Due) -> str:
    if due.yearly:
        month, last = due.yearly.split("-")
        return f"每年{int(month)}月底前" if last == "end" else f"每年{int(month)}月{int(last)}日前"
    if due.monthly:
        return "每月底前" if due.monthly == "last" else f"每月{due.monthly}日前"
    return ""


def _recurring(spec: Spec, due: Due) -> str:
    during = f"{_event(spec)}期间" if due.during else ""
    if due.daily is None:
        return f"{during}及时" if during and due.month is None and due.after is None else ""
    if due.next_day:
        half_day = "上午" if due.daily.hour < 12 else ""
        return f"{during}次日{half_day}{clock(due.daily)}前"
    return f"{during}每日{clock(due.daily)}前"


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
    if due.weeks:
        return f"{anchor}后{'两' if due.weeks == 2 else numeral(due.weeks)}周内"
    if due.working_days:
        return f"{anchor}后{due.working_days}个工作日内"
    if due.days:
        return f"{anchor}后{due.days}日内"
    return f"{anchor}后及时" if due.days is None and due.working_days is None else f"{anchor}当日"


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
