"""Working days of the mainland calendar: weekends, public holidays 法定节假日 and the days worked in exchange 调休."""

from __future__ import annotations

import datetime as dt

import chinese_calendar


def is_covered(day: dt.date) -> bool:
    """Whether the State Council's holiday notice of that year is known; each is published late in the year before."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_workday(day: dt.date) -> bool:
    """Whether offices work on `day`; in years that are not covered, Monday to Friday."""
    return bool(chinese_calendar.is_workday(day)) if is_covered(day) else day.weekday() < 5


def last_workday(day: dt.date) -> dt.date:
    """`day` itself, or the nearest working day before it."""
    while not is_workday(day):
        day -= dt.timedelta(days=1)
    return day
