"""An official document set on the grid: its elements in order, their lines counted, the last page's foot filled.

An element of GB/T 9704 is an `Item`: a paragraph (or a table) with its style, its indents and the number of grid lines
it takes. The composer makes items; `arrange` adds them up and decides the few heights that depend on where text ends
(the space above 版记, a paragraph moved so that the signature is not alone); `markup` writes them as WordprocessingML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from generator.body import Run
from generator.package import SLOT_OPEN, fill_slots
from generator.word.bound import Bound
from generator.word.layout import (
    EM,
    PAGE_LINES,
    TYPE_WIDTH,
    Flow,
    break_lines,
    title_lines,
    width,
)
from generator.word.xml import PAGE_BREAK_BEFORE, Styles, blank, indent, join, paragraph, text_run

_KEEP_BLANKS = 1
"""The fewest blank lines above a sealed signature: the seal's top stays within one line of the text (7.3.5.1)."""


@dataclass(frozen=True)
class Item:
    """One paragraph on the grid. Indents are in twips; `first` is the first line's, against the others' `left`.

    `blank_lines` makes it an empty paragraph of so many lines; `xml` is used as it stands and takes `fixed_lines`.
    `joined` names a source whose own pages stand here, under its label (the item's text); nobody can count them.
    """

    style: str
    runs: tuple[Run, ...] = ()
    left: int = 0
    right: int = 0
    first: int = 0
    new_page: bool = False
    blank_lines: int = 0
    xml: Markup | None = None
    fixed_lines: int = 0
    whole: bool = False
    styled_indent: bool = False
    justify: str = ""
    joined: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    def lines(self, values: Mapping[str, str]) -> int:
        """How many grid lines the item takes with a unit's values in its slots."""
        if self.xml is not None or self.blank_lines or self.fixed_lines:
            return self.fixed_lines or self.blank_lines
        return len(self.broken(values))

    def broken(self, values: Mapping[str, str]) -> list[str]:
        """The item's text as it falls on lines."""
        text = fill_slots(self.text, values)
        if self.fixed_lines:
            return text.split("\n")
        return break_lines(text, TYPE_WIDTH - self.left - self.right, self.first)

    @property
    def depends_on_unit(self) -> bool:
        return SLOT_OPEN in self.text


def text_item(style: str, text: str, *, first: int = 0) -> Item:
    return Item(style, (Run(text),), first=first)


def body_item(style: str, runs: Sequence[Run]) -> Item:
    """A paragraph of body text: two characters in, by its style."""
    return Item(style, tuple(runs), first=2 * EM, styled_indent=True)


def blank_item(lines: int) -> Item:
    return Item("公文正文", blank_lines=lines)


def title_items(title: str, style: str = "公文标题") -> list[Item]:
    """A title, its lines broken between words; each takes a line of the grid."""
    lines = title_lines(title)
    return [Item(style, (Run("\n".join(lines)),), fixed_lines=len(lines), styled_indent=True)]


# -- signature 署名与成文日期 ------------------------------------------------------------------------------------------

_SEAL_ROW = 5
"""Lines from one row of seals to the next: a seal of 42 mm is 4.1 lines high, and seals do not touch (7.3.5.1)."""
_SEALS_A_ROW = 3


def signature_items(names: Sequence[str], date: str, *, sealed: bool) -> list[Item]:
    """署名 and 成文日期, placed by GB/T 9704-2012 7.3.5.1 (sealed) or 7.3.5.2 (not sealed); either may be missing."""
    if not names and not date:
        return []
    if not sealed:
        return [blank_item(1), *_unsealed(names, date)]
    if len(names) > 1:
        return [blank_item(2), *_seal_rows(names, date)]
    return [blank_item(2), *_sealed(names, date)]


def _sealed(names: Sequence[str], date: str) -> list[Item]:
    """The date four characters from the right, 署名 centred above it; one too long for that keeps to the type area."""
    date_width, right = width(date), 4 * EM
    if not names:
        return [_right("成文日期", date, right)]
    name_width = width(names[0])
    name_right = right + (date_width - name_width) // 2 if date else right
    if name_right < 0:
        name_right, right = 0, (name_width - date_width) // 2
    items = [_right("发文机关署名", names[0], name_right)]
    return [*items, _right("成文日期", date, right)] if date else items


