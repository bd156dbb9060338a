"""The elements of GB/T 9704 as items of the grid: where title, 署名, date, 附件说明 and 版记 have their places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.word.page.items import HEADINGS, Blank, Item, SealRow, SealRows, Text
from generator.word.page.layout import BODY_SIZE, EM, TIGHTEN, TYPE_WIDTH, break_lines, title_lines, width
from generator.wording.body import Run


def text_item(style: str, text: str, *, first: int = 0) -> Text:
    return Text(style, (Run(text),), first=first)


def body_item(style: str, runs: Sequence[Run]) -> Text:
    """A paragraph of body text: two characters in, by its style; a heading keeps with what it opens."""
    return Text(style, tuple(runs), first=2 * EM, styled=True, kept=style in HEADINGS)


def blank_item(lines: int, least: int = 0) -> Blank:
    """Blank lines, of which at least `least` stay; all of them where none is given."""
    return Blank(lines, least or lines)


def title_items(title: str, style: str = "公文标题") -> list[Item]:
    """A title, its lines broken between words; each takes a line of the grid."""
    return [Text(style, (Run("\n".join(title_lines(title))),), styled=True, broken_by_hand=True)]


# -- signature 署名与成文日期 ------------------------------------------------------------------------------------------

_SEAL_ROOM = 2948
"""52 mm: the least width of a column, so that neighbouring seals, up to 50 mm wide, do not touch."""
_SEALS_A_ROW = 3
_MANY_ROWS = 4
"""Rows of seals that nearly fill a page: a blank line less above them lets the last line of text stand with them."""
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
    if len(names) < 2:
        return [blank_item(_ABOVE_SEAL, _LEAST_ABOVE_SEAL), *_sealed(names, date)]
    rows = _seal_rows(names, date)
    return [blank_item(_ABOVE_SEAL, _ABOVE_SEAL if 1 < len(rows.rows) < _MANY_ROWS else _LEAST_ABOVE_SEAL), rows]


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
    return replace(_by_hand(lines), left=left, right=right, justify="center")


def _by_hand(lines: Sequence[str]) -> Text:
    return Text("发文机关署名", (Run("\n".join(lines)),), broken_by_hand=True)


def _seal_rows(names: Sequence[str], date: str) -> SealRows:
    """Joint issue, sealed: names in rows, each seal with room of its own, the date under the last name."""
    rows, columns = _seal_table(names, date)
    lines = [tuple(tuple(_name_lines(name)) for name in row) for row in rows]
    return SealRows(tuple(SealRow(row, tuple(columns)) for row in lines), date)


def _seal_table(names: Sequence[str], date: str) -> tuple[list[list[str]], list[int]]:
    """The names in rows of as many as stand apart by a character, up to three, and the columns of the rows.

    A last row that is not full stands on the right, where the date does.
    """
    for count in range(min(_SEALS_A_ROW, len(names)), 1, -1):
        rows = [list(names[start : start + count]) for start in range(0, len(names), count)]
        rows[-1] = [*[""] * (count - len(rows[-1])), *rows[-1]]
        dated = [*rows, [*rows[-1][:-1], date]]
        equal = [TYPE_WIDTH // count] * count
        if all(_stand_apart(row, equal) for row in dated):
            return rows, equal
        needs = [max(max(width(name) + EM, _SEAL_ROOM) for name in column) for column in zip(*dated, strict=True)]
        if sum(needs) <= TYPE_WIDTH:
            return rows, _shares(needs)
    return [[name] for name in names], [TYPE_WIDTH]


def _stand_apart(row: Sequence[str], columns: Sequence[int]) -> bool:
    """Whether names, centred in equal columns, keep to the type area and are a character from one another."""
    wide = [width(name) for name in row]
    fits = all(max(name, _SEAL_ROOM) <= column for name, column in zip(wide, columns, strict=True))
    return fits and all((left + right) / 2 + EM <= columns[0] for left, right in itertools.pairwise(wide))


def _shares(needs: Sequence[int]) -> list[int]:
    """The type area in columns, each as wide as it needs and a share."""
    return [need + (TYPE_WIDTH - sum(needs)) // len(needs) for need in needs]


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
    return replace(_by_hand(lines), right=distance)


def _right(style: str, text: str, distance: int) -> Item:
    return Text(style, (Run(text),), right=distance)


# -- attachment note 附件说明 ------------------------------------------------------------------------------------------

_NOTE = re.compile(r"^(附件：)?(\d+\.)?")


def attachment_note_items(lines: Sequence[str]) -> list[Item]:
    """附件说明, two characters in, wrapped names hanging under their own beginning (7.3.4)."""
    items: list[Item] = []
    for line in lines:
        match = _NOTE.match(line)
        head, number = (match[1] or "", match[2] or "") if match else ("", "")
        left = 5 * EM + width(number)
        first = 2 * EM - left if head else 5 * EM - left
        items.append(Text("附件说明", (Run(line),), left=left, first=first))
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
