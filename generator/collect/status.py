"""Who has returned what: for each unit and each thing that it hands in one of six states, against the deadline."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from generator import wording
from generator.base.i18n import _
from generator.base.workdays import is_workday
from generator.collect.findings import Finding
from generator.collect.ledger import Ledger, finding_of
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Deadline, Evidence, Form, Spec, Unit
from generator.dispatch.tasks import Task, is_whole, owed, tasks

State = Literal["missing", "overdue", "sent_back", "review", "accepted", "exempt"]
STATES: Mapping[State, str] = {
    "missing": "未报",
    "overdue": "逾期",
    "sent_back": "退回",
    "review": "已报待审",
    "accepted": "通过",
    "exempt": "免报",
}
"""The states, by the words that offices use for them."""
_NOON, _OFF_WORK, _END = dt.time(12), dt.time(17, 30), dt.time(23, 59)


@dataclass(frozen=True)
class Standing:
    """One thing that a unit hands in. `due` is the last moment in time; `findings` are those that are open."""

    unit: Unit
    name: str
    title: str
    state: State
    due: dt.datetime | None = None
    received: dt.datetime | None = None
    late: bool = False
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    return_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit.code,
            "name": self.unit.name,
            "class": self.unit.class_,
            "item": self.name,
            "title": self.title,
            "state": self.state,
            "due": self.due and self.due.isoformat(" ", "minutes"),
            "received": self.received and self.received.isoformat(" ", "minutes"),
            "late": self.late,
            "files": list(self.files),
            "errors": sum(one.severity == "error" for one in self.findings),
            "warnings": sum(one.severity == "warning" for one in self.findings),
        }


@dataclass
class _Kept:
    """What the ledger has of one thing of one unit."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def last_moment(spec: Spec, deadline: Deadline | None) -> dt.datetime | None:
    """The last minute in time; None where a deadline is open or recurring."""
    day = wording.due_date(spec, deadline, is_workday) if deadline else None
    if day is None or deadline is None:
        return None
    ends = {"noon": _NOON, "off_work": _OFF_WORK}
    time = deadline.due.time or ends.get(deadline.due.before or "", _END)
    return dt.datetime.combine(day, time)


def standings(dispatch: Dispatch, ledger: Ledger, moment: dt.datetime) -> Iterator[Standing]:
    """Every unit's standing at a moment, in the order of the roster."""
    kept = _kept(ledger)
    known: dict[tuple[str, str], list[tuple[Task, dt.datetime | None]]] = {}
    for unit in dispatch.units:
        like = unit.class_, unit.role
        if like not in known:
            known[like] = [(task, last_moment(dispatch.spec, task.deadline)) for task in _returned(dispatch.spec, unit)]
        for task, due in known[like]:
            yield _standing(dispatch.spec, unit, task, due, kept.get((unit.code, task.name)), moment)
        if not known[like]:
            yield Standing(unit, "", "", "exempt")


def _returned(spec: Spec, unit: Unit) -> Iterator[Task]:
    """What comes back as a file: a form that has been issued, a material."""
    for task in tasks(spec, unit):
        if isinstance(task.item, Evidence) or (isinstance(task.item, Form) and not task.item.issued_later):
            yield task


def _kept(ledger: Ledger) -> dict[tuple[str, str], _Kept]:
    found: dict[tuple[str, str], _Kept] = defaultdict(_Kept)
    of_return: dict[int, _Kept] = {}
    query = (
        "SELECT r.unit, r.item, r.id, r.kind, r.received, f.name FROM returns r JOIN files f ON f.id = r.file"
        " WHERE r.is_current ORDER BY r.received, r.id"
    )
    for unit, item, number, kind, received, name in ledger.rows(query):
        of_return[number] = found[unit, item]
        found[unit, item].rows.append((number, kind, dt.datetime.fromisoformat(received), name))
    query = (
        "SELECT r.id, f.code, f.sheet, f.cells, f.field, f.value, f.expected FROM findings f"
        " JOIN returns r ON r.id = f.return WHERE r.is_current ORDER BY f.id"
    )
    for number, *finding in ledger.rows(query):
        of_return[number].findings.append(finding_of(finding))
    return found


