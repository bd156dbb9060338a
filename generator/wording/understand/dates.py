"""Days as documents write them: full, dotted, in Chinese digits, of the Republic, without a year, as windows."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace

from generator.wording.understand.numbers import digits, number

_C = "〇○零0OΟОＯ一二三四五六七八九"
_N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR = (
    rf"(?:(?P<year>\d{{4}}|[一二][{_C}]{{3}})年|(?:中華|中华)?民[國国](?P<roc>\d{{2,3}})年|(?P<this>今年|本年|"
    rf"当年)|(?P<next>明年|次年))"
)
_WEEKDAY = r"(?:[（(]?(?:星期|周|礼拜|本周|下周)(?P<weekday>[一二三四五六日天])[）)]?)"
_CLOCK = (
    rf"(?P<half>上午|下午|中午|晚上|早上|晚)?(?:(?P<hour>\d{{1,2}}|{_N})(?:[:：](?P<minute>\d{{2}})|"
    rf"[点时](?P<spoken>\d{{1,2}}分?|半|整)?))"
)
_MOMENT = rf"(?:{_WEEKDAY})?(?:{_CLOCK})?"
_DATE = re.compile(
    rf"(?:{_YEAR})?(?P<month>{_N})月(?:(?P<day>{_N})[日号]?(?![个份])|(?P<part>上旬|中旬|下旬|月底|底|末|初))?{_MOMENT}"
    rf"|(?P<dotted>(?:19|20)\d{{2}}[-./．](?:1[0-2]|0?[1-9])[-./．](?:3[01]|[12]\d|"
    rf"0?[1-9]))(?![\d.])(?:T?{_CLOCK.replace('P<', 'P<d_')})?"
)
_JOIN = re.compile(r"(?:开始|起)?[，,]?(?:至|到|-{1,2}|－{1,2}|—{1,2}|–|~|～|―|─|结束至)")
_SHORT_DAY = re.compile(rf"(?P<day>{_N})[日号]{_MOMENT}")
_PARTS = {"上旬": 10, "中旬": 20, "初": 10}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names, from `start` to `end` in it; parts that it leaves open are None.

    `day` 0 is the end of the month; `written_year` says that the text itself gives the year.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int | None
    time: str = ""
    weekday: str = ""
    written_year: bool = False

    def iso(self, year: int) -> str | None:
        """ISO 8601, in that year where it has none of its own, with its time; None if there is no such day."""
        year = self.year or year
        if self.day is None:
            return f"{year:04}-{self.month:02}" if 1 <= self.month <= 12 else None
        try:
            last = calendar.monthrange(year, self.month)[1]
            day = dt.date(year, self.month, self.day or last).isoformat()
        except (ValueError, calendar.IllegalMonthError):
            return None
        return f"{day}T{self.time}" if self.time else day


@dataclass(frozen=True, slots=True)
class Period:
    """One day, or a window from `first` to `last`."""

    first: Day
    last: Day

    @property
    def start(self) -> int:
        return self.first.start

    @property
    def end(self) -> int:
        return self.last.end

    @property
    def is_window(self) -> bool:
        return self.first is not self.last


def periods(text: str) -> list[Period]:
    """Every day and window that a text without blanks names, in order."""
    found: list[Period] = []
    at = 0
    while match := _DATE.search(text, at):
        day = _day(match)
        at = match.end()
        if day is None:
            continue
        last = _until(text, day)
        found.append(Period(_from(day, last), last) if last else Period(day, day))
        at = max(at, found[-1].end)
    return found


def _from(first: Day, last: Day) -> Day:
    """The first day of a window, with the year that only the last one says."""
    return replace(first, year=first.year or last.year)


def _until(text: str, first: Day) -> Day | None:
    """The last day of a window that begins with `first`."""
    join = _JOIN.match(text, first.end)
    if not join:
        return None
    if match := _DATE.match(text, join.end()):
        until = _day(match)
        # 12月2日至1月3日 ends in the next year; without a year of its own the last day follows the first.
        return until and replace(until, year=until.year or _year_after(first, until))
    match = _SHORT_DAY.match(text, join.end())
    if not match or first.day is None:
        return None
    found = number(match["day"])
    if not found:
        return None
    return Day(match.start(), match.end(), first.year, first.month, found, _time(match, ""), match["weekday"] or "")


def _year_after(first: Day, last: Day) -> int | None:
    return first.year + (last.month < first.month) if first.year else None


def _day(match: re.Match[str]) -> Day | None:
    if match["dotted"]:
        written, of, on = (int(part) for part in re.split(r"[-./．]", match["dotted"]))
        return Day(match.start(), match.end(), written, of, on, _time(match, "d_"), "", True)
    month = number(match["month"])
    if not month or not 1 <= month <= 12:
        return None
    year = _year(match)
    return Day(
        match.start(), match.end(), year, month, _day_of(match), _time(match, ""), match["weekday"] or "", bool(year)
    )


def _year(match: re.Match[str]) -> int | None:
    if match["roc"]:
        return int(match["roc"]) + 1911
    return digits(match["year"]) if match["year"] else None


def _day_of(match: re.Match[str]) -> int | None:
    if match["day"]:
        day = number(match["day"])
        return day if day and 1 <= day <= 31 else None
    return _PARTS.get(match["part"], 0) if match["part"] else None


def _time(match: re.Match[str], prefix: str) -> str:
    """The time of day as HH:MM: 下午5点 is 17:00, 下午17：00 too, 24点 stays 24:00; empty without one."""
    if not match[f"{prefix}hour"]:
        return ""
    hour = number(match[f"{prefix}hour"]) or 0
    spoken = (match[f"{prefix}spoken"] or "").removesuffix("分")
    minute = int(match[f"{prefix}minute"] or {"半": "30", "整": "0"}.get(spoken, spoken) or 0)
    if match[f"{prefix}half"] in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else ""
