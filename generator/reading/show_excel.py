"""An .xlsx as total, reviewable text: workbook, styles in use, then sheet by sheet each property and each cell.

A cell is `A1 | style | content`: text as it is, a number after `#`, a formula after `=` with its kept result after `→`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice

from lxml import etree

from generator.base.problems import Where
from generator.office.ooxml import (
    R,
    Relations,
    S,
    attributes,
    column_letters,
    compact,
    digest,
    local,
    outline,
    outline_children,
    relations,
    visible,
)
from generator.reading.workbook import Cell, Sheet, Workbook, read_workbook

_COUNT = frozenset({"count", "uniqueCount"})
_SHEET_NAMED = frozenset({"name", "state", f"{R}id"})
_RESOLVED = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs")
_TABLES = {"font": "fonts", "fill": "fills", "border": "borders"}
_LISTS = {"mergeCells", "dataValidations", "hyperlinks", "rowBreaks", "colBreaks", "ignoredErrors"}


def excel_lines(parts: Mapping[str, bytes], main: str) -> tuple[list[str], set[str]]:
    """The lines of an .xlsx whose main part is `main`, and the names of the parts that they describe in full."""
    book = read_workbook(parts, Where(main))
    styles = Formats(book.styles)
    lines = ["# workbook", *_workbook_lines(book, relations(parts, main)), "", "# styles", *styles.lines()]
    for sheet in book.sheets:
        lines += ["", f"# sheet {sheet.name} ({sheet.part})", *SheetText(sheet, styles, book).lines()]
    unused = list(_unused_strings(book))
    lines += ["", "# strings of no cell", *unused] if unused else []
    return lines, {main, book.styles_part, book.strings_part, *(sheet.part for sheet in book.sheets)} - {""}


def _workbook_lines(book: Workbook, rels: Relations) -> Iterator[str]:
    if shown := attributes(book.root, rels):
        yield f"({' '.join(shown)})"
    for child in book.root:
        if local(child) == "sheets":
            for sheet in child:
                state = sheet.get("state", "visible")
                yield " ".join([f"sheet {sheet.get('name')} {state}", *attributes(sheet, {}, _SHEET_NAMED)])
        elif local(child) == "definedNames":
            yield from (_defined_name(name, book.sheets) for name in child)
        else:
            yield from outline(child, rels)


def _defined_name(name: etree._Element, sheets: Sequence[Sheet]) -> str:
    """A defined name with the sheet that it belongs to by name, since numbers change with the order of sheets."""
    index = name.get("localSheetId", "")
    known = index.isdecimal() and int(index) < len(sheets)
    scope = f"{sheets[int(index)].name}!" if known else f"?{index}!" if index else ""
    facts = attributes(name, {}, frozenset({"name", "localSheetId"}))
    return " ".join([f"name {scope}{name.get('name')} = {name.text or ''}", *facts])


def _unused_strings(book: Workbook) -> Iterator[str]:
    if book.strings is None:
        return
    used = {
        cell.element.findtext(f"{S}v") for sheet in book.sheets for cell in sheet.cells if cell.element.get("t") == "s"
    }
    for index, item in enumerate(book.strings):
        if str(index) not in used:
            yield from outline(item, {})


# -- styles ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Formats:
    """The style tables of a workbook; each cell format under a name made from what it says, not from its number."""

    root: etree._Element | None

    def name(self, index: int) -> str:
        """The short name of a cell format, `-` for the workbook's first, which is what an untouched cell has."""
        if not 0 <= index < len(self._formats):
            return "-" if index == 0 else f"?{index}"
        return "-" if index == 0 else digest(self._formats[index])

    def differential(self, index: str) -> str:
        """The whole of a differential format, by its number as the file gives it."""
        table = self._table("dxfs")
        known = index.isdecimal() and int(index) < len(table)
        return compact(table[int(index)], {}) if known else f"dxf ?{index}"

    def lines(self) -> Iterator[str]:
        """Each cell format once, then what the style part holds besides."""
        if self.root is None:
            return
        yield f"style -: {self._formats[0] if self._formats else ''}"
        for text in sorted(set(self._formats[1:])):
            yield f"style {digest(text)}: {text}"
        for element in self._table("cellStyleXfs"):
            yield f"named style format: {self._format(element)}"
        yield from self._left_over()
        if shown := attributes(self.root, {}):
            yield f"({' '.join(shown)})"
        for child in self.root:
            if local(child) == "colors":
                yield compact(child, {})
            elif local(child) not in _RESOLVED:
                yield from outline(child, {})

    @cached_property
    def _formats(self) -> list[str]:
        return [self._format(element) for element in self._table("cellXfs")]

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {element.get("numFmtId", ""): element.get("formatCode", "") for element in self._table("numFmts")}

    def _table(self, name: str) -> list[etree._Element]:
        found = None if self.root is None else self.root.find(f"{S}{name}")
        return [] if found is None else list(found)

    def _format(self, element: etree._Element) -> str:
        """Everything that a format says: its number format, font, fill, border, alignment, protection and flags."""
        facts = []
        number = element.get("numFmtId", "0")
        facts.append(f"number({self._codes[number]!r})" if number in self._codes else f"number({number})")
        for kind, table in _TABLES.items():
            entries, index = self._table(table), element.get(f"{kind}Id", "0")
            known = index.isdecimal() and int(index) < len(entries)
            facts.append(compact(entries[int(index)], {}) if known else f"{kind} ?{index}")
        facts += [compact(child, {}) for child in element]
        parent = element.get("xfId", "")
        facts += [f"of={self._style_name(parent)}"] if parent else []
        facts += attributes(element, {}, frozenset({"numFmtId", "fontId", "fillId", "borderId", "xfId"}))
        return " ".join(facts)

    def _style_name(self, index: str) -> str:
        names = (style.get("name", "") for style in self._table("cellStyles") if style.get("xfId") == index)
        return next(names, f"?{index}")

    def _left_over(self) -> Iterator[str]:
        """Entries of the tables that no format refers to."""
        users = [*self._table("cellXfs"), *self._table("cellStyleXfs")]
        for kind, table in _TABLES.items():
            used = {element.get(f"{kind}Id", "0") for element in users}
            for index, entry in enumerate(self._table(table)):
                if str(index) not in used:
                    yield f"of no style: {compact(entry, {})}"
        numbers = {element.get("numFmtId") for element in users}
        yield from (f"of no style: number({code!r})" for number, code in self._codes.items() if number not in numbers)
        for element in self._table("dxfs"):
            yield f"differential {compact(element, {})}"


