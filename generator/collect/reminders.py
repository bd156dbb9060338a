"""Chasing: 催报通知 and 退回意见 as Word documents, drafts of mails, a text for a chat, and a calendar of deadlines."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from generator import wording
from generator.base.i18n import language
from generator.base.values import safe_name
from generator.collect.disk import write
from generator.collect.findings import SHOWN, Finding
from generator.collect.ledger import Ledger
from generator.collect.mask import masked_in
from generator.collect.status import STATES, Standing, last_moment, standings
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Unit
from generator.word.template.templates import template

TEMPLATE = "chase.docx"
REMINDER, SENT_BACK = "催报通知", "退回意见"
_CHAT, _CALENDAR = "催报（群发文字）.txt", "报送期限.ics"
_ALARM_DAYS = (3, 1)
"""Days before a deadline on which a calendar reminds."""


def remind(dispatch: Dispatch, out: Path, moment: dt.datetime) -> list[Path]:
    """Everything that chases, in the folder `out`, each entered in the ledger; what there is nothing of is not made.

    Documents are Chinese whatever the reader's language is. Raises Problems.
    """
    with language("zh_CN"), Ledger(dispatch.folder) as ledger:
        found = list(standings(dispatch, ledger, moment))
        missing = [one for one in found if one.state in ("missing", "overdue")]
        returned = _by_unit(one for one in found if one.state == "sent_back" or _asks(one))
        made = _to_missing(dispatch, out, missing, moment) if missing else []
        for unit, own in returned:
            made += _to_returned(dispatch, out, unit, own, moment)
        with ledger.together():
            for one in missing:
                ledger.reminded(moment, one.unit.code, REMINDER, f"{REMINDER}.docx")
            for unit, _own in returned:
                ledger.reminded(moment, unit.code, SENT_BACK, f"{_named(unit, SENT_BACK)}.docx")
    if text := calendar(dispatch):
        made.append(write(out / _CALENDAR, text.encode()))
    return made


def _by_unit(found: Iterator[Standing]) -> list[tuple[Unit, list[Standing]]]:
    units: dict[str, tuple[Unit, list[Standing]]] = {}
    for one in found:
        units.setdefault(one.unit.code, (one.unit, []))[1].append(one)
    return list(units.values())


def _asks(one: Standing) -> bool:
    """Whether something is to be explained."""
    return one.state == "review" and any(finding.severity == "warning" for finding in one.findings)


# -- 催报通知 ----------------------------------------------------------------------------------------------------------


def _to_missing(dispatch: Dispatch, out: Path, missing: list[Standing], moment: dt.datetime) -> list[Path]:
    day = wording.full_date(moment.date())
    overdue = any(one.state == "overdue" for one in missing)
    lines = [
        f"{_basis(dispatch)}对报送工作提出了要求。截至{day}，下列单位尚未报送"
        f"{'，其中已过期限的请立即报送，并说明原因' if overdue else ''}。"
    ]
    rows = [
        {"first": one.unit.name, "second": one.title, "third": _due(one), "fourth": STATES[one.state]}
        for one in missing
    ]
    heads = {"first": "单位", "second": "应报材料", "third": "报送期限", "fourth": "情况"}
    closing = [
        "请逾期单位于收到本通知后立即报送，其他单位按期报送。" if overdue else "请按期报送。",
        *_contacts(dispatch),
    ]
    context = _context(dispatch, "关于催报有关材料的通知", "各有关单位：", (heads, rows), lines, closing, moment)
    data = template(dispatch, TEMPLATE).compile(context).stamp({}).data
    made = [write(out / f"{REMINDER}.docx", data), write(out / _CHAT, _chat(missing, moment).encode())]
    return [*made, *_mails(dispatch, out, missing, moment)]


def _chat(missing: Sequence[Standing], moment: dt.datetime) -> str:
    """One text to paste: who is missing, by what is missing."""
    by_item: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in missing:
        by_item[one.title, _due(one)].append(one)
    said = [f"【催报】截至{moment.month}月{moment.day}日，还有以下单位未报："]
    for (title, due), own in by_item.items():
        names = "、".join(f"{one.unit.short_name}{'（已逾期）' if one.state == 'overdue' else ''}" for one in own)
        said.append(f"《{title}》{f'（{due}前）' if due else ''}：{names}")
    return "\n".join([*said, "请尽快报送，已报的请忽略。"]) + "\n"


def _mails(dispatch: Dispatch, out: Path, missing: list[Standing], moment: dt.datetime) -> Iterator[Path]:
    for unit, own in _by_unit(iter(missing)):
        listed = "\n".join(
            f"  {number}.《{one.title}》，期限{_due(one) or '未定'}" for number, one in enumerate(own, 1)
        )
        body = (
            f"{unit.name}：\n\n    {_basis(dispatch)}要求报送的下列材料，截至{wording.full_date(moment.date())}"
            f"尚未收到：\n\n{listed}\n\n    请尽快报送。\n\n{wording.issuers(dispatch.spec)}\n"
        )
        yield _mail(out, unit, REMINDER, f"请尽快报送：{own[0].title}", body, {})


# -- 退回意见 ----------------------------------------------------------------------------------------------------------


def _to_returned(dispatch: Dispatch, out: Path, unit: Unit, own: list[Standing], moment: dt.datetime) -> Iterator[Path]:
    rows = [
        {
            "first": one.title,
            "second": _place(finding, one.title),
            "third": finding.message(),
            "fourth": finding.remedy(),
        }
        for one in own
        for finding in one.findings
        if finding.severity != "info"
    ]
    for row in rows:
        row["third"] = masked_in(row["third"])
    heads = {"first": "材料", "second": "位置", "third": "问题", "fourth": "怎样改"}
    titles = "、".join(wording.quote(title) for title in dict.fromkeys(one.title for one in own))
    lines = [f"你单位报送的{titles}已收到。经审核，有下列问题："]
    closing = ["请按上表逐项改正或说明，重新报送完整的文件；原文件不要另改名称。", *_contacts(dispatch)]
    context = _context(dispatch, "报送材料退回意见", f"{unit.name}：", (heads, rows), lines, closing, moment)
    data = template(dispatch, TEMPLATE).compile(context).stamp({}).data
    name = _named(unit, SENT_BACK)
    yield write(out / f"{name}.docx", data)
    body = f"{unit.name}：\n\n    你单位报送的{titles}有{len(rows)}处问题，详见附件，请改正后重报。\n"
    yield _mail(out, unit, SENT_BACK, f"退回修改：{own[0].title}", body, {f"{name}.docx": data})


def _place(finding: Finding, title: str) -> str:
    """Where to look; the sheet is named where it is not called as its form is."""
    sheet = "" if title.startswith(finding.sheet) else f"工作表“{finding.sheet}”"
    return f"{sheet}{'、'.join(finding.cells[:SHOWN])}" or "—"


# -- what both have ----------------------------------------------------------------------------------------------------


def _named(unit: Unit, kind: str) -> str:
    return safe_name(f"{unit.code}-{unit.short_name}-{kind}")


def _basis(dispatch: Dispatch) -> str:
    number = dispatch.spec.document_number
    return wording.quote(wording.title(dispatch.spec).replace("\n", "")) + (f"（{number}）" if number else "")


def _due(one: Standing) -> str:
    return f"{one.due.month}月{one.due.day}日" if one.due else ""


def _contacts(dispatch: Dispatch) -> list[str]:
    return wording.contact_lines(dispatch.spec.contacts)


def _context(
    dispatch: Dispatch, title: str, to: str, table: tuple[Mapping[str, str], list[dict[str, str]]],
    lines: list[str], closing: list[str], moment: dt.datetime,
) -> dict[str, Any]:  # fmt: skip
    heads, rows = table
    numbered = [{**row, "number": str(number)} for number, row in enumerate(rows, 1)]
    issuers = wording.issuers(dispatch.spec)
    return {
        "title": title, "to": to, "lines": lines, "heads": heads, "rows": numbered, "closing": closing,
        "signature": issuers, "date": wording.full_date(moment.date()), "issuing_authority": issuers,
        "status_mark": "", "identity": "",
    }  # fmt: skip


def _mail(out: Path, unit: Unit, kind: str, subject: str, body: str, files: Mapping[str, bytes]) -> Path:
    """A draft: opened in a mail program, it waits to be sent."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    if unit.email:
        message["To"] = unit.email
    message["X-Unsent"] = "1"
    message.set_content(body)
    for name, data in files.items():
        kind_of = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
        message.add_attachment(data, maintype=kind_of[0], subtype=kind_of[1], filename=name)
    if files:
        # The library takes one by chance, and the same draft must be the same file.
        message.set_boundary("=-fawen-" + "-" * 20)
    return write(out / f"{_named(unit, kind)}.eml", message.as_bytes())


def calendar(dispatch: Dispatch) -> str:
    """The deadlines that have a day, for any calendar (RFC 5545); empty where there is none."""
    events = []
    for name, deadline in dispatch.spec.deadlines.items():
        if due := last_moment(dispatch.spec, deadline):
            events += _event(dispatch, name, deadline.what or "报送材料", due)
    if not events:
        return ""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fawen//CN", *events, "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(dispatch: Dispatch, name: str, what: str, due: dt.datetime) -> list[str]:
    issued = dispatch.spec.date_of_issue or due.date()
    alarms = [
        line
        for days in _ALARM_DAYS
        for line in ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:报送期限", f"TRIGGER:-P{days}D", "END:VALARM")
    ]
    return [
        "BEGIN:VEVENT", f"UID:{name}-{due:%Y%m%d}@fawen", f"DTSTAMP:{issued:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}", f"SUMMARY:报送期限：{_escaped(what)}",
        f"DESCRIPTION:{_escaped(_basis(dispatch))}", *alarms, "END:VEVENT",
    ]  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """No line has more than 75 octets (RFC 5545, 3.1); none is cut within a character."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > 74:
            yield piece
            piece = " "
        piece += character
    yield piece
