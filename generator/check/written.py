"""Dates that the body writes out: days that do not exist, wrong weekdays, and deadlines said twice or otherwise."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.base.i18n import _
from generator.base.problems import Problem, Where
from generator.check.codes import report
from generator.check.deadlines import last_days, weekday_agrees, weekday_problem
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.tasks import deadline_names

_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>(?:19|20)\d{2})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
    r"(?:\s*[（(](?P<weekday>[本下]?(?:星期|周|礼拜)[一二三四五六日天])[）)])?"
    r"(?P<limit>\s*(?:[上下]午)?(?:\d{1,2}(?:时|点|[:：]\d{2})(?:\d{1,2}分)?)?(?:之?前|[下上]班前|中午前|截止|为止))?"
)
_SENTENCE = re.compile(r"[^。；;！？]+")
_REFERENCE = re.compile(r"\{\{\s*(forms|evidence)\.([a-z0-9_]+)")
_DEADLINE = re.compile(r"\{\{\s*(deadlines\.|[a-z_.0-9]+\.due\s*\}\})")


@dataclass(frozen=True, slots=True)
class Written:
    """A date in the body. `day` is None when the calendar has no such day, or when its year cannot be told."""

    where: Where
    text: str
    day: dt.date | None
    exists: bool
    weekday: str
    is_limit: bool
    sentence: str


def written_dates(dispatch: Dispatch) -> Iterator[Written]:
    """Every M月D日 of the body in order, with or without its year."""
    near = _anchor(dispatch)
    for number, line in enumerate(dispatch.body.splitlines()):
        for sentence in _SENTENCE.finditer(line):
            for match in _DATE.finditer(sentence[0]):
                where = _where(dispatch, number, sentence.start() + match.start())
                day, exists = _day(match, near)
                words = match["weekday"] or ""
                yield Written(where, match[0].strip(), day, exists, words, bool(match["limit"]), sentence[0])


def _where(dispatch: Dispatch, line: int, offset: int) -> Where:
    """The place of a character of the body; a body inside dispatch.yaml is indented, so its columns are not known."""
    column = offset + 1 if dispatch.body_file == dispatch.spec.body else None
    return Where(dispatch.body_file, dispatch.body_line + line, column)


def _anchor(dispatch: Dispatch) -> dt.date | None:
    """The day to which a date without a year is taken to be near: that of issue, else the event's or a deadline's."""
    spec = dispatch.spec
    deadlines = [deadline.due.date or deadline.due.end for deadline in spec.deadlines.values()]
    return next((day for day in (spec.date_of_issue, spec.event and spec.event.start, *deadlines) if day), None)


def _day(match: re.Match[str], near: dt.date | None) -> tuple[dt.date | None, bool]:
    month, day = int(match["month"]), int(match["day"])
    if not _exists(2000, month, day):
        return None, False
    if match["year"]:
        year = int(match["year"])
        return (dt.date(year, month, day), True) if _exists(year, month, day) else (None, False)
    if near is None:
        return None, True
    years = [year for year in (near.year - 1, near.year, near.year + 1) if _exists(year, month, day)]
    days = [dt.date(year, month, day) for year in years]
    return min(days, key=lambda each: abs(each - near), default=None), True


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def days_and_weekdays(dispatch: Dispatch) -> Iterator[Problem]:
    """2月30日, and 9月10日（星期五） where the tenth is a Thursday."""
    for written in written_dates(dispatch):
        if not written.exists:
            message = _("there is no such day as {date}").format(date=written.text)
            yield report("no-such-date", written.where, message, _("Correct the date."))
        elif written.day and written.weekday and not weekday_agrees(written.day, written.weekday):
            yield weekday_problem(written.where, written.day, written.weekday)


def repeated(dispatch: Dispatch) -> Iterator[Problem]:
    """A deadline's date in figures: when the deadline is moved, the body would keep the old day."""
    days = last_days(dispatch)
    for written in written_dates(dispatch):
        names = [name for name, day in days.items() if day == written.day]
        if written.is_limit and names:
            message = _('the body writes out {date}, the date of deadline "{name}"')
            hint = _("Write {reference} instead, so that the date stands in one place.")
            reference = f"{{{{ deadlines.{names[0]} }}}}"
            message = message.format(date=written.text, name=names[0])
            yield report("deadline-repeated", written.where, message, hint.format(reference=reference))


def contradicted(dispatch: Dispatch) -> Iterator[Problem]:
    """A sentence that asks for a form or an item of evidence by another day than the deadline it is due by."""
    days = last_days(dispatch)
    for written in written_dates(dispatch):
        if not (written.is_limit and written.day) or _DEADLINE.search(written.sentence):
            continue
        for section, name in _REFERENCE.findall(written.sentence):
            item = getattr(dispatch.spec, section).get(name)
            dues = [due for due in deadline_names(item) if due in days] if item else []
            if dues and written.day not in [days[due] for due in dues]:
                message = _('the body asks for "{name}" by {date}, deadline "{deadline}" says {day}')
                message = message.format(name=name, date=written.text, deadline=dues[0], day=days[dues[0]])
                hint = _("Write {reference} instead, so that the date stands in one place.")
                reference = f"{{{{ deadlines.{dues[0]} }}}}"
                yield report("deadline-contradicted", written.where, message, hint.format(reference=reference))


RULES = (days_and_weekdays, repeated, contradicted)
