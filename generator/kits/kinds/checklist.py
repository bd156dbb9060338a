"""Make the evidence checklist: a unit's task sheet of what to hand in, how much, by when and to whom."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator import wording
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Contact, Deadline, Evidence, Form, Spec, Unit
from generator.dispatch.tasks import Task, tasks
from generator.kits.kinds.notice import require_quotas, unit_fields, unit_slots
from generator.office.package import Package, slot
from generator.word.notice import number_text
from generator.word.page.columns import widen_columns
from generator.word.page.layout import width
from generator.word.template.templates import template
from generator.wording import CHECKLIST_TITLE, attachment_label

KIND = "checklist"
TEMPLATE = "checklist.docx"
_LINE_SIZE, _LINE_WIDTH = 240, 13_890
"""Text size and width, in twips, of a line below the table: 12 points, and the table's width."""
_BY_MAIL = ("邮箱", "邮件", "mail", "@")


def documents(dispatch: Dispatch) -> Iterator[ChecklistDocument]:
    """Each unit's checklist; and, as masters, one for each class that has something to hand in."""

    yield ChecklistDocument(dispatch)
    seen = set()
    for unit in dispatch.units:
        if (unit.class_, unit.role) not in seen and any(tasks(dispatch.spec, unit)):
            seen.add((unit.class_, unit.role))
            yield ChecklistDocument(dispatch, unit)


@dataclass(frozen=True)
class ChecklistDocument:
    """A checklist. `like` makes it the master of the units that are like this one, and of nobody in particular."""

    dispatch: Dispatch
    like: Unit | None = None
    kind: str = KIND
    to_each: bool = True

    def concerns(self, unit: Unit | None) -> bool:
        if unit is None or self.like is not None:
            return unit is None and self.like is not None
        return self._has_tasks(unit)

    def shape(self, unit: Unit | None) -> Hashable:
        if unit is None:
            return None
        require_quotas(self.dispatch, unit)
        values = self.values(unit)
        decided = tuple([(name, values.get(f"unit.{name}", "")) for name in self._decided])
        return unit.class_, unit.role, decided

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        return unit_slots(unit) if unit else {}

    def compile(self, unit: Unit | None) -> Package:
        return template(self.dispatch, TEMPLATE).compile(self.context(unit), widen_columns)

    def context(self, unit: Unit | None) -> dict[str, Any]:
        """What the template is given: the names that a template of one's own may use."""
        spec = self.dispatch.spec
        like = unit or self.like
        own = self._unit_context(unit)
        listed = list(tasks(spec, like)) if like else []
        subject = spec.event.name if spec.event else ""
        items = [_item(spec, task, like, own, number) for number, task in enumerate(listed, 1) if like]
        return {
            "title": f"{subject}{wording.CHECKLIST_TITLE}",
            "status_mark": wording.STATUS_MARKS[spec.status],
            "issuing_authority": wording.issuers(spec),
            "unit": own,
            "basis": wording.quote(wording.title(spec).replace("\n", "")) + _numbered(spec),
            "items": items,
            "to": _receivers(spec, listed, items),
            "mail_subject": _mail_subject(spec, listed, own["short_name"]),
            "notes": _notes(listed),
            "contacts": [line for contact in spec.contacts for line in _contact_lines(contact)],
        }

    def _fields(self, unit: Unit) -> dict[str, str]:
        return unit_fields(unit)

    def _unit_context(self, unit: Unit | None) -> dict[str, str]:
        """A unit's fields as slots, but constants where the template decides on them; a master's are blank."""
        if unit is None:
            blank = dict.fromkeys(self._fields(self.like), "") if self.like else {}
            return {**blank, "short_name": "单位简称"}
        fields = self._fields(unit).items()
        return {name: text if name in self._decided else slot(f"unit.{name}") for name, text in fields}

    def _has_tasks(self, unit: Unit) -> bool:
        like = unit.class_, unit.role
        if like not in self._known:
            self._known[like] = any(tasks(self.dispatch.spec, unit))
        return self._known[like]

    @cached_property
    def _known(self) -> dict[tuple[str, str], bool]:
        return {}

    @cached_property
    def file_name(self) -> str:
        label = attachment_label(self.dispatch.spec, "", "checklist")
        of_class = ""
        if self.like:
            found = self.dispatch.spec.classes.get(self.like.class_)
            of_class = f"（{found.title if found else self.like.class_}）"
        return f"{f'{label} ' if label else ''}{CHECKLIST_TITLE}{of_class}.docx"

    @cached_property
    def _decided(self) -> list[str]:
        """The fields of `unit` that the template decides on, in order."""
        return sorted(template(self.dispatch, TEMPLATE).decided)


# -- rows --------------------------------------------------------------------------------------------------------------


