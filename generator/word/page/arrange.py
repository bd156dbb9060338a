"""Where the elements of a document fall: their lines added up, the signature kept beside text, the last page filled.

What stands together is said by properties of paragraphs, which hold however the lines of another program fall. What no
property says is chosen here, for the lines that Word sets and for some more or fewer: the blank lines above the
signature, the line at which a long last paragraph is made two, the tables that begin a page, the page of 版记.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generator.word.bound import Bound
from generator.word.page.items import Blank, Item, Joined, Spot, Table, Text, advance, kept, on_new_page
from generator.word.page.layout import ENGINE, LIBREOFFICE, PAGE_LINES, WORD, Engine, Flow
from generator.word.page.official import Imprint, blank_item


@dataclass(frozen=True)
class Arrangement:
    """What depends on where the text ends: the same numbers give the same package (`Document.shape`)."""

    signature_blanks: int = 0
    divided: int = 0
    """After how many characters the last paragraph of the body is made two; 0: it stays one."""
    turned_over: int = -1
    """Index of the last table of the body, where it begins a new page to have text beside the signature; -1: none."""
    table_lines: tuple[tuple[int, ...], ...] = ()
    """For each table of the body, the lines of its rows."""
    pushed: tuple[int, ...] = ()
    """Indexes of the tables that begin a new page because their first rows have no room."""
    imprint_begins: str = ""
    """The type of the section (w:type) that 版记 has for itself: it has no room below the text, or that page is odd."""
    pages: int = 1
    last_line: int = 0
    """Where the text before 版记 ends. The pages of a source that is joined as it is are not counted."""
    resumed: tuple[int, ...] = ()
    """For each source joined as it is, which page of ours follows it."""
    blank_page: bool = False
    """A page without text stands before that of 版记, or may: neither bears a number then (7.5)."""


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
    engine: Engine = ENGINE
    """Whose lines are foretold."""

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
        # A blank line is worth less than two empty pages.
        return min((self._close(end, way, values) for way in end.best()), key=lambda arrangement: arrangement.pages)

    def follow(self, arranged: Arrangement, values: Mapping[str, str]) -> Arrangement:
        """Where everything falls when the document is as it was arranged for another engine."""
        way = _Way(arranged.signature_blanks, arranged.divided, arranged.turned_over)
        return self._close(_End(self, values), way, values)

    def _close(self, end: _End, way: _Way, values: Mapping[str, str]) -> Arrangement:
        """The pages after the signature, where the text before is set in a way."""
        run = end.run(way)
        flow = run.flow
        resumed = _append(flow, self.appended, values, self)
        for form in self.bound:
            form.advance(flow, self.line)
        rows = self.imprint.lines
        begins = self._imprint_begins(flow, unknown=bool(resumed))
        skipped = begins in _PARITY and (flow.line > 0) == (flow.page % 2 == _PARITY[begins])
        pages = flow.page - (not flow.line and not rows)
        if begins:
            pages += (flow.line > 0) + skipped + (rows - 1) // PAGE_LINES
        return Arrangement(
            way.blanks,
            way.divided,
            way.turned_over,
            end.table_lines,
            run.pushed,
            begins,
            pages,
            flow.line,
            resumed,
            begins in _PARITY and (skipped or bool(resumed)),
        )

    def _imprint_begins(self, flow: Flow, *, unknown: bool) -> str:
        """The section of 版记, where it needs one; `unknown`: nobody can count the pages before it."""
        rows = self.imprint.lines
        if not rows or (rows < PAGE_LINES and not self.even_imprint):
            return ""
        if rows < PAGE_LINES and not unknown and flow.page % 2 == 0 and rows < flow.left:
            return ""
        if not self.even_imprint:
            return "nextPage"
        # Its last page is an even one.
        return "oddPage" if (rows - 1) // PAGE_LINES % 2 else "evenPage"

    @property
    def floats(self) -> bool:
        """Whether 版记 stands on the page of the last paragraph, wherever that is."""
        return self.imprint.lines > 0 and not self.even_imprint and self.shares_page(Flow())

    def shares_page(self, flow: Flow) -> bool:
        """Whether 版记 stands on one page with a text that ends with the signature or 附注, where the flow is."""
        below = self.imprint.lines and not (self.appended or self.bound)
        return bool(below) and not self._imprint_begins(flow, unknown=False)


_PARITY = {"evenPage": 0, "oddPage": 1}

# -- the end of the text -----------------------------------------------------------------------------------------------

_DRIFT = (1, -1, 2, -2, 3, -3)
"""Lines by which the text may be longer or shorter in another program, or after a last correction."""
_DIVIDED = 8
"""What it is worth in empty lines that the last paragraph stays one, for whoever goes on writing it."""
_FORETOLD = 3
"""How much more an empty line counts that is foretold than one that may come about."""
_TAIL = range(1, 9)
"""Lines that a paragraph which is made two has below."""
_NOT_SHARED = 1000
"""What a place counts where LibreOffice ends no line: it is taken to mend a fault only."""
_LINE_ALONE = 6
"""What a single line, above or below, counts in empty ones."""


@dataclass(frozen=True)
class _Way:
    """A way to set the end of the text (`Arrangement`)."""

    blanks: int = 0
    divided: int = 0
    turned_over: int = -1
    shared: bool = True
    """Whether LibreOffice ends a line where the paragraph is divided, too."""


@dataclass(frozen=True, order=True)
class _Judged:
    """How well a way does; the least is the best."""

    bare_front: bool
    """Page 1 shows no body text (7.3.3)."""
    without_body: int
    """Pages with a signature and no line of the body; 附件说明 is none (7.3.5.5)."""
    without_text: int
    """Those without a line of 附件说明, too: what is left to ask where the body cannot come along."""
    empty: int
    """Lines left empty at the foot of the pages before."""
    flow: Flow = field(compare=False)
    pushed: tuple[int, ...] = field(compare=False)


class _End:
    """The text and the signature of a document with a unit's values, measured once and tried in many ways."""

    def __init__(self, composed: Composed, values: Mapping[str, str]) -> None:
        self._composed, self._values = composed, values
        self._text = (*composed.body, *composed.note)
        self._measures = [self._measure(item) for item in self._text]
        closing = [*composed.signature[1:], *composed.annotations]
        self._closing = [(item, self._measure(item)) for item in closing]
        self._start = Flow()
        self._start.add(composed.lines_above_title)
        _advance(self._start, composed.title, values, composed)

    def _measure(self, item: Item) -> tuple[int, ...]:
        return item.measured(self._values, self._composed.engine)

    @property
    def table_lines(self) -> tuple[tuple[int, ...], ...]:
        return tuple(rows for item, rows in zip(self._text, self._measures, strict=True) if isinstance(item, Table))

    def best(self) -> list[_Way]:
        """The best way; with others as good, which differ from it in the blank lines above the signature."""
        ways = list(self._ways())
        chosen = min(ways, key=self._cost)
        alike = [way for way in ways if (way.divided, way.turned_over) == (chosen.divided, chosen.turned_over)]
        found = self.run(chosen)
        return [way for way in alike if self.run(way) == found]

    def _ways(self) -> Iterator[_Way]:
        blank = self._composed.signature[0] if self._composed.signature else blank_item(0)
        counts = range(blank.count, blank.least - 1, -1) if isinstance(blank, Blank) else range(1)
        for end in self._ends():
            yield from (replace(end, blanks=count) for count in counts)

    def _ends(self) -> Iterator[_Way]:
        """The places where the last paragraph may be made two, and the table that may begin a page."""
        yield _Way()
        last = self._composed.body[-1] if self._composed.body and self._composed.signature else None
        if isinstance(last, Text):
            yield from (_Way(divided=place, shared=shared) for place, shared in _divisions(last))
        elif isinstance(last, Table) and not last.ends_section:
            yield _Way(turned_over=len(self._composed.body) - 1)

    def _cost(self, way: _Way) -> tuple[_Judged, int, int]:
        """Faults that are foretold, faults that may come about, and then what is left empty."""
        foretold = self.run(way)
        beside = self._composed.shares_page(foretold.flow)
        others = [self.run(way, drift, beside=beside) for drift in _DRIFT]
        worst = sum(one.without_body + one.without_text for one in others)
        empty = _FORETOLD * foretold.empty + sum(one.empty for one in others)
        return replace(foretold, empty=0), worst, empty + self._price(way)

    def _price(self, way: _Way) -> int:
        """What dividing the last paragraph is worth, in empty lines."""
        if not way.divided:
            return 0
        *_above, head, tail = arranged_body(self._composed, way.divided, -1)
        return (
            _DIVIDED
            + _NOT_SHARED * (not way.shared)
            + _LINE_ALONE * sum(self._measure(part) == (1,) for part in (head, tail))
        )

    def run(self, way: _Way, drift: int = 0, *, beside: bool = False) -> _Judged:
        """Where everything falls in a way when the text has some lines more or fewer, and how well that is.

        `beside`: 版记 goes wherever the text does, as that of a letter always does.
        """
        flow = replace(self._start, line=max(0, self._start.line + drift))
        beside = beside or self._composed.floats
        items, measures = self._set(way, beside=beside)
        spots = list(advance(flow, items, measures, self._composed.line))
        text = len(items) - len(self._closing) - bool(self._composed.signature) - beside
        body, signed = text - len(self._composed.note), spots[text + bool(self._composed.signature) :]
        first, last = (signed[0].first, signed[-1].last) if self._composed.signature else (1, 0)
        return _Judged(
            bool(body) and spots[0].first > 1,
            _pages_after(spots[:body], first, last),
            _pages_after(spots[:text], first, last),
            sum(spot.empty for spot in spots),
            flow,
            tuple(number for number, spot in enumerate(spots) if spot.pushed),
        )

    def _set(self, way: _Way, *, beside: bool) -> tuple[list[Item], list[tuple[int, ...]]]:
        """Everything down to the annotations, and 版记 where it stands with them, with what each is measured as."""
        composed, body = self._composed, len(self._composed.body)
        items: list[Item] = list(arranged_body(composed, way.divided, way.turned_over))
        measures = list(self._measures)
        if way.divided:
            measures[body - 1 : body] = [self._measure(item) for item in items[body - 1 :]]
        items += [*composed.note, *arranged_blank(composed, way.blanks), *(item for item, _rows in self._closing)]
        measures += [(way.blanks,)] * bool(composed.signature) + [rows for _item, rows in self._closing]
        if beside:
            items[-1:] = [*map(kept, items[-1:]), Blank(0, 0)]
            measures.append((composed.imprint.lines,))
        return items, measures


