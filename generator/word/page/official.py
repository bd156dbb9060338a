"""The elements of an official document set on the grid: their runs, their indents and the lines that they take.

An element of GB/T 9704 is an `Item`: a paragraph (or a table) with its style, its indents and the number of grid lines
it takes. The composer makes items, `arrange` decides where they fall, `markup` writes them as WordprocessingML.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup

from generator.office.package import SLOT_OPEN, fill_slots
from generator.word.page.bodytable import BodyTable
from generator.word.page.layout import BODY_SIZE, EM, TIGHTEN, TYPE_WIDTH, break_lines, title_lines, width
from generator.word.xml import (
    KEEP_NEXT,
    PAGE_BREAK_BEFORE,
    Styles,
    TurnedRuns,
    blank,
    indent,
    join,
    paragraph,
    text_run,
    turned_paragraph,
)
from generator.wording.body import Run

HEADINGS = ("一级标题", "二级标题", "三级标题", "四级标题")


@dataclass(frozen=True)
class Item:
    """One paragraph on the grid. Indents are in twips; `first` is the first line's, against the others' `left`.

    `blank_lines` makes it an empty paragraph of so many lines; `xml` stands for the runs and takes `fixed_lines`.
    `parts` are set one below the other and take `fixed_lines` together; only in them may a blank take parts of a line.
    `whole`: on one page, each part but the last being `kept` with the next. `carried` of its last lines begin a new
    page. A `table` has `row_lines` once it is arranged.
    `joined` names a source whose own pages stand here, under its label (the item's text); nobody can count them.
    """

    style: str
    runs: tuple[Run, ...] = ()
    left: int = 0
    right: int = 0
    first: int = 0
    new_page: bool = False
    blank_lines: int | Fraction = 0
    least_lines: int = 0
    xml: Markup | None = None
    parts: tuple[Item, ...] = ()
    fixed_lines: int = 0
    whole: bool = False
    kept: bool = False
    styled_indent: bool = False
    justify: str = ""
    carried: int = 0
    table: BodyTable | None = None
    row_lines: tuple[int, ...] = ()
    joined: str = ""

    @property
    def text(self) -> str:
        if self.table:
            return "\n".join(cell for row in self.table.rows for cell in row)
        return "".join(run.text for run in self.runs)

    def lines(self, values: Mapping[str, str]) -> int:
        """How many grid lines the item takes with a unit's values in its slots."""
        return sum(self.measured(values))

    def measured(self, values: Mapping[str, str]) -> tuple[int, ...]:
        """The same, of a table row by row."""
        if self.table:
            return self.table.heights(values)
        if self.blank_lines or self.fixed_lines:
            return (self.fixed_lines or int(self.blank_lines),)
        return (len(self.broken(values)),)

    def broken(self, values: Mapping[str, str]) -> list[str]:
        """The item's text as it falls on lines."""
        text = fill_slots(self.text, values)
        if self.fixed_lines:
            return text.split("\n")
        return break_lines(text, TYPE_WIDTH - self.left - self.right, self.first)

    @property
    def depends_on_unit(self) -> bool:
        return SLOT_OPEN in self.text

    @property
    def divisible(self) -> bool:
        """Whether a page may begin inside it at a line that we choose: the same one for all units."""
        return not (self.table or self.fixed_lines or self.depends_on_unit or "\n" in self.text)


def text_item(style: str, text: str, *, first: int = 0) -> Item:
    return Item(style, (Run(text),), first=first)


def body_item(style: str, runs: Sequence[Run]) -> Item:
    """A paragraph of body text: two characters in, by its style."""
    return Item(style, tuple(runs), first=2 * EM, styled_indent=True)


def blank_item(lines: int, least: int = 0) -> Item:
    """An empty paragraph, which may shrink to `least` lines where room is wanted (7.3.5.5)."""
    return Item("公文正文", blank_lines=lines, least_lines=least or lines)


def title_items(title: str, style: str = "公文标题") -> list[Item]:
    """A title, its lines broken between words; each takes a line of the grid."""
    lines = title_lines(title)
    return [Item(style, (Run("\n".join(lines)),), fixed_lines=len(lines), styled_indent=True)]


# -- signature 署名与成文日期 ------------------------------------------------------------------------------------------

_SEAL_ROW = Fraction(42, 10)
"""The least lines from one row of seals to the next: a seal of 42 mm is 4.1 lines high, and seals do not touch
(7.3.5.1). All rows together take whole lines, so that the date stands on the grid."""
_SEAL_ROOM = 2440
"""43 mm: the least width of a column, so that neighbouring seals do not touch."""
_SEALS_A_ROW = 3
_ABOVE_SEAL, _LEAST_ABOVE_SEAL = 2, 1
"""Blank lines above a sealed signature. A seal that covers name and date leaves the text free below one of them, too;
the seals above the last row of a joint signature cover the name alone and need both."""


def signature_items(names: Sequence[str], date: str, *, sealed: bool) -> list[Item]:
    """署名 and 成文日期, placed by GB/T 9704-2012 7.3.5.1 (sealed) or 7.3.5.2 (not sealed); either may be missing.

    The first item is the blank above them.
    """
    if not names and not date:
        return []
    if not sealed:
        return [blank_item(1), *_unsealed(names, date)]
    items = [_seal_rows(names, date)] if len(names) > 1 else _sealed(names, date)
    several = any(part.blank_lines for part in items[0].parts)
    return [blank_item(_ABOVE_SEAL, _ABOVE_SEAL if several else _LEAST_ABOVE_SEAL), *items]


def _sealed(names: Sequence[str], date: str) -> list[Item]:
    """The date four characters from the right, 署名 centred above it; one too long for that keeps to the type area."""
    date_width, right = width(date), 4 * EM
    if not names:
        return [_right("成文日期", date, right)]
    lines = _name_lines(names[0])
    name_width = max(map(width, lines))
    name_right = right + (date_width - name_width) // 2 if date else right
    if name_right < 0:
        name_right, right = 0, (name_width - date_width) // 2
    name = _right("发文机关署名", lines[0], name_right) if len(lines) == 1 else _centred_name(lines, name_right)
    return [name, _right("成文日期", date, right)] if date else [name]


def _name_lines(name: str, room: int = TYPE_WIDTH) -> list[str]:
    """A name on one line, or broken between words into lines that fit."""
    return title_lines(name, room, BODY_SIZE, TIGHTEN)


_SLACK = 20
"""So much room that a line as wide as its block is not broken."""


def _centred_name(lines: Sequence[str], right: int) -> Item:
    """A name of several lines, each centred in a block that ends `right` from the right edge."""
    left = TYPE_WIDTH - right - max(map(width, lines)) - 2 * _SLACK
    text = (Run("\n".join(lines)),)
    return Item("发文机关署名", text, left=left, right=right, fixed_lines=len(lines), justify="center")


def _seal_rows(names: Sequence[str], date: str) -> Item:
    """Joint issue, sealed: names in rows, each seal with room of its own, the date under the last name."""
    rows, columns = _seal_table(names, date)
    lines = [[_name_lines(name) for name in row] for row in rows]
    heights = [max(map(len, row)) for row in lines]
    pitch = Fraction(math.ceil((len(rows) - 1) * _SEAL_ROW), max(len(rows) - 1, 1))
    parts: list[Item] = []
    for row, stops, height in zip(lines, columns, heights, strict=True):
        cells = list(itertools.zip_longest(*row, fillvalue=""))
        shown = (Run("\n".join(map("".join, cells))),)
        xml = join(_centred_row("{style}", line, stops, KEEP_NEXT) for line in cells)
        parts.append(Item("发文机关署名", shown, xml=xml, fixed_lines=height))
        parts.append(Item("公文正文", blank_lines=pitch - height, kept=True))
    parts.pop()
    total = heights[-1] + int(pitch * (len(rows) - 1))
    if date:
        below = _centred_row("{date_style}", [*("" for _ in rows[-1][1:]), date], columns[-1])
        parts.append(Item("成文日期", (Run(date),), xml=below, fixed_lines=1))
    return Item("发文机关署名", parts=tuple(parts), fixed_lines=total + bool(date), whole=True)


def _seal_table(names: Sequence[str], date: str) -> tuple[list[list[str]], list[list[int]]]:
    """The names in rows of as many as stand apart by a character, up to three; and the columns of each row."""
    for count in range(min(_SEALS_A_ROW, len(names)), 1, -1):
        rows = [list(names[start : start + count]) for start in range(0, len(names), count)]
        full = [row for row in rows if len(row) == count]
        needs = [max(_seal_need(name) for name in column) for column in zip(*full, strict=True)]
        last = [_seal_need(name) for name in rows[-1]]
        target = last if len(rows[-1]) < count else needs
        target[-1] = max(target[-1], _seal_need(date))
        if all(sum(each) <= TYPE_WIDTH for each in (needs, last)):
            columns = [_shares(needs) for _row in rows]
            columns[-1] = _shares(target)
            return rows, columns
    return [[name] for name in names], [[TYPE_WIDTH] for _name in names]


def _seal_need(text: str) -> int:
    return max(width(text) + EM, _SEAL_ROOM)


def _shares(needs: Sequence[int]) -> list[int]:
    """The type area in columns: equal ones where every text fits its own, else each as wide as it needs and a share."""
    equal = TYPE_WIDTH // len(needs)
    if max(needs) <= equal:
        return [equal] * len(needs)
    return [need + (TYPE_WIDTH - sum(needs)) // len(needs) for need in needs]


def _centred_row(style: str, cells: Sequence[str], columns: Sequence[int], kept: str = "") -> Markup:
    """Texts each centred in its column of the type area, by centred tab stops; `style` is a place for its id."""
    edges = itertools.accumulate(columns, initial=0)
    centres = [edge + column // 2 for edge, column in zip(edges, columns, strict=False)]
    stops = "".join(f'<w:tab w:val="center" w:pos="{centre}"/>' for centre in centres)
    runs = "".join(f"<w:r><w:tab/></w:r>{text_run(cell) if cell else ''}" for cell in cells)
    inside = f'<w:pStyle w:val="{style}"/>{kept}<w:tabs>{stops}</w:tabs>{indent()}<w:jc w:val="left"/>'
    return Markup(f"<w:p><w:pPr>{inside}</w:pPr>{runs}</w:p>")  # noqa: S704


def _unsealed(names: Sequence[str], date: str) -> list[Item]:
    """署名 two characters from the right; the date begins two characters right of where 署名 begins (7.3.5.2)."""
    broken = [_name_lines(name, TYPE_WIDTH - 2 * EM) for name in names]
    if not date:
        return [_right_name(lines, 2 * EM) for lines in broken]
    if not names:
        return [_right("成文日期", date, 2 * EM)]
    name_width, date_width = max(map(width, broken[-1])), width(date)
    right = name_width - date_width  # keeps the date's beginning two characters right of the name's
    if right >= 0:
        return [*(_right_name(lines, 2 * EM) for lines in broken), _right("成文日期", date, right)]
    # A date longer than 署名 stands two characters from the right itself, and 署名 moves left with it.
    edge = 2 * EM + 2 * EM + date_width
    moved = [_right_name(lines, max(0, edge - max(map(width, lines)))) for lines in broken]
    return [*moved, _right("成文日期", date, 2 * EM)]


def _right_name(lines: Sequence[str], distance: int) -> Item:
    if len(lines) == 1:
        return _right("发文机关署名", lines[0], distance)
    return replace(_right("发文机关署名", "\n".join(lines), distance), fixed_lines=len(lines))


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


# -- markup ------------------------------------------------------------------------------------------------------------


def markup(items: Sequence[Item], styles: Styles, section: str = "") -> Markup:
    """Items in order; `section` is the w:sectPr of their pages, which a turned table interrupts."""
    pieces = []
    opened = False
    for item in items:
        pieces.append(
            item.table.markup(item.row_lines, styles, section, new_page=item.new_page, opened=opened)
            if item.table
            else item_markup(item, styles)
        )
        opened = bool(item.table and item.table.turned)
    return join(pieces)


def item_markup(item: Item, styles: Styles) -> Markup:
    style = styles.id(item.style)
    if item.parts:
        return markup(item.parts, styles)
    if item.xml is not None:
        return Markup(item.xml.replace("{style}", style).replace("{date_style}", styles.id("成文日期")))  # noqa: S704
    if item.blank_lines:
        return blank(style, round(item.blank_lines * styles.line), KEEP_NEXT if item.kept else "")
    if item.carried:
        return turned_paragraph(style, _turned_runs(item), styles)
    before = PAGE_BREAK_BEFORE if item.new_page else ""
    if item.styled_indent:
        return paragraph(style, item.runs, before, styles)
    first = {"hanging": -item.first} if item.first < 0 else {"first_line": item.first}
    justify = f'<w:jc w:val="{item.justify}"/>' if item.justify else ""
    return paragraph(style, item.runs, before + indent(left=item.left, right=item.right, **first) + justify, styles)


def _turned_runs(item: Item) -> TurnedRuns:
    """A paragraph's runs above its last line on a page, in that line, and on the next page."""
    lines = item.broken({})
    last = lines[-item.carried - 1]
    end = len("".join(lines[: -item.carried]))
    room = TYPE_WIDTH - item.left - item.right - (item.first if len(lines) == item.carried + 1 else 0)
    spread = TIGHTEN + max(0, room - width(last)) // len(last)
    above, rest = _split(item.runs, end - len(last))
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
