"""body.md as blocks in the order written: class passages, and the Markdown inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.dispatch import Dispatch

_ORDINAL = r"[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百\d]+[）)]|\d+[.．、](?!\d)"
_TYPED = re.compile(rf"\s*(?P<number>{_ORDINAL})\s*")
_NEW_PARAGRAPH = re.compile(rf"　|\s*(?:{_ORDINAL}|[①-⑳]|——)")
_HARD_BREAK = re.compile(r"(?: {2,}|(?<!\\)\\)$")
_FENCE = re.compile(r":::(?P<names>.*)$")
_UNREAD = ["blockquote", "code", "fence", "hr", "html_block", "lheading", "reference"]


@dataclass(frozen=True, slots=True)
class Item:
    """The place of a paragraph that opens a list item; `restarts` where its list counts from 1."""

    depth: int
    ordered: bool
    restarts: bool


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


@dataclass(frozen=True, slots=True)
class Fence:
    """A line `::: names`: without names it ends a passage; `inside` is the line of the passage it stands in, or 0."""

    line: int
    names: tuple[str, ...]
    inside: int


@dataclass(frozen=True, slots=True)
class _Passage:
    classes: frozenset[str] | None
    line: int
    text: str


def raws(dispatch: Dispatch) -> list[Raw]:
    """Every block of the body, of all passages."""
    return [raw for passage in _passages(dispatch) for raw in _Reader(passage).blocks()]


def fences(dispatch: Dispatch) -> Iterator[Fence]:
    """The lines that begin and end class passages, right or wrong."""
    inside = 0
    for number, line in enumerate(dispatch.body.splitlines(), start=dispatch.body_line):
        if match := _FENCE.match(line):
            names = tuple(name for name in re.split(r"[,，、\s]+", match["names"]) if name)
            yield Fence(number, names, inside)
            inside = number if names else 0


def _passages(dispatch: Dispatch) -> Iterator[_Passage]:
    lines = dispatch.body.splitlines()
    start, classes = 0, None
    for fence in fences(dispatch):
        end = fence.line - dispatch.body_line
        yield _Passage(classes, start + dispatch.body_line, "\n".join(lines[start:end]))
        start, classes = end + 1, frozenset(fence.names) or None
    yield _Passage(classes, start + dispatch.body_line, "\n".join(lines[start:]))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable(_UNREAD)


class _Reader:
    """One passage's Markdown, token by token."""

    def __init__(self, passage: _Passage) -> None:
        self.passage = passage
        self.lists: list[Item] = []
        self.new_item = False
        self.level = 0
        self.rows: list[list[str]] = []
        self.table: Token

    def blocks(self) -> Iterator[Raw]:
        for token in _markdown().parse(self.passage.text):
            if token.type == "inline":
                yield from self._inline(token)
            elif token.type == "table_close":
                yield replace(self._raw("", self.table), rows=tuple(tuple(row) for row in self.rows))
                self.rows = []
            elif token.type == "table_open":
                self.table = token
            elif token.type == "tr_open":
                self.rows.append([])
            elif token.type == "heading_open":
                self.level = int(token.tag[1:])
            else:
                self._list(token)

    def _list(self, token: Token) -> None:
        if token.type in ("list_item_open", "list_item_close"):
            self.new_item = token.type == "list_item_open"
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            depth = len(self.lists)
            restarts = depth > 0 or token.attrs.get("start", 1) == 1
            self.lists.append(Item(depth, token.type == "ordered_list_open", restarts))
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            self.lists.pop()

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
