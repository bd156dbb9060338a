"""A text that remembers where each of its characters stood in the text it was made from."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Confidence = Literal["certain", "likely", "doubtful"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its evidence: `span` counts characters of the text as it was read, `rule` names what found it."""

    value: str
    span: Span
    rule: str
    confidence: Confidence = "certain"


@dataclass(frozen=True, slots=True)
class Traced:
    """Characters, and for each the index at which it stood in the original text."""

    text: str
    origin: array[int]

    @classmethod
    def of(cls, text: str) -> Traced:
        return cls(text, array("I", range(len(text))))

    def __getitem__(self, part: slice) -> Traced:
        return Traced(self.text[part], self.origin[part])

    def __add__(self, other: Traced) -> Traced:
        return Traced(self.text + other.text, self.origin + other.origin)

    def span(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` stood; an empty stretch stands before its first character."""
        if start >= end:
            place = self.origin[start] if start < len(self.origin) else (self.origin[-1] + 1 if self.origin else 0)
            return place, place
        return self.origin[start], self.origin[end - 1] + 1

    def sub(self, pattern: re.Pattern[str], replacement: str = "") -> Traced:
        """Every match replaced by the same characters, all of which stand where the match begins."""
        kept, origin, last = [], array("I"), 0
        for match in pattern.finditer(self.text):
            kept += [self.text[last : match.start()], replacement]
            origin += self.origin[last : match.start()]
            if replacement:
                place = self.origin[match.start()] if match.start() < len(self.origin) else len(self.text)
                origin += array("I", [place] * len(replacement))
            last = match.end()
        if not last and not kept:
            return self
        return Traced("".join([*kept, self.text[last:]]), origin + self.origin[last:])

    def translated(self, table: Mapping[int, int]) -> Traced:
        """Characters exchanged one for one."""
        return Traced(self.text.translate(table), self.origin)

    def split(self, pattern: re.Pattern[str]) -> Iterator[Traced]:
        """The pieces between matches of the pattern."""
        last = 0
        for match in pattern.finditer(self.text):
            yield self[last : match.start()]
            last = match.end()
        yield self[last:]

    def strip(self) -> Traced:
        left = len(self.text) - len(self.text.lstrip())
        return self[left : len(self.text.rstrip())] if self.text.strip() else self[:0]
