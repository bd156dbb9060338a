"""Figures that come from the roster, and whether quotas add up to the stated total."""

from __future__ import annotations

from collections.abc import Iterator

from generator.base.i18n import _
from generator.base.problems import Problem
from generator.check.codes import nearest, report
from generator.check.limits import all_fields
from generator.dispatch.dispatch import Dispatch, Path_
from generator.dispatch.spec import Evidence, Spec, Unit
from generator.dispatch.tasks import falls_to, is_whole, not_a_number, owed, unreadable_quotas
from generator.forms.prefill import figure
from generator.forms.types import is_figure

UNIT_HEADS = ("code", "name", "short_name", "class", "contact", "phone", "email")
"""What `unit.x` may name beside the further columns of the roster."""


def quantity_columns(dispatch: Dispatch) -> Iterator[Problem]:
    """`column` names a column of the roster, with a whole number for each unit concerned."""
    columns = set(dispatch.columns)
    for name, evidence in dispatch.spec.evidence.items():
        for class_name, quantity in (evidence.count or {}).items():
            if quantity.column and quantity.column not in columns:
                path: Path_ = ("evidence", name, "count", class_name, "column")
                yield _unknown(dispatch, path, quantity.column, columns)
    for index, unit in enumerate(dispatch.units):
        for column in unreadable_quotas(dispatch.spec, unit):
            hint = _("Write a number, 0 for none. Until then the unit is left out; the others get theirs.")
            where = dispatch.where("units", index, column)
            yield report("quota-not-a-number", where, not_a_number(unit, column), hint)


def prefills(dispatch: Dispatch) -> Iterator[Problem]:
    """`prefill` names unit.x or a column of the roster."""
    columns = set(dispatch.columns)
    for path, field in all_fields(dispatch):
        if field.prefill and (column := field.prefill.removeprefix("unit.")) not in (*columns, *UNIT_HEADS):
            yield _unknown(dispatch, (*path, "prefill"), column, columns | set(UNIT_HEADS))


def figures(dispatch: Dispatch) -> Iterator[Problem]:
    """A field for numbers takes numbers from the roster; a blank stays for the unit to fill in."""
    found: dict[tuple[int, str], None] = {}
    for path, field in all_fields(dispatch):
        form = dispatch.spec.forms[str(path[1])]
        own = [field.name, field.title] if form.rows.from_units else []
        heads = [field.prefill.removeprefix("unit.")] if field.prefill else own
        if not is_figure(field) or not heads:
            continue
        for index, unit in enumerate(dispatch.units):
            head = next((head for head in heads if unit.columns.get(head)), "")
            if (
                head
                and (form.rows.from_units or falls_to(dispatch.spec, form, unit))
                and figure(unit.columns[head]) is None
            ):
                found[index, head] = None
    yield from (_not_a_number(dispatch, index, head) for index, head in found)


def _unknown(dispatch: Dispatch, path: Path_, column: str, columns: set[str]) -> Problem:
    message = _('the roster has no column "{column}"').format(column=column)
    hint = nearest(column, columns) or _("Add the column to the roster.")
    return report("unknown-column", dispatch.where(*path), message, hint)


def _not_a_number(dispatch: Dispatch, index: int, column: str) -> Problem:
    message = not_a_number(dispatch.units[index], column)
    return report("not-a-number", dispatch.where("units", index, column), message, _("Write a number, 0 for none."))


def _quota(spec: Spec, evidence: Evidence, unit: Unit) -> int:
    quantity = owed(spec, evidence, unit)
    if quantity is None:
        return 0
    if quantity.column:
        text = unit.columns.get(quantity.column, "")
        return int(text) if is_whole(text) else 0
    figures = (quantity.exact, quantity.max, quantity.min)
    return next((figure for figure in figures if figure is not None), 0)


def totals(dispatch: Dispatch) -> Iterator[Problem]:
    """The sum of the units' figures (exact, else maximum, else minimum) is the total that the notice states."""
    for name, stated in dispatch.spec.stated_total.items():
        evidence = dispatch.spec.evidence.get(name)
        total = sum(_quota(dispatch.spec, evidence, unit) for unit in dispatch.units) if evidence else stated
        if total != stated:
            message = _('the quotas of "{name}" add up to {total}, the stated total is {stated}')
            hint = _("Correct the quotas or the total.")
            message = message.format(name=name, total=total, stated=stated)
            yield report("total-mismatch", dispatch.where("stated_total", name), message, hint)


RULES = (quantity_columns, prefills, figures, totals)