# -- sheets ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetText:
    """The text of one sheet, in the order in which the file holds its properties."""

    sheet: Sheet
    styles: Formats
    book: Workbook

    def lines(self) -> Iterator[str]:
        if shown := attributes(self.sheet.root, self.sheet.relations):
            yield f"({' '.join(shown)})"
        for child in self.sheet.root:
            kind = local(child)
            if kind == "sheetData":
                yield from self._rows(child)
            elif kind == "cols":
                yield from (self._column(column) for column in child)
            elif kind == "conditionalFormatting":
                yield from self._conditional(child)
            elif kind in _LISTS:
                facts = attributes(child, self.sheet.relations, _COUNT)
                yield from ([f"{kind} {' '.join(facts)}"] if facts else [])
                yield from outline_children(child, self.sheet.relations)
            else:
                yield from outline(child, self.sheet.relations)

    def _column(self, column: etree._Element) -> str:
        first, last = (column.get(key, "") for key in ("min", "max"))
        letters = [column_letters(int(number)) if number.isdecimal() else f"?{number}" for number in (first, last)]
        facts = attributes(column, {}, frozenset({"min", "max", "style"}))
        return " ".join([f"column {':'.join(dict.fromkeys(letters))}", *self._style(column.get("style")), *facts])

    def _style(self, index: str | None) -> list[str]:
        return [] if index is None else [f"style={self.styles.name(int(index) if index.isdecimal() else -1)}"]

    def _conditional(self, formatting: etree._Element) -> Iterator[str]:
        place = attributes(formatting, {})
        for rule in formatting:
            index = rule.get("dxfId")
            facts = attributes(rule, {}, frozenset({"dxfId"}))
            facts += [compact(child, self.sheet.relations) for child in rule]
            facts += [] if index is None else [self.styles.differential(index)]
            yield " ".join(["conditional", *place, local(rule), *facts])

    def _rows(self, data: etree._Element) -> Iterator[str]:
        """Row by row; rows in a row that hold no content and look alike as one, which reserve rows of forms do."""
        cells = iter(self.sheet.cells)
        rows = []
        number = 0
        for row in data:
            given = row.get("r", "")
            number = int(given) if given.isdecimal() else number + 1
            own = list(islice(cells, len(row.findall(f"{S}c"))))
            rows.append((number, self._row_facts(row, {cell.row for cell in own} - {number}), own))
        for _key, group in groupby(enumerate(rows), key=lambda item: _likeness(*item)):
            alike = [row for _index, row in group]
            yield from self._row_lines(alike[0], alike[-1][0])

    def _row_facts(self, row: etree._Element, strays: set[int]) -> str:
        facts = attributes(row, {}, frozenset({"r", "s", "spans"}))
        facts += [f"holds cells of row {stray}" for stray in sorted(strays)]
        facts += [compact(child, {}) for child in row if local(child) != "c"]
        return " ".join([*self._style(row.get("s")), *facts])

    def _row_lines(self, row: tuple[int, str, list[Cell]], last: int) -> Iterator[str]:
        number, facts, cells = row
        if facts or last > number:
            yield f"row {number}{f'-{last}' if last > number else ''} {facts}".rstrip()
        for _key, group in groupby(enumerate(cells), key=lambda item: _blank_stretch(*item)):
            alike = [cell for _index, cell in group]
            end_row = last if last > number else alike[-1].row
            first, end = alike[0].reference, f"{column_letters(alike[-1].column)}{end_row}"
            place = first if first == end else f"{first}:{end}"
            yield f"{place} | {self.styles.name(alike[0].style)} | {self._cell(alike[0])}".rstrip()

    def _cell(self, cell: Cell) -> str:
        shown = self._value(cell)
        if (formula := cell.element.find(f"{S}f")) is not None:
            facts = attributes(formula, {})
            shown = f"={visible(formula.text or '')}{' {' + ' '.join(facts) + '}' if facts else ''} → {shown}"
        return " ".join(piece for piece in (shown, _rest(cell)) if piece)

    def _value(self, cell: Cell) -> str:
        if cell.kind in ("s", "str"):
            return self._text(cell)
        return "" if cell.kept is None else f"#{'' if cell.kind == 'n' else cell.kind + ' '}{visible(cell.kept)}"

    def _text(self, cell: Cell) -> str:
        """A text cell; rich text and phonetic guides in the generic form, since a style does not describe them."""
        item = self._item(cell)
        if item is not None and any(local(child) != "t" for child in item):
            return "rich " + " ".join(compact(child, {}) for child in item)
        text = visible(cell.kept or "").replace("\\u{a}", "⏎").replace("\\u{9}", "→")
        text = f"\\{text}" if text.startswith(("#", "=", "rich ")) else text
        return f"{text[:-1]}␣" if text.endswith(" ") else text

    def _item(self, cell: Cell) -> etree._Element | None:
        if cell.element.get("t") == "inlineStr":
            return cell.element.find(f"{S}is")
        index = cell.element.findtext(f"{S}v", "")
        strings = self.book.strings
        if cell.element.get("t") != "s" or strings is None or not index.isdecimal() or int(index) >= len(strings):
            return None
        return strings[int(index)]


def _content(cell: Cell) -> bool:
    return cell.kept is not None or cell.formula is not None or cell.element.find(f"{S}f") is not None


def _rest(cell: Cell) -> str:
    """What a cell has besides place, style and content."""
    known = frozenset({"r", "s", "t"} if _content(cell) or cell.kind == "n" else {"r", "s"})
    shown = ("f", "v", "is") if _content(cell) else ()
    others = [compact(child, {}) for child in cell.element if local(child) not in shown]
    return " ".join([*attributes(cell.element, {}, known), *others])


def _blank_stretch(index: int, cell: Cell) -> object:
    """The same for empty cells side by side that look alike; different for any other two."""
    return index if _content(cell) else (cell.column - index, cell.style, _rest(cell))


def _likeness(index: int, row: tuple[int, str, list[Cell]]) -> object:
    """The same for neighbouring rows that look alike and hold nothing; different for any other two."""
    number, facts, cells = row
    if any(_content(cell) for cell in cells):
        return index
    return number - index, facts, tuple((cell.column, cell.style, _rest(cell)) for cell in cells)