def _seal_rows(names: Sequence[str], date: str) -> list[Item]:
    """Joint issue, sealed: names in rows of up to three, each seal with room of its own, the date under the last."""
    rows = [names[start : start + _SEALS_A_ROW] for start in range(0, len(names), _SEALS_A_ROW)]
    items: list[Item] = []
    for number, row in enumerate(rows):
        if number:
            items.append(blank_item(_SEAL_ROW - 1))
        items.append(Item("发文机关署名", xml=_centred_row("{style}", row), fixed_lines=1))
    if not date:
        return items
    # The last seal covers name and date: the two lines stay on one page, also where the rows before them do not.
    last = rows[-1]
    pair = _centred_row("{style}", last, "<w:keepNext/>") + _centred_row(
        "{date_style}", [*("" for _ in last[1:]), date]
    )
    return [*items[:-1], Item("发文机关署名", xml=pair, fixed_lines=2, whole=True)]


def _centred_row(style: str, cells: Sequence[str], kept: str = "") -> Markup:
    """Texts each centred in its share of the type area, by centred tab stops; `style` is a place for its id."""
    share = TYPE_WIDTH // max(len(cells), 1)
    stops = "".join(
        f'<w:tab w:val="center" w:pos="{share * number + share // 2}"/>' for number in range(max(len(cells), 1))
    )
    runs = "".join(f"<w:r><w:tab/></w:r>{text_run(cell) if cell else ''}" for cell in cells)
    inside = f'<w:pStyle w:val="{style}"/>{kept}<w:tabs>{stops}</w:tabs>{indent()}<w:jc w:val="left"/>'
    return Markup(f"<w:p><w:pPr>{inside}</w:pPr>{runs}</w:p>")  # noqa: S704


def _unsealed(names: Sequence[str], date: str) -> list[Item]:
    """署名 two characters from the right; the date begins two characters right of where 署名 begins (7.3.5.2)."""
    items = [_right("发文机关署名", name, 2 * EM) for name in names]
    if not date:
        return items
    if not names:
        return [_right("成文日期", date, 2 * EM)]
    name_width, date_width = width(names[-1]), width(date)
    right = name_width - date_width  # keeps the date's beginning two characters right of the name's
    if right >= 0:
        return [*items, _right("成文日期", date, right)]
    # A date longer than 署名 stands two characters from the right itself, and 署名 moves left with it.
    moved = [_right("发文机关署名", name, 2 * EM + 2 * EM + date_width - width(name)) for name in names]
    return [*moved, _right("成文日期", date, 2 * EM)]


def _right(style: str, text: str, distance: int) -> Item:
    return Item(style, (Run(text),), right=distance)


# -- attachment note 附件说明 ------------------------------------------------------------------------------------------

_NOTE = re.compile(r"^(附件：)?(\d+\.)?")


def attachment_note_items(lines: Sequence[str]) -> list[Item]:
    """附件说明, two characters in, wrapped names hanging under their own beginning (7.3.4)."""
    items = []
    for line in lines:
        match = _NOTE.match(line)
        head, number = (match[1] or "", match[2] or "") if match else ("", "")
        left = 5 * EM + width(number)
        first = 2 * EM - left if head else 5 * EM - left
        items.append(Item("附件说明", (Run(line),), left=left, first=first))
    return items


# -- imprint 版记 -----------------------------------------------------------------------------------------------------

IMPRINT_SIZE = 280
"""四号, 14 pt."""


@dataclass(frozen=True)
class Imprint:
    """The entries of 版记: texts that wrap under their colon, and the line of 印发机关 and 印发日期."""

    entries: tuple[str, ...] = ()
    printing_authority: str = ""
    printed_on: str = ""
    ruled: bool = True

    def rows(self) -> list[list[str]]:
        """The lines of each entry, one character in from both sides."""
        rows = [_hanging(entry) for entry in self.entries]
        if self.printing_authority or self.printed_on:
            rows.append([f"　{self.printing_authority}\t{self.printed_on}"])
        return rows

    @property
    def lines(self) -> int:
        return sum(len(row) for row in self.rows())


def _hanging(entry: str) -> list[str]:
    head, colon, rest = entry.partition("：")
    inset = 1 + len(head + colon) if colon else 1
    room = TYPE_WIDTH - (inset + 1) * IMPRINT_SIZE
    lines = break_lines(rest if colon else entry, room, size=IMPRINT_SIZE, tighten=0)
    return [f"　{head}{colon}{lines[0]}", *("　" * inset + line for line in lines[1:])]


