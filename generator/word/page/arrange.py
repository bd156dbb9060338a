"""Where the elements of a document fall: their lines added up, the signature kept beside text, the last page filled.

A few heights depend on where the text ends: the blank lines above the signature, the lines of text that come along with
it to a new page, the space above 版记. They are found by trying: a way to set the end of the text is run through the
grid and judged, and the best one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generator.word.bound import Bound
from generator.word.page.items import Blank, Item, Joined, Table, Text, on_new_page
from generator.word.page.layout import PAGE_LINES, Flow
from generator.word.page.official import Imprint, blank_item


@dataclass(frozen=True)
class Arrangement:
    """What depends on where the text ends: the same numbers give the same package (`Document.shape`)."""

    signature_blanks: int = 0
    moved: int = -1
    """Index of the item of body and 附件说明 that begins a new page, to have text beside the signature; -1: none."""
    moved_lines: int = 0
    """How many of that item's last lines do so, 0 for all of them."""
    table_lines: tuple[tuple[int, ...], ...] = ()
    """For each table of the body, the lines of its rows."""
    pushed: tuple[int, ...] = ()
    """Indexes of the tables that begin a new page because their first rows have no room."""
    empty_pages: int = 0
    """Pages begun for the imprint: one where it has no room, one more where that is an odd one."""
    imprint_blanks: int = 0
    pages: int = 1
    last_line: int = 0
    """Where the text before 版记 ends. The pages of a source that is joined as it is are not counted."""
    resumed: tuple[int, ...] = ()
    """For each source joined as it is, which page of ours follows it."""
    even_page: bool = False
    """版记 takes the next even page: after pages that cannot be counted, nobody knows which that is."""

    @property
    def blank_page(self) -> bool:
        """Whether a page without text stands before that of 版记: neither bears a number then (7.5)."""
        return self.even_page or self.empty_pages > (1 if self.last_line else 0)


@dataclass(frozen=True)
class Composed:
    """The elements of a document in order, in the groups that the templates place; `line` is the grid's pitch."""

    line: int
    above_number: int
    below_number: int
    head: tuple[Item, ...]
    number: tuple[Item, ...]
    title: tuple[Item, ...]
    body: tuple[Item, ...]
    note: tuple[Item, ...]
    signature: tuple[Item, ...]
    annotations: tuple[Item, ...]
    appended: tuple[Item, ...]
    bound: tuple[Bound, ...]
    imprint: Imprint
    even_imprint: bool

    @property
    def lines_above_title(self) -> int:
        """What 版头 takes of page 1, in whole lines of the grid."""
        taken = self.above_number + self.below_number + sum(item.lines({}) for item in self.number) * self.line
        return round(taken / self.line) + sum(item.lines({}) for item in self.head)

    @property
    def lines_to_text(self) -> int:
        """The lines of page 1 down to the end of the title and what stands with it."""
        return self.lines_above_title + sum(item.lines({}) for item in self.title)

    def arrange(self, values: Mapping[str, str]) -> Arrangement:
        """Where everything falls for a unit's values."""
        end = _End(self, values)
        best = end.best()
        # Of ways that are equally good, the one with fewer pages: a blank line is worth less than two empty ones.
        found = [self._close(end, way, values) for way in best]
        return min(found, key=lambda arrangement: arrangement.pages)

    def _close(self, end: _End, way: _Way, values: Mapping[str, str]) -> Arrangement:
        """The pages after the signature, where the text before is set in a way."""
        run = end.run(way)
        flow = run.flow
        _advance(flow, self.annotations, values, self.line)
        resumed = _append(flow, self.appended, values, self.line)
        for form in self.bound:
            form.advance(flow, self.line)
        empty, space = self._place_imprint(flow)
        even_page = bool(resumed and self.even_imprint and self.imprint.lines)
        if even_page:
            empty, space = 0, -self.imprint.lines % PAGE_LINES
        more = max(0, self.imprint.lines - 1) // PAGE_LINES
        pages = flow.page + empty + more + (even_page and flow.line > 0)
        if not flow.line and not self.imprint.lines:
            pages -= 1
        return Arrangement(
            way.blanks,
            way.moved,
            way.lines,
            end.table_lines,
            run.pushed,
            empty,
            space,
            pages,
            flow.line,
            resumed,
            even_page,
        )

    def _place_imprint(self, flow: Flow) -> tuple[int, int]:
        """How many pages are begun for 版记, and the blank lines above it: its last line is the last of a page."""
        rows = self.imprint.lines
        if not rows:
            return 0, 0
        empty = 0 if rows < flow.left else 1
        more = (rows - 1) // PAGE_LINES
        if self.even_imprint and (flow.page + empty + more) % 2:
            empty += 1
        return empty, (-rows if empty else flow.left - rows) % PAGE_LINES


