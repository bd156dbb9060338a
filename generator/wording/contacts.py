"""联系人 and how to reach them."""

from __future__ import annotations

from collections.abc import Sequence

from generator.base.numerals import ordinal
from generator.dispatch.spec import Contact

HEAD = "联系人及联系方式："


def contact_lines(contacts: Sequence[Contact]) -> list[str]:
    """The lines that end the body, one a fact; several contacts of whom any has a role are numbered （一）（二）."""
    if len(contacts) < 2 or not any(contact.role for contact in contacts):
        return [line for contact in contacts for line in _lines(contact, with_role=True)]
    lines = [HEAD]
    for number, contact in enumerate(contacts, start=1):
        first, *rest = [contact.role, *_lines(contact)] if contact.role else _lines(contact)
        lines += [f"{ordinal(2, number)}{first}", *rest]
    return lines


def _lines(contact: Contact, *, with_role: bool = False) -> list[str]:
    role = contact.role if with_role else None
    name = "、".join(contact.name)
    if name and role:
        name = f"{name}（{role}）"
    facts = [
        ("联系人" if name else "联系单位", name or role),
        ("联系电话", "、".join(contact.phone)),
        ("传真", contact.fax),
        ("电子邮箱", contact.email),
        ("地址", contact.address),
        ("邮编", contact.postcode),
        ("工作群", contact.group),
    ]
    return [f"{term}：{value}" for term, value in facts if value]