# -- arranging ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrangement:
    """What depends on where the text ends: the same numbers give the same package (`Document.shape`)."""

    signature_blanks: int = 0
    moved: int = -1
    moved_lines: int = 0
    """How many of that item's last lines do so, 0 for all of them."""
    """Index of the body item that begins a new page, so that the signature has text beside it; -1 for none."""
    empty_pages: int = 0
    """Pages without text before the imprint: one to reach an even page, two where the last even page is full."""
    imprint_blanks: int = 0
    pages: int = 1
    last_line: int = 0
    """Where the text before 版记 ends. The pages of a source that is joined as it is are not counted."""
    resumed: tuple[int, ...] = ()
    """For each source joined as it is, which page of ours follows it."""
    even_page: bool = False
    """版记 takes the next even page: after pages that cannot be counted, nobody knows which that is."""


@dataclass(frozen=True)
class Composed:
    """The elements of a document in order, in the groups that the templates place; `line` is the grid's pitch."""

    line: int
    above_number: int
    below_number: int
    head: tuple[Item, ...]
    number: Item | None
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
        number = self.number.lines({}) * self.line if self.number else 0
        taken = self.above_number + self.below_number + number
        return round(taken / self.line) + sum(item.lines({}) for item in self.head)

    @property
    def lines_to_text(self) -> int:
        """The lines of page 1 down to the end of the title and what stands with it."""
        return self.lines_above_title + sum(item.lines({}) for item in self.title)

    def arrange(self, values: Mapping[str, str]) -> Arrangement:
        """Where everything falls for a unit's values."""
        flow = Flow()
        flow.add(self.lines_above_title)
        _advance(flow, self.title, values)
        text = (*self.body, *self.note)
        starts = _advance(flow, text, values)
        signature, blanks, moved, moved_lines = self._place_signature(flow, text, starts, values)
        _advance(flow, signature, values)
        _advance(flow, self.annotations, values)
        resumed = _append(flow, self.appended, values)
        for form in self.bound:
            form.advance(flow, self.line)
        empty, space = self._place_imprint(flow)
        even_page = bool(resumed and self.even_imprint and self.imprint.lines)
        if even_page:
            empty, space = 0, PAGE_LINES - self.imprint.lines
        pages = flow.page + empty - (flow.line == 0 and not self.imprint.lines) + (even_page and flow.line > 0)
        return Arrangement(blanks, moved, moved_lines, empty, space, pages, flow.line, resumed, even_page)

    def _place_signature(
        self, flow: Flow, text: Sequence[Item], starts: Sequence[tuple[int, int]], values: Mapping[str, str]
    ) -> tuple[Sequence[Item], int, int, int]:
        """The signature with the blank lines that keep it beside text, the last paragraph moved along if it must be.

        Gives the signature, its blank lines, the item that begins a new page and how many of its lines do.
        """
        if not self.signature:
            return (), 0, -1, 0
        first, *rest = self.signature
        rows = sum(item.lines(values) for item in rest)
        for blanks in range(first.blank_lines, _KEEP_BLANKS - 1, -1):
            if blanks + rows <= flow.left or rows > PAGE_LINES:
                return (blank_item(blanks), *rest), blanks, -1, 0
        # 附件说明 is no body text: the last paragraph of the body comes along with it.
        last = len(self.body or text) - 1
        page, line = starts[last]
        moved = sum(item.lines(values) for item in text[last:])
        for blanks in range(first.blank_lines, _KEEP_BLANKS - 1, -1):
            if page == flow.page and line > 0 and moved + blanks + rows <= PAGE_LINES:
                flow.new_page()
                _advance(flow, text[last:], values)
                return (blank_item(blanks), *rest), blanks, last, 0
        # Many seals leave no room for a whole paragraph: as many of its last lines as there is room for come along.
        note = sum(item.lines(values) for item in text[last + 1 :])
        room = PAGE_LINES - rows - _KEEP_BLANKS - note
        lines = 0 if text[last].xml or text[last].depends_on_unit else text[last].lines(values)
        if 0 < room < lines:
            flow.new_page()
            flow.add(room + note)
            return (blank_item(_KEEP_BLANKS), *rest), _KEEP_BLANKS, last, room
        return self.signature, first.blank_lines, -1, 0

    def _place_imprint(self, flow: Flow) -> tuple[int, int]:
        rows = self.imprint.lines
        if not rows:
            return 0, 0
        empty = 0 if rows < flow.left else 1
        if self.even_imprint and (flow.page + empty) % 2:
            empty += 1
        space = PAGE_LINES - rows if empty else flow.left - rows
        return empty, max(0, space)


