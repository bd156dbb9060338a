"""Where a merged number comes from: the units, files and cells that it adds up."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.collect.ledger import Ledger
from generator.collect.merge import FILE, Summed, report
from generator.dispatch.dispatch import Dispatch
from generator.forms.fields import head_text

_CELL = re.compile(r"(?:(.+)!)?\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


@dataclass(frozen=True)
class Part:
    """A cell of a returned file and its figure."""

    unit: str
    name: str
    file: str
    sheet: str
    cell: str
    value: str


@dataclass(frozen=True)
class Way:
    """What a merged cell holds, and its parts."""

    cell: str
    title: str
    value: Decimal
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "value": str(self.value)}


def trace(dispatch: Dispatch, cell: str, moment: dt.datetime) -> Way:
    """The way from a cell of 汇总 (`汇总!E7`, or E7 of the first) to the cells that it adds up. Raises Problems."""
    match = _CELL.fullmatch(cell.strip().strip("'"))
    with Ledger(dispatch.folder) as ledger:
        made = report(dispatch, ledger, moment)
    sheet = (match[1] or "").strip("'") if match else ""
    first = made.sheets[0].name if made.sheets else ""
    key = (sheet or first, f"{match[2].upper()}{match[3]}" if match else "")
    found = made.sums.get(key)
    if found is None:
        message = _("{cell} is no merged number").format(cell=cell)
        hint = _("Name a cell of the sums, such as {example}.").format(example="汇总!E7")
        raise Problems([error("unknown-cell", Where(FILE), message, hint)])
    field = found.merged.fields[found.number]
    title = f"{found.merged.title}：{head_text(found.merged.form, field)}"
    value = found.merged.total(found.number, found.codes, found.stub)
    return Way("!".join(key), title, value, tuple(_parts(found)))


def _parts(found: Summed) -> Iterator[Part]:
    for code in found.codes:
        first, last = found.merged.spans[code]
        for row in found.merged.rows[first : last + 1]:
            value = row.values[found.number]
            if value is not None and (not found.stub or row.stub == found.stub):
                yield Part(code, row.unit.name, row.file, row.page, row.cell(found.number), value)
