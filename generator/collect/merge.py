"""The merged workbook: 汇总 and 明细 of every form, 问题, 未报单位, and the proof that no figure was lost."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from generator import wording
from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.collect.book import ALARM, HEAD, NOTE, PLAIN, TITLE, TOTAL, Content, Formula, Sheet, workbook
from generator.collect.disk import write
from generator.collect.history import Change, changes
from generator.collect.ledger import Ledger
from generator.collect.locate import is_answer
from generator.collect.mask import is_personal, masked, masked_in
from generator.collect.status import STATES, Standing, standings
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Form, FormField, Unit
from generator.forms.fields import head_text
from generator.forms.matrix import matrix_rows
from generator.forms.tables import TOTAL_TEXT
from generator.forms.types import is_figure
from generator.office.ooxml import column_letters, column_number

FILE = "汇总.xlsx"
_AGREES, _DIFFERS = "一致", "不一致"
_ABOVE = 3
"""Rows above the data of a sheet: its title, what it covers, its heads."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of 明细 with where it came from; `places` are the columns of its values, or their cells."""

    unit: Unit
    file: str
    page: str
    row: int
    stub: str
    values: Sequence[str | None]
    places: Sequence[str]

    def cell(self, number: int) -> str:
        """The A1 name of a value in its own file."""
        place = self.places[number]
        return f"{place}{self.row}" if place and self.row else place


@dataclass
class Merged:
    """A block of a form over all units: its rows in the order of the roster, and the numbers of its summed fields."""

    form_name: str
    form: Form
    block: str
    fields: list[FormField]
    rows: list[Row] = field(default_factory=list)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The first and last row, from 0, of each unit's code."""

    @property
    def title(self) -> str:
        inner = next((one.title for one in self.form.fields if one.name == self.block), "")
        return f"{self.form.title}—{inner}" if inner else self.form.title

    @property
    def summed(self) -> list[int]:
        figures = [number for number, one in enumerate(self.fields) if is_figure(one)]
        marked = [number for number in figures if self.fields[number].total]
        return marked or figures

    def total(self, number: int, codes: Sequence[str], stub: str = "") -> Decimal:
        """What the field comes to over these units, and over one row of a matrix where `stub` names it."""
        found = Decimal(0)
        for code in codes:
            first, last = self.spans.get(code, (0, -1))
            for row in self.rows[first : last + 1]:
                value = row.values[number]
                if value is not None and (not stub or row.stub == stub):
                    found += Decimal(value)
        return found


def merged_forms(dispatch: Dispatch, ledger: Ledger, accepted: Mapping[str, set[int]]) -> Iterator[Merged]:
    """Every block of every form, over the returns that are accepted (their numbers by form)."""
    order = {unit.code: number for number, unit in enumerate(dispatch.units)}
    query = (
        "SELECT r.id, r.unit, f.name, r.page, b.fields, b.places FROM returns r JOIN files f ON f.id = r.file"
        " JOIN blocks b ON b.return = r.id WHERE r.item = ? AND b.block = ? AND r.is_current AND r.kind = 'form'"
    )
    for name, form in dispatch.spec.forms.items():
        for block, fields in _blocks(form):
            merged = Merged(name, form, block, fields)
            found = [row for row in ledger.rows(query, name, block) if row[0] in accepted.get(name, ())]
            for number, code, file, page, kept, places in sorted(found, key=lambda row: order.get(row[1], 0)):
                unit = dispatch.units[order[code]]
                _add(merged, ledger, number, unit, (file, page), json.loads(kept), json.loads(places))
            yield merged


def _blocks(form: Form) -> Iterator[tuple[str, list[FormField]]]:
    yield "", [one for one in form.fields if is_answer(one)]
    yield from (
        (one.name, [inner for inner in one.fields if is_answer(inner)]) for one in form.fields if one.type == "table"
    )


def _add(
    merged: Merged, ledger: Ledger, number: int, unit: Unit, source: tuple[str, str], kept: list[str], places: list[str]
) -> None:
    at = [kept.index(one.name) if one.name in kept else -1 for one in merged.fields]
    own = [places[index] if index >= 0 else "" for index in at]
    first = len(merged.rows)
    query = "SELECT row, stub, contents FROM records WHERE return = ? AND block = ? ORDER BY number"
    for row, stub, contents in ledger.rows(query, number, merged.block):
        values = json.loads(contents)
        merged.rows.append(Row(unit, *source, row, stub, [values[i] if i >= 0 else None for i in at], own))
    merged.spans[unit.code] = (first, len(merged.rows) - 1)