def _standing(
    spec: Spec, unit: Unit, task: Task, due: dt.datetime | None, kept: _Kept | None, moment: dt.datetime
) -> Standing:
    title = task.item.title if isinstance(task.item, (Form, Evidence)) else ""
    if kept is None:
        voluntary = isinstance(task.item, Evidence) and (task.item.optional or task.item.condition)
        state: State = "exempt" if voluntary else "overdue" if due and moment > due else "missing"
        return Standing(unit, task.name, title, state, due)
    findings = [*kept.findings]
    forms = [row for row in kept.rows if row[1] == "form"]
    last = (forms or kept.rows)[-1]
    late = bool(due and last[2] > due)
    if late and due:
        came, until = (time.isoformat(" ", "minutes") for time in (last[2], due))
        findings.append(Finding("return-late", value=came, expected=until))
    if isinstance(task.item, Evidence):
        findings += _amount(spec, task.item, unit, len(kept.rows))
    files = tuple(row[3] for row in kept.rows)
    state = _state(findings, only_scan=isinstance(task.item, Form) and not forms)
    return Standing(unit, task.name, title, state, due, last[2], late, files, tuple(findings), last[0])


def _state(findings: Sequence[Finding], *, only_scan: bool) -> State:
    severities = Counter(one.severity for one in findings if one.code != "return-late")
    if severities["error"]:
        return "sent_back"
    open_for_person = any(one.code == "evidence-for-person" for one in findings)
    return "review" if severities["warning"] or only_scan or open_for_person else "accepted"


def _amount(spec: Spec, item: Evidence, unit: Unit, number: int) -> Iterator[Finding]:
    """How many came, against how many are asked for."""
    quantity = owed(spec, item, unit)
    if quantity is None:
        return
    drawn = unit.columns.get(quantity.column, "") if quantity.column else ""
    exact = int(drawn) if is_whole(drawn) else quantity.exact
    low, high = (exact, exact) if exact is not None else (quantity.min, quantity.max)
    wanted = f"{low}" if low == high else f"{'' if low is None else low}—{'' if high is None else high}"
    if low is not None and number < low:
        yield Finding("evidence-too-few", field=item.title, value=str(number), expected=wanted)
    if high is not None and number > high:
        yield Finding("evidence-too-many", field=item.title, value=str(number), expected=wanted)


def counted(found: Sequence[Standing]) -> dict[State, int]:
    """How many stand in each state, in the order of STATES."""
    numbers = Counter(one.state for one in found)
    return {state: numbers[state] for state in STATES}


@dataclass(frozen=True)
class Loose:
    """A file that nobody's return could be made of, and why."""

    file: str
    finding: Finding


def loose_files(ledger: Ledger) -> list[Loose]:
    """Files with findings of their own, and returns whose unit is unknown or in dispute."""
    query = (
        "SELECT g.name, f.code, f.sheet, f.cells, f.field, f.value, f.expected FROM findings f"
        " JOIN files g ON g.id = f.file LEFT JOIN returns r ON r.id = f.return"
        " WHERE f.return IS NULL OR NOT r.counts ORDER BY g.name, f.id"
    )
    found = [Loose(name, finding_of(rest)) for name, *rest in ledger.rows(query)]
    return [one for one in found if one.finding.severity != "info"]


def heads() -> list[str]:
    """What the columns of the table are called."""
    return [_("code"), _("unit"), _("hands in"), _("deadline"), _("state"), _("received"), _("findings")]


def _moment(moment: dt.datetime) -> str:
    """09-10 17:00; the day alone where the whole day counts."""
    return moment.strftime("%m-%d" if moment.time() in (dt.time(), _END) else "%m-%d %H:%M")


def line(one: Standing) -> list[str]:
    """A standing as a row of the table."""
    due = _moment(one.due) if one.due else ""
    received = _moment(one.received) + (_(" late") if one.late else "") if one.received else ""
    return [
        one.unit.code, one.unit.short_name, one.title, due, STATES[one.state], received,
        "、".join(dict.fromkeys(f.code for f in one.findings if f.severity != "info")),
    ]  # fmt: skip
