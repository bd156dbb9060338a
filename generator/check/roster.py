"""Rosters as spreadsheets leave them: totals among the units, codes made numbers, names in lines or twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.base.i18n import _
from generator.base.problems import Problem
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch

_TOTAL = re.compile(r"(?:合|总|小|共)计|总数|合计数|总计数")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_AS_FORMULA = re.compile(r'=\s*"[^"]*"|\'.+')
_LEAST_WIDTH = 4
"""Figures of a code that an office has been given; shorter ones may be counted from 1."""


def total_rows(dispatch: Dispatch) -> Iterator[Problem]:
    """A row 合计 is no unit."""
    for index, unit in enumerate(dispatch.units):
        if any(_TOTAL.fullmatch("".join(text.split())) for text in (unit.code, unit.name)):
            message = _("this row is a total, and would get a kit as a unit: {name}").format(name=unit.name)
            yield report("total-row", dispatch.where("units", index, "name"), message, _("Delete the row."))


def codes(dispatch: Dispatch) -> Iterator[Problem]:
    """Codes that a spreadsheet has made numbers of, or that stand in a formula."""
    for index, unit in enumerate(dispatch.units):
        where = dispatch.where("units", index, "code")
        if _SCIENTIFIC.fullmatch(unit.code):
            message = _("{code} is a number in scientific notation, and not all of its figures are there")
            hint = _("Make the column text (文本) in Excel, and type the code anew.")
            yield report("code-number", where, message.format(code=unit.code), hint)
        elif _AS_FORMULA.fullmatch(unit.code):
            message = _("{code} is written as a formula or with an apostrophe").format(code=unit.code)
            hint = _("Write the code alone; in .xlsx make the column text (文本).")
            yield report("code-number", where, message, hint)


def lost_zeros(dispatch: Dispatch) -> Iterator[Problem]:
    """Codes of one class and width, of which some are shorter: a spreadsheet takes zeros off the front of a number."""
    widths = _widths(dispatch)
    for index, unit in enumerate(dispatch.units):
        width = widths[unit.class_]
        if len(unit.code) < width:
            message = _("the code {code} is shorter than the others, which have {width} figures")
            hint = _("If Excel has taken zeros off: make the column text (文本), and write {code}.")
            hint = hint.format(code=unit.code.zfill(width))
            where = dispatch.where("units", index, "code")
            yield report("code-shorter", where, message.format(code=unit.code, width=width), hint)


def _widths(dispatch: Dispatch) -> dict[str, int]:
    """The width that the codes of each class have, most of them; 0 where they have none."""
    codes: dict[str, list[str]] = {}
    for unit in dispatch.units:
        codes.setdefault(unit.class_, []).append(unit.code)
    found = {}
    for name, of_class in codes.items():
        width = max(map(len, of_class))
        plain = all(code.isascii() and code.isdigit() for code in of_class)
        whole = sum(len(code) == width for code in of_class)
        found[name] = width if plain and width >= _LEAST_WIDTH and 2 * whole >= len(of_class) else 0
    return found


def names_in_lines(dispatch: Dispatch) -> Iterator[Problem]:
    """A line end inside a name comes from a narrow cell, and would break lines of the documents."""
    for index, unit in enumerate(dispatch.units):
        for head in ("name", "short_name"):
            text = getattr(unit, head)
            if "\n" in text and not (head == "short_name" and text == unit.name):
                message = _("the name of the unit stands on several lines: {name}")
                message = message.format(name=text.replace("\n", " / "))
                hint = _("Write it on one line (in Excel, delete the break made with Alt+Enter).")
                yield report("name-broken", dispatch.where("units", index, head), message, hint)


def short_names(dispatch: Dispatch) -> Iterator[Problem]:
    """Files that come back are told apart by the short name in front of theirs."""
    first: dict[str, int] = {}
    for index, unit in enumerate(dispatch.units):
        before = first.setdefault(unit.short_name, index)
        if before != index and dispatch.units[before].name != unit.name:
            message = _("{name} and {other} have one short name, {short}: so have the files that they return")
            message = message.format(name=unit.name, other=dispatch.units[before].name, short=unit.short_name)
            where = dispatch.where("units", index, "short_name")
            yield report("short-name-twice", where, message, _("Give each a short name of its own."))


RULES = (total_rows, codes, lost_zeros, names_in_lines, short_names)