# -- the second derivation ---------------------------------------------------------------------------------------------

_SPLIT = """
WITH v AS (SELECT json_extract(c.contents, a.path) AS t FROM records c
           JOIN temp.accepted a ON a.id = c.return WHERE c.block = ? AND (? = '' OR c.stub = ?)),
     w AS (SELECT CASE WHEN t LIKE '-%' THEN -1 ELSE 1 END AS sign, ltrim(t, '-') || '.' AS t
           FROM v WHERE t IS NOT NULL)
SELECT coalesce(sum(sign * CAST(substr(t, 1, instr(t, '.') - 1) AS INTEGER)), 0),
       coalesce(sum(sign * CAST(substr(replace(substr(t, instr(t, '.') + 1), '.', '') || '000000000000', 1, 12)
                                AS INTEGER)), 0) FROM w
"""
_ACCEPTED = """
INSERT INTO temp.accepted SELECT b.return, '$[' || f.key || ']' FROM blocks b, json_each(b.fields) f, json_each(?) a
WHERE b.return = a.value AND b.block = ? AND f.value = ?
"""


def totals_by_sql(
    ledger: Ledger, merged: Merged, number: int, accepted: Mapping[str, set[int]], stub: str = ""
) -> Decimal:
    """A field's total once more, by the database alone, in whole numbers and twelve decimals."""
    db = ledger.db
    db.execute("CREATE TEMP TABLE IF NOT EXISTS accepted (id INTEGER PRIMARY KEY, path TEXT)")
    db.execute("DELETE FROM temp.accepted")
    ids = json.dumps(sorted(accepted.get(merged.form_name, ())))
    db.execute(_ACCEPTED, (ids, merged.block, merged.fields[number].name))
    whole, part = db.execute(_SPLIT, (merged.block, stub, stub)).fetchone()
    return Decimal(whole) + Decimal(part).scaleb(-12)


# -- sheets ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summed:
    """A cell of 汇总: what it adds up, for `trace`."""

    merged: Merged
    number: int
    codes: tuple[str, ...]
    stub: str = ""


@dataclass
class Report:
    """The workbook to be: its sheets, what each cell of a sum adds up, and the disagreements that were found."""

    sheets: list[Sheet] = field(default_factory=list)
    sums: dict[tuple[str, str], Summed] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    missing: list[Standing] = field(default_factory=list)
    taken: int = 0


def report(dispatch: Dispatch, ledger: Ledger, moment: dt.datetime, *, identified: bool = False) -> Report:
    """Everything that the merged workbook holds, as it is at a moment."""
    found = list(standings(dispatch, ledger, moment))
    accepted: dict[str, set[int]] = defaultdict(set)
    for one in found:
        if one.name in dispatch.spec.forms and one.state in ("accepted", "review") and one.return_id is not None:
            accepted[one.name].add(one.return_id)
    made = Report(missing=[one for one in found if one.state in ("missing", "overdue", "sent_back")])
    made.taken = len({code for code in (one.unit.code for one in found if one.return_id is not None)})
    forms = list(merged_forms(dispatch, ledger, accepted))
    proofs: list[list[Content]] = []
    for number, merged in enumerate(forms, 1):
        names = tuple(f"{word}{number if len(forms) > 1 else ''}" for word in ("汇总", "明细"))
        stamp = _stamp(dispatch, found, merged, moment)
        builder = _Builder(dispatch, ledger, merged, accepted, (names[0], names[1]), made, proofs)
        made.sheets += [builder.summary(stamp), builder.details(identified)]
    made.sheets += [_proof_sheet(proofs), _findings_sheet(found), _missing_sheet(made.missing)]
    if corrected := list(changes(ledger)):
        made.sheets.append(_changes_sheet(dispatch, corrected, identified=identified))
    return made


def _stamp(dispatch: Dispatch, found: Sequence[Standing], merged: Merged, moment: dt.datetime) -> tuple[int, str]:
    """What the sheet covers: in plain words, and loudly where units are missing."""
    own = [one for one in found if one.name == merged.form_name]
    missing = [one.unit.short_name for one in own if one.unit.code not in merged.spans]
    text = f"截至{wording.full_date(moment.date())}：应报{len(own)}家，已汇总{len(merged.spans)}家"
    if not missing:
        return NOTE, text + "，齐全。"
    shown = "、".join(missing[:_NAMED]) + (f"等{len(missing)}家" if len(missing) > _NAMED else "")
    return ALARM, f"{text}。本表不完整，缺：{shown}。"


_NAMED = 15


