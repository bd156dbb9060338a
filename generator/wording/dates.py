"""Dates and times as official Chinese writes them: Arabic figures, no zero-padding (GB/T 9704-2012, 7.3.5.4)."""

from __future__ import annotations

import datetime as dt

from generator.dispatch.spec import Event, Spec


def day(date: dt.date, year: int | None = None) -> str:
    """9月10日; with a `year` that is understood, another year is written out: 2027年1月5日."""
    return full_date(date) if year is not None and date.year != year else f"{date.month}月{date.day}日"


def full_date(date: dt.date) -> str:
    """2026年7月24日."""
    return f"{date.year}年{date.month}月{date.day}日"


def weekday_word(date: dt.date) -> str:
    """星期四."""
    return "星期" + "一二三四五六日"[date.weekday()]


def clock(time: dt.time) -> str:
    """17时, 9时30分."""
    return f"{time.hour}时" + (f"{time.minute}分" if time.minute else "")


def date_range(start: dt.date, end: dt.date, year: int | None = None) -> str:
    """5月23日至29日, 6月30日至7月20日; years are written unless they are the `year` that is understood."""
    first = day(start, year) if year is not None else full_date(start)
    if start == end:
        return first
    if (start.year, start.month) == (end.year, end.month):
        return f"{first}至{end.day}日"
    return f"{first}至{day(end, start.year)}"


def known_year(spec: Spec) -> int | None:
    """The year that a reader takes for granted: that of the date of issue, else of the event, else None."""
    if spec.date_of_issue:
        return spec.date_of_issue.year
    first = spec.event and (spec.event.start or spec.event.end)
    return first.year if first else None


def event_dates(event: Event, year: int | None = None) -> str:
    """When the event is: 9月1日至4日, with its year unless that is `year`; "" when the spec gives no day."""
    start, end = event.start or event.end, event.end or event.start
    return date_range(start, end, year) if start and end else ""


def event_words(event: Event, year: int | None = None) -> str:
    """The event with its days: 开学第一课（9月1日至4日）; its name alone when it has none."""
    when = event_dates(event, year)
    return f"{event.name}（{when}）" if when else event.name
