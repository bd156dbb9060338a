"""The entries of the head line and of the sign-off: what they are, and their place in the columns of the table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from generator.dispatch.spec import Form, SignoffRole
from generator.forms.grid import Entry
from generator.forms.measure import SLOT_ROOM, text_width

UNIT_KEY, HEAD_KEY, SIGNOFF_KEY = "_unit", "_head", "_signoff"
"""Keys of what is no field; a field's name begins with a letter, so that they cannot meet."""
SIGNOFF_LABELS: Mapping[SignoffRole, str] = {
    "unit_head": "单位负责人",
    "reviewer": "审核人",
    "statistician": "统计负责人",
    "filler": "填表人",
    "phone": "联系电话",
    "date": "填报日期",
}
LINE_POINTS = 10.5


def line_entries(form: Form, unit_name: str, filled: bool) -> tuple[Entry, ...]:
    """The head line: whose form it is, where it is `filled` in, its further entries, its unit of measure."""
    entries = [Entry(UNIT_KEY, "填报单位（盖章）：", unit_name, SLOT_ROOM)] if filled else []
    entries += [Entry(f"{HEAD_KEY}.{number}", f"{head}：", room=4.0) for number, head in enumerate(form.head, 1)]
    if form.unit_of_measure:
        entries.append(Entry("", f"计量单位：{form.unit_of_measure}", room=0.5, align="right"))
    return tuple(entries)


def signoff_entries(form: Form) -> tuple[Entry, ...]:
    """The sign-off: who answers for the form, in the order of the spec."""
    rooms = {"phone": 6.0, "date": 7.0}
    return tuple(
        Entry(
            f"{SIGNOFF_KEY}.{role}",
            f"{SIGNOFF_LABELS[role]}：",
            room=rooms.get(role, 4.0),
            paper="　　年　月　日" if role == "date" else "",
        )
        for role in form.signoff
    )


Part = tuple[Entry, str, bool, float]
"""Entry, text, whether locked, and need in 字, of one cell."""


def placed(entries: tuple[Entry, ...], widths: Sequence[float]) -> list[tuple[list[Part], list[int]]]:
    """Entries on as few rows as the columns allow, as many on each; where none do, each has a row of one cell.

    Each row is its parts and the columns at which they begin and end.
    """
    for lines in range(1, len(entries) + 1):
        size = math.ceil(len(entries) / lines)
        rows = [entries[start : start + size] for start in range(0, len(entries), size)]
        found = []
        for row in rows:
            cells = [part for entry in row for part in parts(entry)]
            if edges := _place([need * LINE_POINTS for *_, need in cells], widths):
                found.append((cells, edges))
        if len(found) == len(rows):
            return found
    return [
        ([(entry, entry.label + entry.text, bool(entry.text or not entry.key), 0.0)], [0, len(widths)])
        for entry in entries
    ]


def parts(entry: Entry) -> list[Part]:
    """The cells of an entry: a label, then its room."""
    if entry.text or not entry.key:
        return [(entry, entry.label + entry.text, True, entry.need)]
    return [(entry, entry.label, True, text_width(entry.label) + 0.5), (entry, "", False, entry.room)]


def _place(needs: list[float], widths: Sequence[float]) -> list[int] | None:
    """Column edges of parts that need so many points each, spread over the width; None where they do not fit."""
    for spread in (sum(widths) / sum(needs), 1.0):
        if spread < 1:
            return None
        edges, used, wanted = [0], 0.0, 0.0
        for number, need in enumerate(needs):
            wanted += need * spread
            end, left = edges[-1], len(needs) - number - 1
            start = used
            while end < len(widths) - left and (used - start < need or used + widths[end] / 2 < wanted):
                used += widths[end]
                end += 1
            if used - start < need:
                break
            edges.append(end)
        else:
            edges[-1] = len(widths)
            return edges
    return None
