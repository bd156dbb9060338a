"""What stands on the grid: a document is a row of items, each of which knows its lines, its place and its markup.

An `Item` is one of five: a paragraph of text, blank lines, the rows of a joint signature, a table, a source whose own
pages stand there. The composer makes items, `arrange` decides where they fall, `markup` writes them as
WordprocessingML. Lines are lines of the grid, other measures twips.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup

from generator.office.package import SLOT_OPEN, fill_slots
from generator.word.join import place
from generator.word.page.bodytable import BodyTable
from generator.word.page.layout import TIGHTEN, TYPE_WIDTH, Flow, break_lines, width
from generator.word.xml import (
    KEEP_NEXT,
    PAGE_BREAK_BEFORE,
    Styles,
    TurnedRuns,
    blank,
    indent,
    join,
    paragraph,
    section_break,
    tab_stops,
    turned_paragraph,
)
from generator.wording.body import Run

HEADINGS = ("一级标题", "二级标题", "三级标题", "四级标题")


class _Element:
    """What holds of most items; each says what is otherwise of it."""

    @property
    def heading(self) -> bool:
        """Whether it opens what follows it, and must not end a page."""
        return False

    @property
    def divisible(self) -> bool:
        """Whether a page may begin inside it at a line that we choose: the same one for all units."""
        return False

    @property
    def ends_section(self) -> bool:
        """Whether a section ends with it, so that what follows stands on a new page."""
        return False

    @property
    def text(self) -> str:
        """Its text, in which slots may stand."""
        return ""

    @property
    def depends_on_unit(self) -> bool:
        return SLOT_OPEN in self.text

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        """How many lines it takes with a unit's values in its slots; a table says so row by row."""
        raise NotImplementedError

    def lines(self, values: Mapping[str, str]) -> int:
        return sum(self.measured(values))

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        """Moves the flow past the item, which is measured as `rows` of `line` twips each.

        Gives whether it must be told to begin a new page to stand where it does.
        """
        raise NotImplementedError

    def placed(self, flow: Flow, values: Mapping[str, str], line: int) -> Iterator[tuple[int, int, str]]:
        """Moves the flow past the item; gives page, line and text of each of its lines whose place is known."""
        self.advance(flow, self.measured(values), line)
        return iter(())

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        """The item in a document whose pages are of `section` (w:sectPr); `opened`: another has just ended."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(_Element):
    """A paragraph. `first` is the first line's indent against `left`, that of the others.

    `styled`: the indents are those of its style, and said here for the sum alone. `broken_by_hand`: its line breaks
    are all there are. A run of one tab goes to the next of the `stops` (their kind and place). `carried` of its last
    lines begin a new page.
    """

    style: str
    runs: tuple[Run, ...]
    left: int = 0
    right: int = 0
    first: int = 0
    styled: bool = False
    justify: str = ""
    stops: tuple[tuple[str, int], ...] = ()
    broken_by_hand: bool = False
    kept: bool = False
    new_page: bool = False
    carried: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def heading(self) -> bool:
        return self.style in HEADINGS

    @property
    def divisible(self) -> bool:
        return not (self.broken_by_hand or self.depends_on_unit or "\n" in self.text)

    def broken(self, values: Mapping[str, str]) -> list[str]:
        """The text as it falls on lines."""
        text = fill_slots(self.text, values)
        if self.broken_by_hand:
            return text.split("\n")
        return break_lines(text, TYPE_WIDTH - self.left - self.right, self.first)

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        return (len(self.broken(values)),)

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        if self.new_page:
            flow.new_page()
        flow.add(sum(rows) - self.carried)
        if self.carried:
            flow.new_page()
            flow.add(self.carried)
        return False

    def placed(self, flow: Flow, values: Mapping[str, str], line: int) -> Iterator[tuple[int, int, str]]:
        if self.new_page:
            flow.new_page()
        lines = self.broken(values)
        for number, text in enumerate(lines):
            if self.carried and number == len(lines) - self.carried:
                flow.new_page()
            flow.add(1)
            yield flow.page, flow.line, text

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        style = styles.id(self.style)
        if self.carried:
            return turned_paragraph(style, self._turned_runs(), styles)
        first = {"hanging": -self.first} if self.first < 0 else {"first_line": self.first}
        properties = [
            KEEP_NEXT if self.kept else "",
            PAGE_BREAK_BEFORE if self.new_page else "",
            tab_stops(self.stops),
            "" if self.styled else indent(left=self.left, right=self.right, **first),
            f'<w:jc w:val="{self.justify}"/>' if self.justify else "",
        ]
        return paragraph(style, self.runs, "".join(properties), styles)

    def _turned_runs(self) -> TurnedRuns:
        """The runs above the last line on a page, in that line, and on the next page."""
        lines = self.broken({})
        last = lines[-self.carried - 1]
        end = len("".join(lines[: -self.carried]))
        room = TYPE_WIDTH - self.left - self.right - (self.first if len(lines) == self.carried + 1 else 0)
        spread = TIGHTEN + max(0, room - width(last)) // len(last)
        above, rest = _split(self.runs, end - len(last))
        line, below = _split(rest, len(last))
        return TurnedRuns(above, line, below, spread)


def _split(runs: Sequence[Run], length: int) -> tuple[list[Run], list[Run]]:
    """The runs up to a place in their text, and from it on."""
    before, after = [], []
    for run in runs:
        here = min(max(length, 0), len(run.text))
        before.append(replace(run, text=run.text[:here]))
        after.append(replace(run, text=run.text[here:]))
        length -= len(run.text)
    return before, after


@dataclass(frozen=True)
class Blank(_Element):
    """Blank lines, on one page; they may shrink to `least` where room is wanted (7.3.5.5)."""

    count: int
    least: int

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        return (self.count,)

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        flow.add_whole(sum(rows))
        return False

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        return blank(styles.id("公文正文"), self.count * styles.line)


_SEAL_ROW = Fraction(42, 10)
"""The least lines from one row of seals to the next: a seal of 42 mm is 4.1 lines high, and seals do not touch
(7.3.5.1). All rows together take whole lines, so that the date stands on the grid."""


@dataclass(frozen=True)
class SealRow:
    """Names side by side, each in lines of its own and centred in its column of the type area."""

    names: tuple[tuple[str, ...], ...]
    columns: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """The texts of each line, from left to right."""
        return list(itertools.zip_longest(*self.names, fillvalue=""))


@dataclass(frozen=True)
class SealRows(_Element):
    """署名 of a joint issue in rows of seals, the date below the last name; all of it on one page."""

    rows: tuple[SealRow, ...]
    date: str

    @property
    def _pitch(self) -> Fraction:
        """Lines from one row to the next."""
        gaps = len(self.rows) - 1
        return Fraction(math.ceil(gaps * _SEAL_ROW), max(gaps, 1))

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        return (int(self._pitch * (len(self.rows) - 1)) + len(self._ending),)

    @property
    def _ending(self) -> list[str]:
        """The lines that are on the grid: the last row, and the date."""
        return [*map("".join, self.rows[-1].cells), *([self.date] if self.date else [])]

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        flow.add_whole(sum(rows))
        return False

    def placed(self, flow: Flow, values: Mapping[str, str], line: int) -> Iterator[tuple[int, int, str]]:
        self.advance(flow, self.measured(values), line)
        for above, text in enumerate(reversed(self._ending)):
            yield flow.page, flow.line - above, text

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        pieces: list[Markup] = []
        for row in self.rows:
            pieces += [_centred("发文机关署名", cells, row.columns, styles, kept=True) for cells in row.cells]
            height = round((self._pitch - len(row.cells)) * styles.line)
            pieces.append(blank(styles.id("公文正文"), height, KEEP_NEXT))
        del pieces[-1]
        if self.date:
            columns = self.rows[-1].columns
            dated = [*("" for _name in columns[1:]), self.date]
            pieces.append(_centred("成文日期", dated, columns, styles, kept=False))
        return join(pieces)


def _centred(style: str, cells: Sequence[str], columns: Sequence[int], styles: Styles, *, kept: bool) -> Markup:
    """Texts each centred in its column of the type area, by centred tab stops."""
    edges = itertools.accumulate(columns, initial=0)
    stops = tuple(("center", edge + column // 2) for edge, column in zip(edges, columns, strict=False))
    runs = tuple(Run(text) for cell in cells for text in ("\t", cell))
    line = Text(style, runs, stops=stops, justify="left", kept=kept)
    return line.markup(styles, "", opened=False)


@dataclass(frozen=True)
class Table(_Element):
    """A table of the body. It has `row_lines` once it is arranged."""

    table: BodyTable
    row_lines: tuple[int, ...] = ()
    new_page: bool = False

    @property
    def ends_section(self) -> bool:
        return self.table.turned

    @property
    def text(self) -> str:
        return "\n".join(cell for row in self.table.rows for cell in row)

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        return self.table.heights(values)

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        if self.new_page:
            flow.new_page()
        return self.table.advance(flow, rows, line)

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        return self.table.markup(self.row_lines, styles, section, new_page=self.new_page, opened=opened)


@dataclass(frozen=True)
class Joined(_Element):
    """A source whose own pages stand here, under its label; nobody can count them."""

    name: str
    label: str

    @property
    def ends_section(self) -> bool:
        return True

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        return ()

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        if flow.line:
            flow.new_page()
        return False

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        label: list[Item] = [Text("附件标识", (Run(self.label),)), Blank(1, 1)] if self.label else []
        closed = [] if opened else [section_break(section)]
        return join([*closed, markup(label, styles), place(self.name)])


Item = Text | Blank | SealRows | Table | Joined


def markup(items: Sequence[Item], styles: Styles, section: str = "") -> Markup:
    """Items in order; `section` is the w:sectPr of their pages, which some items interrupt."""
    pieces = []
    opened = False
    for item in items:
        pieces.append(item.markup(styles, section, opened=opened))
        opened = item.ends_section
    return join(pieces)


def on_new_page(item: Item) -> Item:
    """The item, beginning a new page where it is one that can."""
    return replace(item, new_page=True) if isinstance(item, Text | Table) else item