@dataclass
class _Builder:
    """The two sheets of a block."""

    dispatch: Dispatch
    ledger: Ledger
    merged: Merged
    accepted: Mapping[str, set[int]]
    names: tuple[str, str]
    made: Report
    proofs: list[list[Content]]

    def class_title(self, name: str) -> str:
        found = self.dispatch.spec.classes.get(name)
        return found.title if found else name

    @property
    def _units(self) -> list[Unit]:
        return [unit for unit in self.dispatch.units if unit.code in self.merged.spans]

    def summary(self, stamp: tuple[int, str]) -> Sheet:
        merged = self.merged
        if merged.form.layout == "matrix":
            return self._matrix(stamp)
        heads = [
            "单位代码",
            "单位",
            "类别",
            "行数",
            *(head_text(merged.form, merged.fields[i]) for i in merged.summed),
            "核对",
        ]
        rows: list[tuple[int, Sequence[Content]]] = [(TITLE, [merged.title]), (stamp[0], [stamp[1]]), (HEAD, heads)]
        first = len(rows) + 1
        for unit in self._units:
            rows.append((PLAIN, self._unit_row(unit, len(rows) + 1)))
        last = len(rows)
        by_class: dict[str, list[str]] = defaultdict(list)
        for unit in self._units:
            by_class[unit.class_].append(unit.code)
        if len(by_class) > 1:
            for name, codes in by_class.items():
                rows.append(
                    (
                        TOTAL,
                        self._subtotal(f"小计：{self.class_title(name)}", codes, len(rows) + 1, (first, last), name),
                    )
                )
        everyone = [unit.code for unit in self._units]
        rows.append((TOTAL, self._subtotal(TOTAL_TEXT, everyone, len(rows) + 1, (first, last), "")))
        self._prove(everyone)
        widths = [12, 30, 12, 8, *[14] * len(merged.summed), 10]
        return Sheet(self.names[0], widths, rows, frozen=_ABOVE, wide=[1, 2])

    def _unit_row(self, unit: Unit, at: int) -> list[Content]:
        start, end = (row + _ABOVE + 1 for row in self.merged.spans[unit.code])
        cells: list[Content] = [unit.code, unit.name, self.class_title(unit.class_), end - start + 1]
        checks = []
        for offset, number in enumerate(self.merged.summed):
            letter = column_letters(5 + offset)
            cells.append(self.merged.total(number, [unit.code]))
            self.made.sums[self.names[0], f"{letter}{at}"] = Summed(self.merged, number, (unit.code,))
            if end >= start:
                checks.append(f"{letter}{at}=SUM({self.names[1]}!{_detail(number)}{start}:{_detail(number)}{end})")
        cells.append(_check(checks))
        return cells

    def _subtotal(self, name: str, codes: list[str], at: int, span: tuple[int, int], unit_class: str) -> list[Content]:
        number_of_rows = sum(1 for row in self.merged.rows if row.unit.code in set(codes))
        cells: list[Content] = [name, f"{len(codes)}家", "", number_of_rows]
        checks = []
        for offset, number in enumerate(self.merged.summed):
            letter = column_letters(5 + offset)
            cells.append(self.merged.total(number, codes))
            self.made.sums[self.names[0], f"{letter}{at}"] = Summed(self.merged, number, tuple(codes))
            area = f"{letter}{span[0]}:{letter}{span[1]}"
            own = (
                f"SUM({area})"
                if not unit_class
                else f'SUMIF(C{span[0]}:C{span[1]},"{self.class_title(unit_class)}",{area})'
            )
            if span[1] >= span[0]:
                checks.append(f"{letter}{at}={own}")
        cells.append(_check(checks))
        return cells

    def _matrix(self, stamp: tuple[int, str]) -> Sheet:
        merged = self.merged
        heads = ["项目", "行号", *(head_text(merged.form, merged.fields[i]) for i in merged.summed), "核对"]
        rows: list[tuple[int, Sequence[Content]]] = [(TITLE, [merged.title]), (stamp[0], [stamp[1]]), (HEAD, heads)]
        everyone = [unit.code for unit in self._units]
        by_class: dict[str, list[str]] = defaultdict(list)
        for unit in self._units:
            by_class[unit.class_].append(unit.code)
        sections = [(TOTAL_TEXT, everyone, "")]
        if len(by_class) > 1:
            sections += [(self.class_title(name), codes, name) for name, codes in by_class.items()]
        for title, codes, unit_class in sections:
            rows.append((HEAD, [f"{title}（{len(codes)}家）"]))
            for number, stub in enumerate(matrix_rows(merged.form)):
                code = stub.code or f"{number + 1:02d}"
                rows.append(
                    (TOTAL if stub.total else PLAIN, self._stub_row(stub.title, code, codes, len(rows) + 1, unit_class))
                )
        self._prove(everyone)
        return Sheet(self.names[0], [30, 8, *[14] * len(merged.summed), 10], rows, frozen=_ABOVE, wide=[1, 2])

    def _stub_row(self, title: str, code: str, codes: list[str], at: int, unit_class: str) -> list[Content]:
        cells: list[Content] = [title, code]
        last, checks = len(self.merged.rows) + _ABOVE, []
        for offset, number in enumerate(self.merged.summed):
            letter = column_letters(3 + offset)
            cells.append(self.merged.total(number, codes, code))
            self.made.sums[self.names[0], f"{letter}{at}"] = Summed(self.merged, number, tuple(codes), code)
            area = [f"{self.names[1]}!{column}{_ABOVE + 1}:{column}{last}" for column in (_detail(number), "D", "C")]
            kind = f',{area[2]},"{self.class_title(unit_class)}"' if unit_class else ""
            if self.merged.rows:
                checks.append(f"{letter}{at}=SUMIFS({area[0]},{area[1]},B{at}{kind})")
        cells.append(_check(checks))
        return cells

    def _prove(self, everyone: list[str]) -> None:
        """Each total three times: from the records, by the formula over 明细, and by the database."""
        stubs = [""]
        if self.merged.form.layout == "matrix":
            stubs = [stub.code or f"{at + 1:02d}" for at, stub in enumerate(matrix_rows(self.merged.form))]
        last = len(self.merged.rows) + _ABOVE
        for number in self.merged.summed:
            for stub in stubs:
                total = self.merged.total(number, everyone, stub)
                other = totals_by_sql(self.ledger, self.merged, number, self.accepted, stub)
                title = f"{head_text(self.merged.form, self.merged.fields[number])}{f'（行号{stub}）' if stub else ''}"
                if total != other:
                    self.made.faults.append(f"{self.merged.title} {title}: {total} ≠ {other}")
                at = len(self.proofs) + 3
                area = f"{self.names[1]}!{_detail(number)}{_ABOVE + 1}:{_detail(number)}{max(last, _ABOVE + 1)}"
                codes = f"{self.names[1]}!D{_ABOVE + 1}:D{max(last, _ABOVE + 1)}"
                formula = f'SUMIFS({area},{codes},"{stub}")' if stub else f"SUM({area})"
                agree = _AGREES if total == other else _DIFFERS
                self.proofs.append(
                    [self.merged.title, title, total, Formula(formula, total), other,
                     Formula(f'IF(AND(C{at}=D{at},C{at}=E{at}),"{_AGREES}","{_DIFFERS}")', agree)]
                )  # fmt: skip

    def details(self, identified: bool) -> Sheet:
        merged = self.merged
        heads = [
            "单位代码",
            "单位",
            "类别",
            "行号",
            *(head_text(merged.form, one) for one in merged.fields),
            "来源文件",
            "工作表",
            "来源单元格",
        ]
        rows = self._detail_rows(identified, heads)
        widths = [12, 24, 10, 6, *[14] * len(merged.fields), 34, 14, 18]
        return Sheet(self.names[1], widths, rows, frozen=_ABOVE, wide=[1, 2])

    def _detail_rows(self, identified: bool, heads: list[str]) -> Iterator[tuple[int, Sequence[Content]]]:
        merged = self.merged
        yield TITLE, [f"{merged.title}（明细）"]
        yield (
            NOTE,
            ["每行末尾写明来自哪个文件的哪些单元格，各栏依次对应。" + ("" if identified else "个人信息已遮盖。")],
        )
        yield HEAD, heads
        figures = [is_figure(one) for one in merged.fields]
        hidden = [not identified and is_personal(one) for one in merged.fields]
        classes = {name: self.class_title(name) for name in {unit.class_ for unit in self.dispatch.units}}
        kinds = list(zip(figures, hidden, strict=True))
        for row in merged.rows:
            unit = row.unit
            values = [
                None if text is None else Decimal(text) if figure else masked(text) if hide else text
                for text, (figure, hide) in zip(row.values, kinds, strict=True)
            ]
            yield (
                PLAIN,
                [unit.code, unit.name, classes[unit.class_], row.stub, *values, row.file, row.page, _source(row)],
            )


