"""Where the values of a form stand on a returned page: by its heads and labels, else by its defined names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.collect.findings import Finding
from generator.collect.identify import IDENTITY, plain
from generator.collect.papers import Area, Page, Paper, Spot, a1, shown
from generator.dispatch.spec import Form, FormField, MatrixRow
from generator.forms.entries import HEAD_KEY, SIGNOFF_KEY, SIGNOFF_LABELS
from generator.forms.fields import head_text
from generator.forms.layouts import note_lines
from generator.forms.matrix import matrix_rows, total_of
from generator.forms.tables import TOTAL_TEXT
from generator.forms.types import meaning
from generator.forms.workbook.build import SPACER_TEXT, defined_name

_TOTALS = frozenset({TOTAL_TEXT, "总计", "共计", "小计", "累计"})
_TOP_ROWS = 60
_FEWEST = 0.5
"""The part of a form's heads that a row must have to be its row of heads."""


@dataclass
class Block:
    """A list of records: the form's own (name ""), or that of an inner table.

    Record `i` stands in row `rows[i]`, its field `j` in column `columns[j]`; where `spots` is given, there is one
    record, and its field `j` stands at `spots[j]`. `stubs` are the codes of a matrix' rows. None is not there.
    """

    name: str
    fields: Sequence[FormField]
    page: Page
    columns: list[int | None] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stubs: list[str] = field(default_factory=list)
    spots: list[Spot | None] | None = None
    sums: dict[int, list[int]] = field(default_factory=dict)
    """Of a matrix, the rows that are totals, each with the rows that it adds up."""

    def spot(self, record: int, number: int) -> Spot | None:
        if self.spots is not None:
            return self.spots[number]
        column = self.columns[number]
        return None if column is None else (self.rows[record], column)

    def cell(self, record: int, number: int) -> str:
        """The A1 name of a value; "" where it has no place."""
        spot = self.spot(record, number)
        return a1(spot) if spot else ""

    def __len__(self) -> int:
        return 1 if self.spots is not None else len(self.rows)


