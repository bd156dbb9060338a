"""A located form read: every value with its cell, checked against everything that the spec says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from generator.collect.findings import Finding, grouped
from generator.collect.limits import FormLimits, Limits
from generator.collect.locate import Block, Located, is_answer
from generator.collect.papers import Page, Spot, a1, shown
from generator.collect.values import Reading, Value, read
from generator.dispatch.spec import FormField
from generator.forms.entries import SIGNOFF_KEY, SIGNOFF_LABELS
from generator.forms.types import is_figure


@dataclass
class Table:
    """The records of a block, column by column: `values[j][i]` is that of field `j` in record `i`."""

    block: Block
    values: list[list[Value]] = field(default_factory=list)

    @property
    def fields(self) -> Sequence[FormField]:
        return self.block.fields

    def column(self, name: str) -> list[Value]:
        number = next(number for number, one in enumerate(self.fields) if one.name == name)
        return self.values[number]


@dataclass
class Filled:
    """A whole form as it was filled in."""

    located: Located
    tables: list[Table]
    findings: list[Finding]


def read_form(located: Located, limits: FormLimits) -> Filled:
    """The form's values, and what is wrong with them; one finding for each cause."""
    findings = list(located.findings)
    tables = [_table(limits, block, findings) for block in located.blocks]
    for table in tables:
        findings += _doubled(table)
    if tables:
        _add_up(tables[0])
        findings += _totals(located, tables[0])
    findings += _signoff(located)
    findings += _page_findings(located)
    return Filled(located, tables, grouped(findings))


def _table(limits: FormLimits, block: Block, findings: list[Finding]) -> Table:
    table = Table(block)
    for number, one in enumerate(block.fields):
        if not is_answer(one):
            table.values.append([None] * len(block))
        else:
            table.values.append(_Column(limits, block, number, findings).values())
    return table


class _Column:
    """One field of a block, cell by cell."""

    def __init__(self, limits: FormLimits, block: Block, number: int, findings: list[Finding]) -> None:
        self.form, self.block, self.number, self.findings = limits.form, block, number, findings
        self.field = block.fields[number]
        self.page: Page = block.page
        self.limits: Limits = limits.of(block.name, self.field)
        self.merged = _merged_down(block, number)

    def values(self) -> list[Value]:
        if self.block.spots is not None:
            return [self._value(self.block.spots[self.number])]
        column = self.block.columns[self.number]
        if column is None:
            return [None] * len(self.block.rows)
        known, rows = self.limits.known, self.page.rows
        special = {at for at, own in (*self.page.errors, *self.page.formulas) if own == column} | self.merged.keys()
        values: list[Value] = []
        for row in self.block.rows:
            raw = rows[row][column] if column < len(rows[row]) else ""
            if row not in special and type(raw) is not bool and raw in known:
                values.append(known[raw])
            else:
                values.append(self._value((row, column)))
        return values

    def _value(self, spot: Spot | None) -> Value:
        if spot is None:
            return None
        page = self.page
        if page.errors and spot in page.errors:
            self._tell("cell-error", spot, page.errors[spot])
            return None
        raw = self._raw(spot)
        if page.formulas and spot in page.formulas and spot[0] not in self.block.sums:
            self._look_at_formula(spot, page.formulas[spot])
        found = read(self.form, self.field, raw)
        if found.fault:
            self._tell(found.fault, spot, shown(raw))
            return None
        if found.value is None:
            if self.limits.required:
                self._tell("cell-required", spot, "")
            elif found.note:
                self.findings.append(self._finding("normalised", spot, shown(raw), "—"))
            else:
                self._remember(raw, None)
            return None
        return self._checked(spot, raw, found)

    def _raw(self, spot: Spot) -> Any:
        """What stands there; in a cell merged downwards, what stands in its first row."""
        raw = self.page.at(*spot)
        if raw == "" and self.merged and spot[0] in self.merged:
            return self.page.at(self.merged[spot[0]], spot[1])
        if isinstance(raw, str) and raw.startswith(self.limits.labels):
            # Label and value in one cell.
            return raw.replace("：", ":").partition(":")[2]
        return raw

    def _checked(self, spot: Spot, raw: Any, found: Reading) -> Value:
        if found.note:
            self.findings.append(self._finding("normalised", spot, shown(raw), str(found.value)))
        if fault := self.limits.fault(found.value):
            self._tell(fault, spot, shown(found.value))
        elif not found.note:
            self._remember(raw, found.value)
        return found.value

    def _remember(self, raw: Any, value: Value) -> None:
        if type(raw) is not bool and len(self.limits.known) < _MOST_KNOWN:
            self.limits.known[raw] = value

    def _look_at_formula(self, spot: Spot, formula: str) -> None:
        outside = "[" in formula or "://" in formula or "|" in formula
        self._tell("cell-outside-link" if outside else "cell-formula", spot, f"={formula}")

    def _tell(self, code: str, spot: Spot, value: str) -> None:
        self.findings.append(self._finding(code, spot, value[:_LONGEST], self.limits.words))

    def _finding(self, code: str, spot: Spot, value: str, expected: str) -> Finding:
        if code == "normalised":
            expected = self.limits.words if value else expected
        return Finding(code, self.page.name, (a1(spot),), self.field.title, value[:_LONGEST], expected)