def _detail(number: int) -> str:
    """The column of a field in 明细."""
    return column_letters(5 + number)


def _source(row: Row) -> str:
    """The cells of a record: B6:K6 where they lie side by side, else each."""
    places = row.places
    if row.row and places and places[0] and places[-1] and _is_run(tuple(places)):
        return f"{places[0]}{row.row}:{places[-1]}{row.row}"
    return "、".join(row.cell(number) or "—" for number in range(len(places)))


@lru_cache(maxsize=1024)
def _is_run(letters: tuple[str, ...]) -> bool:
    numbers = [column_number(letter) if letter else -1 for letter in letters]
    return all(later == earlier + 1 for earlier, later in pairwise(numbers))


def _check(checks: list[str]) -> Content:
    if not checks:
        return ""
    return Formula(f'IF(AND({",".join(checks)}),"{_AGREES}","{_DIFFERS}")', _AGREES)


def _proof_sheet(proofs: list[list[Content]]) -> Sheet:
    heads = ["统计表", "栏目", "汇总数", "明细之和", "台账另行计算", "核对"]
    rows: list[tuple[int, Sequence[Content]]] = [(TITLE, ["核对：每个汇总数由三条路算出"]), (HEAD, heads)]
    rows += [(PLAIN, proof) for proof in proofs]
    return Sheet("核对", [40, 30, 16, 16, 16, 10], rows, frozen=2, wide=[1])


