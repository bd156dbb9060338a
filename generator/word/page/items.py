"""What stands on the grid: a document is a row of items, each of which knows its lines, its place and its markup.

An `Item` is one of five: a paragraph of text, blank lines, the rows of a joint signature, a table, a source whose own
pages stand there. The composer makes items, `arrange` decides where they fall, `markup` writes them as
WordprocessingML. Lines are lines of the grid, other measures twips.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from generator.office.package import SLOT_OPEN, fill_slots
from generator.word.join import place
from generator.word.page.bodytable import BodyTable
from generator.word.page.layout import ENGINE, PAGE_LINES, TYPE_WIDTH, Engine, Flow, break_lines
from generator.word.xml import (
    HELD,
    KEEP_LINES,
    KEEP_NEXT,
    PAGE_BREAK_BEFORE,
    Styles,
    blank,
    indent,
    join,
    paragraph,
    section_break,
    tab_stops,
)
from generator.wording.body import Run

HEADINGS = ("一级标题", "二级标题", "三级标题", "四级标题")


class _Element:
    """What holds of most items; each says what is otherwise of it."""

    @property
    def kept(self) -> bool:
        """Whether it stands on one page with the beginning of what follows it."""
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

    def measured(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
        """How many lines it takes with a unit's values in its slots; a table says so row by row."""
        raise NotImplementedError

    def lines(self, values: Mapping[str, str]) -> int:
        return sum(self.measured(values))

    def opening(self, rows: Sequence[int]) -> int:
        """The lines of it that stand together where it begins, measured as `rows`."""
        return sum(rows)

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        """Moves the flow past the item, which is measured as `rows` of `line` twips each.

        Gives whether it must be told to begin a new page to stand where it does.
        """
        flow.add_whole(sum(rows))
        return False

    def placed(
        self, flow: Flow, values: Mapping[str, str], line: int, engine: Engine = ENGINE
    ) -> Iterator[tuple[int, int, str]]:
        """Moves the flow past the item; gives page, line and text of each of its lines whose place is known."""
        self.advance(flow, self.measured(values, engine), line)
        return iter(())

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        """The item in a document whose pages are of `section` (w:sectPr); `opened`: another has just ended."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(_Element):
    """A paragraph. `first` is the first line's indent against `left`, that of the others.

    `styled`: the indents are those of its style, and said here for the sum alone. `broken_by_hand`: its line breaks
    are all there are. A run of one tab goes to the next of the `stops` (their kind and place). `whole`: on one page;
    `kept`: with the next one's beginning.
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
    whole: bool = False
    kept: bool = False
    new_page: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def heading(self) -> bool:
        return self.style in HEADINGS

    def broken(self, values: Mapping[str, str], engine: Engine = ENGINE) -> list[str]:
        """The text as it falls on lines."""
        text = fill_slots(self.text, values)
        if self.broken_by_hand:
            return text.split("\n")
        return break_lines(text, TYPE_WIDTH - self.left - self.right, self.first, engine=engine)

    def measured(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
        return (len(self.broken(values, engine)),)

    def opening(self, rows: Sequence[int]) -> int:
        return sum(rows) if self.whole or self.kept else min(1, sum(rows))

    def advance(self, flow: Flow, rows: Sequence[int], line: int) -> bool:
        if self.new_page:
            flow.new_page()
        if self.whole:
            flow.add_whole(sum(rows))
        else:
            flow.add(sum(rows))
        return False

    def placed(
        self, flow: Flow, values: Mapping[str, str], line: int, engine: Engine = ENGINE
    ) -> Iterator[tuple[int, int, str]]:
        if self.new_page:
            flow.new_page()
        lines = self.broken(values, engine)
        if self.whole and len(lines) > flow.left:
            flow.new_page()
        for text in lines:
            flow.add(1)
            yield flow.page, flow.line, text

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        first = {"hanging": -self.first} if self.first < 0 else {"first_line": self.first}
        properties = [
            KEEP_NEXT if self.kept else "",
            KEEP_LINES if self.whole else "",
            PAGE_BREAK_BEFORE if self.new_page else "",
            tab_stops(self.stops),
            "" if self.styled else indent(left=self.left, right=self.right, **first),
            f'<w:jc w:val="{self.justify}"/>' if self.justify else "",
        ]
        return paragraph(styles.id(self.style), self.runs, "".join(properties), styles)

    def divided(self, length: int) -> tuple[Text, Text]:
        """Two paragraphs that look like one, the second beginning after so many characters, where a line ends."""
        above, below = _split(self.runs, length)
        head = replace(self, runs=tuple(above), justify="distribute")
        return head, replace(self, runs=tuple(below), first=0, styled=False)


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
    kept: bool = False

    def measured(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
        return (self.count,)

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        return blank(styles.id("公文正文"), self.count * styles.line, HELD if self.kept else "")


_SEAL_ROW = 5
"""Lines from one row of seals to the next, 51 mm: seals are up to 50 mm wide (国发〔1999〕25号), and do not touch
(7.3.5.1)."""


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
    kept: bool = False

    def measured(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
        return (_SEAL_ROW * (len(self.rows) - 1) + len(self._ending),)

    @property
    def _ending(self) -> list[str]:
        """The lines that are on the grid: the last row, and the date."""
        return [*map("".join, self.rows[-1].cells), *([self.date] if self.date else [])]

    def placed(
        self, flow: Flow, values: Mapping[str, str], line: int, engine: Engine = ENGINE
    ) -> Iterator[tuple[int, int, str]]:
        self.advance(flow, self.measured(values), line)
        for above, text in enumerate(reversed(self._ending)):
            yield flow.page, flow.line - above, text

    def markup(self, styles: Styles, section: str, *, opened: bool) -> Markup:
        pieces: list[Markup] = []
        for row in self.rows:
            pieces += [_centred("发文机关署名", cells, row.columns, styles, kept=True) for cells in row.cells]
            pieces.append(blank(styles.id("公文正文"), (_SEAL_ROW - len(row.cells)) * styles.line, HELD))
        del pieces[-1]
        if self.date:
            columns = self.rows[-1].columns
            dated = [*("" for _name in columns[1:]), self.date]
            pieces.append(_centred("成文日期", dated, columns, styles, kept=self.kept))
        return join(pieces)


def _centred(style: str, cells: Sequence[str], columns: Sequence[int], styles: Styles, *, kept: bool) -> Markup:
    """Texts each centred in its column of the type area, by centred tab stops."""
    edges = itertools.accumulate(columns, initial=0)
    stops = tuple(("center", edge + column // 2) for edge, column in zip(edges, columns, strict=False))
    runs = tuple(Run(text) for cell in cells for text in ("\t", cell))
    line = Text(style, runs, stops=stops, justify="left", whole=kept, kept=kept)
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

    def measured(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
        return self.table.heights(values, engine)

    def opening(self, rows: Sequence[int]) -> int:
        # Its own section begins a page, its head keeps with the first row.
        return 0 if self.table.turned else sum(rows[:2])

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

    def measured(self, values: Mapping[str, str], engine: Engine = ENGINE) -> tuple[int, ...]:
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


def kept(item: Item) -> Item:
    """The item, on one page with the beginning of what follows it, where it is one that can be kept there."""
    return replace(item, kept=True) if isinstance(item, Text | Blank | SealRows) else item


def held(item: Item) -> Item:
    """The same, and undivided."""
    return replace(item, kept=True, whole=True) if isinstance(item, Text) else kept(item)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an item has come to stand: its first and its last page."""

    first: int
    last: int
    start: Flow
    """Where the flow was before it."""
    empty: int
    """Lines left empty above it, at the foot of a page, for what is kept together."""
    pushed: bool
    """Whether it must be told to begin a new page to stand where it does."""


def advance(flow: Flow, items: Sequence[Item], measures: Sequence[Sequence[int]], line: int) -> Iterator[Spot]:
    """Moves the flow past each item in turn, measured as given; what is kept goes to a new page with what it opens."""
    settled = 0
    for number, (item, rows) in enumerate(zip(items, measures, strict=True)):
        empty = 0
        if number >= settled and item.kept:
            settled, lines = _chain(items, measures, number)
            if flow.line and flow.left < lines <= PAGE_LINES:
                empty = flow.left
                flow.new_page()
        start = replace(flow)
        pushed = item.advance(flow, rows, line)
        begins_anew = start.left < max(1, item.opening(rows)) or getattr(item, "new_page", False)
        yield Spot(start.page + (begins_anew and flow.page > start.page), flow.page, start, empty, pushed)


def _chain(items: Sequence[Item], measures: Sequence[Sequence[int]], start: int) -> tuple[int, int]:
    """Where what is kept together from an item on ends, and its lines, with the opening of what follows."""
    end = start
    while end < len(items) and items[end].kept:
        end += 1
    lines = sum(sum(rows) for rows in measures[start:end])
    return end, lines + (items[end].opening(measures[end]) if end < len(items) else 0)
