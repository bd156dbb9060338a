"""body.md as blocks in the order written: class passages, and the Markdown inside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from generator.dispatch.dispatch import Dispatch, once

_ORDINAL = r"[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百\d]+[）)]|\d+[.．、](?!\d)"
_TYPED = re.compile(rf"\s*(?P<number>{_ORDINAL})\s*")
_NEW_PARAGRAPH = re.compile(rf"　|\s*(?:{_ORDINAL}|[①-⑳]|——)")
_HARD_BREAK = re.compile(r"(?: {2,}|(?<!\\)\\)$")
_FENCE = re.compile(r" {0,3}:::(?P<names>.*)$")
_UNREAD = ["blockquote", "code", "fence", "hr", "html_block", "lheading", "reference"]


@dataclass(frozen=True, slots=True)
class Item:
    """The place of a paragraph that opens a list item; `restarts` where its list counts from 1.

    `typed` is the number typed before it, where that cannot be what comes in order by itself: not where all are 1.
    """

    depth: int
    ordered: bool
    restarts: bool
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A block as it is written, not numbered yet. `level` is 0 for a paragraph; `typed` the number typed by hand."""

    text: str
    line: int
    classes: frozenset[str] | None
    level: int = 0
    typed: str = ""
    item: Item | None = None
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Written:
    """A body as it is written: `blocks`, and by line what would not reach the page.

    `lost` are the lines that no block holds, the first of each stretch; `overfull` the rows of tables that have more
    cells than the head.
    """

    blocks: list[Raw]
    lost: list[int]
    overfull: list[int]


@dataclass(frozen=True, slots=True)
class Fence:
    """A line `::: names`: without names it ends a passage; `inside` is the line of the passage it stands in, or 0.

    `::: not names` begins one for every class but those.
    """

    line: int
    names: tuple[str, ...]
    inside: int
    excluded: bool = False

    def classes(self, known: Iterable[str]) -> frozenset[str] | None:
        """Those whom the passage is for, None where none begins."""
        if self.excluded:
            return frozenset(known) - frozenset(self.names)
        return frozenset(self.names) or None


@dataclass(frozen=True, slots=True)
class _Passage:
    classes: frozenset[str] | None
    line: int
    text: str


@once
def read(dispatch: Dispatch) -> Written:
    """The body, all passages of it."""
    written = Written([], [], [])
    for passage in _passages(dispatch):
        reader = _Reader(passage)
        written.blocks += reader.blocks()
        written.lost += reader.lost()
        written.overfull += reader.overfull
    return written


def fences(dispatch: Dispatch) -> Iterator[Fence]:
    """The lines that begin and end class passages, right or wrong."""
    inside = 0
    for number, line in enumerate(dispatch.body.splitlines(), start=dispatch.body_line):
        if match := _FENCE.match(line):
            names = tuple(name for name in re.split(r"[,，、\s]+", match["names"]) if name)
            excluded = names[:1] == ("not",) and len(names) > 1
            yield Fence(number, names[excluded:], inside, excluded)
            inside = number if names else 0


def _passages(dispatch: Dispatch) -> Iterator[_Passage]:
    lines = dispatch.body.splitlines()
    start, classes = 0, None
    for fence in fences(dispatch):
        end = fence.line - dispatch.body_line
        yield _Passage(classes, start + dispatch.body_line, "\n".join(lines[start:end]))
        start, classes = end + 1, fence.classes(dispatch.spec.classes)
    yield _Passage(classes, start + dispatch.body_line, "\n".join(lines[start:]))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable(_UNREAD)