def _append(flow: Flow, items: Sequence[Item], values: Mapping[str, str]) -> tuple[int, ...]:
    """Adds the appended sources to the flow; gives the page of ours that follows each one joined as it is."""
    resumed = []
    for item in items:
        if not item.joined:
            _advance(flow, [item], values)
            continue
        if flow.line:
            flow.new_page()
        resumed.append(flow.page)
    return tuple(resumed)


def _advance(flow: Flow, items: Sequence[Item], values: Mapping[str, str]) -> list[tuple[int, int]]:
    """Adds items to the flow; gives the page and the lines above, where each begins."""
    starts = []
    for item in items:
        if item.new_page:
            flow.new_page()
        starts.append((flow.page, flow.line) if flow.left else (flow.page + 1, 0))
        lines = item.lines(values)
        if item.blank_lines or item.whole:
            flow.add_whole(lines)
        else:
            flow.add(lines)
    return starts


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text and its place: the page, and the line of the grid on it, both from 1."""

    page: int
    line: int
    text: str


def placed(composed: Composed, arranged: Arrangement, values: Mapping[str, str]) -> Iterator[Placed]:
    """Every line of text from the title to the last appended source, where the arithmetic puts it.

    It ends at a source that is joined as it is.

    Its baseline is `line - 1 + 4/5` lines below the top of the type area (docs/layout.md).
    """
    flow = Flow()
    flow.add(composed.lines_above_title)
    signature = composed.signature
    if signature:
        signature = (blank_item(arranged.signature_blanks), *signature[1:])
    text = moved_body([*composed.body, *composed.note], arranged)
    for item in (*composed.title, *text, *signature, *composed.annotations, *composed.appended):
        if item.joined:
            return
        if item.new_page:
            flow.new_page()
        if item.blank_lines or item.xml is not None:
            _advance(flow, [replace(item, new_page=False)], values)
            continue
        for line in item.broken(values):
            flow.add(1)
            yield Placed(flow.page, flow.line, line)


# -- markup ------------------------------------------------------------------------------------------------------------


def markup(items: Sequence[Item], styles: Styles) -> Markup:
    return join(item_markup(item, styles) for item in items)


def item_markup(item: Item, styles: Styles) -> Markup:
    style = styles.id(item.style)
    if item.xml is not None:
        return Markup(item.xml.replace("{style}", style).replace("{date_style}", styles.id("成文日期")))  # noqa: S704
    if item.blank_lines:
        return blank(style, item.blank_lines * styles.line)
    before = PAGE_BREAK_BEFORE if item.new_page else ""
    if item.styled_indent:
        return paragraph(style, item.runs, before, styles)
    first = {"hanging": -item.first} if item.first < 0 else {"first_line": item.first}
    justify = f'<w:jc w:val="{item.justify}"/>' if item.justify else ""
    return paragraph(style, item.runs, before + indent(left=item.left, right=item.right, **first) + justify, styles)


def moved_body(items: Sequence[Item], arranged: Arrangement) -> list[Item]:
    """The items, with the one that `arranged` moves, or its last lines, beginning a new page."""
    if arranged.moved < 0:
        return list(items)
    moved = items[arranged.moved]
    parts = _cut(moved, arranged.moved_lines) if arranged.moved_lines else [replace(moved, new_page=True)]
    return [*items[: arranged.moved], *parts, *items[arranged.moved + 1 :]]


def _cut(item: Item, lines: int) -> list[Item]:
    """A paragraph as two, the second of which holds its last lines and begins a new page."""
    kept = len("".join(item.broken({})[:-lines]))
    before, after, reached = [], [], 0
    for run in item.runs:
        split = min(max(kept - reached, 0), len(run.text))
        before.append(replace(run, text=run.text[:split]))
        after.append(replace(run, text=run.text[split:]))
        reached += len(run.text)
    rest = replace(item, runs=tuple(after), first=0, styled_indent=False, new_page=True)
    return [replace(item, runs=tuple(before)), rest]
