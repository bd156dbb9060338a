"""Who has to hand in what: the forms and the materials that fall to a class of units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.spec import EVERY_CLASS, Evidence, Form, FormField, Spec, Unit


@dataclass(frozen=True)
class Task:
    """One thing to hand in: a form or a material, by its name in the spec."""

    name: str
    item: Form | Evidence


def classes_of(spec: Spec, item: Form | Evidence) -> Sequence[str] | None:
    """The classes that an item names: its own, else its deadline's, else those it counts for; None: it names none."""
    if item.who:
        return item.who
    if item.due and item.due in spec.deadlines and spec.deadlines[item.due].who:
        return spec.deadlines[item.due].who
    if isinstance(item, Evidence) and item.count and EVERY_CLASS not in item.count:
        return list(item.count)
    return None


def falls_to(spec: Spec, item: Form | Evidence, unit: Unit) -> bool:
    """Whether a unit hands the item in; what names no class falls to those whom the notice addresses (主送)."""
    classes = classes_of(spec, item)
    return unit.role == "主送" if classes is None else unit.class_ in classes


def tasks(spec: Spec, unit: Unit) -> Iterator[Task]:
    """What a unit hands in: forms first, then materials, in the spec's order."""
    items: list[tuple[str, Form | Evidence]] = [*spec.forms.items(), *spec.evidence.items()]
    for name, item in items:
        if falls_to(spec, item, unit) and not (isinstance(item, Form) and is_given(item, unit)):
            yield Task(name, item)


def is_given(form: Form, unit: Unit) -> bool:
    """Whether a quota form has nothing left to fill in: it informs, and is not handed in.

    `unit` stands for the roster, from which a form with `from_units` takes its figures.
    """
    if form.layout != "quota" or (form.signoff and "signoff" in form.model_fields_set):
        return False
    given = {name for row in form.rows.given for name in row}
    if form.rows.from_units:
        given |= {field.name for field in form.fields if _in_roster(field, unit)}
    return all(field.type in ("serial", "note") or field.name in given for field in form.fields)


def _in_roster(field: FormField, unit: Unit) -> bool:
    names = {*type(unit).model_fields, *unit.columns}
    return not names.isdisjoint({field.name, field.title, (field.prefill or "").removeprefix("unit.")})