class _Reader:
    """One passage's Markdown, token by token."""

    def __init__(self, passage: _Passage) -> None:
        self.passage = passage
        self.lines = passage.text.split("\n")
        self.held: set[int] = set()
        self.overfull: list[int] = []
        self.lists: list[Item] = []
        self.numbers: list[int] = []
        self.new_item = False
        self.level = 0
        self.rows: list[list[str]] = []
        self.table: Token

    def blocks(self) -> Iterator[Raw]:
        for token in _markdown().parse(self.passage.text):
            if token.type in ("inline", "table_open"):
                self.held.update(range(*token.map or ()))
            if token.type == "inline":
                yield from self._inline(token)
            elif token.type == "table_close":
                yield self._table()
            elif token.type == "table_open":
                self.table = token
            elif token.type == "tr_open":
                self.rows.append([])
            elif token.type == "heading_open":
                self.level = int(token.tag[1:])
            else:
                self._list(token)

    def lost(self) -> Iterator[int]:
        """The first line of each stretch of which no block holds anything, once the blocks were read."""
        was_lost = False
        for offset, line in enumerate(self.lines):
            if line.strip():
                is_lost = offset not in self.held
                if is_lost and not was_lost:
                    yield self.passage.line + offset
                was_lost = is_lost

    def _table(self) -> Raw:
        rows, self.rows = tuple(tuple(row) for row in self.rows), []
        start, end = self.table.map or (0, 0)
        for offset in range(start + 2, end):
            if any(cell.strip() for cell in _cells(self.lines[offset])[len(rows[0]) :]):
                self.overfull.append(self.passage.line + offset)
        return replace(self._raw("", self.table), rows=rows)

    def _list(self, token: Token) -> None:
        if token.type in ("list_item_open", "list_item_close"):
            self.new_item = token.type == "list_item_open"
            if self.new_item and token.info:
                self._number(int(token.info))
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            depth = len(self.lists)
            restarts = depth > 0 or token.attrs.get("start", 1) == 1
            self.lists.append(Item(depth, token.type == "ordered_list_open", restarts))
            self.numbers.append(0)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            self.lists.pop()
            self.numbers.pop()

    def _number(self, typed: int) -> None:
        """The first of a list says where it starts; after it, a number counts that does not follow the one before."""
        before, self.numbers[-1] = self.numbers[-1], typed
        tells = typed != 1 and (before == 0 or typed != before + 1)
        self.lists[-1] = replace(self.lists[-1], typed=typed if tells else None)

    def _raw(self, text: str, token: Token, offset: int = 0) -> Raw:
        line = token.map[0] if token.map else 0
        return Raw(text, self.passage.line + line + offset, self.passage.classes)

    def _inline(self, token: Token) -> Iterator[Raw]:
        if self.rows:
            self.rows[-1].append(token.content)
        elif self.level:
            typed = _TYPED.match(token.content)
            text = token.content[typed.end() :] if typed else token.content
            yield replace(self._raw(text.strip(), token), level=self.level, typed=typed["number"] if typed else "")
            self.level = 0
        else:
            for offset, text in _paragraphs(token.content):
                yield replace(self._raw(text, token, offset), item=self._item())

    def _item(self) -> Item | None:
        if not self.new_item:
            return None
        item, self.new_item = self.lists[-1], False
        self.lists[-1] = replace(item, restarts=False)
        return item


def _cells(line: str) -> list[str]:
    """The cells of a table's row, as the reader of tables cuts it."""
    cells = escapedSplit(line.strip())
    return cells[cells[0] == "" : len(cells) - (cells[-1] == "")]


def _paragraphs(content: str) -> list[tuple[int, str]]:
    """A Markdown paragraph as the paragraphs that its author means, each with the offset of its first line."""
    out: list[tuple[int, str]] = []
    broken = True
    for offset, line in enumerate(content.split("\n")):
        text = _HARD_BREAK.sub("", line).strip()
        if broken or _NEW_PARAGRAPH.match(line):
            out.append((offset, text))
        else:
            first, before = out[-1]
            out[-1] = first, before + _between(before[-1:], text[:1]) + text
        broken = bool(_HARD_BREAK.search(line))
    return out


def _between(left: str, right: str) -> str:
    """What a line's end stands for: a space between Latin words, nothing between Chinese characters."""
    return " " if left.isascii() and left.isalnum() and right.isascii() and right.isalnum() else ""