def _numbered(spec: Spec) -> str:

    number = number_text(spec)
    return f"（{number}）" if number else ""


def _item(spec: Spec, task: Task, like: Unit, own: Mapping[str, str], number: int) -> dict[str, str]:

    item = task.item
    row = {
        "number": str(number),
        "deadline": wording.deadline_words(spec, task.deadline) if task.deadline else "",
        "channel": "、".join(_channels(task)),
        "tick": "□",
    }
    if isinstance(item, Form):
        return row | _form_row(spec, task.name, item, own["short_name"])
    if isinstance(item, Deadline):
        return row | _deadline_row(item)
    return row | _evidence_row(spec, item, like, own)


def _deadline_row(deadline: Deadline) -> dict[str, str]:
    """What is neither form nor evidence, such as 网上报名: no more is known of it than its deadline says."""
    return {"title": deadline.what or "", "quantity": "", "requirements": "", "naming": "", "note": ""}


def _form_row(spec: Spec, name: str, form: Form, short_name: str) -> dict[str, str]:

    label = wording.attachment_label(spec, name)
    mention = f"{wording.quote(form.title)}（{label}）" if label else wording.quote(form.title)
    return {
        "title": mention,
        "quantity": f"一式{form.copies}份" if form.copies else "1份",
        "requirements": _form_requirements(form),
        "naming": f"{short_name}-{label} {form.title}" if label else f"{short_name}-{form.title}",
        "note": "",
    }


def _form_requirements(form: Form) -> str:
    if form.file:
        return "按所附原表填写"
    formats = {"xlsx": "Excel", "docx": "Word"}
    return "另行下发" if form.issued_later else f"{'或'.join(formats[one] for one in form.formats)}格式"


def _evidence_row(spec: Spec, item: Evidence, like: Unit, own: Mapping[str, str]) -> dict[str, str]:

    drawn: Callable[[str], str] = lambda column: own.get(column, "")  # noqa: E731 - a name for the type
    requirements = [f"含{'、'.join(item.parts)}" if item.parts else "", *wording.limits(item)]
    notes = [
        "自愿报送" if item.optional else "",
        item.condition or "",
        "不占名额" if item.outside_quota else "",
        item.note or "",
    ]
    pattern = item.naming or ("{unit}-{title}{n}" if wording.several(item) else "{unit}-{title}")
    return {
        "title": item.title,
        "quantity": wording.count_words(spec, item, like.class_, drawn),
        "requirements": "；".join(text for text in requirements if text),
        "naming": _named(pattern, own["short_name"], item.title),
        "note": "；".join(text for text in notes if text),
    }


def _named(pattern: str, short_name: str, title: str) -> str:
    """A naming pattern with its places filled; only these three are places, braces elsewhere stay as they are."""
    return pattern.replace("{unit}", short_name).replace("{title}", title).replace("{n}", "（序号）")


def _receivers(spec: Spec, listed: list[Task], items: list[dict[str, str]]) -> str:
    """Who receives everything, by default the host of the issue; where several do, each row's channel says who."""

    given = [task.deadline.to if task.deadline else None for task in listed]
    names = [name or spec.issuing_authorities[0].name for name in given]
    if len(set(names)) == 1:
        return names[0]
    for item, name in zip(items, names, strict=True):
        item["channel"] = wording.bracketed(name, item["channel"])
    return ""


def _contact_lines(contact: Contact) -> list[str]:
    """One contact, on a line of its own; where it is too long for one, a new line begins between two facts."""

    lines: list[str] = []
    for fact in wording.contact_lines([contact]):
        if lines and width(f"{lines[-1]}　　{fact}", _LINE_SIZE, 0) <= _LINE_WIDTH:
            lines[-1] += f"　　{fact}"
        else:
            lines.append(f"　　{fact}" if lines else fact)
    return lines


def _mail_subject(spec: Spec, listed: list[Task], short_name: str) -> str:
    """How to name the mail: the spec's pattern, else unit and matter, where anything goes by mail."""
    channels = [channel for task in listed for channel in _channels(task)]
    if not any(word in channel for channel in channels for word in _BY_MAIL):
        return ""
    matter = spec.event.name if spec.event else ""
    return _named(spec.mail_subject or "{unit}-{title}报送材料", short_name, matter)


def _channels(task: Task) -> list[str]:
    return task.item.channel or (task.deadline.channel if task.deadline else [])


def _notes(listed: list[Task]) -> list[str]:
    """What holds for a deadline as a whole: late clauses and zero reports."""
    used = [task.deadline for task in listed if task.deadline]
    late = [deadline.late for deadline in used if deadline.late]
    zero = ["没有相关情况的，实行零报告。"] if any(deadline.zero_report for deadline in used) else []
    return list(dict.fromkeys([*late, *zero]))