def _divisions(last: Text) -> Iterator[tuple[int, bool]]:
    """The places where a paragraph may be made two, and whether LibreOffice ends a line there, too."""
    if last.broken_by_hand or last.depends_on_unit or "\n" in last.text:
        return
    word, other = (list(itertools.accumulate(map(len, last.broken({}, engine)))) for engine in (WORD, LIBREOFFICE))
    for below in _TAIL:
        if len(word) > below:
            yield word[-below - 1], word[-below - 1] in other


def _pages_after(spots: Sequence[Spot], first: int, last: int) -> int:
    """How many of the pages from `first` to `last` come after the last of these spots."""
    end = spots[-1].last if spots else 0
    return max(0, last - max(end, first - 1))


# -- the flow ----------------------------------------------------------------------------------------------------------


def _append(flow: Flow, items: Sequence[Item], values: Mapping[str, str], composed: Composed) -> tuple[int, ...]:
    """Adds the appended sources to the flow; gives the page of ours that follows each one joined as it is."""
    resumed = []
    for item in items:
        _advance(flow, [item], values, composed)
        resumed += [flow.page] if isinstance(item, Joined) else []
    return tuple(resumed)


def _advance(flow: Flow, items: Sequence[Item], values: Mapping[str, str], composed: Composed) -> None:
    measures = [item.measured(values, composed.engine) for item in items]
    for _spot in advance(flow, items, measures, composed.line):
        pass


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text and its place: the page, and the line of the grid on it, both from 1."""

    page: int
    line: int
    text: str


def placed(composed: Composed, arranged: Arrangement, values: Mapping[str, str]) -> Iterator[Placed]:
    """Every line of text from the title to the last appended source, where the arithmetic puts it.

    It ends at a source that is joined as it is, and leaves out tables.

    Its baseline is `line - 1 + 4/5` lines below the top of the type area (docs/layout.md).
    """
    flow = Flow()
    flow.add(composed.lines_above_title)
    text = [*composed.title, *arranged_text(composed, arranged)]
    own = [*arranged_signature(composed, arranged), *composed.annotations]
    joined = (number for number, item in enumerate(composed.appended) if isinstance(item, Joined))
    appended = composed.appended[: next(joined, None)]
    items: list[Item] = [*text, *own, *appended]
    if composed.floats:
        items[-1:] = [kept(items[-1]), Blank(composed.imprint.lines, 0)]
    measures = [item.measured(values, composed.engine) for item in items]
    for item, spot in zip(items, advance(flow, items, measures, composed.line), strict=True):
        for page, line, words in item.placed(replace(spot.start), values, composed.line, composed.engine):
            yield Placed(page, line, words)


def arranged_text(composed: Composed, arranged: Arrangement) -> list[Item]:
    """The items of body and 附件说明, the last paragraph as it was divided, the tables with their heights."""
    text = [*arranged_body(composed, arranged.divided, arranged.turned_over), *composed.note]
    for pushed in arranged.pushed:
        text[pushed] = on_new_page(text[pushed])
    heights = iter(arranged.table_lines)
    return [replace(item, row_lines=next(heights)) if isinstance(item, Table) else item for item in text]


def arranged_body(composed: Composed, divided: int, turned_over: int) -> list[Item]:
    """The items of the body, its last paragraph made two, or its last table beginning a page."""
    body = list(composed.body)
    if divided and isinstance(last := body[-1], Text):
        head, tail = last.divided(divided)
        body[-1:] = [replace(head, kept=False), replace(tail, whole=True)]
    if turned_over >= 0:
        body[turned_over] = on_new_page(body[turned_over])
    return body


def arranged_signature(composed: Composed, arranged: Arrangement) -> list[Item]:
    """The signature with as many blank lines above it as there is room for."""
    return [*arranged_blank(composed, arranged.signature_blanks), *composed.signature[1:]]


def arranged_blank(composed: Composed, count: int) -> list[Item]:
    """The blank lines above the signature, which keep with it, if there is one."""
    return [kept(blank_item(count))] if composed.signature else []