# -- the end of the text -----------------------------------------------------------------------------------------------

# What it costs to move text along with the signature, in half lines: the least number of lines goes, two rather than
# one, whole paragraphs where they are short, and no heading stays behind.
_LINE, _ONE_LINE_ALONE, _INSIDE, _ONE_LINE_LEFT, _HEADING_LEFT, _NOTE_TORN = 2, 3, 2, 2, 10, 12


@dataclass(frozen=True)
class _Way:
    """A way to set the end of the text: so many blanks, and from where on it begins a new page (`Arrangement`)."""

    blanks: int
    moved: int = -1
    lines: int = 0
    cost: int = 0


@dataclass(frozen=True, order=True)
class _Judged:
    """How well a way does; the least is the best."""

    bare_front: bool
    """Page 1 shows no body text (7.3.3)."""
    without_body: int
    """Pages with a signature and no line of the body; 附件说明 is none (7.3.5.5)."""
    without_text: int
    """Those without a line of 附件说明, too: what is left to ask where the body cannot come along."""
    cost: int
    way: _Way = field(compare=False)
    flow: Flow = field(compare=False)
    pushed: tuple[int, ...] = field(compare=False)

    @property
    def faultless(self) -> bool:
        return not (self.bare_front or self.without_body or self.cost)


class _End:
    """The text and the signature of a document with a unit's values, measured once and tried in many ways."""

    def __init__(self, composed: Composed, values: Mapping[str, str]) -> None:
        self._composed, self._values = composed, values
        self._text = (*composed.body, *composed.note)
        self._measures = [item.measured(values) for item in self._text]
        self._signature = [(item, item.measured(values)) for item in composed.signature]
        self._start = Flow()
        self._start.add(composed.lines_above_title)
        _advance(self._start, composed.title, values, composed.line)

    @property
    def table_lines(self) -> tuple[tuple[int, ...], ...]:
        return tuple(rows for item, rows in zip(self._text, self._measures, strict=True) if isinstance(item, Table))

    def best(self) -> list[_Way]:
        """The best way; with others as good, which differ from it in the blank lines above the signature."""
        judged = [self.run(way) for way in self._in_place()]
        if not any(one.faultless for one in judged):
            judged += [self.run(way) for way in self._moving()]
        best = min(judged)
        same = (one.way for one in judged if one == best)
        return [way for way in same if (way.moved, way.lines) == (best.way.moved, best.way.lines)]

    def run(self, way: _Way) -> _Judged:
        """Where everything falls in a way, and how well that is."""
        flow = replace(self._start)
        spots: list[tuple[int, int]] = []
        pushed = []
        for number, (item, rows) in enumerate(zip(self._text, self._measures, strict=True)):
            set_item = _moved(item, way.lines) if number == way.moved else item
            begins = flow.page + ((number == way.moved and not way.lines) or not flow.left)
            if set_item.advance(flow, rows, self._composed.line):
                pushed.append(number)
            spots.append((begins, flow.page))
        first, last = self._sign(flow, way.blanks)
        body = spots[: len(self._composed.body)]
        return _Judged(
            bool(body) and body[0][0] > 1,
            _pages_after(body, first, last),
            _pages_after(spots, first, last),
            way.cost + _NOTE_TORN * _torn(spots[len(body) + 1 :]),
            way,
            flow,
            tuple(pushed),
        )

    def _sign(self, flow: Flow, blanks: int) -> tuple[int, int]:
        """Sets the signature; gives the pages where it begins and ends, or none at all."""
        if not self._signature:
            return 1, 0
        flow.add_whole(blanks)
        first = 0
        for item, rows in self._signature[1:]:
            item.advance(flow, rows, self._composed.line)
            first = first or flow.page
        return first, flow.page

    def _in_place(self) -> Iterator[_Way]:
        blank = self._signature[0][0] if self._signature else blank_item(0)
        if isinstance(blank, Blank):
            yield from map(_Way, range(blank.count, blank.least - 1, -1))

    def _moving(self) -> Iterator[_Way]:
        """Every break at an item or at a line that leaves no more than a page to follow it."""
        after = 0
        for index in range(len(self._text) - 1, -1, -1):
            item, lines = self._text[index], sum(self._measures[index])
            note = index >= len(self._composed.body)
            for count in range(1, lines) if item.divisible and not note else ():
                if after + count <= PAGE_LINES:
                    cost = _INSIDE + _ONE_LINE_LEFT * (lines - count == 1)
                    yield from self._from(index, count, after + count, cost)
            after += lines
            if after > PAGE_LINES:
                return
            if index and not isinstance(item, Blank) and not item.ends_section:
                yield from self._from(index, 0, after, _HEADING_LEFT * self._text[index - 1].heading)

    def _from(self, index: int, count: int, lines: int, cost: int) -> Iterator[_Way]:
        note = sum(sum(rows) for rows in self._measures[len(self._composed.body) :])
        body = max(0, lines - note)
        cost += _LINE * lines + _ONE_LINE_ALONE * (body == 1)
        for way in self._in_place():
            yield replace(way, moved=index, lines=count, cost=cost)


