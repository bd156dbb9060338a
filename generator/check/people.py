"""Recipients, classes and the roster: who is addressed, who has something to do, who is only 抄送."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems
from generator.base.values import boxed, invisible
from generator.check.codes import report
from generator.check.names import class_uses
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import RecipientGroup
from generator.dispatch.tasks import tasks
from generator.kits.kinds.notice import unit_slots
from generator.word.notice import template_name
from generator.word.template.templates import template
from generator.wording import body

SHOWN = 5
"""Units that one message names."""
_SPLIT = re.compile(r"[、，,；;。]")


def _roles(dispatch: Dispatch) -> dict[str, set[str]]:
    """The roles that occur among the units of each class."""
    roles: dict[str, set[str]] = {}
    for unit in dispatch.units:
        roles.setdefault(unit.class_, set()).add(unit.role)
    return roles


def empty_classes(dispatch: Dispatch) -> Iterator[Problem]:
    """A class by condition (2000人及以上) has no list of units; any other should have one."""
    roles = _roles(dispatch)
    for name, unit_class in dispatch.spec.classes.items():
        if name not in roles and not unit_class.condition:
            message = _('no unit of the roster belongs to class "{name}" ({title})')
            hint = _("Put its units into the roster, or remove the class.")
            where = dispatch.where("classes", name)
            yield report("class-without-units", where, message.format(name=name, title=unit_class.title), hint)


def copied_classes(dispatch: Dispatch) -> Iterator[Problem]:
    """Who must act is 主送: a class that is given something to do and only 抄送 may never read it."""
    roles, spec = _roles(dispatch), dispatch.spec
    voluntary = {("evidence", name) for name, evidence in spec.evidence.items() if evidence.optional}
    seen: set[str] = set()
    for use in class_uses(spec):
        if use.path[0] == "recipients" or use.path[:2] in voluntary:
            continue
        if use.name in seen or roles.get(use.name) != {"抄送"}:
            continue
        seen.add(use.name)
        message = _('class "{name}" has something to do here, but all its units are only 抄送').format(name=use.name)
        hint = _("Make its units 主送 in the roster and name them among the recipients, or free them of the task.")
        yield report("class-only-copied", dispatch.where(*use.path), message, hint)


def recipients_in_roster(dispatch: Dispatch) -> Iterator[Problem]:
    """Recipients that the roster does not know get no kit."""
    roles = _roles(dispatch)
    hint = _("Put the recipients into the roster with the role 主送.")
    if not any("主送" in each for each in roles.values()):
        message = _("no unit of the roster is 主送, so no recipient gets anything")
        yield report("recipients-without-units", dispatch.where("recipients"), message, hint)
        return
    for index, group in enumerate(dispatch.spec.recipients):
        for position, name in enumerate(group.classes):
            if name in dispatch.spec.classes and roles.get(name) == {"抄送"}:
                message = _('class "{name}" is among the recipients, but all its units are only 抄送')
                where = dispatch.where("recipients", index, "classes", position)
                yield report("recipients-without-units", where, message.format(name=name), hint)


def _bodies(group: RecipientGroup) -> set[str]:
    named = [*_SPLIT.split(group.text or ""), *group.also]
    named += [place + body for place in group.places for body in group.bodies] or group.bodies
    return {each.strip() for each in named if each.strip()}


def recipients_copied(dispatch: Dispatch) -> Iterator[Problem]:
    """One body is addressed once: 主送 or 抄送."""
    recipients = {each for group in dispatch.spec.recipients for each in _bodies(group)}
    for index, text in enumerate(dispatch.spec.carbon_copy):
        for name in _SPLIT.split(text):
            if name.strip() in recipients:
                message = _("{name} is a recipient and in carbon copy").format(name=name.strip())
                where = dispatch.where("carbon_copy", index)
                yield report("recipient-also-copied", where, message, _("Keep it in one of the two."))


def unseen_characters(dispatch: Dispatch) -> Iterator[Problem]:
    """In what names a unit they are refused at once; elsewhere they only make what looks the same different."""
    for index, unit in enumerate(dispatch.units):
        others = {key: getattr(unit, key) or "" for key in ("reports_to", "contact", "phone", "email")}
        for head, value in {**others, **unit.columns}.items():
            if characters := invisible(value):
                message = _('"{value}" holds a character that is not seen: {characters}')
                message = message.format(value=boxed(value), characters=listed(characters))
                where = dispatch.where("units", index, head)
                yield report("unseen-character", where, message, _("Delete it; it stands at the box."))


def blank_cells(dispatch: Dispatch) -> Iterator[Problem]:
    """A cell of the roster that a text to the unit prints, and that holds nothing: 联系人{{ unit.contact }}。"""
    blank: dict[str, list[int]] = {}
    of_class, of_checklist = _printed_to(dispatch), _printed_by(dispatch, "checklist.docx")
    for index, unit in enumerate(dispatch.units):
        fields = of_class[unit.class_] | (of_checklist if of_checklist and any(tasks(dispatch.spec, unit)) else set())
        for name in fields:
            if not unit_slots(unit).get(f"unit.{name}", "").strip():
                blank.setdefault(name, []).append(index)
    for name, indices in blank.items():
        names = [dispatch.units[index].short_name for index in indices]
        message = _('column "{column}" is to be printed, and is blank for: {units}')
        units = listed(names if len(names) <= SHOWN else [*names[:SHOWN], "…"])
        hint = _("Fill the cells in, or take {reference} out.").format(reference=f"{{{{ unit.{name} }}}}")
        where = dispatch.where("units", indices[0], name)
        yield report("blank-cell", where, message.format(column=name, units=units), hint)


def _printed_to(dispatch: Dispatch) -> dict[str, set[str]]:
    """The fields of a unit that the notice to it prints, by class; one notice to all prints none."""
    classes = {unit.class_ for unit in dispatch.units}
    if dispatch.spec.address == "all":
        return {name: set() for name in classes}
    always = _printed_by(dispatch, template_name(dispatch.spec))
    return {
        name: always | {field for section, field in body.references(dispatch, name) if section == "unit"}
        for name in classes
    }


def _printed_by(dispatch: Dispatch, name: str) -> set[str]:
    """The fields of a unit that one of the dispatch's own templates prints; those that came with fawen need no look."""
    if not dispatch.spec.templates:
        return set()
    try:
        return set(template(dispatch, name).printed)
    except (Problems, OSError):
        # The rules on templates say what is wrong with it.
        return set()


def twins(dispatch: Dispatch) -> Iterator[Problem]:
    """Two units that nobody could tell apart are usually one that stands in the roster twice."""
    first: dict[tuple[str, str], int] = {}
    for index, unit in enumerate(dispatch.units):
        before = first.setdefault((unit.name, unit.short_name), index)
        if before != index:
            message = _("{unit} stands here a second time, with another code").format(unit=unit.name)
            hint = _("The first has the code {code}. Remove one of the two, or tell their names apart.")
            hint = hint.format(code=dispatch.units[before].code)
            yield report("doubled-unit", dispatch.where("units", index, "name"), message, hint)


RULES = (empty_classes, copied_classes, recipients_in_roster, recipients_copied, unseen_characters, blank_cells, twins)
