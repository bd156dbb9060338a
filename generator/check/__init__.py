"""What a well-formed dispatch may still have wrong: one small rule for each, all of them run every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.base.problems import Problem, sort_key
from generator.check import (
    appended,
    deadlines,
    effects,
    files,
    forms,
    heading,
    limits,
    names,
    people,
    quantities,
    roster,
    signs,
    templates,
    written,
)
from generator.check.codes import CODES, code_table, explained, stops
from generator.dispatch.dispatch import Dispatch
from generator.wording import body

__all__ = ["CODES", "check", "code_table", "explained", "stops"]

Rule = Callable[[Dispatch], Iterable[Problem]]
THEMES = (
    heading, appended, files, names, people, roster, deadlines, written, quantities, limits, forms, effects, signs,
    templates,
)  # fmt: skip
RULES: tuple[Rule, ...] = (body.problems, *(rule for theme in THEMES for rule in theme.RULES))


def check(dispatch: Dispatch) -> list[Problem]:
    """Every problem of the dispatch, by place; those of one place by code. Codes and severities are those of CODES."""
    found = [problem for rule in RULES for problem in rule(dispatch)]
    # What only the documents themselves can tell, once they can be made.
    for rule in (templates.template_faults, appended.kept):
        if not any(map(stops, found)):
            found += rule(dispatch)
    return sorted(found, key=sort_key)
