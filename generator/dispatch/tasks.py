"""Who has to hand in what: the forms, the evidence and the bare deadlines that fall to a class of units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.base.i18n import _
from generator.dispatch.spec import EVERY_CLASS, UNASKED, Deadline, Evidence, Form, FormField, Quantity, Spec, Unit

Item = Form | Evidence | Deadline


@dataclass(frozen=True)
class Task:
    """One thing that a unit hands in, by its name in the spec, with the deadline that holds for the unit.

    The item is a form, an item of evidence, or a deadline that asks for something which is neither (网上报名).
    """

    name: str
    item: Item
    deadline: Deadline | None


def deadline_names(item: Form | Evidence) -> list[str]:
    """Every deadline that an item names, whatever the class."""
    if isinstance(item.due, dict):
        return list(dict.fromkeys(item.due.values()))
    return [item.due] if item.due else []


def deadline_name(item: Form | Evidence, unit_class: str) -> str | None:
    """The deadline of an item for one class: its own, else the general one."""
    if isinstance(item.due, dict):
        return item.due.get(unit_class, item.due.get(EVERY_CLASS))
    return item.due


def classes_of(spec: Spec, item: Item) -> Sequence[str] | None:
    """The classes that an item names: its own, else its deadline's, else those it counts for; None: it names none."""
    if item.who or isinstance(item, Deadline):
        return item.who or None
    if isinstance(item.due, dict):
        return None if EVERY_CLASS in item.due else list(item.due)
    if item.due and item.due in spec.deadlines and spec.deadlines[item.due].who:
        return spec.deadlines[item.due].who
    if isinstance(item, Evidence) and item.count and EVERY_CLASS not in item.count:
        return list(item.count)
    return None


def falls_to(spec: Spec, item: Item, unit: Unit) -> bool:
    """Whether a unit hands the item in; what names no class falls to those whom the notice addresses (主送)."""
    classes = classes_of(spec, item)
    return unit.role == "主送" if classes is None else unit.class_ in classes


def owed(spec: Spec, evidence: Evidence, unit: Unit) -> Quantity | None:
    """How much of an item of evidence the unit owes: its class's own figure, else that of every class."""
    count = evidence.count or {}
    return count.get(unit.class_) or count.get(EVERY_CLASS) if falls_to(spec, evidence, unit) else None


def unreadable_quotas(spec: Spec, unit: Unit) -> list[str]:
    """The columns of the roster that a quota of the unit is drawn from, and that hold no whole number for it."""
    drawn = [quantity.column for evidence in spec.evidence.values() if (quantity := owed(spec, evidence, unit))]
    columns = dict.fromkeys(column for column in drawn if column and column in unit.columns)
    return [column for column in columns if not is_whole(unit.columns[column])]


def not_a_number(unit: Unit, column: str) -> str:
    """What a message says of a cell of the roster that should hold a number."""
    message = _('column "{column}" of {unit} is "{value}", not a number')
    return message.format(column=column, unit=unit.name, value=unit.columns.get(column, ""))


def is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit()


def tasks(spec: Spec, unit: Unit) -> Iterator[Task]:
    """What a unit hands in: forms first, then evidence, then bare deadlines, in the spec's order."""
    items: list[tuple[str, Form | Evidence]] = [*spec.forms.items(), *spec.evidence.items()]
    met: set[str | None] = set()
    for name, item in items:
        if falls_to(spec, item, unit):
            due = deadline_name(item, unit.class_)
            met.add(due)
            if not (isinstance(item, Form) and is_given(item, unit)):
                yield Task(name, item, spec.deadlines.get(due or ""))
    meant_for_some = {name for _name, item in items for name in deadline_names(item)}
    for name, deadline in spec.deadlines.items():
        bare = name not in met and (bool(deadline.who) or name not in meant_for_some)
        if bare and deadline.what and falls_to(spec, deadline, unit):
            yield Task(name, deadline, deadline)


def is_given(form: Form, unit: Unit) -> bool:
    """Whether a quota form has nothing left to fill in: it informs, and is not handed in.

    `unit` stands for the roster, from which a form with `from_units` takes its figures.
    """
    if form.layout != "quota" or (form.signoff and "signoff" in form.model_fields_set):
        return False
    given = {name for row in form.rows.given for name in row}
    if form.rows.from_units:
        given |= {field.name for field in form.fields if _in_roster(field, unit)}
    return all(field.type in UNASKED or field.name in given for field in form.fields)


def _in_roster(field: FormField, unit: Unit) -> bool:
    names = {*type(unit).model_fields, *unit.columns}
    return not names.isdisjoint({field.name, field.title, (field.prefill or "").removeprefix("unit.")})