def _findings_sheet(found: Sequence[Standing]) -> Sheet:
    heads = ["单位代码", "单位", "材料", "级别", "文件", "位置", "问题", "怎样改", "代码"]
    rows: list[tuple[int, Sequence[Content]]] = [(TITLE, ["问题清单"]), (HEAD, heads)]
    for one in found:
        for finding in one.findings:
            if finding.severity != "info":
                words = (masked_in(text) for text in (finding.message(), finding.remedy()))
                level = "须改正" if finding.severity == "error" else "须说明"
                file = "、".join(one.files)
                rows.append(
                    (PLAIN, [one.unit.code, one.unit.name, one.title, level, file, finding.place, *words, finding.code])
                )
    return Sheet("问题", [12, 26, 26, 8, 30, 16, 44, 36, 16], rows, frozen=2, wide=[1])


def _missing_sheet(missing: Sequence[Standing]) -> Sheet:
    heads = ["单位代码", "单位", "材料", "状态", "期限", "联系人", "联系电话"]
    rows: list[tuple[int, Sequence[Content]]] = [(TITLE, ["未报单位"]), (HEAD, heads)]
    for one in missing:
        due = one.due.isoformat(" ", "minutes") if one.due else ""
        phone = masked(one.unit.phone) if one.unit.phone else ""
        rows.append((PLAIN, [one.unit.code, one.unit.name, one.title, STATES[one.state], due, one.unit.contact, phone]))
    return Sheet("未报单位", [12, 30, 36, 10, 18, 12, 18], rows, frozen=2, wide=[1])


def _changes_sheet(dispatch: Dispatch, corrected: Sequence[Change], *, identified: bool) -> Sheet:
    heads = ["单位代码", "单位", "统计表", "栏目", "单元格", "原报", "现报", "原文件", "现文件"]
    rows: list[tuple[int, Sequence[Content]]] = [(TITLE, ["更正：重报与原报的不同"]), (HEAD, heads)]
    units = {unit.code: unit.name for unit in dispatch.units}
    fields = {
        (name, one.name): one
        for name, form in dispatch.spec.forms.items()
        for field_ in form.fields
        for one in (field_, *field_.fields)
    }
    for one in corrected:
        known = fields.get((one.item, one.field))
        hide = not identified and known is not None and is_personal(known)
        before, after = (masked(text) if hide and text else text for text in (one.before, one.after))
        title = dispatch.spec.forms[one.item].title if one.item in dispatch.spec.forms else one.item
        name = known.title if known else one.field
        rows.append(
            (PLAIN, [one.unit, units.get(one.unit, ""), title, name, one.cell, before, after, one.replaced, one.file])
        )
    return Sheet("更正", [12, 26, 30, 16, 10, 16, 16, 30, 30], rows, frozen=2, wide=[1])


def merge(dispatch: Dispatch, out: Path, moment: dt.datetime, *, identified: bool = False) -> Report:
    """The merged workbook in `out`. Raises Problems where two ways of adding up disagree, and writes nothing then."""
    with Ledger(dispatch.folder) as ledger:
        made = report(dispatch, ledger, moment, identified=identified)
    if made.faults:
        hint = _("The ledger is damaged: move it away and collect everything again.")
        where = Where(str(dispatch.folder / "returns.sqlite"))
        raise Problems([error("totals-disagree", where, fault, hint) for fault in made.faults])
    write(out / FILE, workbook(made.sheets))
    return made