_LONGEST, _MOST_KNOWN = 60, 100_000


def _merged_down(block: Block, number: int) -> dict[int, int]:
    """Rows of a column that are merged into one above: row → that row."""
    if block.spots is not None or (column := block.columns[number]) is None:
        return {}
    found: dict[int, int] = {}
    for first, left, last, right in block.page.merged:
        if first < last and left <= column <= right:
            found |= dict.fromkeys(range(first + 1, last + 1), first)
    return found


# -- across rows -------------------------------------------------------------------------------------------------------


def _doubled(table: Table) -> Iterator[Finding]:
    """Rows that say the same throughout: pasted twice."""
    block = table.block
    if block.spots is not None or block.stubs or len(block) < 2:
        return
    seen: dict[tuple[Value, ...], int] = {}
    answered = [number for number, one in enumerate(table.fields) if is_answer(one)]
    if len(answered) < _FEWEST_FIELDS:
        return
    for record, values in enumerate(zip(*(table.values[number] for number in answered), strict=True)):
        if values in seen and sum(value is not None for value in values) >= _FEWEST_FIELDS:
            rows = [block.rows[seen[values]], block.rows[record]]
            cells = tuple(a1((row, block.columns[answered[0]] or 0)) for row in rows)
            text = "、".join(str(value) for value in values if value is not None)[:_LONGEST]
            yield Finding("row-doubled", block.page.name, cells, "整行", text)
        seen.setdefault(values, record)


_FEWEST_FIELDS = 3


def _add_up(table: Table) -> None:
    """Totals of a matrix that no program has computed, or that Word leaves blank."""
    block = table.block
    at = {row: record for record, row in enumerate(block.rows)}
    # The lowest first: a total may add up others.
    for row, parts in sorted(block.sums.items(), key=lambda item: -item[0]):
        for number, one in enumerate(table.fields):
            values = [table.values[number][at[part]] for part in parts]
            if is_figure(one) and table.values[number][at[row]] is None and any(value is not None for value in values):
                table.values[number][at[row]] = sum((v for v in values if isinstance(v, Decimal)), Decimal(0))


def _totals(located: Located, table: Table) -> Iterator[Finding]:
    """Totals are recomputed; one that says otherwise is told. A blank one is nobody's fault."""
    block, page = table.block, located.page
    if block.spots is not None:
        return
    at = {row: record for record, row in enumerate(block.rows)}
    for row, parts in located.totals:
        for number, one in enumerate(table.fields):
            column = block.columns[number]
            if column is None or not is_figure(one) or not (one.total or block.stubs):
                continue
            said = read(
                located.form, one.model_copy(update={"constraints": type(one.constraints)()}), page.at(row, column)
            )
            if not isinstance(said.value, Decimal):
                continue
            values = (table.values[number][at[part]] for part in parts if part in at)
            total = sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
            if said.value != total:
                yield Finding("total-mismatch", page.name, (a1((row, column)),), one.title, f"{said.value}", f"{total}")


def _signoff(located: Located) -> Iterator[Finding]:
    """Who filled it in, a phone and a day; names in ink are for a person to see."""
    for role in ("filler", "phone", "date"):
        if role in located.form.signoff:
            text, cell = located.entries.get(f"{SIGNOFF_KEY}.{role}", ("", ""))
            if not text.strip("年月日 \u3000"):
                cells = (cell,) if cell else ()
                yield Finding("signoff-blank", located.page.name, cells, SIGNOFF_LABELS[role])


def _page_findings(located: Located) -> Iterator[Finding]:
    page = located.page
    if page.hidden:
        yield Finding("rows-hidden", page.name)
    for spot, text in page.comments.items():
        yield Finding("answer-in-comment", page.name, (a1(spot),), value=text[:_LONGEST])
    columns = {column for block in located.blocks for column in block.columns if column is not None}
    first, end = located.read_rows
    fields = {
        column: one.title
        for block in located.blocks
        for one, column in zip(block.fields, block.columns, strict=False)
        if column is not None
    }
    by_title: dict[str, list[str]] = defaultdict(list)
    for top, left, bottom, _right in page.merged:
        if top < bottom and first <= top < end and left in columns and located.form.layout != "pairs":
            by_title[fields[left]].append(a1((top, left)))
    for title, cells in by_title.items():
        yield Finding("merged-filled", page.name, tuple(cells), title)
