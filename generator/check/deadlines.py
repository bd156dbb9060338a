"""Deadlines: their anchors, their order, and the calendar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from generator import wording
from generator.base.i18n import _, listed
from generator.base.problems import Problem, Where
from generator.base.workdays import is_covered, is_workday, last_workday
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch, Path_
from generator.dispatch.spec import Due

_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")


def last_days(dispatch: Dispatch) -> dict[str, dt.date]:
    """The last day of every deadline that has one that can be computed."""
    spec = dispatch.spec
    days = {name: wording.due_date(spec, deadline, is_workday) for name, deadline in spec.deadlines.items()}
    return {name: day for name, day in days.items() if day}


def anchors(dispatch: Dispatch) -> Iterator[Problem]:
    """活动结束后2日内 needs an activity."""
    if dispatch.spec.event:
        return
    for name, deadline in dispatch.spec.deadlines.items():
        due = deadline.due
        key = "during" if due.during else "after"
        if due.during or due.after in ("event.start", "event.end"):
            message = _('deadline "{name}" counts from an event, and no event is given').format(name=name)
            hint = _("Give `event` with its name and its days.")
            yield report("anchor-missing", dispatch.where("deadlines", name, "due", key), message, hint)


def periods(dispatch: Dispatch) -> Iterator[Problem]:
    """Windows and the event end after they start."""
    spec = dispatch.spec
    spans: list[tuple[Path_, dt.date | None, dt.date | None]] = [
        (("deadlines", name, "due", "end"), deadline.due.start, deadline.due.end)
        for name, deadline in spec.deadlines.items()
    ]
    if spec.event:
        spans.append((("event", "end"), spec.event.start, spec.event.end))
    for path, start, end in spans:
        if start and end and start > end:
            message = _("the period ends on {end}, before it starts on {start}").format(start=start, end=end)
            yield report("dates-reversed", dispatch.where(*path), message, _("Exchange or correct the two dates."))


def before_issue(dispatch: Dispatch) -> Iterator[Problem]:
    """A deadline that is over on the day the document is issued is nearly always a wrong year or month."""
    issued = dispatch.spec.date_of_issue
    for name, day in last_days(dispatch).items():
        if issued and day < issued:
            message = _('deadline "{name}" ({day}) is before the date of issue ({issued})').format(
                name=name, day=day, issued=issued
            )
            hint = _("Look whether the year and the month are right, here and under `date_of_issue`.")
            yield report("deadline-before-issue", dispatch.where("deadlines", name, "due"), message, hint)


def after_superior(dispatch: Dispatch) -> Iterator[Problem]:
    """The lower level collects before it reports: its date is not later than the superior's."""
    days = last_days(dispatch)
    for key, source in dispatch.spec.sources.items():
        for name, superior in source.deadlines.items():
            if name in days and days[name] > superior:
                message = _('deadline "{name}" ({day}) is later than that of source "{source}" ({superior})')
                message = message.format(name=name, day=days[name], source=key, superior=superior)
                hint = _("Leave yourself time to collect: set it before {superior}.").format(superior=superior)
                yield report("deadline-after-superior", dispatch.where("deadlines", name, "due"), message, hint)


def _is_fixed(due: Due) -> bool:
    """Whether the author chose the very day; 月底, recurring and working-day deadlines fall where they fall."""
    return due.date is not None or due.end is not None or due.days is not None or due.weeks is not None


def days_off(dispatch: Dispatch) -> Iterator[Problem]:
    """Deadlines on weekends and public holidays, and, once, the years whose holidays are not known."""
    unknown: dict[int, str] = {}
    for name, day in last_days(dispatch).items():
        due = dispatch.spec.deadlines[name].due
        if not is_covered(day):
            unknown.setdefault(day.year, name)
        if _is_fixed(due) and not is_workday(day):
            message = _('deadline "{name}" falls on {day} ({weekday}), which is not a working day')
            hint = _("The working day before it is {day}.").format(day=last_workday(day))
            message = message.format(name=name, day=day, weekday=wording.weekday_word(day))
            yield report("deadline-day-off", dispatch.where("deadlines", name, "due"), message, hint)
    if unknown:
        years = listed(str(year) for year in sorted(unknown))
        message = _("the public holidays of {years} are not known here; only weekends are checked").format(years=years)
        hint = _("Look at the deadlines of that year yourself, or update the package chinesecalendar.")
        yield report(
            "calendar-unknown", dispatch.where("deadlines", next(iter(unknown.values())), "due"), message, hint
        )


def weekday_agrees(day: dt.date, words: str) -> bool:
    """Whether 星期四, 周四 or 本周四 is the weekday of `day`; words without a weekday agree with no day."""
    found = _WEEKDAY.search(words)
    return found is not None and "一二三四五六日".index(found[1].replace("天", "日")) == day.weekday()


def weekday_words(dispatch: Dispatch) -> Iterator[Problem]:
    """A weekday word given with a deadline must be the weekday of its date."""
    days = last_days(dispatch)
    for name, deadline in dispatch.spec.deadlines.items():
        words = deadline.weekday
        if isinstance(words, str) and name in days and not weekday_agrees(days[name], words):
            yield weekday_problem(dispatch.where("deadlines", name, "weekday"), days[name], words)


def weekday_problem(where: Where, day: dt.date, words: str) -> Problem:
    """The finding that `words` is not the weekday of `day`."""
    weekday = wording.weekday_word(day)
    message = _("{day} is a {weekday}, not {words}").format(day=day, weekday=weekday, words=words)
    return report("weekday-mismatch", where, message, _("Correct the date or the weekday."))


RULES = (anchors, periods, before_issue, after_superior, days_off, weekday_words)