def _pages_after(spots: Sequence[tuple[int, int]], first: int, last: int) -> int:
    """How many of the pages from `first` to `last` come after the last of these spots."""
    end = spots[-1][1] if spots else 0
    return max(0, last - max(end, first - 1))


def _torn(spots: Sequence[tuple[int, int]]) -> bool:
    return bool(spots) and spots[0][0] != spots[-1][1]


def _moved(item: Item, lines: int) -> Item:
    return replace(item, carried=lines) if lines and isinstance(item, Text) else on_new_page(item)


# -- the flow ----------------------------------------------------------------------------------------------------------


def _append(flow: Flow, items: Sequence[Item], values: Mapping[str, str], line: int) -> tuple[int, ...]:
    """Adds the appended sources to the flow; gives the page of ours that follows each one joined as it is."""
    resumed = []
    for item in items:
        _advance(flow, [item], values, line)
        resumed += [flow.page] if isinstance(item, Joined) else []
    return tuple(resumed)


def _advance(flow: Flow, items: Sequence[Item], values: Mapping[str, str], line: int) -> None:
    for item in items:
        item.advance(flow, item.measured(values), line)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text and its place: the page, and the line of the grid on it, both from 1."""

    page: int
    line: int
    text: str


def placed(composed: Composed, arranged: Arrangement, values: Mapping[str, str]) -> Iterator[Placed]:
    """Every line of text from the title to the last appended source, where the arithmetic puts it.

    It ends at a source that is joined as it is, and leaves out tables. Of a joint signature it gives the end: the rows
    above the last are not on the grid.

    Its baseline is `line - 1 + 4/5` lines below the top of the type area (docs/layout.md).
    """
    flow = Flow()
    flow.add(composed.lines_above_title)
    text = arranged_text(composed, arranged)
    signature = arranged_signature(composed, arranged)
    for item in (*composed.title, *text, *signature, *composed.annotations, *composed.appended):
        if isinstance(item, Joined):
            return
        for page, line, words in item.placed(flow, values, composed.line):
            yield Placed(page, line, words)


def arranged_text(composed: Composed, arranged: Arrangement) -> list[Item]:
    """The items of body and 附件说明, the one that is moved beginning a new page, the tables with their heights."""
    text = [*composed.body, *composed.note]
    if arranged.moved >= 0:
        text[arranged.moved] = _moved(text[arranged.moved], arranged.moved_lines)
    for pushed in arranged.pushed:
        text[pushed] = _moved(text[pushed], 0)
    heights = iter(arranged.table_lines)
    return [replace(item, row_lines=next(heights)) if isinstance(item, Table) else item for item in text]


def arranged_signature(composed: Composed, arranged: Arrangement) -> tuple[Item, ...]:
    """The signature with as many blank lines above it as there is room for."""
    if not composed.signature:
        return ()
    return (blank_item(arranged.signature_blanks), *composed.signature[1:])