@dataclass
class Located:
    """A form found on a page: its blocks, the rows of totals with their parts, and its entries outside the table.

    `totals` are (row of the page, rows that it adds up). `entries` are the head line's and the sign-off's by key.
    """

    form_name: str
    form: Form
    page: Page
    blocks: list[Block] = field(default_factory=list)
    totals: list[tuple[int, list[int]]] = field(default_factory=list)
    entries: dict[str, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    read_rows: tuple[int, int] = (0, 0)
    last_row: int = 0


def locate(form_name: str, form: Form, paper: Paper, page: Page) -> Located:
    """The form on the page; what of it is missing is told in `findings`."""
    found = Located(form_name, form, page)
    finder = _Finder(found, paper)
    if form.layout == "pairs":
        finder.pairs()
    elif form.layout == "matrix":
        finder.matrix()
    else:
        finder.listed()
    finder.entries()
    finder.unread()
    return found


@dataclass
class _Finder:
    found: Located
    paper: Paper
    used: set[Spot] = field(default_factory=set)
    used_columns: set[int] = field(default_factory=set)

    @property
    def form(self) -> Form:
        return self.found.form

    @property
    def page(self) -> Page:
        return self.found.page

    def tell(self, code: str, cells: Iterable[Spot] = (), **words: str) -> None:
        self.found.findings.append(Finding(code, self.page.name, tuple(a1(cell) for cell in cells), **words))

    # -- lists ---------------------------------------------------------------------------------------------------------

    def listed(self) -> None:
        heads = _find_heads(self.form, self.form.fields, self.page)
        columns = self._columns(self.form.fields, heads)
        block = Block("", self.form.fields, self.page, columns)
        self.found.blocks.append(block)
        if all(column is None for column in columns):
            return
        first = heads.bottom + 1 if heads else self._named_top()
        self._body(block, first, self.form.rows.total or "bottom")

    def _named_top(self) -> int:
        areas = [area for _key, area in self._named()]
        return min((area[0] for area in areas), default=0)

    def _named(self) -> Iterator[tuple[str, Area]]:
        prefix = defined_name(self.found.form_name, "")
        for name, (sheet, area) in self.paper.names.items():
            if sheet == self.page.name and name.startswith(prefix):
                yield name.removeprefix(prefix), area

    def _columns(self, fields: Sequence[FormField], heads: _Heads | None, prefix: str = "") -> list[int | None]:
        """The column of each field: where its head stands; one without its head stands where its name leads."""
        by_head = heads.columns if heads else {}
        named = dict(self._named())
        columns: list[int | None] = []
        taken = set(by_head.values())
        for number, one in enumerate(fields):
            column = by_head.get(number)
            area = named.get(prefix + one.name)
            if column is None and area and area[1] == area[3] and area[1] not in taken:
                column = area[1]
                taken.add(column)
            columns.append(column)
        for one, column in zip(fields, columns, strict=True):
            if column is None and is_answer(one):
                self.tell("field-missing", field=one.title)
        if heads:
            self._unknown_columns(heads, taken)
        self.used_columns |= taken
        return columns

    def _unknown_columns(self, heads: _Heads, taken: set[int]) -> None:
        """Columns inside the table that somebody added."""
        for column, text in heads.others.items():
            if column not in taken and min(taken, default=0) <= column <= max(taken, default=0) + 1:
                self.tell("column-unknown", [(heads.bottom, column)], value=text)
                self.used_columns.add(column)

    def _body(self, block: Block, first: int, totals: str) -> None:
        """The rows below the heads, down to the row of totals or to what stands below the table."""
        answers = [
            (number, column)
            for number, column in enumerate(block.columns)
            if column is not None and is_answer(block.fields[number])
        ]
        labels = {plain(head_text(self.form, one)) for one in block.fields} | {plain(one.title) for one in block.fields}
        own = [column for column in block.columns if column is not None]
        skipped: list[Spot] = []
        blank = 0
        self.found.read_rows = (first, first)
        row, end = first, len(self.page.rows)
        while row < end:
            values = self.page.rows[row]
            kind = _kind_of(values, own, labels, self._footers)
            if kind == "footer":
                break
            if kind == "total":
                self._total(block, row)
                if totals != "top" and _word(values) in (TOTAL_TEXT, "总计", "共计"):
                    row += 1
                    break
            elif kind == "head":
                skipped.append((row, own[0]))
            elif _is_filled(self.page, row, values, answers, block.fields):
                if blank:
                    skipped.append((row - 1, own[0]))
                block.rows.append(row)
                blank = 0
            else:
                blank += bool(block.rows)
            row += 1
        self.found.read_rows = (first, row)
        self.found.totals = [(at, parts or block.rows) for at, parts in self.found.totals]
        if skipped:
            self.tell("rows-skipped", skipped)

    def _total(self, block: Block, row: int) -> None:
        self.found.totals.append((row, []))

    @cached_property
    def _footers(self) -> tuple[str, ...]:
        return _footers(self.form)

    # -- matrix --------------------------------------------------------------------------------------------------------

    def matrix(self) -> None:
        heads = _find_heads(self.form, self.form.fields, self.page)
        columns = self._columns(self.form.fields, heads)
        block = Block("", self.form.fields, self.page, columns)
        self.found.blocks.append(block)
        stubs = matrix_rows(self.form)
        at = self._stub_rows(stubs, heads.bottom + 1 if heads else 0)
        for number, stub in enumerate(stubs):
            row = at.get(number)
            if row is None:
                self.tell("row-missing", field=stub.title)
                continue
            if stub.total:
                parts = [at[child] for child in total_of(stubs, number) if child in at]
                self.found.totals.append((row, parts))
                block.sums[row] = parts
            block.rows.append(row)
            block.stubs.append(_stub_code(stub, number))
        rows = list(at.values())
        self.found.read_rows = (heads.top if heads else 0, max(rows, default=0) + 1)

    def _stub_rows(self, stubs: Sequence[MatrixRow], first: int) -> dict[int, int]:
        """The row of each stub, in order: by its title, else by its code."""
        found: dict[int, int] = {}
        row = first
        titles = {plain(stub.title) for stub in stubs}
        for row in range(first, len(self.page.rows)):
            values = self.page.rows[row]
            texts = [plain(value) for value in values[:_STUB_COLUMNS] if isinstance(value, str) and value.strip()]
            texts += [shown(value) for value in values[:_STUB_COLUMNS] if isinstance(value, float)]
            if not texts or any(text.startswith(self._footers) for text in texts):
                if texts and found:
                    break
                continue
            number = self._match(stubs, texts, found)
            if number is not None:
                found[number] = row
            elif texts[0] not in titles and found and not _is_numbers(texts):
                self.tell("row-unknown", [(row, 0)], value=texts[0])
        return found

    def _match(self, stubs: Sequence[MatrixRow], texts: Sequence[str], found: Mapping[int, int]) -> int | None:
        free = [number for number in range(len(stubs)) if number not in found]
        by_title = [number for number in free if plain(stubs[number].title) in texts]
        by_code = [number for number in free if _stub_code(stubs[number], number) in texts[:2]]
        both = [number for number in by_title if number in by_code]
        return next(iter(both or by_title or by_code), None)

    # -- pairs ---------------------------------------------------------------------------------------------------------

    def pairs(self) -> None:
        labels = {plain(text): one for one in self.form.fields for text in (head_text(self.form, one), one.title)}
        places = dict(self._label_spots(labels))
        fields = [one for one in self.form.fields if one.type not in ("table", "photo")]
        spots: list[Spot | None] = []
        named = dict(self._named())
        for one in fields:
            spot = self._pair(one, places, named)
            if spot is None:
                self.tell("field-missing", field=one.title)
            spots.append(spot)
        self.found.blocks.append(Block("", fields, self.page, spots=spots))
        self.used |= {spot for spot in spots if spot} | set(places.values())
        bottom = max((spot[0] for spot in spots if spot), default=0)
        for one in self.form.fields:
            if one.type == "table":
                bottom = max(bottom, self._inner(one, places))
        top = min((spot[0] for spot in places.values()), default=0)
        self.found.read_rows = (top, bottom + 1)

    def _label_spots(self, labels: Mapping[str, FormField]) -> Iterator[tuple[str, Spot]]:
        """The first cell of each label, and of a label with its value in one cell."""
        seen = set()
        for row, values in enumerate(self.page.rows):
            for column, value in enumerate(values):
                if not isinstance(value, str) or not value:
                    continue
                text = plain(value)
                key = text if text in labels else text.rstrip(":") if text.rstrip(":") in labels else ""
                if not key and ":" in text and text.partition(":")[0] in labels:
                    key = text.partition(":")[0]
                if key and (name := labels[key].name) not in seen:
                    seen.add(name)
                    yield name, (row, column)

    def _pair(self, one: FormField, places: Mapping[str, Spot], named: Mapping[str, Area]) -> Spot | None:
        label = places.get(one.name)
        area = named.get(one.name)
        if label is None:
            return area[:2] if area else None
        row, column = label
        text = plain(str(self.page.at(row, column)))
        if ":" in text and text.partition(":")[2] and text.partition(":")[0] in (plain(one.title),):
            return label
        others = {spot for spot in places.values() if spot != label}
        width = len(self.page.rows[row])
        end = next((at for at in range(column + 1, width) if (row, at) in others), width)
        for at in range(column + 1, end):
            if self.page.at(row, at) != "" or (row, at) in self.page.formulas or (row, at) in self.page.errors:
                return row, at
        if area and area[0] == row and column < area[1] < max(end, column + 2):
            return area[:2]
        return row, column + 1

    def _inner(self, table: FormField, places: Mapping[str, Spot]) -> int:
        """An inner table below its own heads, down to the next label of the form; its last row."""
        heads = _find_heads(self.form, table.fields, self.page, places.get(table.name, (0, 0))[0])
        columns = self._columns(table.fields, heads, f"{table.name}.")
        block = Block(table.name, table.fields, self.page, columns)
        self.found.blocks.append(block)
        if heads is None:
            return 0
        own = places.get(table.name)
        stops = [row for row, _column in places.values() if row > heads.bottom and (row, _column) != own]
        end = min([*stops, self._first_footer(heads.bottom + 1)])
        answers = [
            (number, column)
            for number, column in enumerate(columns)
            if column is not None and is_answer(table.fields[number])
        ]
        for row in range(heads.bottom + 1, end):
            if _is_filled(self.page, row, self.page.rows[row], answers, table.fields):
                block.rows.append(row)
            self.used |= {(row, column) for column in columns if column is not None}
        self.used |= {(heads.bottom, column) for column in columns if column is not None}
        return end - 1

    def _first_footer(self, first: int) -> int:
        for row in range(first, len(self.page.rows)):
            if _word(self.page.rows[row]).startswith(self._footers):
                return row
        return len(self.page.rows)

    # -- entries outside the table -------------------------------------------------------------------------------------

    def entries(self) -> None:
        """The head line and the sign-off: a label, and what stands behind it or in the next cell."""
        keys = {plain(f"{SIGNOFF_LABELS[role]}："): f"{SIGNOFF_KEY}.{role}" for role in self.form.signoff}
        keys |= {plain(f"{head}："): f"{HEAD_KEY}.{number}" for number, head in enumerate(self.form.head, 1)}
        first, end = self.found.read_rows
        for row in (*range(min(first, len(self.page.rows))), *range(end, len(self.page.rows))):
            self._entry_row(row, keys)
        for line in self.paper.lines if self.page.is_word else ():
            for label, text in _split_line(line, keys):
                self.found.entries.setdefault(keys[label], (text, ""))

    def _entry_row(self, row: int, keys: Mapping[str, str]) -> None:
        values = self.page.rows[row]
        for column, value in enumerate(values):
            if not isinstance(value, str) or not value:
                continue
            text = plain(value)
            label = next((label for label in keys if text.startswith(label)), "")
            if not label:
                continue
            self.used.add((row, column))
            rest = value.partition("：" if "：" in value else ":")[2].strip()
            if not rest:
                after = (at for at in range(column + 1, len(values)) if values[at] != "")
                at = next(after, None)
                taken = at is not None and isinstance(values[at], str) and plain(values[at]).startswith(tuple(keys))
                if at is not None and not taken:
                    rest = shown(values[at])
                    self.used.add((row, at))
            self.found.entries.setdefault(keys[label], (rest, a1((row, column))))

    # -- what nobody reads ---------------------------------------------------------------------------------------------

    def unread(self) -> None:
        """Filled cells outside everything that was read, so that no figure is lost without a word."""
        known = _known_texts(self.form)
        first, end = self.found.read_rows
        answers = {column for block in self.found.blocks for column in block.columns if column is not None}
        below: list[Spot] = []
        loose: list[Spot] = []
        for row, values in enumerate(self.page.rows):
            inside = first <= row < end
            for column in self._outside(len(values)) if inside else range(len(values)):
                value = values[column]
                if value == "" or (row, column) in self.used:
                    continue
                if isinstance(value, str) and (not value.strip() or _is_printed(value, known, self._footers)):
                    continue
                if row >= end and column in answers and self.form.layout not in ("pairs", "matrix"):
                    below.append((row, column))
                elif row >= first or not isinstance(value, str) or not _is_above(value):
                    loose.append((row, column))
        for code, cells in (("data-outside", below), ("cells-unread", loose)):
            if cells:
                values_shown = "、".join(shown(self.page.at(*cell)) for cell in cells[:_VALUES])
                self.tell(code, cells, value=values_shown)

    def _outside(self, width: int) -> list[int]:
        """The columns of a row inside the table that belong to no field."""
        if self.form.layout == "pairs":
            return list(range(width))
        own = self.used_columns | (set(range(_STUB_COLUMNS)) if self.form.layout == "matrix" else set())
        return [column for column in range(width) if column not in own]


_VALUES = 4
_STUB_COLUMNS = 2


# -- heads -------------------------------------------------------------------------------------------------------------


@dataclass
class _Heads:
    """The row or rows of heads: their last row, the column of each field by its number, and heads of nobody."""

    top: int
    bottom: int
    columns: dict[int, int]
    others: dict[int, str]


def _find_heads(form: Form, fields: Sequence[FormField], page: Page, first: int = 0) -> _Heads | None:
    """The row that has most heads of the fields; of equals the first."""
    wanted: dict[str, list[int]] = {}
    for number, one in enumerate(fields):
        for text in dict.fromkeys((plain(head_text(form, one)), plain(one.title))):
            wanted.setdefault(text, []).append(number)
    grouped = {plain(one.group) for one in fields if one.group}
    best: _Heads | None = None
    for row in range(first, min(first + _TOP_ROWS, len(page.rows))):
        texts = {column: text for column, value in enumerate(page.rows[row]) if (text := _head_of(value))}
        if not any(text in wanted for text in texts.values()):
            continue
        if grouped & set(texts.values()) and row + 1 < len(page.rows):
            found = _two_rows(fields, page, row, texts, wanted)
        else:
            found = _one_row(fields, row, texts, wanted)
        if best is None or len(found.columns) > len(best.columns):
            best = found
        if len(best.columns) == len(fields):
            break
    if best is None or len(best.columns) < max(1, _FEWEST * len(fields)):
        return None
    return best


def _head_of(value: Any) -> str:
    return plain(value) if isinstance(value, str) and value else ""


def _one_row(
    fields: Sequence[FormField], row: int, texts: Mapping[int, str], wanted: Mapping[str, list[int]]
) -> _Heads:
    columns: dict[int, int] = {}
    others = {}
    for column, text in texts.items():
        number = next((number for number in wanted.get(text, ()) if number not in columns), None)
        if number is None:
            others[column] = text
        else:
            columns[number] = column
    return _Heads(row, row, columns, others)


def _two_rows(
    fields: Sequence[FormField], page: Page, row: int, upper: Mapping[int, str], wanted: Mapping[str, list[int]]
) -> _Heads:
    """Heads under common heads: a lower one belongs to the upper one at its left."""
    lower = {column: text for column, value in enumerate(page.rows[row + 1]) if (text := _head_of(value))}
    columns: dict[int, int] = {}
    others = {}
    group = ""
    for column in range(max([*upper, *lower], default=0) + 1):
        group = upper.get(column, group)
        text = lower.get(column) or upper.get(column, "")
        under = group if column in lower else ""
        fits = [number for number in wanted.get(text, ()) if number not in columns]
        own = [number for number in fits if plain(fields[number].group or "") == under]
        if own or fits:
            columns[(own or fits)[0]] = column
        elif text:
            others[column] = text
    return _Heads(row, row + 1, columns, others)


# -- kinds of rows -----------------------------------------------------------------------------------------------------


def _word(values: Sequence[Any]) -> str:
    """The first text of a row, without blanks."""
    return next((plain(value) for value in values if isinstance(value, str) and value.strip()), "")


def _kind_of(values: Sequence[Any], own: Sequence[int], labels: set[str], footers: tuple[str, ...]) -> str:
    """What a row below the heads is: total, head, footer, or "" for a row of the list."""
    word = _word(values)
    if not word:
        return ""
    if word in _TOTALS:
        return "total"
    if word.startswith(footers):
        return "footer"
    if word in labels or word == plain(SPACER_TEXT):
        texts = sum(1 for column in own if column < len(values) and _head_of(values[column]) in labels)
        if texts * 2 > len(own):
            return "head"
    return ""


def _is_filled(
    page: Page, row: int, values: Sequence[Any], answers: Sequence[Spot], fields: Sequence[FormField]
) -> bool:
    for _number, column in answers:
        if column < len(values):
            value = values[column]
            if value != "" and not (isinstance(value, str) and not value.strip()):
                return True
        if page.errors and (row, column) in page.errors:
            return True
    return False


def _is_numbers(texts: Sequence[str]) -> bool:
    """A row that numbers the columns: 甲 乙 1 2."""
    return all(text in "甲乙丙丁" or text.isdecimal() for text in texts)


_FOOTERS = ("说明:", "注:", "备注:", "填表说明", "表单编码:", "填报说明", "校验码:")


def _footers(form: Form) -> tuple[str, ...]:
    """How what stands below a table begins."""
    signs = tuple(plain(f"{label}：") for label in SIGNOFF_LABELS.values())
    return (*signs, *_FOOTERS, *(plain(line)[:_NOTE_START] for line in note_lines(form) if len(plain(line)) >= 4))


_NOTE_START = 12


def _known_texts(form: Form) -> frozenset[str]:
    """What is printed on a blank form."""
    texts = [form.title, TOTAL_TEXT, SPACER_TEXT, "—", "项目", "行号", "附件", form.unit_of_measure or "—"]
    for one in form.fields:
        texts += [head_text(form, one), one.title, one.group or "—"]
        for inner in one.fields:
            texts += [head_text(form, inner), inner.title]
    texts += [row.title for row in matrix_rows(form)] if form.rows.fixed else []
    if form.legal:
        texts += [form.legal.number, form.legal.drafted_by, form.legal.approval, form.legal.valid_until]
    return frozenset(plain(text) for text in texts)


_ABOVE = re.compile(
    r"^(附件|表号|制定机关|批准文号|有效期至|计量单位|填报单位|单位[:(]|表单编码|校验码|\(盖章\)|年月日)"
)


def _is_printed(value: str, known: frozenset[str], footers: tuple[str, ...]) -> bool:
    text = plain(value)
    if text in known or text.startswith(footers) or _ABOVE.match(text):
        return True
    return bool(IDENTITY.search(value)) or text.startswith("(盖章)")


def _is_above(value: str) -> bool:
    """Titles and remarks that people write above a table are no lost figures."""
    return not any(character.isdigit() for character in value) or len(value) > _SENTENCE


_SENTENCE = 12


def _stub_code(stub: MatrixRow, number: int) -> str:
    return stub.code or f"{number + 1:02d}"


def _split_line(line: str, keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """单位负责人：某某	填表人：某某 as (label, what stands behind it)."""
    text = re.sub(r"[ \t\u3000]+", " ", line.replace(":", "："))
    found = []
    for label in keys:
        pattern = r"\s*".join(map(re.escape, label.rstrip(":"))) + r"\s*："
        if match := re.search(pattern, text):
            found.append((match.start(), match.end(), label))
    found.sort()
    for number, (_start, end, label) in enumerate(found):
        until = found[number + 1][0] if number + 1 < len(found) else len(text)
        yield label, text[end:until].strip()


def is_answer(field: FormField) -> bool:
    """Whether a field's cells are to be filled in: no number that is printed beforehand, no picture."""
    return meaning(field).value not in ("serial", "none")
